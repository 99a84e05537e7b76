from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0015_teams_that_keep_nothing")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="requests_per_minute",
            field=models.PositiveIntegerField(help_text="none: as in the settings", null=True),
        ),
    ]
