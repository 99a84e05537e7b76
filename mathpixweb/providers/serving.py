"""One reader as a process of its own: pictures, strokes and scans in over stdin, what they say over stdout.

    python -m mathpixweb.providers.serving mathpixweb.providers.local:LocalProvider 2048

Strangers' pictures are taken apart by code that they may make crash, hang or grow; here they take nothing
along. A request is a line of JSON, followed by as many bytes as its `size` says; an answer is a line of JSON.
Nothing that is sent here reaches a disk: this process cannot write files.

A page takes a hundred megabytes for a moment, and a heap that has served one never gives all of it back. So
what is large is read by a fork, which shares the networks and takes the rest along when it ends.
"""

from __future__ import annotations

import base64
import gc
import importlib
import json
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Final

from mathpixweb import engine
from mathpixweb.engine import framing, previews
from mathpixweb.engine.errors import EncryptedDocument, EngineError, PageFailed
from mathpixweb.engine.model import Options
from mathpixweb.engine.readers import geospatial, image, image_kinds
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.deferred import LoadedProvider

WATCH_SECONDS = 2.0
LARGE: Final = 400_000  # pixels, which take up to 60 MB; formulas have fewer, and a fork takes 30 ms
OF_PAGES: Final = frozenset(("read", "page", "explain"))  # what is asked of pages of documents


def serve(worker: LoadedProvider, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until there are no more requests."""
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request.get("size", 0))
        if _is_large(request, content):
            _answer_apart(worker, request, content, answers)
        else:
            _tell(_answer(worker, request, content), answers)


def _is_large(request: Mapping[str, Any], content: bytes) -> bool:
    if not content:
        return request["do"] in OF_PAGES
    size = image.told_size(content)
    return size[0] * size[1] > LARGE if size else image_kinds.kind_of(content) != ""


def _answer_apart(
    worker: LoadedProvider, request: Mapping[str, Any], content: bytes, answers: IO[bytes]
) -> None:
    """A fork that dies takes this process along, so that whoever asked sees that there is no answer."""
    forked = os.fork()
    if not forked:
        gc.freeze()  # the collector would write to all that is shared
        _leave_with_parent()
        _tell(_answer(worker, request, content), answers)
        os._exit(0)
    _, status = os.waitpid(forked, 0)
    if status:
        os._exit(1)


def _tell(answer: Mapping[str, object], answers: IO[bytes]) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    answers.flush()


def _answer(worker: LoadedProvider, request: Mapping[str, Any], content: bytes) -> dict[str, object]:
    try:
        return {"result": _work(worker, request, content)}
    except ProviderError as error:
        return {"error": [error.error_id, error.message, error.detail]}
    except EncryptedDocument as error:
        return {"error": ["pdf_encrypted", str(error), {}]}
    except PageFailed as error:
        return {"error": ["page_failed", str(error), {}]}
    except EngineError as error:
        return {"error": ["image_decode_error", str(error) or "Cannot decode the image data", {}]}
    except MemoryError:
        return {"full": True}
    except Exception:  # noqa: BLE001 - the rim of the process: told to the one who asked, and to its log
        return {"crash": traceback.format_exc(limit=-8)}


def _work(worker: LoadedProvider, request: Mapping[str, Any], content: bytes) -> object:
    match request["do"]:
        case "read":
            source, page = Path(request["source"]), (request["index"], request["number"])
            read = worker.read(source, request["public_id"], [page], request["survey"], request["options"])
            return asdict(next(read))
        case "image":
            return asdict(worker.read_image(content, request["options"]))
        case "strokes":
            strokes = [[(x, y) for x, y in stroke] for stroke in request["strokes"]]
            return asdict(worker.read_strokes(strokes, request["options"]))
        case "page":
            image = worker.page_image(Path(request["source"]), request["number"], request["width"])
            return base64.b64encode(image).decode()
        case "preview":
            return base64.b64encode(previews.of_image(content, request["width"])).decode()
        case "frame":
            cut = framing.framed(content, request["turns"], request["frame"])
            return base64.b64encode(cut).decode()
        case "explain":
            source = Path(request["source"])
            return engine.explain(source, request["number"], engine.survey(source), Options())
        case "count":
            return engine.page_count(Path(request["source"]))
        case unknown:
            raise ValueError(unknown)


def _keep_within(memory_mb: int) -> None:
    if sys.platform == "linux":
        geospatial.reserved()
    limit = memory_mb * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _leave_with_parent() -> None:
    """Ends this process when the one that started it is gone, even in the middle of its work."""

    def watch(parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(WATCH_SECONDS)
        os._exit(0)

    threading.Thread(target=watch, args=[os.getppid()], daemon=True).start()


def main(provider: str, memory_mb: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    _leave_with_parent()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    _keep_within(int(memory_mb))
    module, _, name = provider.partition(":")
    worker: LoadedProvider = getattr(importlib.import_module(module), name)()
    worker.load_networks()
    answers.write(b'{"result": "ready"}\n')
    answers.flush()
    serve(worker, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
