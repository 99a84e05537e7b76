"""Charstrings of Type 2 (CFF) fonts, run for the box of what they draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mathpixweb.engine.readers.outlines import (
    DEEPEST_CALL,
    MOST_STEPS,
    Bounds,
    BrokenOutline,
    Pen,
    Subroutines,
)

_Stack = list[float]


class Type2Bounds:
    """Runs one charstring with the subroutines of its font (`local`) and of its font set (`shared`)."""

    def __init__(self, local: Subroutines, shared: Subroutines) -> None:
        self._local, self._shared = local, shared
        self._stack: _Stack = []
        self._stems = 0
        self._steps = 0
        self.pen = Pen()
        self.accent: tuple[float, ...] | None = None

    def run(self, code: bytes) -> Bounds | None:
        """The box of the outline. Raises BrokenOutline."""
        try:
            self._run(code, 0)
        except (IndexError, KeyError, ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
            raise BrokenOutline from error
        bounds = self.pen.bounds
        return (bounds[0], bounds[1], bounds[2], bounds[3]) if bounds else None

    def _run(self, code: bytes, depth: int) -> bool:
        """Whether the glyph has ended."""
        stack, position, end = self._stack, 0, len(code)
        while position < end:
            byte = code[position]
            position += 1
            if byte >= 32 or byte == _SHORT:
                position = _push(stack, code, byte, position)
                continue
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise BrokenOutline
            if byte in (_CALL, _CALL_SHARED):
                called = (self._local if byte == _CALL else self._shared)[int(stack.pop())]
                if depth < DEEPEST_CALL and self._run(called, depth + 1):
                    return True
            elif byte == _RETURN:
                return False
            elif byte == _END:
                self.accent = tuple(stack[-4:]) if len(stack) >= 4 else None
                return True
            elif byte in _STEMS:
                self._stems += len(stack) // 2
                stack.clear()
            elif byte in _MASKS:
                self._stems += len(stack) // 2
                position += (self._stems + 7) // 8
                stack.clear()
            elif byte == _ESCAPE:
                operator = _ESCAPED.get(code[position])
                position += 1
                if operator is None:
                    raise BrokenOutline  # arithmetic, which no font maker uses
                operator(self.pen, stack)
                stack.clear()
            else:
                _OPERATORS[byte](self.pen, stack)
                stack.clear()
        return False


def _push(stack: _Stack, code: bytes, byte: int, position: int) -> int:
    """Puts the number that begins with this byte on the stack; the position after it."""
    if byte == _SHORT:
        stack.append(int.from_bytes(code[position : position + 2], "big", signed=True))
        return position + 2
    if byte <= 246:
        stack.append(byte - 139)
        return position
    if byte <= 250:
        stack.append((byte - 247) * 256 + code[position] + 108)
        return position + 1
    if byte <= 254:
        stack.append(-(byte - 251) * 256 - code[position] - 108)
        return position + 1
    stack.append(int.from_bytes(code[position : position + 4], "big", signed=True) / 65536)
    return position + 4


def _alternating_lines(pen: Pen, s: _Stack, horizontal: bool) -> None:
    for length in s:
        pen.line(*((length, 0) if horizontal else (0, length)))
        horizontal = not horizontal


def _lines(pen: Pen, s: _Stack) -> None:
    for k in range(0, len(s) - 1, 2):
        pen.line(s[k], s[k + 1])


def _curves(pen: Pen, s: _Stack) -> None:
    for k in range(0, len(s) - 5, 6):
        pen.curve(*s[k : k + 6])


def _curves_and_line(pen: Pen, s: _Stack) -> None:
    _curves(pen, s[:-2])
    pen.line(s[-2], s[-1])


def _lines_and_curve(pen: Pen, s: _Stack) -> None:
    _lines(pen, s[:-6])
    pen.curve(*s[-6:])


def _upright_curves(pen: Pen, s: _Stack) -> None:
    aside = s[0] if len(s) % 4 else 0.0
    for k in range(len(s) % 4, len(s) - 3, 4):
        pen.curve(aside, s[k], s[k + 1], s[k + 2], 0, s[k + 3])
        aside = 0.0


def _level_curves(pen: Pen, s: _Stack) -> None:
    up = s[0] if len(s) % 4 else 0.0
    for k in range(len(s) % 4, len(s) - 3, 4):
        pen.curve(s[k], up, s[k + 1], s[k + 2], s[k + 3], 0)
        up = 0.0


def _turning_curves(pen: Pen, s: _Stack, horizontal: bool) -> None:
    """Curves that begin level and end upright and the other way round; the last may end askew."""
    for k in range(0, len(s) - 3, 4):
        last = s[k + 4] if len(s) - k == 5 else 0.0
        if horizontal:
            pen.curve(s[k], 0, s[k + 1], s[k + 2], last, s[k + 3])
        else:
            pen.curve(0, s[k], s[k + 1], s[k + 2], s[k + 3], last)
        horizontal = not horizontal


def _flex(pen: Pen, s: _Stack) -> None:
    _curves(pen, s[:12])


def _level_flex(pen: Pen, s: _Stack) -> None:
    pen.curve(s[0], 0, s[1], s[2], s[3], 0)
    pen.curve(s[4], 0, s[5], -s[2], s[6], 0)


def _flex_to_start(pen: Pen, s: _Stack) -> None:
    pen.curve(s[0], s[1], s[2], s[3], s[4], 0)
    pen.curve(s[5], 0, s[6], s[7], s[8], -(s[1] + s[3] + s[7]))


def _flex_to_last(pen: Pen, s: _Stack) -> None:
    dx, dy = sum(s[0:10:2]), sum(s[1:10:2])
    end = (s[10], -dy) if abs(dx) > abs(dy) else (-dx, s[10])
    pen.curve(*s[:6])
    pen.curve(*s[6:10], *end)


_CALL, _RETURN, _ESCAPE, _END, _SHORT, _CALL_SHARED = 10, 11, 12, 14, 28, 29
_STEMS = frozenset((1, 3, 18, 23))
_MASKS = frozenset((19, 20))
_OPERATORS: Mapping[int, Callable[[Pen, _Stack], None]] = {
    4: lambda pen, s: pen.move(0, s[-1]),
    5: _lines,
    6: lambda pen, s: _alternating_lines(pen, s, True),
    7: lambda pen, s: _alternating_lines(pen, s, False),
    8: _curves,
    21: lambda pen, s: pen.move(s[-2], s[-1]),
    22: lambda pen, s: pen.move(s[-1], 0),
    24: _curves_and_line,
    25: _lines_and_curve,
    26: _upright_curves,
    27: _level_curves,
    30: lambda pen, s: _turning_curves(pen, s, False),
    31: lambda pen, s: _turning_curves(pen, s, True),
}
_ESCAPED: Mapping[int, Callable[[Pen, _Stack], None]] = {
    0: lambda pen, s: None,  # a hint for dots, from before Type 2
    34: _level_flex,
    35: _flex,
    36: _flex_to_start,
    37: _flex_to_last,
}
