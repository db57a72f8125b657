"""What teachers take along: a class, their account."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from classroom.access import TeacherRequest, classroom_of, teacher_required
from play import exports


@teacher_required
@require_safe
def classroom_export(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    return _file(exports.class_zip(classroom=found), slugify(found.name) or "class")


@teacher_required
@require_safe
def my_account_export(request: TeacherRequest) -> HttpResponse:
    return _file(exports.account_zip(teacher=request.user), "account")


def _file(content: bytes, name: str) -> HttpResponse:
    day = timezone.now().date().isoformat()
    disposition = f'attachment; filename="literacy-game-{name}-{day}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": disposition})
