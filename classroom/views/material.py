"""The material itself: the catalogue of labels, and each text whole with its annotations, for teachers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from classroom.access import TeacherRequest, teacher_required
from exercises import catalogue, reading
from exercises.models import Source


@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """Every label with its definition, question and an invented example; for teachers with every instance, too."""
    context: dict[str, object] = {"groups": catalogue.groups()}
    if request.user.is_authenticated:
        context |= {"teacher": request.user, "groups": reading.groups_with_instances()}
    return render(request, "classroom/labels.html", context)


@teacher_required
@require_safe
def text_list(request: TeacherRequest) -> HttpResponse:
    return render(request, "classroom/text_list.html", {"teacher": request.user, "texts": reading.texts()})


@teacher_required
@require_safe
def text_detail(request: TeacherRequest, slug: str) -> HttpResponse:
    """A text whole, annotated in both layers, with its card and the teacher's note."""
    source = get_object_or_404(Source, slug=slug)
    context = {"teacher": request.user, "source": source, "text": reading.read(source)}
    return render(request, "classroom/text_detail.html", context)
