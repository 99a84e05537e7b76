from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0012_how_much_of_the_budget_is_passed")]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="pages_per_month",
            field=models.PositiveIntegerField(help_text="none: as in the settings", null=True),
        ),
    ]
