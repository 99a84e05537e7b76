"""The switch by which workers take up no more documents; what is being read is finished."""

from __future__ import annotations

from mathpixweb.documents.models.operation import Pause
from mathpixweb.documents.work import sweeping


def paused() -> Pause | None:
    return Pause.objects.first()


def pause(by: str) -> None:
    Pause.objects.get_or_create(only=1, defaults={"by": by[:254]})


def resume() -> None:
    Pause.objects.all().delete()
    sweeping.sweep()
