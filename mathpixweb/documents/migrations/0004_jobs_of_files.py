"""Jobs of the Files API, and the names by which its callers know their files."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_app_tokens'),
        ('documents', '0003_converter_documents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='file_id',
            field=models.UUIDField(editable=False, help_text='its id in the Files API', null=True, unique=True),
        ),
        migrations.AddField(
            model_name='document',
            name='idempotency_key',
            field=models.CharField(max_length=255, null=True),
        ),
        migrations.AddField(
            model_name='document',
            name='key_in_batch',
            field=models.CharField(help_text="the contract's custom_id", max_length=255, null=True),
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('job_id', models.CharField(max_length=255)),
                ('idempotency_key', models.CharField(max_length=255, null=True)),
                ('request_hash', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('finalized_at', models.DateTimeField(null=True)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='accounts.team')),
            ],
        ),
        migrations.AddField(
            model_name='document',
            name='batch',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='documents.batch'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['batch', 'id'], name='documents_of_a_batch'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('deleted_at', None)), fields=['batch', 'status', 'modified_at'], name='documents_of_a_batch_by_status'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('batch', 'key_in_batch'), name='a_living_document_a_key'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('deleted_at', None)), fields=('team', 'idempotency_key'), name='a_document_an_idempotency_key'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('team', 'job_id'), name='a_job_id_a_team'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.UniqueConstraint(fields=('team', 'idempotency_key'), name='a_job_an_idempotency_key'),
        ),
    ]
