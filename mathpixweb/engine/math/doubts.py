"""What in the LaTeX of a formula tells that its marks were not understood, and how often it was so.

Each figure is how many of a thousand such formulas were right, among formulas set in forty fonts for this
purpose, and rounded: most formulas show nothing of the kind, and one or two in a hundred of them are wrong.
"""

from __future__ import annotations

import re
from math import prod
from typing import Final

_TEXT = re.compile(r"\\text(?:bf|it|sf|tt|sc)? ?\{[^{}]*\}")
_DOUBTS: Final[tuple[tuple[re.Pattern[str], float], ...]] = (
    (re.compile(r"(?:[(\[]|\\\{|\\langle) ?[_^]"), 0.2),  # nothing has the script: rows taken for scripts
    (
        re.compile(r"\^\{\\substack|[_^]\{[^{}]+\\substack|[_^]\{[^{}]*\\q?quad"),
        0.1,
    ),  # a grid's rows, columns
    (re.compile(r"\\(?:over|under)line\{\\begin"), 0.1),
    (re.compile(r"\\surd"), 0.2),  # a radical without what it is over
    (re.compile(r"\{ \}[_^]"), 0.7),  # scripts before something, or without it
    (re.compile(r"\\q?quad"), 0.9),  # statements, or columns that were not seen
)
_STRANGE = 0.5  # a character for which LaTeX has no command


def confidence(latex: str) -> float:
    """How likely it is that the formula is right, from 0 to 1."""
    doubts = [share for pattern, share in _DOUBTS if pattern.search(latex)]
    if not latex.isascii() and not _TEXT.sub("", latex).isascii():
        doubts.append(_STRANGE)
    return prod(doubts)
