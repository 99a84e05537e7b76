"""All items of some kinds read by one reader, in a process of its own; one JSON line for each, as it comes.

python -m bench.pictures.reading ours CORPUS FOLDER scan_text,strokes 1
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import django
import psutil
from PIL import Image, ImageDraw

django.setup()

from bench.pictures.items import Item, items  # noqa: E402
from bench.pictures.readers import READERS, Reader  # noqa: E402
from mathpixweb.documents.images import readers  # noqa: E402
from mathpixweb.providers.base import ProviderError  # noqa: E402

LEAST_PAGE = 4_500_000  # pixels: from here on a picture is a page as scanners make it


def main(reader: str, corpus: Path, out: Path, kinds: str, every: int) -> None:
    read = READERS[reader]()
    if reader == "ours":  # the first picture of all loads the networks
        started = _cpu()
        _first(read, out)
        _tell({"loaded": _cpu() - started})
    for item in items(corpus, kinds.split(","), every):
        _tell(_read(read, item, out))
    readers.close()
    _tell({"held": max(usage.ru_maxrss for usage in _usages()) / 1024})


def _first(read: Reader, out: Path) -> None:
    picture = Image.new("L", (240, 60), "white")
    ImageDraw.Draw(picture).text((20, 20), "x = 1 and some words", "black")
    picture.save(out / "first.png")
    read(Item("first", "first", "", out / "first.png"))
    (out / "first.png").unlink()


def _read(read: Reader, item: Item, out: Path) -> dict[str, object]:
    started = _cpu()
    try:
        said = read(item)
    except ProviderError as error:
        (out / f"{item.id}.md").write_text("")
        return {"id": item.id, "cpu": _cpu() - started, "failed": error.error_id}
    told: dict[str, object] = {"id": item.id, "cpu": _cpu() - started, "sure": said.sure, "turn": said.turn}
    (out / f"{item.id}.md").write_text(said.text)
    return told | {"page": _is_page(item)}


def _is_page(item: Item) -> bool:
    if item.path.suffix in (".pdf", ".json"):
        return item.path.suffix == ".pdf"
    with Image.open(item.path) as picture:
        return picture.width * picture.height > LEAST_PAGE


def _usages() -> list[resource.struct_rusage]:
    """Of this process, and of those that it has started and that have ended, with theirs."""
    return [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]


def _cpu() -> float:
    """CPU seconds of this process and of those that it has started; they tell of a fork once it has ended."""
    started = psutil.Process().children()
    while any(each.children() for each in started):
        time.sleep(0.001)
    alive = sum(sum(each.cpu_times()[:4]) for each in started)
    return alive + sum(usage.ru_utime + usage.ru_stime for usage in _usages())


def _tell(line: dict[str, object]) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
