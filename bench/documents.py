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


def mathematics(pages: int) -> str:
    """Mathpix Markdown of about that many printed pages: prose, formulas in it and between it, tables."""
    return "\n\n".join(_section(number) for number in range(1, pages + 1))


def _section(number: int) -> str:
    chance = random.Random(number)  # noqa: S311 - the same at every run
    letters = [chance.choice("abcdxyzuvw") for _ in range(40)]
    paragraphs = [
        " ".join(chance.choices(WORDS, k=55))
        + f" \\( {a}_{{{b}}}^{{2}}+\\frac{{{b}}}{{{a}}} \\) and \\( {b}\\in\\mathbb{{R}} \\)."
        for a, b in zip(letters[:6], letters[6:12], strict=True)
    ]
    displays = [
        f"\\[\n\\int_{{{a}}}^{{\\infty}} \\frac{{\\sin {b}}}{{{b}}} \\, d {b}"
        f"=\\sum_{{{a}=1}}^{{n}} \\sqrt{{{a}+{b}}} \\tag{{{number}.{k}}}\n\\]"
        for k, (a, b) in enumerate(zip(letters[12:16], letters[16:20], strict=True), start=1)
    ]
    cells = " \\\\\n\\hline\n".join(
        f"{a} & \\( {b}^{{{k}}} \\) & {k}"
        for k, (a, b) in enumerate(zip(letters[20:24], letters[24:28], strict=True))
    )
    table = f"\\begin{{tabular}}{{|l|c|r|}}\n\\hline\n{cells} \\\\\n\\hline\n\\end{{tabular}}"
    parts = [part for pair in zip(paragraphs, [*displays, table, ""], strict=True) for part in pair if part]
    return f"\\section{{Section {number}}}\n\n" + "\n\n".join(parts)


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
