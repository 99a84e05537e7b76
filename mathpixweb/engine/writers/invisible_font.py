"""A font for text that is found and copied but never drawn: every character is the same plain box."""

from __future__ import annotations

import io
from functools import cache

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Pdf

WIDTH = 500  # of each character, in thousandths of the size
MOST = 65_000  # different characters; further ones become a question mark
BLOCK = 100  # entries that a CMap's section may have
NAME = "MathpixWebInvisible"
CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{}
endcmap
CMapName currentdict /CMap defineresource pop
end
end"""


class InvisibleFont:
    """Gives each character a code as it comes; `write` then tells a PDF what the codes mean."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """The text in hexadecimal codes."""
        return "".join(f"{self._code(char):04X}" for char in text)

    def _code(self, char: str) -> int:
        if char not in self._codes and (len(self._codes) >= MOST or "\ud800" <= char <= "\udfff"):
            char = "?"
        return self._codes.setdefault(char, len(self._codes) + 1)

    def write(self, pdf: Pdf, target: Dictionary) -> None:
        """Makes the indirect dictionary `target` this font."""
        program = pdf.make_stream(_program())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(f"/{NAME}"),
            Flags=5,
            FontBBox=Array([0, -200, WIDTH, 800]),
            ItalicAngle=0,
            Ascent=800,
            Descent=-200,
            CapHeight=800,
            StemV=80,
            FontFile2=program,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(f"/{NAME}"),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=WIDTH,
            CIDToGIDMap=pdf.make_stream(bytes(2 * (len(self._codes) + 1))),
        )
        target.update(
            {
                "/Type": Name.Font,
                "/Subtype": Name.Type0,
                "/BaseFont": Name(f"/{NAME}"),
                "/Encoding": Name("/Identity-H"),
                "/DescendantFonts": Array([pdf.make_indirect(descendant)]),
                "/ToUnicode": pdf.make_stream(self._meaning().encode("ascii")),
            }
        )

    def _meaning(self) -> str:
        entries = [
            f"<{code:04X}> <{char.encode('utf-16-be').hex().upper()}>" for char, code in self._codes.items()
        ]
        blocks = [entries[start : start + BLOCK] for start in range(0, len(entries), BLOCK)]
        return CMAP.format(
            "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
        )


@cache
def _program() -> bytes:
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef"])
    builder.setupCharacterMap({})
    builder.setupGlyf({".notdef": _box()})
    builder.setupHorizontalMetrics({".notdef": (WIDTH, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": NAME, "styleName": "Regular"}, mac=False)
    builder.setupOS2()
    builder.setupPost()
    target = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(target)
    return target.getvalue()


def _box() -> object:
    """Readers take the place of a character from its outline, so an empty one would have none."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, -200))
    for corner in ((0, 800), (WIDTH, 800), (WIDTH, -200)):
        pen.lineTo(corner)
    pen.closePath()
    return pen.glyph()
