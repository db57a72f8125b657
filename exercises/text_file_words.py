"""The words for what reading a teacher's text changed, left out or refused."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def refusal(code: str) -> str:
    """Why a file or paste is refused. Raises KeyError for a code that nobody gives."""
    return {
        "file-size": _("The file is larger than 5 MB."),
        "busy": _("Other files are being read at this moment. Try again in half a minute."),
        "too-long": _("The text is longer than 200 kB. Choose the part that you want to work with."),
        "empty": _("There is no text in it."),
        "binary": _("This is no text: it holds bytes of another kind of file."),
        "surrogates": _("The text holds halves of characters. It was damaged on the way; copy it again."),
        "encoding": _("Its characters could not be read. Save it as UTF-8 text and try again."),
        "ending": _("This kind of file is not read. Save it as text, Markdown, HTML, PDF or DOCX, or paste the text."),
        "not-that": _("The file is not what its name says. Open it, save it anew, and try again."),
        "rtf": _("RTF files are not read. Save it as DOCX or as text."),
        "ole": _("This is an old Word file, or one with a password. Save it as DOCX without a password."),
        "not-docx": _("There is no Word text in this file. Save it as DOCX or as text."),
        "encrypted": _("The file is protected with a password. Save it without one and try again."),
        "pages": _("The PDF has more than 300 pages. Choose the pages that you want to work with."),
        "scan": _("No text was found in the PDF: its pages are pictures. A program that reads scans can help."),
        "damaged": _("The file is damaged and cannot be read. Save it anew, or paste the text."),
        "entities": _("The file holds declarations that no word processor writes. It is not read."),
        "too-much": _("Reading the file took too long or too much memory. Paste the text instead."),
        "script": _("The text holds a script for web pages. Take it out and try again."),
    }[code]


def note(code: str, count: int, *, encoding: str, words: str) -> str:
    """What was changed or left out, as a sentence; nothing for what need not be told. Raises KeyError."""
    values = {"count": count, "encoding": encoding, "words": words}
    return _notes(count)[code] % values


def _notes(count: int) -> dict[str, str]:
    return {
        "pages": ngettext("The PDF has %(count)d page.", "The PDF has %(count)d pages.", count),
        "markdown": _("Markdown signs and the addresses of links were left out."),
        "guessed": _("The file does not say how its characters are written; %(encoding)s was guessed. Look it over."),
        "article": _("Only the article was taken from the page, not what stands around it."),
        "scripts": ngettext(
            "%(count)d script or style was left out.", "%(count)d scripts and styles were left out.", count
        ),
        "furniture": ngettext(
            "%(count)d menu, form or side note of the page was left out.",
            "%(count)d menus, forms and side notes of the page were left out.",
            count,
        ),
        "pictures": ngettext(
            "%(count)d picture, film or frame was left out.",
            "%(count)d pictures, films and frames were left out.",
            count,
        ),
        "hidden": ngettext(
            "%(count)d part that readers of the page do not see was left out.",
            "%(count)d parts that readers of the page do not see were left out.",
            count,
        ),
        "deletions": ngettext(
            "%(count)d passage that was deleted with changes tracked was left out.",
            "%(count)d passages that were deleted with changes tracked were left out.",
            count,
        ),
        "footnotes": ngettext("%(count)d footnote was left out.", "%(count)d footnotes were left out.", count),
        "line-ends": ngettext(
            "%(count)d line end of another system was written the usual way.",
            "%(count)d line ends of another system were written the usual way.",
            count,
        ),
        "controls": ngettext(
            "%(count)d control character was taken out.", "%(count)d control characters were taken out.", count
        ),
        "invisible": ngettext(
            "%(count)d invisible character was taken out.", "%(count)d invisible characters were taken out.", count
        ),
        "ligatures": ngettext(
            "%(count)d joined letter (such as ﬁ) was written as single letters.",
            "%(count)d joined letters (such as ﬁ) were written as single letters.",
            count,
        ),
        "composed": _("Letters and accents that were written apart were put together."),
        "unreadable": ngettext(
            "%(count)d character could not be read and shows as �.",
            "%(count)d characters could not be read and show as �.",
            count,
        ),
        "soft-hyphens": ngettext(
            "%(count)d soft hyphen was taken out.", "%(count)d soft hyphens were taken out.", count
        ),
        "joined": ngettext(
            "%(count)d line that was cut to a width was joined with the next.",
            "%(count)d lines that were cut to a width were joined with the next.",
            count,
        ),
        "divided": ngettext(
            "%(count)d word that was divided at a line’s end was put together: %(words)s.",
            "%(count)d words that were divided at a line’s end were put together: %(words)s.",
            count,
        ),
    }
