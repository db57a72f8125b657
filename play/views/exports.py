"""What teachers take along: a class, their account."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from classroom import audit
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.models import AuditEvent
from play import exports
from play.queries import trials


@teacher_required
@require_safe
def classroom_export(request: TeacherRequest, uid: str) -> HttpResponse:
    found = classroom_of(request.user, uid)
    now = timezone.now()
    audit.note(event=AuditEvent.CLASS_EXPORTED, who=request.user.username, about=found.name, now=now)
    return _file(exports.class_zip(classroom=found, now=now), slugify(found.name) or "class")


@teacher_required
@require_safe
def answers_export(request: TeacherRequest, uid: str) -> HttpResponse:
    """Answers in long format; names only where they are asked for."""
    found = classroom_of(request.user, uid)
    told = trials.told(classroom=found, now=timezone.now())
    names = request.GET.get("names") == "yes"
    audit.note(event=AuditEvent.CLASS_EXPORTED, who=request.user.username, about=found.name, now=timezone.now())
    content = exports.answers_zip(assignments=told, names=names)
    return _file(content, f"{slugify(found.name) or 'class'}-answers")


@teacher_required
@require_safe
def my_account_export(request: TeacherRequest) -> HttpResponse:
    now = timezone.now()
    audit.note(event=AuditEvent.ACCOUNT_EXPORTED, who=request.user.username, now=now)
    return _file(exports.account_zip(teacher=request.user, now=now), "account")


def _file(content: bytes, name: str) -> HttpResponse:
    day = timezone.now().date().isoformat()
    disposition = f'attachment; filename="literacy-game-{name}-{day}.zip"'
    return HttpResponse(content, content_type="application/zip", headers={"Content-Disposition": disposition})
