from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_scopes_of_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='remoteaccount',
            name='direct_tokens',
            field=models.BooleanField(default=False, help_text="app tokens are the other server's own"),
        ),
    ]
