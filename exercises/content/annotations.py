"""One annotation of a passage, with the checks that the annotation guide asks for."""

from __future__ import annotations

from exercises.content.schema import (
    BASES,
    EVIDENCE_OPTIONS,
    EXPLANATION_WORDS,
    FIRST_SENTENCE_WORDS,
    LABELLERS,
    LAYERS,
    NEAR_MISSES,
    REPEATING,
    Annotation,
    EvidenceOption,
    Label,
    NearMiss,
    Record,
    Reference,
)
from exercises.content.tables import Table, locate_all
from scoring.spans import Span, Words, sentence_spans


def read_annotation(table: Table, text: str, within: Span, words: Words, labels: dict[str, Label]) -> Annotation:
    layer = table.one_of("layer", LAYERS)
    of_layer = [slug for slug, label in labels.items() if label.layer == layer]
    core = locate_all(table, "core", text, within)
    envelope = locate_all(table, "envelope", text, within)
    annotation = Annotation(
        key=table.name("key", 40),
        layer=layer,
        label=table.one_of("label", of_layer),
        core=core,
        envelope=envelope,
        accepted=table.texts("accepted"),
        near=tuple(NearMiss(each.one_of("label", of_layer), each.take("why", str)) for each in table.tables("near")),
        explanation=table.take("explanation", str),
        difficulty=table.scale("difficulty", 1, 3),
        labellings=table.scale("labellings", 0, 1000),
        agreeing=table.scale("agreeing", 0, 1000),
        adjudicated=table.take("adjudicated", bool),
        fills=table.take("fills", str, "" if layer == "technique" else None),
        look=table.take("look", str, "" if layer == "technique" else None),
        evidence=tuple(
            EvidenceOption(each.take("text", str), each.take("settles", bool), each.take("why", str))
            for each in table.tables("evidence")
        ),
        record=read_record(table.table("record")) if "record" in table.values else None,
        labelled_by=table.one_of("labelled_by", LABELLERS) if "labelled_by" in table.values else "model",
    )
    if not table.values.get("core"):
        table.refuse("core", "needs at least one quote")
    if len(core) > 1 and annotation.label != REPEATING:
        table.refuse("core", f"only {REPEATING} has several spans")
    for slug in annotation.accepted:
        if slug not in of_layer or slug == annotation.label:
            table.refuse("accepted", f"{slug!r} is not another label of the layer")
    near = [each.label for each in annotation.near]
    if len(near) < NEAR_MISSES or len(set(near)) != len(near):
        table.refuse("near", "needs at least two different near misses")
    if {annotation.label, *annotation.accepted} & set(near):
        table.refuse("near", "a near miss is also accepted")
    if annotation.agreeing > annotation.labellings:
        table.refuse("agreeing", "is more than the labellings")
    if envelope and not all(any(e[0] <= c[0] and c[1] <= e[1] for e in envelope) for c in core):
        table.refuse("envelope", "does not hold the core")
    for start, end in core:
        touched = words.run(start - within[0], end - within[0])
        if not touched:
            table.refuse("core", f"{text[start:end]!r} holds no word")
        elif not _on_edges(words, touched, start - within[0], end - within[0]):
            table.refuse("core", f"{text[start:end]!r} cuts through a word")
    _check_explanation(table, annotation.explanation)
    _check_evidence(table, annotation)
    table.close()
    return annotation


def read_record(table: Table) -> Record:
    record = Record(
        text=table.take("text", str),
        basis=table.one_of("basis", BASES),
        references=tuple(
            Reference(each.take("title", str), each.take("publisher", str), each.take("date", str))
            for each in table.tables("references")
        ),
    )
    if record.basis == "verified" and not record.references:
        table.refuse("references", "a verified record names at least one")
    table.close()
    return record


def _check_explanation(table: Table, explanation: str) -> None:
    least, most = EXPLANATION_WORDS
    count = len(explanation.split())
    if not least <= count <= most:
        table.refuse("explanation", f"has {count} words, should have {least} to {most}")
    sentences = sentence_spans(explanation.strip())
    if sentences and (first := len(explanation.strip()[slice(*sentences[0])].split())) > FIRST_SENTENCE_WORDS:
        table.refuse("explanation", f"the first sentence has {first} words, should have at most {FIRST_SENTENCE_WORDS}")


def _check_evidence(table: Table, annotation: Annotation) -> None:
    if annotation.layer == "technique" and annotation.evidence:
        table.refuse("evidence", "only a source gap has evidence options")
    if annotation.evidence and len(annotation.evidence) != EVIDENCE_OPTIONS:
        table.refuse("evidence", f"needs four options, has {len(annotation.evidence)}")
    settling = sum(option.settles for option in annotation.evidence)
    if annotation.evidence and settling not in (1, 2):
        table.refuse("evidence", f"one or two options should settle it, {settling} do; no wrong option may be lacking")


def _on_edges(words: Words, run: Span, start: int, end: int) -> bool:
    first, last = words.code_points(run)
    return start <= first and end >= last
