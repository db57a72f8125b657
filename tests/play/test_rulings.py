"""Rulings: an accepted alternative, a wider envelope, a removed mark, a discussion; every result follows, and back."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from classroom import overlays
from classroom.models import AuditEntry, AuditEvent, Ruling, Teacher
from classroom.overlays import Overlays
from exercises.models import Passage, PassageVersion
from play import entries, queries, regrading, rulings
from play.models import Attempt, Regrade, Standing
from play.queries import trials
from play.queries.trials import Scope
from play.rulings import Decision
from scoring.points import Answer, Mark
from tests.cast import NOW, Stage, answer, assign, desk_of, device_of, items, students
from tests.pages import read
from tests.play.ruling import columns, everything, marks, planners, rule

pytestmark = pytest.mark.django_db
HEART = "rip the heart out"


@pytest.fixture
def feared(stage: Stage) -> Attempt:
    """Heron names what the key calls loaded language an appeal to fear."""
    return answer(stage.heron, stage.six_ways, 1, marks(items(stage.six_ways)[0], HEART, "exaggeration"))


def test_an_accepted_label_rescores_who_gave_it(stage: Stage, feared: Attempt) -> None:
    assert feared.label == "near"
    version = queries.board_version(assignment_id=stage.six_ways.pk)
    ruling = rule(stage.bob, "accept", label="exaggeration")
    after = Attempt.objects.get(pk=feared.pk)
    assert (after.label, after.points) == ("right", 100)
    assert feared.points < 100
    assert Standing.objects.get(student=stage.heron).points == 100
    assert queries.board_version(assignment_id=stage.six_ways.pk) > version
    regrade = ruling.regrades.get()
    assert (regrade.changed, regrade.points, regrade.students) == (1, 100 - feared.points, 1)
    assert AuditEntry.objects.filter(event=AuditEvent.RULED, who="bob", about="market-square/planners t1").exists()


def test_what_was_played_stays_what_was_played(stage: Stage, feared: Attempt) -> None:
    ruling = rule(stage.bob, "accept", label="exaggeration")
    after = Attempt.objects.get(pk=feared.pk)
    assert after.exercise_version_id == feared.exercise_version_id
    assert after.judged is not None
    assert after.judged.passage_version == ruling.version
    assert after.judged.options == after.exercise_version.options
    assert planners().current == ruling.base
    assert ruling.base.content["annotations"][0]["accepted"] == []


def test_undoing_restores_every_answer_and_standing(stage: Stage, feared: Attempt) -> None:
    answer(stage.otter, stage.six_ways, 1)
    before = everything()
    ruling = rule(stage.bob, "accept", label="exaggeration")
    assert everything() != before
    rulings.undo(ruling=ruling, who=stage.bob, now=NOW)
    assert everything() == before
    assert AuditEntry.objects.filter(event=AuditEvent.RULING_UNDONE, who="bob").exists()
    with pytest.raises(rulings.NotNow):
        rulings.undo(ruling=Ruling.objects.get(pk=ruling.pk), who=stage.bob, now=NOW)


def test_a_ruling_holds_for_answers_that_come_later(stage: Stage) -> None:
    rule(stage.bob, "accept", label="exaggeration")
    shown = items(stage.six_ways)[0]
    later = answer(stage.heron, stage.six_ways, 1, marks(shown, HEART, "exaggeration"))
    assert (later.points, later.exercise_version_id) == (100, shown.version_id)


def test_a_ruling_holds_in_the_classes_of_whoever_leads_them(stage: Stage, feared: Attempt) -> None:
    """Carol's class plays the same set, and Bob shares it with her: her key stays the shipped one."""
    stage.class_7a.co_teachers.add(stage.bob)
    theirs = answer(stage.finch, stage.six_ways_7a, 1, marks(items(stage.six_ways_7a)[0], HEART, "exaggeration"))
    rule(stage.bob, "accept", label="exaggeration")
    assert columns(Attempt.objects.get(pk=theirs.pk)) == columns(theirs)
    again = assign(stage.class_7a, "six-ways")
    assert items(again)[0].version_id == items(stage.six_ways_7a)[0].version_id


