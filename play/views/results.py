"""Results for a teacher: what the class can do, what to do next, and the tables behind it, also as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from classroom import audit
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.models import AuditEvent, Classroom
from exercises.versions import played
from play import contested
from play.queries import trials
from play.queries.trials import Answers, Scope
from play.result_forms import ScopeForm
from play.results import fairness, next_sets, person, words
from play.results.fairness import Fairness
from play.results.grid import Grid
from play.results.grid import grid as grid_of
from play.results.items import Heat, ItemStatistics, choice_table, heat, items_table, statistics
from play.results.labels import labels
from play.results.overview import overview, way_name
from play.results.tables import Table
from play.views import files
from play.views.testing import gains_of

MARKING = ("spot", "source", "markup")
"""Kinds in which words are marked."""


@teacher_required
@require_safe
def class_results(request: TeacherRequest, uid: str) -> HttpResponse:
    """In the first line what the class can do and what to do next; whether it flags by side; the figures behind it.

    Of one student, the page of that student says it.
    """
    found, form = _scoped(request, uid)
    if form.scope.student:
        return redirect(reverse("student_results", args=[uid, form.scope.student.uid]) + _query(request))
    answers = trials.answers(scope=form.scope)
    spreads = words.spreads(answers)
    lines = [words.line(answers, way, given, spreads[way]) for way, given in answers.by_way.items()]
    context = {
        "lines": lines,
        "warnings": [] if form.narrows else fairness.warnings(answers),
        "change": words.change(answers.by_way[lines[0].way]) if lines else "",
        "next": next_sets.next_set(classroom=found, line=lines[0]) if lines else None,
        "overview": overview(answers, trials.said(scope=form.scope), spreads),
        "answers": answers,
    }
    return _page(request, "play/class_results.html", found, form, **context)


@teacher_required
@require_safe
def results_grid(request: TeacherRequest, uid: str) -> HttpResponse:
    """Students by decisions, one assignment at a time."""
    found, form = _scoped(request, uid)
    return _page(request, "play/results_grid.html", found, form, grid=_grid(form.scope))


@teacher_required
@require_safe
def results_labels(request: TeacherRequest, uid: str) -> HttpResponse:
    """Students by labels, and which label is taken for which."""
    found, form = _scoped(request, uid)
    return _page(request, "play/results_labels.html", found, form, labels=labels(trials.answers(scope=form.scope)))


@teacher_required
@require_safe
def results_items(request: TeacherRequest, uid: str) -> HttpResponse:
    """Decisions, the hardest first."""
    found, form = _scoped(request, uid)
    table = _items(form.scope, found, _query(request))
    return _page(request, "play/results_items.html", found, form, items=table)


@teacher_required
@require_safe
def results_item(request: TeacherRequest, uid: str, version: int) -> HttpResponse:
    """One decision: what was answered, and where students marked."""
    found, form = _scoped(request, uid)
    item, marked = _item(form.scope, version)
    context = {
        "item": item,
        "way": way_name(item.asked.way),
        "choices": choice_table(item),
        "heat": marked,
        "disagreed": contested.disagreeing(classroom=found, addresses=[(item.asked.passage_id, item.asked.layer)]).get(
            (item.asked.passage_id, item.asked.layer), 0
        ),
        "is_marked": item.asked.kind in MARKING,
        "language": trials.language(version_id=version),
    }
    return _page(request, "play/results_item.html", found, form, **context)


@teacher_required
@require_safe
def results_item_workbook(request: TeacherRequest, uid: str, version: int) -> HttpResponse:
    """The tables of one decision as a workbook."""
    found, form = _scoped(request, uid)
    return files.workbook(_decision_tables(form.scope, version), _decision_name(found, version))


@teacher_required
@require_safe
def results_item_csv(request: TeacherRequest, uid: str, version: int, table: str) -> HttpResponse:
    """One table of one decision."""
    found, form = _scoped(request, uid)
    return files.table(_decision_tables(form.scope, version), table, _decision_name(found, version))


@teacher_required
@require_safe
def student_results(request: TeacherRequest, uid: str, student_uid: str) -> HttpResponse:
    """One student's own figures."""
    found, form = _scoped(request, uid)
    student = get_object_or_404(found.students, uid=student_uid)
    scope = replace(form.scope, student=student)
    shown = person.person(trials.answers(scope=scope), trials.said(scope=scope))
    query = request.GET.copy()
    query["student"] = student.uid
    narrowed = any(value for name, value in query.items() if name != "student")
    context = {"shown": student, "person": shown, "query": f"?{query.urlencode()}", "is_narrowed": narrowed}
    return _page(request, "play/student_results.html", found, form, **context)


@teacher_required
@require_safe
def results_fairness(request: TeacherRequest, uid: str) -> HttpResponse:
    """By camp and by text: for the whole class and all its answers, whatever filters an address brings along."""
    found = classroom_of(request.user, uid)
    context = {"teacher": request.user, "classroom": found, "fairness": _fairness(found)}
    return render(request, "play/results_fairness.html", context)


@teacher_required
@require_safe
def results_sheets(request: TeacherRequest, uid: str) -> HttpResponse:
    """A sheet for each student, to be printed."""
    found, form = _scoped(request, uid)
    answers, said = trials.answers(scope=form.scope), trials.said(scope=form.scope)
    own = trials.by_student(answers.given)
    sheets = [
        (nickname, person.person(answers.of(student), [each for each in said if each.student_id == student]))
        for student, nickname in answers.students.items()
        if student in own
    ]
    return _page(request, "play/results_sheets.html", found, form, sheets=sheets)


