"""Content streams: what is written plainly is found whole, and reads as it does lexeme by lexeme."""

from __future__ import annotations

from typing import Any

import pytest

from mathpixweb.engine.readers import content

PLAIN: list[tuple[bytes, bytes, list[Any]]] = [
    (b"1 0 0 -1.5 .5 7. cm", b"cm", [1.0, 0.0, 0.0, -1.5, 0.5, 7.0]),
    (b"q", b"q", []),
    (b"/F8 9.96 Tf", b"Tf", [content.Name("F8"), 9.96]),
    (b"/A#42 1 Tf", b"Tf", [content.Name("AB"), 1.0]),
    (b"[(W)83(e)-333.5( \\(a\\051)]TJ", b"TJ", [[b"W", 83.0, b"e", -333.5, b" (a)"]]),
    (b"[(a) -2 3-4 (b)()] TJ", b"TJ", [[b"a", -2.0, 3.0, -4.0, b"b", b""]]),
    (b"[<41> 5 <4>]TJ", b"TJ", [[b"A", 5.0, b"@"]]),
    (b"12 0 Td (so\\\\) Tj", b"Tj", [b"so\\"]),
    (b"<00410> Tj", b"Tj", [b"\x00A\x00"]),
    (b"--5 0-3 Td", b"Td", [-5.0, 0.0, -3.0]),
    (b"1.2.3 w", b"w", [1.2, 0.3]),
    (b"1\x002 Td", b"Td", [1.0, 2.0]),
    (b"(a(b)c) Tj", b"Tj", [b"a(b)c"]),
    (b"[[(a)] (b)]TJ", b"TJ", [[[b"a"], b"b"]]),
    (b"true /Name gs", b"gs", [True, content.Name("Name")]),
]


@pytest.mark.parametrize(("written", "operator", "operands"), PLAIN)
def test_a_statement_reads_the_same_whole_and_lexeme_by_lexeme(
    written: bytes, operator: bytes, operands: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(content.operations(written))[-1] == (operator, operands)
    monkeypatch.setattr(content, "_take", lambda *_: None)
    assert list(content.operations(written))[-1] == (operator, operands)


def test_numbers_without_end_do_not_fill_the_memory() -> None:
    ((operator, operands),) = content.operations(b"1 " * 3_000 + b"w")
    assert operator == b"w"
    assert len(operands) <= content.MOST_OPERANDS + 60  # as many as a statement may have itself
