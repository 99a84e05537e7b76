"""Ids that many files get at once."""

from __future__ import annotations

from itertools import islice

from mathpixweb.documents import ids


def test_file_ids_of_one_call_are_random_ones_that_stand_side_by_side() -> None:
    some, others = (list(islice(ids.new_file_ids(), 1000)) for _ in range(2))
    assert {each.version for each in some} == {4}
    assert len({*some, *others}) == 2000
    assert len({each.hex[:12] for each in some}) == 1
    assert some[0].hex[:12] != others[0].hex[:12]
    assert len({each.hex[16:] for each in some}) == 1000
