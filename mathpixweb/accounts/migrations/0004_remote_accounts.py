import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_signing_secrets'),
    ]

    operations = [
        migrations.CreateModel(
            name='RemoteAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('provider', models.CharField(default='local', max_length=12)),
                ('region', models.CharField(choices=[('us', 'United States'), ('eu', 'European Union'), ('sg', 'Singapore'), ('server', 'The address that this server was given')], default='us', max_length=8)),
                ('app_id', models.CharField(blank=True, max_length=255)),
                ('app_key', models.TextField(blank=True, help_text='sealed')),
                ('eu_only', models.BooleanField(default=False)),
                ('nothing_leaves', models.BooleanField(default=False)),
                ('private', models.BooleanField(default=False, help_text='always asks for improve_mathpix: false')),
                ('page_budget', models.PositiveIntegerField(help_text='pages a month; none: no limit', null=True)),
                ('month', models.CharField(blank=True, help_text='to which `pages_this_month` belongs', max_length=7)),
                ('pages_this_month', models.PositiveIntegerField(default=0)),
                ('second_reading_below', models.FloatField(default=0, help_text='confidence below which a page read here is read again there; 0: none is')),
                ('mirrored', models.BooleanField(default=False, help_text='its results and usage are copied here')),
                ('modified_at', models.DateTimeField(auto_now=True)),
                ('team', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='remote_account', to='accounts.team')),
            ],
        ),
    ]
