"""Who may ask, and how much they did: people, teams, keys and the ledger of usage."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models, transaction
from django.utils import timezone

from mathpixweb.accounts import months
from mathpixweb.accounts.audit_models import AuditEntry  # noqa: F401 - Django finds them here
from mathpixweb.accounts.permissions import Action, may
from mathpixweb.accounts.permissions import Role as Role
from mathpixweb.accounts.remote_models import RemoteAccount  # noqa: F401
from mathpixweb.accounts.usage_models import UsageHour  # noqa: F401

FIRST_TEAM = "My team"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None) -> User:
        """An operator, as `manage.py createsuperuser` makes one: also an owner of the first team."""
        with transaction.atomic(using=self._db):
            user = self.create_user(email, password, is_staff=True, is_superuser=True)
            team = Team.objects.order_by("pk").first() or Team.objects.create(name=FIRST_TEAM)
            Membership.objects.create(team=team, user=user, role=Role.OWNER)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A person, known by the e-mail address."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=120, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, help_text="sessions of an earlier one have ended")
    totp_secret = models.TextField(blank=True, help_text="sealed; empty: no second factor")
    totp_step = models.PositiveBigIntegerField(default=0, help_text="the latest that was used, never again")
    recovery_hashes = models.JSONField(default=list)
    language = models.CharField(max_length=10, blank=True, help_text="empty: as the browser says")
    mail_when_done = models.BooleanField(default=False, help_text="about documents that took a while")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = UserManager()  # type: ignore[assignment,misc]

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()

    def get_session_auth_hash(self) -> str:
        """Also changes when the person ends all sessions, not only with the password."""
        return f"{super().get_session_auth_hash()}{self.session_epoch}"


class Identity(models.Model):
    """An account elsewhere with which a person signs in here."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255, help_text="what the issuer calls the person, for ever")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="a_subject_an_issuer")]


class Team(models.Model):
    """People and keys that share documents. `group_id` is the contract's word for a team."""

    name = models.CharField(max_length=120)
    group_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    signing_secret = models.TextField(blank=True, help_text="of webhooks; sealed")
    requests_per_minute = models.PositiveIntegerField(null=True, help_text="none: as in the settings")
    pages_per_month = models.PositiveIntegerField(null=True, help_text="none: as in the settings")
    keeps_nothing = models.BooleanField(
        default=False, help_text="all that is sent in is as if with improve_mathpix: false"
    )
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Membership", related_name="teams")
    budget = models.DecimalField(
        max_digits=10, decimal_places=2, null=True, help_text="US dollars a month at list price"
    )
    budget_seen_at = models.DateTimeField(
        null=True, help_text="when the month's cost was last held against it"
    )
    budget_passed = models.PositiveSmallIntegerField(default=0, help_text="percent of it: 0, 80 or 100")
    budget_month = models.DateField(null=True, help_text="the first day of the month of which that is true")

    @property
    def budget_alert(self) -> int:
        """The percent of the budget that the running month's cost has passed; 0: not even most of it."""
        running = months.began(timezone.now()).date()
        return self.budget_passed if self.budget_month == running else 0


class Membership(models.Model):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    requests_per_minute = models.PositiveIntegerField(null=True, help_text="none: as in the settings")
    pages_per_month = models.PositiveIntegerField(null=True, help_text="none: as in the settings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_team")]

    @property
    def may_write(self) -> bool:
        return may(self.role, Action.WRITE)

    @property
    def may_administer(self) -> bool:
        return may(self.role, Action.MANAGE_MEMBERS)


class Invitation(models.Model):
    """A link by which somebody joins a team; only its hash is kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(blank=True, help_text="whom it was made for; empty: whoever has the link")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class ApiKey(models.Model):
    """A secret that may call the API for a team; only its hash and first characters are kept."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=120)
    app_id = models.CharField(max_length=64, db_index=True)
    key_hash = models.CharField(max_length=64, unique=True)
    key_start = models.CharField(max_length=8)
    scopes = models.JSONField(default=list, help_text="names of permissions.Scope; empty: all")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    requests_per_minute = models.PositiveIntegerField(null=True, help_text="none: as in the settings")
    pages_per_month = models.PositiveIntegerField(null=True, help_text="none: as in the settings")


class AppToken(models.Model):
    """A short-lived secret for programs that must not hold the key itself; only its hash is kept."""

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="app_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    user_id = models.CharField(
        max_length=255, blank=True, help_text="whom the caller made it for; a word of theirs"
    )
    strokes_session_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="app_tokens_by_end")]


class UsageEvent(models.Model):
    """One line of the ledger: append only, and untouched when the document behind it is deleted."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="usage")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    usage_type = models.CharField(max_length=32)
    request_args_hash = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=1)
    duration = models.FloatField(default=0, help_text="seconds of work")

    class Meta:
        indexes = [models.Index(fields=["team", "created_at", "usage_type"], name="usage_by_team_and_time")]
