"""Formulas of the supply, to be written by hand.

A formula is a tree of plain values: a class of `ink_alphabet` is a string, everything else a `Node`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mathpixweb.engine.ocr.ink_alphabet import INDEX

LONGEST = 36  # symbols
LARGEST = "stacks/stacks-project"  # most of the supply is from here; so much of it is enough:
OF_LARGEST = 0.25
NAMES = (
    "sin",
    "cos",
    "tan",
    "log",
    "ln",
    "lim",
    "exp",
    "max",
    "min",
    "det",
    "sup",
    "inf",
    "dim",
    "ker",
    "cot",
    "sec",
)
_NAMED = {"\\" + name: name for name in NAMES}
_SAME = {
    r"\mid": "|",
    r"\ast": "*",
    r"\dots": r"\ldots",
    r"\longrightarrow": r"\rightarrow",
    r"\to": r"\rightarrow",
    r"\Sigma": r"\sum",
    r"\Pi": r"\prod",
    r"\Lambda": r"\wedge",
    r"\leqslant": r"\leq",
    r"\geqslant": r"\geq",
    r"\bigoplus": r"\oplus",
    r"\longmapsto": r"\mapsto",
    r"\Longrightarrow": r"\Rightarrow",
    r"\varnothing": r"\emptyset",
    r"\triangle": r"\Delta",
    r"\backslash": r"\setminus",
    r"\Longleftrightarrow": r"\Leftrightarrow",
    r"\hbar": r"\hbar",
    r"\bigwedge": r"\wedge",
    r"\top": "T",
    "'": r"\prime",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    r"\Vert": r"\|",
    r"\parallel": r"\|",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\vert": "|",
    r"\colon": ":",
    r"\bigotimes": r"\otimes",
    r"\le": r"\leq",
    r"\ge": r"\geq",
    r"\ne": r"\neq",
    r"\vartheta": r"\theta",
}
_ACCENTS = {
    r"\bar": "-",
    r"\overline": "-",
    r"\hat": r"\wedge",
    r"\tilde": r"\sim",
    r"\vec": r"\rightarrow",
    r"\dot": ".",
    r"\widehat": r"\wedge",
    r"\widetilde": r"\sim",
}
_PLAIN = frozenset({r"\mathrm", r"\mathbf", r"\boldsymbol", r"\mathsf", r"\mathit", r"\operatorname"})
STACKED = frozenset({r"\sum", r"\prod", r"\bigcup", r"\bigcap", "lim", "max", "min", "sup", "inf"})


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is one of

    row; frac (above, below); sqrt (body, index); scripts and stack (base, sub or below, sup or above);
    accent (mark, body); grid (left and right bracket, rows); lines.
    """

    kind: str
    parts: tuple[Tree | None, ...]

    def part(self, place: int) -> Tree:
        found = self.parts[place]
        if found is None:
            raise ValueError(f"{self.kind} has no part {place}")
        return found


Tree = str | Node


def flat(*parts: Tree) -> Tree:
    out: list[Tree] = []
    for part in parts:
        if isinstance(part, Node) and part.kind == "row":
            out.extend(p for p in part.parts if p is not None)
        else:
            out.append(part)
    return out[0] if len(out) == 1 else Node("row", tuple(out))


class _NotDrawable(Exception):
    pass


_BRACKETS = {
    "pmatrix": "()",
    "bmatrix": "[]",
    "vmatrix": "||",
    "Bmatrix": (r"\{", r"\}"),
    "cases": (r"\{", None),
}


def _arranged(name: str, rows: list[list[Tree]]) -> Tree:
    rows = [row for row in rows if any(_filled(cell) for cell in row)]
    if name not in _BRACKETS:
        lines = [flat(*(cell for cell in row if _filled(cell))) for row in rows]
        return Node("lines", tuple(lines)) if len(lines) > 1 else lines[0]
    if len({len(row) for row in rows}) != 1 or not all(_filled(cell) for row in rows for cell in row):
        raise _NotDrawable
    return Node("grid", (*_BRACKETS[name], *(Node("cells", tuple(row)) for row in rows)))


def _filled(tree: Tree) -> bool:
    return isinstance(tree, str) or bool(tree.parts)


