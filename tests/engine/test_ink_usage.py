import numpy as np
import pytest

from mathpixweb.engine.ocr.ink_alphabet import CLASSES, INDEX
from mathpixweb.engine.ocr.ink_relations import Relation, Tree
from mathpixweb.engine.ocr.ink_usage import Choice, usage


def chain(length, relation=Relation.RIGHT):
    """Each symbol hangs on the one before."""
    return Tree(tuple(range(-1, length - 1)), (relation,) * length, 0.0)


def seen(*symbols):
    """Log probabilities of what each symbol was seen as: LaTeX, or what it may be with how likely that is."""
    names = np.full((len(symbols), len(CLASSES)), -12.0, np.float32)
    for row, symbol in zip(names, symbols, strict=True):
        for latex, chance in ({symbol: 1.0} if isinstance(symbol, str) else symbol).items():
            row[INDEX[latex]] = np.log(chance)
    return names


def read(names, tree):
    choice = Choice.of(names, tree)
    return [CLASSES[k].latex for k in choice.classes(choice.best())]


@pytest.mark.parametrize(
    ("symbols", "at", "truth"),
    [
        (("f", "(", {r"\times": 0.55, "x": 0.45}, ")"), 2, "x"),
        (("3", {"x": 0.4, r"\times": 0.6}, "+", "1"), 1, "x"),
        (("1", {"O": 0.5, "0": 0.4}, "0", "0"), 1, "0"),
        (("a", "=", {"S": 0.5, "5": 0.45}, "0"), 2, "5"),
        (("x", {"z": 0.5, "2": 0.4}), 1, "2"),
    ],
)
def test_what_stands_around_tells_symbols_of_one_shape(symbols, at, truth):
    tree = chain(len(symbols), Relation.SUP if len(symbols) == 2 else Relation.RIGHT)
    assert read(seen(*symbols), tree)[at] == truth


def test_what_was_seen_well_stays_however_rare_it_is():
    symbols = ("+", r"\aleph", r"\star", ")", r"\Xi")
    assert read(seen(*symbols), chain(5)) == list(symbols)


def test_a_symbol_alone_is_what_it_looks_like():
    assert read(seen({"+": 0.51, "t": 0.49}), chain(1)) == ["+"]


def test_the_choice_that_fits_best_has_the_highest_score():
    choice = Choice.of(seen({"x": 0.5, r"\times": 0.5}, {"z": 0.5, "2": 0.5}, {"+": 0.6, "t": 0.4}), chain(3))
    best = choice.best()
    others = choice.others(best, 4)
    scores = [choice.score(other) for other in others]
    assert len(others) == 4
    assert scores == sorted(scores, reverse=True)
    assert choice.score(best) >= scores[0]
    assert all(sum(a != b for a, b in zip(best, other, strict=True)) == 1 for other in others)


def test_an_exponent_of_a_letter_is_more_usual_than_one_of_a_plus():
    two, x, plus = INDEX["2"], INDEX["x"], INDEX["+"]
    hooks = usage().hooks([x, two, plus])
    assert hooks[1, 0, Relation.SUP] > hooks[1, 2, Relation.SUP]
