"""Formulas such as are written at school and in first courses, invented."""

from __future__ import annotations

import random

from training.ink.formulas import Node, Tree, flat

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


def invented(rng: random.Random) -> Tree:
    """Lines, a matrix, cases, or most often a statement."""
    kind = rng.random()
    if kind > 0.95:  # as what is drawn begins
        return rng.choice("+-=()[]|/,.") if rng.random() < 0.3 else _term(rng, 0)
    if kind < 0.05:
        return Node("lines", tuple(_statement(rng) for _ in range(rng.choice([2, 2, 2, 3, 3, 4]))))
    if kind < 0.11:
        return flat(_letter(rng), "=", _matrix(rng)) if rng.random() < 0.5 else _matrix(rng)
    if kind < 0.14:
        rows = [Node("cells", (_sum(rng, 1), _statement(rng, 0))) for _ in range(rng.choice([2, 2, 3]))]
        left = flat(rng.choice("fgxh"), "(", rng.choice("xnt"), ")", "=")
        return flat(left, Node("grid", (r"\{", None, *rows)))
    return _statement(rng)


def _statement(rng: random.Random, depth: int = 2) -> Tree:
    kind = rng.random()
    left = _sum(rng, depth)
    if kind < 0.50:
        return flat(left, _relation(rng), _sum(rng, depth))
    if kind < 0.57:
        name = rng.choice("fghFGPyuv")
        return flat(name, "(", rng.choice("xytzn"), ")", "=", left)
    if kind < 0.62:
        sets = [*"ABSIRX", r"\mathbb{R}", r"\mathbb{N}", r"\mathbb{Z}", r"\mathbb{Q}", r"\mathbb{C}"]
        quantified = [rng.choice([r"\forall", r"\exists"])] if rng.random() < 0.4 else []
        return flat(*quantified, _letter(rng), rng.choice([r"\in", r"\in", r"\notin"]), rng.choice(sets))
    if kind < 0.66:
        return flat(_derivative(rng), "=", left)
    if kind < 0.69:
        return flat(_letter(rng), "=", r"\{", _list(rng), r"\}")
    if kind < 0.72:
        operators = [
            r"\cup",
            r"\cap",
            r"\subset",
            r"\subseteq",
            r"\setminus",
            r"\wedge",
            r"\vee",
            r"\Rightarrow",
        ]
        return flat(rng.choice("ABCPQS"), rng.choice(operators), rng.choice("ABCPQS"))
    return left


def _relation(rng: random.Random) -> str:
    rare = ["<", ">", r"\leq", r"\geq", r"\neq", r"\rightarrow", r"\approx", r"\equiv", r"\Rightarrow"]
    return (
        "=" if rng.random() < 0.6 else rng.choice([*rare, r"\sim", r"\Leftrightarrow", r"\propto", r"\leq"])
    )


def _letter(rng: random.Random) -> Tree:
    pool = rng.random()
    if pool < 0.5:
        return rng.choice("xxxyyzabcnmkijrstpqtuv")
    if pool < 0.72:
        return rng.choice("abcdefghijklmnopqrstuvwxyz")
    if pool < 0.85:
        return rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return rng.choice(_GREEK)


def _number(rng: random.Random) -> Tree:
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 1, 1, 1, 2, 2, 3, 4])))
    if rng.random() < 0.08:
        digits += "." + rng.choice("0123456789")
    return flat(*digits)


def _list(rng: random.Random) -> Tree:
    parts: list[Tree] = []
    for _ in range(rng.choice([2, 3, 3, 4])):
        parts += [_scripted(rng, 0) if rng.random() < 0.4 else rng.choice([_letter, _number])(rng), ","]
    parts.pop()
    if rng.random() < 0.3:
        parts[-1:-1] = [r"\ldots", ","]
    return flat(*parts)


def _sum(rng: random.Random, depth: int) -> Tree:
    depth = max(0, depth)
    parts: list[Tree] = ["-"] if rng.random() < 0.1 else []
    signs = ["+"] * 6 + ["-"] * 5 + [r"\times", r"\times", r"\pm", r"\div", ",", r"\cdot", "/"]
    for k in range(rng.choice([1, 1, 2, 2, 2, 3])):
        if k:
            parts += ["+", r"\cdots", "+"] if rng.random() < 0.04 else [rng.choice(signs)]
        parts.append(_term(rng, depth))
    return flat(*parts)


def _term(rng: random.Random, depth: int) -> Tree:
    choice = rng.random()
    if depth == 0 or choice < 0.34:
        return rng.choice([_letter, _number, _letter])(rng)
    if choice < 0.50:
        return _scripted(rng, depth)
    if choice < 0.60:
        return flat(_number(rng), _scripted(rng, depth) if rng.random() < 0.4 else _letter(rng))
    if choice < 0.71:
        return Node("frac", (_sum(rng, depth - 1), _sum(rng, depth - 1)))
    if choice < 0.77:
        index = rng.choice("334n") if rng.random() < 0.15 else None
        return Node("sqrt", (_sum(rng, depth - 1), index))
    if choice < 0.86:
        return _bracketed(rng, depth)
    if choice < 0.90:
        return _applied(rng, depth)
    if choice < 0.92:
        return Node("accent", (rng.choice(["-", r"\rightarrow", r"\wedge", ".", r"\sim", "-"]), _letter(rng)))
    if choice < 0.93:
        return flat(_letter(rng), r"\prime")
    return _operator(rng, depth)


