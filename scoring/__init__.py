"""The rules of the game: spans, kinds, points, ranking. Plain Python: no Django, no clock, no database."""
