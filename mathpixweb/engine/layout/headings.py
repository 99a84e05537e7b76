"""Section headings: larger or bold rows that stand by themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from mathpixweb.engine import writing_systems
from mathpixweb.engine.layout.draft import Draft, Row
from mathpixweb.engine.layout.words import is_bold, prose_share

LARGER = 1.12  # of the body size
SLIGHTLY_LARGER = 1.06
MOST_WORDS = 24
MOST_ROWS = 4
BOLD_SHARE = 0.8
MOST_INDENT = 30.0  # points, of a paragraph
AIR_ABOVE = 0.55  # em more than between lines of text
_NUMBERED = re.compile(r"(?:(?i:chapter|section|appendix|part|§)\s*)?(\d+|[A-Z])((?:\.\d+)*)\.?(?:\s+|$)")
# Chapters and sections where numbers stand between two ideographs, or Korean syllables.
_CHAPTER = re.compile(
    r"(?:第\s*[〇零一二三四五六七八九十百\d]+\s*|제\s*\d+\s*)(?:([章篇部编編장편부])|([节節절]))"
)
LONGEST_CHAPTER = 28  # characters
_ROMAN = re.compile(r"[IVX]{1,5}\.\s+\S")
_RUN_IN = re.compile(r"(?i)(abstract|index terms|keywords)\s*[—–]\s*\S")  # paragraphs in bold of the IEEE
_LETTERED = re.compile(r"([A-Z]|\d+(?:\.\d+)+)\.?\s+[A-Z]")  # of sections within those of the IEEE
_UNNUMBERED = re.compile(
    r"(?i)(abstract|introduction|conclusions?|summary|references|bibliography|acknowledge?ments?|contents"
    r"|appendix|table of contents|preface|discussion|results|methods"
    r"|einleitung|zusammenfassung|literatur|literaturverzeichnis|inhaltsverzeichnis|anhang"
    r"|résumé|références|bibliographie|table des matières|remerciements|annexe"
    r"|resumen|introducción|conclusiones|referencias|bibliografía|agradecimientos|índice"
    r"|введение|заключение|литература|список литературы|содержание|оглавление|приложение"
    r"|摘\s*要|引\s*言|绪\s*论|緒\s*論|序\s*論|结\s*论|結\s*論|参考文献|參考文獻|致\s*谢|致\s*謝|謝\s*辞|附\s*录|附\s*錄|付\s*録"
    r"|目\s*录|目\s*錄|目\s*次|概\s*要|要\s*旨|はじめに|おわりに|まとめ|서\s*론|결\s*론|참고\s*문헌|초\s*록|목\s*차|부\s*록"
    r"|מבוא|תקציר|סיכום|ביבליוגרפיה|תוכן עניינים|مقدمة|خاتمة|الخاتمة|المراجع|ملخص|المحتويات)[.:：]?"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def mark(draft: Draft) -> Draft:
    """Gives headings their role and level."""
    rows = list(draft.rows)
    for position, row in enumerate(rows):
        if row.role == "text" and row.words and _is_heading(rows, position, draft):
            rows[position] = replace(row, role="section_header", level=_level(row, draft))
    return replace(draft, rows=tuple(_without_paragraphs(rows)))


def _without_paragraphs(rows: Sequence[Row]) -> list[Row]:
    """The rows, of which no more than a few that follow each other in one size are a heading."""
    kept: list[Row] = []
    for (role, _), group in groupby(rows, key=lambda row: (row.role, round(row.size, 1))):
        run = list(group)
        if role == "section_header" and len(run) > MOST_ROWS:
            run = [replace(row, role="text", level=0) for row in run]
        kept += run
    return kept


def _is_heading(rows: Sequence[Row], position: int, draft: Draft) -> bool:
    row = rows[position]
    text = row.text
    if len(row.words) > MOST_WORDS or not _WORD.search(text) or _RUN_IN.match(text):
        return False
    if writing_systems.length_in_words(word.text for word in row.words) > MOST_WORDS:
        return False
    if prose_share(row.words) == 0 and any(word.math for word in row.words):
        return False
    if row.size > LARGER * draft.body_size:
        return True
    if not _stands_apart(rows, position):
        return False
    if row.size > SLIGHTLY_LARGER * draft.body_size and (_NUMBERED.match(text) or _bold_share(row) > 0.4):
        return True
    if _UNNUMBERED.fullmatch(text) or (_CHAPTER.match(text) and not _is_sentence(text)):
        return True
    if _bold_share(row) > BOLD_SHARE:
        return bool(_NUMBERED.match(text)) or not text.rstrip().endswith((".", ",", ";", ":"))
    if _LETTERED.match(text) and _italic_share(row) > BOLD_SHARE and not text.endswith("."):
        return position + 1 == len(rows) or _italic_share(rows[position + 1]) < BOLD_SHARE
    return bool(_ROMAN.match(text)) and _is_centred(row, draft)


def _is_sentence(text: str) -> bool:
    """Whether a line in ideographs that begins with the number of a chapter says something of it."""
    return len(text) > LONGEST_CHAPTER or text.endswith(tuple("。，；、．"))


def is_plain(row: Row) -> bool:
    """Whether nothing but its size makes the row a heading."""
    return _bold_share(row) < 0.5 and not _NUMBERED.match(row.text) and not _UNNUMBERED.fullmatch(row.text)


def _bold_share(row: Row) -> float:
    letters = [glyph for glyph in row.glyphs if glyph.char.isalpha() or len(glyph.name) == 1]
    return sum(is_bold(glyph) for glyph in letters) / (len(letters) or 1)


def _is_centred(row: Row, draft: Draft) -> bool:
    """Whether the row is in the middle of its column, whose text may begin with an indent."""
    nearest, right = draft.left_of(row), draft.right_of(row) - row.box.x1
    lefts = [left for left in (nearest, *draft.lefts) if nearest - MOST_INDENT < left <= nearest]
    return any(abs((row.box.x0 - left) - right) < 6 for left in lefts)


def _italic_share(row: Row) -> float:
    letters = [glyph for glyph in row.glyphs if glyph.char.isalpha()]
    return sum(glyph.family == "it" for glyph in letters) / (len(letters) or 1)


def _stands_apart(rows: Sequence[Row], position: int) -> bool:
    """Whether there is more white above the row than between lines, or nothing at all."""
    row = rows[position]
    if position == 0:
        return True
    above = rows[position - 1]
    gap = above.box.y0 - row.box.y1
    return gap < -row.size or gap > AIR_ABOVE * row.size or above.role != "text"


def _level(row: Row, draft: Draft) -> int:
    """1 to 3: the depth of the section number where there is one, else the rank of the size."""
    chapter = _CHAPTER.match(row.text)
    if chapter:
        return 1 if chapter[1] else 2
    numbered = _NUMBERED.match(row.text)
    if numbered and (numbered[2] or numbered[1].isdigit()):
        return min(3, 1 + numbered[2].count("."))
    if numbered and _italic_share(row) > BOLD_SHARE:
        return 2
    larger = sum(size > row.size * 1.04 for size in draft.survey.heading_sizes)
    return min(3, 1 + larger)
