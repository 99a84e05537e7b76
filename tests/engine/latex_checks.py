"""Whether LaTeX could be compiled, as far as pairs go."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"\\(?:left|right)(?![A-Za-z])\s*(?:\\[A-Za-z]+|\\.|.)|\\(?:begin|end)\{\w+\}|\\[A-Za-z]+|\\.|.",
    re.DOTALL,
)


def is_well_formed(text: str) -> bool:
    """Braces, `\\left` with `\\right` and environments are balanced and properly nested."""
    stack: list[str] = []
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token == "{":
            stack.append("}")
        elif token.startswith(r"\begin{"):
            stack.append(token.replace("begin", "end"))
        elif re.match(r"\\left(?![A-Za-z])", token):
            stack.append(r"\right")
        elif token == "}" or token.startswith(r"\end{") or re.match(r"\\right(?![A-Za-z])", token):
            expected = stack.pop() if stack else None
            if expected != (r"\right" if token.startswith(r"\right") else token):
                return False
    return not stack and not re.search(r"(?:_\{[^{}]*\}_|\^\{[^{}]*\}\^)", text)
