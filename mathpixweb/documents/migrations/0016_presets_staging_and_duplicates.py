import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import mathpixweb.documents.ids

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
CASCADE = django.db.models.deletion.CASCADE
SET_NULL = django.db.models.deletion.SET_NULL


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0009_direct_tokens"),
        ("documents", "0015_folders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preset",
            fields=[
                ("id", ID),
                ("name", models.CharField(max_length=60)),
                ("choices", models.JSONField(default=dict, help_text="as the form of options has them")),
                ("for_all", models.BooleanField(default=False)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True, on_delete=SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(on_delete=CASCADE, related_name="presets", to="accounts.team"),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("team", "name"), name="a_preset_a_name"),
                    models.UniqueConstraint(
                        condition=models.Q(("for_all", True)), fields=("team",), name="a_preset_for_all"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Staged",
            fields=[
                ("id", ID),
                (
                    "public_id",
                    models.CharField(
                        default=mathpixweb.documents.ids.new_public_id,
                        editable=False,
                        max_length=40,
                        unique=True,
                    ),
                ),
                ("name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("is_image", models.BooleanField(default=False)),
                ("locked", models.BooleanField(default=False)),
                ("pages", models.PositiveIntegerField(null=True)),
                (
                    "options",
                    models.JSONField(default=dict, help_text="of the document that it is a copy of"),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "folder",
                    models.ForeignKey(
                        null=True, on_delete=SET_NULL, related_name="+", to="documents.folder"
                    ),
                ),
                ("team", models.ForeignKey(on_delete=CASCADE, related_name="staged", to="accounts.team")),
                (
                    "user",
                    models.ForeignKey(on_delete=CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={"ordering": ["pk"]},
        ),
        migrations.AddField(
            model_name="document",
            name="source_hash",
            field=models.CharField(blank=True, help_text="SHA-256 of the file", max_length=64),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("source_hash", ""), _negated=True),
                fields=["team", "source_hash"],
                name="documents_by_source",
            ),
        ),
    ]
