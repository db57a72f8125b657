"""Answers as statistics count them: the first encounter of a student with a layer of a passage.

Whatever had been revealed to a student before, was left out, came late, waits for a closing, or was put aside by a
ruling is not among them. A decision goes by the version whose key judges it.
However many answers there are, they take the same number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from classroom.models import Assignment, AssignmentItem, Classroom, Student
from classroom.schedule import schedule_of
from exercises.models import ExerciseVersion
from play.models import Attempt
from scoring.statistics.detection import Outcomes

DETECTION = ("spot", "source", "judge")
"""Kinds whose answers are trials."""
JUDGED = Coalesce("judged", "exercise_version")
"""The version whose key judged an answer: the one that was played, or after a ruling another one."""
Way = tuple[str, str]
"""Kind and layer: what is never pooled silently."""


@dataclass(frozen=True)
class Scope:
    """Which answers of a class are looked at."""

    classroom: Classroom | None
    """None for all classes of the installation."""
    assignments: tuple[Assignment, ...]
    """Those whose keys are told, and that the filters let through."""
    layer: str = ""
    student: Student | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision, as everybody who played it met it."""

    version_id: int
    kind: str
    layer: str
    passage_id: int
    passage: str
    """As in the seeds: text/passage."""
    text: str
    camp: str
    annotation: str
    labels: Mapping[str, str]
    """The label of each annotation in question, by its key; none where the layer is clean."""
    title: str = ""
    """Of a teacher's own text, whose address says nothing."""

    @property
    def way(self) -> Way:
        return self.kind, self.layer

    @property
    def name(self) -> str:
        """Text and passage in words, as teachers read it."""
        return f"{self.text_name}: {self.passage_name}"

    @property
    def passage_name(self) -> str:
        return self.passage.partition("/")[2].replace("-", " ")

    @property
    def text_name(self) -> str:
        return self.title or self.text.replace("-", " ").capitalize()

    @property
    def marked(self) -> bool:
        return bool(self.labels)

    @property
    def label(self) -> str:
        """The label of a passage that holds one alone; a passage with several speaks for none of them."""
        found = set(self.labels.values())
        return found.pop() if len(found) == 1 else ""


class Given(NamedTuple):
    """A first answer."""

    student_id: int
    version_id: int
    signal: bool | None
    flagged: bool | None
    correct: bool
    place: float | None
    label: str
    target: str
    chosen: str
    assignment_id: int


_STUDENT: Callable[[Given], int] = attrgetter("student_id")
_SIGNAL_AND_RESPONSE: Callable[[Given], tuple[bool, bool]] = attrgetter("signal", "flagged")


@dataclass(frozen=True)
class Answers:
    """First answers in the order in which they came, with what was asked and who answered."""

    given: Sequence[Given]
    asked: Mapping[int, Asked]
    students: Mapping[int, str]
    """Nicknames of everybody in the class, by id, in the order of the names."""
    uids: Mapping[int, str]

    @cached_property
    def trials(self) -> list[Given]:
        counted = {version for version, asked in self.asked.items() if asked.kind in DETECTION}
        return [each for each in self.given if each.version_id in counted]

    @cached_property
    def by_way(self) -> dict[Way, list[Given]]:
        """Trials by kind and layer, the way with the most trials first."""
        ways = {version: asked.way for version, asked in self.asked.items()}
        found: dict[Way, list[Given]] = {}
        for each in self.trials:
            found.setdefault(ways[each.version_id], []).append(each)
        return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))

    def of(self, student_id: int) -> Answers:
        mine = [each for each in self.given if each.student_id == student_id]
        return Answers(mine, self.asked, self.students, self.uids)


def outcomes(trials: Iterable[Given]) -> Outcomes:
    return Outcomes.of(map(_SIGNAL_AND_RESPONSE, trials))


def students_in(trials: Iterable[Given]) -> int:
    """How many students."""
    return len(set(map(_STUDENT, trials)))


def by_student(trials: Iterable[Given]) -> dict[int, list[Given]]:
    found: dict[int, list[Given]] = {}
    for each in trials:
        found.setdefault(each.student_id, []).append(each)
    return found


def told_everywhere(*, now: datetime) -> Scope:
    """The answers of all classes whose keys are told."""
    given = Assignment.objects.prefetch_related("extensions")
    return Scope(None, tuple(each for each in given if schedule_of(each).tells(now)))


def classes() -> dict[int, int]:
    """Every student's class, both by id."""
    return dict(Student.objects.values_list("pk", "classroom_id"))


