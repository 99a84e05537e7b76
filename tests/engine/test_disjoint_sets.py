"""Groups of things that belong together pairwise."""

from mathpixweb.engine.disjoint_sets import DisjointSets


def test_what_is_joined_through_others_is_one_group():
    sets = DisjointSets("abcdef")
    for one, other in ("ab", "ec", "bc"):
        sets.join(one, other)
    assert sets.groups() == [["a", "b", "c", "e"], ["d"], ["f"]]
    assert sets.root("c") == "a", "that of the first of the two"


def test_a_member_can_come_later_and_twice():
    sets = DisjointSets([1])
    sets.add(2)
    sets.join(1, 2)
    sets.add(2)
    assert 3 not in sets
    assert sets.groups() == [[1, 2]]
