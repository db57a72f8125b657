"""What the pages of teachers and joining students show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from classroom import entry
from classroom.models import Assignment, Classroom, ExerciseSet, Student, Teacher

DRAWS = 100


@dataclass(frozen=True)
class ClassroomRow:
    uid: str
    name: str
    code: str
    students: int
    assignments: int


@dataclass(frozen=True)
class AssignmentRow:
    uid: str
    title: str
    items: int


def teachers() -> list[Teacher]:
    return list(Teacher.objects.order_by("username"))


def classrooms(*, teacher: Teacher) -> list[ClassroomRow]:
    rows = teacher.classrooms.annotate(
        student_count=Count("students", distinct=True), assignment_count=Count("assignments", distinct=True)
    )
    return [ClassroomRow(row.uid, row.name, row.code, row.student_count, row.assignment_count) for row in rows]


def assignments(*, classroom: Classroom) -> list[AssignmentRow]:
    rows = classroom.assignments.annotate(item_count=Count("items"))
    return [AssignmentRow(row.uid, row.title, row.item_count) for row in rows]


def students(*, classroom: Classroom) -> list[Student]:
    return list(classroom.students.all())


def classroom_by_code(*, typed: str) -> Classroom | None:
    code = entry.clean_code(typed)
    return Classroom.objects.filter(code=code).first() if code else None


def sets(*, teacher: Teacher) -> list[ExerciseSet]:
    """Sets that can be assigned: the ready-made ones and the teacher's own."""
    available = ExerciseSet.objects.filter(owner=None) | ExerciseSet.objects.filter(owner=teacher)
    return list(available.filter(starter=False, sealed=False, withdrawn=False).annotate(decisions=Count("items")))


def starter() -> ExerciseSet | None:
    return ExerciseSet.objects.filter(starter=True, withdrawn=False).first()


def version_ids(*, exercise_set: ExerciseSet) -> list[int]:
    """The exercise versions in force of a set's items, in order."""
    current = exercise_set.items.exclude(exercise__current=None)
    return list(current.values_list("exercise__current_id", flat=True))


def assignment_version_ids(*, assignment: Assignment) -> list[int]:
    return list(assignment.items.values_list("exercise_version_id", flat=True))


def free_nickname(*, classroom: Classroom, but_not: Sequence[str] = ()) -> str:
    """A generated nickname that nobody in the class has."""
    taken = {*classroom.students.values_list("nickname", flat=True), *but_not}
    for _ in range(DRAWS):
        if (nickname := entry.new_nickname()) not in taken:
            return nickname
    return f"{entry.new_nickname()} {len(taken) + 1}"
