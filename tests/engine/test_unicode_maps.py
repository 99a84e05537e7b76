"""What the codes of a font mean, as the file says."""

from __future__ import annotations

import pytest
from pdfminer.pdftypes import PDFStream

from mathpixweb.engine.readers import unicode_maps


@pytest.mark.parametrize(
    ("program", "meanings"),
    [
        (b"2 beginbfchar <41> <0061> <0042> <D835DC4E> endbfchar", {0x41: "a", 0x42: "\U0001d44e"}),
        (b"1 beginbfchar <03> <006600660069> endbfchar", {3: "ffi"}),
        (b"1 beginbfchar\n% a comment <07> <0062>\n<0 1> <00 6\n1> endbfchar", {1: "a"}),
        (b"1 beginbfchar <4> <0061> endbfchar", {4: "a"}),
        (b"1 beginbfrange <10> <12> <0061> endbfrange", {16: "a", 17: "b", 18: "c"}),
        (b"1 beginbfrange <10> <11> <0078005A> endbfrange", {16: "xZ", 17: "x["}),
        (b"1 beginbfrange <10> <12> [<0061> /beta <0063>] endbfrange", {16: "a", 17: "β", 18: "c"}),
        (b"1 beginbfrange <10> <13> [<0061>] endbfrange", {16: "a"}),
        (b"1 begincidrange <0061> <0062> 5 endcidrange", {5: "a", 6: "b"}),
        (b"1 beginbfchar <41> <0061> endbfchar 1 beginbfchar <41> <0062> endbfchar", {0x41: "b"}),
        (b"2 beginbfchar <41> <0020> <41> <00A0> endbfchar", {0x41: " "}),
        (b"1 beginbfchar <41> <> endbfchar", {0x41: ""}),
        (b"beginbfchar <41> <0061>", {}),
        (b"\x80 not a program at all", {}),
    ],
)
def test_the_meanings_are_those_that_the_map_states(program, meanings):
    assert unicode_maps.parsed(b"/CIDInit begincmap " + program + b" endcmap") == meanings


def test_a_range_over_all_numbers_takes_no_time(monkeypatch):
    monkeypatch.setattr(unicode_maps, "MOST_CODES", 100)
    for kind in (b"bfrange <00000000> <FFFFFFFF> <0000>", b"cidrange <00000000> <FFFFFFFF> 0"):
        found = unicode_maps.parsed(b"1 begin" + kind + b" end" + kind.split()[0])
        assert len(found) == 100


def test_a_broken_map_says_nothing():
    assert unicode_maps.read(PDFStream({}, b"beginbfchar <41> <0061> endbfchar")) == {0x41: "a"}
    assert unicode_maps.read(PDFStream({}, b"x" * (unicode_maps.LARGEST_MAP + 1))) == {}


def test_the_name_of_a_map_stays_with_the_font():
    named = {"ToUnicode": "Identity-H", "Subtype": "Type0"}
    assert unicode_maps.without(named) == named
    assert unicode_maps.stated(named) is None
    emptied = unicode_maps.without({"ToUnicode": PDFStream({}, b"1 beginbfchar <41> <0061> endbfchar")})
    assert emptied["ToUnicode"].get_data() == b""
