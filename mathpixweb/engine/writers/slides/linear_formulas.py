"""Office mathematics in one line of characters, for programs that show no formulas on slides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def linear(part: Any) -> str:
    """What a formula says, with the marks that stand in attributes; rows are parted by semicolons."""
    if part.tag == M + "t":
        return str(part.text or "")
    write = WRITTEN.get(part.tag.removeprefix(M)) if isinstance(part.tag, str) else None
    return write(part) if write else "".join(map(linear, part))


def _inside(part: Any, name: str) -> str:
    return "".join(map(linear, part.findall(M + name)))


def _one(text: str) -> str:
    """In parentheses, unless it is one sign or number."""
    return text if len(text) < 2 or text.isdigit() else f"({text})"


def _mark(part: Any, name: str, default: str) -> str:
    found = part.find(f"{M}{part.tag.rpartition('}')[2]}Pr/{M}{name}")
    return default if found is None else str(found.get(M + "val", ""))


def _scripts(part: Any) -> str:
    below, above = _inside(part, "sub"), _inside(part, "sup")
    return (f"_{_one(below)}" if below else "") + (f"^{_one(above)}" if above else "")


def _limit(sign: str) -> Callable[[Any], str]:
    return lambda part: f"{_inside(part, 'e')}{sign}{_one(_inside(part, 'lim'))}"


def _delimited(part: Any) -> str:
    return _mark(part, "begChr", "(") + _inside(part, "e") + _mark(part, "endChr", ")")


def _sum(part: Any) -> str:
    return f"{_mark(part, 'chr', '∫')}{_scripts(part)} {_inside(part, 'e')}"


def _root(part: Any) -> str:
    return f"{_inside(part, 'deg')}√{_one(_inside(part, 'e'))}"


def _rows(part: Any) -> str:
    return "; ".join(linear(row).replace("&", "") for row in part.findall(M + "e"))


def _matrix(part: Any) -> str:
    return "; ".join(", ".join(map(linear, row.findall(M + "e"))) for row in part.findall(M + "mr"))


WRITTEN: Final[dict[str, Callable[[Any], str]]] = {
    "f": lambda part: f"{_one(_inside(part, 'num'))}/{_one(_inside(part, 'den'))}",
    "d": _delimited,
    "nary": _sum,
    "rad": _root,
    "sSub": lambda part: _inside(part, "e") + _scripts(part),
    "sSup": lambda part: _inside(part, "e") + _scripts(part),
    "sSubSup": lambda part: _inside(part, "e") + _scripts(part),
    "limLow": _limit("_"),
    "limUpp": _limit("^"),
    "eqArr": _rows,
    "m": _matrix,
}
