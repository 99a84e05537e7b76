"""Which kind of font a BaseFont name stands for.

mi  math italic        sy  math symbols      ex  big operators and extensible fences
mib bold math italic   bsy bold symbols      sya, syb  symbols of the AMS, St Mary Road and the like
bb  blackboard bold    frak  fraktur         scr  script
umath  an OpenType mathematics font, one font for everything
rm it bf bi sf tt sc   text
draw  pieces of lines, circles and arrows
"""

from __future__ import annotations

import re
from functools import lru_cache

# First match wins. Left: a regular expression searched in the name without its subset tag.
_FAMILIES: tuple[tuple[str, str], ...] = (
    (r"(?i)^(line|linew|lcircle|lcirclew)\d+$|^xy(atip|btip|bsql|circ|dash|(cm|eu|lu)[ab]t)", "draw"),
    (
        r"(?i)cambria ?math|stix.*math|xits.*math|latinmodern-?math|lmmath-|asana|NewCMMath|termesx?.?math",
        "umath",
    ),
    (
        r"(?i)pagella.?math|bonum.?math|schola.?math|dejavu.?math|libertinus.?math|garamond-?math|fira.?math",
        "umath",
    ),
    (r"(?i)lucida.*math.*opentype|erewhon.?math|concrete-?math|euler-?math|noto ?sans ?math|kpmath", "umath"),
    (r"(?i)^xcharter-math|neohellenic.?math", "umath"),
    (r"(?i)libertinust1math", "umath"),
    (r"(?i)^ComputerModernSans-Mathext", "ex"),
    (r"(?i)^ComputerModernSans-Mathitalic", "mi"),
    (r"(?i)^ComputerModernSans-(Regular|Bold)\d+pt", "sy"),
    (r"(?i)^ssmsam", "sya"),
    (r"(?i)^ssmsbm", "bb"),
    (r"(?i)^txmiabx|^txmia$|^pxmia", "frak"),
    (r"(?i)^hfbras", "sya"),
    (r"(?i)^hfbrbs", "bb"),
    (r"(?i)^hfbrbx", "bf"),
    (r"(?i)^hftl", "tt"),
    (r"(?i)^kp--?m-regular", "frak"),
    (r"(?i)^kp-mediumitalic", "bi"),
    (r"(?i)^kp-medium", "bf"),
    (r"(?i)^kp--?m-sy(-|$)|^fourier-math-cal", "sy"),
    (r"(?i)^kp--?m-syb", "bb"),
    (r"(?i)^kp--?m-sy[ac]", "sya"),
    (r"(?i)^kp--?m-exa?", "ex"),
    (r"(?i)^pazomath-bolditalic", "mib"),
    (r"(?i)^pazomath-bold$", "bf"),
    (r"(?i)^pazomathblackboard", "bb"),
    (r"(?i)^kp--m-(medium|bold)italic|mathdesign.*bold.*mathitalic", "mib"),
    (r"(?i)^kp--m-italic|mathdesign.*mathitalic|^(katex|mathjax)_math-italic|^mjx.*-i$", "mi"),
    (r"(?i)^kp--m-sy[cd]-|mathdesignsymbola", "sya"),
    (r"(?i)^kp--m-sy-", "sy"),
    (r"(?i)^kp--m-ex-", "ex"),
    (r"(?i)mathdesignsymbolb", "bb"),
    (r"(?i)^newpxbmi|mathbmi\d*$|^ebgbmi", "mib"),
    (r"(?i)^newpxmi|mathmi\d*$|^ebgmi", "mi"),
    (r"(?i)^cmmib|^m?lmmathitalic\d+-bold|^eurb\d|^r?txbmi|^r?pxbmi|newtxbmi|^ntxbmi|^cmbrmb|^xccmib", "mib"),
    (r"(?i)^cmmi|^m?lmmathitalic|^eurm\d|^r?txmia?|^r?pxmia?|newtxmi|^ntxmi|^cmbrmi|^xccmi|^mathmi", "mi"),
    (
        r"(?i)fourier-math-letters|^futmi|pazomath-italic|^zplm|libertinemathmi|^kp.*mi$|mathdesign.*-italic",
        "mi",
    ),
    (r"(?i)^stix(math)?.*-?mathit|^cmssmi|^sansmathi|^hfbrm[ib]|^iwonami|^kurierm", "mi"),
    (r"(?i)^cmbsy|^m?lmmathsymbols\d+-bold|^r?txbsy|^pxbsy|^newtxbsy", "bsy"),
    (
        r"(?i)^cmsy|^m?lmmathsymbols|^txsys?$|^pxsys?$|^newtxsy|^ntxsy|^cmbrsy|^xccsy|^hfbrsy|^zplmsy|fourier-math-symbols",
        "sy",
    ),
    (
        r"(?i)mathdesign.*symbol|^pazomath|^zptmcmr|^kp.*sy$|^stix.*mathscr|^symbol(mt|neu|setu)?$|standardsym",
        "sy",
    ),
    (
        r"(?i)^cmex|^m?lmmathextension|^esint|^txex|^pxex|^newtxex|^ntxex|^xccex|fourier-math-ext|^kp.*ex$",
        "ex",
    ),
    (r"(?i)^mathx\d|^mdputex|mathdesign.*(-extra|extension)|^euex", "ex"),
    (r"(?i)^msbm|^bbm|^dsrom|^dsss|^bbold|^txsyb|^pxsyb|blackboard|^newtxsyb", "bb"),
    (
        r"(?i)^msam|^txsya|^pxsya|^stmary|^wasy|^lasy|^matha\d|^mathb\d|^mnsymbol|^fdsymbol|^txsyc|^pxsyc",
        "sya",
    ),
    (r"(?i)^euf[mb]|^yfrak|^ygoth|^yswab|fraktur|^bbmfrak", "frak"),
    (r"(?i)^rsfs|^rsfso|^eus[mb]|^calligra|^boondox|^dutchcal|^bickham|mathscr", "scr"),
    (
        r"(?i)^cm(tt|sltt|itt|tcsc|vtt)|mono|courier|^sf(tt|it|st)t?\d|^ec(tt|itt|sltt)|typewriter|inconsol|^txtt",
        "tt",
    ),
    (r"(?i)consola|menlo|monaco|beramono|sourcecode|^lmtt|fixed", "tt"),
    (r"(?i)^cmcsc|^sfcc|^ecc?c|smallcaps|-?caps\d*|^xccsc", "sc"),
    (
        r"(?i)^cmbxti|^sfbi|bold-?_?(ital|obli)|boldslanted|medi(um)?ital|demi(bold)?ital|,bolditalic|black(ital|obl)",
        "bi",
    ),
    (
        r"(?i)^cm(ss)?bx|^cmb\d|^sf(bx|rb|xc)|^ec(bx|rb)|[-,_ ]?bold|-medi$|demi|heavy|[-]black|semibold",
        "bf",
    ),
    (r"(?i)^cm(ti|sl|fi|u\d|ssi)|^sf(ti|sl|si)|^ec(ti|sl|si)|ital|oblique|slant|-it$|-ri$|kursiv", "it"),
    (
        r"(?i)^cmss|^m?lmsans|^sf(ss|sx|si)|^ec(ss|sx)|helvet|arial|sans|verdana|calibri|nimbussan|^cmbr|tahoma",
        "sf",
    ),
)
LONGEST_OF_TEXT = 6  # letters of a name that may end like one of a symbol that grows
_COMPILED = tuple((re.compile(pattern), family) for pattern, family in _FAMILIES)

