"""What is written by hand: formulas of the supply, and invented ones such as are written at school.

A formula is a tree of plain values: a class of `ink_alphabet` is a string, everything else a `Node`.
"""

from __future__ import annotations

import gzip
import json
import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mathpixweb.engine.ocr.ink_alphabet import INDEX

LONGEST = 28  # symbols
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
    r"\cdot": ".",
    r"\mid": "|",
    r"\ast": "*",
    r"\cdots": r"\ldots",
    r"\dots": r"\ldots",
    r"\longrightarrow": r"\rightarrow",
    r"\to": r"\rightarrow",
    r"\Sigma": r"\sum",
    r"\Pi": r"\prod",
    r"\Lambda": r"\wedge",
    r"\leqslant": r"\leq",
    r"\geqslant": r"\geq",
    r"\langle": "<",
    r"\rangle": ">",
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
    r"\lVert": "|",
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


_GREEK = (
    *(r"\alpha", r"\beta", r"\gamma", r"\theta", r"\pi", r"\lambda", r"\mu", r"\sigma", r"\phi", r"\Delta")
    * 3,
    *(
        r"\delta",
        r"\epsilon",
        r"\omega",
        r"\rho",
        r"\tau",
        r"\eta",
        r"\infty",
        r"\psi",
        r"\xi",
        r"\nu",
        r"\varphi",
    ),
)


@dataclass(frozen=True, slots=True)
class Node:
    """`kind` is row, frac (above, below), sqrt (body), scripts (base, sub, sup), accent (mark, body)."""

    kind: str
    parts: tuple[Tree | None, ...]


Tree = str | Node


class _NotDrawable(Exception):
    pass


