"""Mathpix Markdown in the form that pandoc reads."""

from __future__ import annotations

import re

from mathpixweb.engine.writers.equation_numbers import number_equations
from mathpixweb.engine.writers.front_matter import FrontMatter, take_front_matter
from mathpixweb.engine.writers.mmd_source import PARTS, replace_commands, rewrite_formulas, rewrite_words
from mathpixweb.engine.writers.notes import join_footnotes
from mathpixweb.engine.writers.portable_math import portable

BLOCKS = (
    "table|tabular|figure|itemize|enumerate|description|center|left|right|quote|quotation|theorem|lemma|proof"
    "|definition|corollary|proposition|remark|example|algorithm|algorithmic|abstract|thebibliography"
)
EDGE = re.compile(rf"\\(begin|end)\{{(?:{BLOCKS})\*?\}}")
HEADING = re.compile(r"^\\(?:(?:sub)*section|chapter|part|paragraph)\*?\s*\{.*\}[ \t]*$", re.MULTILINE)
PAGE_BREAK = re.compile(r"^\\(?:pagebreak|newpage|clearpage)(?:\[\d\])?(?:\{\})?[ \t]*$", re.MULTILINE)


def for_pandoc(mmd: str) -> tuple[FrontMatter, str]:
    """Title, authors and abstract, and the text, all in pandoc's Markdown with LaTeX in it."""
    mmd = mmd.replace("\r\n", "\n")
    mmd = number_equations(join_footnotes(mmd))
    mmd = rewrite_formulas(mmd, portable)
    mmd = PARTS.sub(lambda found: f"\n\n{found[0]}\n\n" if found["listing"] else found[0], mmd)
    mmd = rewrite_words(mmd, _words)
    return take_front_matter(mmd)


def metadata(front: FrontMatter) -> dict[str, object]:
    """The front matter as pandoc's metadata, whose formulas know dollars only."""
    said = {
        "title": _dollars(front.title),
        "author": [_dollars(author) for author in front.authors],
        "abstract": _dollars(front.abstract),
    }
    return {name: value for name, value in said.items() if value}


def _dollars(text: str) -> str:
    text = re.sub(r"\\\[\s*(.*?)\s*\\\]", r"$$\1$$", text, flags=re.DOTALL)
    return re.sub(r"\\\(\s*(.*?)\s*\\\)", r"$\1$", text, flags=re.DOTALL)


def _words(text: str) -> str:
    text = replace_commands(text, "captionsetup", lambda _: "")
    text = PAGE_BREAK.sub("\n\n\\\\newpage\n\n", text)
    text = HEADING.sub(lambda found: f"\n\n{found[0]}\n\n", text)
    return stand_alone(text)


def stand_alone(text: str) -> str:
    """Blank lines around each outermost environment; without them it would belong to a paragraph."""
    pieces: list[str] = []
    depth = position = 0
    for edge in EDGE.finditer(text):
        if edge[1] == "begin":
            if depth == 0:
                pieces += [text[position : edge.start()], "\n\n"]
                position = edge.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                pieces += [text[position : edge.end()], "\n\n"]
                position = edge.end()
    return "".join([*pieces, text[position:]])
