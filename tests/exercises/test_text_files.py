"""Files and pastes read into plain text, with every change told, and hostile ones refused in words."""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import example, given
from hypothesis import settings as budget
from hypothesis import strategies as st

from exercises import text_files
from exercises.reduction import html
from exercises.reduction.child import KINDS
from exercises.text_files import LARGEST_FILE, LARGEST_TEXT, ReadText, UnreadableText, read_pasted, read_text_file
from tests.exercises import documents
from tests.exercises.documents import docx, paragraph
from tests.odd import TEXTS

WRAPPED = """\
The council decided on Monday that the library would close at six
o'clock, which many of the people who live in the neigh-
bourhood had feared for months. The mayor called it a well-
known plan. A well-known plan, said the council, it was not.

A second paragraph begins here, and it goes on for a while until the
line is full. Then it ends.
"""
UNWRAPPED = (
    "The council decided on Monday that the library would close at six o'clock, which many of the people who live in "
    "the neighbourhood had feared for months. The mayor called it a well-known plan. A well-known plan, said the "
    "council, it was not.\n\n"
    "A second paragraph begins here, and it goes on for a while until the line is full. Then it ends."
)


def refused(name: str, data: bytes) -> str:
    with pytest.raises(UnreadableText) as told:
        read_text_file(name, data)
    return str(told.value)


def told(read: ReadText, words: str) -> bool:
    return any(words in note for note in read.notes)


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_as_it_says(encoding: str) -> None:
    words = "“Чому?” – питає Зоряна."
    read = read_text_file("a.txt", words.encode(encoding))
    assert (read.text, read.kind, read.notes) == (words, "text", ())
    assert read.encoding == encoding.removesuffix("-sig")


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Міська рада вирішила, що бібліотека зачинятиметься о шостій годині вечора. Мешканці обурені."),
        ("koi8_r", "Городской совет решил, что библиотека будет закрываться в шесть часов вечера. Жители возмущены."),
        ("cp1250", "Rada miasta zdecydowała, że biblioteka będzie zamykana o szóstej. Mieszkańcy są oburzeni, źli."),
        ("iso8859_2", " ".join(8 * ["Rada ogłosiła, że budżet został przyjęty. Zebrali się w sali przy kościele."])),
        ("cp1252", "Der Stadtrat hat beschlossen, daß die Bücherei um sechs schließt. Die Bürger sind empört."),
    ],
)
def test_an_older_encoding_is_guessed_and_the_guess_is_told(encoding: str, words: str) -> None:
    read = read_text_file("a.txt", words.encode(encoding))
    assert read.text == words
    assert told(read, f"{read.encoding} was guessed")


def test_a_page_is_read_in_the_encoding_that_it_names() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body><p>Так.</p></body></html>'
    read = read_text_file("a.html", page.encode("cp1251"))
    assert (read.text, read.encoding) == ("Так.", "cp1251")


def test_a_page_that_names_a_wrong_encoding_is_read_all_the_same() -> None:
    for name in ("utf-16", "nonsense", "rot13", "idna", "base64", "utf-7"):
        page = f'<html><head><meta charset="{name}"></head><body><p>Як справи?</p></body></html>'
        assert read_text_file("a.html", page.encode()).text == "Як справи?"


# What is cleaned, and told


def test_what_nobody_sees_is_taken_out_and_told() -> None:
    read = read_pasted("The \u200bfirst\ufeff wo\u00adrd\x07 is ﬁne.\r\nZoe\u0301 \u202elaughs\u202c.")
    assert read.text == "The first word is fine.\nZoé laughs."
    assert read.notes == (
        "1 line end of another system was written the usual way.",
        "1 control character was taken out.",
        "4 invisible characters were taken out.",
        "1 joined letter (such as ﬁ) was written as single letters.",
        "Letters and accents that were written apart were put together.",
        "1 soft hyphen was taken out.",
    )


def test_joiners_stay_where_a_script_needs_them() -> None:
    assert read_pasted("نمی‌دانم 👩‍👩‍👧‍👦").text == "نمی‌دانم 👩‍👩‍👧‍👦"
    assert read_pasted("lib\u200drary бібліо\u200cтека").text == "library бібліотека"


