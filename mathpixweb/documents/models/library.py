"""What a team keeps about its library besides the documents."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class SavedSearch(models.Model):
    """A question with a name, for everybody in the team."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=80)
    question = models.CharField(max_length=500)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="a_saved_search_a_name")]


class Folder(models.Model):
    """Where people put documents. Its path names those it stands in: `Physics/Papers` stands in `Physics`."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="folders")
    path = models.CharField(max_length=400)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["team", "path"], name="a_folder_a_path")]

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def depth(self) -> int:
        return self.path.count("/")


class Receipt(models.Model):
    """What was erased when a document was deleted for good; names are copied, as nothing else is left."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="receipts")
    document = models.CharField(max_length=40, help_text="its public id")
    name = models.CharField(max_length=255)
    actor = models.CharField(max_length=254, blank=True, help_text="empty: the end of its time in the trash")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    erased = models.JSONField(default=dict)

    class Meta:
        ordering = ["-created_at"]
