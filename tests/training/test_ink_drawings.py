"""Drawings of symbols as the data sets have them."""

from __future__ import annotations

import random
import zipfile

import numpy as np

from training.ink import omniglot, unipen
from training.ink.distortion import distorted
from training.ink.samples import Bank

HEAD = ".VERSION 1.0\n.COORD X Y T\n.WRITER_ID w7\n"


def test_unipen_characters_are_cut_from_the_strokes_of_other_files(tmp_path):
    (tmp_path / "data/1a/abc").mkdir(parents=True)
    (tmp_path / "include/abc").mkdir(parents=True)
    strokes = ".PEN_DOWN\n0 0 1\n0 900 2\n.PEN_UP\n5 5 3\n.PEN_DOWN\n10 0 4\n20 900 5\n30 0 6\n40 900 7\n"
    (tmp_path / "include/abc/one.dat").write_text(HEAD + strokes)
    segments = '.SEGMENT CHARACTER 0 ? "1"\n.SEGMENT CHARACTER 2:1-2:2 ? "7"\n.SEGMENT WORD 0-2 ? "17"\n'
    (tmp_path / "data/1a/abc/list.dat").write_text(".INCLUDE abc/one.dat\n" + segments)
    found = list(unipen.drawings(tmp_path))
    assert [(who, char) for who, char, _ in found] == [("abc w7", "1"), ("abc w7", "7")]
    assert [[stroke.tolist() for stroke in drawing] for _, _, drawing in found] == [
        [[[0, 0], [0, -900]]],
        [[[20, -900], [30, 0]]],
    ]


def test_omniglot_has_letters_by_alphabet_and_writer(tmp_path):
    path = tmp_path / "strokes.zip"
    with zipfile.ZipFile(path, "w") as files:
        files.writestr("s/Latin/character02/0002_03.txt", "START\n1,-2,0\n3,-4,5\nBREAK\n9,-9,9\nBREAK\n")
        files.writestr("s/Korean/character01/0003_03.txt", "START\n1,-2,0\nBREAK\n")
    [(writer, latex, strokes)] = omniglot.drawings(path)
    assert (writer, latex) == ("omniglot Latin 03.txt", "b")
    assert [stroke.tolist() for stroke in strokes] == [[[1, 2], [3, 4]], [[9, 9]]]


def test_drawings_of_more_strokes_than_a_symbol_has_are_left_out():
    bank = Bank()
    stroke = np.zeros((2, 2), np.float32)
    bank.add("x", [stroke] * 5)
    bank.add("x", [stroke] * 2, "somebody")
    bank.add("no symbol", [stroke])
    assert {latex: len(found) for latex, found in bank.all.items()} == {"x": 1}
    assert list(bank.writers) == ["somebody"]


def test_a_bent_drawing_has_the_same_strokes_in_about_the_same_places():
    drawing = [np.array([[0, 0], [40, 0]], np.float32), np.array([[20, 0], [20, 90]], np.float32)]
    bent = distorted(drawing, random.Random(5), 1.0)
    assert len(bent) == 2
    assert np.abs(bent[1][-1] - bent[1][0])[1] > 0.6
    assert any(
        not np.array_equal(one, other)
        for one, other in zip(bent, distorted(drawing, random.Random(6), 1.0), strict=True)
    )
