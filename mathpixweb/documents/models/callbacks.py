"""Whom to tell what becomes of documents, and the log of what was told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from mathpixweb.accounts.models import Team


class Callback(models.Model):
    """An address that came with a document or a job, and the events that it wants to hear of."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(
        "documents.Document", null=True, on_delete=models.CASCADE, related_name="callbacks"
    )
    batch = models.ForeignKey(
        "documents.Batch", null=True, on_delete=models.CASCADE, related_name="callbacks"
    )
    url = models.TextField()
    headers = models.TextField(blank=True, help_text="JSON, sealed: they may hold the receiver's secrets")
    events = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)


class Webhook(models.Model):
    """An address that a team wants to be told of all its documents, whoever sends them.

    One that was removed stays a while without its address and secret, for messages that are on their way.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhooks")
    url = models.TextField(blank=True)
    host = models.CharField(max_length=255)
    events = models.JSONField(default=list)
    secret = models.TextField(blank=True, help_text="that signs its messages; sealed")
    secret_before = models.TextField(blank=True, help_text="that signs them too for a while; sealed")
    secret_before_until = models.DateTimeField(null=True)
    active_since = models.DateTimeField(null=True, help_text="none: paused; what ended before is not told")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    deleted_at = models.DateTimeField(null=True)


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Delivery(models.Model):
    """One message to one address: what to send, how often it was tried, and what came back."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="deliveries")
    document = models.ForeignKey(
        "documents.Document", null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    batch = models.ForeignKey("documents.Batch", null=True, on_delete=models.CASCADE, related_name="+")
    webhook = models.ForeignKey(
        Webhook,
        null=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
        help_text="none: of a request",
    )
    event = models.CharField(max_length=32, blank=True)
    once = models.CharField(max_length=160, null=True, unique=True)  # noqa: DJ001 - none is unlike any other
    url = models.TextField()
    host = models.CharField(max_length=255)
    headers = models.TextField(blank=True, help_text="JSON, sealed")
    body = models.TextField(
        blank=True, help_text="JSON, sealed if private; written at the first try at the latest"
    )
    private = models.BooleanField(
        default=False, help_text="the body is erased once it is delivered or given up"
    )
    status = models.CharField(max_length=10, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    response_code = models.PositiveSmallIntegerField(null=True, help_text="of the latest try")
    detail = models.TextField(blank=True, help_text="why the latest try failed")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="deliveries_waiting",
                condition=models.Q(status=DeliveryStatus.WAITING),
            ),
            models.Index(fields=["team", "-created_at"], name="deliveries_newest_first"),
            models.Index(fields=["completed_at"], name="deliveries_by_end"),
        ]
