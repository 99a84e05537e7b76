"""Search by substring over what pages say: words, formulas, file names.

Text and question are normalised alike, so `\\nabla \\cdot E` finds `\\nabla\\cdot E` and `E=mc^2` finds
`E=m c^{2}`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from itertools import islice

from django.db.models import Q, QuerySet

from mathpixweb.documents.models import Document, Page
from mathpixweb.documents.search import search_index

LONGEST_QUESTION = 400  # characters; what is longer is cut
MOST_TERMS = 8
LOOKED_THROUGH = 100_000  # characters, some 0.1 s of work
END = "  "  # the last characters of a page begin a trigram too
MOST_PAGES = 500
MOST_DOCUMENTS = 100

UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UNSEEN = re.compile(r"[\xad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
DELIMITERS = re.compile(r"\\[()\[\]]|\$")
LOOKS = re.compile(
    r"\\(?:(?:left|right|quad|qquad|displaystyle|textstyle|limits|nolimits)(?![A-Za-z])|[,;:!> ])"
)
ARGUMENT = re.compile(r"(\\[A-Za-z]+)(?:\s*\{(\\[A-Za-z]+|\\?\w)\}|(?=\d))")
SINGLE = re.compile(r"\{(?:(\\[A-Za-z]+)|(\\?\w))\}")
SPACE = re.compile(r"\s+")
LOOSE_SPACE = re.compile(r"(?<![^\W_]) | (?![^\W_])")
FACTORS = re.compile(r"(?<![\w\\])(\d+|[^\W_]) (?=[^\W_](?![^\W_]))")

PIECE = re.compile(r'"([^"]*)"|(\S+)')
WORD = re.compile(r"[^\W\d_]{2,}[.,;:!?]*|\d+[.,;:!?]*|.*(?<![\\A-Za-z])[^\W\d_]{3,}.*")


def normalise(text: str) -> str:
    """One form for what is stored and what is asked.

    Case folded, without formula delimiters and what only changes the look of a formula; no braces around a
    single sign; spaces only between words.
    """
    text = unicodedata.normalize("NFKC", _readable(text))
    text = LOOKS.sub(" ", DELIMITERS.sub(" ", text))
    text = SINGLE.sub(_unwrapped, ARGUMENT.sub(_applied, text)).casefold()
    return FACTORS.sub(r"\1", LOOSE_SPACE.sub("", SPACE.sub(" ", text))).strip()


def stored(plain: str, mmd: str) -> str:
    """What a page is searched by: how it reads and how it is written."""
    return normalise(f"{plain}\n{mmd}") + END


def _readable(text: str) -> str:
    """Without what cannot be seen, nor be given to a database."""
    return UNSEEN.sub("", UNPRINTABLE.sub(" ", text))


def _applied(found: re.Match[str]) -> str:
    """`\\sqrt{2}`, `\\sqrt2` and `\\sqrt 2` in one form."""
    return f"{found[1]} {found[2] or ''}"


def _unwrapped(found: re.Match[str]) -> str:
    return f"{found[1]} " if found[1] else found[2]


def terms(question: str) -> list[str]:
    """The normalised pieces that must all occur: words, quoted phrases, and formulas in one piece."""
    pieces: list[str] = []
    formula: list[str] = []
    for quoted, bare in PIECE.findall(_readable(question)[:LONGEST_QUESTION]):
        piece = quoted or bare.replace('"', "")
        if not quoted and not WORD.fullmatch(piece):
            formula.append(piece)
            continue
        pieces += [" ".join(formula), piece]
        formula = []
    normal = (normalise(piece) for piece in [*pieces, " ".join(formula)])
    return list(dict.fromkeys(term for term in normal if term))[:MOST_TERMS]


def find(documents: QuerySet[Document], question: str) -> QuerySet[Page]:
    """Pages of `documents` that contain every term, newest document first; the newest MOST_PAGES of them."""
    asked = terms(question)
    hits = search_index.newest(documents, asked) if asked else iter(())
    return (
        Page.objects.filter(pk__in=[page for page, _ in islice(hits, MOST_PAGES)])
        .select_related("document")
        .order_by("-document__created_at", "-document_id", "index")
    )


def find_documents(documents: QuerySet[Document], question: str) -> QuerySet[Document]:
    """Documents whose name holds every word or one of whose pages every term; all, when nothing is asked."""
    return documents.filter(matching(documents, question))


def matching(documents: QuerySet[Document], question: str) -> Q:
    """The same as a condition on `documents`, whose own conditions are then asked once."""
    if not terms(question):
        return Q(pk__isnull=False)
    newest = islice(search_index.newest_documents(documents, terms(question)), MOST_DOCUMENTS)
    return _named(question) | Q(pk__in=list(newest))


def _named(question: str) -> Q:
    """Names as they stand, since nothing normalises them. SQLite folds the case of ASCII letters only."""
    named = Q()
    for word in _readable(question)[:LONGEST_QUESTION].replace('"', " ").split()[:MOST_TERMS]:
        named &= Q(name__icontains=word) if word.isascii() else Q(name__iregex=re.escape(word))
    return named


def place(text: str, question: str) -> tuple[int, int] | None:
    """Where in the text, as it is written, the first piece of the question stands; None when none does.

    Only the beginning of a text much longer than any page is looked through.
    """
    text = text[:LOOKED_THROUGH]
    for keep in (_is_sign, str.isalnum):
        for term in terms(question):
            if found := _place(text, term, keep):
                return found
    return None


def _place(text: str, term: str, keep: Callable[[str], bool]) -> tuple[int, int] | None:
    """Where the term stands in the text, comparing only the characters to `keep`."""
    wanted = "".join(filter(keep, term))
    if not wanted:
        return None
    if text.isascii():  # as most often: without asking about each character
        found = _apart(wanted, keep).search(text.lower()) if wanted.isascii() else None
        return _whole(text, *found.span()) if found else None
    folded = [
        (character, at)
        for at, original in enumerate(text)
        for character in _folded(original)
        if keep(character)
    ]
    start = "".join(character for character, _ in folded).find(wanted)
    return _whole(text, folded[start][1], folded[start + len(wanted) - 1][1] + 1) if start >= 0 else None


@lru_cache(maxsize=256)
def _apart(wanted: str, keep: Callable[[str], bool]) -> re.Pattern[str]:
    """The characters with any number of others between them that are not to be kept."""
    others = r"[\s\x1c-\x1f{}$]*" if keep is _is_sign else r"[\W_]*"
    return re.compile(others.join(map(re.escape, wanted)), re.ASCII)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """With the backslash before it and the braces after it that belong to the hit."""
    if text[start].isalpha() and text[:start].endswith("\\"):
        start -= 1
    while text[end : end + 1] == "}" and text.count("{", start, end) > text.count("}", start, end):
        end += 1
    return start, end


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    return unicodedata.normalize("NFKC", character).casefold()


def _is_sign(character: str) -> bool:
    """Neither a space nor a brace, which one spelling of a formula has and another has not."""
    return not character.isspace() and character not in "{}$"
