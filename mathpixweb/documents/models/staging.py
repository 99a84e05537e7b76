"""Files that wait for a person to say how they are to be read, and the choices a team keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from mathpixweb.documents.ids import new_public_id


class Staged(models.Model):
    """An uploaded file before it is a document: `pages` is None where they cannot be counted."""

    public_id = models.CharField(max_length=40, unique=True, default=new_public_id, editable=False)
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="staged")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    folder = models.ForeignKey("documents.Folder", null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    is_image = models.BooleanField(default=False)
    locked = models.BooleanField(default=False)
    pages = models.PositiveIntegerField(null=True)
    options = models.JSONField(default=dict, help_text="of the document that it is a copy of")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]


class Preset(models.Model):
    """Options with a name, for everybody in the team; one of them may hold for all uploads."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="presets")
    name = models.CharField(max_length=60)
    choices = models.JSONField(default=dict, help_text="as the form of options has them")
    for_all = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="a_preset_a_name"),
            models.UniqueConstraint(
                fields=["team"], name="a_preset_for_all", condition=models.Q(for_all=True)
            ),
        ]
