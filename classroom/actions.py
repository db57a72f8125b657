"""What teachers and joining students do. Every action is keyword-only and gets the time passed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction

from classroom import entry
from classroom.assigning import assign as assign
from classroom.models import (
    Classroom,
    Invitation,
    NicknamePolicy,
    RosterEntry,
    Student,
    Teacher,
    new_session_key,
)

TRIES = 50
"""Draws of a random name or code before giving up."""
VISIT = timedelta(minutes=1)
"""Within which a student who was seen is not noted again."""


class OwnerExists(Exception):
    """The first-run link has been used."""


class InvitationUsed(Exception):
    """Somebody has made an account with this invitation."""


class ClassClosed(Exception):
    """The class takes nobody in at present."""


class ClassFull(Exception):
    """The class has as many students as its teacher allows."""


class NicknameTaken(Exception):
    """Somebody in the class has this nickname; draw another."""


class NotKnown(Exception):
    """No student of the class has this re-entry phrase."""


@transaction.atomic
def create_owner(*, username: str, password: str) -> Teacher:
    """The first account. Raises OwnerExists if there is one already, also for the second of two at the same time.

    While there is no teacher there is no row of theirs to lock: the one row that tells of the model stands in.
    """
    model = ContentType.objects.get_for_model(Teacher)
    ContentType.objects.select_for_update().get(pk=model.pk)
    if Teacher.objects.exists():
        raise OwnerExists
    return Teacher.objects.create_user(username=username, password=password, is_owner=True)


def invite_teacher(*, owner: Teacher, now: datetime) -> Invitation:
    return Invitation.objects.create(invited_by=owner, created=now)


def withdraw_invitations() -> None:
    """No link that nobody has used yet works any more."""
    Invitation.objects.filter(accepted_by=None).delete()


def accept_invitation(*, invitation: Invitation, username: str, password: str) -> Teacher:
    """A teacher's account. Raises InvitationUsed."""
    return use_invitation(
        invitation=invitation, make=lambda: Teacher.objects.create_user(username=username, password=password)
    )


@transaction.atomic
def use_invitation(*, invitation: Invitation, make: Callable[[], Teacher]) -> Teacher:
    """The account that `make` makes. Raises InvitationUsed, also for the second of two clicks at the same time."""
    if not Invitation.objects.select_for_update().filter(pk=invitation.pk, accepted_by=None).exists():
        raise InvitationUsed
    teacher = make()
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=teacher)
    return teacher


def create_classroom(
    *, teacher: Teacher, name: str, now: datetime, language: str = settings.LANGUAGE_CODE
) -> Classroom:
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                return Classroom.objects.create(
                    teacher=teacher,
                    name=name,
                    language=language,
                    time_zone=settings.TIME_ZONE,
                    code=entry.new_code(),
                    created=now,
                )
        except IntegrityError:
            continue
    raise RuntimeError("no free class code found")


@transaction.atomic
def join(
    *, classroom: Classroom, nickname: str, now: datetime, roster_entry: RosterEntry | None = None
) -> tuple[Student, str]:
    """A new student and the re-entry phrase, which is known only now. Raises ClassClosed, ClassFull, NicknameTaken.

    The class's row is locked, so that no two entries share its last place.
    """
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=classroom.pk)
    if not classroom.is_open:
        raise ClassClosed
    if classroom.is_full:
        raise ClassFull
    if classroom.students.filter(nickname=nickname).exists():
        raise NicknameTaken
    phrase = entry.new_phrase()
    waits = classroom.approves_entries or classroom.nickname_policy == NicknamePolicy.TYPED
    try:
        with transaction.atomic():
            student = Student.objects.create(
                classroom=classroom,
                nickname=nickname,
                roster_entry=roster_entry,
                is_approved=not waits,
                phrase_hmac=entry.phrase_hmac(phrase, classroom.uid),
                joined=now,
                last_seen=now,
            )
    except IntegrityError:
        raise NicknameTaken from None
    return student, phrase


def reenter(*, classroom: Classroom, phrase: str, now: datetime) -> Student:
    """The student of a re-entry phrase. Raises NotKnown."""
    student = classroom.students.filter(phrase_hmac=entry.phrase_hmac(phrase, classroom.uid)).first()
    if student is None:
        raise NotKnown
    Student.objects.filter(pk=student.pk).update(last_seen=now)
    return student


def note_visit(*, student: Student, now: datetime) -> None:
    """The student opens a page or answers. Written once a minute at most."""
    if now - student.last_seen >= VISIT:
        Student.objects.filter(pk=student.pk).update(last_seen=now)


def renew_phrase(*, student: Student) -> str:
    """A new re-entry phrase for a student, whose devices are signed out; the old one is void."""
    phrase = entry.new_phrase()
    Student.objects.filter(pk=student.pk).update(
        phrase_hmac=entry.phrase_hmac(phrase, student.classroom.uid), session_key=new_session_key()
    )
    return phrase
