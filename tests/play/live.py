"""A live round of "Six ways" in 9b, as tests run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from classroom.models import Classroom, ExerciseSet, Student
from play.live import actions, queries
from play.models import Ballot, Round
from scoring.points import Answer
from tests.cast import NOW, Cast, desk_of, device_of, items, plain_answer
from tests.devices import Device


@dataclass
class Class:
    """A round with its teacher's desk. `later` moves the clock on."""

    cast: Cast
    round: Round
    desk: Device
    now: datetime = NOW
    devices: dict[int, Device] = field(default_factory=dict)

    @classmethod
    def of(cls, cast: Cast, slug: str = "six-ways", **settled: Any) -> Class:
        values = {"board_mode": "top", "seconds_per_word": None, "auto_lock": False} | settled
        begun = actions.start(
            classroom=cast.class_9b, exercise_set=ExerciseSet.objects.get(slug=slug), now=NOW, **values
        )
        return cls(cast, begun, desk_of(cast.bob))

    @property
    def live(self) -> Round:
        """The round as it stands now."""
        return Round.objects.select_related("assignment__classroom").get(pk=self.round.pk)

    @property
    def classroom(self) -> Classroom:
        return self.cast.class_9b

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def sit(self, *students: Student) -> None:
        for student in students:
            actions.take_seat(live=self.live, student=student, now=self.now)

    def step(self, *names: str) -> None:
        for name in names:
            live = self.live
            actions.step(live=live, version=live.version, name=name, now=self.now)

    def to_answer(self, position: int) -> None:
        """On to the answering of an item, past all that stands before it."""
        while (self.live.position, self.live.phase) != (position, "answer"):
            self.step("next")

    def vote(self, student: Student, given: Answer | None = None, *, position: int = 0, vote: int = 0) -> Ballot:
        live = self.live
        position = position or live.position
        item = items(live.assignment)[position - 1]
        return actions.answer(
            round_id=live.pk,
            student=student,
            position=position,
            vote=vote or live.vote,
            given=given or plain_answer(item),
            passed=False,
            now=self.now,
        )

    def counts(self) -> tuple[int, int]:
        return queries.counts(self.live)

    def device(self, student: Student) -> Device:
        return self.devices.setdefault(student.pk, device_of(student))

    def url(self, name: str = "live", *more: Any) -> str:
        return reverse(name, args=[self.classroom.uid, self.round.uid, *more])

    def page(self, student: Student) -> Any:
        return self.device(student).get(self.url())
