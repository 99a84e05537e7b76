"""Signs of mathematics among words, which LaTeX has in formulas only: one would end the whole document."""

from __future__ import annotations

import re
from typing import Final

from mathpixweb.engine.math.symbols import is_command

IN_WORDS_TOO: Final = frozenset(
    (
        "P",
        "S",
        "copyright",
        "dagger",
        "ddagger",
        "ldots",
        "pounds",
        "checkmark",
        "maltese",
        "circledR",
        "degree",
    )
)
OTHERS: Final = frozenset(
    re.findall(
        r"\w+",
        """le ge ne to gets land lor lnot iff implies cdots lim sin cos tan log ln exp max min sup inf det""",
    )
)
GROUP: Final = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
TWO: Final = r"\\(?:[dt]?frac|[dt]?binom|overset|underset|stackrel)\s*" + GROUP + r"\s*" + GROUP
ONE: Final = (
    r"\\(?:sqrt|vec|hat|bar|tilde|dot|ddot|check|breve|widehat|widetilde|overline|overrightarrow|overbrace|underbrace"
    r"|mathbf|mathrm|mathit|mathsf|mathtt|mathcal|mathbb|mathfrak|mathscr|operatorname|boldsymbol)\*?\s*"
    r"(?:\[[^\[\]]*\])?\s*" + GROUP
)
SCRIPTS: Final = rf"(?:\s*[_^]\s*(?:{GROUP}|[A-Za-z0-9]|\\[A-Za-z]+))*"
DEFINED: Final = r"(?<!\\def)(?<!\\let)(?<!command\{)(?<!command\*\{)(?<!Operator\{)"
SIGN: Final = re.compile(rf"(?<!\\){DEFINED}(?:{TWO}|{ONE}|\\(?P<name>[A-Za-z]+)){SCRIPTS}")


def wrapped(words: str) -> str:
    """The words, code and formulas apart, with each such sign as a formula."""
    return SIGN.sub(_wrapped, words) if "\\" in words else words


def _wrapped(found: re.Match[str]) -> str:
    name = found["name"]
    if name and (name in IN_WORDS_TOO or not (is_command(name) or name in OTHERS)):
        return found[0]
    return rf"\ensuremath{{{found[0]}}}"
