"""What the pages of teachers and joining students show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from classroom import entry, sections
from classroom.models import Assignment, Classroom, ExerciseSet, Invitation, Student, Teacher
from classroom.schedule import Schedule, State, schedule_of

DRAWS = 100


@dataclass(frozen=True)
class ClassroomRow:
    uid: str
    name: str
    code: str
    students: int
    assignments: int
    is_answered: bool
    """Whether anybody has answered anything in it."""


@dataclass(frozen=True)
class AssignmentRow:
    uid: str
    title: str
    language: str
    """Of the title; empty where it is not known."""
    items: int
    state: State
    schedule: Schedule
    given: datetime
    chosen: int
    """How many students it is for; 0 for the whole class."""


@dataclass(frozen=True)
class Joined:
    """How many are in a class, and how many wait for approval."""

    students: int
    waiting: int

    @property
    def everybody(self) -> int:
        """Who takes up room."""
        return self.students + self.waiting


@dataclass(frozen=True)
class RosterRow:
    uid: str
    name: str
    student: Student | None


def teachers() -> list[Teacher]:
    return list(Teacher.objects.order_by("username"))


def open_invitations() -> int:
    """Links that nobody has used yet."""
    return Invitation.objects.filter(accepted_by=None).count()


def classrooms(*, teacher: Teacher) -> list[ClassroomRow]:
    """The classes that a teacher leads or shares."""
    taught = Classroom.objects.filter(Q(teacher=teacher) | Q(pk__in=teacher.shared_classrooms.values("pk")))
    rows = taught.annotate(
        student_count=Count("students", distinct=True), assignment_count=Count("assignments", distinct=True)
    ).order_by("name", "pk")
    return [
        ClassroomRow(
            row.uid, row.name, row.code, row.student_count, row.assignment_count, is_answered=bool(row.last_answer)
        )
        for row in rows
    ]


def assignments(*, classroom: Classroom, now: datetime) -> list[AssignmentRow]:
    """The latest first."""
    rows = (
        classroom.assignments.annotate(
            item_count=Count("items", distinct=True), chosen_count=Count("students", distinct=True)
        )
        .select_related("exercise_set")
        .order_by("-created", "-pk")
        .prefetch_related("extensions")
    )
    times = {row: schedule_of(row) for row in rows}
    return [
        AssignmentRow(
            row.uid,
            row.title,
            row.language,
            row.item_count,
            each.state(now),
            each,
            row.created,
            row.chosen_count,
        )
        for row, each in times.items()
    ]


def shared_titles(*, titles: Iterable[str]) -> set[str]:
    """Those that several assignments have: of one set, mostly."""
    return {title for title, times in Counter(titles).items() if times > 1}


def assignment_names(*, classroom: Classroom, assignments: Iterable[Assignment]) -> dict[str, str]:
    """Title by uid; where several have one title, with when they were assigned, on the class's clock."""
    rows = list(assignments)
    shared, zone = shared_titles(titles=[row.title for row in rows]), ZoneInfo(classroom.time_zone)
    names = {row.uid: row.title for row in rows}
    for row in rows:
        if row.title in shared:
            when = date_format(row.created.astimezone(zone), "SHORT_DATETIME_FORMAT")
            names[row.uid] = _("%(title)s (assigned %(when)s)") % {"title": row.title, "when": when}
    return names


def joined(*, classroom: Classroom) -> Joined:
    approved = Count("pk", filter=Q(is_approved=True))
    found = classroom.students.aggregate(everybody=Count("pk"), students=approved)
    return Joined(found["students"], found["everybody"] - found["students"])


def students(*, classroom: Classroom) -> list[Student]:
    """Who is in the class; entries that wait for approval are not."""
    return list(classroom.students.filter(is_approved=True))


def waiting(*, classroom: Classroom) -> list[Student]:
    """Entries that wait for the teacher, the latest first."""
    return list(classroom.students.filter(is_approved=False).order_by("-joined", "-pk"))


def roster(*, classroom: Classroom) -> list[RosterRow]:
    """The names on the roster, with who took them."""
    rows = classroom.roster.select_related("student")
    return [RosterRow(row.uid, row.name, student) for row in rows for student in [getattr(row, "student", None)]]


def free_names(*, classroom: Classroom) -> list[tuple[str, str]]:
    """The names of the roster that nobody has taken: uid and name."""
    taken = classroom.students.values("nickname")
    return list(classroom.roster.filter(student=None).exclude(name__in=taken).values_list("uid", "name"))


def led_classrooms(*, teacher: Teacher) -> list[Classroom]:
    return list(teacher.classrooms.all())


def co_teachers(*, classroom: Classroom) -> list[Teacher]:
    return list(classroom.co_teachers.order_by("username"))


def classroom_by_code(*, typed: str) -> Classroom | None:
    code = entry.clean_code(typed)
    return Classroom.objects.filter(code=code).first() if code else None


def sets(*, teacher: Teacher) -> list[ExerciseSet]:
    """Sets that can be assigned: the ready-made ones, the teacher's own, and shared ones. Empty ones cannot."""
    available = ExerciseSet.objects.filter(Q(owner=None) | Q(owner=teacher) | Q(is_shared=True))
    playable = Count("items", filter=Q(items__exercise__current__isnull=False))
    rows = available.filter(starter=False, sealed=False, withdrawn=False).annotate(decisions=playable)
    return list(rows.filter(decisions__gt=0))


def assignable(*, teacher: Teacher) -> list[ExerciseSet]:
    """The same with the sealed test forms, which are given only where keys are shown after closing."""
    sealed = ExerciseSet.objects.filter(owner=None, starter=False, sealed=True, withdrawn=False)
    return [*sets(teacher=teacher), *sealed]


def named(*, sets: Iterable[ExerciseSet]) -> list[tuple[str, str]]:
    """Uid and title of each, to choose from; where several have one title, those of teachers with their last change."""
    rows = list(sets)
    same = Counter(row.title for row in rows)
    return [(row.uid, _told_apart(row) if same[row.title] > 1 else row.title) for row in rows]


def _told_apart(row: ExerciseSet) -> str:
    if row.edited is None:
        return row.title
    when = date_format(timezone.localtime(row.edited), "DATETIME_FORMAT")
    return _("%(title)s (changed %(when)s)") % {"title": row.title, "when": when}


def starter() -> ExerciseSet | None:
    return ExerciseSet.objects.filter(starter=True, withdrawn=False).first()


def version_ids(*, exercise_set: ExerciseSet, teacher_id: int | None = None) -> list[int]:
    """The exercise versions in force of a set's items, in order; by a teacher's rulings, or the school's alone."""
    return [version for version, _ in sections.sectioned(exercise_set=exercise_set, teacher_id=teacher_id)]


def assignment_version_ids(*, assignment: Assignment) -> list[int]:
    return list(assignment.items.values_list("exercise_version_id", flat=True))


def free_nickname(*, classroom: Classroom, but_not: Sequence[str] = ()) -> str:
    """A generated nickname that nobody in the class has."""
    taken = {*classroom.students.values_list("nickname", flat=True), *but_not}
    for _draw in range(DRAWS):
        if (nickname := entry.new_nickname()) not in taken:
            return nickname
    return f"{entry.new_nickname()} {len(taken) + 1}"
