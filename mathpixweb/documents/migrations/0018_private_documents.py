from django.db import migrations, models


def tell(apps, schema_editor):
    documents = apps.get_model("documents", "Document").objects
    documents.filter(options__metadata__improve_mathpix=False).update(private=True)


class Migration(migrations.Migration):

    dependencies = [("documents", "0017_counted_openings_of_links")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="private",
            field=models.BooleanField(
                default=False, help_text="sent with improve_mathpix: false; in no list, and soon erased"
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                fields=["completed_at"],
                name="documents_private",
                condition=models.Q(private=True, deleted_at=None),
            ),
        ),
    ]
