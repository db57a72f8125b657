"""A teacher runs a live round: the control for the teacher's own eyes, the projector for everybody's.

Both show what the round's row says, so that either can be loaded anew, or opened on another device, at any time.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import qr
from classroom import queries as class_queries
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.links import join_link
from classroom.models import Assignment
from exercises.keys import source_of
from play import queries as board_queries
from play.live import actions, pictures, queries, showing, steps, tokens
from play.live.forms import StartForm
from play.models import Phase, Round
from play.views.live import unchanged

CONTROL, PROJECTOR = "live_control", "live_projector"
NEXT_KEYS = "ArrowRight ArrowDown PageDown Space"
SAME_KEYS: dict[str, str] = {Phase.HEAT: " h", Phase.STANDINGS: " l"}
"""Keys of steps that are the next one just now."""
PARTS = {CONTROL: "play/live_control.html#control", PROJECTOR: "play/live_projector.html#stage"}


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def live_start(request: TeacherRequest, uid: str) -> HttpResponse:
    """Begin a live round with a set, or take up one that is running."""
    found = classroom_of(request.user, uid)
    form = StartForm(request.POST or None, sets=class_queries.sets(teacher=request.user))
    if form.is_valid():
        begun = actions.start(classroom=found, now=timezone.now(), **form.settled)
        return redirect("live_control", uid, begun.uid)
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "running": queries.running(classroom=found),
    }
    return render(request, "play/live_start.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_safe
def live_control(request: TeacherRequest, uid: str, round_uid: str) -> HttpResponse:
    """The teacher's own page: every step, who is there, and the key."""
    return _page(request, CONTROL, _round(request, uid, round_uid))


@teacher_required
@require_safe
def live_projector(request: TeacherRequest, uid: str, round_uid: str) -> HttpResponse:
    """The page on the wall: nothing private, everything large."""
    return _page(request, PROJECTOR, _round(request, uid, round_uid))


@require_safe
def live_control_state(request: HttpRequest, uid: str, round_uid: str, state: str) -> HttpResponse:
    """The control while it has changed, 204 while not. Answered before the teacher is looked up."""
    return HttpResponse(status=204) if unchanged(request, round_uid, state) else live_control(request, uid, round_uid)


@require_safe
def live_projector_state(request: HttpRequest, uid: str, round_uid: str, state: str) -> HttpResponse:
    return HttpResponse(status=204) if unchanged(request, round_uid, state) else live_projector(request, uid, round_uid)


@teacher_required
@require_POST
def live_step(request: TeacherRequest, uid: str, round_uid: str) -> HttpResponse:
    """One step on, from the version that the page shows. Who comes second sees where the round has got to."""
    found = _round(request, uid, round_uid)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 10 else 0
    try:
        _take(found, version, request.POST.get("do", ""), timezone.now())
    except actions.Moved:
        messages.info(request, _("The round had gone on meanwhile. This is where it stands now."))
    except steps.NotNow:
        messages.info(request, _("That is not possible at this point of the round."))
    return _back(request, uid, round_uid)


@teacher_required
@require_POST
def live_seat(request: TeacherRequest, uid: str, round_uid: str, student_uid: str) -> HttpResponse:
    """Take a student out of the round, or back in; their answers stay."""
    found = _round(request, uid, round_uid)
    student = get_object_or_404(found.assignment.classroom.students, uid=student_uid)
    actions.set_removed(live=found, student=student, removed=request.POST.get("removed") != "no")
    return _back(request, uid, round_uid)


def _take(live: Round, version: int, step: str, now: datetime) -> None:
    """Raises steps.NotNow, actions.Moved."""
    if step == "pause":
        actions.pause(live=live, version=version, now=now)
    elif step == "extend":
        actions.extend(live=live, version=version)
    elif step == "auto_lock":
        actions.set_auto_lock(live=live, version=version, auto_lock=not live.auto_lock)
    elif step == "joining":
        actions.set_joining(live=live, version=version, is_open=not live.assignment.classroom.is_open)
    else:
        actions.step(live=live, version=version, name=step, now=now)


def _back(request: TeacherRequest, uid: str, round_uid: str) -> HttpResponse:
    """To the page that the step was taken on."""
    name = PROJECTOR if request.POST.get("on") == "projector" else CONTROL
    if getattr(request, "htmx", False):
        return _page(request, name, _round(request, uid, round_uid))
    return redirect(name, uid, round_uid)


def _round(request: TeacherRequest, uid: str, round_uid: str) -> Round:
    found = classroom_of(request.user, uid)
    rounds = Round.objects.select_related("assignment__classroom", "assignment__exercise_set")
    return get_object_or_404(rounds, uid=round_uid, assignment__classroom=found)


def _page(request: TeacherRequest, name: str, live: Round) -> HttpResponse:
    now = timezone.now()
    classroom, assignment = live.assignment.classroom, live.assignment
    where = [classroom.uid, live.uid]
    answered, taken = queries.counts(live)
    state = f"{live.version}.{answered}.{taken}"
    link = join_link(request, classroom)
    context: dict[str, object] = {
        "teacher": request.user,
        "classroom": classroom,
        "assignment": assignment,
        "live": live,
        "seats": queries.seats(live=live),
        "answered": answered,
        "taken": taken,
        "join_link": link,
        "qr": qr.svg(link),
        "page_url": reverse(name, args=where),
        "poll_url": f"{reverse(f'{name}_state', args=[*where, state])}?token={tokens.token('round', live.pk)}",
        "stream_url": tokens.stream("round", live.pk),
        "step_url": reverse("live_step", args=where),
        "seconds": queries.seconds_left(live, now),
    }
    context |= _steps(live) | _shown(live, assignment, key=name == CONTROL)
    template = PARTS[name] if getattr(request, "htmx", False) else PARTS[name].partition("#")[0]
    return render(request, template, context)


def _steps(live: Round) -> dict[str, object]:
    """What "next" would do, and what else can be done."""
    place = queries.place_of(live)
    can = steps.possible(place)
    following = steps.after(place, "next") if "next" in can else None
    words = {
        Phase.READ: _("Next passage") if live.position else _("Begin: first passage"),
        Phase.ANSWER: _("Open the answers"),
        Phase.LOCKED: _("Lock the answers"),
        Phase.REVEAL: _("Reveal the key") if not place.is_revealed else _("Next passage"),
        Phase.HEAT: _("What the class answered"),
        Phase.STANDINGS: _("Standings"),
        Phase.PODIUM: _("Podium"),
    }
    others = frozenset(each for each in can if steps.after(place, each) != following)
    context: dict[str, object] = {"can": others, "total": place.total}
    if following:
        context |= {"next": words[Phase(following.phase)], "next_keys": NEXT_KEYS + SAME_KEYS.get(following.phase, "")}
    return context


def _shown(live: Round, assignment: Assignment, *, key: bool) -> dict[str, object]:
    """The item, the key, the class's answers or the board, as the phase has it; `key`: for the teacher at any time."""
    context: dict[str, object] = {}
    if live.phase in (Phase.STANDINGS, Phase.PODIUM, Phase.ENDED):
        context["board"] = board_queries.leaderboard(assignment=assignment)
    elif live.position:
        language = source_of(queries.version_at(live, live.position)).language
        context |= {"question": showing.to_read(live), "language": language}
        if live.phase == Phase.HEAT:
            context["picture"] = pictures.picture(live=live, language=language)
        if key or live.phase == Phase.REVEAL:
            context["reveal"] = showing.key(live)
    return context