def told(*, classroom: Classroom, now: datetime) -> list[Assignment]:
    """The assignments of a class whose keys are told, the newest first: what waits for a closing is in no figure."""
    given = classroom.assignments.select_related("exercise_set").prefetch_related("extensions")
    return [each for each in given if schedule_of(each).tells(now)]


def answers(*, scope: Scope) -> Answers:
    """Three queries, whatever there is."""
    rows = _counting(scope).values_list(*Given._fields).order_by("answered", "pk")
    found = list(map(Given._make, _as_stored(rows)))
    students = scope.classroom.students.values_list("pk", "nickname", "uid") if scope.classroom else ()
    names = {pk: (nickname, uid) for pk, nickname, uid in students}
    return Answers(
        found,
        asked(versions={each.version_id for each in found}),
        {pk: nickname for pk, (nickname, _) in names.items()},
        {pk: uid for pk, (_, uid) in names.items()},
    )


def _as_stored(rows: QuerySet[Attempt, Any]) -> list[tuple[Any, ...]]:
    """The rows as the database gives them: of a hundred thousand it takes a third of the time. SQLite says 0 and 1."""
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:  # no assignments
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


class Said(NamedTuple):
    """A judgement with how sure it was, in per cent."""

    student_id: int
    version_id: int
    signal: bool
    flagged: bool
    correct: bool
    confidence: int

    @property
    def rating(self) -> int:
        """How sure that something is there: 0 to 100."""
        return self.confidence if self.flagged else 100 - self.confidence


def said(*, scope: Scope) -> list[Said]:
    """First answers with a confidence, in one query."""
    rows = _counting(scope).filter(exercise_version__exercise__kind="judge", answer__confidence__isnull=False)
    fields = ("student_id", "version_id", "signal", "flagged", "correct", "answer__confidence")
    return list(map(Said._make, rows.values_list(*fields)))


def raw_answers(*, scope: Scope, version_id: int) -> list[dict[str, Any]]:
    """The first answers to one decision, as they were given."""
    rows = _counting(scope).alias(judging=JUDGED).filter(judging=version_id)
    return list(rows.values_list("answer", flat=True))


def positions(*, assignment: Assignment) -> list[int]:
    """The decisions of an assignment in their order, by the version that judges them."""
    items = AssignmentItem.objects.filter(assignment=assignment).order_by("position")
    return list(items.annotate(version_id=JUDGED).values_list("version_id", flat=True))


def asked(*, versions: Iterable[int]) -> dict[int, Asked]:
    """Decisions by version, in one query: of their content only the annotations' labels are read."""
    rows = ExerciseVersion.objects.filter(pk__in=list(versions)).values_list(
        "pk",
        "exercise__kind",
        "exercise__layer",
        "exercise__passage_id",
        "exercise__passage__key",
        "exercise__passage__source__slug",
        "exercise__passage__source__camp",
        "exercise__passage__source__is_own",
        "exercise__passage__source__title",
        "exercise__annotation",
        "passage_version__content__annotations",
    )
    return {
        pk: Asked(
            version_id=pk,
            kind=kind,
            layer=layer,
            passage_id=passage_id,
            passage=f"{text}/{key}",
            text=text,
            camp=camp,
            annotation=annotation,
            labels={
                each["key"]: each["label"]
                for each in annotations
                if each["layer"] == layer and annotation in ("", each["key"])
            },
            title=title if is_own else "",
        )
        for pk, kind, layer, passage_id, key, text, camp, is_own, title, annotation, annotations in rows
    }


def _counting(scope: Scope) -> QuerySet[Attempt]:
    """As play.standings counts, without what came late. Who has moved to another class is in its figures alone."""
    rows = Attempt.objects.filter(
        assignment__in=[each.pk for each in scope.assignments],
        number=1,
        is_practice=False,
        is_passed=False,
        is_late=False,
        is_aside=False,
        student__classroom=F("assignment__classroom"),
    ).annotate(version_id=JUDGED)
    if scope.layer:
        rows = rows.filter(layer=scope.layer)
    if scope.student:
        rows = rows.filter(student=scope.student)
    if scope.since:
        rows = rows.filter(answered__gte=scope.since)
    if scope.until:
        rows = rows.filter(answered__lt=scope.until)
    return rows


def language(*, version_id: int) -> str:
    """The language of the text that a decision is about."""
    source = ExerciseVersion.objects.values_list("exercise__passage__source__language", flat=True)
    return str(source.get(pk=version_id))
