"""LaTeX formulas as tokens: taken apart, and put together again token-spaced or compact."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mathpixweb.engine.math.spacing import Part, join

# words are one token, so that the spaces in them survive; a delimiter belongs to its \left or \right
TEXT = r"\\(?:text(?:rm|bf|it|sf|tt)?|mbox|hbox)\s*\{"
TOKEN = re.compile(
    rf"(?P<text>{TEXT})"
    r"|\\(?:left|right|middle)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|[^\s\\])"
    r"|\\(?:begin|end)\s*\{[A-Za-z]+\*?\}"
    r"|\\[A-Za-z]+\*?|\\.|\d+(?:\.\d+)?|\S",
    re.DOTALL,
)
AROUND = re.compile(
    r"(?P<columns>\\begin\{array\}\{[^{}]*\}) ?| ?(?P<end>\\end\{)|\\.| ?(?P<mark>&) ?", re.DOTALL
)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
NAMED = re.compile(r"\\(?:operatorname\*?|a?(?:sin|cos|tan)h?|log|ln|lim|max|min|sup|inf|det|exp|gcd|lg|ker)")


def tokens(latex: str) -> list[str]:
    """The tokens in order, without the spaces between them."""
    found: list[str] = []
    position = 0
    while match := TOKEN.search(latex, position):
        position = match.end()
        if match["text"]:
            position = _group_end(latex, position)
            command, words = match["text"].rstrip("{ \n"), latex[match.end() : position - 1]
            found.append(f"{command} {{{words}}}")
        else:
            found.append(re.sub(r"\s+", "", match[0]) if match[0].startswith("\\") else match[0])
    return found


def _group_end(latex: str, position: int) -> int:
    """Where the group that is open at `position` has ended; the end of the text if it never does."""
    depth = 1
    for brace in BRACE.finditer(latex, position):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0:
            return brace.end()
    return len(latex) + 1


def is_text(token: str) -> bool:
    return token.startswith(("\\text", "\\mbox", "\\hbox")) and token.endswith("}")


def words_of(token: str) -> str:
    """What a text token says."""
    return token.partition("{")[2][:-1]


def spaced(found: Sequence[str]) -> str:
    """`x ^ { 2 } + y ^ { 2 } = 9`"""
    return " ".join(_spaced_text(token) if is_text(token) else token for token in found)


def _spaced_text(token: str) -> str:
    return f"{token.partition(' ')[0]} {{ {words_of(token).strip()} }}"


def compact(found: Sequence[str]) -> str:
    """`x^{2}+y^{2}=9`: spaces only where operands meet and where LaTeX needs them."""
    parts: list[Part] = []
    for token in found:
        if parts and _sticks(parts[-1].text, token):
            parts[-1] = Part(parts[-1].text + token, parts[-1].fenced)
        else:
            parts.append(_part(token))
    return AROUND.sub(_around, join(parts))


def _around(found: re.Match[str]) -> str:
    """Columns and ends of environments as people write them."""
    if found["columns"]:
        return found["columns"].replace(" ", "")
    return " & " if found["mark"] else (found["end"] or found[0])


def _part(token: str) -> Part:
    if is_text(token):
        return Part(_spaced_text(token))
    fenced = token.startswith(("\\left", "\\right")) or token in ("\\|", "|")
    return Part(token, fenced, NAMED.fullmatch(token) is not None)


def _sticks(before: str, token: str) -> bool:
    """Nothing can stand between a group's brace and what it holds."""
    opening = before.endswith("{") and not before.endswith("\\{")
    return token in ("{", "}", "^", "_") or opening or before[-1] in "^_"


def group_end(found: Sequence[str], start: int) -> int:
    """The index after the group, or the single token, that begins at `start`."""
    if start >= len(found) or found[start] != "{":
        return min(start + 1, len(found))
    depth = 0
    for index in range(start, len(found)):
        depth += {"{": 1, "}": -1}.get(found[index], 0)
        if depth == 0:
            return index + 1
    return len(found)


def group(found: Sequence[str], start: int) -> list[str]:
    """The tokens inside the group, or the single token, that begins at `start`."""
    end = group_end(found, start)
    inner = list(found[start:end])
    if inner[:1] != ["{"]:
        return inner
    return inner[1:-1] if inner[-1] == "}" else inner[1:]
