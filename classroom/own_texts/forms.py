"""What teachers type into a draft. Nothing has to be complete: checks.py says what is missing before publishing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from classroom.models import Teacher
from classroom.own_texts.drafts import CARD_LINES, CARD_TEXTS, Draft
from exercises import notes, package_files, text_files, web_annotations
from exercises.content.schema import CAMPS
from exercises.scripts import SCRIPT

LONGEST = 4000
"""Characters of a longer answer."""
LANGUAGES = sorted(
    (code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info and len(code) <= 3
)


def text_field(label: Any, *, rows: int = 0, help_text: Any = "", longest: int = 300) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return LinesField(
        label=label, required=False, max_length=LONGEST if rows else longest, widget=widget, help_text=help_text
    )


FILE_TOO_LARGE = _("The file is larger than 5 MB.")
PACKAGE_TOO_LARGE = lazy(
    lambda: (
        gettext("The file is larger than %(size)d kB. No package is.") % {"size": package_files.LARGEST_PACKAGE // 1000}
    ),
    str,
)()
ANNOTATIONS_TOO_LARGE = lazy(
    lambda: gettext("The file is larger than %(size)d MB.") % {"size": web_annotations.LARGEST_FILE // 1_000_000}, str
)()


def file_input(accept: str, largest: int, words: Any) -> forms.FileInput:
    """A field for a file of at most `largest` bytes; static/js/app.js says `words` of a larger one, unsent."""
    return forms.FileInput(attrs={"accept": accept, "data-largest": largest, "data-too-large": words})


class LinesField(forms.CharField):
    """A text whose line breaks are those of the file, not of the browser."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


def lines(text: str) -> list[str]:
    return [each.strip() for each in text.split("\n") if each.strip()]


class NewTextForm(forms.Form):
    """A text by paste or by file."""

    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)
    text = forms.CharField(
        label=_("Paste the text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("At most 200 kB. Line breaks are repaired; you see the result before you go on."),
    )
    file = forms.FileField(
        label=_("Or choose a file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Plain text, Markdown, HTML, PDF or DOCX."),
        widget=file_input(
            ".txt,.md,.html,.htm,.pdf,.docx,text/plain,text/markdown,text/html", text_files.LARGEST_FILE, FILE_TOO_LARGE
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Reads the text; `read` holds it."""
        cleaned = super().clean() or self.cleaned_data
        text, file = cleaned.get("text", ""), cleaned.get("file")
        if not self.errors and not file and not text.strip():
            raise ValidationError(_("Paste a text, or choose a file."))
        if not self.errors:
            try:
                if file:
                    self.read = text_files.read_text_file(file.name or "", file.read(text_files.LARGEST_FILE + 1))
                else:
                    self.read = text_files.read_pasted(text)
            except text_files.UnreadableText as error:
                self.add_error("file" if file else "text", str(error))
        return cleaned

    read: text_files.ReadText


class WordsForm(forms.Form):
    """The words of the text."""

    text = LinesField(label=_("The text"), strip=False, widget=forms.Textarea(attrs={"rows": 20}))

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if len(text.encode(errors="replace")) > text_files.LARGEST_TEXT:
            raise ValidationError(_("The text is longer than 200 kB."))
        if any("\ud800" <= character <= "\udfff" for character in text):
            raise ValidationError(_("The text holds half a character. Please paste it again."))
        if SCRIPT.search(text):
            raise ValidationError(_("The text holds a script for web pages. Take it out and try again."))
        return text


class CardForm(forms.Form):
    """Where the text comes from: all that the source card tells."""

    title = forms.CharField(label=_("Title"), max_length=300)
    language = forms.ChoiceField(label=_("Language of the text"), choices=LANGUAGES)
    genre = text_field(_("Type"), help_text=_("For example news report, opinion piece, open letter."))
    opinion = forms.BooleanField(
        label=_("It is marked as opinion"), required=False, help_text=_("A judgement of the author’s is no gap then.")
    )
    camp = forms.ChoiceField(
        label=_("What it argues for"),
        required=False,
        choices=lambda: [("", _("not said yet")), *((camp, notes.camp_name(camp)) for camp in CAMPS)],
    )
    outlet = text_field(_("Outlet"), help_text=_("Who published it."))
    date = text_field(_("Date"), help_text=_("As the text gives it, or: no date given."))
    file = text_field(_("File or address"), help_text=_("Where you have it from."))
    licence = text_field(
        _("By what right it is shown"),
        rows=2,
        help_text=_(
            "Its licence, or the ground for quoting it: for example quoted for teaching, with the paragraph of the law."
        ),
    )
    content_note = text_field(_("What it is about, in a sentence"), rows=2)
    told = text_field(
        _("What the text tells about itself"), rows=3, help_text=_("One thing a line: author, date, sources.")
    )
    not_told = text_field(_("What it does not tell"), rows=3, help_text=_("One thing a line."))
    found = text_field(_("What a search adds"), rows=3, help_text=_("One thing a line."))
    teacher_note = text_field(_("Note for teachers"), rows=4)

    @classmethod
    def of(cls, title: str, draft: Draft, data: Any = None) -> CardForm:
        card = draft["card"]
        initial = {name: card[name] for name in (*CARD_TEXTS, "opinion", "camp")}
        initial |= {name: "\n".join(card[name]) for name in CARD_LINES}
        return cls(data, initial=initial | {"title": title})

    def values(self) -> dict[str, Any]:
        """The card, as a draft holds it."""
        found = {name: self.cleaned_data[name] for name in (*CARD_TEXTS, "opinion", "camp")}
        return found | {name: lines(self.cleaned_data[name]) for name in CARD_LINES}


class ColleagueForm(forms.Form):
    """A teacher of this installation, by the name to sign in with."""

    username = forms.CharField(label=_("Name to sign in with"), max_length=150)

    def __init__(self, *args: Any, but_not: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.but_not = but_not

    def clean_username(self) -> Teacher:
        typed = str(self.cleaned_data["username"]).strip()
        known = Teacher.objects.filter(username__iexact=typed, is_active=True) if typed.isprintable() else None
        found = known.first() if known is not None else None
        if found is None:
            raise ValidationError(_("There is no teacher of that name here."))
        if found.pk in self.but_not:
            raise ValidationError(_("This teacher has the text already, or labels it."))
        return found


class SharingForm(forms.Form):
    is_shared = forms.BooleanField(
        label=_("Share with the school"),
        required=False,
        help_text=_(
            "All teachers here can read what is published, put it into sets and assign it. Only you and your "
            "co-authors edit it."
        ),
    )


class PackageForm(forms.Form):
    file = forms.FileField(
        label=_("Package"),
        allow_empty_file=True,
        help_text=_("A text that was exported here or in another school, as a .zip file."),
        widget=file_input(".zip,application/zip", package_files.LARGEST_PACKAGE, PACKAGE_TOO_LARGE),
    )


class AnnotationsForm(forms.Form):
    file = forms.FileField(
        label=_("Annotations"),
        allow_empty_file=True,
        help_text=_("W3C Web Annotations as JSON: what hypothes.is and other tools export."),
        widget=file_input(
            ".json,.jsonld,application/json,application/ld+json", web_annotations.LARGEST_FILE, ANNOTATIONS_TOO_LARGE
        ),
    )
