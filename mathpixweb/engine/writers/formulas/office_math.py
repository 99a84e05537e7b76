"""Formulas as Word and PowerPoint have them themselves, where pandoc writes what only looks alike."""

from __future__ import annotations

from typing import Any, Final

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

BRACES: Final = {
    (qn("m:limLow"), "⏟"): "bot",
    (qn("m:limUpp"), "⏞"): "top",
    (qn("m:limLow"), "⎵"): "bot",
    (qn("m:limUpp"), "⎴"): "top",
}
SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"


def mend(part: Any) -> None:
    """Braces are as wide as what they belong to, and blanks of words in formulas are kept."""
    for kind in ("m:limLow", "m:limUpp"):
        for limit in list(part.iter(qn(kind))):
            brace = "".join(limit.find(qn("m:lim")).itertext())
            place = BRACES.get((limit.tag, brace))
            if place is not None:
                limit.getparent().replace(limit, _group(limit.find(qn("m:e")), brace, place))
    for text in part.iter(qn("m:t")):
        if text.text and text.text != text.text.strip():
            text.set(SPACE, "preserve")


def _group(inside: Any, brace: str, place: str) -> Any:
    """A character that is stretched over or under what is braced, which stays on the line."""
    line = "top" if place == "bot" else "bot"
    group = parse_xml(
        f'<m:groupChr {nsdecls("m")}><m:groupChrPr><m:chr m:val="{brace}"/><m:pos m:val="{place}"/>'
        f'<m:vertJc m:val="{line}"/></m:groupChrPr></m:groupChr>'
    )
    group.append(inside)
    return group
