"""Files at addresses that never answer: whoever sends a file meanwhile does not wait for them."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import server
from tests.asking import HTTP
from tests.faults import victims

FETCH_SECONDS = 45  # for which a worker would stand still
AT_ONCE = 4  # more than there are workers


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes every connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as line:
        yield f"http://127.0.0.1:{line.getsockname()[1]}/slow.pdf"


def test_nobody_waits_for_the_addresses_of_others(tmp_path: Path, silent: str) -> None:
    slow = {"WORKERS": "2", "ALLOW_PRIVATE_FETCH": "127.0.0.0/8", "FETCH_SECONDS": str(FETCH_SECONDS)}
    with server.running(tmp_path, **slow) as victim:
        headers = victims.credentials(victim)
        job = {"job_id": "slow", "files": [{"source_uri": f"{silent}?{n}"} for n in range(AT_ONCE)]}
        assert HTTP.post(f"{victim.url}/files/v1/jobs", headers=headers, json=job).status_code == 200
        victims.until(
            lambda: victims.rows(victim, "SELECT max(attempts) FROM documents_document") == [(1,)], victim
        )
        sent = time.monotonic()
        assert victims.ended(victim, victims.submit(victim, 2))["status"] == "completed"
        assert time.monotonic() - sent < FETCH_SECONDS / 2
