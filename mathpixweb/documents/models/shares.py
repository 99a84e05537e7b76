"""Links by which people without an account read one document."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class ShareLink(models.Model):
    """One link to one document; its secret is found by its hash, and sealed to be shown again."""

    document = models.ForeignKey("documents.Document", on_delete=models.CASCADE, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    token = models.TextField(help_text="sealed")
    password = models.CharField(max_length=128, blank=True, help_text="hashed; empty: none is asked for")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    opened = models.PositiveBigIntegerField(default=0, help_text="times, more than there are views kept")

    class Meta:
        ordering = ["-created_at"]


class ShareView(models.Model):
    """Somebody opened a link."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="views")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True, help_text="what it calls itself")

    class Meta:
        ordering = ["-created_at"]
