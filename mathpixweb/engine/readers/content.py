"""Content streams: bytes in, operators with their operands out.

One compiled expression does the work; it is several times faster than a general PostScript tokenizer, and
most of the time a document takes to read goes by here. Nothing raises on malformed content: what makes no
sense is skipped, as every viewer does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

_SPACE = rb"\x00\t\n\x0c\r "
_DELIMITERS = rb"()<>\[\]{}/%"
_NUMBER = rb"[+-]*(?:\d+\.?\d*|\.\d+)"
_LEXEME = re.compile(
    rb"[" + _SPACE + rb"]*(?:"
    rb"(" + _NUMBER + rb")"  # 1 number
    rb"|\(([^()\\\r]*)\)"  # 2 string without escapes
    rb"|([A-Za-z'\"][A-Za-z0-9*'\"]*)"  # 3 operator
    rb"|/([^" + _SPACE + _DELIMITERS + rb"]*)"  # 4 name
    rb"|(\[)|(\])"  # 5, 6 array
    rb"|<([0-9A-Fa-f" + _SPACE + rb"]*)>"  # 7 hexadecimal string
    rb"|(\()"  # 8 start of a string with escapes or parentheses
    rb"|(<<)|(>>)"  # 9, 10 dictionary
    rb"|%[^\r\n]*"
    rb"|([^" + _SPACE + rb"])"  # 11 anything else
    rb")"
)
# Nearly all of a page is of these few forms. Each is found whole, and its parts are taken by `split` and
# `findall`, which is several times as fast as lexeme by lexeme; whatever is written otherwise goes that way.
_BLANKS = rb"[" + _SPACE + rb"]*+"
_NUMERIC = rb"[-+.\d" + _SPACE + rb"]"
_PLAIN_STRING = rb"[^()\\\r]*+(?:\\[^\r\n][^()\\\r]*+)*+"  # no parentheses, no broken lines
_END = rb"(?![A-Za-z0-9*'\"])"
_STATEMENT = re.compile(
    rb"(" + _NUMERIC + rb"{0,120}+)(?:"  # 1 numbers before
    rb"([A-Za-z'\"][A-Za-z0-9*'\"]*+)"  # 2 operator
    rb"|\[("
    + _NUMERIC
    + rb"*+(?:\("
    + _PLAIN_STRING
    + rb"\)"
    + _NUMERIC
    + rb"*+)*+)\]"
    + _BLANKS
    + rb"TJ"  # 3
    rb"|/([^"
    + _SPACE
    + _DELIMITERS
    + rb"]*+)["
    + _SPACE
    + rb"]++("
    + _NUMBER
    + rb")["
    + _SPACE
    + rb"]++Tf"  # 4, 5
    rb"|\((" + _PLAIN_STRING + rb")\)" + _BLANKS + rb"Tj"  # 6
    rb"|<([0-9A-Fa-f]*+)>" + _BLANKS + rb"Tj"  # 7
    rb"|\[((?:<[0-9A-Fa-f]*+>|" + _NUMERIC + rb")*+)\]" + _BLANKS + rb"TJ"  # 8
    rb")" + _END
)
_PARENTHESIS = re.compile(rb"[()]")
_PIECE = re.compile(rb"\((" + _PLAIN_STRING + rb")\)|<([0-9A-Fa-f]*+)>|(" + _NUMBER + rb")")
_NUMBERS = re.compile(_NUMBER)
_ODD_NUMBER = re.compile(rb"[+-]?\d*\.?\d+")
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r\n|[\r\n]|.)", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_IMAGE_END = re.compile(rb"[" + _SPACE + rb"]EI(?=[" + _SPACE + rb"]|$)")
_HASH = re.compile(r"#([0-9A-Fa-f]{2})")
MOST_OPERANDS: Final = 64  # operators take at most 33; the rest is garbage that would fill the memory
DEEPEST_NESTING: Final = 32
SHORT: Final = 64  # bytes of a string


@dataclass(frozen=True, slots=True)
class Name:
    """A name object, without its slash."""

    text: str


def operations(content: bytes) -> Iterator[tuple[bytes, list[Any]]]:
    """Operators of a content stream with their operands: floats, bytes, `Name`s, lists, dicts."""
    operands: list[Any] = []
    position, end, match, statement = 0, len(content), _LEXEME.match, _STATEMENT.match
    while position < end:
        whole = statement(content, position)
        if whole is not None and (operator := _take(whole, operands)):
            position = whole.end()
            yield operator, operands
            operands = []
            continue
        found = match(content, position)
        if found is None:
            break
        position = found.end()
        kind = found.lastindex
        if kind == 1:
            try:
                operands.append(float(found[1]))
            except ValueError:
                operands.append(_number(found[1]))
        elif kind == 2:
            operands.append(found[2])
        elif kind == 3:
            operator = found[3]
            if operator == b"BI":
                image, position = _inline_image(content, position)
                yield b"BI", [image]
            elif operator in _CONSTANTS:
                operands.append(_CONSTANTS[operator])
                continue
            else:
                yield operator, operands
            operands = []
        elif kind is not None and kind not in _STRAY:
            value, position = _value(content, found, kind, 0)
            operands.append(value)
        if len(operands) > MOST_OPERANDS:
            del operands[:-MOST_OPERANDS]


def _take(whole: re.Match[bytes], operands: list[Any]) -> bytes | None:
    """The operator of a statement; its operands are appended. None if it is to be read lexeme by lexeme."""
    numbers, operator, array, font, size, text, digits, coded = whole.groups()
    if operator in _SPECIAL:
        return None
    if values := numbers.split():
        try:
            operands += list(map(float, values))
        except ValueError:  # "--5", and zero bytes for blanks
            return None
    if operator:
        return operator
    if array is not None:
        operands.append(_pieces(array))
        return b"TJ"
    if font is not None:
        operands += (_name(font), _number(size))
        return b"Tf"
    if coded is not None:
        operands.append([_piece(*found) for found in _PIECE.findall(coded)])
        return b"TJ"
    operands.append(_bytes_of(digits) if digits is not None else _unescaped(text))
    return b"Tj"


def _pieces(array: bytes) -> list[Any]:
    """The strings, and the numbers between them, of an array without other things in it."""
    if b"\\" in array:
        return [_piece(*found) for found in _PIECE.findall(array)]
    pieces: list[Any] = []
    parts = iter(_PARENTHESIS.split(array))
    for between in parts:
        if between:
            try:
                pieces.append(float(between))
            except ValueError:  # more than one, or only blanks
                pieces += map(_number, _NUMBERS.findall(between))
        for text in parts:
            pieces.append(text)
            break
    return pieces


def _piece(text: bytes, digits: bytes, number: bytes) -> bytes | float:
    """What the lexeme is of which these are the groups."""
    if number:
        return _number(number)
    return _bytes_of(digits) if digits else _unescaped(text)


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    return _short_unescaped(text) if len(text) < SHORT else _ESCAPE.sub(_unescape, text)


@lru_cache(maxsize=4096)
def _short_unescaped(text: bytes) -> bytes:
    """Strings as short as those with ligatures come again and again."""
    return _ESCAPE.sub(_unescape, text)


def _bytes_of(digits: bytes) -> bytes:
    """The bytes that hexadecimal digits mean; the last may be missing."""
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


_SPECIAL = frozenset((b"BI", b"true", b"false", b"null"))
_STRAY = (6, 10, 11)
_CONSTANTS = {b"true": True, b"false": False, b"null": None}


@lru_cache(maxsize=1024)
def _name(text: bytes) -> Name:
    return Name(_HASH.sub(lambda found: chr(int(found[1], 16)), text.decode("latin1")))


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:  # "--5" and the like
        found = _ODD_NUMBER.search(text)
        return float(found[0]) if found else 0.0


def _value(content: bytes, found: re.Match[bytes], kind: int, depth: int) -> tuple[Any, int]:
    """The object that starts with this lexeme, and the position after it."""
    if kind == 1:
        return _number(found[1]), found.end()
    if kind == 2:
        return found[2], found.end()
    if kind == 4:
        return _name(found[4]), found.end()
    if kind in (5, 9):
        return _collection(content, found.end(), kind, depth)
    if kind == 7:
        digits = bytes(found[7].translate(None, b"\x00\t\n\x0c\r "))
        return _bytes_of(digits), found.end()
    if kind == 8:
        return _escaped_string(content, found.end())
    return None, found.end()


def _collection(content: bytes, position: int, kind: int, depth: int) -> tuple[Any, int]:
    closing = 6 if kind == 5 else 10
    items: list[Any] = []
    if depth > DEEPEST_NESTING:
        return None, position
    while found := _LEXEME.match(content, position):
        position, inner = found.end(), found.lastindex
        if inner == closing or position >= len(content):
            break
        if inner == 2:
            items.append(found[2])
        elif inner == 1:
            try:
                items.append(float(found[1]))
            except ValueError:
                items.append(_number(found[1]))
        elif inner == 3:
            if kind == 5 and found[3] in _CONSTANTS:
                items.append(_CONSTANTS[found[3]])
            elif kind == 5 and found[3] in (b"TJ", b"Tj"):  # the bracket was never closed
                return items, found.start()
            else:
                items.append(_CONSTANTS.get(found[3]))
        elif inner is not None and inner not in _STRAY:
            value, position = _value(content, found, inner, depth + 1)
            items.append(value)
    return (items if kind == 5 else _dictionary(items)), position


def _dictionary(items: list[Any]) -> dict[str, Any]:
    pairs = zip(items[::2], items[1::2], strict=False)
    return {key.text: value for key, value in pairs if isinstance(key, Name)}


def _escaped_string(content: bytes, start: int) -> tuple[bytes, int]:
    """A string in parentheses from the byte after the first one: nested parentheses, escapes, octal codes."""
    depth, position = 1, start
    for found in _PAREN_OR_ESCAPE.finditer(content, start):
        position = found.end()
        if found[0] == b"(":
            depth += 1
        elif found[0] == b")":
            depth -= 1
        if depth == 0:
            return _ESCAPE.sub(_unescape, content[start : position - 1]), position
    return _ESCAPE.sub(_unescape, content[start:]), len(content)


_PAREN_OR_ESCAPE = re.compile(rb"\\.|[()]", re.DOTALL)


def _unescape(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code.isdigit():
        return bytes([int(code, 8) & 0xFF]) if code[0] < 0x38 else code
    if code in (b"\n", b"\r", b"\r\n"):
        return b""
    return _ESCAPED.get(code, code)


def _inline_image(content: bytes, position: int) -> tuple[dict[str, Any], int]:
    """The dictionary between BI and ID; the position after EI."""
    items: list[Any] = []
    while found := _LEXEME.match(content, position):
        position, kind = found.end(), found.lastindex
        if kind == 3 and found[3] == b"ID":
            break
        if position >= len(content):
            return _dictionary(items), position
        if kind == 3:
            items.append(_CONSTANTS.get(found[3]))
        elif kind is not None:
            value, position = _value(content, found, kind, 0)
            items.append(value)
    ending = _IMAGE_END.search(content, position)
    return _dictionary(items), ending.end() if ending else len(content)
