from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from mathpixweb.accounts.models import Membership, Role, Team, User
from mathpixweb.documents import provider, storage
from mathpixweb.documents.models import Document
from tests.documents.scripted import ScriptedProvider

PASSWORD = "a long password"


class PicturedProvider(ScriptedProvider):
    """Its pages have pictures that can be opened."""

    def page_image(self, source: Path, number: int, width: int) -> bytes:
        picture = BytesIO()
        Image.new("RGB", (620, 800), "white").save(picture, "WEBP")
        return picture.getvalue()


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Path) -> None:
    """Files of their own, and static files by their plain names, which need not be collected first."""
    settings.MEDIA_ROOT = tmp_path / "files"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, settings: Any) -> ScriptedProvider:
    fake = PicturedProvider()
    monkeypatch.setitem(provider.PROVIDERS, fake.name, fake)
    settings.PROVIDER = fake.name
    return fake


def person(email: str, team: Team, role: Role) -> User:
    user = User.objects.create_user(email, PASSWORD, name=email.split("@")[0].title())
    Membership.objects.create(team=team, user=user, role=role)
    return user


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Analysis")


@pytest.fixture
def owner(team: Team) -> User:
    return person("owner@example.org", team, Role.OWNER)


@pytest.fixture
def viewer(team: Team) -> User:
    return person("viewer@example.org", team, Role.VIEWER)


@pytest.fixture
def outsider(db: None) -> User:
    return person("outsider@example.org", Team.objects.create(name="Topology"), Role.OWNER)


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A signed-in browser that sends the token of its forms as scripts do, so that CSRF checks hold."""

    def browser(user: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        client.get("/")
        client.defaults["HTTP_X_CSRFTOKEN"] = client.cookies["csrftoken"].value
        return client

    return browser


@pytest.fixture
def received(team: Team, owner: User, scripted: ScriptedProvider) -> Callable[..., Document]:
    """Makes a document of the owner that no worker has seen yet."""

    def make(**fields: Any) -> Document:
        values = {"kind": "pdf", "endpoint": "/v3/pdf", "name": "notes.pdf", "provider": scripted.name}
        document = Document(team=team, **({"user": owner} | values | fields))
        storage.write(storage.source_path(document), b"%PDF-1.4 scripted")
        document.source.name = storage.source_name(document)
        document.save()
        return document

    return make