def supply(path: Path, *, held_out: bool) -> Iterator[Tree]:
    """Formulas of which every symbol has a class."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            latex = json.loads(line)["latex"]
            if (zlib.crc32(latex.encode()) % 20 == 0) != held_out:
                continue
            try:
                tree = _Reader(latex.split()).row()
            except (_NotDrawable, IndexError):
                continue
            if 2 <= len(list(symbols(tree))) <= LONGEST:
                yield tree


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
            if self._tokens[self._at] == "[":
                raise _NotDrawable
            return Node("sqrt", (self._argument(),))
        if token in _ACCENTS:
            return Node("accent", (_ACCENTS[token], self._argument()))
        if token in _PLAIN:
            return self._argument()
        if token == r"\mathbb":
            return self._known(rf"\mathbb{{{self._letter()}}}")
        if token in _NAMED:
            return _NAMED[token]
        return self._known(_SAME.get(token, token))

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


def invented(rng: random.Random) -> Tree:
    """A formula such as is written at school and in first courses."""
    kind = rng.random()
    left = _sum(rng, 2)
    if kind < 0.55:
        relation = rng.choice(
            ["="] * 8 + ["<", ">", r"\leq", r"\geq", r"\neq", r"\rightarrow", r"\approx", r"\equiv"]
        )
        return _flat(left, relation, _sum(rng, 2))
    if kind < 0.63:
        name = rng.choice("fghFGP")
        return _flat(name, "(", rng.choice("xytzn"), ")", "=", left)
    if kind < 0.69:
        return _flat(_letter(rng), r"\in", rng.choice([*"ABSIRX", r"\mathbb{R}", r"\mathbb{N}"]))
    return left


def _flat(*parts: Tree) -> Tree:
    out: list[Tree] = []
    for part in parts:
        if isinstance(part, Node) and part.kind == "row":
            out.extend(p for p in part.parts if p is not None)
        else:
            out.append(part)
    return out[0] if len(out) == 1 else Node("row", tuple(out))


def _letter(rng: random.Random) -> Tree:
    pool = rng.random()
    if pool < 0.5:
        return rng.choice("xyzabcnmkijrstpqtuv")
    if pool < 0.72:
        return rng.choice("abcdefghijklmnopqrstuvwxyz")
    if pool < 0.85:
        return rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return rng.choice(_GREEK)


def _number(rng: random.Random) -> Tree:
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 1, 1, 1, 2, 2, 3, 4])))
    if rng.random() < 0.08:
        digits += "." + rng.choice("0123456789")
    return _flat(*digits)


def _sum(rng: random.Random, depth: int) -> Tree:
    parts: list[Tree] = ["-"] if rng.random() < 0.1 else []
    for k in range(rng.choice([1, 1, 2, 2, 2, 3])):
        if k:
            parts.append(
                rng.choice(
                    ["+"] * 5 + ["-"] * 4 + [r"\times", r"\times", r"\pm", r"\div", ",", ".", "/", r"\ldots"]
                )
            )
        parts.append(_term(rng, depth))
    return _flat(*parts)


def _term(rng: random.Random, depth: int) -> Tree:
    choice = rng.random()
    if depth == 0 or choice < 0.34:
        return rng.choice([_letter, _number, _letter])(rng)
    if choice < 0.50:
        return _scripted(rng, depth)
    if choice < 0.60:
        return _flat(_number(rng), _scripted(rng, depth) if rng.random() < 0.4 else _letter(rng))
    if choice < 0.72:
        return Node("frac", (_sum(rng, depth - 1), _sum(rng, depth - 1)))
    if choice < 0.79:
        return Node("sqrt", (_sum(rng, depth - 1),))
    if choice < 0.87:
        brackets = rng.choice(["()"] * 6 + ["[]", "||"])
        inner = _flat(brackets[0], _sum(rng, depth - 1), brackets[1])
        return _flat(_letter(rng), inner) if rng.random() < 0.4 else inner
    if choice < 0.93:
        return _applied(rng, depth)
    return _operator(rng, depth)


def _scripted(rng: random.Random, depth: int) -> Tree:
    base = _letter(rng) if rng.random() < 0.85 else _number(rng)
    raised = rng.choice("2222233nnkim10x") if rng.random() < 0.7 else _sum(rng, 0)
    lowered = rng.choice("0112nijk") if rng.random() < 0.75 else _sum(rng, 0)
    kind = rng.random()
    if kind < 0.55:
        return Node("scripts", (base, None, raised))
    return Node("scripts", (base, lowered, None if kind < 0.9 else raised))


def _applied(rng: random.Random, depth: int) -> Tree:
    name: Tree = rng.choice(["sin", "cos", "tan", "log", "sin", "cos", "ln", "exp", "cot", "sec"])
    if rng.random() < 0.25:
        name = Node("scripts", (name, None, "2"))
    if rng.random() < 0.35:
        return _flat(name, "(", _sum(rng, depth - 1), ")")
    return _flat(name, rng.choice([_letter, _number])(rng))


def _operator(rng: random.Random, depth: int) -> Tree:
    kind, body = rng.random(), _term(rng, depth - 1)
    if kind < 0.4:
        low: Tree = _flat(rng.choice("nkij"), "=", rng.choice("01"))
        high: Tree = rng.choice(["n", r"\infty", "N", "m", "k"])
        sign = rng.choice([r"\sum", r"\sum", r"\sum", r"\prod"])
        return _flat(
            Node(
                "scripts", (sign, low if rng.random() < 0.85 else None, high if rng.random() < 0.8 else None)
            ),
            body,
        )
    if kind < 0.75:
        low, high = (
            rng.choice(["0", "a", "1", _flat("-", r"\infty")]),
            rng.choice(["1", "b", r"\infty", "x", r"\pi"]),
        )
        sign_tree: Tree = r"\int" if rng.random() < 0.4 else Node("scripts", (r"\int", low, high))
        return _flat(sign_tree, body, "d", rng.choice("xxxtyu"))
    return _flat(
        Node(
            "scripts",
            ("lim", _flat(rng.choice("xnht"), r"\rightarrow", rng.choice(["0", r"\infty", "a", "1"])), None),
        ),
        body,
    )
