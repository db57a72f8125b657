"""English as most of the world writes it: the day first, the month by name, 24 hours."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"
"""When something was."""
SHORT_DATETIME_FORMAT = "D j M, H:i"
"""When something is near: an opening, a closing."""
TIME_FORMAT = "H:i"
