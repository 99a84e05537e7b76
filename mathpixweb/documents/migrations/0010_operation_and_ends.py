"""What operators see and switch, and an index for how documents ended."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0009_data_sources_and_shipments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Machine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True)),
                ('processes', models.PositiveIntegerField(default=0, help_text='of its worker, 0 when it does not run')),
                ('memory', models.PositiveBigIntegerField(default=0, help_text='bytes that they hold')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('only', models.PositiveSmallIntegerField(default=1, unique=True)),
                ('by', models.CharField(max_length=254)),
                ('since', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['team', 'completed_at'], name='documents_by_end'),
        ),
        migrations.AddIndex(
            model_name='page',
            index=models.Index(fields=['completed_at'], name='pages_by_end'),
        ),
    ]
