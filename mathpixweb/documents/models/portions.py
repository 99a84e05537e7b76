"""Files of a job that are taken in, and still to be made into documents."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from mathpixweb.accounts.models import ApiKey


class Portion(models.Model):
    """Some thousand files in one row, so that a job of two hundred thousand is stored in a second."""

    batch = models.ForeignKey("documents.Batch", on_delete=models.CASCADE, related_name="portions")
    api_key = models.ForeignKey(ApiKey, null=True, on_delete=models.SET_NULL, related_name="+")
    endpoint = models.CharField(max_length=40)
    options = models.JSONField(default=dict)
    files = models.TextField(help_text="JSON: a list of the fields of each JobFile")
    count = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    queued_at = models.DateTimeField(default=timezone.now)
