"""Pages of mathematics that nobody has written: sentences about formulas, drawn by lot."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cached_property

from mathpixweb.documents.search import search

TOPICS = (
    "Fourier series", "Hilbert spaces", "elliptic curves", "Markov chains", "Lie groups", "sheaf cohomology",
    "the heat equation", "Riemann surfaces", "convex optimisation", "graph colourings", "Galois theory",
    "stochastic calculus", "knot invariants", "linear programming", "measure theory", "category theory",
)  # fmt: skip
FORMS = ("Lecture notes on", "Exercises on", "A survey of", "Exam on", "Seminar talk on", "Notes from")
SAYINGS = (
    r"Let \( {f} \) be continuous on \( [{a}, {b}] \). Then "
    r"\[ \int_{{{a}}}^{{{b}}} {f}(x)\,dx = F({b}) - F({a}). \]",
    r"Every {noun} of degree {a} splits over \( \mathbb{{Q}}(\sqrt{{{b}}}) \), and its {other} is bounded.",
    r"We write \( {f}({x}) = \sum_{{n=0}}^{{\infty}} \frac{{{a}^{{n}}}}{{n!}} {x}^{{n}} \) and sum by parts.",
    r"The {noun} \( {G} \) acts on \( \mathbb{{R}}^{{{a}}} \) by rotations; its {other} has {b} elements.",
    r"From \( \nabla \cdot E = \frac{{\rho}}{{\varepsilon_{{{a}}}}} \) the {noun} follows at once.",
    r"Assume that \( \lim_{{n \to \infty}} {x}_{{n}} = {a} \). Then the {noun} is a {other}.",
    r"By induction, \[ \sum_{{k=1}}^{{n}} k^{{{c}}} = \frac{{n(n+1)}}{{{b}}} + O(n^{{{c}}}). \]",
    r"The matrix \( \begin{{pmatrix}} {a} & {b} \\ 0 & {a} \end{{pmatrix}} \) has a {noun}, but no {other}.",
    r"A {noun} is called {adjective} if each {other} of it is; there are {b} of them up to order {a}.",
    r"Hence \( \| {f} \|_{{{c}}} \leq {b} \, \| {f}' \|_{{2}} \), which is the {adjective} inequality.",
    r"Whether the {noun} is {adjective} depends on \( \dim \ker {f} \) only, as the {other} shows.",
)
TABLE = (
    r"\begin{{tabular}}{{|c|c|}}\hline \( n \) & \( {f}(n) \) \\ \hline 1 & {a} \\ 2 & {b} \\ \hline"
    r"\end{{tabular}}"
)
MOLECULES = (
    ("ethanol", "CCO"), ("benzene", "c1ccccc1"), ("acetic acid", "CC(=O)O"), ("toluene", "Cc1ccccc1"),
    ("caffeine", "Cn1cnc2c1c(=O)n(C)c(=O)n2C"), ("glycine", "NCC(=O)O"),
)  # fmt: skip
CHEMISTRY = "The symmetry of {name} is that of its drawing: <smiles>{smiles}</smiles>"
NOUNS = (
    "kernel", "lattice", "module", "ideal", "fibre", "bundle", "divisor", "matroid", "functor", "martingale",
)  # fmt: skip
OTHERS = ("stabiliser", "quotient", "dual", "closure", "image", "boundary", "centre", "limit", "residue")
ADJECTIVES = ("regular", "proper", "ample", "amenable", "perfect", "stable", "simple", "flat", "exact")
POOL = 4_000  # different paragraphs
A_PAGE = 4  # of them
CHEMICAL = 0.01  # of the pages


@dataclass(frozen=True, slots=True)
class Text:
    mmd: str
    plain: str
    search: str
    chemistry: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph as it is written and as it reads, and both as the search has them."""

    mmd: str
    plain: str
    mmd_normal: str
    plain_normal: str


class Writer:
    """The same pages for the same seed."""

    def __init__(self, seed: int = 1) -> None:
        self.chance = random.Random(seed)  # noqa: S311

    @cached_property
    def pool(self) -> list[_Piece]:
        """The paragraphs, which come again and again and are normalised once."""
        return [self._paragraph() for _ in range(POOL)]

    def title(self) -> str:
        return f"{self.chance.choice(FORMS)} {self.chance.choice(TOPICS)}"

    def page(self, number: int) -> Text:
        """With a sentence that stands on no other page."""
        parts = [
            *self.chance.choices(self.pool, k=A_PAGE),
            _piece(f"This is sheet {number} of the made-up data."),
        ]
        chemistry = self.chance.random() < CHEMICAL
        if chemistry:
            name, smiles = self.chance.choice(MOLECULES)
            parts.append(_piece(CHEMISTRY.format(name=name, smiles=smiles)))
        mmd = "\n\n".join(part.mmd for part in parts)
        plain = "\n".join(part.plain for part in parts)
        searched = joined([*(part.plain_normal for part in parts), *(part.mmd_normal for part in parts)])
        return Text(mmd, plain, searched + search.END, chemistry)

    def _paragraph(self) -> _Piece:
        chance = self.chance
        saying = TABLE if chance.random() < 0.03 else " ".join(chance.sample(SAYINGS, 2))
        written = saying.format(
            f=chance.choice("fghuv"), x=chance.choice("xyzt"), G=chance.choice("GHKU"),
            a=chance.randrange(2, 40), b=chance.randrange(2, 99), c=chance.randrange(2, 6),
            noun=chance.choice(NOUNS), other=chance.choice(OTHERS), adjective=chance.choice(ADJECTIVES),
        )  # fmt: skip
        return _piece(written)


def _piece(mmd: str) -> _Piece:
    plain = mmd.replace(r"\(", "").replace(r"\)", "").replace(r"\[", "").replace(r"\]", "")
    normal = search.normalise(mmd)
    return _Piece(mmd, plain, normal, normal if plain == mmd else search.normalise(plain))


def joined(normalised: list[str]) -> str:
    """Normalised pieces as the whole would be normalised: spaces stay between words only."""
    whole = ""
    for piece in filter(None, normalised):
        between = " " if whole and (whole[-1].isalnum() and piece[0].isalnum()) else ""
        whole += between + piece
    return whole
