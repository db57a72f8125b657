"""Ready-made sets into the database, beside the material that exercises/loading.py writes."""

from __future__ import annotations

from pathlib import Path

from django.db import transaction

from classroom.models import ExerciseSet, SetItem
from exercises import content, loading, making
from exercises.content.schema import BadContent, ReadySet, Seeds
from exercises.content.schema import SetItem as SeedItem
from exercises.models import Exercise

KEPT = ("title", "aim", "minutes", "level", "note", "starter", "example", "sealed")


def check(folder: Path) -> Seeds:
    """Read all seeds and check that every set's items are made. Raises BadContent with every problem found."""
    seeds = content.read_seeds(folder)
    made = {each.address for each in making.make(seeds.texts, seeds.labels)}
    problems = []
    for ready in seeds.sets:
        where, seen = f"sets.toml: sets {ready.slug}", set[tuple[str, str]]()
        for item in ready.items:
            address = _address(item, seeds)
            if address not in made:
                asked = f"{item.kind} {item.annotation or item.layer}".strip()
                why = _why_not(address, seeds)
                problems.append(f"{where}: {item.passage} cannot be played as {asked}{why and f': {why}'}")
            if (address[0], address[2]) in seen:
                problems.append(f"{where}: {item.passage}: two decisions on one layer of a passage")
            seen.add((address[0], address[2]))
    if problems:
        raise BadContent(problems)
    return seeds


@transaction.atomic
def load(folder: Path, *, anew: bool = False) -> loading.Loaded | None:
    """Load all seeds, or nothing where they are what was loaded last. Raises BadContent, with nothing changed."""
    if not anew and loading.loaded_digest() == content.digest_of(folder):
        return None
    seeds = check(folder)
    done = loading.load(seeds=seeds)
    rows = {
        (str(row.passage), row.kind, row.layer, row.annotation): row
        for row in Exercise.objects.filter(passage__source__is_own=False)
        .exclude(current=None)
        .select_related("passage__source")
    }
    for ready in seeds.sets:
        _load_set(ready, [rows[_address(item, seeds)] for item in ready.items])
    ExerciseSet.objects.filter(owner=None).exclude(slug__in=[ready.slug for ready in seeds.sets]).update(withdrawn=True)
    return done


def _load_set(ready: ReadySet, exercises: list[Exercise]) -> None:
    values = {key: getattr(ready, key) for key in KEPT}
    row, _ = ExerciseSet.objects.update_or_create(slug=ready.slug, defaults=values | {"withdrawn": False})
    if [item.exercise_id for item in row.items.all()] == [exercise.pk for exercise in exercises]:
        return
    row.items.all().delete()
    SetItem.objects.bulk_create(
        SetItem(exercise_set=row, exercise=exercise, position=position)
        for position, exercise in enumerate(exercises, 1)
    )


def _why_not(address: tuple[str, str, str, str], seeds: Seeds) -> str:
    """Why nothing can be marked there, where that is what was asked; otherwise empty."""
    passage, kind, layer, _ = address
    found = {making.address(text, each): (text, each) for text in seeds.texts for each in text.passages}
    if passage not in found or making.MARKING_KIND.get(layer) != kind:
        return ""
    text, asked = found[passage]
    return making.why_not_markable(asked, layer, text.words(asked))


def _address(item: SeedItem, seeds: Seeds) -> tuple[str, str, str, str]:
    """(passage, kind, layer, annotation), the layer taken from the kind or the annotation where it is not given."""
    layer = item.layer or {"spot": "technique", "source": "source"}.get(item.kind, "")
    if item.annotation:
        for text in seeds.texts:
            for passage in text.passages:
                if making.address(text, passage) == item.passage:
                    layer = next((each.layer for each in passage.annotations if each.key == item.annotation), layer)
    return item.passage, item.kind, layer, item.annotation
