"""Two readings of a page side by side: lines that differ, and in them the words."""

from __future__ import annotations

import pytest

from mathpixweb.documents.remote.readings import Piece, differences


def shown(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text if piece.same else f"[{piece.text}]" for piece in pieces)


@pytest.mark.parametrize(
    ("before", "now", "rows"),
    [
        ("a\nb", "a\nb", [("a", "a", True), ("b", "b", True)]),
        ("the sum of all", "the sun of all", [("the [sum] of all", "the [sun] of all", False)]),
        (r"\frac{a}{2}", r"\dfrac{a}{2}", [(r"[\frac]{a}{2}", r"[\dfrac]{a}{2}", False)]),
        ("kept\ngone", "kept", [("kept", "kept", True), ("gone", "", False)]),
        ("one thing", "quite another", [("one thing", "quite another", False)]),
        ("", "", []),
    ],
)
def test_lines_stand_beside_each_other_and_their_differing_words_are_marked(before, now, rows):
    found = [(shown(row.before), shown(row.now), row.same) for row in differences(before, now)]
    assert found == rows


def test_very_long_lines_are_shown_unmarked():
    (row,) = differences("a b " * 5000, "a c " * 5000)
    assert not row.same and [piece.same for piece in (*row.before, *row.now)] == [True, True]
