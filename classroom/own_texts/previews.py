"""What would be made of a draft's passage, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace

from classroom import ways as set_ways
from classroom.models import OwnText
from classroom.own_texts import drafts
from exercises import catalogue, loading, making, rendering
from exercises.content.schema import LayerState, Passage, SourceText
from exercises.versions import PassageContent, Played, item_of


@dataclass(frozen=True)
class DraftWay:
    """One way to play a passage of a draft."""

    slug: str
    name: str
    played: Played
    source: SourceText


def ways(*, own_text: OwnText, number: int) -> list[DraftWay]:
    """The ways of the passage of that number, in the order of the kinds. Raises BadContent where options lack."""
    text = drafts.source_text(own_text)
    text = replace(text, passages=tuple(map(_decided, text.passages)))
    passage = text.passages[number - 1]
    content = drafts.content_of(own_text.draft, own_text.draft["passages"][number - 1])
    made = making.make([text], list(catalogue.labels().values()), loading.backdrop())
    mine = [each for each in made if each.passage == making.address(text, passage)]
    mine.sort(key=lambda each: list(set_ways.KIND_NAMES).index(each.kind))
    return [_way(text, content, each) for each in mine]


def _decided(passage: Passage) -> Passage:
    """A layer that nobody has decided on is not played: neither clean nor marked."""
    undecided = {layer: LayerState("discussion", "") for layer, state in passage.layers.items() if not state.state}
    return replace(passage, layers=passage.layers | undecided)


def _way(text: SourceText, content: PassageContent, made: making.Made) -> DraftWay:
    item = item_of(content, made.kind, made.layer, made.annotation, made.options)
    played = Played(
        version_id=0,
        kind=made.kind,
        layer=made.layer,
        annotation=made.annotation,
        content=content,
        item=item,
        passage_id=0,
        source_id=0,
        is_own=True,
    )
    name = f"{set_ways.LAYER_NAMES[made.layer]}: {set_ways.KIND_NAMES[made.kind]}"
    if made.annotation:
        name += f" “{rendering.quoted(content, content.annotation(made.annotation).core)}”"
    slug = ".".join(part for part in (made.kind, made.layer, made.annotation) if part)
    return DraftWay(slug, name, played, text)
