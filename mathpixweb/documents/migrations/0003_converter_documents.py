"""Documents that come as Mathpix Markdown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_search_index")]
    operations = [
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(choices=[("pdf", "Pdf"), ("converter", "Converter")], max_length=12),
        )
    ]
