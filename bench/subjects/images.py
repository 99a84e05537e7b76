"""How long a picture of some words takes, sent to v3/text, against the same recognizer called by hand."""

from __future__ import annotations

import io
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

from bench import rivals, servers
from bench.figures import Figure, middle, percentile

if TYPE_CHECKING:
    from bench.run import Conditions

RUNS, QUICK_RUNS = 40, 10
TEXT = "The kernel of every map is an ideal."


def measure(conditions: Conditions) -> Iterator[Figure]:
    runs = QUICK_RUNS if conditions.quick else RUNS
    picture = drawn()
    with servers.running() as server, server.client() as client:
        _ask(client, picture)
        before = server.cpu_seconds()
        times = [_ask(client, picture) for _ in range(runs)]
        spent = (server.cpu_seconds() - before) / runs
    alone, alone_cpu = _alone(picture, runs)
    rival = "rapidocr in its own process"
    yield Figure("v3/text, one line of print, p50", middle(times) * 1000, "ms", rival, alone * 1000)
    yield Figure("v3/text, p95", percentile(times, 95) * 1000, "ms")
    yield Figure("CPU for an image", spent * 1000, "CPU ms", rival, alone_cpu * 1000)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "line.png"
        file.write_bytes(picture)
        for program in rivals.OF_PICTURES:
            theirs = program.cpu_seconds(file)
            yield Figure("CPU for an image", spent * 1000, "CPU ms", program.name, theirs and theirs * 1000)


def _ask(client: object, picture: bytes) -> float:
    started = time.perf_counter()
    answer = client.post("/v3/text", files={"file": ("line.png", picture)})  # type: ignore[attr-defined]
    seconds = time.perf_counter() - started
    if "error" in answer.json():
        raise AssertionError(answer.text)
    return seconds


def _alone(picture: bytes, runs: int) -> tuple[float, float]:
    logging.disable(logging.INFO)  # it tells of every file it opens
    read, array = RapidOCR(), np.asarray(Image.open(io.BytesIO(picture)))
    read(array)
    times, before = [], time.process_time()
    for _ in range(runs):
        started = time.perf_counter()
        read(array)
        times.append(time.perf_counter() - started)
    return middle(times), (time.process_time() - before) / runs


def drawn() -> bytes:
    image = Image.new("RGB", (760, 80), "white")
    ImageDraw.Draw(image).text((20, 20), TEXT, "black", ImageFont.load_default(32))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