DRAWING = "draw"
MATH_FAMILIES = frozenset({"mi", "mib", "sy", "bsy", "ex", "bb", "sya", "frak", "scr", "umath"})
TEXT_FAMILIES = frozenset({"rm", "it", "bf", "bi", "sf", "tt", "sc"})

# Fonts whose glyph names are trustworthy, while the ToUnicode maps written for them are not.
_TEX = re.compile(
    r"(?i)^(cm|m?lm|sf(rm|bx|ti|tt|sl|cc|rb|ss|sx|bi)|ec(rm|bx|ti)|ms[ab]m|eu[fsrbe]|rsfs|bbm|dsrom|stmary|wasy|lasy|esint"
    r"|r?tx(mi|sy|ex|b)|r?px(mi|sy|ex|b)|newtx|ntx|fourier-math|mathdesign|pazomath|math[abx]\d|mnsymbol|xcc)"
)


@lru_cache(maxsize=4096)
def family_of(font: str) -> str:
    """Family of a BaseFont name without its subset tag; "rm" for everything unknown."""
    for pattern, family in _COMPILED:
        if pattern.search(font):
            return family
    return "rm"


@lru_cache(maxsize=4096)
def is_tex(font: str) -> bool:
    """Whether glyph names of this font are to be believed before its ToUnicode map."""
    return bool(_TEX.match(font)) and family_of(font) != "umath"


