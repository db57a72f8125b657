"""A student's way through an assignment at their own pace: the class page, where they left off, and the end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from classroom import access, devices
from classroom.models import Student
from classroom.queries import shared_titles
from classroom.schedule import State, schedule_of
from exercises import catalogue
from play import debates, queries, standings
from play.live import queries as live_queries
from play.live import tokens


@require_safe
def student_home(request: HttpRequest, uid: str) -> HttpResponse:
    """The class as the student sees it: who I am, what there is to play. A strange device is asked for its phrase."""
    student = access.student_or_none(request, uid)
    if student is None:
        return redirect("reenter", uid)
    assignments = queries.home(student=student, now=timezone.now())
    context = _of(student) | {
        "phrase": devices.phrase_to_show(request),
        "assignments": assignments,
        "shared_titles": shared_titles(titles=[each.title for each in assignments]),
        "rounds": live_queries.running(classroom=student.classroom),
        "debate": debates.running(classroom=student.classroom),
        "lobby": live_queries.news_of_lobbies([student.classroom_id], timezone.now())[student.classroom_id]["version"],
        "stream_url": tokens.stream("lobby", student.classroom_id),
    }
    return render(request, "play/student_home.html", context)


@require_safe
def play(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """Where the student left off: the example, the next item, or the end. Before it opens, when that is."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    if live := live_queries.running_of(assignment=assignment):
        return redirect("live", uid, live.uid)
    schedule = schedule_of(assignment, student)
    state = schedule.state(timezone.now())
    progress = queries.progress(student=student, assignment=assignment)
    if progress.next is None or state == State.CLOSED:
        return redirect("finished", uid, assignment.uid)
    context = _of(student) | {
        "title": assignment.title,
        "language": assignment.language,
        "assignment": assignment,
        "schedule": schedule,
        "state": state,
        "total": progress.total,
    }
    if state == State.PLANNED:
        return render(request, "play/play.html", context)
    if not progress.done and (assignment.example or assignment.intro or schedule.seconds_per_word is not None):
        first = reverse("exercise", args=[uid, assignment.uid, progress.next.position])
        label = catalogue.labels()[assignment.example] if assignment.example else None
        return render(request, "play/play.html", context | {"label": label, "next_url": first})
    return redirect("exercise", uid, assignment.uid, progress.next.position)


@require_safe
def finished(request: HttpRequest, uid: str, assignment_uid: str) -> HttpResponse:
    """The end of a set: what I caught, missed, falsely accused and left well alone; and the board."""
    student = access.student_of(request, uid)
    assignment = access.assignment_for(student, assignment_uid)
    schedule, now = schedule_of(assignment, student), timezone.now()
    state = schedule.state(now)
    progress = queries.progress(student=student, assignment=assignment)
    if progress.next is not None and state != State.CLOSED:
        return redirect("play", uid, assignment.uid)
    standings.settle(assignment=assignment, now=now)
    context = _of(student) | {
        "assignment": assignment,
        "title": assignment.title,
        "progress": progress,
        "schedule": schedule,
        "state": state,
        "tells": schedule.tells(now),
        "has_ended": schedule.has_ended(now),
    }
    if schedule.tells(now):
        told = queries.told_attempts(student=student, now=now)
        positions = {item.version_id: item.position for item in progress.items}
        context |= {
            "is_rescored": any(each.is_rescored for each in progress.items),
            "report": queries.report(student=student, assignment=assignment, closed=state == State.CLOSED),
            "labels": queries.by_label(told),
            "confidence": queries.confidence(told),
            "growth": queries.growth(student=student, assignment=assignment, attempts=told, now=now),
            "again": queries.look_again(student=student, assignment=assignment, positions=positions, now=now),
        }
    return render(request, "play/finished.html", context)


def _of(student: Student) -> dict[str, object]:
    return {"student": student, "classroom": student.classroom}
