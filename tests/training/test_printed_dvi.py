"""Glyphs and rules from a DVI file, made by hand: no TeX is needed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from training.printed import dvi

POINT = 65536


def four(value: int) -> bytes:
    return struct.pack(">i", value)


def file(*commands: bytes) -> bytes:
    """A DVI file of one page (numbered 7) in one font, `cm` at ten points."""
    preamble = bytes([247, 2]) + four(25400000) + four(473628672) + four(1000) + bytes([4]) + b"test"
    font = bytes([243, 0]) + four(0) + four(10 * POINT) + four(10 * POINT) + bytes([0, 2]) + b"cm"
    page = bytes([139]) + four(7) + bytes(36) + four(-1)
    return preamble + page + font + bytes([171]) + b"".join(commands) + bytes([140, 248])


def page_of(tmp_path: Path, *commands: bytes) -> dvi.PageOfMarks:
    path = tmp_path / "page.dvi"
    path.write_bytes(file(*commands))
    (page,) = dvi.pages(path)
    return page


@pytest.fixture(autouse=True)
def half_an_em(monkeypatch):
    monkeypatch.setattr(dvi, "_widths", lambda name: dict.fromkeys(range(128), 0.5))


def test_characters_move_the_pen_by_their_width(tmp_path):
    page = page_of(tmp_path, b"ab")
    assert page.number == 7
    assert [(mark.code, mark.x, mark.y) for mark in page.marks] == [(97, 0.0, 0.0), (98, 5.0, 0.0)]
    assert page.marks[0].font == dvi.Font("cm", 10.0)


def test_what_is_pushed_is_where_the_pen_returns_to(tmp_path):
    right, down = bytes([146]) + four(3 * POINT), bytes([160]) + four(2 * POINT)
    page = page_of(tmp_path, bytes([141]), right, down, b"a", bytes([142]), b"b")
    assert [(mark.x, mark.y) for mark in page.marks] == [(3.0, 2.0), (0.0, 0.0)]


def test_moves_are_remembered_in_registers(tmp_path):
    set_w, again = bytes([151]) + four(POINT), bytes([147])
    page = page_of(tmp_path, set_w, again, again, b"a")
    assert page.marks[0].x == 3.0


def test_a_rule_is_told_by_its_upper_left_corner(tmp_path):
    page = page_of(tmp_path, bytes([132]) + four(POINT // 2) + four(20 * POINT), b"a")
    assert page.rules == [(0.0, -0.5, 20.0, 0.5)]
    assert page.marks[0].x == 20.0


def test_specials_are_skipped(tmp_path):
    page = page_of(tmp_path, bytes([239, 3]) + b"xyz", b"a")
    assert len(page.marks) == 1
