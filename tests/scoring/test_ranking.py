from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.ranking import competition_ranks


def test_ties_share_a_rank_and_the_next_rank_is_skipped() -> None:
    assert competition_ranks([9, 7, 7, 5, 5, 5, 1]) == [1, 2, 2, 4, 4, 4, 7]


def test_nobody_has_no_rank_and_one_is_first() -> None:
    assert competition_ranks([]) == []
    assert competition_ranks([0]) == [1]


@given(st.lists(st.integers(0, 6)).map(lambda scores: sorted(scores, reverse=True)))
def test_a_rank_is_one_more_than_those_who_have_more(scores: list[int]) -> None:
    ranks = competition_ranks(scores)
    assert ranks == [1 + sum(other > score for other in scores) for score in scores]
