"""How pictures go through the networks of text: lines at first condensed, pages in strips."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.ocr import text_lines, text_regions
from mathpixweb.engine.ocr.text_lines import Character, Reading

STRIP = np.full((24, 400), 255, np.uint8)  # 800 pixels long at the height of the network


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
    return said, asked


def test_a_line_that_is_clear_is_read_once_and_condensed(seen):
    said, asked = seen
    said[640] = reading("a clear line", 0.99)
    assert text_lines.read([STRIP])[0].text == "a clear line"
    assert asked == [640]


@pytest.mark.parametrize(
    "condensed", [reading("a dcubtful line", 0.9), reading("nrrw lttrs " * 5, 0.98)], ids=["unsure", "dense"]
)
def test_a_line_that_is_not_clear_is_read_again_at_its_full_width(seen, condensed):
    said, asked = seen
    said |= {640: condensed, 800: reading("the line", 0.95)}
    assert text_lines.read([STRIP])[0].text == "the line"
    assert asked == [640, 800]


def test_an_empty_line_is_not_read_again(seen):
    said, asked = seen
    said[640] = reading("", 0.0)
    assert text_lines.read([STRIP])[0].text == ""
    assert asked == [640]


class Echo:
    """A network that finds text where the picture is light, in parts that are not too high."""

    def __init__(self):
        self.heights = []

    def get_inputs(self):
        return [type("Input", (), {"name": "x"})]

    def run(self, outputs, planes):
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
