"""The PDFs that the suite measures with where no others are given: prose of chance words, always the same."""

from __future__ import annotations

import random

WORDS = """
    algebra basis cone divisor every field group height ideal joint kernel lattice module norm orbit prime
    quotient ring sheaf topos unit vector weight between carries depends extends follows given has into
    likewise maps never only partly quite rather simply there until very where yields
""".split()  # noqa: SIM905
LINES, WORDS_A_LINE = 40, 11


def prose(pages: int, seed: int = 0) -> bytes:
    """A PDF of that many full pages of text."""
    return _file([_lines(seed, number) for number in range(1, pages + 1)])


def _lines(seed: int, number: int) -> list[str]:
    chance = random.Random(f"{seed}-{number}")  # noqa: S311 - the same at every run
    lines = [" ".join(chance.choices(WORDS, k=WORDS_A_LINE)).capitalize() + "." for _ in range(LINES)]
    return [*lines[:20], f"This is sheet {number} of series {seed}.", *lines[20:]]


def _file(pages: list[list[str]]) -> bytes:
    numbers = [4 + 2 * index for index in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    }
    for number, lines in zip(numbers, pages, strict=True):
        font = "/Resources<</Font<</F1 3 0 R>>>>"
        objects[number] = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]{font}/Contents {number + 1} 0 R>>"
        drawn = "BT /F1 10 Tf 72 740 Td " + " ".join(f"({line}) Tj 0 -16 Td" for line in lines) + " ET"
        objects[number + 1] = f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream"
    return _written(objects)


def _written(objects: dict[int, str]) -> bytes:
    content, offsets = b"%PDF-1.4\n", []
    for number in sorted(objects):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{objects[number]}\nendobj\n".encode("latin-1")
    table, size = len(content), len(objects) + 1
    entries = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, entries)
    return content + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table)
