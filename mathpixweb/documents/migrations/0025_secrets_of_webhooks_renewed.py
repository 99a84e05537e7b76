from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0024_webhooks_of_teams")]

    operations = [
        migrations.AddField(
            model_name="webhook",
            name="secret_before",
            field=models.TextField(
                blank=True, default="", help_text="that signs them too for a while; sealed"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="webhook",
            name="secret_before_until",
            field=models.DateTimeField(null=True),
        ),
    ]