def test_new_assignments_are_given_with_the_ruling(stage: Stage) -> None:
    ruling = rule(stage.bob, "accept", label="exaggeration")
    given = assign(stage.class_9b, "six-ways")
    first = given.items.get(position=1).exercise_version
    assert first.passage_version == ruling.version
    assert items(given)[1].version_id == items(stage.six_ways)[1].version_id, "the other layer stays"
    played_new = answer(stage.heron, given, 1, marks(items(given)[0], HEART, "exaggeration"))
    assert (played_new.points, played_new.judged_id) == (100, None)
    rulings.undo(ruling=ruling, who=stage.bob, now=NOW)
    undone = Attempt.objects.get(pk=played_new.pk)
    assert undone.judged is not None
    assert undone.judged.passage_version == planners().current
    assert undone.label == "near"


def test_a_wider_envelope_takes_away_what_was_lost_beside_the_core(stage: Stage) -> None:
    shown = items(stage.six_ways)[0]
    attempt = answer(
        stage.heron, stage.six_ways, 1, marks(shown, "planners want to rip the heart out", "loaded-language")
    )
    careless = shown.content.words.run(0, 20)
    assert careless is not None
    ruling = rule(stage.bob, "widen", words=frozenset(range(*careless)))
    assert ruling.version is not None
    assert Attempt.objects.get(pk=attempt.pk).points > attempt.points
    annotation = ruling.version.content["annotations"][0]
    assert annotation["envelope"][0][0] < annotation["core"][0][0]


def test_a_removed_mark_judges_as_if_it_had_never_been_there(stage: Stage, feared: Attempt) -> None:
    asked = answer(
        stage.otter, stage.six_ways, 2, marks(items(stage.six_ways)[1], "missed by the shops", "opinion-as-fact")
    )
    nothing = answer(stage.heron, stage.six_ways, 2)
    ruling = rule(stage.bob, "remove", mark="s1", layer="source")
    assert ruling.version is not None
    assert ruling.version.content["layers"]["source"]["state"] == "clean"
    assert Attempt.objects.get(pk=nothing.pk).points == 100
    assert Attempt.objects.get(pk=asked.pk).points == 0
    assert columns(Attempt.objects.get(pk=feared.pk)) == columns(feared), "the other layer stays"


def test_what_asks_about_a_removed_mark_is_put_aside(stage: Stage) -> None:
    about = items(stage.six_ways)[2]
    assert about.kind == "name"
    attempt = answer(stage.heron, stage.six_ways, 3)
    passage = Passage.objects.get(source__slug="market-square", key="bench")
    decision = Decision(decided="remove", why="It only describes.")
    rulings.rule(
        teacher=stage.bob, passage=passage, layer=about.layer, mark=about.annotation, decision=decision, now=NOW
    )
    after = Attempt.objects.get(pk=attempt.pk)
    assert (after.is_aside, after.points) == (True, 0)
    assert not Standing.objects.filter(student=stage.heron, decisions__gt=0).exists()
    assert len(items(assign(stage.class_9b, "six-ways"))) == len(items(stage.six_ways)) - 1


def test_what_is_for_discussion_counts_in_no_rank_and_no_statistic(stage: Stage, feared: Attempt) -> None:
    answer(stage.heron, stage.six_ways, 2)
    rule(stage.bob, "discuss")
    standing = Standing.objects.get(student=stage.heron)
    assert standing.decisions == 1
    given = trials.answers(scope=Scope(stage.class_9b, tuple(stage.class_9b.assignments.all()))).given
    assert [each.version_id for each in given] == [items(stage.six_ways)[1].version_id]
    assert queries.report(student=stage.heron, assignment=stage.six_ways).decisions == 1
    late = answer(stage.otter, stage.six_ways, 1)
    assert (late.is_aside, late.signal) == (True, None)
    assert not Standing.objects.filter(student=stage.otter).exists()


def test_an_item_for_discussion_that_was_left_open_counts_not_as_wrong(stage: Stage) -> None:
    from play import actions, standings

    stage.six_ways.closes = NOW + timedelta(minutes=5)
    stage.six_ways.save()
    first = items(stage.six_ways)[0].version_id
    actions.open_item(student=stage.heron, assignment=stage.six_ways, version_id=first, now=NOW)
    rule(stage.bob, "discuss")
    standings.settle(assignment=stage.six_ways, now=NOW + timedelta(minutes=9))
    assert not Standing.objects.filter(student=stage.heron, decisions__gt=0).exists()


def test_a_changed_explanation_changes_no_points(stage: Stage, feared: Attempt) -> None:
    text = "The words paint a picture of violence. " * 10
    ruling = rule(stage.bob, "explain", explanation=text)
    assert ruling.version is not None
    assert ruling.version.content["annotations"][0]["explanation"] == text
    assert Attempt.objects.get(pk=feared.pk).points == feared.points
    assert ruling.regrades.get().changed == 0


