"""LaTeX that formulas bring along in a page's content, between two marked points.

`writers/latex/template.tex` has XeLaTeX put them there: `/MathSource << /LaTeX <…> /Size 10 >> DP` before a
formula and `/MathSource << >> DP` after it. Nothing of it is seen, and nobody else minds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mathpixweb.engine.model import Enclosed, Source
from mathpixweb.engine.readers import source_latex
from mathpixweb.engine.readers.pagebox import Matrix

TAG: Final = "MathSource"
TEX_POINTS: Final = 72 / 72.27
LONGEST: Final = 20_000  # characters of one formula
MOST: Final = 20_000  # of one page
DEEPEST: Final = 64


@dataclass(frozen=True, slots=True)
class _Begun:
    source: Source
    first: int
    size: float
    x: float
    y: float


@dataclass(slots=True)
class MathSources:
    """Collects the formulas of a page; one within another is part of it."""

    found: list[Enclosed] = field(default_factory=list)
    _open: list[_Begun | None] = field(default_factory=list)

    def point(self, properties: Mapping[str, Any], index: int, ctm: Matrix) -> None:
        """A point after the mark `index`, at the origin of `ctm`."""
        if "LaTeX" in properties:
            self._begin(properties, index, ctm)
        elif self._open:
            begun = self._open.pop()
            if begun is not None and not any(self._open) and begun.first <= index and len(self.found) < MOST:
                self.found.append(
                    Enclosed(begun.source, begun.first, index, begun.size, begun.x, begun.y, ctm[4], ctm[5])
                )

    def _begin(self, properties: Mapping[str, Any], index: int, ctm: Matrix) -> None:
        latex, size = properties["LaTeX"], properties.get("Size")
        begun: _Begun | None = None
        if isinstance(latex, bytes) and isinstance(size, float) and 0 < len(latex) <= 2 * LONGEST:
            source = source_latex.written(latex.decode("utf-16-be", errors="replace"))
            if source is not None:
                begun = _Begun(source, index + 1, size * TEX_POINTS * abs(ctm[3]), ctm[4], ctm[5])
        if len(self._open) < DEEPEST:
            self._open.append(begun)
