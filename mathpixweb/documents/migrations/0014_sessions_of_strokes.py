from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

import mathpixweb.documents.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_direct_tokens"),
        ("documents", "0013_ends_from_the_index_alone"),
    ]

    operations = [
        migrations.CreateModel(
            name="StrokesSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("session_id", models.CharField(max_length=64, unique=True)),
                (
                    "public_id",
                    models.CharField(default=mathpixweb.documents.ids.new_public_id, max_length=40),
                ),
                ("strokes", models.TextField(default="[]", help_text="JSON: a list of lists of points")),
                ("ends_at", models.DateTimeField()),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="strokes_sessions",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ends_at"], name="strokes_sessions_by_end")],
            },
        ),
    ]
