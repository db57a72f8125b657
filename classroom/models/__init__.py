"""The plan: teachers, classes, students, sets, assignments, own texts and rulings, one module each."""

from classroom.models.assignments import Assignment, AssignmentItem, BoardMode, Extension, Feedback, Order, Team
from classroom.models.audit import AuditEntry, AuditEvent
from classroom.models.classes import Classroom, NicknamePolicy, RosterEntry, Student
from classroom.models.ids import UidField, new_session_key, new_uid
from classroom.models.own_texts import OwnLabelling, OwnText
from classroom.models.rulings import Decided, Ruling
from classroom.models.sets import READY_MADE_LANGUAGE, ExerciseSet, SetItem
from classroom.models.teachers import Invitation, Teacher

__all__ = [
    "READY_MADE_LANGUAGE",
    "Assignment",
    "AssignmentItem",
    "AuditEntry",
    "AuditEvent",
    "BoardMode",
    "Classroom",
    "Decided",
    "ExerciseSet",
    "Extension",
    "Feedback",
    "Invitation",
    "NicknamePolicy",
    "Order",
    "OwnLabelling",
    "OwnText",
    "RosterEntry",
    "Ruling",
    "SetItem",
    "Student",
    "Teacher",
    "Team",
    "UidField",
    "new_session_key",
    "new_uid",
]
