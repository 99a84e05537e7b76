"""One of each thing of a team that has a number of its own in an address; a new kind needs a line here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.urls import URLPattern
from django.utils import timezone

from mathpixweb.accounts import app_tokens, invitations, keys
from mathpixweb.accounts.models import Membership, Role, User
from mathpixweb.documents import storage
from mathpixweb.documents.intake import staging
from mathpixweb.documents.library import sharing
from mathpixweb.documents.models import Delivery, Document, Webhook
from mathpixweb.documents.models.library import Folder, Receipt, SavedSearch
from mathpixweb.documents.models.staging import Preset, Staged
from tests.attacks.routes import routes

NUMBERS = {"number", "staged"}
Maker = Callable[[Document, User, str], object]  # of whose team, by whom, and what it says


def _token(document: Document, user: User, said: str) -> object:
    return app_tokens.issue(_key(document, user, said), 300, user_id=said)[0]


def _key(document: Document, user: User, said: str) -> keys.ApiKey:
    return keys.issue(document.team, said)[0]


def _member(document: Document, user: User, said: str) -> object:
    count = User.objects.count()
    person = User.objects.create_user(f"member{count}@example.org", name=said)
    return Membership.objects.create(team=document.team, user=person, role=Role.MEMBER)


def _webhook(document: Document, user: User, said: str) -> Webhook:
    return Webhook.objects.create(
        team=document.team, url=f"https://example.org/{said}", host=said, active_since=timezone.now()
    )


def _delivery(document: Document, user: User, said: str) -> object:
    told = {"url": f"https://example.org/{said}", "host": said, "body": said, "detail": said, "event": "test"}
    hook = _webhook(document, user, said)
    return Delivery.objects.create(team=document.team, document=document, webhook=hook, **told)


def _staged(document: Document, user: User, said: str) -> Staged:
    staged = Staged.objects.create(team=document.team, user=user, name=said, pages=1)
    storage.write(staging.path(staged), b"%PDF-1.4")
    return staged


def _failed(document: Document, user: User, said: str) -> Document:
    fields = {"kind": "pdf", "name": said, "error_id": "pdf_missing", "error_detail": {"message": said}}
    return Document.objects.create(
        team=document.team, status="error", completed_at=timezone.now(), user=user, **fields
    )


MAKERS: dict[str, Maker] = {
    "library/searches/": lambda document, user, said: SavedSearch.objects.create(
        team=document.team, name=said[:80], question=said
    ),
    "folders/": lambda document, user, said: Folder.objects.create(team=document.team, path=said),
    "receipts/": lambda document, user, said: Receipt.objects.create(
        team=document.team, document="x", name=said, actor=said, erased={said: 1}
    ),
    "prepare/": _staged,
    "presets/": lambda document, user, said: Preset.objects.create(team=document.team, name=said[:60]),
    "api-keys/tokens/": _token,
    "api-keys/": _key,
    "team/invitations/": lambda document, user, said: invitations.make(
        document.team, Role.MEMBER, created_by=user
    )[0],
    "team/members/": _member,
    "team/webhooks/addresses/": _webhook,
    "team/webhooks/": _delivery,
    "operator/retry/": _failed,
    "documents/<str:public_id>/shares/": lambda document, user, said: sharing.make(
        document, user, expires_at=timezone.now() + timedelta(days=1)
    ),
}


def kind_of(route: URLPattern) -> str:
    """The beginning of the address that tells what its number is of. Raises StopIteration for a new kind."""
    address = str(route.pattern)
    return next(kind for kind in sorted(MAKERS, key=len, reverse=True) if address.startswith(kind))


def numbered() -> list[str]:
    """Names of the addresses with numbers of a team's things, which pages of a document are not."""
    found = []
    for route in routes():
        address = str(route.pattern)
        of_a_page = address.startswith(("documents/", "share/")) and not address.startswith(tuple(MAKERS))
        if NUMBERS & set(route.pattern.converters) and not of_a_page:
            assert kind_of(route)
            found.append(str(route.name))
    return found


def make(name: str, document: Document, user: User, said: str = "of the team") -> dict[str, object]:
    """A thing for the address of this name, as the arguments that the address names it by."""
    route = next(route for route in routes() if route.name == name)
    made = MAKERS[kind_of(route)](document, user, said)
    if "staged" in route.pattern.converters:
        return {"staged": made.public_id}  # type: ignore[attr-defined]
    return {"number": made.pk}  # type: ignore[attr-defined]


def furnish(document: Document, user: User, said: str) -> None:
    """One of each, all of which say the same."""
    for maker in MAKERS.values():
        maker(document, user, said)
