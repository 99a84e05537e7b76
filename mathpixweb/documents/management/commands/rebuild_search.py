"""`manage.py rebuild_search`: checks the search index, and makes it anew from the pages."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mathpixweb.documents.models import Page
from mathpixweb.documents.search import contents, search, search_index

BATCH = 200


class Command(BaseCommand):
    help = "Checks the search index and rebuilds it from the pages; with --check it only checks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether the index is intact")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            if not search_index.intact():
                raise CommandError("The search index does not match the pages. Run: manage.py rebuild_search")
            self.stdout.write("The search index is intact.")
            return
        search_index.rebuild()  # first: the triggers fail on a damaged index
        changed, noted = _normalise_again(), contents.note_of_old_pages()
        self.stdout.write(
            f"The search index is rebuilt; {changed} pages were normalised anew, "
            f"{noted} looked through for chemistry and handwriting."
        )


def _normalise_again() -> int:
    """Brings pages stored under older rules of normalising up to date; how many there were."""
    changed = 0
    pages = Page.objects.only("pk", "plain", "mmd", "search_text", "edition").order_by("pk")
    for page in pages.iterator(BATCH):
        text = search.stored(page.plain, page.mmd)
        if text != page.search_text:
            changed += Page.objects.filter(pk=page.pk, edition=page.edition).update(search_text=text)
    return changed
