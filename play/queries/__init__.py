"""What players and boards see."""

from play.queries.boards import (
    SPANS,
    BoardRow,
    Honour,
    Leaderboard,
    board_version,
    class_board,
    class_version,
    due,
    is_unchanged,
    leaderboard,
)
from play.queries.fresh import Again, look_again, open_to_practice, practice_exercise
from play.queries.playing import HomeRow, Progress, ProgressItem, attempt_at, attempts_made, home, ordered, progress
from play.queries.reports import (
    Confidence,
    LabelRow,
    Report,
    by_label,
    confidence,
    report,
    summed,
    told_attempts,
)

__all__ = [
    "SPANS",
    "Again",
    "BoardRow",
    "Confidence",
    "HomeRow",
    "Honour",
    "LabelRow",
    "Leaderboard",
    "Progress",
    "ProgressItem",
    "Report",
    "attempt_at",
    "attempts_made",
    "board_version",
    "by_label",
    "class_board",
    "class_version",
    "confidence",
    "due",
    "home",
    "is_unchanged",
    "leaderboard",
    "look_again",
    "open_to_practice",
    "ordered",
    "practice_exercise",
    "progress",
    "report",
    "summed",
    "told_attempts",
]
