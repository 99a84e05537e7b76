from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T1CharString, T2CharString
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.ttGlyphPen import TTGlyphPen

from mathpixweb.engine.readers import type1
from mathpixweb.engine.readers.charstrings1 import Type1Bounds
from mathpixweb.engine.readers.charstrings2 import Type2Bounds
from mathpixweb.engine.readers.outlines import BrokenOutline
from mathpixweb.engine.readers.programs import ProgramCache

NO_SUBROUTINES = ()

TYPE_1 = [
    "50 600 hsbw 10 20 rmoveto 100 hlineto 200 vlineto -30 -40 rlineto closepath endchar",
    "0 600 hsbw 5 hmoveto 10 20 30 40 50 60 rrcurveto 70 80 90 -100 vhcurveto 5 6 7 8 hvcurveto endchar",
    "0 600 hsbw 100 vmoveto 0 80 90 80 90 0 rrcurveto closepath endchar",
    "0 600 hsbw 0 10 hstem 600 4 div 20 rmoveto 40 hlineto endchar",
]
FLEX = (
    "0 600 hsbw 0 1 callothersubr 10 2 rmoveto 0 2 callothersubr 20 30 rmoveto 0 2 callothersubr"
    " 30 5 rmoveto 0 2 callothersubr 5 0 rmoveto 0 2 callothersubr 30 -5 rmoveto 0 2 callothersubr"
    " 40 -10 rmoveto 0 2 callothersubr 10 -20 rmoveto 0 2 callothersubr 50 145 2 3 0 callothersubr"
    " pop pop setcurrentpoint endchar"
)
TYPE_2 = [
    "10 20 rmoveto 100 hlineto 10 20 30 40 rlineto endchar",
    "10 hmoveto 5 6 7 8 9 vlineto 1 2 3 4 5 6 7 8 9 10 11 12 rrcurveto endchar",
    "10 vmoveto 9 1 2 3 4 5 6 7 8 hhcurveto 9 1 2 3 4 5 6 7 8 vvcurveto endchar",
    "3 4 rmoveto 10 20 30 40 50 60 70 80 90 hvcurveto 10 20 30 40 50 vhcurveto endchar",
    "3 4 rmoveto 1 2 3 4 5 6 7 8 rcurveline 1 2 3 4 5 6 7 8 9 10 rlinecurve endchar",
    "1 2 hstemhm 3 4 hintmask 10100000 10 20 rmoveto 300 vlineto endchar",
    "0 0 rmoveto 1 2 3 4 5 6 7 8 9 10 11 12 50 flex 1 2 3 4 5 6 7 hflex endchar",
    "0 0 rmoveto 1 2 3 4 5 6 7 8 9 hflex1 10 20 3 4 5 6 7 8 9 10 11 flex1 endchar",
    "500 50 200 rmoveto -50 90 -50 90 0 70 rrcurveto 12.5 hlineto endchar",
]


def drawn_by_fonttools(charstring):
    pen = BoundsPen(None)
    charstring.draw(pen)
    return pen.bounds


@pytest.mark.parametrize("program", TYPE_1)
def test_the_box_of_a_type_1_outline_is_that_of_its_drawing(program):
    charstring = T1CharString(program=program.split(), subrs=NO_SUBROUTINES)
    charstring.program = [int(word) if word.lstrip("-").isdigit() else word for word in program.split()]
    charstring.compile()
    expected = drawn_by_fonttools(T1CharString(charstring.bytecode, subrs=NO_SUBROUTINES))
    assert Type1Bounds(NO_SUBROUTINES).run(charstring.bytecode) == pytest.approx(expected)


def test_a_flex_is_two_curves():
    words = [int(word) if word.lstrip("-").isdigit() else word for word in FLEX.split()]
    charstring = T1CharString(program=words, subrs=NO_SUBROUTINES)
    charstring.compile()
    assert Type1Bounds(NO_SUBROUTINES).run(charstring.bytecode) == pytest.approx((0, 0, 145, 37), abs=1)


