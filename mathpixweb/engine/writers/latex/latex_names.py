"""Commands and environments that a text uses, so that LaTeX can show those it does not know."""

from __future__ import annotations

import re

from mathpixweb.engine.writers.mmd.mmd_source import CODE

VERBATIM = re.compile(CODE, re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"\\([A-Za-z]+)")
ENVIRONMENT = re.compile(r"\\begin\s*\{([A-Za-z]+)\*?\}")
DEFINED = re.compile(
    r"\\(?:newcommand|renewcommand|providecommand|DeclareMathOperator|newtheorem|newenvironment|newcounter|newlength"
    r"|newsavebox|newif|def|gdef|edef|xdef|let|DeclareRobustCommand|DeclarePairedDelimiter)\*?\s*\{?\s*\\?([A-Za-z]+)"
)


def used(text: str) -> tuple[list[str], list[str]]:
    """Names of commands and of environments in a LaTeX text, without those that it defines itself."""
    words = VERBATIM.sub("", text)
    own = set(DEFINED.findall(words))
    commands = set(COMMAND.findall(words)) - own
    environments = set(ENVIRONMENT.findall(words)) - own
    return sorted(commands), sorted(environments)
