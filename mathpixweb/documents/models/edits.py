"""What people make of a page that was read: versions that are kept, and drafts that are not yet one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class PageVersion(models.Model):
    """The page's Mathpix Markdown as it once was; without a user it is what was read."""

    page = models.ForeignKey("documents.Page", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    mmd = models.TextField(blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    restores = models.PositiveIntegerField(null=True, help_text="number of the version brought back")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["page", "number"], name="a_version_a_number")]


class Draft(models.Model):
    """What a person has typed and not saved; `edition` is that of the page when it was begun."""

    page = models.ForeignKey("documents.Page", on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    edition = models.PositiveIntegerField()
    mmd = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "user"], name="a_draft_a_person")]
