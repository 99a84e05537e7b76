"""Formulas that cannot be rendered are noticed when their page is stored, not when somebody looks at it.

Rendering costs as much as reading, so it is done here only for pages whose formulas do not surely render.
"""

from __future__ import annotations

import logging
from typing import Final, TypedDict

from mathpixweb.documents.output import rendering
from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.math.soundness import surely_renders
from mathpixweb.engine.writers.mmd.delimiters import formulas
from mathpixweb.engine.writers.web.html import BROKEN

logger = logging.getLogger(__name__)

DOUBT: Final = 0.5  # confidence of a page that holds one, at most: the search for doubtful pages finds it


class Flags(TypedDict):
    """The fields of a page that tell of it. `html` is empty where nothing had to be rendered."""

    confidence: float
    html: str


def of(mmd: str, number: int, confidence: float) -> Flags:
    """Of the text of the page with that number, which its reader is that sure of."""
    unknown: Flags = {"confidence": confidence, "html": ""}
    if len(mmd) > rendering.LONGEST_SHOWN or all(map(surely_renders, formulas(mmd))):
        return unknown
    try:
        shown = rendering.rendered(mmd, number)
    except RenderFailed as error:
        logger.warning("formulas of a page are not known to render: %s", error)
        return unknown
    return {"confidence": min(confidence, DOUBT) if BROKEN in shown else confidence, "html": shown}
