"""The material itself: the catalogue of labels, and each text whole with its annotations, for teachers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from classroom.access import TeacherRequest, teacher_required, text_for
from classroom.own_texts import publishing
from exercises import catalogue, reading


@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """Every label with its definition, question and an invented example; for teachers with every instance, too."""
    context: dict[str, object] = {"groups": catalogue.groups()}
    if request.user.is_authenticated:
        context |= {"teacher": request.user, "groups": reading.groups_with_instances(publishing.visible(request.user))}
    return render(request, "classroom/labels.html", context)


@teacher_required
@require_safe
def text_list(request: TeacherRequest) -> HttpResponse:
    texts = reading.texts(publishing.visible(request.user).filter(is_own=False))
    return render(request, "classroom/text_list.html", {"teacher": request.user, "texts": texts})


@teacher_required
@require_safe
def text_detail(request: TeacherRequest, slug: str) -> HttpResponse:
    """A text whole, annotated in both layers, with its card and the teacher's note."""
    source = text_for(request.user, slug)
    context = {"teacher": request.user, "source": source, "text": reading.read(source)}
    return render(request, "classroom/text_detail.html", context)
