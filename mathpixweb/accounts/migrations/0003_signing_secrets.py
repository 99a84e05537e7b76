from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_app_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='signing_secret',
            field=models.TextField(blank=True, help_text='of webhooks; sealed'),
        ),
    ]
