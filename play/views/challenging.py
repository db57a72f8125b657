"""Students disagree with a key that they have seen, read what was ruled, and vote when the class debates it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from classroom import access
from classroom.schedule import schedule_of
from exercises import rendering
from exercises.keys import source_of
from play import actions, challenges, contested, debates, queries
from play.challenge_forms import ChallengeForm, VoteForm
from play.models import Debate
from play.rescoring import judged_by
from play.views.deciding import refused


@require_http_methods(["GET", "HEAD", "POST"])
def challenge(request: HttpRequest, uid: str, assignment_uid: str, position: int) -> HttpResponse:
    """Say what is not right about the key of a decision. There is nothing to say before it is answered and told."""
    student = access.student_of(request, uid)
    if answer := refused(request, student):
        return answer
    assignment = access.assignment_for(student, assignment_uid)
    now = timezone.now()
    item = queries.progress(student=student, assignment=assignment).at(position)
    if item is None or not schedule_of(assignment, student).tells(now):
        raise Http404
    attempt = actions.first_attempt(student=student, assignment=assignment, version_id=item.version_id)
    if attempt is None:
        raise Http404
    shown = judged_by(attempt)
    form = ChallengeForm(request.POST if request.method == "POST" else None, content=shown.content, layer=shown.layer)
    if form.is_valid() and form.objection:
        try:
            challenges.challenge(student=student, attempt=attempt, said=form.objection, now=now)
        except challenges.Twice:
            form.add_error(None, _("You have said something about this already. Take that back first, or wait."))
        except challenges.TooMany:
            form.add_error(None, _("You have as many open as one student can. Take one back, or wait for an answer."))
        else:
            messages.success(request, _("Your teacher will see it. Here you read what comes of it."))
            return _gone_to(request, reverse("my_challenges", args=[uid]))
    context = {
        "student": student,
        "classroom": student.classroom,
        "assignment": assignment,
        "position": position,
        "here": request.path,
        "form": form,
        "passage": rendering.marking(shown.content, checked=form.words),
        "language": source_of(shown.version_id).language,
    }
    part = "#challenge" if getattr(request, "htmx", False) else ""
    status = 422 if form.is_bound else 200
    return render(request, f"play/challenge.html{part}", context, status=status)


@require_safe
def my_challenges(request: HttpRequest, uid: str) -> HttpResponse:
    """What the student disagreed with, what was ruled, and which of the own decisions were rescored."""
    student = access.student_of(request, uid)
    context = {
        "student": student,
        "classroom": student.classroom,
        "challenges": challenges.of_student(student=student),
        "rescored": challenges.rescored_of(student=student, now=timezone.now()),
    }
    return render(request, "play/my_challenges.html", context)


@require_POST
def challenge_withdraw(request: HttpRequest, uid: str, challenge_uid: str) -> HttpResponse:
    """Take it back while it is open."""
    student = access.student_of(request, uid)
    challenges.withdraw(challenge=get_object_or_404(student.challenges, uid=challenge_uid))
    return redirect("my_challenges", uid)


@require_http_methods(["GET", "HEAD", "POST"])
def debate(request: HttpRequest, uid: str, debate_uid: str) -> HttpResponse:
    """The contested mark that the class talks about, and one's own vote. Who sees the key here has met it."""
    student = access.student_of(request, uid)
    if answer := refused(request, student):
        return answer
    found = get_object_or_404(
        Debate.objects.select_related("passage__source", "shown"), uid=debate_uid, classroom=student.classroom_id
    )
    form = VoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            debates.vote(debate=found, student=student, stance=form.cleaned_data["stance"])
        except debates.Over:
            return redirect("debate", uid, debate_uid)
        messages.success(request, _("Your vote is in. It can be changed while the debate is open."))
        return redirect("debate", uid, debate_uid)
    now = timezone.now()
    for each in filter(None, (student, student.partner)):
        actions.practise(student=each, passage_id=found.passage_id, layer=found.layer, now=now)
    own = debates.stance_of(debate=found, student=student)
    context: dict[str, Any] = {
        "student": student,
        "classroom": student.classroom,
        "debate": found,
        "form": form if form.is_bound else VoteForm(initial={"stance": own}),
        "about": contested.key(version=found.shown, layer=found.layer, mark=found.mark, source=found.passage.source),
        "count": debates.count(found) if found.closed else None,
    }
    return render(request, "play/debate.html", context, status=422 if form.is_bound else 200)


def _gone_to(request: HttpRequest, address: str) -> HttpResponse:
    """Away from here: by the browser where htmx asks, which would swap the page into the form's place."""
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else redirect(address)
