"""The recognizer of printed symbols as it ships: what it promises, and that it reads."""

from __future__ import annotations

import json

import numpy as np
import onnxruntime
import pytest

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.math.latex import write
from mathpixweb.engine.math.symbols import Kind, Symbol
from mathpixweb.engine.ocr import arrangement, looking, symbols
from mathpixweb.engine.ocr.sightings import FoundSymbol, Guess
from mathpixweb.engine.ocr.symbols import MODEL, Sighting, detect
from tests.engine.formula_pictures import ITALIC, ROMAN, SYMBOL, Bar, Text, picture

SUM_OF_SQUARES = picture(
    [
        Text(ITALIC, "x", 0, 4),
        Text(ROMAN, "2", 5, 8, 7),
        Text(SYMBOL, "+", 12, 4),
        Text(ITALIC, "y", 20, 4),
        Text(ROMAN, "2", 25, 8, 7),
        Text(SYMBOL, "=", 32, 4),
        Text(ROMAN, "1", 40, 4),
    ],
    46,
    16,
)
FRACTION = picture(
    [
        Text(ITALIC, "a", 1, 12),
        Text(SYMBOL, "+", 8, 12),
        Text(ITALIC, "b", 16, 12),
        Bar(0, 8.5, 22),
        Text(ROMAN, "2", 8, 0),
    ],
    22,
    20,
)
GREEK = picture(
    [
        Text(SYMBOL, "a", 0, 4),
        Text(SYMBOL, "+", 9, 4),
        Text(SYMBOL, "b", 18, 4),
        Text(SYMBOL, "=", 26, 4),
        Text(SYMBOL, "g", 35, 4),
    ],
    42,
    14,
)


def latex(gray: np.ndarray) -> str:
    return write(arrangement.read(detect(gray)))


@pytest.mark.parametrize(
    ("gray", "written"),
    [
        (SUM_OF_SQUARES, "x^{2}+y^{2}=1"),
        (FRACTION, r"\frac{a+b}{2}"),
        (GREEK, r"\alpha+\beta=\gamma"),
    ],
)
def test_a_printed_formula_is_read(gray, written):
    assert latex(gray) == written


def test_a_formula_is_read_on_gray_paper_in_uneven_light():
    light = np.linspace(0.7, 0.95, SUM_OF_SQUARES.shape[1])[None]
    assert latex((SUM_OF_SQUARES * light).astype(np.uint8)) == "x^{2}+y^{2}=1"


def test_a_symbol_tells_what_it_is_where_it_stands_and_how_large():
    seen = detect(SUM_OF_SQUARES)
    first, second = seen.symbols[0], seen.symbols[1]
    assert first.best == Symbol("x", Kind.LETTER)
    assert second.best == Symbol("2", Kind.DIGIT)
    assert first.size == pytest.approx(28, rel=0.12)  # ten points at 2.8 pixels each
    assert second.size == pytest.approx(19.6, rel=0.15)
    assert first.baseline - second.baseline == pytest.approx(4 * 2.8, abs=3)
    ink = np.argwhere(SUM_OF_SQUARES < 128)
    assert first.box.x0 == pytest.approx(ink[:, 1].min(), abs=2.5)
    assert seen.size == pytest.approx(28, rel=0.12)


def test_guesses_are_different_best_first_and_no_surer_than_certain():
    for symbol in detect(FRACTION).symbols:
        chances = [guess.probability for guess in symbol.guesses]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) <= 1.001
        assert len({guess.symbol for guess in symbol.guesses}) == len(symbol.guesses)
        assert 0 < symbol.probability <= symbol.certainty <= 1


def test_a_rule_is_found_with_its_ends():
    (rule,) = detect(FRACTION).rules
    assert not rule.vertical
    assert rule.box.width == pytest.approx(22 * 2.8, abs=3)


def test_a_large_print_in_much_white_is_read():
    large = picture(
        [Text(ITALIC, "x", 60, 60), Text(SYMBOL, "+", 68, 60), Text(ROMAN, "1", 76, 60)], 140, 130, 5.6
    )
    seen = detect(large)
    assert [symbol.best.latex for symbol in seen.symbols] == ["x", "+", "1"]
    assert seen.size == pytest.approx(56, rel=0.12)


@pytest.mark.parametrize("scale", [1.3, 1.8, 2.8, 5.0])
def test_scripts_higher_than_their_letter_do_not_mislead_about_the_size(scale):
    power = [Text(ITALIC, "i", 5, 8, 7), Text(SYMBOL, "p", 7.5, 8, 7), Text(ITALIC, "x", 12.5, 8, 7)]
    assert latex(picture([Text(ITALIC, "e", 0, 4), *power], 16, 16, scale)) == r"e^{i \pi x}"


def test_high_brackets_do_not_tell_the_size_of_what_they_hold():
    sides = [Bar(x, 0, 1, 60) for x in (0, 39)] + [Bar(x, y, 5, 1) for x in (0, 35) for y in (0, 59)]
    rows = [Text(ROMAN, digit, 17, y, 20) for digit, y in (("1", 35), ("2", 10))]
    seen = detect(picture([*sides, *rows], 40, 60))
    assert {symbol.best.latex for symbol in seen.symbols} == {"[", "1", "2", "]"}


