r"""Printed text as Mathpix Markdown that shows it as printed: nothing in it becomes a link, list or formula.

Only what would be live is escaped. A backslash before a bracket is written as a character reference, because
`\\(` opens a formula for the renderer, whatever stands before it.
"""

from __future__ import annotations

import re

_ACTIVE = re.compile(
    r"\\"
    r"|[$`*]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|\](?=\()"  # the end of a link's words
    r"|~(?=~|[^\s~]+~)|\^(?=\[|[^\s^]+\^)"  # struck out, lowered, raised, a note
    r"|=(?==\S)|\+(?=\+\S)"  # marked, inserted
    r"|[{}]"
)
_ACTIVE_IN_CELL = re.compile(
    r"[\\$&%#{}]"
    r"|\*(?=\**[^\s*](?:.*\S)?\*)"  # other stars are shown, and LaTeX would take `\*` for a place to break
    r"|`(?=.*`)"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\](?=\()"
    r"|~(?=~|[^\s~]+~)|\^(?=\[|[^\s^]+\^)|=(?==\S)|\+(?=\+\S)"
)
_AT_START = re.compile(
    r"^(\s*)(?:"
    r"([#>]|[+-](?=\s|$)|=(?==+\s*$)|-(?=[-\s]+$))"  # heading, quotation, bullet, rule
    r"|(\d{1,9})(?=[.)]$)"  # the number of an item, and nothing else
    r"|(\d{1,9}[.)]) "  # the number of an item before its text
    r"|(\[[^\[\]]+\])(?=:)"  # what a link is called
    r")"
)


def prose(text: str) -> str:
    """The text with a backslash before what Markdown or LaTeX would take for markup."""
    unmatched = _unmatched_braces(text)

    def escaped(found: re.Match[str]) -> str:
        if found[0] == "\\":
            return _backslash(text[found.end() :])
        if found[0] in "{}" and found.start() not in unmatched:
            return found[0]
        return f"\\{found[0]}"

    return _ACTIVE.sub(escaped, text)


def cell(text: str) -> str:
    """The text for a cell of a `tabular`, where LaTeX's own characters count and references do not."""

    def escaped(found: re.Match[str]) -> str:
        return _backslash_in_cell(text[found.end() :]) if found[0] == "\\" else f"\\{found[0]}"

    return _ACTIVE_IN_CELL.sub(escaped, text)


def paragraph_start(markup: str) -> str:
    """The markup as the beginning of a paragraph that is no heading, quotation, list or rule.

    A blank that does not break keeps a number from opening a list, which would count on from it as it likes.
    """

    def escaped(found: re.Match[str]) -> str:
        before, sign, alone, number, name = found.groups()
        if number:
            return f"{before}{number}\u00a0"
        return f"{before}\\{sign}" if sign else f"{before}{alone or name}\\"

    return _AT_START.sub(escaped, markup)


def _backslash(following: str) -> str:
    return "&#92;" if following[:1] in ("", "(", "[") else "\\\\"


def _backslash_in_cell(following: str) -> str:
    """The command, with the blank that a letter after it needs."""
    return r"\textbackslash" + (" " if following[:1].isalpha() else "")


def _unmatched_braces(text: str) -> set[int]:
    """Where a brace stands that would end, or never end, the argument of a command around the text."""
    opened: list[int] = []
    unmatched: set[int] = set()
    for found in re.finditer("[{}]", text):
        if found[0] == "{":
            opened.append(found.start())
        elif opened:
            opened.pop()
        else:
            unmatched.add(found.start())
    return unmatched.union(opened)
