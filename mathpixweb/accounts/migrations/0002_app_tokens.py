"""Short-lived tokens that stand for a key."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_people_teams_keys_and_usage'),
    ]

    operations = [
        migrations.CreateModel(
            name='AppToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('user_id', models.CharField(blank=True, help_text='whom the caller made it for; a word of theirs', max_length=255)),
                ('strokes_session_id', models.CharField(blank=True, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
                ('api_key', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='app_tokens', to='accounts.apikey')),
            ],
            options={
                'indexes': [models.Index(fields=['expires_at'], name='app_tokens_by_end')],
            },
        ),
    ]
