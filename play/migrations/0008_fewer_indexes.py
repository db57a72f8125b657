"""Five indexes less for every answer to write.

What only an index tells apart is done to the index alone: Django's own way makes an SQLite table anew for each field.
"""

from __future__ import annotations

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

DROPPED = [
    ("attempt", "assignment"),
    ("attempt", "judged"),
    ("attempt", "student"),
    ("encounter", "student"),
    ("opening", "student"),
    ("standing", "assignment"),
]


def drop(apps: Any, schema_editor: Any) -> None:
    for name, field in DROPPED:
        model = apps.get_model("play", name)
        column = model._meta.get_field(field).column
        for index in schema_editor._constraint_names(model, [column], index=True, unique=False, primary_key=False):
            schema_editor.execute(schema_editor._delete_index_sql(model, index))


def make(apps: Any, schema_editor: Any) -> None:
    for name, field in DROPPED:
        model = apps.get_model("play", name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[model._meta.get_field(field)]))


class Migration(migrations.Migration):

    dependencies = [
        ('classroom', '0009_invitations'),
        ('exercises', '0002_own_texts'),
        ('play', '0007_challenges'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(drop, make)],
            state_operations=[
                migrations.AlterField(
                    model_name='attempt',
                    name='assignment',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='classroom.assignment'),
                ),
                migrations.AlterField(
                    model_name='attempt',
                    name='judged',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exercises.exerciseversion'),
                ),
                migrations.AlterField(
                    model_name='attempt',
                    name='student',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='classroom.student'),
                ),
                migrations.AlterField(
                    model_name='encounter',
                    name='student',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='encounters', to='classroom.student'),
                ),
                migrations.AlterField(
                    model_name='opening',
                    name='student',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='classroom.student'),
                ),
                migrations.AlterField(
                    model_name='standing',
                    name='assignment',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='classroom.assignment'),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name='standing',
            name='standing_order',
        ),
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_number_of_student',
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.UniqueConstraint(fields=('assignment', 'student', 'exercise_version', 'number'), name='number_of_attempt'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('judged__isnull', False)), fields=['judged'], name='attempt_judged'),
        ),
    ]
