"""What stands inside of LaTeX's environments and arguments, all in LaTeX.

Mathpix Markdown knows Markdown's marks there too, and takes signs as they are that LaTeX has plans for;
pandoc passes an environment on as it finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mathpixweb.engine.math.source import closing_brace
from mathpixweb.engine.writers.mmd.mmd_source import PARTS

# Commands whose arguments are names, addresses or measures.
NAMING = (
    "includegraphics|label|ref|eqref|pageref|autoref|cref|Cref|cite|citep|citet|bibitem|url|begin|end|cline|hhline"
    "|cmidrule|captionsetup|setcounter|addtocounter|newtheorem|theoremstyle|newcommand|renewcommand|providecommand"
    "|hspace|vspace|rule|setlength|color|textcolor|colorbox|usepackage|documentclass|input|include|fontsize"
    "|DeclareMathOperator|newenvironment|bibliographystyle|pagestyle|thispagestyle|rowcolor|cellcolor|arraystretch"
)
TOKEN = re.compile(
    rf"(?P<naming>\\(?:{NAMING})\*?(?![A-Za-z])(?:\s*\[[^\]\n]*\]|\s*\{{[^{{}}]*\}})*)"
    r"|(?P<spans>\\multi(?:column|row)\s*(?:\[[^\]]*\]\s*)?\{[^{}]*\}\s*\{[^{}]*\})"
    r"|(?P<href>\\href\s*\{(?P<address>[^{}]*)\})"
    r"|(?P<command>\\[A-Za-z]+\*?|\\.)"
    r"|(?P<held>\ue000\d+\ue001)"
    r"|!\[(?P<alt>[^\[\]]*)\]\((?P<picture>[^()\s]+)\)(?P<size>\{[^{}\n]*\})?"
    r"|\[\^(?P<note>[^\[\]\s]+)\]"
    r"|(?<!\\)\[(?P<shown>(?:[^\[\]\\\n]|\\.)+)\]\((?P<link>(?:https?:|mailto:)[^()\s]*)\)"
    r"|<(?P<auto>(?:https?|mailto):[^<>\s]+)>"
    r"|</?(?P<tag>b|strong|i|em|u|ins|s|del|sub|sup|code|br|mark)\b[^<>]*>"
    r"|(?P<sign>[%#_^~$\"])",
    re.DOTALL | re.IGNORECASE,
)
MARKS = (
    (re.compile(r"(?<![\\*])\*\*(?=\S)(.+?)(?<=[^\s\\])\*\*(?!\*)", re.DOTALL), "textbf"),
    (re.compile(r"(?<![\\\w_])__(?=\S)(.+?)(?<=[^\s\\])__(?![\w_])", re.DOTALL), "textbf"),
    (re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^*\n]+?)(?<=[^\s\\*])\*(?![*\w])"), "textit"),
    (re.compile(r"(?<![\\\w_])_(?=[^\s_])([^_\n]+?)(?<=[^\s\\_])_(?![\w_])"), "textit"),
    (re.compile(r"(?<!\\)~~(?=\S)(.+?)(?<=\S)~~", re.DOTALL), "sout"),
    (re.compile(r"(?<!\\)==(?=\S)(.+?)(?<=\S)=="), "hl"),
    (re.compile(r"(?<!\\)\+\+(?=\S)(.+?)(?<=\S)\+\+"), "uline"),
)
SIGNS = {"%": r"\%", "#": r"\#", "_": r"\_", "^": r"\^{}", "~": r"\textasciitilde{}", "$": r"\$"}
ESCAPES = {
    r"\*": "*",
    r"\`": "`",
    r"\~": r"\textasciitilde{}",
    r"\^": r"\^{}",
    r"\<": "<",
    r"\>": ">",
    r"\|": "|",
}
ESCAPES |= {r"\+": "+", r"\=": "=", r"\.": ".", r"\!": "!", r"\"": '"'}
TAGS = {
    "b": "textbf",
    "strong": "textbf",
    "i": "textit",
    "em": "textit",
    "u": "uline",
    "ins": "uline",
    "s": "sout",
    "del": "sout",
    "sub": "textsubscript",
    "sup": "textsuperscript",
    "code": "texttt",
    "mark": "hl",
}
TYPED = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", **SIGNS}
TICKS = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
QUOTE_OPENS = re.compile(r"(?:^|[\s(\[{~–—-])$")


def in_latex(text: str, notes: Mapping[str, str]) -> str:
    """`text`, which is LaTeX around, as LaTeX all through; `notes` of the document by their names."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(typed_code(found["ticks"], found[0]) if found["ticks"] else found[0])
        return f"\ue000{len(held) - 1}\ue001"

    words = PARTS.sub(hold, text)
    for mark, command in MARKS:
        words = mark.sub(rf"\\{command}{{\1}}", words)
    words = _Inside(notes).rewritten(words)
    return re.sub("\ue000(\\d+)\ue001", lambda found: held[int(found[1])], words)


