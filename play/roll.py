"""The students of a class with what they have done, as their teacher sees them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from classroom import queries
from classroom.models import Assignment, Classroom, Student
from play.models import Attempt, Standing


@dataclass(frozen=True)
class RollRow:
    uid: str
    nickname: str
    roster_name: str
    last_seen: datetime
    """The last answer or return, whichever is later."""
    done: int
    total: int
    """Decisions answered, of those assigned to this student."""


@dataclass(frozen=True)
class AssignmentRow:
    title: str
    done: int
    total: int
    points: int
    decisions: int

    @property
    def best(self) -> int:
        """The most points that the counting decisions could bring."""
        return 100 * self.decisions


def roll(*, classroom: Classroom) -> list[RollRow]:
    """Everybody who is in the class, by name."""
    assigned = _assigned(classroom)
    answered = {
        student: (done, latest)
        for student, done, latest in Attempt.objects.filter(assignment__classroom=classroom, number=1)
        .values_list("student")
        .annotate(Count("pk"), Max("answered"))
    }
    rows = []
    for student in classroom.students.filter(is_approved=True).select_related("roster_entry"):
        done, latest = answered.get(student.pk, (0, student.last_seen))
        total = sum(items for _, items, chosen in assigned if not chosen or student.pk in chosen)
        name = student.roster_entry.name if student.roster_entry else ""
        rows.append(RollRow(student.uid, student.nickname, name, max(latest, student.last_seen), done, total))
    return rows


def of_student(*, student: Student, now: datetime) -> list[AssignmentRow]:
    """What one student has done, by assignment. There are no points where the keys of a test wait for a later one."""
    done = dict(
        Attempt.objects.filter(student=student, number=1)
        .values_list("assignment")
        .annotate(n=Count("pk"))
        .values_list("assignment", "n")
    )
    told = Standing.objects.filter(student=student).exclude(assignment__keys_wait_until__gt=now)
    standings = {each.assignment_id: each for each in told}
    given = [each for each in _assigned(student.classroom) if not each[2] or student.pk in each[2]]
    names = queries.assignment_names(classroom=student.classroom, assignments=[row for row, _, _ in given])
    rows = []
    for assignment, items, _ in given:
        standing = standings.get(assignment.pk)
        points, decisions = (standing.points, standing.decisions) if standing else (0, 0)
        rows.append(AssignmentRow(names[assignment.uid], done.get(assignment.pk, 0), items, points, decisions))
    return rows


def others(*, student: Student) -> list[tuple[str, str]]:
    """The other entries of the class, to choose from: uid and nickname."""
    return list(
        Student.objects.filter(classroom=student.classroom_id).exclude(pk=student.pk).values_list("uid", "nickname")
    )


def _assigned(classroom: Classroom) -> list[tuple[Assignment, int, set[int]]]:
    """The class's assignments with the number of their items, and for whom they are (nobody named: for everybody)."""
    chosen: dict[int, set[int]] = defaultdict(set)
    through = Assignment.students.through.objects.filter(assignment__classroom=classroom)
    for assignment, student in through.values_list("assignment", "student"):
        chosen[assignment].add(student)
    rows = classroom.assignments.annotate(item_count=Count("items")).order_by("-created", "-pk")
    return [(row, row.item_count, chosen[row.pk]) for row in rows]
