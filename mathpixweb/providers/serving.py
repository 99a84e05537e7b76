"""One reader as a process of its own: pictures and strokes in over stdin, what they say out over stdout.

    python -m mathpixweb.providers.serving mathpixweb.providers.local:LocalProvider 2048

Strangers' pictures are taken apart by code that they may make crash, hang or grow; here they take nothing
along. A request is a line of JSON, followed by as many bytes as its `size` says; an answer is a line of JSON.
Nothing that is sent here reaches a disk: this process cannot write files.
"""

from __future__ import annotations

import base64
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
from typing import IO, Any

from mathpixweb import engine
from mathpixweb.engine import framing, previews
from mathpixweb.engine.errors import EncryptedDocument, EngineError, PageFailed
from mathpixweb.engine.model import Options
from mathpixweb.engine.readers import pdf
from mathpixweb.providers.base import Provider, ProviderError

WATCH_SECONDS = 2.0


def serve(worker: Provider, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answers until there are no more requests."""
    while line := requests.readline():
        request = json.loads(line)
        content = requests.read(request.get("size", 0))
        answer = _answer(worker, request, content)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


def _answer(worker: Provider, request: Mapping[str, Any], content: bytes) -> dict[str, object]:
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
        return {
            "error": ["image_max_size", "Reading this image needs more memory than this server gives.", {}]
        }
    except Exception:  # noqa: BLE001 - the rim of the process: told to the one who asked, and to its log
        return {"crash": traceback.format_exc(limit=-8)}


def _work(worker: Provider, request: Mapping[str, Any], content: bytes) -> object:
    match request["do"]:
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
            return pdf.page_count(Path(request["source"]))
        case unknown:
            raise ValueError(unknown)


def _keep_within(memory_mb: int) -> None:
    limit = memory_mb * 1024 * 1024
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _leave_with(parent: int) -> None:
    """Ends this process when the server is gone, even in the middle of its work."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(0)


def main(provider: str, memory_mb: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to answer
    threading.Thread(target=_leave_with, args=[os.getppid()], daemon=True).start()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not look like an answer
    _keep_within(int(memory_mb))
    module, _, name = provider.partition(":")
    worker: Provider = getattr(importlib.import_module(module), name)()
    answers.write(b'{"result": "ready"}\n')
    answers.flush()
    serve(worker, sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
