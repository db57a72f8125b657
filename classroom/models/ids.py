"""Ids that cannot be guessed, and keys of a device's session."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models


def new_uid() -> str:
    """72 random bits as 12 characters that are safe in an address."""
    return secrets.token_urlsafe(9)


def new_session_key() -> str:
    return secrets.token_urlsafe(12)


class UidField(models.CharField):  # type: ignore[type-arg]
    """A unique, unguessable public id."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(max_length=16, unique=True, default=new_uid, editable=False)
        super().__init__(**kwargs)
