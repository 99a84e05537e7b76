"""What has been drawn in a live session, until it ends."""

from __future__ import annotations

from django.db import models

from mathpixweb.documents.ids import new_public_id


class StrokesSession(models.Model):
    """The strokes sent so far; several web servers may take them in turn."""

    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="strokes_sessions")
    session_id = models.CharField(max_length=64, unique=True)
    public_id = models.CharField(max_length=40, default=new_public_id)
    strokes = models.TextField(default="[]", help_text="JSON: a list of lists of points")
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="strokes_sessions_by_end")]
