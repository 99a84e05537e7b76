"""An empty database, and teams in it."""

from __future__ import annotations

from django.core.management import call_command

from mathpixweb.accounts.models import Team
from mathpixweb.documents.made_up.rows import analyze as analyze
from mathpixweb.documents.made_up.rows import insert as insert


def prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def teams(count: int) -> list[Team]:
    return Team.objects.bulk_create([Team(name=f"Team {number}") for number in range(count)])
