from django.db import migrations, models


def limit():
    return models.PositiveIntegerField(help_text="none: as in the settings", null=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_hours_follow_the_ledger'),
    ]

    operations = [
        migrations.AddField(model_name='team', name='requests_per_minute', field=limit()),
        migrations.AddField(model_name='team', name='pages_per_month', field=limit()),
        migrations.AddField(model_name='apikey', name='requests_per_minute', field=limit()),
        migrations.AddField(model_name='apikey', name='pages_per_month', field=limit()),
    ]