# Fonts whose codes are those of one of TeX's. The glyphs of the second kind go by the names that their codes
# have in encodings of text, those of the first only where a program that wrote the file anew renamed them.
_CODED: tuple[tuple[str, str], ...] = (
    (
        r"(?i)^cmex|^m?lmmathext|^r?[tp]xexs?$|^n(ew)?[tp]xex|^fourier-math-ext|^mathdesign.*extens|^xccex",
        "CMEX10",
    ),
)
_MISNAMED: tuple[tuple[str, str], ...] = (
    (r"^ComputerModernSans-Mathext", "CMEX10"),
    (r"^ComputerModernSans-Mathitalic", "CMMI10"),
    (r"^ComputerModernSans-(Regular|Bold)\d+pt", "CMSY10"),
    (r"^ssmsam", "MSAM10"),
    (r"^ssmsbm", "MSBM10"),
)


@lru_cache(maxsize=4096)
def coded_like(font: str, renamed: bool) -> str:
    """The font of TeX whose codes the font has, empty if its glyphs have names of their own.

    `renamed`: the glyph at hand goes by the name that its code has in an encoding of text.
    """
    known = (*_CODED, *_MISNAMED) if renamed else _MISNAMED
    return next((like for pattern, like in known if re.search(pattern, font)), "")


# One font for the text and all of its mathematics; the names of the glyphs tell which they are of.
_MIXED = re.compile(r"(?i)^(iwona|kurier|antykwatorunska)")
_GROWING = re.compile(r"([a-z](display|text|[bB]igg?|tp|bt|ex|mid)|vertex|vextend\w+|htip\w+|wid(e|er|est))$")


@lru_cache(maxsize=4096)
def is_mixed(font: str) -> bool:
    """Whether the font has glyphs of several families, see `family_in_mixed`."""
    return bool(_MIXED.match(font))


@lru_cache(maxsize=4096)
def family_in_mixed(family: str, name: str, char: str) -> str:
    """The family of a glyph in a mixed font that is of `family` otherwise."""
    if name.endswith(".kali"):
        return "sy"
    if name.endswith(".math") or (family in ("it", "bi") and "\u0370" <= char[:1] <= "\u03ff"):
        return "mib" if family in ("bf", "bi") else "mi"
    return "ex" if _GROWING.search(name) and len(name) > LONGEST_OF_TEXT else family


_SANS_ITALIC = re.compile(r"(?i)^(cmssi|sfsi|ecsi|lmsans.*oblique)")


@lru_cache(maxsize=4096)
def lends_italic(font: str) -> bool:
    """Whether mathematics takes its letters from this italic of the text, as from Times."""
    return not is_tex(font) or bool(_SANS_ITALIC.match(font))
