"""A provider for processes of their own, in which every image says what happens to its reader."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from mathpixweb.providers.base import ProviderError, Scanned, Stroke
from mathpixweb.providers.results import ImageResult, PageResult

LONG = 60.0  # seconds
FAR = 3 << 30  # bytes: more than any reader may have, and less than machines have
MUCH = 100 << 20  # bytes
_kept: list[bytes] = []


def _refuse() -> None:
    raise ProviderError("image_max_size", "Too large.", width=7)


def _write() -> None:
    # wherever a temporary file could be put
    Path(os.environ.get("HOME", "/tmp"), "never.png").write_bytes(b"secret" * 1000)


DEEDS: dict[bytes, Callable[[], object]] = {
    b"crash": lambda: ctypes.string_at(0),
    b"hang": lambda: time.sleep(LONG),
    b"swell": lambda: bytearray(FAR),
    b"grow": lambda: _kept.append(b"1" * MUCH),
    b"refuse": _refuse,
    b"write": _write,
    b"stumble": lambda: {}["nothing"],
    b"chatter": lambda: os.write(1, b'{"result": "not an answer"}\n'),
}


class PoisonousProvider:
    name = "poisonous"
    version = "poisonous-1"
    isolated = True

    def load_networks(self) -> None:
        pass

    def read(
        self,
        source: Path,
        public_id: str,
        pages: Sequence[tuple[int, int]],
        survey: Mapping[str, object],
        options: Mapping[str, object],
        *,
        scans: bool = True,
    ) -> Iterator[PageResult]:
        """Every page is a scan, and what the file says happens to whoever reads it."""
        if not scans:
            raise Scanned
        for index, number in pages:
            DEEDS.get(source.read_bytes(), lambda: None)()
            yield PageResult(index, number, f"{public_id} {os.getpid()}", "", [], 1, 1, 1.0)

    def read_image(self, image: bytes, options: Mapping[str, object]) -> ImageResult:
        DEEDS.get(image, lambda: None)()
        return ImageResult(width=len(image), height=os.getpid(), detections={"options": dict(options)})

    def read_strokes(self, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
        return ImageResult(width=len(strokes), height=os.getpid())
