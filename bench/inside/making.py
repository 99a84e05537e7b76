"""Makes one format of one document in this process alone and says what that took, as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

from bench import documents
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers import formats
from mathpixweb.engine.writers.programs.renderer import Renderer


def made(name: str, pages: int) -> dict[str, float | str]:
    """Seconds, CPU seconds and the largest process in bytes; or `failed` with the reason."""
    text = documents.mathematics(pages)
    renderer = Renderer(seconds=60)
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    try:
        content = formats.make(name, text, {}, lambda _: None, "bench", renderer)
    except RenderFailed as error:
        return {"failed": str(error)}
    finally:
        renderer.close()
    seconds = time.monotonic() - began
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime - before.ru_utime - before.ru_stime + others.ru_utime + others.ru_stime
    peak = max(own.ru_maxrss, others.ru_maxrss) * 1024
    return {"seconds": seconds, "cpu": cpu, "peak": float(peak), "bytes": float(len(content))}


if __name__ == "__main__":
    print(json.dumps(made(sys.argv[1], int(sys.argv[2]))))  # noqa: T201 - its answer
