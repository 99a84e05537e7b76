"""The same server with Redis between web and workers, as big installations run it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pdfs, server, services
from tests.asking import HTTP
from tests.faults import victims
from tests.server import Server

pytestmark = pytest.mark.skipif(
    services.REDIS is None, reason="redis-server is missing: apt-get install redis-server"
)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with services.redis(tmp_path_factory.mktemp("redis")) as url:
        yield f"{url}/0"


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory, redis: str) -> Iterator[Server]:
    with server.running(tmp_path_factory.mktemp("scaled"), REDIS_URL=redis) as running:
        yield running


def test_pages_are_streamed_through_redis(scaled: Server) -> None:
    headers = {"app_id": scaled.app_id, "app_key": scaled.app_key}
    files = {
        "file": (
            "notes.pdf",
            pdfs.with_pages(*[(f"Chapter {n}", f"Its number is {n}.") for n in range(1, 13)]),
        )
    }
    data = {"options_json": json.dumps({"streaming": True, "conversion_formats": {"md": True}})}
    pdf_id = HTTP.post(f"{scaled.url}/v3/pdf", headers=headers, files=files, data=data).json()["pdf_id"]
    with HTTP.stream("GET", f"{scaled.url}/v3/pdf/{pdf_id}/stream", headers=headers, timeout=30) as stream:
        told = [json.loads(line)["page_idx"] for line in stream.iter_lines() if line.strip()]
    assert told == list(range(1, 13))
    download = HTTP.get(f"{scaled.url}/v3/pdf/{pdf_id}.md", headers=headers, timeout=30)
    assert (download.status_code, "Its number is 12." in download.text) == (200, True)


def test_no_message_is_left_on_disk_when_redis_carries_them(scaled: Server) -> None:
    assert list((scaled.data_dir / "broker").iterdir()) == []


def test_while_redis_is_gone_documents_are_accepted_and_read_when_it_is_back(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Nothing that was accepted hangs on a message: Redis forgets all of them when it dies."""
    port = services.free_port()
    folder = tmp_path_factory.mktemp("mortal")
    redis = services.start_redis(folder, port)
    try:
        with server.running(tmp_path, REDIS_URL=f"redis://127.0.0.1:{port}/0") as scaled:
            before = victims.submit(scaled, 2)
            assert victims.ended(scaled, before)["status"] == "completed"
            redis.kill()
            redis.wait(10)
            pdf_id = victims.submit(scaled, 2)
            assert victims.status(scaled, pdf_id)["status"] == "received"
            redis = services.start_redis(folder, port)
            assert victims.ended(scaled, pdf_id)["status"] == "completed"
            victims.audit(scaled, pdf_id, 2)
    finally:
        redis.kill()
        redis.wait(10)
