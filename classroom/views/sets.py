"""Sets, with every passage and its key, before they are assigned; copies and files of them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from classroom import building, outlines, queries, set_files
from classroom.access import TeacherRequest, open_set_for, set_for, teacher_required
from classroom.set_forms import SetFileForm, SetTitleForm
from exercises.keys import keys_of
from exercises.versions import played

LONGEST_TITLE = 120


@teacher_required
@require_safe
def set_list(request: TeacherRequest) -> HttpResponse:
    context = {"teacher": request.user, "shelf": outlines.shelf(teacher=request.user), "form": SetTitleForm()}
    return render(request, "classroom/set_list.html", context)


@teacher_required
@require_safe
def set_detail(request: TeacherRequest, uid: str) -> HttpResponse:
    found = set_for(request.user, uid)
    versions = [played(pk) for pk in queries.version_ids(exercise_set=found, teacher_id=request.user.pk)]
    context = {
        "teacher": request.user,
        "set": found,
        "is_own": found.owner_id == request.user.pk,
        "keys": keys_of(versions),
        "classrooms": queries.classrooms(teacher=request.user),
    }
    return render(request, "classroom/set_detail.html", context)


@teacher_required
@require_POST
def set_copy(request: TeacherRequest, uid: str) -> HttpResponse:
    """An own copy to edit."""
    found = open_set_for(request.user, uid)
    title = Truncator(_("%(title)s (copy)") % {"title": found.title}).chars(LONGEST_TITLE)
    made = building.copy_set(exercise_set=found, teacher=request.user, title=title, now=timezone.now())
    messages.success(request, _("This is your own copy. Nothing that you change here changes the original."))
    return redirect("set_edit", made.uid)


@teacher_required
@require_safe
def set_export(request: TeacherRequest, uid: str) -> HttpResponse:
    """The set as a file, for another school."""
    found = open_set_for(request.user, uid)
    name = slugify(found.title)[:60] or "set"
    return HttpResponse(
        set_files.write(exercise_set=found),
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.json"'},
    )


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def set_import(request: TeacherRequest) -> HttpResponse:
    """A set from a file. It comes in whole or not at all."""
    form = SetFileForm(request.POST, request.FILES) if request.method == "POST" else SetFileForm()
    problems: list[str] = []
    if form.is_valid():
        try:
            read = set_files.read(data=form.cleaned_data["file"].read(set_files.LARGEST + 1), teacher=request.user)
        except set_files.BadSetFile as error:
            problems = error.problems
        else:
            made = set_files.import_set(teacher=request.user, read_set=read, now=timezone.now())
            messages.success(request, _("The set is here. Look at it before you assign it."))
            if read.edited:
                words = ngettext(
                    "The key of %(n)d passage was mended since the file was written.",
                    "The keys of %(n)d passages were mended since the file was written.",
                    read.edited,
                )
                messages.info(request, words % {"n": read.edited})
            return redirect("set_edit", made.uid)
    context = {"teacher": request.user, "form": form, "problems": problems}
    return render(request, "classroom/set_import.html", context, status=422 if form.is_bound else 200)
