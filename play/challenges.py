"""Disagreement: what students say against a key that they have seen, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from classroom.models import Ruling, Student
from classroom.overlays import Overlays, ruling_on
from classroom.schedule import schedule_of
from exercises import catalogue, rendering
from exercises.models import ExerciseVersion, Passage
from exercises.versions import PassageContent, Played, played
from play import raw
from play.models import Aim, Attempt, Challenge
from play.rescoring import judged_by
from scoring import kinds
from scoring.spans import Span

OPEN = 10
"""Challenges that a student may have open at a time."""
EVER = 60
"""Challenges of a student altogether; withdrawn ones are gone."""


class Twice(Exception):
    """There is an open one of this student about this mark."""


class TooMany(Exception):
    """More than one student has to say."""


@dataclass(frozen=True)
class Objection:
    """What a student says. `run`: the words that were chosen, as word indices."""

    aim: str
    mark: str
    reason: str
    run: Span | None = None
    label: str = ""


@dataclass(frozen=True)
class Told:
    """What somebody said, as pages show it."""

    uid: str
    nickname: str
    aim: str
    """In words."""
    quote: str
    label: str
    reason: str
    made: datetime
    ruling: Ruling | None
    title: str
    passage: str
    about: str
    """The mark in words; empty where it is about the whole layer."""


def challenge(*, student: Student, attempt: Attempt, said: Objection, now: datetime) -> Challenge:
    """Note a disagreement. The answer is stored and its key is told: the caller sees to that. Raises Twice, TooMany."""
    mine = Challenge.objects.filter(student=student)
    shown = judged_by(attempt)
    words = shown.content.span_of(said.run) if said.run else (None, None)
    about = {"student": student, "passage_id": attempt.passage_id, "layer": attempt.layer, "mark": said.mark}
    try:
        with transaction.atomic():
            list(Student.objects.select_for_update(no_key=True).filter(pk=student.pk))
            if mine.count() >= EVER or mine.filter(ruling=None).count() >= OPEN:
                raise TooMany
            return Challenge.objects.create(
                attempt=attempt,
                aim=said.aim,
                start=words[0],
                end=words[1],
                label=said.label,
                reason=said.reason,
                made=now,
                **about,
            )
    except IntegrityError:
        raise Twice from None


def withdraw(*, challenge: Challenge) -> None:
    """Take it back while nobody has ruled on it; nothing of it is kept."""
    Challenge.objects.filter(pk=challenge.pk, ruling=None).delete()


def of_student(*, student: Student) -> list[Told]:
    """A student's own ones, the latest first."""
    return told(list(Challenge.objects.filter(student=student)))


def told(rows: Sequence[Challenge]) -> list[Told]:
    """Challenges as pages show them, with the same number of queries however many there are."""
    found = Challenge.objects.filter(pk__in=[each.pk for each in rows]).select_related(
        "student", "ruling", "passage__source", "attempt"
    )
    names = catalogue.labels()
    versions = {each.attempt.judged_id or each.attempt.exercise_version_id for each in found}
    contents = {pk: played(pk).content for pk in versions}
    said = []
    for each in found:
        content = contents[each.attempt.judged_id or each.attempt.exercise_version_id]
        original = played(each.attempt.exercise_version_id).content
        words = [(each.start, each.end)] if each.start is not None and each.end is not None else []
        said.append(
            Told(
                uid=each.uid,
                nickname=each.student.nickname,
                aim=str(Aim(each.aim).label),
                quote=rendering.quoted(content, words),
                label=names[each.label].name if each.label in names else "",
                reason=each.reason,
                made=each.made,
                ruling=each.ruling,
                title=each.passage.source.title,
                passage=each.passage.key.replace("-", " "),
                about=mark_words(content, each.mark) or mark_words(original, each.mark),
            )
        )
    return said


def mark_words(content: PassageContent, mark: str) -> str:
    """A mark as its name and its words; empty where there is none of that key."""
    found = next((each for each in content.passage.annotations if each.key == mark), None)
    if found is None:
        return ""
    return f"{catalogue.labels()[found.label].name}: “{rendering.quoted(content, found.core)}”"


@dataclass(frozen=True)
class Rescored:
    """What a ruling made of an answer."""

    before: int
    """Points by the key that was played."""
    after: int
    is_aside: bool
    ruling: Ruling
    is_rescored: bool
    """Whether the answer was given to another key; otherwise the ruling was there before."""

    @property
    def moved(self) -> bool:
        return self.is_rescored and (self.before != self.after or self.is_aside)


def rescored(*, attempt: Attempt, teacher_id: int) -> Rescored | None:
    """What the ruling in force has to do with an answer, if anything. One query where there is none."""
    found = ruling_on(passage_id=attempt.passage_id, layer=attempt.layer, teacher_id=teacher_id)
    if found is None:
        return None
    is_other = attempt.judged_id is not None or attempt.is_aside
    own = ExerciseVersion.objects.filter(pk=attempt.exercise_version_id, passage_version=found.version_id)
    if not is_other and not own.exists():
        return None  # an answer to other words of the passage
    before = points_of(attempt, played(attempt.exercise_version_id))
    return Rescored(before, attempt.points, attempt.is_aside, found, is_other)


def points_of(attempt: Attempt, shown: Played) -> int:
    """What an answer would be worth by the key of a version."""
    if attempt.is_late or attempt.is_passed:
        return 0
    return kinds.score(shown.item, raw.unpack(attempt.answer, shown)).points


@dataclass(frozen=True)
class RescoredRow:
    """A decision of a student that was rescored, and the assignment that it is in."""

    assignment_uid: str
    title: str
    passage: str
    rescored: Rescored


def rescored_of(*, student: Student, now: datetime) -> list[RescoredRow]:
    """The student's decisions whose points a ruling has moved, of assignments whose points are told."""
    about = Q(judged__isnull=False) | Q(is_aside=True)
    attempts = Attempt.objects.filter(about, student=student, number=1, is_passed=False)
    here = attempts.filter(assignment__classroom=student.classroom_id)
    found = here.select_related("assignment", "passage").prefetch_related("assignment__extensions")
    in_force = Overlays.of(student.classroom.teacher_id).in_force
    rows = []
    for attempt in found.order_by("-answered", "-pk"):
        ruling = in_force.get((attempt.passage_id, attempt.layer))
        if ruling is None or not schedule_of(attempt.assignment).tells(now):
            continue
        before = points_of(attempt, played(attempt.exercise_version_id))
        what = Rescored(before, attempt.points, attempt.is_aside, ruling, is_rescored=True)
        if what.moved:
            name = attempt.passage.key.replace("-", " ")
            rows.append(RescoredRow(attempt.assignment.uid, attempt.assignment.title, name, what))
    return rows


def passage_of(source: str, passage: str) -> Passage | None:
    """A passage that is not withdrawn, by its address."""
    rows = Passage.objects.exclude(current=None).select_related("source", "current")
    return rows.filter(source__slug=source, key=passage).first()
