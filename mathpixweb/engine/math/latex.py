"""The tree of a formula as LaTeX, spaced and phrased as Mathpix does.

Braces are always balanced, `\\left` and `\\right` always come in pairs, and every command takes its
arguments in braces, whatever the tree holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mathpixweb.engine.math.spacing import Part, join
from mathpixweb.engine.math.symbols import Kind
from mathpixweb.engine.math.tree import (
    Accent,
    Atom,
    Brace,
    Fence,
    Frac,
    Grid,
    Limits,
    Node,
    Row,
    Scripts,
    Sqrt,
    Stack,
    Word,
)
from mathpixweb.engine.math.words import NAMES

# Names that are set upright and take an argument, though LaTeX has no command for them.
_OPERATOR_NAMES_TEXT = """
argmax argmin Var Cov Corr tr Tr rank diag sgn sign span Span Hom Ext Tor Spec Proj Aut End Gal Ker
Im Re im coker Res Ind vol Vol supp dist diam conv lcm ord ad Ad Lie id Id erf curl div grad rot
sinc sech csch arcosh arsinh artanh codim card char Pic Sym Alt Stab Orb softmax relu ReLU Bern Bin
Unif Exp Cat Beta Gamma
"""
_OPERATOR_NAMES = frozenset(_OPERATOR_NAMES_TEXT.split())
# Parts of symbols cannot be written alone; some symbols stand for something else when they are on their own.
_PARTS = frozenset({Kind.ACCENT, Kind.HBRACE, Kind.PART, Kind.PIECE, Kind.UNKNOWN})
_LONE = {(Kind.PRIME, "'"): r"\prime", (Kind.RAD, r"\sqrt"): r"\surd"}
_CONNECTIVES_TEXT = """
if or is in of to on as by at we so no be an it
"""
_CONNECTIVES = frozenset(_CONNECTIVES_TEXT.split())
_FACES = {"rm": "mathrm", "bf": "mathbf", "it": "mathit", "sf": "mathsf", "tt": "mathtt", "bi": "boldsymbol"}
_TEXT_FACES = {
    "rm": "text",
    "bf": "textbf",
    "it": "textit",
    "sf": "textsf",
    "tt": "texttt",
    "sc": "textsc",
    "bi": "textbf",
}
_MATRICES = {
    ("(", ")"): "pmatrix",
    ("[", "]"): "bmatrix",
    ("|", "|"): "vmatrix",
    (r"\|", r"\|"): "Vmatrix",
    (r"\{", r"\}"): "Bmatrix",
}
_ARROWS = {r"\longrightarrow": r"\xrightarrow", r"\longleftarrow": r"\xleftarrow"}
_SPECIAL = str.maketrans(
    {c: rf"\{c}" for c in "#$%&_{}"} | {"\\": r"\backslash ", "~": r"\sim ", "^": r"\wedge "}
)


@dataclass(frozen=True, slots=True)
class Style:
    """`idiomatic` writes pmatrix and cases where the default is an array between `\\left` and `\\right`."""

    idiomatic: bool = False


MATHPIX = Style()


def write(node: Node, style: Style = MATHPIX) -> str:
    """LaTeX of the tree, without delimiters around it."""
    return _Writer(style).node(node).strip()


class _Writer:
    def __init__(self, style: Style) -> None:
        self._style = style

    def node(self, node: Node) -> str:
        match node:
            case Atom(latex, kind):
                return "" if kind in _PARTS else _LONE.get((kind, latex), latex)
            case Word():
                return _word(node)
            case Row(children):
                return self.row(children)
            case Frac(num, den, bar):
                return rf"\{'frac' if bar else 'binom'}{{{self.node(num)}}}{{{self.node(den)}}}"
            case Sqrt(body, index):
                return rf"\sqrt{f'[{self.index(index)}]' if index is not None else ''}{{{self.node(body)}}}"
            case Scripts():
                return self.scripts(node)
            case Limits(base, below, above):
                return self.limits(base, below, above)
            case Stack():
                return self.stack(node)
            case Accent(command, body):
                return f"{command}{{{self.node(body)}}}"
            case Brace(body, label, over):
                name, mark = (r"\overbrace", "^") if over else (r"\underbrace", "_")
                return f"{name}{{{self.node(body)}}}" + (f"{mark}{{{self.node(label)}}}" if label else "")
            case Fence():
                return self.fence(node)
            case Grid():
                return self.grid(node, "array")

    def row(self, children: Sequence[Node]) -> str:
        parts: list[Part] = []
        for position, child in enumerate(children):
            following = children[position + 1] if position + 1 < len(children) else None
            text = _operator(child, following) or self.node(child)
            number = child.base if isinstance(child, Scripts) else child
            digits = _is_digit(number) and position > 0 and _is_digit(children[position - 1])
            if digits and parts:
                text = parts.pop().text + text
            if text:
                parts.append(Part(text, isinstance(child, Fence), isinstance(child, Word)))
        return join(parts)

    def index(self, node: Node) -> str:
        """The optional argument of a root, in which a square bracket must hide in braces."""
        text = self.node(node)
        return f"{{{text}}}" if "]" in text else text

    def script(self, node: Node) -> str:
        """What stands in a script or limit: rows above each other are a \\substack there."""
        if isinstance(node, Grid) and len(node.alignment) == 1:
            rows = r" \\ ".join(self.node(cells[0]) for cells in node.rows)
            return rf"\substack{{{rows}}}"
        return self.node(node)

    def scripts(self, node: Scripts) -> str:
        base = self.base(node.base)
        sup = self.script(node.sup) if node.sup is not None else ""
        primes = " ".join([r"\prime"] * node.primes)
        above = join([Part(part) for part in (primes, sup) if part])
        gap = " " if isinstance(node.base, Word) and base.startswith("\\") and not base.endswith("}") else ""
        return (
            base
            + gap
            + _script("_", self.script(node.sub) if node.sub is not None else "")
            + _script("^", above)
        )

    def base(self, node: Node) -> str:
        text = self.node(node)
        if not text:
            return "{ }"
        return f"{{{text}}}" if isinstance(node, (Row, Scripts, Limits, Stack, Brace)) else text

    def limits(self, base: Node, below: Node | None, above: Node | None) -> str:
        made = _operator(base, None, bare=True)
        if made:
            return self.around(made, below, above)
        name = self.node(base)
        gap = " " if isinstance(base, Word) and not name.endswith("}") else ""
        parts = (("_", below), ("^", above))
        return (
            name + gap + "".join(_script(mark, self.script(part)) for mark, part in parts if part is not None)
        )

    def around(self, base: str, below: Node | None, above: Node | None) -> str:
        """What stands under and over a base that LaTeX would not set it under and over of."""
        if above is not None:
            base = rf"\overset{{{self.script(above)}}}{{{base}}}"
        return rf"\underset{{{self.script(below)}}}{{{base}}}" if below is not None else base

    def stack(self, node: Stack) -> str:
        base = self.node(node.base)
        below, above = (self.node(part) if part is not None else "" for part in (node.below, node.above))
        if base in _ARROWS:
            return _ARROWS[base] + (f"[{below}]" if below and "]" not in below else "") + f"{{{above}}}"
        if above:
            base = rf"\stackrel{{{above}}}{{{base}}}"
        return rf"\underset{{{below}}}{{{base}}}" if below else base

    def fence(self, node: Fence) -> str:
        body = node.body
        if isinstance(body, Frac) and not body.bar and (node.left, node.right) == ("(", ")"):
            return self.node(body)
        if isinstance(body, Grid):
            return self.fenced_grid(node, body)
        text = self.node(body)
        if not node.left and not node.right:
            return text
        if node.tall or _is_high(body) or not node.left or not node.right:
            return rf"\left{node.left or '.'}{_guarded(text, node.left)}\right{node.right or '.'}"
        return f"{node.left}{_guarded(text, node.left)}{node.right}"

    def fenced_grid(self, node: Fence, grid: Grid) -> str:
        if self._style.idiomatic and "|" not in grid.alignment and not grid.lined:
            if (node.left, node.right) == (r"\{", ""):
                return self.grid(grid, "cases")
            if (node.left, node.right) in _MATRICES:
                return self.grid(grid, _MATRICES[node.left, node.right])
        return rf"\left{node.left or '.'}{self.grid(grid, 'array')}\right{node.right or '.'}"

    def grid(self, grid: Grid, environment: str) -> str:
        columns = f"{{{grid.alignment}}}" if environment == "array" else ""
        rows = [" & ".join(self.node(cell) for cell in cells) for cells in grid.rows]
        body = " \\\\ ".join(rf"\hline {row}" if k in grid.lined else row for k, row in enumerate(rows))
        gap = "" if columns else " "
        return rf"\begin{{{environment}}}{columns}{gap}{body}{gap}\end{{{environment}}}"


def _guarded(text: str, left: str) -> str:
    """A space between `\\langle` and a letter that would become part of the command."""
    return f" {text}" if left[1:].isalpha() and text[:1].isalnum() else text


def _is_digit(node: Node | None) -> bool:
    return isinstance(node, Atom) and node.kind is Kind.DIGIT and node.latex.isdigit()


def _is_high(node: Node) -> bool:
    """Whether fences around this node would grow, or Mathpix would let them."""
    match node:
        case Atom() | Word():
            return False
        case Row(children):
            return any(_is_high(child) for child in children)
        case Fence(_, _, body, tall):
            return tall or _is_high(body)
        case Accent(_, body):
            return _is_high(body)
        case _:
            return True


def _script(mark: str, text: str) -> str:
    return f"{mark}{{{text}}}" if text else ""


def _operator(node: Node, following: Node | None, bare: bool = False) -> str:
    """An upright word that works as a function: a known name, or a word before an opening parenthesis."""
    word = node.base if isinstance(node, Scripts) and not bare else node
    if not isinstance(word, Word) or word.face != "rm" or word.text in NAMES or " " in word.text:
        return ""
    applied = isinstance(following, Fence) and following.left == "(" and len(word.text) > 1
    if not (word.text in _OPERATOR_NAMES or applied or bare) or not word.text.rstrip("0123456789").isalpha():
        return ""
    return rf"\operatorname{{{word.text}}}" if word is node else ""


def _is_product(text: str) -> bool:
    """Whether bold letters next to each other are matrices and vectors and no word."""
    if len(text) == 2:
        return text.lower() not in _CONNECTIVES
    return len(text) == 3 and (text.isupper() or not text[1].islower())


def escaped(text: str) -> str:
    """Printed characters as LaTeX that shows them."""
    return text.translate(_SPECIAL)


def _word(word: Word) -> str:
    text = escaped(word.text)
    if word.face == "unit":
        return rf"\mathrm{{~{text}}}"
    if word.face == "rm" and text in NAMES:
        return rf"\{text}"
    if word.face == "rm" and text == "mod":
        return r"\bmod"
    if word.face == "rm" and text in _CONNECTIVES:
        return rf"\text {{ {text} }}"
    if word.face in ("rm", "it") and (len(text) > 2 or " " in text):
        return rf"\{_TEXT_FACES[word.face]} {{ {text} }}" if word.face == "rm" else rf"\textit{{{text}}}"
    if " " in text or word.face == "sc" or not (word.text.isalnum() or word.text.isascii()):
        return rf"\{_TEXT_FACES[word.face]}{{{text}}}"
    if word.face in ("bf", "bi") and _is_product(text):
        return " ".join(rf"\{_FACES[word.face]}{{{letter}}}" for letter in text)
    return rf"\{_FACES[word.face]}{{{text}}}"
