"""Trees over symbols, from made-up probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from mathpixweb.engine.ocr.ink_relations import Relation, best

RIGHT, SUP, BELOW = Relation.RIGHT, Relation.SUP, Relation.BELOW


def scores(count, likely, root=0):
    """Log probabilities: those given as {(child, parent, relation): probability}, others hardly any."""
    edges = np.full((count, count, len(Relation)), np.log(1e-4))
    for (child, parent, relation), chance in likely.items():
        edges[child, parent, relation] = np.log(chance)
    roots = np.full(count, np.log(1e-3))
    roots[root] = np.log(0.9)
    return edges, roots


def test_each_symbol_hangs_where_it_likely_does():
    tree = best(*scores(3, {(1, 0, SUP): 0.9, (2, 0, RIGHT): 0.8}))
    assert tree.parents == (-1, 0, 0)
    assert tree.relations[1:] == (SUP, RIGHT)
    assert tree.score == pytest.approx(np.log(0.9 * 0.9 * 0.8))


def test_one_symbol_is_a_tree():
    assert best(*scores(1, {})).parents == (-1,)


def test_two_symbols_do_not_hang_on_one_in_the_same_way():
    tree = best(*scores(3, {(1, 0, RIGHT): 0.9, (2, 0, RIGHT): 0.6, (2, 1, RIGHT): 0.3}))
    assert tree.parents == (-1, 0, 1)


def test_of_two_that_hang_alike_the_one_with_another_place_yields():
    likely = {(1, 0, RIGHT): 0.6, (1, 2, RIGHT): 0.55, (2, 0, RIGHT): 0.5}
    assert best(*scores(3, likely)).parents == (-1, 2, 0)


def test_symbols_that_hang_on_each_other_are_hung_on_the_rest():
    likely = {(1, 2, RIGHT): 0.8, (2, 1, SUP): 0.8, (1, 0, RIGHT): 0.3, (2, 0, BELOW): 0.01}
    assert best(*scores(3, likely)).parents == (-1, 0, 1)


def test_the_first_symbol_is_the_one_that_least_hangs_on_another():
    assert best(*scores(3, {(0, 1, RIGHT): 0.9, (1, 2, RIGHT): 0.9}, root=2)).parents == (1, 2, -1)


@pytest.mark.parametrize("seed", range(8))
def test_any_scores_give_a_tree_with_one_symbol_for_each_hook(seed):
    rng = np.random.default_rng(seed)
    edges, roots = np.log(rng.random((12, 12, len(Relation)))), np.log(rng.random(12))
    tree = best(edges, roots)
    assert tree.parents.count(-1) == 1
    for start in range(12):
        path = [start]
        while tree.parents[path[-1]] >= 0:
            path.append(tree.parents[path[-1]])
            assert len(path) <= 12
    hooks = [pair for pair in zip(tree.parents, tree.relations, strict=True) if pair[0] >= 0]
    assert len(set(hooks)) == len(hooks)
