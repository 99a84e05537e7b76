from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


# SQLite makes a table anew to give it a column, and forgets the triggers that keep the search index in step
index = import_module("mathpixweb.documents.migrations.0002_search_index")
nothing, triggers = index.run([], []), index.run(index.CREATE[1:], [])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_remote_accounts'),
        ('documents', '0007_portions_of_jobs'),
    ]

    operations = [
        migrations.AddField(
            model_name='page',
            name='provider',
            field=models.CharField(blank=True, help_text="who reads it; empty: the document's", max_length=12),
        ),
        migrations.RunPython(triggers, nothing),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(max_length=12)),
                ('mmd', models.TextField(blank=True)),
                ('confidence', models.FloatField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='documents.page')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('page', 'provider'), name='a_reading_a_provider')],
            },
        ),
        migrations.CreateModel(
            name='Relay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('remote_id', models.CharField(help_text="the document's id there", max_length=80)),
                ('numbers', models.JSONField(default=list, help_text='of the pages asked for, where that is known here')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('progress_at', models.DateTimeField(default=django.utils.timezone.now, help_text='when something last came')),
                ('settled_at', models.DateTimeField(null=True)),
                ('claim', models.CharField(blank=True, max_length=32)),
                ('lease_until', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='relay', to='documents.document')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.team')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['lease_until'], name='relays_to_follow')],
            },
        ),
    ]
