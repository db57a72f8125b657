"""Changes of a passage's content: each makes the content of a new version and leaves the old one alone.

Content is JSON as `exercises.versions.freeze` makes it; spans are code points of the source's file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Any

from exercises import rendering
from exercises.models import Exercise, ExerciseVersion, Passage, PassageVersion
from exercises.versions import PassageContent, digest

Content = dict[str, Any]
WORDING = ("span", "sentences", "text")
"""What decides whether two versions show the same words, so that an answer to one can be judged by the other."""


def accept(content: Content, mark: str, label: str) -> Content:
    """One more label is right for a mark; it is no near miss any more."""

    def change(annotation: Content) -> None:
        annotation["accepted"] = [*(each for each in annotation["accepted"] if each != label), label]
        annotation["near"] = [near for near in annotation["near"] if near["label"] != label]

    return _changed(content, mark, change)


def widen(content: Content, mark: str, words: Iterable[int]) -> Content:
    """More words belong to a mark and count neither way. `words`: word indices; what belonged to it still does."""
    found = PassageContent.of(content)
    wanted = frozenset(words) | belonging(found, mark)
    spans = [found.span_of(run) for run in rendering.runs(wanted)]

    def change(annotation: Content) -> None:
        annotation["envelope"] = [list(span) for span in spans]

    return _changed(content, mark, change)


def explain(content: Content, mark: str, explanation: str) -> Content:
    return _changed(content, mark, lambda annotation: annotation.update(explanation=explanation))


def remove(content: Content, mark: str, why: str) -> Content:
    """Take a mark off. A layer that has none left is clean, and `why` says what makes it so."""
    new = deepcopy(content)
    layer = next(each["layer"] for each in new["annotations"] if each["key"] == mark)
    new["annotations"] = [each for each in new["annotations"] if each["key"] != mark]
    if not any(each["layer"] == layer for each in new["annotations"]):
        new["layers"][layer] = {"state": "clean", "why": why}
    return new


def discuss(content: Content, layer: str, why: str) -> Content:
    """A layer becomes a matter for discussion: shown, explained, not scored."""
    new = deepcopy(content)
    new["layers"][layer] = {"state": "discussion", "why": why}
    return new


def belonging(content: PassageContent, mark: str) -> frozenset[int]:
    """The words of a mark, core and envelope."""
    annotation = content.annotation(mark)
    target = next(each for each in content.targets(annotation.layer) if each.key == mark)
    return target.core | target.envelope


def publish(*, passage: Passage, content: Content) -> PassageVersion:
    """Write a version beside the one in force, which stays what it is. Call it in a transaction."""
    Passage.objects.select_for_update(no_key=True).get(pk=passage.pk)
    number = passage.versions.count() + 1
    return PassageVersion.objects.create(passage=passage, number=number, digest=digest(content), content=content)


def counterpart(*, played: ExerciseVersion, version: PassageVersion) -> ExerciseVersion | None:
    """What was played, with its options as they were, under another version of its passage; made where it is lacking.

    None where that version does not have what is asked about. Call it in a transaction.
    """
    exercise = played.exercise
    if exercise.annotation and not has_mark(version.content, exercise.annotation):
        return None
    known = ExerciseVersion.objects.filter(exercise=exercise, passage_version=version)
    found = next((each for each in known if each.options == played.options), None)
    if found is None:
        Exercise.objects.select_for_update(no_key=True).get(pk=exercise.pk)
        number = exercise.versions.count() + 1
        found = ExerciseVersion.objects.create(
            exercise=exercise, passage_version=version, number=number, options=played.options
        )
    return found


def has_mark(content: Content, mark: str) -> bool:
    return any(each["key"] == mark for each in content["annotations"])


def same_words(one: PassageVersion, other: PassageVersion) -> bool:
    """Whether two versions of a passage show the same words at the same place of the file."""
    return all(one.content[key] == other.content[key] for key in WORDING)


def _changed(content: Content, mark: str, change: Callable[[Content], object]) -> Content:
    new = deepcopy(content)
    change(next(each for each in new["annotations"] if each["key"] == mark))
    return new
