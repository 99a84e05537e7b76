"""Nullable and without defaults: SQLite then adds the columns without writing every page anew."""

from django.db import migrations, models

NOT_YET = "whether it shows any; none: stored before this was"


def index(field):
    return migrations.AddIndex(
        model_name="page",
        index=models.Index(
            fields=["document"], name=f"pages_with_{field}", condition=models.Q(**{field: True})
        ),
    )


class Migration(migrations.Migration):

    dependencies = [("documents", "0021_what_is_deleted_elsewhere")]

    operations = [
        migrations.AddField(
            model_name="page",
            name="chemistry",
            field=models.BooleanField(help_text=NOT_YET, null=True),
        ),
        migrations.AddField(
            model_name="page",
            name="handwriting",
            field=models.BooleanField(help_text=NOT_YET, null=True),
        ),
        index("chemistry"),
        index("handwriting"),
    ]
