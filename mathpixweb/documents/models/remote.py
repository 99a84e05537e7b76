"""What is kept of documents that are read elsewhere, and of pages that were read more than once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from mathpixweb.accounts.models import Team


class Relay(models.Model):
    """A document handed in at another server, whose pages come from there until it is settled.

    Who follows it holds the claim, so that a restart, or a second server, takes up what the first has left.
    """

    document = models.OneToOneField("documents.Document", on_delete=models.CASCADE, related_name="relay")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=80, help_text="the document's id there")
    announced_at = models.DateTimeField(
        null=True, help_text="since when it may have been taken there, though no answer is noted"
    )
    numbers = models.JSONField(default=list, help_text="of the pages asked for, where that is known here")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    progress_at = models.DateTimeField(default=timezone.now, help_text="when something last came")
    settled_at = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["lease_until"], name="relays_to_follow", condition=models.Q(settled_at=None))
        ]


class Erasure(models.Model):
    """What was sent from here, is deleted here, and is still to be deleted there."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    remote_id = models.CharField(max_length=80)
    due_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="erasures_by_due")]


class Reading(models.Model):
    """What a page said before it was read again; the last one of each provider is kept."""

    page = models.ForeignKey("documents.Page", on_delete=models.CASCADE, related_name="readings")
    provider = models.CharField(max_length=12)
    mmd = models.TextField(blank=True)
    confidence = models.FloatField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "provider"], name="a_reading_a_provider")]
