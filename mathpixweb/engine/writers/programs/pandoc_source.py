"""Mathpix Markdown with LaTeX in it, in the form that pandoc passes on as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mathpixweb.engine.writers.latex.latex_inside import address, arguments_in_latex, in_latex
from mathpixweb.engine.writers.mmd.front_matter import FrontMatter
from mathpixweb.engine.writers.mmd.mmd_source import PARTS

BLOCKS = (
    "table|tabular|figure|itemize|enumerate|description|center|left|right|flushleft|flushright|quote|quotation|verse"
    "|theorem|lemma|proof|definition|corollary|proposition|remark|example|conjecture|claim|algorithm|algorithmic"
    "|abstract|thebibliography|longtable|tabularx|minipage"
)
EDGE = re.compile(rf"\\(begin|end)\s*\{{(?:{BLOCKS})\*?\}}")
ARGUMENTS = (
    r"(?:(?:sub)*section|chapter|part|(?:sub)?paragraph|text(?:bf|it|tt|sc|sl|rm|sf|up)|underline|uu?line|uwave"
    r"|sout|xout|emph|footnote(?:text)?|caption)"
)
HEADING = re.compile(r"^\\(?:(?:sub)*section|chapter|part|paragraph)\*?\s*\{.*\}[ \t]*$", re.MULTILINE)
PAGE_BREAK = re.compile(r"^\\(?:pagebreak|newpage|clearpage)(?:\[\d\])?(?:\{\})?[ \t]*$", re.MULTILINE)
DEFINITION = re.compile(r"^\[\^([^\[\]\s]+)\]:[ \t]*(.+?)(?=\n[ \t]*\n|\n\[\^|\Z)", re.DOTALL | re.MULTILINE)
TABLE = re.compile(r"\\begin\s*\{tabular\}")
LINK = re.compile(r"\\(href|url)\s*\{([^{}]*)\}")
OPENED = re.compile(r"^\+{3,}[ \t]+(\S.*?)[ \t]*\n(.*?)^\+{3,}[ \t]*$", re.DOTALL | re.MULTILINE)
INSERTED = re.compile(r"(?<![\\+])\+\+(?=[^\s+])(.+?)(?<=[^\s+])\+\+(?!\+)")


def prepared(mmd: str) -> str:
    """`mmd` with what stands inside of LaTeX all in LaTeX, and blocks of it apart from paragraphs."""
    notes = {name: " ".join(text.split()) for name, text in DEFINITION.findall(mmd)}
    mmd = _outside(mmd, notes)

    def rewritten(environment: str) -> str:
        latex = in_latex(environment, notes)
        if TABLE.match(environment):
            latex = f"\\begin{{center}}\n{latex}\n\\end{{center}}"
        return f"\n\n{latex}\n\n"

    return _environments(mmd, rewritten)


def _outside(mmd: str, notes: Mapping[str, str]) -> str:
    """The text between environments."""
    masked = _masked(mmd)
    mmd = _where(LINK, masked, mmd, lambda found: f"\\{found[1]}{{{address(found[2])}}}")
    masked = _masked(mmd)
    mmd = _where(OPENED, masked, mmd, lambda found: f"\n\n**{found[1]}**\n\n{found[2]}\n\n")
    mmd = _where(INSERTED, _masked(mmd), mmd, lambda found: f"\\uline{{{found[1]}}}")
    return arguments_in_latex(mmd, ARGUMENTS, notes)


def _where(form: re.Pattern[str], masked: str, text: str, rewrite: Callable[[re.Match[str]], str]) -> str:
    """`text` with each match rewritten that lies outside of code and formulas, where `masked` has blanks."""
    pieces: list[str] = []
    position = 0
    for place in form.finditer(masked):
        found = form.match(text, place.start())
        if found and place.start() >= position:
            pieces += [text[position : found.start()], rewrite(found)]
            position = found.end()
    return "".join([*pieces, text[position:]])


def _masked(text: str) -> str:
    """`text` with its code and formulas blanked out, as long as it was."""
    return PARTS.sub(lambda found: re.sub(r"[^\n]", "\ue002", found[0]), text)


def metadata(front: FrontMatter) -> dict[str, object]:
    """The front matter as pandoc's metadata, whose formulas know dollars only."""
    return {
        name: value
        for name, value in {
            "title": _dollars(front.title),
            "author": [{"lines": [_dollars(line) for line in person]} for person in front.authors],
        }.items()
        if value
    }


def _dollars(text: str) -> str:
    text = re.sub(r"\\\[\s*(.*?)\s*\\\]", r"$$\1$$", text, flags=re.DOTALL)
    return re.sub(r"\\\(\s*(.*?)\s*\\\)", r"$\1$", text, flags=re.DOTALL)


def _environments(text: str, rewrite: Callable[[str], str]) -> str:
    """`text` with each outermost environment rewritten."""
    pieces: list[str] = []
    depth = start = position = 0
    for edge in EDGE.finditer(_masked(text)):
        if edge[1] == "begin":
            if depth == 0:
                start = edge.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                pieces += [text[position:start], rewrite(text[start : edge.end()])]
                position = edge.end()
    return "".join([*pieces, text[position:]])
