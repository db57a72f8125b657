"""What a teacher is told about answers: each module makes the tables and figures of a page out of what queries read."""
