"""LaTeX that says things but does nothing: no files, no programs, no changed rules of the language.

Whoever unpacks a tex.zip compiles it with their own rights, so what could read their files is shown instead.
"""

from __future__ import annotations

import re

POWERFUL = (
    "input|include|includeonly|@input|@@input|InputIfFileExists|IfFileExists|endinput|openin|openout|closein|closeout"
    "|read|readline|write|immediate|special|shipout|scantokens|scantextokens|csname|endcsname|catcode|lccode|uccode"
    "|makeatletter|makeatother|ExplSyntaxOn|directlua|latelua|luadirect|font|endlinechar|newwrite|newread|usepackage"
    "|RequirePackage|documentclass|LoadClass|PassOptionsToPackage|usetikzlibrary|lstinputlisting|verbatiminput"
    "|VerbatimInput|includepdf|includesvg|includemedia|import|subimport|subfile|subfileinclude|bibliography"
    "|addbibresource|pdfobj|pdfliteral|pdffiledump|XeTeXpicfile|XeTeXpdffile|everypar|everymath|everydisplay|everyhbox"
    "|everyvbox|everyjob|everycr|output|afterassignment|batchmode|errorstopmode|nonstopmode|scrollmode|DeclareGraphicsRule"
    "|filecontents|AtBeginDocument|AtEndDocument|lstset|lstMakeShortInline|primitive|XeTeXinputencoding|dump|end"
)
# \\end is TeX's own only when no environment's name follows it
COMMAND = re.compile(rf"\\(?!end\s*\{{)({POWERFUL})(?![A-Za-z@])(?:\s*\[[^\]\n]*\])?(?:\s*\{{[^{{}}]*\}})*")
ENVIRONMENT = re.compile(
    rf"\\(begin|end)\s*\{{\s*((?:{POWERFUL}|filecontents|VerbatimOut|write18|shellcmd)\*?|[^{{}}]*\\[^{{}}]*)\s*\}}"
)
HEXADECIMAL = re.compile(r"\^\^")  # another way to write any character, a backslash too
PROGRAM_LINK = re.compile(r"\\href\s*\{\s*(?:run|file|javascript|data)\s*:[^{}]*\}", re.IGNORECASE)
ESCAPED = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "%": r"\%", "&": r"\&", "_": r"\_"}
ESCAPED |= {"^": r"\^{}", "~": r"\~{}", "$": r"\$"}


def inert(latex: str, *, formula: bool = False) -> str:
    """`latex` with what has power replaced by its own name in type."""

    def show(found: re.Match[str]) -> str:
        return shown(found[0], formula=formula)

    latex = HEXADECIMAL.sub("^{}^", latex)
    latex = PROGRAM_LINK.sub(r"\\href{#}", latex)
    return COMMAND.sub(show, ENVIRONMENT.sub(show, latex))


def shown(text: str, *, formula: bool = False) -> str:
    """`text` as it stands, in typewriter letters."""
    typed = "".join(ESCAPED.get(char, char) for char in " ".join(text.split()))
    return rf"\text{{\texttt{{{typed}}}}}" if formula else rf"\texttt{{{typed}}}"
