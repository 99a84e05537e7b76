"""One file of nearly a gigabyte, sent as a form: what the web server holds, and how long it takes.

Its bytes are mixed as those of pictures in a PDF are, and the boundary is as long as clients make it: on both
depends how long one looks for it.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import psutil

from bench import documents, servers
from bench.figures import Figure

if TYPE_CHECKING:
    from bench.run import Conditions

SIZE, QUICK_SIZE = 1_000_000_000, 100_000_000
BOUNDARY = "----FormOfTheBench0123456789abcdef"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'.encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
BLOCK = os.urandom(1_000_000)
PATIENCE = 600.0
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Peak:
    held: int = 0


def measure(conditions: Conditions) -> Iterator[Figure]:
    size = QUICK_SIZE if conditions.quick else SIZE
    with servers.folder() as place, servers.running(place, "--web-only") as server:
        file = place / "large.pdf"
        with file.open("wb") as target:
            target.write(documents.prose(1) + b"\n")
            for _ in range(size // len(BLOCK)):
                target.write(BLOCK)
        copied = _copied(file, place / "copy.pdf")
        with server.client() as client:
            client.post("/v3/pdf", files={"file": ("small.pdf", documents.prose(1))}).raise_for_status()
        [web] = server.family("mathpixweb.web.server")
        held, before = web.memory_info().rss, server.cpu_seconds()
        with _watched(web) as peak:
            began = time.perf_counter()
            answer = _send(server, file)
            taken = time.perf_counter() - began
        if b'"pdf_id"' not in answer:
            raise AssertionError(answer[-500:])
        what = f"an upload of {file.stat().st_size / 1e6:,.0f} MB"
        yield Figure(f"{what}, the web server grows by", (peak.held - held) / 1e6, "MB", goal="20 MB")
        yield Figure(what, taken, "s", "copying the file, to the disk", copied, "1.3 times")
        yield Figure(f"{what}, CPU", server.cpu_seconds() - before, "CPU s")


def _copied(file: Path, to: Path) -> float:
    """Seconds to copy it until it is on the disk, as the server's copy is before it answers."""
    began = time.perf_counter()
    shutil.copyfile(file, to)
    with to.open("rb") as copy:
        os.fsync(copy.fileno())
    seconds = time.perf_counter() - began
    to.unlink()
    return seconds


@contextmanager
def _watched(web: psutil.Process) -> Iterator[Peak]:
    """The most that the process holds at any look."""
    peak, over = Peak(), threading.Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            peak.held = max(peak.held, web.memory_info().rss)

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield peak
    finally:
        over.set()
        watching.join()


def _send(server: servers.Server, file: Path) -> bytes:
    """By the system's own sending of files, which takes no time of this process."""
    to = urlsplit(server.url)
    names = {
        **server.headers,
        "Host": to.netloc,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(HEAD) + file.stat().st_size + len(TAIL)),
        "Connection": "close",
    }
    head = "POST /v3/pdf HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in names.items())
    with socket.create_connection((str(to.hostname), to.port), timeout=PATIENCE) as line:
        line.sendall(head.encode() + b"\r\n" + HEAD)
        with file.open("rb") as content:
            line.sendfile(content)
        line.sendall(TAIL)
        return b"".join(iter(lambda: line.recv(65536), b""))