def test_a_plain_text_is_left_alone_to_the_character() -> None:
    words = "A title\n\nA sentence with “quotes”, a hard\u00a0space – and 23,000 more.\nAnother line.\n\n- one\n- two"
    assert read_pasted(words) == ReadText(words, words, "paste", "", ())


def test_lines_that_were_cut_to_a_width_are_joined_and_words_put_together() -> None:
    read = read_text_file("a.txt", WRAPPED.encode())
    assert read.text == UNWRAPPED
    assert read.unrepaired == WRAPPED.strip()
    assert read.notes == (
        "4 lines that were cut to a width were joined with the next.",
        "1 word that was divided at a line’s end was put together: neighbourhood.",
    )
    assert read_text_file("a.txt", WRAPPED.replace("\n", "\r\n").encode()).text == UNWRAPPED


@pytest.mark.parametrize(
    "lines",
    [
        "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"
        "Rough winds do shake the darling buds of May,\nAnd summer's lease hath all too short a date.",
        "Bread\nButter\nMilk\nEggs\nFlour",
        "First paragraph, which is one line.\nSecond paragraph, which is one more.\nThird paragraph, the last.\nEnd.",
    ],
)
def test_verses_lists_and_paragraphs_keep_their_lines(lines: str) -> None:
    assert read_pasted(lines).text == lines


def test_items_of_a_list_in_a_cut_text_keep_their_lines() -> None:
    words = WRAPPED + "\n- the first thing that the council of the town said to the press\n- the second thing\n"
    assert read_pasted(words).text.endswith("to the press\n- the second thing")


# Kinds


def test_html_is_reduced_to_what_readers_see() -> None:
    page = """<!DOCTYPE html><html><head><title>Site</title><style>p {color: red}</style></head><body>
        <nav>Home</nav><article><h1>The
        title</h1><p>One <b>two</b>\n three.<br>Four&nbsp;&amp; five.</p><ul><li>a<li>b</ul>
        <p hidden>secret</p><div style="display: none">more <div>secret</div> still</div><img src="x">
        <script>evil("</p>")</script><p>End.</p></article><footer>Imprint</footer></body></html>"""
    read = read_text_file("page.html", page.encode())
    assert read.text == "The title\n\nOne two three.\nFour\xa0& five.\n\na\nb\n\nEnd."
    assert read.kind == "html"
    assert read.notes == (
        "2 parts that readers of the page do not see were left out.",
        "1 picture, film or frame was left out.",
        "1 script or style was left out.",
        "Only the article was taken from the page, not what stands around it.",
    )


def test_html_is_known_by_what_it_is() -> None:
    assert read_text_file("page.txt", b"<!-- saved --><html><body><p>Words.").kind == "html"
    assert read_text_file("page", b"<!doctype html><p>Words.").text == "Words."


def test_markdown_is_reduced_to_what_readers_see() -> None:
    page = "# Title\n\nA *bold* claim, see\n[there](https://example.org/).\n\n> Quoted.\n\n<script>evil()</script>\n"
    read = read_text_file("a.md", page.encode())
    assert read.text == "Title\n\nA bold claim, see there.\n\nQuoted."
    assert told(read, "addresses of links were left out")
    assert told(read, "1 script or style was left out")


def test_docx_is_reduced_to_its_paragraphs() -> None:
    body = (
        paragraph("The ", "title")
        + "<w:p><w:del><w:r><w:delText>never</w:delText></w:r></w:del><w:ins><w:r><w:t>always</w:t></w:r></w:ins></w:p>"
        + "<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:footnoteReference/></w:r></w:p>"
        + "<w:p><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>"
    )
    read = read_text_file("a.docx", docx(body, footnotes="<w:footnotes/>"))
    assert (read.text, read.kind, read.encoding) == ("The title\n\nalways\n\na\tb\nc", "docx", "")
    assert told(read, "1 passage that was deleted")
    assert told(read, "1 footnote was left out")
    assert read_text_file("b.docx", docx(paragraph("Words."), target="word/document2.xml")).text == "Words."


def test_pdf_is_reduced_to_the_text_of_its_pages() -> None:
    first, _, second = WRAPPED.partition("known plan.")
    pages = [first.splitlines(), ("known plan." + second).splitlines()]
    read = read_text_file("a.pdf", documents.pdf(pages))
    assert " ".join(read.text.split()) == " ".join(UNWRAPPED.split())
    assert told(read, "The PDF has 2 pages")


