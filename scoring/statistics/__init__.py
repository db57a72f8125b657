"""Figures about answers, each with its uncertainty and with the number of answers below which it is not shown.

A trial is the first encounter of a student with a layer of a passage, in `spot`, `source` or `judge`: there is
something to find (signal) or not, and the student flags it or not. docs/statistics.md says the same for teachers.
"""
