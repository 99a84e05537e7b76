"""The LaTeX formats of v3/latex, all made from one styled formula."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from mathpixweb.engine.writers.formulas import latex_transforms as transforms
from mathpixweb.engine.writers.formulas.latex_tokens import compact, spaced, tokens


def normal(latex: str, asked: Collection[str] = ()) -> str:
    r"""`\operatorname { lim } _ { x \rightarrow 3 } ( x )`: what is there, without fonts and style."""
    return _written(transforms.long_names(_plain(latex, asked)), asked)


def simplified(latex: str, asked: Collection[str] = ()) -> str:
    r"""`\lim _ { x \rightarrow 3 } ( x )`: short names, fractions for long divisions, sums in one line."""
    return _written(_simple(_plain(latex, asked)), asked)


def styled(latex: str, asked: Collection[str] = ()) -> str:
    return _written(_transformed(tokens(latex), asked), asked)


def as_list(latex: str, asked: Collection[str] = ()) -> list[str]:
    """Each formula of a list on its own, simplified."""
    found = _simple(_plain(latex, asked))
    return [_written(row, asked) for row in transforms.rows(found) or [found]]


def _plain(latex: str, asked: Collection[str]) -> list[str]:
    found = _transformed(tokens(latex), {*asked, "rm_fonts", "rm_style_syms"})
    return transforms.without_fences(found)


def _simple(found: Sequence[str]) -> list[str]:
    short = transforms.short_names(transforms.long_frac(found))
    return transforms.column_as_formula(short)


def _transformed(found: Sequence[str], asked: Collection[str]) -> list[str]:
    out = list(found)
    for name, transform in transforms.TRANSFORMS.items():
        if name in asked:
            out = transform(out)
    return out


def _written(found: Sequence[str], asked: Collection[str]) -> str:
    return compact(found) if "rm_spaces" in asked else spaced(found)


ROWS = re.compile(
    r"(?P<begin>\\begin\{array\}\{(?:[^{}]|\{[^{}]*\})*\})\s*|(?P<row>\\\\)\s*|\s*(?P<end>\\end\{array\})|\\."
)


def with_line_breaks(latex: str) -> str:
    r"""The rows of arrays on lines of their own, as `latex_styled` of v3/text shows them."""

    def broken(found: re.Match[str]) -> str:
        if found["end"]:
            return f"\n{found['end']}"
        return f"{found['begin'] or found['row']}\n" if found["begin"] or found["row"] else found[0]

    return ROWS.sub(broken, latex) if "\\begin{array}" in latex else latex