def test_a_pdf_that_anybody_may_open_is_read() -> None:
    assert read_text_file("a.pdf", documents.locked_pdf("")).text == "Only who knows the word may read on."


# Refusals

REFUSED = {
    "empty": ("a.txt", b" \n", "There is no text in it."),
    "no word": ("a.txt", b"--- ...", "There is no text in it."),
    "too large": ("a.txt", b"a" * (LARGEST_FILE + 1), "The file is larger than 5 MB."),
    "too long": ("a.txt", b"word " * 40_001, "The text is longer than 200 kB."),
    "binary": ("a.txt", b"abc\0def", "This is no text"),
    "half characters": ("a.txt", b"\xff\xfe\x00\xd8a\x00", "Its characters could not be read."),
    "script": ("a.txt", b"<script>alert(1)</script>", "The text holds a script"),
    "script in entities": ("a.html", b"<html><p>&lt;img src=x onerror=alert(1)&gt;", "The text holds a script"),
    "only scripts": ("a.html", b"<html><script>alert(1)</script>", "There is no text in it."),
    "rtf": ("a.txt", b"{\\rtf1 x}", "RTF files are not read."),
    "old Word": ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(99), "This is an old Word file"),
    "program": ("a.exe", b"MZ", "This kind of file is not read."),
    "zip": ("a.zip", documents.zipped({"a": "b"}), "The file is not what its name says."),
    "no PDF": ("a.pdf", b"words", "The file is not what its name says."),
    "no DOCX": ("a.docx", b"words", "The file is not what its name says."),
    "PDF cut short": ("a.pdf", b"%PDF-1.7\n1 0 obj", "The file is damaged"),
    "PDF with a password": ("a.pdf", documents.locked_pdf("word"), "The file is protected with a password."),
    "PDF without end": ("a.pdf", documents.pdf_without_end(), "The file is damaged"),
    "PDF of pictures": ("a.pdf", documents.pdf([[]]), "No text was found in the PDF"),
    "PDF of many pages": ("a.pdf", documents.pdf([["x"]] * 301), "The PDF has more than 300 pages."),
    "DOCX of no Word": ("a.docx", documents.zipped({"a": "b"}), "There is no Word text in this file."),
    "DOCX damaged": ("a.docx", b"PK\x03\x04words", "The file is damaged"),
    "DOCX not XML": ("a.docx", docx("<w:p>"), "The file is damaged"),
    "DOCX with an entity": (
        "a.docx",
        docx(paragraph("&a;"), head='<!DOCTYPE x [<!ENTITY a "b">]>'),
        "The file holds declarations",
    ),
}


