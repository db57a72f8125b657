"""Live rounds: what follows what, what is stored, what counts."""

from __future__ import annotations

import pytest

from classroom.models import Extension, Student
from play import entries, queries
from play.actions import rebuild_standings
from play.live import actions, steps
from play.live.pictures import picture
from play.models import Attempt, Ballot, Opening, Phase, Round, Standing
from scoring.points import Answer, Mark
from tests.cast import NOW, Stage, answer, items, students
from tests.play.live import Class

pytestmark = pytest.mark.django_db
LOADED = Answer(marks=(Mark((6, 10), "loaded-language"),))


@pytest.fixture
def room(stage: Stage) -> Class:
    room = Class.of(stage)
    room.sit(stage.heron, stage.otter)
    return room


def phases(room: Class, count: int) -> list[tuple[str, int]]:
    """Where "next" leads, so many times."""
    found = []
    for _ in range(count):
        room.step("next")
        found.append((room.live.phase, room.live.position))
    return found


def test_next_goes_through_every_phase_of_every_item_to_the_podium(room: Class) -> None:
    item = ["read", "answer", "locked", "reveal", "heat", "standings"]
    expected = [(phase, position) for position in range(1, 7) for phase in item]
    assert phases(room, 36) == expected
    assert phases(room, 1) == [("podium", 6)]
    with pytest.raises(steps.NotNow):
        room.step("next")


def test_without_a_leaderboard_there_are_no_standings(stage: Stage) -> None:
    room = Class.of(stage, board_mode="off")
    assert phases(room, 6)[-2:] == [("heat", 1), ("read", 2)]
    with pytest.raises(steps.NotNow):
        room.step("standings")


def test_back_unlocks_and_looks_at_earlier_keys_but_hides_no_key_again(room: Class) -> None:
    room.step("next", "next", "next")
    room.step("back")
    assert room.live.phase == Phase.ANSWER
    room.step("lock", "reveal")
    with pytest.raises(steps.NotNow):
        room.step("back")
    room.step("next", "next", "next")
    assert (room.live.phase, room.live.position) == ("read", 2)
    room.step("back")
    assert (room.live.phase, room.live.position, room.live.opened) == ("reveal", 1, 2)
    room.step("next", "next", "next")
    assert (room.live.phase, room.live.position) == ("read", 2)


def test_every_step_counts_the_version_up_and_two_at_once_are_one(room: Class) -> None:
    first, second = room.live, room.live
    actions.step(live=first, version=first.version, name="next", now=room.now)
    with pytest.raises(actions.Moved):
        actions.step(live=second, version=second.version, name="next", now=room.now)
    assert (room.live.position, room.live.phase) == (1, "read")
    assert room.live.version == first.version + 1
    with pytest.raises(actions.Moved):
        actions.pause(live=second, version=second.version, now=room.now)


def test_answers_become_attempts_at_the_reveal_and_not_before(room: Class, stage: Stage) -> None:
    """The same attempts as in an assignment: nothing is told by boards and reports meanwhile."""
    room.to_answer(1)
    room.vote(stage.heron, LOADED)
    room.vote(stage.otter)
    room.step("lock")
    assert not Attempt.objects.exists()
    assert not Standing.objects.exists()
    room.step("reveal")
    live = {each.student_id: each for each in Attempt.objects.filter(assignment=room.live.assignment)}
    alone = answer(stage.heron, stage.six_ways, 1, LOADED)
    same = ("score", "points", "correct", "signal", "flagged", "place", "label", "answer", "layer", "passage_id")
    assert [getattr(live[stage.heron.pk], each) for each in same] == [getattr(alone, each) for each in same]
    assert live[stage.heron.pk].points > live[stage.otter.pk].points
    assert alone.is_practice, "the key had been shown in the round"
    board = queries.leaderboard(assignment=room.live.assignment)
    assert [row.nickname for row in board.rows] == ["Brisk Heron", "Calm Otter"]


