"""What teachers do with a class as a whole: its settings, its code, its roster, its teachers, its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from classroom import entry, rosters
from classroom.actions import TRIES
from classroom.models import Classroom, RosterEntry, Student, Teacher


class NoSuchTeacher(Exception):
    """Nobody with an account has this sign-in name."""


class TeachesAlready(Exception):
    """This teacher leads or shares the class."""


class NicknameGiven(Exception):
    """Somebody else in the class has this name."""


def change(*, classroom: Classroom, values: Mapping[str, Any]) -> None:
    """Change a class's settings. Whoever is in it stays in."""
    Classroom.objects.filter(pk=classroom.pk).update(**values)


def set_joining(*, classroom: Classroom, is_open: bool) -> None:
    Classroom.objects.filter(pk=classroom.pk).update(is_open=is_open)


def renew_code(*, classroom: Classroom) -> str:
    """A new code; the old one, its link and its picture lead nowhere any more."""
    for _ in range(TRIES):
        code = entry.new_code()
        try:
            with transaction.atomic():
                Classroom.objects.filter(pk=classroom.pk).update(code=code)
        except IntegrityError:
            continue
        return code
    raise RuntimeError("no free class code found")


def approve(*, classroom: Classroom, students: Sequence[str] | None = None) -> int:
    """Let waiting entries in: those with these uids, or all. How many there were."""
    waiting = classroom.students.filter(is_approved=False)
    if students is not None:
        waiting = waiting.filter(uid__in=students)
    return waiting.update(is_approved=True)


def rename(*, student: Student, nickname: str) -> None:
    """Raises NicknameGiven."""
    if Student.objects.filter(classroom=student.classroom_id, nickname=nickname).exclude(pk=student.pk).exists():
        raise NicknameGiven
    try:
        with transaction.atomic():
            Student.objects.filter(pk=student.pk).update(nickname=nickname)
    except IntegrityError:
        raise NicknameGiven from None


@transaction.atomic
def extend_roster(*, classroom: Classroom, names: Sequence[str]) -> tuple[int, int]:
    """Put names on the roster that are not on it; how many are new, and how many were there.

    A list that is given again adds nothing; a name that stands twice in it is two children.
    """
    Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    known = list(classroom.roster.values_list("name", "position"))
    on_it = {name.casefold() for name, _ in known}
    last = max((position for _, position in known), default=0)
    new = [name for name in rosters.told_apart(names) if name.casefold() not in on_it]
    RosterEntry.objects.bulk_create(
        RosterEntry(classroom=classroom, name=name, position=position) for position, name in enumerate(new, last + 1)
    )
    return len(new), len(names) - len(new)


def remove_from_roster(*, entry: RosterEntry) -> None:
    """Take a name off the roster; a student who took it stays in the class under it."""
    entry.delete()


def add_co_teacher(*, classroom: Classroom, username: str) -> Teacher:
    """Raises NoSuchTeacher, TeachesAlready."""
    found = Teacher.objects.filter(username__iexact=username, is_active=True).first()
    if found is None:
        raise NoSuchTeacher
    if found.pk == classroom.teacher_id or classroom.co_teachers.filter(pk=found.pk).exists():
        raise TeachesAlready
    classroom.co_teachers.add(found)
    return found


def remove_co_teacher(*, classroom: Classroom, teacher: Teacher) -> None:
    classroom.co_teachers.remove(teacher)


def delete(*, classroom: Classroom) -> None:
    """A class with all that belongs to it: students, assignments, answers."""
    classroom.delete()
