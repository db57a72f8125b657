"""Teachers and their invitations."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from classroom.models.ids import UidField


class Teacher(AbstractUser):
    """Somebody with an account. The owner set the installation up and sees owners' pages, too."""

    uid = UidField()
    is_owner = models.BooleanField(default=False)


class Invitation(models.Model):
    """A link by which one more teacher makes an account."""

    uid = UidField()
    invited_by = models.ForeignKey(Teacher, models.CASCADE, related_name="invitations")
    created = models.DateTimeField()
    accepted_by = models.OneToOneField(Teacher, models.CASCADE, null=True, related_name="invitation")
    """An invitation goes with the account that it made: it would open again without one."""
