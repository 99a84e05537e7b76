"""Invitations, second factors, a budget, the audit log, and the ledger summed up by the hour."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

DEEDS = [
    ('signed in', 'Signed in'), ('sign-in refused', 'Sign-in refused'), ('signed out', 'Signed out'),
    ('account changed', 'Account changed'), ('joined', 'Joined'), ('left', 'Left'), ('invited', 'Invited'),
    ('role changed', 'Role changed'), ('removed', 'Removed'), ('team changed', 'Team changed'),
    ('key changed', 'Key changed'), ('saw', 'Saw'), ('downloaded', 'Downloaded'), ('added', 'Added'),
    ('changed', 'Changed'), ('deleted', 'Deleted'),
]
ROLES = [('owner', 'Owner'), ('admin', 'Admin'), ('member', 'Member'), ('viewer', 'Viewer')]


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_remote_accounts'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='budget',
            field=models.DecimalField(decimal_places=2, help_text='US dollars a month at list price', max_digits=10, null=True),
        ),
        migrations.AddField('user', 'recovery_hashes', models.JSONField(default=list)),
        migrations.AddField(
            model_name='user',
            name='session_epoch',
            field=models.PositiveIntegerField(default=0, help_text='sessions of an earlier one have ended'),
        ),
        migrations.AddField(
            model_name='user',
            name='totp_secret',
            field=models.TextField(blank=True, help_text='sealed; empty: no second factor'),
        ),
        migrations.AddField(
            model_name='user',
            name='totp_step',
            field=models.PositiveBigIntegerField(default=0, help_text='the latest that was used, never again'),
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, help_text='whom it was made for; empty: whoever has the link', max_length=254)),
                ('role', models.CharField(choices=ROLES, default='member', max_length=10)),
                ('token_hash', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='accounts.team')),
            ],
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.CharField(max_length=254)),
                ('deed', models.CharField(choices=DEEDS, max_length=20)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('document', models.CharField(blank=True, help_text='its public id', max_length=40)),
                ('address', models.GenericIPAddressField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audit_entries', to='accounts.team')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['team', '-created_at'], name='audit_newest_first'), models.Index(fields=['team', 'deed', '-created_at'], name='audit_by_deed')],
            },
        ),
        migrations.CreateModel(
            name='UsageHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(help_text='its first moment')),
                ('usage_type', models.CharField(max_length=32)),
                ('key_number', models.BigIntegerField(default=0)),
                ('user_number', models.BigIntegerField(default=0)),
                ('count', models.BigIntegerField(default=0)),
                ('events', models.BigIntegerField(default=0)),
                ('duration', models.FloatField(default=0)),
                ('team', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='usage_hours', to='accounts.team')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('team', 'hour', 'usage_type', 'key_number', 'user_number'), name='a_sum_an_hour')],
            },
        ),
    ]
