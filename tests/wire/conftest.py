"""What tests over the wire share: three callers, documents, and a client that sends headers as they are."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from PIL import Image

from mathpixweb.accounts import keys
from mathpixweb.accounts.models import ApiKey, Team
from mathpixweb.asgi import application
from mathpixweb.documents import provider, storage
from mathpixweb.documents.models import Batch, Document
from tests.documents.scripted import ScriptedProvider

LETTER_RATIO = 11 / 8.5


class PicturedProvider(ScriptedProvider):
    """Its pages have pictures that can be cut."""

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        made = io.BytesIO()
        Image.new("RGB", (width, round(width * LETTER_RATIO)), "white").save(made, "WEBP")
        return made.getvalue()


@dataclass(frozen=True)
class Caller:
    """Who calls: a key with its team, or nobody."""

    headers: dict[str, str] = field(default_factory=dict)
    key: ApiKey | None = None
    team: Team | None = None


def caller(name: str) -> Caller:
    team = Team.objects.create(name=name)
    key, secret = keys.issue(team, f"Key of {name}")
    return Caller({"app_id": key.app_id, "app_key": secret}, key, team)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def scripted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ScriptedProvider:
    """The provider of all documents that are sent in."""
    fake = PicturedProvider()
    monkeypatch.setitem(provider.PROVIDERS, fake.name, fake)
    settings.PROVIDER = fake.name
    return fake


@pytest.fixture
def owner(transactional_db: None) -> Caller:
    return caller("Analysis")


@pytest.fixture
def outsider(transactional_db: None) -> Caller:
    return caller("Topology")


@pytest.fixture
def nobody() -> Caller:
    return Caller()


@pytest.fixture
def received(owner: Caller) -> Callable[..., Document]:
    """Makes a document of the owner's key that no worker has seen yet."""

    def make(by: Caller = owner, **fields: Any) -> Document:
        file_id = uuid4()
        values: dict[str, Any] = {
            "kind": "pdf",
            "endpoint": "/v3/pdf",
            "name": "notes.pdf",
            "provider": "scripted",
            "file_id": file_id,
            "batch": Batch.objects.create(team=by.team, job_id=f"job/{file_id}"),
            "key_in_batch": "c/1",
        }
        values |= {"team": by.team, "api_key": by.key}
        document = Document(**(values | fields))
        storage.write(storage.source_path(document), b"%PDF-1.4 scripted")
        document.source.name = storage.source_name(document)
        document.save()
        return document

    return make


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client
