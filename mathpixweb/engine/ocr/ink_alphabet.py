"""The classes of handwritten symbols: what each is, and how high it stands on its line.

A horizontal stroke is one class, whether it is a minus, a fraction bar or an overline; so is the dot of an
accent and a period. Other classes that are drawn alike, such as a period and the dot of a product, are told
apart by their place; the network of shapes knows them by the name in `DRAWN_AS`. The table has the order of
the networks' classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mathpixweb.engine.math.symbols import Kind

AXIS: Final = 0.25  # em above the baseline, where operators and fraction bars are centred
MINUS: Final = "-"
DOT: Final = "."
RADICAL: Final = r"\sqrt"


@dataclass(frozen=True, slots=True)
class InkClass:
    """A class of symbols; `bottom` and `top` of its ink in em over the baseline.

    `flat` ink is measured by its width (in em) instead, for its height tells nothing. `tall` ink may grow
    to any height. Both say nothing of the size of the writing.
    """

    latex: str
    kind: Kind
    bottom: float
    top: float
    flat: float = 0.0
    tall: bool = False

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def encloses(self) -> bool:
        """Whether other symbols may be within this one: roots, and brackets of matrices."""
        return self.latex == RADICAL or self.kind in (Kind.OPEN, Kind.VERT)


# Kind, bottom and top in hundredths of an em, then the classes. ~ marks flat ink, its width before the two;
# ^ tall ink.
_TABLE: Final = r"""
digit 0 66        0 1 2 3 4 5 6 7 8 9
letter 0 45       a c e m n o r s u v w x z \alpha \epsilon \varepsilon \iota \kappa \nu \pi
letter 0 45       \sigma \tau \upsilon \omega
letter 0 70       b d h k l \delta \theta \lambda \partial \ell \hbar
letter 0 62       i t
letter -22 45     g p q y \gamma \eta \mu \rho \chi \varphi
letter -22 62     j
letter -22 70     f \beta \zeta \xi \phi \psi
letter 0 68       A B C D E F G H I J K L M N O P Q R S T U V W X Y Z
letter 0 68       \Gamma \Delta \Theta \Xi \Phi \Psi \Omega \nabla
letter 0 68       \mathbb{R} \mathbb{C} \mathbb{N} \mathbb{Z} \mathbb{Q} \mathbb{F} \mathbb{P} \mathbb{E}
ord 0 68          \forall \exists \emptyset \angle \aleph \% \$ \# @ \&
ord 5 45          \infty
ord 5 35          \neg
ord ~70,-3,5      \ldots
ord ~70,20,30     \cdots
ord 0 60          \vdots
bin 0 50          + \pm \mp \div \oplus \otimes \cup \cap \vee \wedge \dagger
bin 5 45          \times * \star \bullet
bin 15 38         \circ
bin -10 70        \setminus
bin ~60,23,27     -
bin ~6,22,28      \cdot
ord ~6,0,6        .
ord -20 72        /
rel ~60,15,38     = \approx \sim \simeq \cong \equiv
rel 0 50          < > \leq \geq \propto \in \notin \ni \subset \subseteq \supset \supseteq
rel 0 50          \perp \ll \gg \therefore
rel 0 55          \neq
rel ~90,8,42      \rightarrow \leftarrow \leftrightarrow \Rightarrow \Leftarrow \Leftrightarrow \mapsto
rel 0 68          \uparrow \downarrow
punct ~10,-15,8   ,
punct -15 40      ;
rel 0 40          :
prime ~12,40,72   \prime
close 0 70        ! ?
open ^-22 75      ( [ \{ \lfloor \lceil \langle
close ^-22 75     ) ] \} \rfloor \rceil \rangle
vert ^-22 75      | \|
op ^-25 100       \sum \prod
op ^-15 75        \bigcup \bigcap
int ^-45 110      \int \oint \iint
rad ^-5 95        \sqrt
"""


def _classes() -> tuple[InkClass, ...]:
    found: list[InkClass] = []
    for line in _TABLE.strip().splitlines():
        kind, first, *rest = line.split()
        if first.startswith("~"):
            width, bottom, top = (float(value) / 100 for value in first[1:].split(","))
        else:
            width, bottom, top = 0.0, float(first.lstrip("^")) / 100, float(rest.pop(0)) / 100
        found += [InkClass(latex, Kind(kind), bottom, top, width, first.startswith("^")) for latex in rest]
    return tuple(found)


CLASSES: Final = _classes()
DRAWN_AS: Final = {r"\cdot": ".", r"\cdots": r"\ldots", r"\langle": "<", r"\rangle": ">"}
INDEX: Final = {known.latex: position for position, known in enumerate(CLASSES)}
NOTHING: Final = len(CLASSES)  # the network's class of strokes that are no symbol, or not a whole one
