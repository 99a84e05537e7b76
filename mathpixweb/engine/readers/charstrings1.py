"""Charstrings of Type 1 fonts, run for the box of what they draw."""

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


class Type1Bounds:
    """Runs one charstring. `accented` gives the bounds of a letter with an accent set on it."""

    def __init__(self, subroutines: Subroutines) -> None:
        self._subroutines = subroutines
        self._pen = Pen()
        self._stack: list[float] = []
        self._given: list[float] = []  # what other subroutines leave for `pop`
        self._flex: list[float] | None = None  # the points of a flex while they are collected
        self._steps = 0
        self.accent: tuple[float, ...] | None = None
        self.side = 0.0

    def run(self, code: bytes) -> Bounds | None:
        """The box of the outline. Raises BrokenOutline."""
        try:
            self._run(code, 0)
        except (IndexError, KeyError, ZeroDivisionError, OverflowError, ValueError, TypeError) as error:
            raise BrokenOutline from error
        bounds = self._pen.bounds
        return (bounds[0], bounds[1], bounds[2], bounds[3]) if bounds else None

    def _run(self, code: bytes, depth: int) -> bool:
        """Whether the glyph has ended."""
        stack, position, end = self._stack, 0, len(code)
        while position < end:
            byte = code[position]
            position += 1
            if byte >= 32:
                if byte <= 246:
                    stack.append(byte - 139)
                elif byte <= 250:
                    stack.append((byte - 247) * 256 + code[position] + 108)
                    position += 1
                elif byte <= 254:
                    stack.append(-(byte - 251) * 256 - code[position] - 108)
                    position += 1
                else:
                    stack.append(int.from_bytes(code[position : position + 4], "big", signed=True))
                    position += 4
                continue
            self._steps += 1
            if self._steps > MOST_STEPS:
                raise BrokenOutline
            if byte == _CALL:
                called = self._subroutines[int(stack.pop())]
                if depth < DEEPEST_CALL and self._run(called, depth + 1):
                    return True
            elif byte == _RETURN:
                return False
            elif byte == _END:
                return True
            elif byte == _ESCAPE:
                byte = code[position]
                position += 1
                if self._escaped(byte):
                    return True
            else:
                operator = _OPERATORS.get(byte)
                if operator is not None:
                    operator(self, stack)
                stack.clear()
        return False

    def _escaped(self, byte: int) -> bool:
        stack = self._stack
        if byte == _DIVIDE:
            divisor = stack.pop()
            stack.append(stack.pop() / divisor)
        elif byte == _CALL_OTHER:
            self._call_other()
        elif byte == _POP:
            stack.append(self._given.pop() if self._given else 0.0)
        elif byte == _ACCENTED:
            self.accent = tuple(stack[-5:])
            return True
        else:
            if byte == _SIDE:
                self._pen.x, self._pen.y, self.side = stack[0], stack[1], stack[0]
            stack.clear()
        return False

    def _call_other(self) -> None:
        """Flex is two curves, drawn by collected moves; of the rest only the operands come back."""
        stack = self._stack
        number, count = int(stack.pop()), int(stack.pop())
        operands = [stack.pop() for _ in range(count)]
        if number == 1:
            self._flex = []
        elif number == 0 and self._flex is not None:
            points, self._flex = self._flex, None
            if len(points) >= 14:
                self._pen.curve(points[0] + points[2], points[1] + points[3], *points[4:8])
                self._pen.curve(*points[8:14])
            self._given = operands[:2]
        elif number != 2:
            self._given = operands

    def moved(self, dx: float, dy: float) -> None:
        if self._flex is None:
            self._pen.move(dx, dy)
        else:
            self._flex += (dx, dy)

    def sided(self, side: float) -> None:
        self._pen.x = self.side = side

    @property
    def pen(self) -> Pen:
        return self._pen


_CALL, _RETURN, _ESCAPE, _END = 10, 11, 12, 14
_ACCENTED, _SIDE, _DIVIDE, _CALL_OTHER, _POP = 6, 7, 12, 16, 17
_OPERATORS: Mapping[int, Callable[[Type1Bounds, list[float]], None]] = {
    4: lambda run, s: run.moved(0, s[-1]),
    5: lambda run, s: run.pen.line(s[0], s[1]),
    6: lambda run, s: run.pen.line(s[0], 0),
    7: lambda run, s: run.pen.line(0, s[0]),
    8: lambda run, s: run.pen.curve(s[0], s[1], s[2], s[3], s[4], s[5]),
    13: lambda run, s: run.sided(s[0]),
    21: lambda run, s: run.moved(s[-2], s[-1]),
    22: lambda run, s: run.moved(s[-1], 0),
    30: lambda run, s: run.pen.curve(0, s[0], s[1], s[2], s[3], 0),
    31: lambda run, s: run.pen.curve(s[0], 0, s[1], s[2], 0, s[3]),
}
