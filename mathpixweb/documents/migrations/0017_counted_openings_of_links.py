from django.db import migrations, models
from django.db.models import Count


def count(apps, schema_editor):
    links = apps.get_model("documents", "ShareLink").objects
    for pk, views in links.annotate(count=Count("views")).values_list("pk", "count"):
        links.filter(pk=pk).update(opened=views)


class Migration(migrations.Migration):

    dependencies = [("documents", "0016_presets_staging_and_duplicates")]

    operations = [
        migrations.AddField(
            model_name="sharelink",
            name="opened",
            field=models.PositiveBigIntegerField(
                default=0, help_text="times, more than there are views kept"
            ),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
