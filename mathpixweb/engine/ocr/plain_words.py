"""Words in which no mathematics is looked for: prose, prices, dates, codes and numbers, surely read."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.ocr.text import TextWord

SURE: Final = 0.85  # confidence of a plain word
_OPENING, _CLOSING = r"[(\[“\"'‘«]*", r"[)\]”\"'’».,;:?!*]*"
_NUMBER: Final = r"~?[-–]?[$€£¥]?\d[\d.,:/–-]*%?(?:st|nd|rd|th)?"
_PROSE: Final = r"[^\W\d_]{2,}(?:[-–—'’“”\"./]+[^\W\d_]+)*[-–—]*|[aAI]|[&|]|[–—-]"
_ELIDED: Final = (
    r"[cdjlmnstCDJLMNSTO]['’][^\W\d_]{2,}|I['’](?:m|d|ll|ve)|(?:[A-Z]\.){2,}"  # l'eau, I've, U.S.
)
MANY: Final = r"\((?:e?s|E?S|[A-Z]{2,3})\)"  # of item(s), or what is counted: Tax(RM)
_LEADER: Final = r"[.·…]+(?:\d+|[ivxlc]+)?"  # the dots that lead to the number of a page
_CODE: Final = "|".join((
    r"[A-Z]{0,3}[$€£¥]\d[\d.,]*",  # US$46.64
    r"[A-Z]{0,3}\d[\d.,:/–-]+[A-Z]{1,2}",  # 12/18A, FY2014E
    r"[A-Z][a-z]+\d+",  # Oct04
    r"(?:[^\W\d_]{2,}|\d+)(?:[-–.](?:[^\W\d_]{2,}|\d+))*",  # 04-Oct-2019, II.2
    r"[A-Z]{1,3}[&/][A-Z]{1,3}",  # S&P, P/E
    r"<?[\w.+-]{2,}@[\w-]{2,}(?:\.[\w-]{2,})+>?|<?(?:https?://|www\.)[\w./%#?=&~+-]{4,}>?",  # addresses
    r"%|[A-Z]{0,3}[$€£¥][A-Z]{0,3}",  # in brackets beside what is counted: ($MM)
))  # fmt: skip
_PLAIN: Final = re.compile(
    f"{_OPENING}(?:(?:{_PROSE})(?:{MANY})?|{_ELIDED}|{_NUMBER}|{_LEADER}|{_CODE}){_CLOSING}"
)
_CODED: Final = re.compile(f"{_OPENING}(?:{_CODE}){_CLOSING}")


def is_plain(word: TextWord) -> bool:
    return word.confidence > SURE and _PLAIN.fullmatch(word.text) is not None


def is_code(word: TextWord) -> bool:
    """Whether letters or signs in a plain word are no more mathematics than its digits are."""
    signs, letters = any(c in "&$€£¥%@/" for c in word.text), any(c.isalpha() for c in word.text)
    coded = signs or (letters and any(c.isdigit() for c in word.text))
    return coded and word.confidence > SURE and _CODED.fullmatch(word.text) is not None
