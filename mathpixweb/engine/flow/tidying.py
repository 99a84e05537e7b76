"""LaTeX that pandoc makes of Office mathematics and MathML, as people write it."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.math.texmath import renamed

OPERATORS: Final = "times|cdot|pm|mp|leq?|geq?|neq?|approx|sim|equiv|in|to|rightarrow"
WORDS: Final = r"\\(?:text[a-z]*|mbox|operatorname\*?|mspace|hspace|kern|mathrm|tag)\s*\{[^{}]*\}"
# Words and lengths, which keep their blanks, and blanks that are meant.
KEPT: Final = re.compile(rf"{WORDS}|\\begin\{{[^{{}}]*\}}(?:\{{[^{{}}]*\}})?|\\[ ]", re.DOTALL)
ONE_ROW: Final = re.compile(
    r"\s*\\begin\{(array|aligned|gathered|matrix)\}(?:\{[^{}]*\})?(?P<row>.*)\\end\{\1\}\s*", re.DOTALL
)
SEVERAL: Final = re.compile(r"\\\\|\\begin|(?<!\\)&")
BEFORE_OPERATOR: Final = re.compile(rf"(?:\\[ ]\s*)+(?=[-+=<>]|\\(?:{OPERATORS})(?![A-Za-z]))")
AFTER_SIGN: Final = re.compile(r"(?<=[-+=<>])\s*(?:\\[ ]\s*)+")
AFTER_OPERATOR: Final = re.compile(rf"(\\(?:{OPERATORS}))\s*(?:\\[ ]\s*)+")
CLOSE: Final = re.compile(
    r"[ \t]*([-+=<>,]|(?<!\\)&)[ \t]*|(?<=[{(\[])[ \t]+|[ \t]+(?=[})\]^_]|\\right(?![A-Za-z]))"
)
WORD_NUMBER: Final = re.compile(r"\\#\s*\(([\w.\-–′']{1,12})\)\s*$")
NOTHING: Final = re.compile(r"(?<![{\s])(?:_\{\}\^\{\}|\^\{\}_\{\}|_\{\}|\^\{\})")
NEEDLESS: Final = re.compile(r"(?<=[^\sA-Za-z,&\\])[ \t]+(?=[^\s&\ue020])|(?<=[ \t])[ \t]+|[ \t]+(?=[_^])")
TOKEN: Final = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
LARGE: Final = frozenset(
    f"\\{name}"
    for name in re.findall(
        r"\w+",
        "sum prod coprod int iint iiint oint oiint oiiint bigcup bigcap bigvee bigwedge bigoplus bigotimes",
    )
)
SCRIPTS: Final = ("^", "_", "'")
AS_WRITTEN: Final = "\ue016"  # before a formula that a person wrote as it is
SWITCH: Final = re.compile(
    r"\\(?:rm|bf|it|cal|sf|tt|frak|mit|over|atop|choose|above|brace|brack|color|boldmath|limits|(?:display|text|script)style)"
)
MARK: Final = re.compile("\ue020(\\d+)\ue021")


def tidied(latex: str) -> str:
    """The formula without an environment of one row, typed blanks around operators and needless groups."""
    if latex.startswith(AS_WRITTEN):
        return latex[1:]
    latex = _numbered(_without_environment(latex))
    latex = AFTER_SIGN.sub("", BEFORE_OPERATOR.sub("", latex))
    latex = AFTER_OPERATOR.sub(r"\1 ", latex)
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\ue020{len(held) - 1}\ue021"

    words = NOTHING.sub(" ", CLOSE.sub(_closed, KEPT.sub(hold, latex)))
    words = NEEDLESS.sub("", _ungrouped(renamed(words)))
    return MARK.sub(lambda found: held[int(found[1])], words).strip()


def _closed(found: re.Match[str]) -> str:
    if found[1] == "&":
        return " & "
    return (found[1] or "") + (" " if found[1] == "," else "")


def _without_environment(latex: str) -> str:
    found = ONE_ROW.fullmatch(latex)
    return latex if found is None or SEVERAL.search(found["row"]) else found["row"].strip()


def _numbered(latex: str) -> str:
    """Word's own way to number a formula: `E=mc^2#(1)`."""
    return WORD_NUMBER.sub(r"\\tag{\1}", latex)


def _ungrouped(latex: str) -> str:
    """Without the braces around what a large operator works on, and around letters in a row."""
    tokens = TOKEN.findall(latex)
    needless: set[int] = set()
    for start, piece in enumerate(tokens):
        if piece != "{":
            continue
        end = _group_end(tokens, start)
        follower = tokens[end + 1] if end + 1 < len(tokens) else ""
        holds = any(SWITCH.fullmatch(token) for token in tokens[start:end])
        if end and not holds and follower not in SCRIPTS and _stands_free(tokens, start):
            needless |= {start, end}
    return "".join(" " if place in needless else token for place, token in enumerate(tokens))


def _stands_free(tokens: list[str], place: int) -> bool:
    """Whether the group at that place is nobody's argument."""
    before = tokens[place - 1] if place else ""
    if re.fullmatch(r"[A-Za-z0-9)\],|!]", before):
        return place < 2 or tokens[place - 2] not in SCRIPTS or before in ")],|"
    base = _operator_before(tokens, place)
    return base in LARGE


def _operator_before(tokens: list[str], place: int) -> str:
    """The command whose scripts stand right before, or the command itself."""
    while place:
        place -= 1
        if tokens[place].isspace():
            continue
        if tokens[place] != "}":
            return tokens[place]
        place = _group_start(tokens, place)
        if not place or tokens[place - 1] not in SCRIPTS:
            return ""
        place -= 1
    return ""


def _group_end(tokens: list[str], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        depth += {"{": 1, "}": -1}.get(tokens[place], 0)
        if depth == 0:
            return place
    return 0


def _group_start(tokens: list[str], end: int) -> int:
    depth = 0
    for place in range(end, -1, -1):
        depth += {"}": 1, "{": -1}.get(tokens[place], 0)
        if depth == 0:
            return place
    return 0
