"""Pages in people's hands: drafts, versions, and back. What is saved is what everybody gets from then on.

The page's own `mmd` is always the newest version, so exports, downloads, the API and the search need not know
that there are others. `lines` stay as they were read: they tell what stands where on the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from mathpixweb.accounts.models import User
from mathpixweb.documents.models import Document, Page, PageStatus
from mathpixweb.documents.models.edits import Draft, PageVersion
from mathpixweb.documents.output import renditions
from mathpixweb.documents.search import contents, search

LONGEST = 1_000_000  # characters of one page; nobody types more


class Changed(Exception):
    """Somebody else saved the page, or had it read again, since the editor was opened."""


class TooLong(Exception):
    """More than LONGEST characters."""


@dataclass(frozen=True, slots=True)
class Text:
    """What the editor opens with: the page, or what its reader typed last and did not save."""

    mmd: str
    edition: int
    draft: Draft | None


def text_for(page: Page, user: User) -> Text:
    draft = Draft.objects.filter(page=page, user=user).first()
    if draft is None or draft.mmd == page.mmd:
        return Text(page.mmd, page.edition, None)
    return Text(draft.mmd, draft.edition, draft)


def keep_draft(page: Page, user: User, mmd: str, edition: int) -> Draft:
    """Raises TooLong."""
    fields = {"mmd": _checked(mmd), "edition": edition, "saved_at": timezone.now()}
    return Draft.objects.update_or_create(page=page, user=user, defaults=fields)[0]


def discard_draft(page: Page, user: User) -> None:
    Draft.objects.filter(page=page, user=user).delete()


def save(page: Page, user: User, mmd: str, edition: int) -> bool:
    """Makes the text the page's newest version; whether it was another. Raises Changed or TooLong."""
    mmd = _checked(mmd)
    with transaction.atomic():
        changed = mmd != page.mmd
        if changed:
            _replace(page, mmd, edition)
            _add_version(page, mmd, user)
        discard_draft(page, user)
    return changed


def restore(version: PageVersion, user: User) -> None:
    """Makes an earlier version the newest, as a version of its own. Raises Changed."""
    page = version.page
    if version.mmd == page.mmd:
        return
    with transaction.atomic():
        _replace(page, version.mmd, page.edition)
        _add_version(page, version.mmd, user, restores=version.number)


def versions(page: Page) -> list[PageVersion]:
    """Newest first; none as long as nobody has changed what was read."""
    return list(page.versions.select_related("user").order_by("-number"))


def _checked(mmd: str) -> str:
    mmd = mmd.replace("\r\n", "\n").replace("\x00", "")  # forms send the one, databases refuse the other
    if len(mmd) > LONGEST:
        raise TooLong
    return mmd


def _replace(page: Page, mmd: str, edition: int) -> None:
    """Compare and swap by the page's edition, with everything that follows from its text."""
    before = page.mmd
    mine = Page.objects.filter(pk=page.pk, edition=edition, status=PageStatus.COMPLETED)
    fields = {"mmd": mmd, "plain": "", "html": "", "edition": edition + 1}
    fields["chemistry"] = contents.of(mmd, page.lines)["chemistry"]  # handwriting is in the picture
    fields["search_text"] = search.stored("", mmd)
    if not mine.update(**fields):
        raise Changed
    _remember(page, before)
    page.refresh_from_db()
    _make_again(page.document)
    Document.objects.filter(pk=page.document_id).change()


def _make_again(document: Document) -> None:
    """Every format that was made, or is awaited by whoever sent the document, is made of the new text."""
    names = list(document.renditions.values_list("format", flat=True))
    renditions.forget(document)
    renditions.request(document, names, document.options.get("conversion_options") or {})


def _remember(page: Page, mmd: str) -> None:
    """What was read comes before the first edit, and again where the page was read again since the last."""
    latest = page.versions.order_by("-number").values_list("mmd", flat=True).first()
    if latest != mmd:
        _add_version(page, mmd, None)


def _add_version(page: Page, mmd: str, user: User | None, restores: int | None = None) -> None:
    number = (page.versions.aggregate(latest=Max("number"))["latest"] or 0) + 1
    PageVersion.objects.create(page=page, number=number, mmd=mmd, user=user, restores=restores)
