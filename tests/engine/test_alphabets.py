"""Which of the reference's alphabets letters belong to."""

from __future__ import annotations

import pytest

from mathpixweb.engine.ocr import alphabets


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("La fête à l'hôtel où l'âme rêve", ("en",)),
        ("Să mergem să vedem mâine țara", ("en",)),
        ("được tự do", ("en", "vi")),
        ("すべての人間は", ("ja",)),
        ("Все люди", ("ru",)),
    ],
    ids=["French", "Romanian", "Vietnamese", "Japanese", "Russian"],
)
def test_the_alphabets_of_a_text_are_seen(text, codes):
    assert alphabets.seen([text]) == codes


def test_letters_that_several_languages_have_go_with_no_alphabet_of_one_of_them():
    without = alphabets.allowed({"vi": False})
    assert not any(alphabets.forbids(without, char) for char in "âêôăđéè")
    assert all(alphabets.forbids(without, char) for char in "ơưếệảị")
    assert not any(alphabets.forbids(frozenset(("vi",)), char) for char in "âêôăđeơ")
