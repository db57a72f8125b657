"""From a draft to something that classes can play, and back. The checks are those of `load_content`."""

from __future__ import annotations

import tomllib
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet

from classroom.models import OwnText, Teacher
from classroom.own_texts import drafts
from exercises import catalogue, loading, making
from exercises.content.schema import BadContent, SourceText
from exercises.content.tables import Table
from exercises.content.texts import text_of
from exercises.content.writing import passages_toml, source_toml
from exercises.models import Exercise, ExerciseVersion, Passage, PassageVersion, Source


def visible(teacher: Teacher) -> QuerySet[Source]:
    """The texts that a teacher can use: all that are shipped, own ones, and those that colleagues share."""
    mine = Q(own_text__owner=teacher) | Q(own_text__editors=teacher) | Q(own_text__is_shared=True)
    own = Source.objects.filter(mine, own_text__withdrawn=False)
    return Source.objects.filter(Q(is_own=False) | Q(pk__in=own.values("pk")))


def finished(own_text: OwnText) -> SourceText:
    """The draft, read through the same checks as the files of a shipped text. Raises BadContent."""
    text = drafts.source_text(own_text)
    found: list[str] = []
    try:
        source, passages = source_toml(text), passages_toml(text)
    except ValueError as error:
        raise BadContent([str(error)]) from None
    read = text_of(
        text.slug,
        text.text.encode(),
        Table("source.toml", tomllib.loads(source), found),
        Table("passages.toml", tomllib.loads(passages), found),
        catalogue.labels(),
        found,
    )
    if found:
        raise BadContent(found)
    making.make([read], list(catalogue.labels().values()), loading.backdrop())
    return read


@transaction.atomic
def publish(*, own_text: OwnText, now: datetime) -> Source:
    """Make what the draft holds playable. What classes were given before stays as it was. Raises BadContent."""
    row = OwnText.objects.select_for_update(no_key=True).get(pk=own_text.pk)
    source = loading.publish(text=finished(row), labels=list(catalogue.labels().values()))
    row.source, row.published, row.published_revision, row.withdrawn = source, now, row.revision, False
    row.save(update_fields=["source", "published", "published_revision", "withdrawn"])
    return source


@transaction.atomic
def withdraw(*, own_text: OwnText) -> None:
    """Nobody can put it into sets or assign it any more; the draft stays, and what was given is played on."""
    if own_text.source:
        loading.withdraw(source=own_text.source)
    OwnText.objects.filter(pk=own_text.pk).update(withdrawn=True, published_revision=None)


@transaction.atomic
def remove(*, own_text: OwnText) -> bool:
    """Delete the draft, and what was published of it unless a set or a class has it; whether all is deleted."""
    source = own_text.source
    own_text.delete()
    if source is None:
        return True
    loading.withdraw(source=source)
    try:
        with transaction.atomic():
            ExerciseVersion.objects.filter(exercise__passage__source=source).delete()
            Exercise.objects.filter(passage__source=source).delete()
            PassageVersion.objects.filter(passage__source=source).delete()
            Passage.objects.filter(source=source).delete()
            source.delete()
    except ProtectedError:
        return False
    return True


def is_played(*, own_text: OwnText) -> bool:
    """Whether a class was given something of it."""
    given = ExerciseVersion.objects.filter(exercise__passage__source=own_text.source, assignment_items__isnull=False)
    return own_text.source is not None and given.exists()


def is_current(own_text: OwnText) -> bool:
    """Whether what is published is what the draft holds."""
    return own_text.published_revision == own_text.revision


def counted(own_text: OwnText) -> int:
    """How many passages are published."""
    return own_text.source.passages.exclude(current=None).count() if own_text.source else 0
