"""A student in a live round: one page that shows what the round has come to."""

from __future__ import annotations

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from classroom import access
from classroom.models import Student
from exercises.versions import played
from play.forms import AnswerForm
from play.live import actions, queries, results, showing, streams, tokens
from play.live.showing import PART
from play.models import Phase, Round

TEMPLATE = "play/live.html"


@require_safe
def live(request: HttpRequest, uid: str, round_uid: str) -> HttpResponse:
    """The round as it stands, for this student. Looking at it takes a seat."""
    student = access.student_of(request, uid)
    return _page(request, student, _round(student, round_uid))


@require_safe
def live_state(request: HttpRequest, uid: str, round_uid: str, version: int) -> HttpResponse:
    """The same while it has changed, 204 while not. Answered before the student is looked up."""
    if unchanged(request, round_uid, str(version)):
        return HttpResponse(status=204)
    student = access.student_of(request, uid)
    return _page(request, student, _round(student, round_uid), PART)


@require_http_methods(["GET", "HEAD", "POST"])
def live_item(request: HttpRequest, uid: str, round_uid: str, position: int) -> HttpResponse:
    """Where an answer to an item goes. What has not been opened does not exist."""
    student = access.student_of(request, uid)
    found = _round(student, round_uid)
    if not 1 <= position <= found.opened:
        raise Http404
    if request.method != "POST":
        return redirect("live", uid, round_uid)
    vote = 2 if request.GET.get("vote") == "2" else 1
    form = AnswerForm(played(queries.version_at(found, position)), request.POST)
    is_current = position == found.position and vote == found.vote and found.phase == Phase.ANSWER
    if not form.is_valid():
        if not is_current:
            return _page(request, student, found, PART) if _htmx(request) else redirect("live", uid, round_uid)
        template = PART if _htmx(request) else TEMPLATE
        return _page(request, student, found, template, form=form)
    assert form.answer is not None
    try:
        ballot = actions.answer(
            live=found,
            student=student,
            position=position,
            vote=vote,
            given=form.answer,
            passed=form.passed,
            now=timezone.now(),
        )
    except (actions.NotYet, actions.Removed):
        ballot = None
    if not _htmx(request):
        return redirect("live", uid, round_uid)
    found = _round(student, round_uid)
    late = ballot is not None and ballot.is_late and (position, vote) != (found.position, found.vote)
    return _page(request, student, found, PART, came_late=late)


def unchanged(request: HttpRequest, round_uid: str, state: str) -> bool:
    """Whether a round is still as a page has it: its version, for desks with the counts. Raises Http404."""
    try:
        subject = tokens.subject_of(request.GET.get("token", ""))
    except signing.BadSignature:
        raise Http404 from None
    if subject[0] != "round" or not Round.objects.filter(pk=subject[1], uid=round_uid).exists():
        raise Http404
    news = streams.news([subject], timezone.now())[subject]
    return state in (f"{news['version']}", f"{news['version']}.{news['answered']}.{news['seats']}")


def _round(student: Student, uid: str) -> Round:
    rounds = Round.objects.select_related("assignment__classroom", "assignment__exercise_set")
    return get_object_or_404(rounds, uid=uid, assignment__classroom=student.classroom_id)


def _htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _page(
    request: HttpRequest,
    student: Student,
    live: Round,
    template: str = "",
    *,
    form: AnswerForm | None = None,
    came_late: bool = False,
) -> HttpResponse:
    now = timezone.now()
    if live.phase == Phase.ENDED and not _htmx(request) and not template:
        return redirect("finished", student.classroom.uid, live.assignment.uid)
    seat = actions.take_seat(live=live, student=student, now=now)
    context = showing.page(live=live, student=student, now=now, form=form, is_removed=seat.is_removed)
    context |= {"came_late": came_late, "result_url": results.address(live, student)}
    template = template or (PART if _htmx(request) else TEMPLATE)
    status = 422 if form and form.errors else 200
    return render(request, template, context, status=status)