@pytest.mark.parametrize("program", TYPE_2)
def test_the_box_of_a_type_2_outline_is_that_of_its_drawing(program):
    def number(word):
        return int(word) if word.lstrip("-").isdigit() else float(word)

    words = [
        word if word.isalnum() and not word.lstrip("-").isdigit() else number(word)
        for word in program.replace("10100000", "").split()
    ]
    if "hintmask" in words:
        words.insert(words.index("hintmask") + 1, b"\xa0")
    charstring = T2CharString(program=words)
    charstring.compile()
    private = SimpleNamespace(nominalWidthX=0, defaultWidthX=0)
    expected = drawn_by_fonttools(T2CharString(charstring.bytecode, private=private, globalSubrs=[]))
    assert Type2Bounds(NO_SUBROUTINES, NO_SUBROUTINES).run(charstring.bytecode) == pytest.approx(expected)


@pytest.mark.parametrize("run", [Type1Bounds(()).run, Type2Bounds((), ()).run])
@pytest.mark.parametrize("code", [b"\x15", b"\x0a", b"\xf7", b"\x8b\x0a", b"\x0c\x0c"])
def test_what_is_no_program_is_a_broken_outline(run, code):
    with pytest.raises(BrokenOutline):
        run(code)


def test_many_bytes_are_deciphered_as_few_are(monkeypatch):
    data = bytes(k * k % 251 for k in range(70_000))
    at_once = type1._decrypted(data, type1.EEXEC_KEY, 4)
    monkeypatch.setattr(type1, "FEWEST_AT_ONCE", len(data))
    assert type1._decrypted(data, type1.EEXEC_KEY, 4) == at_once


def enciphered(plain):
    key, cipher = type1.EEXEC_KEY, bytearray()
    for byte in b"0000" + plain:
        cipher.append(byte ^ (key >> 8))
        key = ((cipher[-1] + key) * type1.MULTIPLIER + type1.ADDEND) & 0xFFFF
    return bytes(cipher)


def type_1_program(subroutine):
    """A font whose only glyph moves, and then does what its subroutine says."""
    glyph = bytes((139, 239, 13, 149, 149, 21, 139, 10, 14))  # 0 100 hsbw 10 10 rmoveto 0 callsubr endchar
    private = b"/lenIV -1 def /Subrs 1 array dup 0 %d RD %b NP /CharStrings 1 dict /A %d RD %b ND"
    ciphered = enciphered(private % (len(subroutine), subroutine, len(glyph), glyph))
    return type1.Type1Program(b"%!PS /FontMatrix [0.001 0 0 0.001 0 0] currentfile eexec\n" + ciphered)


def test_an_outline_known_from_another_font_is_run_again_if_its_subroutines_are_others():
    short, long = bytes((149, 6, 11)), bytes((159, 6, 11))  # 10 hlineto return, 20 hlineto return
    assert [type_1_program(each).bounds("A") for each in (short, long, short, short)] == [
        (10, 10, 20, 10),
        (10, 10, 30, 10),
        (10, 10, 20, 10),
        (10, 10, 20, 10),
    ]


def test_a_truetype_outline_begins_at_its_left_side_bearing():
    pen = TTGlyphPen(None)
    pen.moveTo((100, -50))
    pen.lineTo((400, -50))
    pen.lineTo((400, 700))
    pen.closePath()
    empty = TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "space", "A"])
    builder.setupCharacterMap({32: "space", 65: "A"})
    builder.setupGlyf({".notdef": empty, "space": empty, "A": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "space": (250, 0), "A": (500, 30)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupPost()
    file = io.BytesIO()
    builder.save(file)
    program = ProgramCache().program("FontFile2", file.getvalue())
    assert program.box("A") == pytest.approx((0.03, -0.05, 0.33, 0.7))
    assert program.box("space") is None
    assert program.unicode_to_name == {32: "space", 65: "A"}
