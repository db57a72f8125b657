"""The owner's log."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.TextChoices):
    SIGNED_IN = "signed-in", _("signed in")
    SIGN_IN_FAILED = "sign-in-failed", _("wrong password")
    INVITED = "invited", _("invited a teacher")
    WITHDRAWN = "withdrawn", _("withdrew open invitations")
    ACCOUNT_MADE = "account-made", _("made an account")
    PASSWORD_LINK = "password-link", _("made a link for a new password")
    OWNER_MADE = "owner-made", _("made an owner")
    CLASS_EXPORTED = "class-exported", _("took a class along")
    ACCOUNT_EXPORTED = "account-exported", _("took the account along")
    STUDENT_REMOVED = "student-removed", _("removed a student")
    CLASS_DELETED = "class-deleted", _("deleted a class")
    CLASS_ENDED = "class-ended", _("a class was deleted: its time was over")
    ACCOUNT_DELETED = "account-deleted", _("deleted the account")
    RULED = "ruled", _("ruled on a mark")
    RULING_ADOPTED = "ruling-adopted", _("adopted a ruling for the school")
    RULING_UNDONE = "ruling-undone", _("undid a ruling")


class AuditEntry(models.Model):
    """A line of the owners' log. Names are kept as words: it outlives account and class, and leads to nobody's data."""

    happened = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=20, choices=AuditEvent.choices)
    who = models.CharField(max_length=150, blank=True)
    """A teacher's name, or empty: nobody known, or the game by itself."""
    about = models.CharField(max_length=150, blank=True)
    """The name of a teacher or of a class, never of a student."""
