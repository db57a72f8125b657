"""What a class disagrees with, for its teachers: marks with their counts and reasons, the ruling, the debate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from classroom.access import TeacherRequest, classroom_of, led_classroom_of, teacher_required
from classroom.models import Classroom, Ruling
from exercises import amending, rendering
from exercises.content.schema import LAYERS
from exercises.models import Passage
from exercises.versions import PassageContent
from play import challenges, contested, debates, rulings
from play.live import tokens
from play.models import Debate
from play.results.items import heat
from play.ruling_forms import RulingForm

POLL_SALT = "play.debate"
POLL_AGE = 12 * 3600
"""Seconds that a page may go on polling without being loaded again."""


@dataclass(frozen=True)
class Mark:
    """What an address of a contested mark leads to."""

    classroom: Classroom
    passage: Passage
    layer: str
    mark: str
    """Empty where it is about the layer as a whole."""

    @property
    def address(self) -> list[str]:
        slug = self.mark or contested.NO_MARK
        return [self.classroom.uid, self.passage.source.slug, self.passage.key, self.layer, slug]


@teacher_required
@require_safe
def challenge_list(request: TeacherRequest, uid: str) -> HttpResponse:
    """What students of a class disagree with, bundled by mark; of one assignment, where the address names it."""
    found = classroom_of(request.user, uid)
    chosen = request.GET.get("assignment", "")
    assignments = list(found.assignments.all())
    assignment = next((each for each in assignments if each.uid == chosen), None)
    context = {
        "teacher": request.user,
        "classroom": found,
        "assignments": assignments,
        "chosen": assignment,
        "marks": contested.of_class(classroom=found, assignment=assignment),
        "debate": debates.running(classroom=found),
    }
    return render(request, "play/challenge_list.html", context)


@teacher_required
@require_safe
def contested_mark(request: TeacherRequest, uid: str, source: str, passage: str, layer: str, mark: str) -> HttpResponse:
    """One mark: what was said against it, what the class marked, and the form to rule on it."""
    return _page(request, _mark(classroom_of(request.user, uid), source, passage, layer, mark))


@teacher_required
@require_POST
def ruling_new(request: TeacherRequest, uid: str, source: str, passage: str, layer: str, mark: str) -> HttpResponse:
    """Rule, for all classes that the teacher leads. Whoever shares a class leaves that to its leader."""
    found = _mark(led_classroom_of(request.user, uid), source, passage, layer, mark)
    form = _form(found, request)
    if form.is_valid() and form.decision:
        try:
            made = rulings.rule(
                teacher=request.user,
                passage=found.passage,
                layer=found.layer,
                mark=found.mark,
                decision=form.decision,
                now=timezone.now(),
            )
        except rulings.Busy:
            form.add_error(None, _("The answers to your last ruling here are still being rescored. Try again soon."))
        else:
            return redirect("ruling", made.uid)
    return _page(request, found, form)


@teacher_required
@require_POST
def debate_open(request: TeacherRequest, uid: str, source: str, passage: str, layer: str, mark: str) -> HttpResponse:
    """Put a mark in front of the class."""
    found = _mark(classroom_of(request.user, uid), source, passage, layer, mark)
    try:
        made = debates.open_debate(
            classroom=found.classroom, passage=found.passage, layer=found.layer, mark=found.mark, now=timezone.now()
        )
    except debates.OneAtATime:
        messages.error(request, _("Another debate of this class is open: end it first."))
    except debates.KeyWaits:
        messages.error(request, _("An assignment of this class still keeps this key back. Wait for its closing."))
    else:
        return redirect("debate_projector", uid, made.uid)
    return redirect("contested_mark", *found.address)


@teacher_required
@require_safe
def debate_projector(request: TeacherRequest, uid: str, debate_uid: str) -> HttpResponse:
    """The mark and the votes in large type. Nobody is named."""
    return _debate(request, uid, debate_uid, "play/debate_projector.html")


@require_safe
def debate_projector_state(request: HttpRequest, uid: str, debate_uid: str, version: int) -> HttpResponse:
    """The part that changes; 204 while it has not."""
    try:
        pk = signing.loads(request.GET.get("token", ""), salt=f"{POLL_SALT}.{debate_uid}", max_age=POLL_AGE)
    except signing.BadSignature:
        raise Http404 from None
    if Debate.objects.filter(pk=pk, version=version).exists():
        return HttpResponse(status=204)
    return _debate_changed(request, uid, debate_uid)


@teacher_required
@require_POST
def debate_close(request: TeacherRequest, uid: str, debate_uid: str) -> HttpResponse:
    """End the vote: the counts stay, and who voted how is forgotten."""
    found = get_object_or_404(Debate, uid=debate_uid, classroom=classroom_of(request.user, uid))
    debates.close(debate=found, now=timezone.now())
    return redirect("debate_projector", uid, debate_uid)


@teacher_required
def _debate_changed(request: TeacherRequest, uid: str, debate_uid: str) -> HttpResponse:
    return _debate(request, uid, debate_uid, "play/debate_projector.html#vote")


def _debate(request: TeacherRequest, uid: str, debate_uid: str, template: str) -> HttpResponse:
    classroom = classroom_of(request.user, uid)
    rows = Debate.objects.select_related("passage__source", "shown")
    found = get_object_or_404(rows, uid=debate_uid, classroom=classroom)
    mark = Mark(classroom, found.passage, found.layer, found.mark)
    said = contested.challenges(classroom=classroom, passage=found.passage, layer=found.layer, mark=found.mark)
    poll = reverse("debate_projector_state", args=[uid, found.uid, found.version])
    token = signing.dumps(found.pk, salt=f"{POLL_SALT}.{found.uid}")
    context = {
        "teacher": request.user,
        "classroom": classroom,
        "debate": found,
        "about": contested.key(version=found.shown, layer=found.layer, mark=found.mark, source=found.passage.source),
        "wishes": contested.named(contested.wishes(said)),
        "disagree": len({each.student_id for each in said}),
        "count": debates.count(found),
        "mark_url": reverse("contested_mark", args=mark.address),
        "page_url": reverse("debate_projector", args=[uid, found.uid]),
        "poll_url": f"{poll}?token={token}",
        "stream_url": tokens.stream("debate", found.pk),
    }
    return render(request, template, context)


def _mark(classroom: Classroom, source: str, passage: str, layer: str, mark: str) -> Mark:
    """Raises Http404 where there is no such passage, or no such mark in the key that the class has."""
    found = challenges.passage_of(source, passage)
    key = "" if mark == contested.NO_MARK else mark
    if found is None or layer not in LAYERS or not contested.met(classroom=classroom, passage=found, layer=layer):
        raise Http404
    wanted = Mark(classroom, found, layer, key)
    known = contested.challenges(classroom=classroom, passage=found, layer=layer, mark=key)
    if key and not known and not amending.has_mark(_in_force(wanted).content, key):
        raise Http404
    return wanted


def _in_force(found: Mark) -> Any:
    return rulings.in_force(passage=found.passage, layer=found.layer, teacher_id=found.classroom.teacher_id)


def _form(found: Mark, request: TeacherRequest | None = None) -> RulingForm:
    content = PassageContent.of(_in_force(found).content)
    mark = found.mark if any(each.key == found.mark for each in content.passage.annotations) else ""
    return RulingForm(request.POST if request else None, content=content, layer=found.layer, mark=mark)


def _page(request: TeacherRequest, found: Mark, form: RulingForm | None = None) -> HttpResponse:
    form = form or _form(found)
    classroom, passage, layer = found.classroom, found.passage, found.layer
    said = contested.challenges(classroom=classroom, passage=passage, layer=layer, mark=found.mark)
    marked = contested.marked_by_class(classroom=classroom, passage=passage, layer=layer)
    context = {
        "teacher": request.user,
        "classroom": classroom,
        "mark": contested.one(classroom=classroom, passage=passage, layer=layer, mark=found.mark),
        "key": contested.key(version=_in_force(found), layer=layer, mark=form.mark, source=passage.source),
        "challenges": challenges.told(said),
        "wishes": contested.named(contested.wishes(said)),
        "heat": heat(*marked) if marked else None,
        "form": form,
        "passage": rendering.marking(form.content, checked=form.words) if form.mark else None,
        "language": passage.source.language,
        "leads": classroom.teacher_id == request.user.pk,
        "unprepared": debates.unprepared(classroom=classroom, passage=passage, layer=layer),
        "debate": debates.running(classroom=classroom),
        "rulings": list(
            Ruling.objects.filter(passage=passage, layer=layer, teacher=classroom.teacher_id).select_related("passage")
        ),
        "rule_url": reverse("ruling_new", args=found.address),
        "debate_url": reverse("debate_open", args=found.address),
    }
    return render(request, "play/contested_mark.html", context, status=422 if form.is_bound else 200)
