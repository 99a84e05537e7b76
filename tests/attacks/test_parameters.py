"""Every field that a page of the browser asks for, found while it asks: no value of it is an error of ours.

A new field is attacked without being named here.
"""

from __future__ import annotations

from itertools import product
from urllib.parse import urlencode

import pytest
from asgiref.sync import async_to_sync
from django.db import transaction
from django.http import QueryDict

from tests.attacks import belongings
from tests.attacks.routes import address, names
from tests.attacks.test_content import HOSTILE, Active
from tests.attacks.test_pages import answer

pytestmark = pytest.mark.django_db

VALUES = [HOSTILE, "9" * 5000, "9" * 30, "-1", "\u00b2", "a\0b"]
FORM = {"content_type": "application/x-www-form-urlencoded"}


@pytest.fixture
def asked(monkeypatch):
    """The names of the fields that views have asked for."""
    names = set()
    for how in ("__getitem__", "__contains__", "get", "getlist"):
        original = getattr(QueryDict, how)

        def asking(self, name, *args, original=original):
            names.add(name)
            return original(self, name, *args)

        monkeypatch.setattr(QueryDict, how, asking)
    return names


@pytest.mark.parametrize("name", names())
def test_no_value_of_a_field_is_an_error_of_ours(browser_of, owner, converted, asked, name):
    owner.is_staff = True
    owner.save()
    document = converted()
    browser = browser_of(owner)

    def send(method, field=None, value=""):
        """All that it changes is forgotten, so that the next one finds what this one found."""
        with transaction.atomic():
            own = belongings.make(name, document, owner) if name in belongings.numbered() else {}
            path, sent = address(name, document.public_id, **own), urlencode({field: value} if field else {})
            if method == "GET":
                response, shown = answer(browser, method, f"{path}?{sent}")
            else:
                response, shown = answer(browser, method, path, data=sent, **FORM)
            if response.streaming:
                async_to_sync(read)(response)
            transaction.set_rollback(True)
        assert response.status_code < 500, (method, field, value[:40])
        if response["Content-Type"].startswith("text/html") and "Content-Disposition" not in response:
            assert Active(shown).found == [], (method, field)

    for method in ("GET", "POST"):
        asked.clear()
        send(method)
        done = {"csrfmiddlewaretoken", "_method"}
        while fields := asked - done:
            for field, value in product(sorted(fields), VALUES):
                send(method, field, value)
            done |= fields


async def read(response):
    """To its end, where it closes the file that it is of."""
    async for _ in response.streaming_content:
        pass
