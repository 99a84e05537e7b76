"""The characters that were asked for: letters of the allowed alphabets, punctuation in full or half width."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from mathpixweb.engine.layout.draft import Draft
from mathpixweb.engine.model import Block, Options, Span, Text
from mathpixweb.engine.ocr import alphabets

FULL_WIDTH = {",": "，", ".": "。", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）"}
HALF_WIDTH = {full: half for half, full in FULL_WIDTH.items()} | {"、": ",", "．": ".", "｡": ".", "､": ","}
_HALF = re.compile(r"(?<=\d)[.,:](?=\d)|([,.:;!?()]) ?")  # within a number it is no punctuation
_FULL = re.compile(f"([{''.join(HALF_WIDTH)}])(?=(.?))")
_BLANKS = re.compile(r"(?<=\s)\s+")
_VERBATIM = ("code", "math")

Rewrite = Callable[[str], str]


def choose(draft: Draft) -> Draft:
    """The blocks with nothing but the characters that were asked for."""
    for rewrite in _rewrites(draft.options):
        draft = replace(draft, blocks=_rewritten(draft.blocks, rewrite))
    return draft


def _rewrites(options: Options) -> list[Rewrite]:
    rewrites: list[Rewrite] = []
    allowed = alphabets.allowed(options.alphabets_allowed)
    if allowed:
        rewrites.append(lambda text: _of_alphabets(text, allowed))
    if options.fullwidth_punctuation is not None:
        rewrites.append(_in_full_width if options.fullwidth_punctuation else _in_half_width)
    return rewrites


def _of_alphabets(text: str, allowed: frozenset[str]) -> str:
    kept = "".join(char for char in text if not alphabets.forbids(allowed, char))
    return kept if kept == text else _BLANKS.sub("", kept)


def _in_full_width(text: str) -> str:
    """Marks lose the blank after them, which their own width replaces."""
    return _HALF.sub(lambda found: FULL_WIDTH[found[1]] if found[1] else found[0], text)


def _in_half_width(text: str) -> str:
    return _FULL.sub(_half, text)


def _half(found: re.Match[str]) -> str:
    """The mark with the blank that stands after a narrow one."""
    mark, following = HALF_WIDTH[found[1]], found[2]
    parted = mark == "(" or not following or following.isspace() or following in HALF_WIDTH
    return mark if parted else f"{mark} "


def _rewritten(blocks: Sequence[Block], rewrite: Rewrite) -> tuple[Block, ...]:
    return tuple(each for block in blocks if (each := _block(block, rewrite)) is not None)


def _block(block: Block, rewrite: Rewrite) -> Block | None:
    """The block; None if it had text and now has none."""
    if block.type in _VERBATIM:
        return block
    lines = tuple(
        replace(line, spans=tuple(_span(span, rewrite) for span in line.spans)) for line in block.lines
    )
    children = _rewritten(block.children, rewrite)
    is_emptied = (
        block.lines and not children and not any(_says(span) for line in lines for span in line.spans)
    )
    gone = is_emptied and block.type not in ("table_cell", "table_row")
    return None if gone else replace(block, lines=lines, children=children)


def _span(span: Span, rewrite: Rewrite) -> Span:
    return replace(span, text=rewrite(span.text)) if isinstance(span, Text) else span


def _says(span: Span) -> bool:
    return not isinstance(span, Text) or bool(span.text.strip())