def test_keeping_makes_no_version(stage: Stage, feared: Attempt) -> None:
    count = PassageVersion.objects.count()
    ruling = rule(stage.bob, "keep")
    assert ruling.version is None
    assert ruling.applied is not None
    assert PassageVersion.objects.count() == count
    assert Attempt.objects.get(pk=feared.pk).judged_id is None


def test_rulings_build_on_each_other_and_come_off_from_the_top(stage: Stage, feared: Attempt) -> None:
    before = everything()
    first = rule(stage.bob, "accept", label="exaggeration")
    between = everything()
    second = rule(stage.bob, "remove", now=NOW + timedelta(minutes=1))
    assert second.base == first.version
    with pytest.raises(rulings.NotNow):
        rulings.undo(ruling=first, who=stage.bob, now=NOW)
    rulings.undo(ruling=second, who=stage.bob, now=NOW)
    assert everything() == between
    rulings.undo(ruling=first, who=stage.bob, now=NOW)
    assert everything() == before


def test_rulings_on_the_two_layers_of_a_passage_leave_each_other_alone(stage: Stage, feared: Attempt) -> None:
    first = rule(stage.bob, "accept", label="exaggeration")
    rule(stage.bob, "remove", mark="s1", layer="source")
    assert Attempt.objects.get(pk=feared.pk).points == 100
    rulings.undo(ruling=first, who=stage.bob, now=NOW)
    assert Attempt.objects.get(pk=feared.pk).points == feared.points


def test_the_owner_adopts_a_ruling_for_the_school(stage: Stage, feared: Attempt) -> None:
    theirs = answer(stage.finch, stage.six_ways_7a, 1, marks(items(stage.six_ways_7a)[0], HEART, "exaggeration"))
    before = everything()
    made = rulings.adopt(ruling=rule(stage.bob, "accept", label="exaggeration"), owner=stage.alice, now=NOW)
    assert Attempt.objects.get(pk=theirs.pk).points == 100
    assert items(assign(stage.class_7a, "six-ways"))[0].version_id != items(stage.six_ways_7a)[0].version_id
    stage.class_7a.assignments.first().delete()
    made.refresh_from_db()
    rulings.undo(ruling=made, who=stage.alice, now=NOW)
    assert columns(Attempt.objects.get(pk=theirs.pk)) == columns(theirs)
    assert everything()[0] != before[0], "in Bob's classes his own ruling stays in force"


