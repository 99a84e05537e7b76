"""Documents in front of Mathpix: what was asked of them arrives there as it came, by whichever door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from mathpixweb.accounts import sealing
from mathpixweb.accounts.remote_models import RemoteAccount
from mathpixweb.documents.models import Document
from mathpixweb.documents.work import conversion
from mathpixweb.providers.mathpix import breaker
from tests import mathpix_server, pdfs
from tests.mathpix_server import APP_ID, APP_KEY, MathpixServer
from tests.wire.conftest import Caller

OPTIONS = {
    "metadata": {"mine": {"deep": [1, None]}},
    "alphabets_allowed": {"hi": False, "zh": True},
    "rm_spaces": False,
    "math_inline_delimiters": ["$", "$"],
    "page_ranges": "1,2",
    "include_smiles": True,
    "enable_tables_fallback": True,
    "an_option_of_next_year": {"with": ["all", 1, True, None, "π"]},
}
HERE = {"conversion_formats": {"docx": True}}  # what this server does itself


@pytest.fixture
def remote(settings: Any) -> Iterator[MathpixServer]:
    breaker.forget()
    with mathpix_server.running() as fake:
        settings.MATHPIX_API_URL = fake.url
        yield fake
    breaker.forget()


@pytest.fixture
def account(owner: Caller, remote: MathpixServer) -> RemoteAccount:
    sealed = sealing.seal(APP_KEY)
    return RemoteAccount.objects.create(
        team=owner.team, provider="mathpix", region="server", app_id=APP_ID, app_key=sealed
    )


@pytest.mark.parametrize("path", ["/v3/pdf", "/files/v1"])
async def test_all_options_arrive_untouched(
    http: httpx.AsyncClient, owner: Caller, account: RemoteAccount, remote: MathpixServer, path: str
) -> None:
    file = {"file": ("two.pdf", pdfs.with_numbered_pages(2))}
    form = {"options_json": json.dumps({**OPTIONS, **HERE})}
    assert (await http.post(path, headers=owner.headers, files=file, data=form)).status_code < 300
    document = await Document.objects.aget()
    await sync_to_async(conversion.take_turn)(document.pk)
    (asked,) = remote.requests
    mark = {"mathpixweb": document.public_id}
    expected = {**OPTIONS, "metadata": {"mine": {"deep": [1, None]}, **mark}, "streaming": True}
    assert (asked.path, asked.options) == ("/v3/pdf", expected)
