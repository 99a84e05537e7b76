"""How sure a formula is that was read from the marks of a page."""

from __future__ import annotations

import pytest

from mathpixweb.engine.math import doubts


@pytest.mark.parametrize(
    "latex",
    [
        r"x^{2}+\frac{1}{2}",
        r"\left(\begin{array}{cc}a & b \\ c & d\end{array}\right)_{i}",
        r"\sum_{\substack{i<n \\ j<n}} a_{i j}",
        r"f(x)=\begin{cases}1 & \text { für } x>0 \\ 0\end{cases}",
        r"[a,b]^{2}",
    ],
)
def test_what_an_author_would_write_is_sure(latex):
    assert doubts.confidence(latex) == 1.0


@pytest.mark.parametrize(
    ("latex", "most"),
    [
        (r"Z=[_{Y}^{X}]", 0.2),
        (r"\left\{_{b}^{a}\right.", 0.2),
        (r"a_{0^{\substack{n \\ i}}}", 0.1),
        (r"x_{a \quad b}", 0.1),
        (r"\underline{\begin{array}{r}b \\ \int_{a}\end{array}} f", 0.1),
        (r"E=^{\surd} \frac{p}{n}", 0.2),
        (r"{ }_{i \in I} w", 0.7),
        (r"h: X \quad \rightarrow Y", 0.9),
        (r"ƒ(x)", 0.5),
    ],
)
def test_what_nobody_would_write_is_doubtful(latex, most):
    assert 0 < doubts.confidence(latex) <= most


def test_doubts_add_up():
    assert doubts.confidence(r"{ }_{i} \surd 2") < min(map(doubts.confidence, (r"{ }_{i} 2", r"\surd 2")))