def test_who_adopts_a_ruling_is_told_so(stage: Stage) -> None:
    made = rule(stage.bob, "accept", label="exaggeration")
    page = desk_of(stage.alice).post(reverse("ruling_adopt", args=[made.uid]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("ruling", args=[Ruling.objects.get(adopted=made).uid])
    assert [each.text for each in read(page).of_class("message-success")] == [
        "Adopted: this is the school’s ruling now."
    ]


def test_one_s_own_ruling_goes_before_the_school_s(stage: Stage) -> None:
    theirs = answer(stage.finch, stage.six_ways_7a, 1, marks(items(stage.six_ways_7a)[0], HEART, "exaggeration"))
    carol_s = rule(stage.carol, "discuss")
    rulings.adopt(ruling=rule(stage.bob, "accept", label="exaggeration"), owner=stage.alice, now=NOW)
    assert Attempt.objects.get(pk=theirs.pk).is_aside
    rulings.undo(ruling=carol_s, who=stage.carol, now=NOW)
    assert Attempt.objects.get(pk=theirs.pk).points == 100


def test_a_ruling_that_does_not_build_on_the_school_s_is_not_adopted(stage: Stage) -> None:
    carol_s = rule(stage.carol, "discuss")
    rulings.adopt(ruling=rule(stage.bob, "accept", label="exaggeration"), owner=stage.alice, now=NOW)
    with pytest.raises(rulings.Behind):
        rulings.adopt(ruling=carol_s, owner=stage.alice, now=NOW)


def test_new_content_does_not_drop_a_ruling(stage: Stage, feared: Attempt) -> None:
    """The shipped passage changes: the ruling stays in force until somebody has compared the two."""
    ruling = rule(stage.bob, "accept", label="exaggeration")
    passage = planners()
    changed = ruling.base.content | {"difficulty": 3}
    newer = PassageVersion.objects.create(passage=passage, number=9, digest="new", content=changed)
    for exercise in passage.exercises.exclude(current=None).select_related("current"):
        assert exercise.current is not None
        exercise.current = exercise.versions.create(passage_version=newer, number=9, options=exercise.current.options)
        exercise.save()
    Passage.objects.filter(pk=passage.pk).update(current=newer)
    given = assign(stage.class_9b, "six-ways")
    assert given.items.get(position=1).exercise_version.passage_version == ruling.version
    from play import ruled

    assert ruled.row(ruling).needs_check
    rulings.recheck(ruling=Ruling.objects.get(pk=ruling.pk))
    assert not ruled.row(ruling).needs_check


def test_answers_to_other_words_stay_as_they_were_judged(stage: Stage, feared: Attempt) -> None:
    """The text itself changed since: what was answered then cannot be judged by today's words."""
    old = feared.exercise_version.passage_version
    content = old.content | {"text": old.content["text"].replace("square", "market")}
    newer = PassageVersion.objects.create(passage=planners(), number=9, digest="new", content=content)
    Passage.objects.filter(pk=newer.passage_id).update(current=newer)
    rule(stage.bob, "remove")
    assert columns(Attempt.objects.get(pk=feared.pk)) == columns(feared)


def test_rescoring_and_rebuilding_agree_with_a_ruling(stage: Stage, feared: Attempt) -> None:
    rule(stage.bob, "accept", label="exaggeration")
    right = everything()
    Attempt.objects.update(points=1, score=0.5, correct=False, label="", target="x", judged=None)
    Standing.objects.all().delete()
    call_command("rescore")
    call_command("rebuild_standings")
    assert everything() == right


def test_what_moves_into_another_class_is_judged_by_its_key(stage: Stage, feared: Attempt) -> None:
    rule(stage.bob, "accept", label="exaggeration")
    entries.move(student=stage.heron, classroom=stage.class_7a)
    moved = Attempt.objects.get(pk=feared.pk)
    assert moved.assignment == stage.six_ways_7a
    assert (moved.judged_id, moved.points) == (None, feared.points)


def test_answers_that_come_in_while_others_are_computed_are_caught(stage: Stage, feared: Attempt) -> None:
    with transaction.atomic():
        ruling = rulings._make(
            stage.bob, planners(), "technique", "t1", Decision("accept", "Why.", label="exaggeration"), NOW
        )
        regrade = regrading.begin(ruling=ruling, who="bob", now=NOW)

    def meanwhile() -> None:
        late = answer(stage.otter, stage.six_ways, 1, marks(items(stage.six_ways)[0], HEART, "exaggeration"))
        assert late.label == "near", "nothing has changed yet"

    regrading.run(pk=regrade.pk, between=meanwhile)
    assert set(Attempt.objects.values_list("points", flat=True)) == {100}
    regrading.run(pk=regrade.pk)
    assert regrade.ruling.regrades.get().changed == 2, "done once"


def test_nothing_changes_where_the_work_breaks_off(stage: Stage, feared: Attempt) -> None:
    before = everything()
    with transaction.atomic():
        ruling = rulings._make(stage.bob, planners(), "technique", "t1", Decision("discuss", "Why."), NOW)
        regrade = regrading.begin(ruling=ruling, who="bob", now=NOW)

    def crash() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        regrading.run(pk=regrade.pk, between=crash)
    assert everything() == before
    assert not Overlays.of(stage.bob.pk).in_force
    with pytest.raises(rulings.Busy):
        rule(stage.bob, "accept", label="exaggeration")
    regrade.refresh_from_db()
    regrading.take_up(regrade=regrade, now=regrade.beat + timedelta(seconds=5))
    assert everything() == before, "somebody may be at work"
    regrading.take_up(regrade=regrade, now=regrade.beat + timedelta(minutes=1))
    assert Attempt.objects.get(pk=feared.pk).is_aside


def test_a_deleted_account_leaves_the_school_s_rulings(stage: Stage, feared: Attempt) -> None:
    made = rulings.adopt(ruling=rule(stage.bob, "accept", label="exaggeration"), owner=stage.alice, now=NOW)
    Teacher.objects.get(username="bob").delete()
    made.refresh_from_db()
    assert made.version is not None
    assert overlays.Overlays.of(stage.carol.pk).in_force


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_rescored_answers_equal_a_rebuild_from_raw_answers(stage: Stage) -> None:
    rescored_equal_a_rebuild(stage, 10_000)


def test_some_hundred_rescored_answers_equal_a_rebuild_from_raw_answers(stage: Stage) -> None:
    rescored_equal_a_rebuild(stage, 300)


def rescored_equal_a_rebuild(stage: Stage, count: int) -> None:
    """Answers of all sorts, over several assignments; a ruling; then everything but the raw answers is thrown away."""
    shown, dice = items(stage.six_ways)[0], random.Random(count)
    assignments = [stage.six_ways, *(assign(stage.class_9b, "six-ways") for _ in range(3))]
    stage.class_9b.capacity = count
    stage.class_9b.save()
    made = bulk_students(stage, count // len(assignments))
    from play import actions
    from play.models import Attempt as Row

    rows = []
    for assignment in assignments:
        for student in made:
            first = dice.randrange(len(shown.content.words) - 1)
            run = (first, dice.randrange(first + 1, len(shown.content.words)))
            given = Answer(marks=(Mark(run, dice.choice(shown.options)),)) if dice.random() < 0.8 else Answer()
            rows.append(
                Row(
                    student_id=student,
                    assignment=assignment,
                    exercise_version_id=shown.version_id,
                    client_key=f"{assignment.pk}-{student}",
                    answered=NOW,
                    passage=planners(),
                    layer="technique",
                    **actions.outcome(played=shown, given=given, passed=False, late=dice.random() < 0.05),
                )
            )
    Row.objects.bulk_create(rows)
    for assignment in assignments:
        actions.rebuild_standings(assignment=assignment)
    before = everything()
    ruling = rulings.rule(
        teacher=stage.bob,
        passage=planners(),
        layer="technique",
        mark="t1",
        decision=Decision("accept", "Why.", label="exaggeration"),
        now=NOW,
    )
    for thread in __import__("threading").enumerate():
        if thread.name == "regrade":
            thread.join()
    right = everything()
    regrade = Regrade.objects.get(ruling=ruling)
    assert regrade.finished is not None
    assert regrade.done == regrade.total == count
    assert regrade.changed > count / 50
    assert right != before
    Attempt.objects.update(points=0, score=0, correct=False, label="", target="", chosen="", place=None, judged=None)
    Standing.objects.all().delete()
    call_command("rescore")
    call_command("rebuild_standings")
    assert everything() == right
    rulings.undo(ruling=Ruling.objects.get(pk=ruling.pk), who=stage.bob, now=NOW)
    for thread in __import__("threading").enumerate():
        if thread.name == "regrade":
            thread.join()
    assert everything() == before


def bulk_students(stage: Stage, count: int) -> list[int]:
    """Entries without the words that take long to make."""
    from classroom.models import Student

    made = Student.objects.bulk_create(
        Student(classroom=stage.class_9b, nickname=f"Newt {n}", phrase_hmac=str(n), joined=NOW, last_seen=NOW)
        for n in range(count)
    )
    return [each.pk for each in made]


def test_the_ruling_on_one_layer_is_the_one_that_stands_among_all(stage: Stage) -> None:
    layer = (planners().pk, "technique")

    def found() -> list[int | None]:
        leaders = (stage.bob, stage.carol)
        alone = [overlays.ruling_on(passage_id=layer[0], layer=layer[1], teacher_id=each.pk) for each in leaders]
        assert alone == [Overlays.of(each.pk).in_force.get(layer) for each in leaders]
        return [each and each.pk for each in alone]

    assert found() == [None, None]
    first = rule(stage.bob, "accept", label="exaggeration")
    assert found() == [first.pk, None]
    adopted = rulings.adopt(ruling=first, owner=stage.alice, now=NOW + timedelta(minutes=1))
    assert found() == [first.pk, adopted.pk]
    last = rule(stage.bob, "accept", label="appeal-fear", now=NOW + timedelta(minutes=2))
    assert found() == [last.pk, adopted.pk]
    rulings.undo(ruling=last, who=stage.bob, now=NOW + timedelta(minutes=3))
    assert found() == [first.pk, adopted.pk]


def test_an_answer_reads_no_ruling_on_other_words(stage: Stage) -> None:
    """A school has more of them every year, and each has two contents."""
    rule(stage.bob, "accept", label="exaggeration")
    others = [each.passage_id != planners().pk and each.kind == "markup" for each in items(stage.six_ways)]
    position = 1 + others.index(True)
    here = reverse("exercise", args=[stage.class_9b.uid, stage.six_ways.uid, position])
    first, second = students(stage.class_9b, 2)
    for student in (first, second):
        for number in range(1, position):
            answer(student, stage.six_ways, number)
    device_of(first).post(here, {"nothing": "1"}, headers={"HX-Request": "true"})  # what is drawn once is drawn
    with CaptureQueriesContext(connection) as captured:
        response = device_of(second).post(here, {"nothing": "1"}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert not [each["sql"] for each in captured if "exercises_passageversion" in each["sql"]]
