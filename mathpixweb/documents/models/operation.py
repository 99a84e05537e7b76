"""What operators see and switch: which machines work, and whether they may."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Pause(models.Model):
    """While its only row exists, workers take up no documents."""

    only = models.PositiveSmallIntegerField(default=1, unique=True)
    by = models.CharField(max_length=254)
    since = models.DateTimeField(default=timezone.now, editable=False)


class Machine(models.Model):
    """A machine on which workers run, as it has last reported itself."""

    name = models.CharField(max_length=255, unique=True)
    processes = models.PositiveIntegerField(default=0, help_text="of its worker, 0 when it does not run")
    memory = models.PositiveBigIntegerField(default=0, help_text="bytes that they hold")
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