def typed_code(ticks: str, code: str) -> str:
    """Code between words in typewriter letters."""
    said = code[len(ticks) : -len(ticks)].strip()
    return rf"\texttt{{{''.join(TYPED.get(char, char) for char in said)}}}"


class _Inside:
    def __init__(self, notes: Mapping[str, str]) -> None:
        self.notes = notes

    def rewritten(self, text: str) -> str:
        return TOKEN.sub(lambda found: self._one(text, found), text)

    def _one(self, text: str, found: re.Match[str]) -> str:
        if found["naming"] or found["spans"] or found["held"]:
            return found[0]
        if found["command"]:
            return ESCAPES.get(found[0], found[0])
        if found["href"]:
            return rf"\href{{{address(found['address'])}}}"
        if found["picture"]:
            return picture(found["picture"], found["size"] or "")
        if found["note"]:
            note = self.notes.get(found["note"])
            return rf"\footnote{{{note}}}" if note else found[0]
        if found["link"]:
            return rf"\href{{{address(found['link'])}}}{{{self.rewritten(found['shown'])}}}"
        if found["auto"]:
            return rf"\url{{{address(found['auto'])}}}"
        if found["tag"]:
            return _tag(found)
        if found["sign"] == '"':
            return "``" if QUOTE_OPENS.search(text[: found.start()]) else "''"
        return SIGNS[found["sign"]]


def _tag(found: re.Match[str]) -> str:
    name = found["tag"].lower()
    if name == "br":
        return r"\newline "
    return "}" if found[0].startswith("</") else rf"\{TAGS[name]}{{"


def address(url: str) -> str:
    """As it can stand in an argument of hyperref's commands."""
    return re.sub(r"(?<!\\)([%#&])", r"\\\1", url.strip())


def picture(path: str, size: str) -> str:
    """A picture; `size` as Markdown says it: `{width=50%}`."""
    found = re.search(r"width\s*=\s*[\"']?(\d+(?:\.\d+)?)\s*(%|px|cm|mm|in|pt|em|ex)?", size)
    if found is None:
        return rf"\includegraphics[max width=\linewidth]{{{path}}}"
    return rf"\includegraphics[width={length(found[1], found[2] or 'px')}]{{{path}}}"


def length(amount: str, unit: str) -> str:
    """A length in LaTeX's units."""
    if unit == "%":
        return rf"{float(amount) / 100:g}\linewidth"
    return f"{float(amount) * 0.75:g}bp" if unit == "px" else f"{amount}{unit}"


def in_lengths_of_latex(options: str) -> str:
    """The options of `\\includegraphics` with lengths that LaTeX knows."""
    options = re.sub(r"(\d+(?:\.\d+)?)\s*(px|%)", lambda found: length(found[1], found[2]), options)
    return options or r"[max width=\linewidth]"


def arguments_in_latex(text: str, name: str, notes: Mapping[str, str]) -> str:
    """`text` with the argument of each `\\name{…}` as LaTeX all through."""
    return _each_argument(text, name, lambda argument: in_latex(argument, notes))


def _each_argument(text: str, name: str, rewrite: Callable[[str], str]) -> str:
    pieces: list[str] = []
    position = 0
    for found in re.finditer(rf"\\{name}\*?\s*(?:\[[^\]\n]*\])?\s*\{{", text):
        if found.start() < position:
            continue
        end = closing_brace(text, found.end())
        if end:
            pieces += [text[position : found.end()], rewrite(text[found.end() : end - 1]), "}"]
            position = end
    return "".join([*pieces, text[position:]])
