"""German: the day as an ordinal, 24 hours."""

DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. M Y"
DATETIME_FORMAT = "j. M Y, H:i"
SHORT_DATETIME_FORMAT = "D, j. M, H:i"
TIME_FORMAT = "H:i"
