"""`python3 manage.py seed`: a team full of invented documents, to see the product at size."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from mathpixweb.accounts.models import Team, User
from mathpixweb.documents.made_up import team

MOST_PAGES = 20_000_000


class Command(BaseCommand):
    help = (
        f"Make the team “{team.NAME}”: invented documents with their pages, usage and people. The first "
        "person here can switch to it; `seed --remove` takes all of it away again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=int, default=10_000)
        parser.add_argument("--pages", type=int, default=1_000_000, help="of all documents together")
        parser.add_argument("--days", type=int, default=400, help="back to the first of them")
        parser.add_argument("--remove", action="store_true", help="take the team away")

    def handle(self, *args: Any, documents: int, pages: int, days: int, remove: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if remove:
            said = "The team is gone." if team.remove() else "There is no such team."
            self.stdout.write(said)
            return
        owner = User.objects.order_by("pk").first()
        if owner is None:
            raise CommandError("Nobody is here yet: start the server once, so that somebody can look at it.")
        if Team.objects.filter(name=team.NAME).exists():
            raise CommandError("The team is there already; `seed --remove` takes it away first.")
        if not 0 < documents <= pages <= MOST_PAGES or days < 1:
            raise CommandError(f"Every document has a page, and {MOST_PAGES:,} pages are the most.")
        began = time.monotonic()
        team.make(owner, team.Wanted(documents, pages, days))
        self.stdout.write(
            f"The team “{team.NAME}” has {documents:,} invented documents of {pages:,} pages together. It "
            f"took {time.monotonic() - began:.0f} s. {owner.email} finds it in the menu of teams."
        )
