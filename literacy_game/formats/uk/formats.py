"""Ukrainian: the month in the genitive, “р.” left out, 24 hours."""

DATE_FORMAT = "j E Y"
SHORT_DATE_FORMAT = "j b Y"
DATETIME_FORMAT = "j b Y, H:i"
SHORT_DATETIME_FORMAT = "D, j b, H:i"
TIME_FORMAT = "H:i"
