"""Results over all classes, for owners: whether students flag by side, and which decisions should be looked at."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from classroom.access import TeacherRequest, owner_required
from play import contested
from play.queries import trials
from play.queries.trials import Answers
from play.results.fairness import Fairness, fairness
from play.results.items import health_table, statistics
from play.results.tables import Table
from play.views import files


@owner_required
@require_safe
def fairness_all(request: TeacherRequest) -> HttpResponse:
    """By camp and by text, over all classes."""
    return render(
        request, "play/results_fairness.html", {"teacher": request.user, "fairness": _fairness(_everything())}
    )


@owner_required
@require_safe
def item_health(request: TeacherRequest) -> HttpResponse:
    """Every decision with its facility, its discrimination and what was chosen instead of the key."""
    answers = _everything()
    found = statistics(answers.given, answers.asked)
    remarked = sum(bool(each.remarks) for each in found)
    context: dict[str, object] = {"teacher": request.user, "items": health_table(found), "remarked": remarked}
    context["contested"] = _contested()
    return render(request, "play/item_health.html", context)


@owner_required
@require_safe
def owner_workbook(request: TeacherRequest, page: str) -> HttpResponse:
    return files.workbook(_tables(page), f"all-classes-{page}")


@owner_required
@require_safe
def owner_csv(request: TeacherRequest, page: str, table: str) -> HttpResponse:
    return files.table(_tables(page), table, f"all-classes-{page}")


def _everything() -> Answers:
    return trials.answers(scope=trials.told_everywhere(now=timezone.now()))


def _fairness(answers: Answers) -> Fairness:
    return fairness(answers, trials.classes())


def _contested() -> Table:
    return contested.table(contested.everywhere())


def _tables(page: str) -> list[Table]:
    """Raises Http404."""
    if page not in PAGES:
        raise Http404
    return PAGES[page](_everything())


PAGES: dict[str, Callable[[Answers], list[Table]]] = {
    "fairness": lambda answers: _fairness(answers).tables,
    "items": lambda answers: [health_table(statistics(answers.given, answers.asked)), _contested()],
}
