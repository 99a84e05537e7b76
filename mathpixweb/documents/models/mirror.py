"""What of an account elsewhere has been copied here, and how far the copying is."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from mathpixweb.accounts.models import Team


class MirroredList(models.Model):
    """One list of the account. A round reads it from its newest row back to where the last one began.

    All moments are the other server's: its clock decides, however wrong ours is.
    """

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mirrored_lists")
    name = models.CharField(max_length=20)
    since = models.DateTimeField(null=True, help_text="up to here everything is copied")
    round = models.PositiveIntegerField(default=1)
    full = models.BooleanField(default=True, help_text="this round reads everything, and sees what is gone")
    page = models.PositiveIntegerField(default=1, help_text="the next one of this round")
    until = models.DateTimeField(null=True, help_text="this round has passed all that is later")
    newest = models.DateTimeField(null=True, help_text="that this round has seen")
    unfinished = models.DateTimeField(null=True, help_text="the oldest row that is not final yet")
    rows = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)
    full_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="a_mirrored_list_a_name")]
        indexes = [models.Index(fields=["due_at"], name="mirrored_lists_by_due")]


class Mirrored(models.Model):
    """One row of a list, and the document that stands for it; one that was sent from here is not copied."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=20, help_text="of the list")
    remote_id = models.CharField(max_length=80)
    document = models.OneToOneField(
        "documents.Document", null=True, on_delete=models.CASCADE, related_name="mirrored"
    )
    part_of = models.ForeignKey(
        "documents.Document",
        null=True,
        on_delete=models.SET_NULL,
        related_name="sent_pages",
        help_text="of which one page was sent there alone",
    )
    round = models.PositiveIntegerField(
        default=0, help_text="that has seen it last, of those that read everything"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "name", "remote_id"], name="a_row_is_copied_once")
        ]


class RemoteUsage(models.Model):
    """What the account has used in a day, as the other server counts it."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="remote_usage")
    day = models.DateField()
    usage_type = models.CharField(max_length=32)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "day", "usage_type"], name="a_count_a_day_and_type")
        ]
