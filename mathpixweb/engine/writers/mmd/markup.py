"""Spans as Mathpix Markdown: prose escaped, formulas in delimiters."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mathpixweb.engine.model import Formula, Line, Options, Span, Text
from mathpixweb.engine.writers.mmd import escaping

_FONT = re.compile(r"\\(?:math(?:rm|bf|it|sf|tt|cal|bb|frak|scr)|boldsymbol|text(?:bf|it|sf|tt|rm))\s*\{")
_BRACE = re.compile(r"\\.|[{}]")
_TOKEN = re.compile(
    r"\\(?:text[a-z]*|operatorname\*?|begin|end|hspace)\s*\{[^{}]*\}(?:\{[^{}]*\})?|\\\\|\\[A-Za-z]+\*?|\\.|[^\s\\]"
)


def line(line: Line, options: Options) -> str:
    """The spans of a line, without blanks at its ends."""
    return spans(line.spans, options).strip()


def spans(spans: Iterable[Span], options: Options) -> str:
    return "".join(_span(span, options) for span in spans)


def _span(span: Span, options: Options) -> str:
    return escaping.prose(span.text) if isinstance(span, Text) else inline(span, options)


def inline(formula: Formula, options: Options) -> str:
    left, right = options.math_inline_delimiters
    pad = " " if left.startswith("\\") else ""
    return f"{left}{pad}{latex(formula, options)}{pad}{right}"


def latex(formula: Formula, options: Options) -> str:
    return in_style(formula.latex, options)


def in_style(latex: str, options: Options) -> str:
    """The LaTeX without commands for fonts, and with blanks, if that is wanted."""
    text = _without_fonts(latex) if options.rm_fonts else latex
    return text if options.rm_spaces else _spaced(text)


def _spaced(text: str) -> str:
    """The LaTeX with a blank between any two symbols, words and dimensions in one piece."""
    return " ".join(found[0] for found in _TOKEN.finditer(text))


def _without_fonts(text: str) -> str:
    """The LaTeX with what is in the braces of a font command in the place of the command."""
    while found := _FONT.search(text):
        end = _closing_brace(text, found.end())
        text = text[: found.start()] + text[found.end() : end] + text[end + 1 :]
    return text


def _closing_brace(text: str, start: int) -> int:
    """Where the brace ends that was opened before `start`."""
    depth = 1
    for found in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0:
            return found.start()
    return len(text)


def display(body: str, options: Options) -> str:
    """The body between the delimiters of displayed mathematics, on lines of its own."""
    left, right = options.math_display_delimiters
    return f"{left}\n{body}\n{right}"