def supply(path: Path, *, held_out: bool) -> Iterator[Tree]:
    """Formulas of which every symbol has a class."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            latex, chance = row["latex"], zlib.crc32(row["latex"].encode()) % 1000
            if (chance % 20 == 0) != held_out or (row["source"] == LARGEST and chance >= 1000 * OF_LARGEST):
                continue
            try:
                tree = _Reader(latex.split()).row()
            except (_NotDrawable, IndexError):
                continue
            if 2 <= len(list(symbols(tree))) <= LONGEST and _is_whole(tree):
                yield tree


def _is_whole(tree: Tree | None) -> bool:
    """Whether there is something in all its parts."""
    return not isinstance(tree, Node) or (bool(tree.parts) and all(_is_whole(part) for part in tree.parts))


def symbols(tree: Tree | None) -> Iterator[str]:
    """The symbols to be drawn."""
    if isinstance(tree, str):
        yield from tree if tree in NAMES else (tree,)
    elif tree is not None:
        for part in tree.parts:
            yield from symbols(part)
        if tree.kind == "frac":
            yield "-"
        elif tree.kind == "sqrt":
            yield r"\sqrt"


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    def row(self, end: str = "") -> Tree:
        parts: list[Tree] = []
        while self._at < len(self._tokens) and self._tokens[self._at] != end:
            token = self._tokens[self._at]
            if token in ("_", "^"):
                base = parts.pop() if parts else None
                if base is None:
                    raise _NotDrawable
                parts.append(self._scripts(base))
            else:
                parts.append(self._argument())
        if end:
            if self._at >= len(self._tokens):
                raise _NotDrawable
            self._at += 1
        return parts[0] if len(parts) == 1 else Node("row", tuple(parts))

    def _scripts(self, base: Tree) -> Tree:
        found: dict[str, Tree] = {}
        while self._at < len(self._tokens) and self._tokens[self._at] in ("_", "^"):
            mark = self._tokens[self._at]
            self._at += 1
            if mark in found:
                raise _NotDrawable
            found[mark] = self._argument()
        return Node("scripts", (base, found.get("_"), found.get("^")))

    def _argument(self) -> Tree:
        token = self._tokens[self._at]
        self._at += 1
        if token == "{":
            return self.row("}")
        if token == r"\frac":
            return Node("frac", (self._argument(), self._argument()))
        if token == r"\sqrt":
            index = self._index() if self._tokens[self._at] == "[" else None
            return Node("sqrt", (self._argument(), index))
        if token in (r"\stackrel", r"\overset"):
            above = self._argument()
            return Node("stack", (self._argument(), None, above))
        if token.startswith(r"\begin{"):
            return self._environment(token[7:-1])
        if token in _ACCENTS:
            return Node("accent", (_ACCENTS[token], self._argument()))
        if token in _PLAIN:
            return self._argument()
        if token == r"\mathbb":
            return self._known(rf"\mathbb{{{self._letter()}}}")
        if token in _NAMED:
            return _NAMED[token]
        return self._known(_SAME.get(token, token))

    def _index(self) -> Tree:
        self._at += 1
        return self.row("]")

    def _environment(self, name: str) -> Tree:
        """A matrix, cases or lines under each other; rows that are no rectangle are not drawn."""
        if name not in _BRACKETS and name not in ("aligned", "gathered"):
            raise _NotDrawable
        rows: list[list[Tree]] = [[]]
        cell: list[str] = []
        depth = 0
        while True:
            token = self._tokens[self._at]
            self._at += 1
            if token == rf"\end{{{name}}}" or (depth == 0 and token in ("&", r"\\")):
                rows[-1].append(_Reader(cell).row())
                cell = []
                if token == r"\\":
                    rows.append([])
                elif token != "&":
                    return _arranged(name, rows)
                continue
            depth += token.startswith(r"\begin{") - token.startswith(r"\end{")
            cell.append(token)

    def _letter(self) -> str:
        """The next token, which may stand in braces."""
        braced = self._tokens[self._at] == "{"
        letter = self._tokens[self._at + braced]
        self._at += 3 if braced else 1
        return letter

    def _known(self, latex: str) -> Tree:
        if latex not in INDEX:
            raise _NotDrawable
        return latex
