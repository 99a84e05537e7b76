"""Glyphs and rules of a formula in, LaTeX out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mathpixweb.engine.layout.lettering import reading
from mathpixweb.engine.math import doubts, latex, structure, symbols
from mathpixweb.engine.model import Enclosure, Formula, Glyph, Options, Rule, ink_of

UNKNOWN_CONFIDENCE = 0.1
_OPERATOR_AT_END = re.compile(
    r"(?:[=+\-<>,/:]|\\(?:in|notin|leq|geq|le|ge|neq|sim|simeq|approx|equiv|cong|times|cdot|to|rightarrow|longrightarrow"
    r"|Rightarrow|Leftrightarrow|mapsto|subset|subseteq|supset|supseteq|cup|cap|pm|mp|propto|mid|circ|otimes|oplus"
    r"|wedge|vee|ll|gg|setminus))\s*$"
)


def inline(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], options: Options, enclosures: Sequence[Enclosure] = ()
) -> Formula:
    """The glyphs as a formula within a line of text."""
    return _formula(glyphs, rules, options, enclosures)


def displayed(
    glyphs: Sequence[Glyph],
    rules: Sequence[Rule],
    tag: str | None,
    options: Options,
    enclosures: Sequence[Enclosure] = (),
) -> Formula:
    """The glyphs as a row of displayed mathematics with its equation number, if it has one."""
    return replace(_formula(glyphs, rules, options, enclosures), display=True, tag=tag)


def _formula(
    glyphs: Sequence[Glyph], rules: Sequence[Rule], options: Options, enclosures: Sequence[Enclosure]
) -> Formula:
    """An unknown glyph lowers the confidence, and so does LaTeX that nobody would write."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.index)
    style = latex.Style(idiomatic=options.idiomatic_eqn_arrays or options.include_equation_tags)
    text = latex.write(structure.parse(ordered, list(rules), enclosures=enclosures), style)
    unknown = any(not symbols.latex_of(glyph) for glyph in ordered)
    confidence = UNKNOWN_CONFIDENCE if unknown else doubts.confidence(text)
    return Formula(text, ink_of(ordered), confidence=confidence)


def note_mark(glyphs: Sequence[Glyph]) -> Formula:
    """The mark of a footnote, raised after a word."""
    mark = reading(sorted(glyphs, key=lambda glyph: glyph.x))
    return Formula(f"{{ }}^{{{_MARK.sub(_command, mark)}}}", ink_of(glyphs))


def _command(found: re.Match[str]) -> str:
    """The LaTeX of a sign, which needs a blank where a letter follows."""
    command = _MARKS[found[0]]
    following = found.string[found.end() : found.end() + 1]
    return f"{command} " if following.isalpha() and command[-1].isalpha() else command


def raised(formula: Formula) -> Formula:
    """What stands above the line by itself."""
    return replace(formula, latex=f"{{ }}^{{{formula.latex}}}")


_MARKS = {"∗": "*", "†": r"\dagger", "‡": r"\ddagger", "§": r"\S", "¶": r"\P", "‖": r"\|"}
_MARK = re.compile("[" + "".join(_MARKS) + "]")


def ends_with_operator(text: str) -> bool:
    """Whether something must follow the formula; an operator may have scripts."""
    return bool(_OPERATOR_AT_END.search(_without_scripts(text.rstrip())))


def _without_scripts(text: str) -> str:
    """The LaTeX without the scripts at its end."""
    while text.endswith("}"):
        depth, start = 0, len(text)
        while start and (depth or start == len(text)):
            start -= 1
            depth += (text[start] == "}") - (text[start] == "{")
        if not start or text[start - 1] not in "_^":
            break
        text = text[: start - 1]
    return text
