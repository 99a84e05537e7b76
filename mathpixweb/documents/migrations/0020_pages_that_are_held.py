from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("documents", "0019_what_documents_are_narrowed_by")]

    operations = [
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                fields=["lease_until"], name="pages_held", condition=models.Q(lease_until__isnull=False)
            ),
        ),
    ]
