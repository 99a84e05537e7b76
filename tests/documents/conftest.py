from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mathpixweb.accounts.models import Membership, Role, Team, User
from mathpixweb.documents import provider, storage
from mathpixweb.documents.models import Document
from tests.documents.scripted import ScriptedProvider


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> ScriptedProvider:
    """A provider under its own name; documents of `a_document` use it."""
    fake = ScriptedProvider()
    monkeypatch.setitem(provider.PROVIDERS, fake.name, fake)
    return fake


@pytest.fixture
def owner(db: None) -> User:
    return User.objects.create_user("owner@example.org", "a long password", name="Olga Owner")


@pytest.fixture
def team(owner: User) -> Team:
    team = Team.objects.create(name="Analysis")
    Membership.objects.create(team=team, user=owner, role=Role.OWNER)
    return team


@pytest.fixture
def a_document(team: Team, owner: User, scripted: ScriptedProvider) -> Callable[..., Document]:
    """Makes a stored document that the scripted provider will read."""

    def make(**fields: Any) -> Document:
        values = {"kind": "pdf", "endpoint": "v3/pdf", "name": "notes.pdf", "provider": scripted.name}
        document = Document(team=team, user=owner, **(values | fields))
        path = storage.source_path(document)
        storage.write(path, b"%PDF-1.4 scripted")
        document.source.name = storage.source_name(document)
        document.save()
        return document

    return make
