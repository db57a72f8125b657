"""Texts as packages: written, read back the same, and refused whole where anything is wrong."""

from __future__ import annotations

import hashlib
import io
import json
import stat
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from django.conf import settings
from hypothesis import given
from hypothesis import settings as budget
from hypothesis import strategies as st

from classroom import loading
from exercises import content, packages, versions
from exercises.content.quotes import Quotable
from exercises.content.schema import Annotation, BadContent, Seeds, SourceText
from exercises.content.tables import parse_table
from exercises.content.writing import passages_toml, source_toml
from exercises.models import PassageVersion, Source
from exercises.packages import PackedText, read_package, source_text, write_package
from tests.exercises.small import SmallSeeds

LICENCE = "CC-BY-4.0"
Files = dict[str, bytes]


def labellings_of(slug: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((Path(settings.SEEDS_DIR) / slug / "labellings").glob("*"))}


def library(small: SmallSeeds) -> SourceText:
    return next(text for text in content.read_seeds(small.write()).texts if text.slug == "library")


def unzipped(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rezipped(files: dict[str, bytes | str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(name, each)
    return made.getvalue()


def resealed(files: Files) -> bytes:
    """A package whose manifest fits its files again, as a forger would leave it."""
    manifest = tomllib.loads(files["library/manifest.toml"].decode())
    listed = [name for name in files if name != "library/manifest.toml"]
    manifest["files"] = [
        {"path": name.partition("/")[2], "sha256": hashlib.sha256(files[name]).hexdigest()} for name in listed
    ]
    return rezipped({**files, "library/manifest.toml": tomli_w.dumps(manifest).encode()})


def refusal(data: bytes) -> list[str]:
    with pytest.raises(BadContent) as refused:
        read_package(data)
    return refused.value.problems


@pytest.fixture
def packed(small: SmallSeeds) -> PackedText:
    return PackedText(library(small), LICENCE)


@pytest.fixture
def files(packed: PackedText) -> Files:
    return unzipped(write_package(packed))


def test_every_shipped_text_comes_back_as_it_was(seeds: Seeds) -> None:
    assert seeds.texts
    for text in seeds.texts:
        packed = PackedText(text, LICENCE, labellings_of(text.slug))
        assert len(packed.labellings) == 4
        data = write_package(packed)
        files, back = unzipped(data), read_package(data)
        folder = Path(settings.SEEDS_DIR) / text.slug
        assert files[f"{text.slug}/text.txt"] == (folder / "text.txt").read_bytes()
        for path in folder.glob("labellings/*"):
            assert files[f"{text.slug}/labellings/{path.name}"] == path.read_bytes()
        assert back == packed
        frozen = [[versions.digest(versions.freeze(each, p)) for p in each.passages] for each in (text, back.source)]
        assert frozen[0] == frozen[1]
        assert write_package(back) == data


@pytest.mark.django_db
def test_every_loaded_text_comes_back_and_loads_nothing_new(seeds: Seeds, tmp_path: Path) -> None:
    """Out of the database, through a package, unpacked beside the shipped catalogue and sets, and loaded again."""
    loading.load(Path(settings.SEEDS_DIR))
    before = set(PassageVersion.objects.values_list("pk", "digest"))
    for name in ("labels.toml", "sets.toml"):
        (tmp_path / name).write_bytes((Path(settings.SEEDS_DIR) / name).read_bytes())
    for text in seeds.texts:
        from_rows = source_text(Source.objects.get(slug=text.slug))
        assert from_rows == text
        data = write_package(PackedText(from_rows, LICENCE, labellings_of(text.slug)))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            archive.extractall(tmp_path)
    assert content.read_seeds(tmp_path).texts == seeds.texts
    done = loading.load(tmp_path, anew=True)
    assert done is not None
    assert (done.sources, done.passages, done.exercises, done.withdrawn) == (0, 0, 0, 0)
    assert set(PassageVersion.objects.values_list("pk", "digest")) == before


def test_a_small_text_with_everything_in_it_comes_back(small: SmallSeeds) -> None:
    """Quotes that repeat, several spans, a slip, a glossary, joins and words left out."""
    for text in content.read_seeds(small.write()).texts:
        assert read_package(write_package(PackedText(text, LICENCE))).source == text


def test_no_field_of_a_text_is_forgotten(packed: PackedText) -> None:
    """A field that is added to the schema is written, too, as soon as it is not its default."""
    told = tomllib.loads(source_toml(replace(packed.source, licence="Quoted for teaching"))) | {"left_out": []}
    assert {field.name for field in fields(SourceText)} - {"slug", "text", "passages"} == told.keys()
    passage = tomllib.loads(passages_toml(packed.source))["passages"][0]
    in_other_words = {"span": "quote", "sentences": "key", "layers": "technique"}
    for field in fields(packed.source.passages[0]):
        assert in_other_words.get(field.name, field.name) in passage or field.name in ("slips", "glossary")


def test_what_is_on_record_may_name_no_document_in_a_text_that_is_not_shipped(packed: PackedText) -> None:
    """A teacher may write that something is generally known; `load_content` asks shipped texts for more."""

    def general(gap: Annotation) -> Annotation:
        return replace(gap, record=gap.record and replace(gap.record, basis="general knowledge", references=()))

    passages = tuple(
        replace(each, annotations=tuple(map(general, each.annotations))) for each in packed.source.passages
    )
    own = replace(packed, source=replace(packed.source, passages=passages))
    assert [each.record.references for one in passages for each in one.of_layer("source") if each.record] == [()]
    assert read_package(write_package(own)).source == own.source


def test_a_text_that_would_be_refused_is_not_written(packed: PackedText) -> None:
    for spoilt, reason in (
        (replace(packed.source, title="<script>alert(1)</script>"), "holds a script"),
        (replace(packed.source, camp="neutral"), "is not one of"),
        (replace(packed.source, slug="../up"), "should have a name"),
        (replace(packed.source, outlet=""), "is empty"),
    ):
        with pytest.raises(BadContent, match=reason):
            write_package(replace(packed, source=spoilt))
    with pytest.raises(BadContent, match="licence: is empty"):
        write_package(replace(packed, licence=" "))


def entry(name: str, **attributes: Any) -> Callable[[Files], bytes]:
    """The package with one more entry, with attributes of its own."""

    def change(files: Files) -> bytes:
        made = io.BytesIO(rezipped(dict(files)))
        info = zipfile.ZipInfo(name)
        for key, value in attributes.items():
            setattr(info, key, value)
        with zipfile.ZipFile(made, "a") as archive:
            archive.writestr(info, b"/etc/passwd")
        return made.getvalue()

    return change


def without(name: str) -> Callable[[Files], bytes]:
    return lambda files: rezipped({each: raw for each, raw in files.items() if each != name})


def replaced(name: str, old: str, new: str, *, sealed: bool = True) -> Callable[[Files], bytes]:
    """A file changed. `sealed`: the manifest fits it again, and source.toml fits the text."""

    def change(files: Files) -> bytes:
        text = files[f"library/{name}"].decode()
        assert old in text
        return changed(name, text.replace(old, new, 1).encode(), sealed=sealed)(files)

    return change


def changed(name: str, raw: bytes, *, sealed: bool = True) -> Callable[[Files], bytes]:
    def change(files: Files) -> bytes:
        made = {**files, f"library/{name}": raw}
        if name == "text.txt" and sealed:
            old, new = (hashlib.sha256(each[f"library/{name}"]).hexdigest() for each in (files, made))
            made["library/source.toml"] = files["library/source.toml"].replace(old.encode(), new.encode())
        return resealed(made) if sealed else rezipped(dict(made))

    return change


def bomb(files: Files) -> bytes:
    return rezipped({**files, "library/text.txt": b"a" * 50_000_000})


def lying_bomb(files: Files) -> bytes:
    """A large file whose size in the zip's directory is a small number."""
    large = b"a" * 3_000_000
    data = rezipped({**files, "library/text.txt": large})
    return data.replace(len(large).to_bytes(4, "little"), (500).to_bytes(4, "little"))


def ten_thousand(files: Files) -> bytes:
    return rezipped({**files, **{f"library/{number}": b"" for number in range(10_000)}})


def twice(files: Files) -> bytes:
    made = io.BytesIO(rezipped(dict(files)))
    with zipfile.ZipFile(made, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("library/text.txt", b"Other words.")
    return made.getvalue()


def link(files: Files) -> bytes:
    return entry("library/labellings/run-1.json", external_attr=(stat.S_IFLNK | 0o777) << 16)(files)


def labelling(value: Any) -> Callable[[Files], bytes]:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return changed("labellings/run-1.json", raw)


MARK = {
    "layer": "technique", "label": "loaded-language", "sure": True, "spans": [[0, 3]], "quotes": ["The"], "why": "So.",
}  # fmt: skip
P = "library/passages.toml: "

HOSTILE: dict[str, tuple[Callable[[Files], bytes], str]] = {
    "no zip": (lambda _files: b"PK not really", "This is no zip file"),
    "nothing": (lambda _files: b"", "This is no zip file"),
    "empty zip": (lambda _files: rezipped({}), "'': the folder of the text should have a name"),
    "cut short": (lambda files: rezipped(dict(files))[:-200], "This is no zip file"),
    "too large": (lambda _files: bytes(2_000_001), "The file is larger than 2000 kB"),
    "climbs": (entry("../outside.txt"), "'../outside.txt': the path leads out"),
    "climbs inside": (entry("library/../../outside.txt"), "'library/../../outside.txt': the path leads out"),
    "absolute": (entry("/etc/passwd"), "'/etc/passwd': the path leads out"),
    "drive": (entry("C:/windows"), "'C:/windows': the path leads out"),
    "backslash": (entry("library\\..\\x"), r"'library\\..\\x': the path leads out"),
    "link": (link, "'library/labellings/run-1.json': is a link"),
    "device": (entry("library/x", external_attr=stat.S_IFCHR << 16), "'library/x': is a link or a device"),
    "other folder": (entry("garden/text.txt"), "'garden/text.txt': is not in the folder library"),
    "file of no package": (entry("library/run.py"), "'library/run.py': is no file of a package"),
    "folder of no package": (entry("library/.git/"), "'library/.git/': is no folder of a package"),
    "odd labelling name": (entry("library/labellings/.json"), "'library/labellings/.json': is no file"),
    "encrypted": (entry("library/labellings/a.json", flag_bits=1), ""),
    "bomb": (bomb, "'library/text.txt': is larger than 200 kB"),
    "lying bomb": (lying_bomb, ""),
    "ten thousand files": (ten_thousand, "The zip holds 10004 files"),
    "duplicate": (twice, "'library/text.txt': stands twice"),
    "duplicate but for case": (entry("library/TEXT.txt"), "'library/TEXT.txt': is no file of a package"),
    "no manifest": (without("library/manifest.toml"), "library/manifest.toml: the file is missing"),
    "no text": (without("library/text.txt"), "library/text.txt: the file is missing"),
    "manifest not TOML": (changed("manifest.toml", b"[[", sealed=False), "library/manifest.toml: not TOML"),
    "manifest nested": (changed("manifest.toml", b"a=" + b"[" * 9000, sealed=False), "library/manifest.toml: not TOML"),
    "manifest of another format": (
        replaced("manifest.toml", 'format = "literacy-game-text"', 'format = "other"', sealed=False),
        "library/manifest.toml: format: should be “literacy-game-text”",
    ),
    "other version": (
        replaced("manifest.toml", "version = 1", "version = 2", sealed=False),
        "library/manifest.toml: version: the package has version 2, this game reads version 1",
    ),
    "no licence": (
        replaced("manifest.toml", f'licence = "{LICENCE}"', "", sealed=False),
        "library/manifest.toml: licence: is missing",
    ),
    "unknown key": (
        replaced("manifest.toml", "version = 1", "version = 1\nrun = 'x'", sealed=False),
        "library/manifest.toml: run: is not a key of this table",
    ),
    "wrong sha256": (
        changed("text.txt", b"Other words.", sealed=False),
        "library/manifest.toml: files 1: sha256: does not fit text.txt",
    ),
    "file not listed": (
        entry("library/labellings/run-9.json"),
        "library/manifest.toml: files: labellings/run-9.json is in the package and not in the list",
    ),
    "listed and not there": (
        replaced("manifest.toml", 'path = "source.toml"', 'path = "../source.toml"', sealed=False),
        "library/manifest.toml: files 2: path: '../source.toml' is not in the package",
    ),
    "text not UTF-8": (changed("text.txt", b"\xff\xfe"), "library/source.toml: text.txt: not UTF-8 at byte 0"),
    "text with NUL": (changed("text.txt", b"a\0b"), "library/source.toml: text.txt: holds a NUL at character 2"),
    "TOML not UTF-8": (changed("passages.toml", b'a = "\xe9"'), P + "not UTF-8 at byte 5"),
    "TOML nested": (changed("passages.toml", b"a=" + b"[" * 9000), P + "not TOML: nested too deeply"),
    "endless number": (changed("passages.toml", b"a = " + b"9" * 5000), P + "not TOML: "),
    "too many values": (changed("passages.toml", b"a = [" + b"1," * 20_001 + b"]"), P + "holds more than 20000 values"),
    "long value": (
        changed("passages.toml", b'a = "' + b"x" * 20_001 + b'"'),
        "library/passages.toml: a: has more than 20000 characters",
    ),
    "no passages": (changed("passages.toml", b""), P + "passages: is empty"),
    "script in the text": (
        replaced("text.txt", "The library", "<script>alert(1)</script> The library"),
        "library/text.txt: holds a script",
    ),
    "script in an explanation": (
        replaced("passages.toml", "a lot of heat", "<img src=x onerror=alert(1)>"),
        "library/passages.toml: passages closing-time: annotations t1: explanation: holds a script",
    ),
    "script in the card": (
        replaced("source.toml", "Read it aloud.", "javascript:alert(1)"),
        "library/source.toml: teacher_note: holds a script",
    ),
    "control character": (
        replaced("passages.toml", "A town plans its year.", "A town\\u0000 plans."),
        P + "passages closing-time: context: holds a control character",
    ),
    "unknown label": (
        replaced("passages.toml", 'label = "loaded-language"', 'label = "sarcasm"'),
        P + "passages closing-time: annotations t1: label: 'sarcasm' is not one of",
    ),
    "key that is no name": (
        replaced("passages.toml", 'key = "closing-time"', 'key = "../x y"'),
        P + "passages ../x y: key: should be of letters",
    ),
    "long title": (
        replaced("source.toml", "News of the town", "x" * 301),
        "library/source.toml: title: has 301 characters, should have at most 300",
    ),
    "quote that is not there": (replaced("passages.toml", "heartless", "heartfelt"), P + "passages closing-time"),
    "labelling not JSON": (labelling(b"{"), "library/labellings/run-1.json: not JSON in UTF-8"),
    "labelling nested": (labelling(b"[" * 100_000), "library/labellings/run-1.json: not JSON in UTF-8"),
    "labelling of another shape": (labelling([]), "library/labellings/run-1.json: should hold labeller and marks"),
    "labelling with an unknown label": (
        labelling({"labeller": "Two teachers", "marks": [MARK | {"label": "sarcasm"}]}),
        "library/labellings/run-1.json: marks 1: label: not in the catalogue",
    ),
    "labelling elsewhere": (
        labelling({"labeller": "Two teachers", "marks": [MARK, MARK | {"spans": [[1, 4]]}]}),
        "library/labellings/run-1.json: marks 2: spans: are not where the quotes stand",
    ),
    "labelling with a script": (
        labelling({"labeller": "<script>", "marks": []}),
        "library/labellings/run-1.json: labeller: should be a text",
    ),
}


@pytest.mark.parametrize(("change", "problem"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_package_is_refused_whole_with_file_key_and_reason(
    files: Files, change: Callable[[Files], bytes], problem: str
) -> None:
    problems = refusal(change(files))
    assert any(line.startswith(problem) for line in problems), "\n".join(problems)


def test_the_changes_of_the_test_above_are_what_is_refused(files: Files) -> None:
    """Zipped anew by another program, with folders and with a fair labelling, the package is read."""
    fair = labelling({"labeller": "Two teachers", "marks": [MARK]})(files)
    assert list(read_package(fair).labellings) == ["run-1.json"]
    folders = io.BytesIO(fair)
    with zipfile.ZipFile(folders, "a") as archive:
        archive.writestr(zipfile.ZipInfo("library/"), b"")
        archive.writestr(zipfile.ZipInfo("library/labellings/"), b"")
    assert read_package(folders.getvalue()) == read_package(fair)


def test_no_quote_keeps_the_reader_for_long(files: Files) -> None:
    """Words that nearly fit everywhere: a time that grew with the square of them would outlast every patience."""
    text = b"a " * 90_000 + b"."
    quote = ("a " * 9_000 + "b").encode()
    passages = b"".join(b'[[passages]]\nkey = "p%d"\nquote = "%s"\n' % (number, quote) for number in range(40))
    made = changed("text.txt", text)(files)
    problems = refusal(changed("passages.toml", passages)(unzipped(made)))
    assert any("not found" in line for line in problems)
    often = b"".join(b'[[passages]]\nkey = "p%d"\nquote = "a"\nbefore = "a"\n' % number for number in range(3000))
    assert any("found too often" in line for line in refusal(changed("passages.toml", often)(unzipped(made))))
    dots = changed("text.txt", b"." * 190_000)(files)
    assert any("not found" in line for line in refusal(dots))


@budget(derandomize=True, max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_bytes_are_refused_in_words(data: bytes) -> None:
    assert all(refusal(data))
    assert all(refusal(b"PK\x03\x04" + data))


TOML_VALUES = st.recursive(
    st.text() | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@budget(derandomize=True, max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(["passages", "key", "a"]), TOML_VALUES, max_size=3))
def test_any_toml_is_read_or_refused(table: dict[str, Any]) -> None:
    """Nothing but a refusal comes of values of any kind in any place."""
    valid = tomli_w.dumps(_writable(table)).encode()
    for name in ("source.toml", "passages.toml", "manifest.toml"):
        files = {"library/text.txt": b"Words.", "library/source.toml": b"", "library/passages.toml": b""}
        manifest = {"format": packages.FORMAT, "version": packages.VERSION, "licence": "x", "files": []}
        files["library/manifest.toml"] = tomli_w.dumps(manifest).encode()
        files[f"library/{name}"] = valid
        assert refusal(resealed(files) if name != "manifest.toml" else rezipped(dict(files)))


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_writable(key): _writable(each) for key, each in value.items()}
    return [_writable(each) for each in value] if isinstance(value, list) else value


@budget(derandomize=True, max_examples=300, deadline=None)
@given(st.text(), st.text())
def test_the_writer_keeps_every_text(title: str, note: str) -> None:
    """Whatever stands in a field stands there again, unless it is a character that no text holds."""
    values = {"title": _writable(title).replace("\r", ""), "teacher_note": _writable(note).replace("\r", "")}
    problems: list[str] = []
    raw = tomli_w.dumps(values, multiline_strings=True).encode()
    assert parse_table("x", raw, problems).values == values
    assert not problems


@budget(derandomize=True, max_examples=500, deadline=None)
@given(
    st.text(alphabet="ab \n\t", max_size=40), st.text(alphabet="ab \n", max_size=6), st.text(alphabet="ab ", max_size=3)
)
def test_quotes_are_found_where_a_plain_search_finds_them(text: str, quote: str, before: str) -> None:
    """Against the obvious way: every span of the text, folded, compared with the folded quote."""
    fold = " ".join
    spans = [(start, end) for start in range(len(text)) for end in range(start + 1, len(text) + 1)]
    expected = [
        (start, end)
        for start, end in spans
        if not text[start].isspace() and not text[end - 1].isspace() and text[start:end].split() == quote.split()
    ]
    if before.split():
        expected = [span for span in expected if fold(text[: span[0]].split()).endswith(fold(before.split()))]
    assert Quotable.of(text).places(quote, (0, len(text)), before) == expected
    half = (len(text) // 3, len(text) - len(text) // 3)
    inside = [(start, end) for start, end in expected if half[0] <= start and end <= half[1]]
    assert Quotable.of(text).places(quote, half, before) == inside
