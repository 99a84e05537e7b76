from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0009_direct_tokens")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, help_text="empty: as the browser says", max_length=10),
        ),
        migrations.AddField(
            model_name="user",
            name="mail_when_done",
            field=models.BooleanField(default=False, help_text="about documents that took a while"),
        ),
    ]
