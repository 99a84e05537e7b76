"""What people and keys have done that somebody may have to account for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Deed(models.TextChoices):
    SIGNED_IN = "signed in", _("Signed in")
    REFUSED = "sign-in refused", _("Sign-in refused")
    SIGNED_OUT = "signed out", _("Signed out")
    ACCOUNT = "account changed", _("Account changed")
    JOINED = "joined", _("Joined")
    LEFT = "left", _("Left")
    INVITED = "invited", _("Invited")
    ROLE = "role changed", _("Role changed")
    REMOVED = "removed", _("Removed")
    TEAM = "team changed", _("Team changed")
    KEY = "key changed", _("Key changed")
    WEBHOOK = "webhook changed", _("Webhook changed")
    SAW = "saw", _("Saw")
    DOWNLOADED = "downloaded", _("Downloaded")
    ADDED = "added", _("Added")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")


class AuditEntry(models.Model):
    """One line, append only. Names are copied, so that it can be read when what it names is gone."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="audit_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.CharField(max_length=254)
    deed = models.CharField(max_length=20, choices=Deed.choices)
    subject = models.CharField(max_length=300, blank=True)
    document = models.CharField(max_length=40, blank=True, help_text="its public id")
    address = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["team", "-created_at"], name="audit_newest_first"),
            models.Index(fields=["team", "deed", "-created_at"], name="audit_by_deed"),
        ]
