"""Office mathematics in a line of characters."""

import pytest
from lxml import etree

from mathpixweb.engine.writers.slides.linear_formulas import M, linear


def t(said):
    return f"<m:r><m:t>{said}</m:t></m:r>"


def in_rows(*rows):
    return "<m:eqArr>" + "".join(f"<m:e>{row}</m:e>" for row in rows) + "</m:eqArr>"


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        (f"<m:f><m:num>{t('a+b')}</m:num><m:den>{t('12')}</m:den></m:f>", "(a+b)/12"),
        (f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('2n')}</m:sup></m:sSup>", "x^(2n)"),
        (
            f"<m:sSubSup><m:e>{t('x')}</m:e><m:sub>{t('i')}</m:sub><m:sup>{t('2')}</m:sup></m:sSubSup>",
            "x_i^2",
        ),
        (in_rows(t("a") + t("&amp;") + t("=b"), t("&amp;=c")), "a=b; =c"),
        (f"<m:rad><m:deg>{t('3')}</m:deg><m:e>{t('x')}</m:e></m:rad>", "3√x"),
        (
            f'<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{t("i")}</m:sub><m:sup/>'
            f"<m:e>{t('i')}</m:e></m:nary>",
            "∑_i i",
        ),
        (
            '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val=""/></m:dPr><m:e><m:m><m:mr><m:e>'
            f"{t('1')}</m:e><m:e>{t('2')}</m:e></m:mr><m:mr><m:e>{t('3')}</m:e></m:mr></m:m></m:e></m:d>",
            "[1, 2; 3",
        ),
        (f"<m:limLow><m:e>{t('lim')}</m:e><m:lim>{t('x→0')}</m:lim></m:limLow>", "lim_(x→0)"),
    ],
)
def test_a_formula_is_said_in_a_line(inside, said):
    formula = etree.fromstring(
        f'<a14:m xmlns:a14="urn:a"><m:oMath xmlns:m="{M[1:-1]}">{inside}</m:oMath></a14:m>'
    )
    assert linear(formula) == said
