"""How pictures go through the networks of text: lines as narrow as can be read, pages in strips."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.ocr import line_network, text_lines, text_regions
from mathpixweb.engine.ocr.text_lines import Character, Reading

FULL = 800  # pixels that STRIP is long at the height of the network …
ENOUGH = (
    565  # … where its letters are read as well: 1.52 columns of 8 for each of 36, a quarter more, and ends …
)
WIDER = 687  # … and where 55 of them are


def strip_of(letters):
    strip = np.full((24, 400), 255, np.uint8)
    for left in np.linspace(5, 390, letters).astype(int):
        strip[6:18, left : left + 3] = 0
    return strip


STRIP = strip_of(36)


def reading(text, confidence):
    return Reading(tuple(Character(char, 0.0, 1.0, confidence) for char in text))


@pytest.fixture
def seen(monkeypatch):
    """What the network says of strips of each width; the widths that it was asked."""
    said, asked = {}, []

    def see(strip, forbidden):
        asked.append(strip.shape[1])
        return said[strip.shape[1]]

    monkeypatch.setattr(text_lines, "_seen", see)
    monkeypatch.setattr(line_network, "rest", lambda: None)
    return said, asked


def test_a_line_that_is_clear_is_read_once_and_as_narrow_as_its_letters_allow(seen):
    said, asked = seen
    said[ENOUGH] = reading("a clear line", 0.99)
    assert text_lines.read([STRIP])[0].text == "a clear line"
    assert asked == [ENOUGH]


@pytest.mark.parametrize(
    "narrow",
    [reading("a dcubtful line", 0.9), reading("两行文字", 0.99)],
    ids=["unsure", "chinese"],
)
def test_a_line_that_is_not_clear_is_read_again_at_its_full_width(seen, narrow):
    said, asked = seen
    said |= {ENOUGH: narrow, FULL: reading("the line", 0.95)}
    assert text_lines.read([STRIP])[0].text == "the line"
    assert asked == [ENOUGH, FULL]


def test_a_line_with_more_letters_than_it_seemed_to_have_is_read_again_as_wide_as_they_need(seen):
    said, asked = seen
    said |= {ENOUGH: reading("nrrw lttrs " * 5, 0.98), WIDER: reading("narrow letters, many of them", 0.99)}
    assert text_lines.read([STRIP])[0].text == "narrow letters, many of them"
    assert asked == [ENOUGH, WIDER]


def test_a_line_whose_letters_stand_close_is_read_at_its_full_width_at_once(seen):
    said, asked = seen
    said[FULL] = reading("a line of many letters", 0.9)
    assert text_lines.read([strip_of(50)])[0].text == "a line of many letters"
    assert asked == [FULL]


def test_lines_before_tell_how_broad_letters_are_that_broke_to_pieces(seen):
    said, asked = seen
    text = "a line of forty-five letters, blanks and all."
    said |= {FULL: reading(text, 0.99), ENOUGH: reading(text, 0.98)}
    read = text_lines.read([strip_of(50)] * 3)
    assert [line.confidence for line in read] == pytest.approx([0.99, 0.99, 0.98])
    assert asked == [FULL, FULL, ENOUGH]


def test_an_empty_line_is_not_read_again(seen):
    said, asked = seen
    said[ENOUGH] = reading("", 0.0)
    assert text_lines.read([STRIP])[0].text == ""
    assert asked == [ENOUGH]


class Said:
    """A network that says this, of as many columns as it is asked about."""

    def __init__(self, *said):
        self.said, self.asked = said, []

    def get_inputs(self):
        return [type("Input", (), {"name": "x"})]

    def run(self, outputs, given):
        self.asked.append(given["x"].shape[1])
        return [said[:, : given["x"].shape[1]] if len(self.said) == 1 else said for said in self.said]


@pytest.mark.parametrize(("label", "asked"), [(2, [1]), (3, [1, 2])], ids=["letter", "ideograph"])
def test_a_line_with_an_ideograph_is_looked_up_as_a_whole(monkeypatch, label, asked):
    few = np.array([[[0.9995, 0.0, 0.0005], [0.4, 0.3, 0.3], [0.0, 0.9995, 0.0005]]], np.float32)
    of_all = np.full((1, 3, 4), 0.01, np.float32)
    of_all[:, :, label] = 0.97
    last = Said(of_all)
    network = line_network._Network(Said(few, np.zeros((1, 3, 4))), last, np.arange(3), ("", "a", "b", "文"))
    monkeypatch.setattr(line_network, "_network", lambda: network)
    labels, _ = line_network.columns(np.full((48, 24), 255, np.uint8))
    assert last.asked == asked
    assert labels.tolist() == ([3, 3, 3] if label == 3 else [0, 2, 1])


class Echo:
    """A network that finds text where the picture is light, in parts that are not too high."""

    def __init__(self):
        self.heights = []

    def get_inputs(self):
        return [type("Input", (), {"name": "x"})]

    def run(self, outputs, planes, options):
        self.heights.append(planes["x"].shape[2])
        return [planes["x"][:, :1]]


@pytest.mark.parametrize("height", [64, 960, 1248])
def test_a_page_goes_through_the_network_in_strips_that_fit_together(monkeypatch, height):
    network = Echo()
    monkeypatch.setattr(text_regions.networks, "session", lambda name: network)
    monkeypatch.setattr(text_regions, "STRIP_PIXELS", 320 * 64)
    plane = np.random.default_rng(1).random((height, 64), np.float32)
    assert np.array_equal(text_regions._certainties(plane), plane)
    assert max(network.heights) <= 320 + 2 * text_regions.OVERLAP


def test_the_memory_that_lines_take_is_kept_from_one_to_the_next_and_given_back_after_the_last(
    seen, monkeypatch
):
    said, asked = seen
    said |= {FULL: reading("a line of many letters", 0.9), 480: reading("too narrow", 0.9)}
    read_before = []
    monkeypatch.setattr(line_network, "rest", lambda: read_before.append(len(asked)))
    text_lines.read([strip_of(50)] * 3)
    text_lines.read([])
    assert read_before == [len(asked)]
