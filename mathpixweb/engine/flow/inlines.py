"""Running text as Mathpix Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlsplit

from mathpixweb.engine.flow import tidying
from mathpixweb.engine.flow.model import Node
from mathpixweb.engine.geometry import Box
from mathpixweb.engine.model import Formula, Options
from mathpixweb.engine.writers.mmd import escaping, markup
from mathpixweb.engine.writers.mmd.mmd_source import NUMBERED

NOWHERE: Final = Box(0, 0, 0, 0)
QUOTES: Final = {"SingleQuote": "‘’", "DoubleQuote": "“”"}
SCHEMES: Final = ("http", "https", "mailto", "ftp", "tel")
IN_ADDRESSES: Final = ":/?#[]@!$&'*+,;=~%-._"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff]")
_BRACKETS = re.compile(r"[\[\]]")
_RAISED = re.compile(r"[\w+−*–-]{1,12}")
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_BLANKS = re.compile(r"^(?:\s|\\[ ,;])+|(?:\s|(?<!\\)\\(?: |$))+$")
# What LaTeX numbers by rows, and does not let stand in other mathematics.
ROWS: Final = re.compile(rf"\s*\\begin\{{((?:{NUMBERED})\*?)\}}.*\\end\{{\1\}}\s*", re.DOTALL)
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")

FigureUrl = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes inlines. `figure` gives the address of a picture by its name, None where there is none.

    In cells of a tabular, LaTeX's commands stand for emphasis, and its special characters are escaped.
    """

    options: Options
    figure: FigureUrl
    in_cell: bool = False
    around: tuple[str, ...] = ()  # the marks of emphasis within which it writes

    def write(self, inlines: Iterable[Node]) -> str:
        return "".join(self._one(inline) for inline in inlines)

    def _one(self, inline: Node) -> str:
        kind: str = inline["t"]
        content: Any = inline.get("c")
        if kind == "Str":
            return self.words(content)
        if kind in ("Space", "SoftBreak"):
            return " "
        if kind == "LineBreak":
            return " " if self.in_cell else "  \n"
        if kind == "Math":
            return self._math(content)
        writer = _KINDS.get(kind)
        return writer(self, content) if writer else ""

    def words(self, words: str) -> str:
        words = _CONTROL.sub("", words)
        return escaping.cell(words) if self.in_cell else escaping.prose(words)

    def _math(self, content: Any) -> str:
        return markup.inline(formula(content[1]), self.options) if content[1].strip() else ""

    def emphasised(self, content: list[Node], mark: str, command: str) -> str:
        """The marks close to the words, where Markdown wants them."""
        if mark in self.around:  # the same again would be read as something else
            return self.write(content)
        return replace(self, around=(*self.around, mark))._emphasised(content, mark, command)

    def _emphasised(self, content: list[Node], mark: str, command: str) -> str:
        before, words, after = _parted(self.write(content))
        if not words:
            return before + after
        if self.in_cell or "\n\n" in words:
            return f"{before}\\{command}{{{words}}}{after}"
        return f"{before}{mark}{words}{mark}{after}"

    def commanded(self, content: list[Node], command: str) -> str:
        before, words, after = _parted(self.write(content))
        return f"{before}\\{command}{{{words}}}{after}" if words else before + after

    def raised(self, content: list[Node], sign: str) -> str:
        """Short scripts as formulas; Mathpix Markdown has no other."""
        words = self.write(content).strip()
        if not _RAISED.fullmatch(words):
            return self.write(content)
        shown = words if words.isdecimal() else rf"\mathrm{{{words}}}"
        left, right = self.options.math_inline_delimiters
        pad = " " if left.startswith("\\") else ""
        return f"{left}{pad}{{ }}{sign}{{{shown}}}{pad}{right}"

    def link(self, content: Any) -> str:
        shown = self.write(content[1])
        address = web_address(content[2][0])
        if not address or not shown.strip():
            return shown
        return f"\\href{{{address}}}{{{shown}}}" if self.in_cell else f"[{shown}]({address})"

    def picture(self, content: Any) -> str:
        alternative = self.write(content[1]).strip()
        url = self.figure(content[2][0])
        if url is None:
            return alternative
        if self.in_cell:
            return rf"\includegraphics[max width=\textwidth]{{{url}}}"
        return f"![{_BRACKETS.sub('', alternative)}]({url})"

    def code(self, content: Any) -> str:
        words = _CONTROL.sub("", content[1])
        if self.in_cell or "`" in words:
            return rf"\texttt{{{self.words(words)}}}"
        return f"`{words}`"

    def note(self, blocks: list[Node]) -> str:
        """A footnote where it is referred to, its paragraphs in one line."""
        texts = [self.write(block["c"]) for block in blocks if block["t"] in ("Para", "Plain")]
        return rf"\footnote{{{' '.join(text.strip() for text in texts)}}}" if texts else ""


def formula(latex: str) -> Formula:
    """The formula; a number in it that was written as a tag stands apart, but numbers of its rows do not."""
    latex = tidying.tidied(latex)
    if ROWS.fullmatch(latex):
        return Formula(latex.strip(), NOWHERE)
    found = _TAG.search(latex)
    return Formula(_BLANKS.sub("", _TAG.sub("", latex)), NOWHERE, tag=found[1] if found else None)


def numberless(latex: str) -> str:
    """The formula without numbers."""
    return _TAG.sub("", latex)


def web_address(address: str) -> str:
    """The address, fit to stand in parentheses; empty unless it leads out of the document."""
    try:
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    return quote(address.strip(), safe=IN_ADDRESSES) if scheme in SCHEMES else ""


def _parted(written: str) -> tuple[str, str, str]:
    found = _EDGES.match(written)
    return (found[1], found[2], found[3]) if found else ("", written, "")


def _quoted(writer: Writer, content: Any) -> str:
    marks = QUOTES[content[0]["t"]]
    return marks[0] + writer.write(content[1]) + marks[1]


_KINDS: Final[dict[str, Callable[[Writer, Any], str]]] = {
    "Emph": lambda writer, content: writer.emphasised(content, "*", "textit"),
    "Strong": lambda writer, content: writer.emphasised(content, "**", "textbf"),
    "Underline": lambda writer, content: writer.commanded(content, "underline"),
    "Strikeout": lambda writer, content: writer.emphasised(content, "~~", "sout"),
    "Superscript": lambda writer, content: writer.raised(content, "^"),
    "Subscript": lambda writer, content: writer.raised(content, "_"),
    "SmallCaps": lambda writer, content: writer.write(content),
    "Span": lambda writer, content: writer.write(content[1]),
    "Cite": lambda writer, content: writer.write(content[1]),
    "Quoted": _quoted,
    "Code": Writer.code,
    "Link": Writer.link,
    "Image": Writer.picture,
    "Note": Writer.note,
}
