"""Pages of DVI and XDV files: every glyph and rule with its place, in TeX points, y downwards."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

UNIT = 1 / 65536  # points in a scaled point


@dataclass(frozen=True, slots=True)
class Font:
    """`name` is that of a TFM file, or the path of an OpenType font whose glyphs are named by index."""

    name: str
    size: float
    native: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    font: Font
    code: int
    x: float
    y: float


@dataclass(slots=True)
class PageOfMarks:
    number: int
    marks: list[Mark] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(
        default_factory=list
    )  # x, y of the top, width, height


@cache
def find(name: str) -> str:
    """Path of a file of the TeX installation, empty if it has none."""
    return subprocess.run(["kpsewhich", name], capture_output=True, text=True, check=False).stdout.strip()


@cache
def _widths(name: str) -> dict[int, float]:
    """Widths in ems by character code."""
    path = find(f"{name}.tfm")
    if not path:
        return {}
    data = Path(path).read_bytes()
    _, header, first, last, count = struct.unpack(">5H", data[:10])
    start = 24 + 4 * header
    table = start + 4 * (last - first + 1)
    widths = struct.unpack(f">{count}i", data[table : table + 4 * count])
    return {
        first + k: widths[data[start + 4 * k]] / 2**20 for k in range(last - first + 1) if data[start + 4 * k]
    }


def pages(path: Path) -> Iterator[PageOfMarks]:
    """Pages in order. Raises ValueError for what no TeX writes."""
    yield from _Interpreter(path.read_bytes()).pages()


class _Interpreter:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 15 + data[14]  # after the preamble
        self._fonts: dict[int, Font] = {}
        self._font: Font | None = None
        self._place = [0, 0, 0, 0, 0, 0]  # h v w x y z in scaled points
        self._stack: list[list[int]] = []

    def _unsigned(self, count: int) -> int:
        self._at += count
        return int.from_bytes(self._data[self._at - count : self._at], "big")

    def _signed(self, count: int) -> int:
        self._at += count
        return int.from_bytes(self._data[self._at - count : self._at], "big", signed=True)

    def pages(self) -> Iterator[PageOfMarks]:
        page = PageOfMarks(0)
        while self._at < len(self._data):
            opcode = self._unsigned(1)
            if opcode == 139:  # bop
                page = PageOfMarks(self._signed(4))
                self._at += 40
                self._place, self._stack = [0] * 6, []
            elif opcode == 140:  # eop
                yield page
            elif opcode == 248:  # postamble
                return
            else:
                self._step(opcode, page)

    def _step(self, opcode: int, page: PageOfMarks) -> None:
        place = self._place
        if opcode < 137 and opcode != 132:
            code = opcode if opcode < 128 else self._unsigned(opcode - 127 if opcode < 132 else opcode - 132)
            self._draw(code, page, moves=opcode < 133)
        elif opcode in (132, 137):
            height, width = self._signed(4), self._signed(4)
            if height > 0 and width > 0:
                page.rules.append((place[0] * UNIT, (place[1] - height) * UNIT, width * UNIT, height * UNIT))
            place[0] += width if opcode == 132 else 0
        elif opcode == 138:
            return
        elif opcode == 141:
            self._stack.append(list(place))
        elif opcode == 142:
            self._place = self._stack.pop()
        elif opcode <= 170:
            self._move(opcode)
        elif opcode <= 238:
            self._font = self._fonts[opcode - 171 if opcode <= 234 else self._unsigned(opcode - 234)]
        elif opcode <= 242:
            length = self._unsigned(opcode - 238)
            self._at += length
        elif opcode <= 246:
            self._define(self._unsigned(opcode - 242))
        elif opcode == 252:
            self._define_native()
        elif opcode in (253, 254):
            self._draw_native(page, with_text=opcode == 254)
        else:
            raise ValueError(opcode)

    def _move(self, opcode: int) -> None:
        """right, w, x, down, y, z: each sets its register (if any) and moves."""
        for first, register, axis in (
            (143, -1, 0),
            (147, 2, 0),
            (152, 3, 0),
            (157, -1, 1),
            (161, 4, 1),
            (166, 5, 1),
        ):
            plain = register < 0
            if first <= opcode < first + (4 if plain else 5):
                count = opcode - first + (1 if plain else 0)
                amount = self._signed(count) if count else self._place[register]
                if not plain:
                    self._place[register] = amount
                self._place[axis] += amount
                return
        raise ValueError(opcode)

    def _draw(self, code: int, page: PageOfMarks, *, moves: bool) -> None:
        if self._font is None:
            raise ValueError("no font")
        h, v = self._place[:2]
        page.marks.append(Mark(self._font, code, h * UNIT, v * UNIT))
        if moves:
            self._place[0] += int(_widths(self._font.name).get(code, 0.0) * self._font.size / UNIT)

    def _define(self, number: int) -> None:
        self._at += 4
        size = self._unsigned(4) * UNIT
        self._at += 4
        length = self._unsigned(1) + self._unsigned(1)
        name = self._data[self._at : self._at + length].decode()
        self._at += length
        self._fonts[number] = Font(name, size)

    def _define_native(self) -> None:
        number, size, flags = self._unsigned(4), self._unsigned(4) * UNIT, self._unsigned(2)
        length = self._unsigned(1)
        name = self._data[self._at : self._at + length].decode()
        self._at += length + 4
        for flag in (0x0200, 0x1000, 0x2000, 0x4000):  # colour, extension, slant, emboldening
            self._at += 4 if flags & flag else 0
        self._fonts[number] = Font(name, size, native=True)

    def _draw_native(self, page: PageOfMarks, *, with_text: bool) -> None:
        if with_text:
            length = self._unsigned(2)
            self._at += 2 * length
        width, count = self._signed(4), self._unsigned(2)
        places = [(self._signed(4), self._signed(4)) for _ in range(count)]
        h, v = self._place[:2]
        for dx, dy in places:
            glyph = self._unsigned(2)
            if self._font is None:
                raise ValueError("no font")
            page.marks.append(Mark(self._font, glyph, (h + dx) * UNIT, (v + dy) * UNIT))
        self._place[0] += width
