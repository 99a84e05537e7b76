"""Longer formulas made of those of the supply: side by side, inside each other, under each other.

Books give mostly short formulas; papers have long ones, rows under each other, accents and indices at every
letter. What is made here means nothing, but its parts stand where parts of formulas stand.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence

from training.printed.supply import Formula
from training.printed.variation import GREEK

Tokens = tuple[str, ...]
MOST = 90  # tokens
SHORT = 14  # tokens of what goes into a script or a cell
_GREEK = ["\\" + name for name in GREEK.split()]
_LETTERS = list(string.ascii_letters)
_JOINTS = (
    ("=",),
    ("+",),
    ("-",),
    (",", r"\quad"),
    (",",),
    (r"\leq",),
    (r"\rightarrow",),
    (r"\equiv",),
    (r"\times",),
)
_CONJUNCTIONS = (
    *("if", "for", "where", "and", "otherwise", "with", "or", "when", "all", "such", "that", "some", "on"),
    *("is", "then", "let", "else", "unless"),
)
_SYLLABLES = (
    *("an", "be", "con", "de", "en", "fi", "ga", "hi", "in", "jo", "ka", "lo", "ma", "ne", "or", "pre", "qu"),
    *("re", "st", "ti", "un", "ve", "wi", "xi", "yo", "ze", "al", "th", "gr", "ch", "tr"),
)
_FENCES = (
    ("(", ")"),
    ("[", "]"),
    (r"\{", r"\}"),
    (r"\langle", r"\rangle"),
    ("|", "|"),
    (r"\|", r"\|"),
    (r"\lfloor", r"\rfloor"),
)
_ACCENTS = (r"\hat", r"\tilde", r"\bar", r"\dot", r"\ddot", r"\vec", r"\check", r"\breve")
_WIDE = (r"\overline", r"\widehat", r"\widetilde", r"\underline", r"\overrightarrow")
_OPERATORS = (
    r"\sum",
    r"\prod",
    r"\int",
    r"\oint",
    r"\bigcup",
    r"\bigoplus",
    r"\lim",
    r"\max",
    r"\sup",
    r"\iint",
)


def composed(formulas: Sequence[Formula], rng: random.Random) -> Formula:
    """A formula of several of `formulas`; of none of them alone if that can be avoided."""
    make = rng.choices(_KINDS, _SHARES)[0]
    tokens = make([f.tokens for f in formulas if is_whole(f.tokens)] or [("x",)], rng)
    return Formula(tokens if len(tokens) <= MOST else tuple(formulas[0].tokens), True)


def is_whole(tokens: Tokens) -> bool:
    """Whether it may stand within others: no rows or cells of its own outside of an environment."""
    depth = 0
    for token in tokens:
        depth += token.startswith(r"\begin") - token.startswith(r"\end")
        if not depth and token in ("&", "\\\\"):
            return False
    return True


def words(rng: random.Random) -> Tokens:
    """Upright words, which need not exist."""
    chosen = [
        rng.choice(_CONJUNCTIONS)
        if rng.random() < 0.5
        else "".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4)))
        for _ in range(rng.choice((1, 1, 2, 3)))
    ]
    if rng.random() < 0.15:
        chosen[0] = chosen[0].capitalize()
    letters = r" \sp ".join(" ".join(word) for word in chosen).split()
    return (r"\text", "{", *([r"\sp"] if rng.random() < 0.7 else []), *letters, r"\sp", "}")


def _beside(parts: list[Tokens], rng: random.Random) -> Tokens:
    out = parts[0]
    for part in parts[1 : rng.randint(2, 4)]:
        joint = words(rng) if rng.random() < 0.18 else rng.choice(_JOINTS)
        out += joint + part
    return out


def _inside(parts: list[Tokens], rng: random.Random) -> Tokens:
    first, second, third = (parts[k % len(parts)] for k in range(3))
    short = _short(parts, rng)
    left, right = rng.choice(_FENCES)
    shapes: tuple[Callable[[], Tokens], ...] = (
        lambda: (r"\frac", "{", *first, "}", "{", *second, "}"),
        lambda: (r"\frac", "{", *short, "}", "{", *first, "}"),
        lambda: (r"\sqrt", "{", *first, "}"),
        lambda: (
            *_grown(left, r"\left"),
            r"\frac",
            "{",
            *short,
            "}",
            "{",
            *second,
            "}",
            *_grown(right, r"\right"),
            "^",
            "{",
            *_index(rng),
            "}",
        ),
        lambda: (left, *first, right, "_", "{", *short, "}"),
        lambda: (r"\left.", *first, r"\right|", "_", "{", *_index(rng), "}", *_raised(rng)),
        lambda: (rng.choice(_OPERATORS), "_", "{", *short, "}", *_raised(rng), *first),
        lambda: ("e", "^", "{", *short, "}", *first),
        lambda: (
            *rng.choice(((r"\overbrace", "{", *first, "}", "^"), (r"\underbrace", "{", *first, "}", "_"))),
            "{",
            *short,
            "}",
        ),
        lambda: (
            *short,
            r"\stackrel",
            "{",
            *rng.choice((words(rng), _index(rng))),
            "}",
            "{",
            rng.choice(("=", r"\rightarrow")),
            "}",
            *second,
        ),
        lambda: (rng.choice(_WIDE), "{", *short, "}"),
        lambda: (r"\binom", "{", *short, "}", "{", *_index(rng), "}"),
        lambda: (r"\frac", "{", r"\frac", "{", *short, "}", "{", *_index(rng), "}", "}", "{", *second, "}"),
        lambda: (r"\sqrt", "[", *_index(rng), "]", "{", *short, "}"),
    )
    made = rng.choice(shapes)()
    if rng.random() < 0.6:
        made = (
            (*third, *rng.choice(_JOINTS), *made)
            if rng.random() < 0.5
            else (*made, *rng.choice(_JOINTS), *third)
        )
    return made


def _grown(fence: str, by: str) -> Tokens:
    """The supply makes brackets grow, but cannot tell an opening bar from a closing one."""
    return (by, fence) if fence in ("|", r"\|") else (fence,)


def _under(parts: list[Tokens], rng: random.Random) -> Tokens:
    chosen = parts[: rng.choice((2, 2, 3, 4))]
    if rng.random() < 0.25:
        rows = [(*part, "&", *words(rng), *_short(parts, rng)) for part in chosen]
        return (*_short(parts, rng), "=", *_environment("cases", rows))
    if rng.random() < 0.3:
        return _environment("gathered", chosen)
    rows = [_aligned(part, rng) for part in chosen]
    if rng.random() < 0.2:
        return (r"\left", r"\{", *_environment("aligned", rows), r"\right", ".")
    return _environment("aligned", rows)


def _aligned(part: Tokens, rng: random.Random) -> Tokens:
    if rng.random() < 0.4:
        part = (*part, rng.choice(("=", "+", "-")), *_index(rng))
    depth = 0
    for position, token in enumerate(part):
        depth += (token in ("{", r"\left") or token.startswith(r"\begin")) - (
            token in ("}", r"\right") or token.startswith(r"\end")
        )
        if token in ("=", r"\leq") and not depth:
            return (*part[:position], "&", *part[position:])
    return ("&", *part)


def _cells(parts: list[Tokens], rng: random.Random) -> Tokens:
    rows, columns = rng.randint(2, 4), rng.randint(1, 4)
    plain = rng.random() < 0.6
    cells = [[_index(rng) if plain else _short(parts, rng) for _ in range(columns)] for _ in range(rows)]
    kind = rng.choice(("pmatrix", "bmatrix", "vmatrix", "Bmatrix", "array", "matrix"))
    body = [
        tuple(token for k, cell in enumerate(row) for token in (*(("&",) if k else ()), *cell))
        for row in cells
    ]
    made = _environment(kind, body, columns, rng)
    if kind == "array":
        left, right = rng.choice((("(", ")"), ("[", "]"), ("|", "|"), (r"\{", r"\}"), (r"\{", ".")))
        made = (r"\left", left, *made, r"\right", right)
    if kind == "matrix" or rng.random() < 0.3:  # what has no fence stands alone
        return made
    return (*_short(parts, rng), rng.choice(("=", "+", r"\cdot")), *made)


def _environment(
    name: str, rows: Sequence[Tokens], columns: int = 0, rng: random.Random | None = None
) -> Tokens:
    out: list[str] = ["\\begin{" + name + "}"]
    if name == "array":
        bars = "|" if rng and rng.random() < 0.4 else ""
        out[0] += "{" + bars.join("c" * columns) + "}"
    for number, row in enumerate(rows):
        out += ["\\\\"] if number else []
        out += row
    return (*out, "\\end{" + name + "}")


def _tensors(parts: list[Tokens], rng: random.Random) -> Tokens:
    """Letters with accents and indices on all sides, as physicists write them."""
    out: list[str] = []
    for number in range(rng.randint(2, 7)):
        if number and rng.random() < 0.35:
            out += rng.choice(_JOINTS)
        base = _accented(rng, 0.4)
        out += (rng.choice((r"\partial", r"\nabla")),) if rng.random() < 0.15 else base
        for side in rng.choice(("_", "^", "_^", "^_", "")):
            inner = [token for _ in range(rng.choice((1, 1, 2, 2, 3))) for token in _accented(rng, 0.3)]
            out += [side, "{", *inner, "}"]
        if rng.random() < 0.12:
            out += ["(", *_index(rng), ",", *_index(rng), ")"]
    return tuple(out)


def _accented(rng: random.Random, share: float) -> Tokens:
    letter = rng.choice(_GREEK if rng.random() < 0.55 else _LETTERS)
    return (rng.choice(_ACCENTS), "{", letter, "}") if rng.random() < share else (letter,)


def _worded(parts: list[Tokens], rng: random.Random) -> Tokens:
    """A line of text with formulas in it."""
    out: Tokens = ()
    for part in parts[: rng.randint(1, 2)]:
        out += words(rng) + part
    return out + (words(rng) if rng.random() < 0.6 else ())


def _short(parts: list[Tokens], rng: random.Random) -> Tokens:
    fitting = [
        part for part in parts if len(part) <= SHORT and not any(t.startswith(r"\begin") for t in part)
    ]
    return rng.choice(fitting) if fitting and rng.random() < 0.7 else _index(rng)


def _index(rng: random.Random) -> Tokens:
    letter = rng.choice(_GREEK if rng.random() < 0.3 else _LETTERS)
    number = str(rng.randint(0, 99))
    return rng.choice(
        (
            (letter,),
            (letter,),
            tuple(number),
            ("-", *number),
            (letter, rng.choice("+-"), *number),
            (*number, letter),
            (letter, "_", "{", rng.choice(_LETTERS), "}"),
        )
    )


def _raised(rng: random.Random) -> Tokens:
    return ("^", "{", *_index(rng), "}") if rng.random() < 0.5 else ()


_KINDS = (_beside, _inside, _under, _cells, _tensors, _worded)
_SHARES = (24, 26, 18, 8, 14, 10)
