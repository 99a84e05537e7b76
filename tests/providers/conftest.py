from __future__ import annotations

from collections.abc import Iterator

import pytest

from mathpixweb.providers.mathpix import breaker, retrying
from mathpixweb.providers.mathpix.account import Account
from tests import mathpix_server
from tests.mathpix_server import APP_ID, APP_KEY, MathpixServer


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[MathpixServer]:
    """A server that speaks Mathpix's API, asked without long pauses."""
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.01)
    breaker.forget()
    with mathpix_server.running() as fake:
        yield fake
    breaker.forget()


@pytest.fixture
def account(remote: MathpixServer) -> Account:
    return Account(remote.url, APP_ID, APP_KEY)
