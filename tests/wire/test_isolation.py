"""To a key, what another team has does not exist: it is answered byte for byte like what is not there."""

from __future__ import annotations

import secrets
from itertools import product
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import app_tokens, keys, sealing
from mathpixweb.api import delivery
from mathpixweb.documents.fetching import stores
from mathpixweb.documents.ids import image_id, new_public_id
from mathpixweb.documents.intake import batches
from mathpixweb.documents.models import Batch, DataSource, Document
from tests.wire.routes import routes_with_id

METHODS = ("GET", "HEAD", "POST", "DELETE")


def ids_of(document: Document) -> dict[str, str]:
    """Of the document, and of all else of its team that has an id."""
    team, key = document.team, document.api_key
    images = {"team": team, "job_id": str(uuid4()), "of_images": True, "options": {"callback": None}}
    batch, _ = Batch.objects.get_or_create(images, pk=123_456)  # as many digits as the one that is not there
    bucket = {"provider": "aws", "bucket": str(uuid4()), "secret": sealing.seal("secret")}
    return ids(
        document.public_id,
        document.file_id,
        batch_id=batch.pk,
        file_batch_id=batches.opened(team, str(uuid4())).job_id,
        data_source_id=DataSource.objects.create(team=team, **bucket).data_source_id,
        app_token=app_tokens.issue(key, 300)[1],
    )


def unknown_ids() -> dict[str, str]:
    made_up = {"batch_id": 654_321, "file_batch_id": uuid4(), "data_source_id": uuid4()}
    return ids(new_public_id(), uuid4(), **made_up, app_token=f"token_{secrets.token_hex(16)}")


def ids(public_id: str, file_id: UUID, **others: object) -> dict[str, str]:
    return {
        "pdf_id": public_id,
        "conversion_id": public_id,
        "image_id": image_id(public_id, 1),
        "file_id": str(file_id),
        "job_id": f"job/{file_id}",
        "custom_id": "c/1",
        **{name: str(value) for name, value in others.items()},
    }


async def everything_said(http, route, ids, headers):
    """Status, headers and body for every method at every address, with names for the ids that were sent."""
    answers = []
    for address, method in product(route.addresses(ids), METHODS):
        response = await http.request(method, address, headers=headers)
        said = response.text
        for argument in route.arguments:
            said = said.replace(f'"{ids.get(argument)}"', argument)
        answers.append((method, response.status_code, sorted(response.headers.items()), said))
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

    owned = await sync_to_async(ids_of)(document)
    for route in routes_with_id():
        foreign = await everything_said(http, route, owned, outsider.headers)
        unknown = await everything_said(http, route, unknown_ids(), outsider.headers)
        assert foreign == unknown, route.name
    await document.arefresh_from_db()
    assert document.changes == changes, "nothing of it has changed"


async def test_the_owner_is_answered_otherwise(http, owner, converted, monkeypatch):
    """Or the test above would prove nothing."""
    monkeypatch.setattr(delivery, "HOLD_SECONDS", 0)
    monkeypatch.setattr(stores, "probe", lambda source: (True, True, ""))
    for route in routes_with_id():
        document = await sync_to_async(converted)(options={"conversion_formats": {"docx": True}})
        owned = await sync_to_async(ids_of)(document)
        own = await everything_said(http, route, owned, owner.headers)
        unknown = await everything_said(http, route, unknown_ids(), owner.headers)
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
