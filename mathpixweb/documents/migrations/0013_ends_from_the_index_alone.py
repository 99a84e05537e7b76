from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0012_editing_trash_and_share_links'),
    ]

    operations = [
        migrations.RemoveIndex('document', 'documents_by_end'),
        migrations.AddIndex(
            'document',
            models.Index(fields=['team', 'completed_at', 'created_at', 'error_id'], name='documents_by_outcome'),
        ),
    ]