def _bracketed(rng: random.Random, depth: int) -> Tree:
    brackets = rng.choice(["()"] * 7 + ["[]", "||", (r"\|", r"\|")])
    inner = flat(brackets[0], _sum(rng, depth - 1), brackets[1])
    kind = rng.random()
    if kind < 0.35:
        return flat(_letter(rng), inner)
    if kind < 0.6:
        parts = list(inner.parts) if isinstance(inner, Node) else [inner]
        return Node("row", (*parts[:-1], Node("scripts", (parts[-1], None, rng.choice("2223n")))))
    return inner


def _scripted(rng: random.Random, depth: int) -> Tree:
    base = _letter(rng) if rng.random() < 0.85 else _number(rng)
    if isinstance(base, Node):
        base = base.part(len(base.parts) - 1)
    raised = rng.choice("2222233nnkim10x") if rng.random() < 0.7 else _sum(rng, min(1, depth - 1))
    lowered = rng.choice("0112nijk") if rng.random() < 0.75 else _sum(rng, 0)
    kind = rng.random()
    if kind < 0.55:
        return Node("scripts", (base, None, raised))
    return Node("scripts", (base, lowered, None if kind < 0.88 else raised))


def _applied(rng: random.Random, depth: int) -> Tree:
    name: Tree = rng.choice(
        ["sin", "cos", "tan", "log", "sin", "cos", "ln", "exp", "cot", "sec", "max", "min"]
    )
    kind = rng.random()
    if kind < 0.2:
        name = Node("scripts", (name, None, "2"))
    elif kind < 0.3:
        name = Node("scripts", ("log", rng.choice(["2", "3", "a", "b", flat("1", "0")]), None))
    if rng.random() < 0.4:
        return flat(name, "(", _sum(rng, depth - 1), ")")
    return flat(name, rng.choice([_letter, _number, lambda r: flat(_number(r), _letter(r))])(rng))


def _derivative(rng: random.Random) -> Tree:
    d = rng.choice(["d", "d", "d", r"\partial"])
    above: Tree = d if rng.random() < 0.4 else flat(d, rng.choice("yfuxg"))
    below: Tree = flat(d, rng.choice("xtyx"))
    if rng.random() < 0.25:
        above = flat(Node("scripts", (d, None, "2")), rng.choice("yfux"))
        below = flat(d, Node("scripts", (rng.choice("xt"), None, "2")))
    return Node("frac", (above, below))


def _matrix(rng: random.Random) -> Tree:
    rows, columns = rng.choice([(2, 2), (2, 2), (2, 1), (3, 1), (3, 3), (3, 3), (2, 3), (3, 2)])
    simple = rng.choice([_number, _letter, lambda r: _scripted(r, 0), lambda r: _sum(r, 1)])
    cells = [
        Node("cells", tuple(simple(rng) if rng.random() < 0.9 else _number(rng) for _ in range(columns)))
        for _ in range(rows)
    ]
    grid = Node("grid", (*rng.choice(["()", "[]", "()", "||"]), *cells))
    return (
        Node("scripts", (grid, None, rng.choice(["2", "n", "T", flat("-", "1")])))
        if rng.random() < 0.12
        else grid
    )


def _operator(rng: random.Random, depth: int) -> Tree:
    kind, body = rng.random(), _term(rng, depth - 1)
    if kind < 0.42:
        start = flat(rng.choice("nkij"), "=", rng.choice("01"))
        low: Tree = start if rng.random() < 0.8 else rng.choice("nkij")
        high: Tree = rng.choice(["n", r"\infty", "N", "m", "k"])
        sign = rng.choice([r"\sum", r"\sum", r"\sum", r"\prod", r"\bigcup"])
        lowered = low if rng.random() < 0.85 else None
        return flat(Node("scripts", (sign, lowered, high if rng.random() < 0.75 else None)), body)
    if kind < 0.8:
        return flat(_integral(rng), body, "d", rng.choice(["x", "x", "x", "t", "y", "u", r"\theta"]))
    to = rng.choice(["0", r"\infty", "a", "1"])
    return flat(Node("scripts", ("lim", flat(rng.choice("xnht"), r"\rightarrow", to), None)), body)


def _integral(rng: random.Random) -> Tree:
    low = rng.choice(["0", "a", "1", flat("-", r"\infty"), flat("-", "1")])
    high = rng.choice(["1", "b", r"\infty", "x", r"\pi", "2"])
    sign = rng.choice([r"\int"] * 8 + [r"\oint", r"\iint"])
    kind = rng.random()
    if kind < 0.4:
        return sign
    if kind < 0.5:
        return Node("scripts", (sign, rng.choice("CDSVR"), None))
    return Node("scripts" if rng.random() < 0.7 else "stack", (sign, low, high))
