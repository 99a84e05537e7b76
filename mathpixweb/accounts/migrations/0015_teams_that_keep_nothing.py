from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0014_days_of_fetched_pages")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="keeps_nothing",
            field=models.BooleanField(
                default=False, help_text="all that is sent in is as if with improve_mathpix: false"
            ),
        ),
    ]
