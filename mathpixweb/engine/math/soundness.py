r"""Whether LaTeX surely renders, told without rendering it: a glance at every formula of every page.

What is sound here uses known commands with the arguments that they need, closes what it opens and gives
nothing two scripts on one side. Anything else may still render; only a renderer can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.math import symbols

TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
TEXT: Final = re.compile(r"\s*\{[^{}\\$#%&_^]*\}")  # what texts hold, when nothing in it is a command
COLUMNS: Final = re.compile(r"\s*\{[lcr| ]+\}")
_PLAIN = r"""
    \to \gets \le \ge \ne \land \lor \lnot \colon \mid \quad \qquad \ldots \cdots \vdots \ddots \dots
    \limits \nolimits \displaystyle \textstyle \scriptstyle \scriptscriptstyle \hline \sin \cos \tan
    \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh \coth \log \ln \lg \exp \lim \limsup
    \liminf \max \min \sup \inf \det \dim \ker \deg \gcd \hom \arg \Pr \prime \not \bmod
"""
_GROUPS = {
    r"\frac \dfrac \tfrac \binom \stackrel \overset \underset": 2,
    r"""\mathbb \mathbf \mathcal \mathfrak \mathit \mathrm \mathscr \mathsf \mathtt \boldsymbol
    \operatorname \hat \widehat \tilde \widetilde \bar \overline \underline \vec \dot \ddot \dddot
    \check \breve \acute \grave \mathring \overrightarrow \overleftarrow \overleftrightarrow
    \overbrace \underbrace \boxed \cancel \bcancel \xcancel \sqrt \xrightarrow \xleftarrow \pmod
    \phantom""": 1,
}
_SIZES = r"\middle \big \Big \bigg \Bigg \bigl \bigr \Bigl \Bigr \biggl \biggr \Biggl \Biggr \bigm \Bigm"
_TEXTS = r"\text \textit \textbf \textrm \texttt \textsf"
GROUPS: Final = {name: many for names, many in _GROUPS.items() for name in names.split()}
TEXTS: Final = frozenset(_TEXTS.split())
LOW, HIGH, PRIME = "_^'"
SCRIPTS: Final = (LOW, HIGH, PRIME)
OPENING, CLOSING, LEFT, RIGHT, BEGIN, END = "{", "}", r"\left", r"\right", r"\begin", r"\end"
REFUSED: Final = ("#", "%", "$")
SIZES: Final = frozenset(_SIZES.split())  # a delimiter follows
PLAIN: Final = frozenset(_PLAIN.split()) | {"\\,", "\\;", "\\:", "\\!", "\\ ", "\\{", "\\}", "\\|"}
OPTIONAL: Final = frozenset({r"\sqrt", r"\xrightarrow", r"\xleftarrow"})
GRIDS: Final = frozenset({"array", "aligned", "gathered", "cases", "split", "matrix"}) | {
    f"{letter}matrix" for letter in "pbvBV"
}
_FENCES = r"\{ \} \| \langle \rangle \lfloor \rfloor \lceil \rceil \lvert \rvert \lVert \rVert \vert \Vert"
DELIMITERS: Final = frozenset("()[]|/.<>") | frozenset(_FENCES.split())


@dataclass(slots=True)
class Opened:
    """`what` closes it; `needed` groups must follow at once; `above` and `below` tell of the latest atom."""

    what: str
    needed: int = 0
    script: bool = False  # the next atom is one
    above: bool = False
    below: bool = False


class Unsure(Exception):
    """Only a renderer can tell."""


def surely_renders(latex: str) -> bool:
    try:
        _walk(latex)
    except Unsure:
        return False
    return True


def _walk(latex: str) -> None:
    stack, at = [Opened("")], 0
    while found := TOKEN.match(latex, at):
        sign, at = found[0], found.end()
        if not sign.isspace():
            at = _step(stack, sign, latex, at)
    if len(stack) > 1 or stack[0].needed or stack[0].script:
        raise Unsure


def _step(stack: list[Opened], sign: str, latex: str, at: int) -> int:
    """After the sign, and what belongs to it."""
    here = stack[-1]
    if here.needed and sign != OPENING:
        raise Unsure
    if sign in (OPENING, LEFT, BEGIN):
        return _open(stack, sign, latex, at)
    if sign in (CLOSING, RIGHT, END):
        return _shut(stack, sign, latex, at)
    if sign in SCRIPTS:
        _mark(here, sign)
    elif sign in ("&", "\\\\"):
        if here.what not in GRIDS or here.script:
            raise Unsure
        here.above = here.below = False
    else:
        return _atom(here, sign, latex, at)
    return at


def _open(stack: list[Opened], sign: str, latex: str, at: int) -> int:
    what = {OPENING: CLOSING, LEFT: RIGHT}.get(sign, "")
    if sign == LEFT:
        at = _delimiter(latex, at)
    elif sign == BEGIN:
        what, at = _grid(latex, at)
    stack.append(Opened(what))
    return at


def _shut(stack: list[Opened], sign: str, latex: str, at: int) -> int:
    name, at = _named(latex, at) if sign == END else (sign, at)
    here = stack.pop()
    if here.what != name or here.script or not stack:
        raise Unsure
    _close(stack[-1])
    return _delimiter(latex, at) if sign == RIGHT else at


def _mark(here: Opened, sign: str) -> None:
    if here.script or (here.below if sign == LOW else here.above):
        raise Unsure
    if sign == LOW:
        here.below = here.script = True
    else:
        here.above = True
        here.script = sign == HIGH


def _close(outer: Opened) -> None:
    """An atom has ended: a script's, a command's group, or one of its own."""
    if outer.needed:
        outer.needed -= 1
    if outer.needed:
        return
    if not outer.script:
        outer.above = outer.below = False
    outer.script = False


def _atom(here: Opened, sign: str, latex: str, at: int) -> int:
    if sign in TEXTS:
        at = _matched(TEXT, latex, at)
    elif sign in SIZES:
        at = _delimiter(latex, at)
    elif sign in GROUPS:
        if here.script:
            raise Unsure  # a script without braces that is more than a sign
        here.needed = GROUPS[sign]
        return _passed(latex, at) if sign in OPTIONAL else at
    elif sign[0] == "\\":
        if sign not in PLAIN and not (sign[1:].isalpha() and symbols.is_command(sign[1:])):
            raise Unsure
    elif sign in REFUSED or not (sign.isascii() or sign.isalpha()):
        raise Unsure
    _close(here)
    return at


def _matched(form: re.Pattern[str], latex: str, at: int) -> int:
    found = form.match(latex, at)
    if found is None:
        raise Unsure
    return found.end()


def _named(latex: str, at: int) -> tuple[str, int]:
    end = _matched(TEXT, latex, at)
    return latex[at:end].strip()[1:-1], end


def _grid(latex: str, at: int) -> tuple[str, int]:
    name, at = _named(latex, at)
    if name not in GRIDS:
        raise Unsure
    return name, _matched(COLUMNS, latex, at) if name == "array" else at


def _delimiter(latex: str, at: int) -> int:
    found = TOKEN.match(latex, at)
    if found is None or found[0] not in DELIMITERS:
        raise Unsure
    return found.end()


def _passed(latex: str, at: int) -> int:
    """After an argument in brackets, if there is one; only letters and digits in it are sure."""
    if latex[at : at + 1] != "[":
        return at
    end = latex.find("]", at)
    if end < 0 or not latex[at + 1 : end].isalnum():
        raise Unsure
    return end + 1
