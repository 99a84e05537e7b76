"""What is called sound renders; what does not render is never called sound."""

from __future__ import annotations

import pytest

from mathpixweb.engine.math.soundness import surely_renders

SOUND = [
    r"\int_{0}^{\infty} e^{-x^{2}} d x=\frac{\sqrt{\pi}}{2}",
    r"f^{\prime}(x)=\lim_{h \to 0} \frac{f(x+h)-f(x)}{h}",
    r"\left(\begin{array}{cc}a & b \\ c & d\end{array}\right)^{-1}",
    r"|w|= \begin{cases}1 & \text { if } x>0 \\ 0 & \text { else }\end{cases}",
    r"\sqrt[3]{x} \leq \Big\Vert \sum\limits_{i=1}^{n} \hat{x}_i \Big\Vert",
    r"{ }^{14} \mathrm{C} \xrightarrow{\alpha} \left\{x \in \mathbb{R}: x'_{1}>0\right\}",
    r"\overset{a}{b}_{c}^{d} \not= \operatorname{Var} X",
]
UNSURE = [
    "a^b^c", "x_1_2", "x^2'", "{a^b}^c^d", "a^", "a_", "{a", "a}", "a#b", "a%b", "a & b", "a\\",
    r"\frac{a}", r"\mathrm", r"a^\frac{1}{2}", r"\left( a", r"\left(a\right", r"a \right)",
    r"\foo{a}", r"a \\ b",
    r"\begin{foo} a \end{foo}", r"\begin{array}{l} a \end{matrix}", r"\begin{array}{&} a \end{array}",
    r"\big x", r"\text{a $b$}", r"\sqrt[\frac{1}]{a}", r"\begin{matrix} a^ & b \end{matrix}",
]  # fmt: skip


@pytest.mark.parametrize("latex", SOUND)
def test_common_mathematics_surely_renders(latex):
    assert surely_renders(latex)


@pytest.mark.parametrize("latex", UNSURE)
def test_what_may_not_render_is_left_to_the_renderer(latex):
    assert not surely_renders(latex)


def test_what_is_sound_renders(format_renderer):
    assert "<error" not in format_renderer.structure("".join(f"\\[{latex}\\]\n\n" for latex in SOUND))