@pytest.mark.parametrize(("name", "data", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, data: bytes, reason: str) -> None:
    assert refused(name, data).startswith(reason)


BOMBS = {
    "DOCX of nothing": ("a.docx", docx("<w:p/>" * 12_000_000)),
    "DOCX of one word": ("a.docx", docx(paragraph("a" * 100_000_000))),
    "DOCX of many files": ("a.docx", documents.zipped({str(number): "" for number in range(6000)})),
    "DOCX of many laughs": (
        "a.docx",
        docx(
            paragraph("&l9;"),
            head='<!DOCTYPE x [<!ENTITY l0 "ha">'
            + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
            + "]>",
        ),
    ),
    "PDF of one word": ("a.pdf", documents.pdf_of_stream(b"BT /F1 1 Tf " + b"(a) Tj " * 20_000_000)),
    "HTML in itself": ("a.html", b"<html>" + b"<div hidden>" * 400_000),
    "HTML of brackets": ("a.html", b"<html>" + b"<" * 4_900_000),
    "Markdown of brackets": ("a.md", b"[" * 190_000),
}


SLOW = {"DOCX of nothing", "HTML in itself", "HTML of brackets", "Markdown of brackets"}
"""They are ended by the bound on time, or nearly."""


@pytest.mark.parametrize(
    ("name", "data"),
    [pytest.param(*bomb, id=id, marks=[pytest.mark.long] * (id in SLOW)) for id, bomb in BOMBS.items()],
)
def test_a_bomb_is_refused_and_leaves_the_process_as_it_was(name: str, data: bytes) -> None:
    """That it ends at all is the bound on time; the one on memory is that this process hardly grows."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert len(data) <= LARGEST_FILE
    assert refused(name, data)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_the_child_is_ended_when_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "MOST_SECONDS", 0.01)
    assert refused("a.docx", docx(paragraph("Words."))).startswith("Reading the file took too long")
    monkeypatch.undo()
    assert read_text_file("a.docx", docx(paragraph("Words."))).text == "Words."


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no address space")
def test_files_that_wait_keep_few_threads() -> None:
    """The server has eight for everybody: the fifth file at a time is told to come again."""
    for _ in range(4):
        assert text_files.IN_HAND.acquire(blocking=False)
    try:
        assert "Try again" in refused("a.md", b"words")
    finally:
        for _ in range(4):
            text_files.IN_HAND.release()
    assert read_text_file("a.md", b"words").text == "words"


def test_the_child_is_bounded_in_memory() -> None:
    code = "from exercises.reduction import child; child.limit(); bytearray(child.MOST_MEMORY)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.endswith("MemoryError\n")


def test_nothing_of_the_readers_is_loaded_with_the_product() -> None:
    """pypdf and charset-normalizer take long to load: the child loads them, or the first text that needs one."""
    code = "import sys; import exercises.text_files; print(sorted({'pypdf', 'charset_normalizer'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


# Any input at all


def outcome(read: ReadText) -> None:
    """What holds for every text that is read."""
    for text in (read.text, read.unrepaired):
        assert len(text.encode()) <= LARGEST_TEXT
        assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in text if each not in "\n\t")
        assert not {"\u200b", "\u00ad", "\ufeff", "\u202e", "\r"} & set(text)
        assert "<script" not in text.lower()
        assert text == text.strip("\n")
        assert "\n\n\n" not in text
    # No letter is lost or won by joining lines, but the hyphens at their ends.
    squeezed = ["".join(text.replace("-", "").replace("\u2010", "").split()) for text in (read.text, read.unrepaired)]
    assert squeezed[0] == squeezed[1]


def attempt(read: Callable[[], ReadText]) -> ReadText | None:
    """What is read, or nothing where it is refused in words."""
    try:
        made = read()
    except UnreadableText as why:
        return None if str(why) else pytest.fail("no reason")
    outcome(made)
    return made


ANY_TEXT = st.text() | st.lists(st.sampled_from([*TEXTS, "a line that", "goes on-", "and on", "\n", "\r\n", "\f"])).map(
    "\n".join
)


@budget(derandomize=True, max_examples=400, deadline=None)
@given(ANY_TEXT)
@example("\n".join(["a line that goes on and on and neigh-", "bourhood"] * 4))
def test_any_paste_is_read_or_refused(text: str) -> None:
    if read := attempt(lambda: read_pasted(text)):
        assert read_pasted(read.unrepaired).unrepaired == read.unrepaired


@budget(derandomize=True, max_examples=300, deadline=None)
@given(st.sampled_from(["a.txt", "", "a.TXT", "b", "..", "a.txt\0.pdf"]), st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    attempt(lambda: read_text_file(name, data))


PIECES = [
    "<",
    ">",
    "</",
    "<p>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<script>",
    "</script>",
    "<article>",
    "</article>",
    "<pre>",
]
PIECES += ["<div>", "</div>", "<td>", "&amp;", "&#0;", "&#xD800;", "&lt;", "word", " ", "\n", "\0"]
PIECES += ["<pre>", "<p hidden>", "<div style='display:none'>"]


@budget(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text())
def test_any_html_is_reduced(page: str) -> None:
    """In this process: as a child each would take a quarter of a second."""
    made = html.reduce(page.encode("utf-8", "replace"))
    assert all(count >= 0 for count in made.notes.values())


def test_broken_documents_are_read_or_refused() -> None:
    """One byte after the other of a fair file changed or cut off, with dice that always fall the same."""
    dice = random.Random(9)
    fair = [("a.pdf", documents.pdf([["Words on a page."]])), ("a.docx", docx(paragraph("Words in a paragraph.")))]
    for name, data in fair:
        for _ in range(6):
            at = dice.randrange(8, len(data))
            attempt(partial(read_text_file, name, data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]))
            attempt(partial(read_text_file, name, data[:at]))


def test_every_kind_has_a_reader() -> None:
    assert set(text_files.ENDINGS.values()) == {*KINDS, "text"}
