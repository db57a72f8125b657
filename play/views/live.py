"""A student in a live round: one page that shows what the round has come to."""

from __future__ import annotations

from contextlib import suppress

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from classroom import access
from classroom.models import Student
from exercises.versions import played
from play.forms import AnswerForm
from play.live import actions, queries, results, showing, streams, tokens
from play.live.showing import PART
from play.models import Ballot, Phase, Round

TEMPLATE = "play/live.html"


@require_safe
def live(request: HttpRequest, uid: str, round_uid: str) -> HttpResponse:
    """The round as it stands, for this student. Looking at it takes a seat."""
    student = access.student_of(request, uid)
    if _is_of_another(request, student):
        return _elsewhere(request, student)
    return _page(request, student, _round(student, round_uid))


@require_safe
def live_state(request: HttpRequest, uid: str, round_uid: str, version: int) -> HttpResponse:
    """The same while it has changed, 204 while not. Answered before the student is looked up."""
    if unchanged(request, round_uid, str(version)):
        return HttpResponse(status=204)
    student = access.student_of(request, uid)
    if _is_of_another(request, student):
        return _elsewhere(request, student)
    return _page(request, student, _round(student, round_uid), PART)


@require_http_methods(["GET", "HEAD", "POST"])
def live_item(request: HttpRequest, uid: str, round_uid: str, position: int) -> HttpResponse:
    """Where an answer to an item goes. What has not been opened does not exist."""
    student = access.student_of(request, uid)
    fixed = _fixed(student, round_uid)
    if not 1 <= position <= len(fixed.versions):
        raise Http404
    if request.method != "POST":
        if position > _round(student, round_uid).opened:
            raise Http404
        return redirect("live", uid, round_uid)
    if request.POST.get("student", student.uid) != student.uid:
        return _elsewhere(request, student)
    vote = 2 if request.GET.get("vote") == "2" else 1
    form, ballot = AnswerForm(played(fixed.versions[position - 1]), request.POST), None
    if form.is_valid():
        assert form.answer is not None
        with suppress(actions.NotYet, actions.Removed, Round.DoesNotExist):
            ballot = actions.answer(
                round_id=fixed.pk,
                student=student,
                position=position,
                vote=vote,
                given=form.answer,
                passed=form.passed,
                now=timezone.now(),
            )
    found = ballot.round if ballot else _round(student, round_uid)
    if position > found.opened:
        raise Http404
    is_asked = (position, vote, Phase.ANSWER) == (found.position, found.vote, found.phase)
    if form.answer is None and is_asked:
        return _page(request, student, found, PART if _htmx(request) else TEMPLATE, form=form)
    if not _htmx(request):
        return redirect("live", uid, round_uid)
    return _page(request, student, found, PART, ballot=ballot)


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


def _is_of_another(request: HttpRequest, student: Student) -> bool:
    """Whether a page asks that another student of a shared device has left open: it takes no seat for this one."""
    return bool(request.headers.get("X-Student", student.uid) != student.uid)


def _elsewhere(request: HttpRequest, student: Student) -> HttpResponse:
    """Another student's page or answer, from an old tab or outbox of a shared device, leads home and is not taken."""
    home = reverse("student_home", args=[student.classroom.uid])
    return HttpResponseClientRedirect(home) if _htmx(request) else redirect(home)


def _fixed(student: Student, uid: str) -> queries.Fixed:
    try:
        found = queries.fixed(uid)
    except Round.DoesNotExist:
        raise Http404 from None
    if found.classroom != student.classroom_id:
        raise Http404
    return found


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
    ballot: Ballot | None = None,
) -> HttpResponse:
    """`ballot`: what was just stored."""
    now = timezone.now()
    if live.phase == Phase.ENDED and not _htmx(request) and not template:
        return redirect("finished", student.classroom.uid, live.assignment.uid)
    is_removed = ballot is None and actions.take_seat(live=live, student=student, now=now).is_removed
    context = showing.page(live=live, student=student, now=now, form=form, ballot=ballot, is_removed=is_removed)
    shown = (live.position, live.vote) if live.phase not in (Phase.PODIUM, Phase.ENDED) else None
    came_late = ballot and ballot.is_late and (ballot.position, ballot.vote) != shown
    context |= {"came_late": came_late, "result_url": results.address(live, student)}
    template = template or (PART if _htmx(request) else TEMPLATE)
    status = 422 if form and form.errors else 200
    return render(request, template, context, status=status)