def test_a_frame_around_a_formula_does_not_hide_it():
    frame = [Bar(0, 0, 100, 0.8), Bar(0, 60, 100, 0.8), Bar(0, 0, 0.8, 60), Bar(99.2, 0, 0.8, 60.8)]
    letters = [Text(ITALIC, "x", 40, 26), Text(SYMBOL, "+", 48, 26), Text(ROMAN, "1", 57, 26)]
    names = [symbol.best.latex for symbol in detect(picture([*frame, *letters], 100, 61)).symbols]
    assert {"x", "+", "1"} <= set(names)


def test_a_page_that_is_looked_at_in_tiles_shows_the_same(monkeypatch):
    marks: list[Text | Bar] = []
    for line in range(16):
        y = 10 + 15 * line
        marks += [
            Text(ITALIC, "x", 10, y),
            Text(SYMBOL, "+", 20, y),
            Bar(40, y + 3, 40),
            Text(ROMAN, "17", 90, y),
        ]
    ink = looking.ink_of(picture(marks, 120, 250))
    whole = looking.look(ink, 1.0)
    monkeypatch.setattr(looking, "WHOLE_PIXELS", 0)
    monkeypatch.setattr(looking, "TILE_PIXELS", 352 * 320)
    tiles = looking.look(ink, 1.0)
    assert [symbol.best for symbol in tiles.symbols] == [symbol.best for symbol in whole.symbols]
    assert len(tiles.rules) == len(whole.rules)
    assert len(whole.symbols) >= 60


@pytest.mark.parametrize("height, width", [(96, 320), (512, 512), (384, 704), (2688, 2048), (64, 6400)])
def test_tiles_are_as_large_as_memory_allows(height, width):
    tall, wide = looking._tile(height, width)
    seen = [min(side, core + 2 * looking.OVERLAP) for side, core in ((height, tall), (width, wide))]
    if (tall, wide) == (height, width):
        assert height * width <= looking.WHOLE_PIXELS
    else:
        assert 0.6 * looking.TILE_PIXELS < seen[0] * seen[1] <= looking.TILE_PIXELS


def test_a_place_that_is_not_worth_it_is_looked_at_once(monkeypatch):
    looks = []
    monkeypatch.setattr(symbols, "look", lambda ink, zoom: looks.append(zoom) or Sighting((), (), 0.0))
    symbols.detect(np.full((60, 200), 255, np.uint8), 23.0, lambda seen: False)
    assert looks == [1.0]


def test_the_size_of_what_shows_nothing_is_not_sought_at_any_price(monkeypatch):
    looks = []
    monkeypatch.setattr(symbols, "look", lambda ink, zoom: looks.append(zoom) or Sighting((), (), 0.0))
    symbols.detect(np.full((1000, 1400), 255, np.uint8), 20.0)
    assert looks == [1.15]


def test_the_grain_of_paper_around_one_small_symbol_is_no_ink():
    """Less than the darkest share of such a picture is ink, by which darkness is measured otherwise."""
    paper = np.random.default_rng(5).normal(243, 8, (400, 500)).clip(0, 255).astype(np.uint8)
    drawn = picture([Text(ITALIC, "x", 10, 10)], 30, 30)
    paper[180 : 180 + drawn.shape[0], 200 : 200 + drawn.shape[1]] = drawn
    assert [symbol.best.latex for symbol in detect(paper).symbols] == ["x"]


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (5, 3), (33, 257)])
def test_an_empty_picture_of_any_shape_shows_nothing(shape):
    seen = detect(np.full(shape, 255, np.uint8))
    assert seen.symbols == ()
    assert seen.rules == ()
    assert seen.size == 0.0


def test_the_model_is_small_and_knows_only_symbols_of_the_parser():
    assert MODEL.stat().st_size < 10_000_000
    session = onnxruntime.InferenceSession(str(MODEL), providers=["CPUExecutionProvider"])
    rows = json.loads(session.get_modelmeta().custom_metadata_map["symbols"])
    symbols = {Symbol(name, Kind(kind), face) for name, kind, face in rows}
    assert len(symbols) == len(rows) > 700
    assert {Symbol("x", Kind.LETTER), Symbol(r"\sum", Kind.OP), Symbol(r"\sqrt", Kind.RAD)} <= symbols
    assert [output.name for output in session.get_outputs()] == [
        "heat",
        "there",
        "places",
        "geometry",
        "probabilities",
        "classes",
        "rules",
    ]


@pytest.mark.parametrize(("names", "count"), [("xxx", 3), ("xyx", 4)])
def test_where_looks_see_different_symbols_there_is_one_more(monkeypatch, names, count):
    seen = iter(f"{names}x")

    def look(ink, zoom):
        guess = Guess(Symbol(next(seen), Kind.LETTER), 0.9)
        symbol = FoundSymbol((guess,), 0.9, Box(10, 10, 22, 22), 22.0, symbols.BEST_SIZE)
        return Sighting((symbol,), (), symbols.BEST_SIZE)

    monkeypatch.setattr(symbols, "look", look)
    assert len(detect(np.full((40, 40), 255, np.uint8), symbols.BEST_SIZE).looks) == count
