"""To a key, a document of another team does not exist: it is answered byte for byte like one that is not."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import keys
from mathpixweb.api import delivery
from mathpixweb.documents.ids import image_id, new_public_id
from mathpixweb.documents.models import Document
from tests.wire.routes import routes_with_id

METHODS = ("GET", "HEAD", "POST", "DELETE")


def ids_of(document: Document) -> dict[str, str]:
    return ids(document.public_id, document.file_id)


def unknown_ids() -> dict[str, str]:
    return ids(new_public_id(), uuid4())


def ids(public_id: str, file_id: UUID) -> dict[str, str]:
    return {
        "pdf_id": public_id,
        "conversion_id": public_id,
        "image_id": image_id(public_id, 1),
        "file_id": str(file_id),
        "job_id": f"job/{file_id}",
        "custom_id": "c/1",
    }


async def everything_said(http, addresses, headers):
    """Status, headers and body for every method at every address."""
    answers = []
    for address in addresses:
        for method in METHODS:
            response = await http.request(method, address, headers=headers)
            answers.append((method, response.status_code, sorted(response.headers.items()), response.content))
    return answers


@pytest.mark.parametrize("state", ["received", "completed", "deleted"])
async def test_a_foreign_document_is_answered_like_an_unknown_one(
    http, owner, outsider, received, converted, state
):
    document = await sync_to_async(received if state == "received" else converted)()
    if state == "deleted":
        await http.delete(f"/v3/pdf/{document.public_id}", headers=owner.headers)
    await document.arefresh_from_db()
    changes = document.changes

    for route in routes_with_id():
        foreign = await everything_said(http, route.addresses(ids_of(document)), outsider.headers)
        unknown = await everything_said(http, route.addresses(unknown_ids()), outsider.headers)
        assert foreign == unknown, route.name
    await document.arefresh_from_db()
    assert document.changes == changes, "nothing of it has changed"


async def test_the_owner_is_answered_otherwise(http, owner, converted, monkeypatch):
    """Or the test above would prove nothing."""
    monkeypatch.setattr(delivery, "HOLD_SECONDS", 0)
    for route in routes_with_id():
        document = await sync_to_async(converted)(options={"conversion_formats": {"docx": True}})
        own = await everything_said(http, route.addresses(ids_of(document))[:1], owner.headers)
        unknown = await everything_said(http, route.addresses(unknown_ids())[:1], owner.headers)
        assert own != unknown, route.name


async def test_a_list_shows_nothing_of_another_team(http, owner, outsider, converted):
    document = await sync_to_async(converted)()
    for query in ("", f"?pdf_id={document.public_id}", f"?app_id={owner.key.app_id}"):
        response = await http.get(f"/v3/pdf-results{query}", headers=outsider.headers)
        assert response.json() == {"pdfs": []}


async def test_a_key_of_the_same_team_sees_the_same(http, owner, converted):
    document = await sync_to_async(converted)()
    _, secret = await sync_to_async(keys.issue)(owner.team, "second key")
    response = await http.get(f"/v3/pdf/{document.public_id}", headers={"app_key": secret})
    assert response.json()["status"] == "completed"


async def test_a_document_is_not_deleted_by_another_team(http, outsider, converted):
    document = await sync_to_async(converted)()
    response = await http.delete(f"/v3/pdf/{document.public_id}", headers=outsider.headers)
    assert response.status_code == 404
    assert await Document.objects.alive().filter(pk=document.pk).aexists()
