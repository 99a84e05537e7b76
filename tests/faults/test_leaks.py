"""Work without end: no file of it stays behind, and nobody who does it grows."""

from __future__ import annotations

from pathlib import Path

import psutil

from tests import server
from tests.asking import HTTP
from tests.faults import victims
from tests.faults.test_killed_servers import _white
from tests.server import Server

UNTIL_WARM, AFTER_THAT = 8, 16
GROWN = 1.1  # of the memory that all together had when they were warm …
GROWN_MB = 25  # … and what no measurement of so few documents can tell from nothing


def test_work_leaves_no_file_behind_and_nobody_grows(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with server.running(tmp_path, TMPDIR=str(scratch), WORKERS="1") as victim:
        work(victim, UNTIL_WARM)
        warm, kept = memory(victim), left(scratch)  # a library keeps a file for itself
        work(victim, AFTER_THAT)
        assert memory(victim) < GROWN * warm + GROWN_MB
        assert left(scratch) == kept
        assert len(kept) <= 1
        assert left(victim.data_dir / "uploads") == []
        assert left(victim.data_dir / "files" / "arriving") == []
        assert [path for path in left(victim.data_dir) if path.suffix == ".part"] == []
        victims.until(lambda: not list((victim.data_dir / "broker").glob("*.msg")), victim)


def work(victim: Server, documents: int) -> None:
    headers = victims.credentials(victim)
    for _ in range(documents):
        body = {"src": f"data:image/png;base64,{_white()}"}
        HTTP.post(f"{victim.url}/v3/text", headers=headers, json=body, timeout=60)
        pdf_id = victims.submit(victim, 2, conversion_formats={"md": True, "html": True})
        assert victims.ended(victim, pdf_id)["status"] == "completed"
    victims.until(lambda: _formats_are_made(victim), victim)


def _formats_are_made(victim: Server) -> bool:
    return victims.rows(victim, "SELECT count(*) FROM documents_rendition WHERE status = 'processing'") == [
        (0,)
    ]


def memory(victim: Server) -> float:
    """Megabytes of the server and all that it has started, each page counted once."""
    family = [
        psutil.Process(victim.process.pid),
        *psutil.Process(victim.process.pid).children(recursive=True),
    ]
    return sum(process.memory_full_info().uss for process in family) / 1e6


def left(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
