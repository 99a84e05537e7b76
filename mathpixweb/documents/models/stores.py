"""Other people's buckets, and what is written into them."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from mathpixweb.accounts.models import Team


class DataSource(models.Model):
    """A bucket or container that a team has opened to this server."""

    data_source_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="data_sources")
    name = models.CharField(max_length=255, blank=True)
    provider = models.CharField(max_length=10)
    bucket = models.CharField(max_length=255)
    account = models.CharField(max_length=64, blank=True, help_text="of Azure, to which containers belong")
    region = models.CharField(max_length=64, blank=True)
    auth_method = models.CharField(max_length=32)
    details = models.JSONField(default=dict)
    secret = models.TextField(help_text="sealed, and never shown")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "provider", "account", "bucket"], name="a_data_source_a_bucket"
            )
        ]


class ShipmentStatus(models.TextChoices):
    PROCESSING = "processing"
    COMPLETED = "completed"
    ERROR = "error"


class Shipment(models.Model):
    """The writing of one document's results to the destination that came with it."""

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="shipment")
    results_of = models.DateTimeField(
        help_text="when the results were complete; those of another time go again"
    )
    status = models.CharField(
        max_length=12, choices=ShipmentStatus.choices, default=ShipmentStatus.PROCESSING
    )
    error_detail = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at"],
                name="shipments_waiting",
                condition=models.Q(status=ShipmentStatus.PROCESSING),
            )
        ]
