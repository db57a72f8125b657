"""Texts to and from files."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from classroom.access import TeacherRequest, own_text_of, shipped_text, teacher_required
from classroom.own_texts import drafts, files
from classroom.own_texts.forms import ANNOTATIONS_TOO_LARGE, PACKAGE_TOO_LARGE, AnnotationsForm, PackageForm
from classroom.views import own_drafts
from classroom.views.own_texts import overview
from exercises import packages, web_annotations
from exercises.content.schema import BadContent
from exercises.package_files import LARGEST_PACKAGE


@teacher_required
@require_safe
def text_export(request: TeacherRequest, slug: str) -> HttpResponse:
    """A shipped text as a package, without its raw labellings. A colleague's text is the colleague's to export."""
    source = shipped_text(slug)
    return _download(files.package_of(source=source), f"{source.slug}.zip", "application/zip")


@teacher_required
@require_safe
def annotations_export(request: TeacherRequest, slug: str) -> HttpResponse:
    """The marks of a shipped text as W3C Web Annotations."""
    return _annotations(files.annotations_of_source(source=shipped_text(slug)), slug)


@teacher_required
@require_safe
def own_text_export(request: TeacherRequest, uid: str) -> HttpResponse:
    """The text as a package, for another installation."""
    found = own_text_of(request.user, uid)
    try:
        data = files.package(own_text=found)
    except BadContent as error:
        return overview(request, found, refused=[_("A package holds a finished text."), *error.problems])
    return _download(data, f"{files.name_of(found)}.zip", "application/zip")


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_text_import(request: TeacherRequest) -> HttpResponse:
    """A text from a package. It comes in whole, as a draft of one's own, or not at all."""
    form = PackageForm(request.POST, request.FILES) if request.method == "POST" else PackageForm()
    problems: list[str] = []
    if form.is_valid():
        try:
            packed = packages.read_package(form.cleaned_data["file"].read(LARGEST_PACKAGE + 1))
        except BadContent as error:
            problems = error.problems
        else:
            made = files.import_package(teacher=request.user, packed=packed, now=timezone.now())
            messages.success(request, _("The text is here, as your draft. Look at it before you publish it."))
            return redirect("own_text", made.uid)
    if "too-large" in request.GET:
        messages.error(request, PACKAGE_TOO_LARGE)
    context = {"teacher": request.user, "form": form, "problems": problems}
    return render(request, "classroom/own_text_import.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_safe
def own_annotations_export(request: TeacherRequest, uid: str) -> HttpResponse:
    """The marks of the draft as W3C Web Annotations."""
    found = own_text_of(request.user, uid)
    return _annotations(files.annotations_of(own_text=found), files.name_of(found))


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_annotations_import(request: TeacherRequest, uid: str) -> HttpResponse:
    """Marks from another tool; those whose place is not clear are listed, and not taken."""
    found = own_text_of(request.user, uid)
    form = AnnotationsForm(request.POST, request.FILES) if request.method == "POST" else AnnotationsForm()
    taken: list[files.Taken] = []
    if form.is_valid():
        data = form.cleaned_data["file"].read(web_annotations.LARGEST_FILE + 1)

        def take(draft: drafts.Draft) -> list[str]:
            read = web_annotations.read_annotations(data, drafts.shown(draft), draft["text"])
            taken.append(files.take(draft, read))
            return [drafts.passage_part(each["key"]) for each in draft["passages"]] if taken[0].marks else []

        try:
            found = own_drafts.save(request, found, "annotations", take)
        except web_annotations.BadAnnotations as error:
            form.add_error("file", str(error))
        except drafts.Outdated:
            form.add_error(None, _("A colleague has brought in annotations meanwhile. Look at them first."))
    if "too-large" in request.GET:
        messages.error(request, ANNOTATIONS_TOO_LARGE)
    context = own_drafts.context(request, found, form=form, taken=taken[0] if taken and not form.errors else None)
    status = 422 if form.errors else 200
    return render(request, "classroom/own_annotations_import.html", context, status=status)


def _annotations(collection: dict[str, Any], name: str) -> HttpResponse:
    data = json.dumps(collection, ensure_ascii=False, indent=1).encode()
    return _download(data, f"{name}.jsonld", "application/ld+json")


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type=content_type, headers=headers)
