"""LaTeX that people and other programs write and the renderer does not know, in words that it knows.

Mathpix Markdown borrows from LaTeX without saying where that ends; what is not understood would be shown as
its source. Code and formulas stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mathpixweb.engine.math.source import Command, closing_brace, find_command, replace_commands
from mathpixweb.engine.writers.formulas.dialect_math import understood_formula
from mathpixweb.engine.writers.mmd.mmd_source import rewrite_latex, rewrite_words

STATEMENTS: Final = (
    "theorem",
    "lemma",
    "corollary",
    "proposition",
    "conjecture",
    "claim",
    "definition",
    "example",
    "remark",
)
RENAMED: Final = {
    "emph": r"\textit",
    "textsl": r"\textit",
    "thanks": r"\footnote",
}
BARE: Final = ("textsc", "textrm", "textsf", "textnormal", "textmd", "textup", "mbox", "hbox", "centerline")
CHARACTERS: Final = {
    "textbackslash": "&#92;",
    "textasciitilde": r"\~",
    "textasciicircum": r"\^",
    "textunderscore": r"\_",
    "textbar": "|",
    "textless": "&lt;",
    "textgreater": "&gt;",
    "textdegree": "°",
    "textmu": "µ",
    "textohm": "Ω",
    "textregistered": "®",
    "texttrademark": "™",
    "textcopyright": "©",
    "copyright": "©",
    "textsection": "§",
    "textparagraph": "¶",
    "textbullet": "•",
    "texteuro": "€",
    "textsterling": "£",
    "pounds": "£",
    "dag": "†",
    "ddag": "‡",
    "S": "§",
    "P": "¶",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textendash": "–",
    "textemdash": "—",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
}
CHARACTER: Final = re.compile(
    rf"\\({'|'.join(CHARACTERS)})(?![A-Za-z])(?:\{{\}}|\\(?=[ ])|[ ](?=\w)|(?=\W|$))"
)
SILENT: Final = re.compile(
    r"\\(?:noindent|indent|medskip|bigskip|smallskip|vfill|hfill|null|tiny|scriptsize|footnotesize|small|normalsize"
    r"|large|Large|LARGE|huge|Huge|sloppy|raggedright|raggedleft|appendix|maketitle|tableofcontents|listoffigures"
    r"|listoftables|frontmatter|mainmatter|backmatter|balance)(?![A-Za-z])[ \t]?"
    r"|\\[vh]space\*?\s*\{[^{}\n]*\}"
)
VERBATIM: Final = re.compile(r"\\begin\{verbatim\*?\}[ \t]*\n?(.*?)\n?[ \t]*\\end\{verbatim\*?\}", re.DOTALL)
VERB: Final = re.compile(r"\\verb\*?([^A-Za-z\s*{])(.+?)\1")
ENVIRONMENTS: Final = {
    "flushleft": "left",
    "flushright": "right",
    "table*": "table",
    "figure*": "figure",
    "wrapfigure": "figure",
}
EDGE: Final = re.compile(r"\\(begin|end)\s*\{(flushleft|flushright|table\*|figure\*|wrapfigure)\}")
DROPPED: Final = re.compile(
    r"^[ \t]*\\(?:begin|end)\s*\{(?:document|minipage|multicols\*?|small|footnotesize|titlepage|spacing"
    r"|sloppypar|framed|tcolorbox|appendices|landscape|algorithm\*?|algorithmic|subfigure|keywords"
    r"|acknowledg(?:e?ments?))\}"
    r"(?:\[[^\]\n]*\])?(?:\{[^{}\n]*\}){0,2}[ \t]*$",
    re.MULTILINE,
)
QUOTATION: Final = re.compile(r"\\begin\{(quote|quotation|verse)\}(.*?)\\end\{\1\}", re.DOTALL)
DESCRIPTION: Final = re.compile(r"\\begin\{description\}(.*?)\\end\{description\}", re.DOTALL)
TERM: Final = re.compile(r"\\item\s*\[([^\]\n]*)\]")
BIBLIOGRAPHY: Final = re.compile(
    r"\\begin\{thebibliography\}(?:\{[^{}]*\})?(.*?)\\end\{thebibliography\}", re.DOTALL
)
ENTRY: Final = re.compile(r"\\bibitem(?:\[[^\]\n]*\])?\{([^{}\n]*)\}")
CITATION: Final = re.compile(r"\\cite[pt]?\*?\s*(?:\[([^\]\n]*)\])?\{([^{}\n]*)\}")
RAISED: Final = {"textsuperscript": "^", "textsubscript": "~"}
HEADINGS: Final = {"part": "# {}", "chapter": "# {}", "paragraph": "\n\n**{}**", "subparagraph": "\n\n**{}**"}


def understood(mmd: str) -> str:
    """`mmd` in the words of the renderer."""
    if "\\" not in mmd:
        return mmd
    mmd = VERBATIM.sub(lambda found: f"\n\n{_fence(found[1])}\n{found[1]}\n{_fence(found[1])}\n\n", mmd)
    mmd = VERB.sub(lambda found: f"`{found[2]}`", mmd)
    mmd = rewrite_latex(mmd, understood_formula)
    mmd = rewrite_words(mmd, _blocks, formulas_too=True)
    return rewrite_words(mmd, _words)


def _fence(code: str) -> str:
    longest = max(map(len, re.findall("`+", code)), default=0)
    return "`" * max(3, longest + 1)


def _blocks(text: str) -> str:
    text = EDGE.sub(lambda found: f"\\{found[1]}{{{ENVIRONMENTS[found[2]]}}}", text)
    text = DROPPED.sub("", text)
    text = QUOTATION.sub(lambda found: _quoted(found[2]), text)
    text = DESCRIPTION.sub(lambda found: _description(found[1]), text)
    text = BIBLIOGRAPHY.sub(lambda found: _bibliography(found[1]), text)
    return _declared(text)


def _quoted(text: str) -> str:
    lines = text.strip("\n").split("\n")
    return "\n\n" + "\n".join(f"> {line.strip()}" for line in lines) + "\n\n"


def _description(items: str) -> str:
    terms = TERM.sub(lambda found: f"\\item[] **{found[1].strip()}** ", items)
    return f"\n\n\\begin{{itemize}}{terms}\\end{{itemize}}\n\n"


def _bibliography(entries: str) -> str:
    return "\n\n" + ENTRY.sub(lambda found: f"\n\n[{found[1]}]", entries).strip() + "\n\n"


def _declared(text: str) -> str:
    """Statements that nobody declared, declared before their first use."""
    for name in STATEMENTS:
        begin = re.search(rf"\\begin\s*\{{{name}\}}", text)
        if begin and not re.search(rf"\\newtheorem\*?\s*\{{{name}\}}", text):
            style = "definition" if name in ("definition", "example", "remark") else "plain"
            declaration = f"\\theoremstyle{{{style}}}\n\\newtheorem{{{name}}}{{{name.capitalize()}}}"
            text = f"{text[: begin.start()]}\n\n{declaration}\n\n{text[begin.start() :]}"
    return text


def _words(text: str) -> str:
    for old, new in RENAMED.items():
        text = re.sub(rf"\\{old}(?=\s*\{{)", lambda _, new=new: new, text)  # type: ignore[misc]
    for name in BARE:
        text = replace_commands(text, name, lambda content: content)
    for name, sign in RAISED.items():
        text = replace_commands(text, name, _raising(sign))
    for name, form in HEADINGS.items():
        text = replace_commands(text, name, _heading(form))
    text = _with_two_arguments(text, "href", lambda url, shown: f"[{shown or url}]({_address(url)})")
    text = _with_two_arguments(text, "texorpdfstring", lambda shown, _: shown)
    text = CITATION.sub(
        lambda found: f"\\[{found[2]}{', ' + found[1] if found[1] else ''}\\]".replace("\\[", "[").replace(
            "\\]", "]"
        ),
        text,
    )
    return SILENT.sub("", CHARACTER.sub(lambda found: CHARACTERS[found[1]], text))


def _raising(sign: str) -> Callable[[str], str]:
    return lambda content: sign + content.strip().replace(" ", r"\ ") + sign


def _heading(form: str) -> Callable[[str], str]:
    return lambda content: (
        "\n\n" + form.format(" ".join(content.split())) + "\n\n" if "#" in form else form.format(content)
    )


def _address(url: str) -> str:
    """As it can stand in parentheses."""
    return (
        url.strip()
        .replace("\\%", "%")
        .replace("\\#", "#")
        .replace("\\_", "_")
        .replace("(", "%28")
        .replace(")", "%29")
        .replace(" ", "%20")
    )


def _with_two_arguments(text: str, name: str, rewrite: Callable[[str, str], str]) -> str:
    pieces: list[str] = []
    position = 0
    while command := find_command(text, name, position):
        second = _second(text, command)
        if second is None:
            pieces.append(text[position : command.end])
            position = command.end
            continue
        end, argument = second
        pieces += [text[position : command.start], rewrite(command.argument, argument)]
        position = end
    return "".join([*pieces, text[position:]])


def _second(text: str, command: Command) -> tuple[int, str] | None:
    """Where the command's second argument ends, and the argument."""
    opening = re.compile(r"\s*\{").match(text, command.end)
    end = closing_brace(text, opening.end()) if opening else 0
    return (end, text[opening.end() : end - 1]) if opening and end else None