def test_what_was_revealed_before_the_round_is_practice(room: Class, stage: Stage) -> None:
    answer(stage.heron, stage.six_ways, 1)
    room.to_answer(1)
    room.vote(stage.heron)
    room.vote(stage.otter)
    room.step("reveal")
    found = dict(
        Attempt.objects.filter(assignment=room.live.assignment).values_list("student__nickname", "is_practice")
    )
    assert found == {"Brisk Heron": True, "Calm Otter": False}


def test_the_first_answer_stays(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    first = room.vote(stage.heron, LOADED)
    assert room.vote(stage.heron).pk == first.pk
    assert Ballot.objects.get().answer == first.answer


def test_nothing_is_answered_before_answers_are_open(room: Class, stage: Stage) -> None:
    room.step("next")
    for position in (1, 2):
        with pytest.raises(actions.NotYet):
            room.vote(stage.heron, position=position)
    with pytest.raises(actions.NotYet):
        room.vote(stage.heron, vote=2)
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("then", [["lock"], ["lock", "heat"], ["lock", "standings"]])
def test_an_answer_after_the_lock_is_kept_late_and_without_points(room: Class, stage: Stage, then: list[str]) -> None:
    room.to_answer(1)
    room.step(*then)
    assert room.vote(stage.heron, LOADED).is_late
    room.step("reveal")
    attempt = Attempt.objects.get()
    assert (attempt.is_late, attempt.points, attempt.correct) == (True, 0, False)
    assert Standing.objects.get().decisions == 1


def test_an_answer_after_the_reveal_is_kept_late_too(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    room.vote(stage.otter)
    room.step("reveal", "next", "next", "next")
    assert room.live.position == 2
    assert room.vote(stage.heron, LOADED, position=1, vote=1).is_late
    attempt = Attempt.objects.get(student=stage.heron)
    assert (attempt.is_late, attempt.points) == (True, 0)
    assert Standing.objects.get(student=stage.heron).points == 0
    room.step("end")
    room.vote(stage.heron, position=2, vote=1)
    assert Attempt.objects.filter(student=stage.heron, is_late=True).count() == 2


def test_unlocking_forgives_what_came_in_between(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    room.step("lock")
    assert room.vote(stage.heron).is_late
    room.step("back", "lock", "reveal")
    assert not Attempt.objects.get().is_late


def test_time_is_the_server_s_with_an_extension_and_a_factor(stage: Stage) -> None:
    room = Class.of(stage, seconds_per_word=1.0)
    room.sit(stage.heron, stage.otter)
    Extension.objects.create(assignment=room.live.assignment, student=stage.otter, time_factor=2.0)
    room.to_answer(1)
    words = len(items(room.live.assignment)[0].content.words)
    assert room.live.seconds == words
    live = room.live
    actions.extend(live=live, version=live.version)
    room.later(seconds=words + actions.MORE_TIME + 3)
    more = students(stage.class_9b, 1)
    assert not room.vote(more[0]).is_late, "on its way"
    room.later(seconds=2)
    assert room.vote(stage.heron).is_late
    assert not room.vote(stage.otter).is_late


def test_a_pause_takes_nothing_off_the_time(stage: Stage) -> None:
    room = Class.of(stage, seconds_per_word=1.0)
    room.to_answer(1)
    live = room.live
    assert live.seconds
    actions.pause(live=live, version=live.version, now=room.now)
    room.later(minutes=5)
    actions.pause(live=room.live, version=live.version + 1, now=room.now)
    assert room.live.paused is None
    room.later(seconds=live.seconds)
    assert not room.vote(stage.heron).is_late
    room.later(minutes=1)
    assert room.vote(stage.otter).is_late


def test_it_locks_by_itself_when_all_have_answered_only_if_asked(stage: Stage) -> None:
    for auto_lock, phase in ((False, "answer"), (True, "locked")):
        room = Class.of(stage, auto_lock=auto_lock)
        room.sit(stage.heron, stage.otter)
        room.to_answer(1)
        room.vote(stage.heron)
        assert room.live.phase == "answer"
        version = room.live.version
        room.vote(stage.otter)
        assert room.live.phase == phase
        assert room.live.version == version + auto_lock


def test_it_locks_by_itself_when_nobody_is_waited_for_any_more(stage: Stage) -> None:
    """The only one who has not answered is taken out; or the switch is pressed after the last answer."""
    room = Class.of(stage, auto_lock=True)
    room.sit(stage.heron, stage.otter)
    room.to_answer(1)
    actions.set_removed(live=room.live, student=stage.otter, removed=True)
    assert room.live.phase == "answer", "who is there has not answered"
    actions.set_removed(live=room.live, student=stage.otter, removed=False)
    room.vote(stage.heron)
    actions.set_removed(live=room.live, student=stage.otter, removed=True)
    assert room.live.phase == "locked"
    room.step("back")
    assert room.live.phase == "answer", "the teacher has opened it again"
    for auto_lock, phase in ((False, "answer"), (True, "locked")):
        actions.set_auto_lock(live=room.live, version=room.live.version, auto_lock=auto_lock)
        assert room.live.phase == phase


def test_it_does_not_lock_by_itself_with_nobody_there(stage: Stage) -> None:
    room = Class.of(stage, auto_lock=True)
    room.sit(stage.heron)
    room.to_answer(1)
    actions.set_removed(live=room.live, student=stage.heron, removed=True)
    assert room.live.phase == "answer"


def test_a_removed_student_neither_answers_nor_is_waited_for(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    room.vote(stage.otter)
    version = room.live.version
    actions.set_removed(live=room.live, student=stage.heron, removed=True)
    assert room.live.version == version + 1
    assert room.counts() == (1, 1)
    with pytest.raises(actions.Removed):
        room.vote(stage.heron)
    actions.set_removed(live=room.live, student=stage.heron, removed=False)
    assert room.counts() == (1, 2)
    actions.set_removed(live=room.live, student=stage.otter, removed=True)
    assert room.counts() == (0, 1), "what the removed have answered is not counted either"


def test_who_was_there_and_gave_no_answer_left_it_open_and_who_came_late_did_not_see_it(
    room: Class, stage: Stage
) -> None:
    late = students(stage.class_9b, 1)[0]
    room.to_answer(1)
    room.vote(stage.heron)
    room.later(minutes=1)
    room.sit(late)
    room.step("reveal", "end")
    assert [each.student for each in Opening.objects.all()] == [stage.otter]
    found = dict(Standing.objects.values_list("student__nickname", "decisions"))
    assert found == {"Brisk Heron": 1, "Calm Otter": 1}


def test_the_end_keeps_what_was_not_revealed_and_closes_the_assignment(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    room.vote(stage.heron)
    room.step("end")
    assert Attempt.objects.get().student == stage.heron
    live = room.live
    assert (live.phase, live.assignment.closes) == ("ended", room.now)
    with pytest.raises(steps.NotNow):
        room.step("end")


def test_a_second_vote_is_kept_apart_and_counts_nowhere(room: Class, stage: Stage) -> None:
    group = [stage.heron, stage.otter, *students(stage.class_9b, 4)]
    room.sit(*group)
    room.to_answer(1)
    for student in group:
        room.vote(student)
    room.step("lock", "heat", "again")
    assert (room.live.vote, room.live.phase) == (2, "answer")
    for student in group:
        room.vote(student, LOADED)
    room.step("lock")
    with pytest.raises(steps.NotNow):
        room.step("again")
    before = picture(live=room.live, language="en")
    assert (before.votes, before.shift) == (2, None), "the key is not out"
    room.step("reveal", "heat")
    found = picture(live=room.live, language="en")
    assert found.shift is not None
    assert (found.shift.voters, found.shift.before, found.shift.after, found.shift.gained) == (6, 0, 6, 6)
    assert set(Attempt.objects.values_list("flagged", flat=True)) == {False}
    assert Ballot.objects.filter(vote=2).count() == 6
    rebuild_standings(assignment=room.live.assignment)
    assert set(Standing.objects.values_list("decisions", flat=True)) == {1}
    room.step("next", "next")
    assert room.live.vote == 1


def test_the_picture_of_marked_words(room: Class, stage: Stage) -> None:
    group = [stage.heron, stage.otter, *students(stage.class_9b, 3)]
    room.sit(*group)
    room.to_answer(1)
    for student in group[:4]:
        room.vote(student, LOADED)
    room.step("lock", "heat")
    assert picture(live=room.live, language="en").is_hidden
    room.step("back", "back")
    room.vote(group[4], Answer(marks=(Mark((0, 1), "loaded-language"),)))
    assert not Ballot.objects.filter(is_late=True).exists()
    room.step("lock", "heat")
    found = picture(live=room.live, language="en")
    shaded = [(part.text.split(), part.count) for each in found.sentences for part in each.parts if part.count]
    words = items(room.live.assignment)[0].content
    assert shaded == [(words.text[slice(*words.words.code_points((6, 10)))].split(), 4)]
    assert not any(part.in_key for each in found.sentences for part in each.parts)
    whole = "".join(part.text for each in found.sentences for part in each.parts)
    assert whole.split() == words.text.split()
    assert [row.bars[0].count for row in found.rows] == [5, 0]
    assert not any(row.in_key for row in found.rows)
    room.step("reveal", "heat")
    told = picture(live=room.live, language="en")
    key = [part.text.strip() for each in told.sentences for part in each.parts if part.in_key]
    assert " ".join(key).split() == ["rip", "the", "heart", "out", "vandals"]


def test_pictures_of_the_other_kinds(room: Class, stage: Stage) -> None:
    group = [stage.heron, stage.otter, *students(stage.class_9b, 4)]
    room.sit(*group)
    for position, kind in ((3, "name"), (4, "evidence"), (5, "judge")):
        room.to_answer(position)
        item = items(room.live.assignment)[position - 1]
        assert item.kind == kind
        for number, student in enumerate(group):
            given = Answer(flagged=number > 1, confidence=70 if number > 1 else 100)
            room.vote(student, given if kind == "judge" else Answer(choice=item.options[number < 4]))
        room.step("lock", "heat")
        blind = picture(live=room.live, language="en")
        assert not blind.sure
        assert sorted(row.bars[0].count or -1 for row in blind.rows if row.bars[0].count != 0) == [-1, 4]
        assert not any(row.in_key for row in blind.rows)
        room.step("reveal", "heat")
        told = picture(live=room.live, language="en")
        assert sum(row.in_key for row in told.rows) >= 1
        if kind == "judge":
            found = {each.confidence: (each.right.count, each.wrong.count) for each in told.sure}
            assert found[70] == (0, 4)
            assert found[100] == (None, 0)


def test_what_late_and_removed_students_said_is_in_no_picture(room: Class, stage: Stage) -> None:
    group = [stage.heron, stage.otter, *students(stage.class_9b, 5)]
    room.sit(*group)
    room.to_answer(1)
    for student in group[:6]:
        room.vote(student)
    room.step("lock")
    room.vote(group[6])
    actions.set_removed(live=room.live, student=group[0], removed=True)
    room.step("heat")
    assert picture(live=room.live, language="en").answers == 5


def test_a_round_is_its_row(room: Class) -> None:
    """Whoever opens it on another device finds all there is in the database."""
    room.step("next", "next")
    assert Round.objects.get(uid=room.round.uid).phase == "answer"


def test_a_second_vote_that_comes_after_the_next_passage_is_kept_late(room: Class, stage: Stage) -> None:
    room.to_answer(1)
    room.step("lock", "again", "lock", "reveal", "next", "next", "next")
    assert (room.live.position, room.live.vote) == (2, 1)
    assert room.vote(stage.heron, position=1, vote=2).is_late
    with pytest.raises(actions.NotYet):
        room.vote(stage.heron, position=2, vote=2)


def test_who_has_voted_is_no_flood(room: Class, stage: Stage) -> None:
    """Before the reveal an answer is a ballot, not yet an attempt."""
    late, silent = students(stage.class_9b, 2)
    room.sit(late, silent)
    room.to_answer(1)
    room.vote(late)
    entries.clear_flood(classroom=stage.class_9b, minutes=10, now=NOW)
    assert Student.objects.filter(pk=late.pk).exists()
    assert not Student.objects.filter(pk=silent.pk).exists()