@teacher_required
@require_safe
def results_workbook(request: TeacherRequest, uid: str, page: str) -> HttpResponse:
    """The tables of a page as a workbook."""
    found, form = _scoped(request, uid)
    _note(request, found)
    return files.workbook(_tables(page, form.scope, found), f"{slugify(found.name) or 'class'}-{page}")


@teacher_required
@require_safe
def results_csv(request: TeacherRequest, uid: str, page: str, table: str) -> HttpResponse:
    """One table of a page."""
    found, form = _scoped(request, uid)
    _note(request, found)
    return files.table(_tables(page, form.scope, found), table, f"{slugify(found.name) or 'class'}-{page}")


def _note(request: TeacherRequest, classroom: Classroom) -> None:
    """For the owners: tables of results leave the game, with names."""
    event, who = AuditEvent.CLASS_EXPORTED, request.user.username
    audit.note(event=event, who=who, about=classroom.name, now=timezone.now())


def _tables(page: str, scope: Scope, classroom: Classroom) -> Sequence[Table]:
    """The tables of a page, as they are on the screen. Raises Http404."""
    if page not in PAGES:
        raise Http404
    return PAGES[page](scope, classroom)


def _overview_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    answers = trials.answers(scope=scope)
    return overview(answers, trials.said(scope=scope), words.spreads(answers)).tables


def _grid_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    return _grid(scope).tables


def _label_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    return labels(trials.answers(scope=scope)).tables


def _item_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    return [_items(scope, classroom, "")]


def _student_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    """Of the student that the filter names. Raises Http404."""
    if scope.student is None:
        raise Http404
    return person.person(trials.answers(scope=scope), trials.said(scope=scope)).tables


def _fairness_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    return _fairness(classroom).tables


def _gain_tables(scope: Scope, classroom: Classroom) -> Sequence[Table]:
    return gains_of(classroom).tables


PAGES: dict[str, Callable[[Scope, Classroom], Sequence[Table]]] = {
    "overview": _overview_tables,
    "grid": _grid_tables,
    "labels": _label_tables,
    "items": _item_tables,
    "student": _student_tables,
    "fairness": _fairness_tables,
    "gains": _gain_tables,
}


def _grid(scope: Scope) -> Grid:
    """Of the newest assignment that somebody has answered, where the filter does not say which."""
    answers = trials.answers(scope=scope)
    played_in = {each.assignment_id for each in answers.given}
    shown = next((each for each in scope.assignments if each.pk in played_in), None)
    if shown is None:
        return grid_of(_none(answers), [], {}, title="")
    versions = trials.positions(assignment=shown)
    own = replace(answers, given=[each for each in answers.given if each.assignment_id == shown.pk])
    return grid_of(own, versions, trials.asked(versions=versions), title=shown.title)


def _none(answers: Answers) -> Answers:
    return replace(answers, given=[])


def _fairness(classroom: Classroom) -> Fairness:
    told = trials.told(classroom=classroom, now=timezone.now())
    return fairness.fairness(trials.answers(scope=Scope(classroom, tuple(told))))


def _items(scope: Scope, classroom: Classroom, query: str) -> Table:
    answers = trials.answers(scope=scope)
    found = statistics(answers.given, answers.asked)
    links = [reverse("results_item", args=[classroom.uid, each.asked.version_id]) + query for each in found]
    layers = [(each.asked.passage_id, each.asked.layer) for each in found]
    return items_table(found, links, contested.disagreeing(classroom=classroom, addresses=layers))


def _item(scope: Scope, version: int) -> tuple[ItemStatistics, Heat]:
    """One decision, and where students marked. Raises Http404 where nobody has answered it."""
    answers = trials.answers(scope=scope)
    item = next((each for each in statistics(answers.given, answers.asked) if each.asked.version_id == version), None)
    if item is None:
        raise Http404
    return item, heat(played(version), trials.raw_answers(scope=scope, version_id=version))


def _decision_tables(scope: Scope, version: int) -> Sequence[Table]:
    item, marked = _item(scope, version)
    return [*([marked.table] if item.asked.kind in MARKING else []), choice_table(item)]


def _decision_name(classroom: Classroom, version: int) -> str:
    return f"{slugify(classroom.name) or 'class'}-decision-{version}"


def _scoped(request: TeacherRequest, uid: str) -> tuple[Classroom, ScopeForm]:
    found = classroom_of(request.user, uid)
    told = trials.told(classroom=found, now=timezone.now())
    students = list(found.students.filter(is_approved=True))
    return found, ScopeForm(request.GET, classroom=found, told=told, students=students)


def _query(request: TeacherRequest) -> str:
    """The filters, to be taken along to other pages."""
    sent = request.GET.urlencode()
    return f"?{sent}" if sent else ""


def _page(
    request: TeacherRequest, template: str, classroom: Classroom, form: ScopeForm, **more: object
) -> HttpResponse:
    context = {"teacher": request.user, "classroom": classroom, "form": form, "query": _query(request)}
    return render(request, template, context | more, status=200 if form.is_valid() else 422)
