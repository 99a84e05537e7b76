"""Tables drawn with Pillow, ruled and unruled."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

MARGIN = 30


def table(
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    *,
    size: int = 24,
    bars: Sequence[int] = (),
    stems: bool = False,
) -> Image.Image:
    """`bars` are the rows above which a rule goes from edge to edge, `stems` draws upright ones too.

    A cell that begins with `>` goes on in the next column; its neighbour is `<`.
    """
    font = ImageFont.load_default(size)
    step = round(1.7 * size)
    lefts = [MARGIN + sum(widths[:k]) for k in range(len(widths) + 1)]
    bottom = MARGIN + step * len(rows)
    picture = Image.new("RGB", (lefts[-1] + MARGIN, bottom + MARGIN), "white")
    pen = ImageDraw.Draw(picture)
    for number, row in enumerate(rows):
        top = MARGIN + step * number
        for left, cell in zip(lefts, row, strict=False):
            if cell != "<":
                pen.text((left + 10, top + 0.3 * size), cell.removeprefix(">"), fill="black", font=font)
        if stems:
            for left, cell in zip(lefts, [*row, ""], strict=True):
                if cell != "<":
                    pen.line([(left, top), (left, top + step)], fill="black", width=2)
    for number in bars:
        y = MARGIN + step * number
        pen.line([(lefts[0], y), (lefts[-1], y)], fill="black", width=2)
    return picture
