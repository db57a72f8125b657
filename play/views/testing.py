"""Tests before and after: scheduled in one step, and what they showed."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from classroom import before_after as tests
from classroom.access import TeacherRequest, classroom_of, teacher_required
from classroom.before_after_forms import BeforeAfterForm
from classroom.models import Classroom
from play import changing
from play.queries import trials
from play.queries.trials import Scope
from play.results.gains import Gains, gains

REFUSED = {
    tests.FormsMissing: gettext_lazy("There are not four test forms in this installation."),
    tests.NobodyToTest: gettext_lazy("Nobody has joined this class yet."),
    tests.AlreadyPlanned: gettext_lazy("This class has test forms already. Nobody meets a form twice."),
}


@teacher_required
@require_http_methods(["GET", "HEAD", "POST"])
def before_after(request: TeacherRequest, uid: str) -> HttpResponse:
    """Plan the four tests; once they are planned, when they are, and what changed."""
    found, now = classroom_of(request.user, uid), timezone.now()
    form = BeforeAfterForm(request.POST if request.method == "POST" else None, classroom=found, now=now)
    if form.is_valid():
        try:
            tests.schedule_tests(
                classroom=found,
                before=form.midnight("before"),
                after=form.midnight("after"),
                open_for=timedelta(days=form.cleaned_data["days"]),
                now=now,
            )
        except (tests.FormsMissing, tests.NobodyToTest, tests.AlreadyPlanned) as refused:
            form.add_error(None, REFUSED[type(refused)])
        else:
            messages.success(request, _("The four tests are planned."))
            return redirect("before_after", uid)
    given = tests.tests(classroom=found)
    context = {
        "teacher": request.user,
        "classroom": found,
        "form": form,
        "occasions": tests.occasions(given),
        "gains": gains_of(found),
        "begun": changing.tests_have_begun(classroom=found),
    }
    return render(request, "play/before_after.html", context, status=422 if form.is_bound else 200)


@teacher_required
@require_POST
def before_after_cancel(request: TeacherRequest, uid: str) -> HttpResponse:
    """Take the plan back, as long as nobody has seen a test."""
    found = classroom_of(request.user, uid)
    try:
        changing.call_off_tests(classroom=found)
    except changing.TestsHaveBegun:
        messages.error(request, _("Somebody has begun a test. The plan stays."))
    else:
        messages.success(request, _("The tests are called off."))
    return redirect("before_after", uid)


def gains_of(classroom: Classroom) -> Gains:
    """From tests that have closed for everybody; their keys may wait for later tests, figures do not show them."""
    now = timezone.now()
    given = tests.tests(classroom=classroom)
    over = tuple(each for each in given if tests.is_over(each, now))
    answers = trials.answers(scope=Scope(classroom, over))
    return gains(answers, tests.numbers(given, list(answers.students)))
