"""The sets of fonts formulas are typeset in, with their share of the training material."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FontSet:
    """`preamble` loads the fonts; `engine` is "latex" or "xelatex" (for OpenType fonts, one per formula)."""

    name: str
    share: float
    preamble: str
    engine: str = "latex"


def _opentype(name: str, share: float, file: str, text: str) -> FontSet:
    preamble = rf"\usepackage{{unicode-math}}\setmainfont{{{text}}}\setmathfont{{{file}}}"
    return FontSet(name, share, preamble, "xelatex")


FONT_SETS: tuple[FontSet, ...] = (
    FontSet("cm", 30, ""),
    FontSet("lm", 5, r"\usepackage{lmodern}"),
    FontSet("txfonts", 6, r"\usepackage{txfonts}"),
    FontSet("newtx", 7, r"\usepackage{newtxtext,newtxmath}"),
    FontSet("mathptmx", 6, r"\usepackage{mathptmx}"),
    FontSet("pxfonts", 4, r"\usepackage{pxfonts}"),
    FontSet("mathpazo", 5, r"\usepackage{mathpazo}"),
    FontSet("kpfonts", 3, r"\usepackage{kpfonts}"),
    FontSet("fourier", 3, r"\usepackage{fourier}"),
    FontSet("euler", 2, r"\usepackage{eulervm}"),
    FontSet("stix", 4, r"\usepackage{stix}"),
    FontSet("libertine", 3, r"\usepackage{libertine}\usepackage[libertine]{newtxmath}"),
    FontSet("charter", 2, r"\usepackage[charter]{mathdesign}"),
    FontSet("utopia", 2, r"\usepackage[utopia]{mathdesign}"),
    FontSet("cmbright", 2, r"\usepackage{cmbright}"),
    FontSet("iwona", 1, r"\usepackage[math]{iwona}"),
    _opentype("lm-otf", 3, "latinmodern-math.otf", "lmroman10-regular.otf"),
    _opentype("stix-two", 3, "STIXTwoMath-Regular.otf", "STIXTwoText-Regular.otf"),
    _opentype("termes", 2, "texgyretermes-math.otf", "texgyretermes-regular.otf"),
    _opentype("pagella", 2, "texgyrepagella-math.otf", "texgyrepagella-regular.otf"),
    _opentype("newcm", 2, "NewCMMath-Regular.otf", "NewCM10-Regular.otf"),
    _opentype("libertinus", 2, "LibertinusMath-Regular.otf", "LibertinusSerif-Regular.otf"),
    _opentype("fira", 2, "FiraMath-Regular.otf", "FiraSans-Regular.otf"),
    _opentype("dejavu", 1, "texgyredejavu-math.otf", "DejaVuSerif.ttf"),
    _opentype("erewhon", 2, "Erewhon-Math.otf", "Erewhon-Regular.otf"),  # Cambria-like
    _opentype("concrete", 1, "Concrete-Math.otf", "CMUConcrete-Roman"),
    _opentype("kp-sans", 1, "KpMath-Sans.otf", "KpSans-Regular.otf"),
)

# Never trained on: what is read in these tells how sure one can be of what is read in fonts of others.
UNSEEN_SETS: tuple[FontSet, ...] = (
    _opentype("asana", 1, "Asana-Math.otf", "texgyrepagella-regular.otf"),
    _opentype("garamond", 1, "Garamond-Math.otf", "EBGaramond-Regular.otf"),
    _opentype("xcharter", 1, "XCharter-Math.otf", "XCharter-Roman.otf"),
    _opentype("bonum", 1, "texgyrebonum-math.otf", "texgyrebonum-regular.otf"),
    _opentype("schola", 1, "texgyreschola-math.otf", "texgyreschola-regular.otf"),
    _opentype("neohellenic", 1, "GFSNeohellenicMath.otf", "GFSNeohellenic.otf"),
    FontSet("antt", 1, r"\usepackage[math]{anttor}"),
    FontSet("cm-again", 2, ""),
)
