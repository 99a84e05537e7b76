"""Who reads images, strokes and scanned pages: a few processes beside this one.

Those of the web server read while somebody waits. Each process of the worker has one of its own, so that it
stays small, and as many pages are read at once as there are of them.
"""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from mathpixweb.documents import provider
from mathpixweb.documents.images.processes import OF_PAGES, Readers
from mathpixweb.documents.work import patience
from mathpixweb.providers.base import Provider, ProviderError, Scanned, Stroke
from mathpixweb.providers.deferred import path_of
from mathpixweb.providers.results import ImageResult, PageResult

PATIENCE = 5.0  # seconds more than a page may take: whoever holds the page ends it before

_pools: dict[str, Readers] = {}
_making = threading.Lock()


def _pool(worker: Provider) -> Readers:
    path = path_of(worker)
    with _making:
        if path not in _pools:
            _pools[path] = Readers(
                path, settings.IMAGE_READERS, settings.IMAGE_SECONDS, settings.WORKER_MEMORY_MB
            )
        return _pools[path]


def read_image(worker: Provider, image: bytes, options: Mapping[str, object]) -> ImageResult:
    """Reads with the provider, outside this process if it is isolated. Raises ProviderError."""
    if not worker.isolated:
        return worker.read_image(image, options)
    request = {"do": "image", "options": dict(options)}
    return ImageResult(**_pool(worker).ask(request, image, patience.for_image(options)))


def read_strokes(worker: Provider, strokes: Sequence[Stroke], options: Mapping[str, object]) -> ImageResult:
    """Raises ProviderError."""
    if not worker.isolated:
        return worker.read_strokes(strokes, options)
    request = {"do": "strokes", "strokes": strokes, "options": dict(options)}
    return ImageResult(**_pool(worker).ask(request))


def read_page(
    worker: Provider,
    source: Path,
    public_id: str,
    page: tuple[int, int],
    survey: Mapping[str, object],
    options: Mapping[str, object],
) -> PageResult:
    """Reads a page, given as (index, number): a scan outside this process. Raises ProviderError."""
    try:
        return next(iter(worker.read(source, public_id, [page], survey, options, scans=not worker.isolated)))
    except Scanned:
        index, number = page
        request = {"do": "read", "source": str(source), "public_id": public_id, "index": index}
        request |= {"number": number, "survey": dict(survey), "options": dict(options)}
        seconds = patience.for_page(options) + PATIENCE
        return PageResult(**_pool(worker).ask(request, seconds=seconds, faults=OF_PAGES))


def preview(image: bytes, width: int) -> bytes:
    """The image as WebP, whoever reads it. Raises ProviderError."""
    worker = provider.named(provider.ENGINE.name)
    return base64.b64decode(_pool(worker).ask({"do": "preview", "width": width}, image))


def framed(image: bytes, turns: int, frame: Sequence[float]) -> bytes:
    """The image turned by quarters and cut to the shares of its sides. Raises ProviderError."""
    request = {"do": "frame", "turns": turns, "frame": list(frame)}
    return base64.b64decode(_pool(provider.named(provider.ENGINE.name)).ask(request, image))


def page_count(source: Path) -> int:
    """Of a PDF that lies on this machine. Raises ProviderError: "pdf_encrypted" for a locked one."""
    request = {"do": "count", "source": str(source)}
    return int(_pool(provider.named(provider.ENGINE.name)).ask(request))


def explanation(source: Path, number: int) -> str:
    """A web page that shows why the engine reads a page of a PDF as it does. Raises ProviderError."""
    request = {"do": "explain", "source": str(source), "number": number}
    return str(_pool(provider.named(provider.ENGINE.name)).ask(request))


def page_image(worker: Provider, source: Path, number: int, width: int) -> bytes:
    """A page of a document that lies on this machine, as WebP. Raises ProviderError."""
    if not worker.isolated:
        return worker.page_image(source, number, width)
    request = {"do": "page", "source": str(source), "number": number, "width": width}
    return base64.b64decode(_pool(worker).ask(request))


def close() -> None:
    """Ends the processes that are idle; the next image starts others."""
    for pool in list(_pools.values()):
        pool.close()


def warm() -> None:
    """Has one process ready before anybody waits for it."""
    worker = provider.named(provider.ENGINE.name)
    if worker.isolated:
        with contextlib.suppress(ProviderError):
            _pool(worker).warm()
