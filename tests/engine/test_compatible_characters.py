from __future__ import annotations

import pytest

from mathpixweb.engine.readers import compatible_characters


@pytest.mark.parametrize(
    ("drawn", "typed"),
    [
        ("⼀⼊⾨", "一入門"),
        ("⻚⻓", "页长"),
        ("ﻷﺏﺑ", "لأبب"),
        ("שּׁ", "שּׁ"),
        ("︵︑︒﹂", "（、。」"),
        ("ﷲ", "الله"),
        ("plain ½ ﬁ，（全）", "plain ½ ﬁ，（全）"),
    ],
)
def test_characters_for_shapes_are_those_of_text(drawn, typed):
    assert compatible_characters.plain(drawn) == typed
