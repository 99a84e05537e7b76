from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0011_accounts_elsewhere")]

    operations = [
        migrations.AddField(
            model_name="team",
            name="budget_seen_at",
            field=models.DateTimeField(
                null=True, help_text="when the month's cost was last held against it"
            ),
        ),
        migrations.AddField(
            model_name="team",
            name="budget_passed",
            field=models.PositiveSmallIntegerField(default=0, help_text="percent of it: 0, 80 or 100"),
        ),
        migrations.AddField(
            model_name="team",
            name="budget_month",
            field=models.DateField(null=True, help_text="the first day of the month of which that is true"),
        ),
    ]
