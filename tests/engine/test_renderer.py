import json
import os
import signal
import threading
from pathlib import Path

import pytest

from mathpixweb.engine.errors import RenderFailed
from mathpixweb.engine.writers.programs.renderer import MAX_CHARACTERS, Renderer

CASES = json.loads((Path(__file__).parent / "cases" / "rendered.json").read_text())


@pytest.fixture(scope="module")
def renderer():
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.mark.parametrize(
    ("mmd", "asciimath"),
    [
        (r"\(x^{2}+y^{2}=9\)", "x^(2)+y^(2)=9"),
        (r"\( 12+5x-8=12 x-10 \)", "12+5x-8=12 x-10"),
        (r"\(\lim _{x \rightarrow 3}\left(\frac{x^{2}+9}{x-3}\right)\)", "lim_(x rarr3)((x^(2)+9)/(x-3))"),
        (
            r"\(f(x)=\left\{\begin{array}{ll}x^{2} & \text { if } x<0 \\ 2 x & \text { if } x \geq 0"
            r"\end{array}\right.\)",
            'f(x)={[x^(2)," if "x < 0],[2x," if "x >= 0]:}',
        ),
    ],
)
def test_formulas_have_the_asciimath_of_the_reference(renderer, mmd, asciimath):
    rendered = renderer.data(mmd, {"include_asciimath": True})
    assert rendered.data == [{"type": "asciimath", "value": asciimath}]


def test_the_html_of_a_formula_is_that_of_the_reference(renderer):
    rendered = renderer.data(r"\(x^{2}+y^{2}=9\)", {"include_asciimath": True})
    assert rendered.html == (
        '<div><span class="math-inline ">\n<asciimath style="display: none;">x^(2)+y^(2)=9</asciimath>'
        "</span></div>\n"
    )


def test_only_the_forms_asked_for_are_given(renderer):
    rendered = renderer.data(r"\(a\)", {"include_latex": True, "include_mathml": True})
    assert [form["type"] for form in rendered.data] == ["mathml", "latex"]
    assert renderer.data(r"\(a\)", {}).data == []


def test_a_table_is_given_as_tab_separated_values(renderer):
    table = (
        "\\begin{tabular}{|l|l|}\n\\hline\nA & \\(x^{2}\\) \\\\\n\\hline\n3 & 4 \\\\\n\\hline\n\\end{tabular}"
    )
    rendered = renderer.data(table, {"include_tsv": True})
    assert rendered.data == [{"type": "tsv", "value": "A\tx^(2)\n3\t4"}]


def test_formulas_in_lists_and_cells_are_given_as_well(renderer):
    listed = renderer.data("11. \\(z_{1}\\) is it\n12. \\(z_{2}\\)", {"include_asciimath": True})
    assert [form["value"] for form in listed.data] == ["z_(1)", "z_(2)"]
    table = "\\begin{tabular}{|c|c|}\n\\( x \\) & 20 \\\\\n\\end{tabular}"
    made = renderer.data(table, dict.fromkeys(("include_tsv", "include_table_html", "include_latex"), True))
    assert [form["type"] for form in made.data] == ["html", "tsv", "latex"]
    assert (made.data[1]["value"], made.data[2]["value"]) == ("x\t20", "x")


@pytest.mark.parametrize("text", ["(c) the third answer", '"quoted" ... +- 5 (r)'])
def test_what_was_read_is_not_rewritten(renderer, text):
    shown = text.replace('"', "&quot;")
    assert renderer.data(text, {}).html == f"<div>{shown}</div>\n"
    assert shown in renderer.html(text)


@pytest.mark.parametrize(
    ("kind", "option"), [("asciimath", "include_asciimath"), ("tsv", "include_tsv"), ("html", "")]
)
def test_what_people_write_is_rendered_as_by_the_library_of_the_reference(renderer, kind, option):
    for mmd, expected in CASES[kind]:
        source = f"\\( {mmd} \\)" if kind == "asciimath" else mmd
        made = renderer.data(source, {option: True} if option else {})
        assert (made.data[0]["value"] if option else made.html) == expected, mmd


def test_a_macro_of_one_document_is_unknown_in_the_next(renderer):
    renderer.html(r"\(\newcommand{\mine}{X} \def\alpha{Z} \mine\)")
    following = renderer.html(r"\(\alpha\) \(\mine\)")
    assert "&#x3B1;" in following
    assert "Undefined control sequence" in following


def test_equation_numbers_start_again_in_each_document(renderer):
    numbered = "\\begin{equation}\na\n\\end{equation}"
    assert "(1)" in renderer.html(numbered)
    assert "(1)" in renderer.html(numbered)


def test_a_text_that_takes_too_long_is_given_up_and_the_next_is_rendered():
    renderer = Renderer(seconds=0.6)
    with pytest.raises(RenderFailed, match="longer than"):
        renderer.html("[a](" * 50_000)
    renderer.seconds = 10
    assert "after" in renderer.html("after")
    renderer.close()


def test_a_killed_process_is_replaced():
    renderer = Renderer()
    renderer.html("before")
    os.kill(renderer._process.pid, signal.SIGKILL)
    assert "after" in renderer.html("after")
    renderer.close()


def test_threads_get_each_their_own_answer(renderer):
    answers = {}
    threads = [
        threading.Thread(target=lambda n=n: answers.update({n: renderer.html(f"number{n}")}))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f"number{n}" in answers[n] for n in range(8))


def test_a_text_beyond_the_contract_is_refused_unread():
    with pytest.raises(RenderFailed, match="longer than"):
        Renderer().html("x" * (MAX_CHARACTERS + 1))


def test_the_process_knows_nothing_of_our_environment(renderer):
    renderer.html("x")
    environment = Path(f"/proc/{renderer._process.pid}/environ")
    if not environment.exists():
        pytest.skip("no /proc here")
    assert environment.read_bytes() == b""


def test_missing_packages_are_named(monkeypatch, tmp_path):
    script = tmp_path / "render.cjs"
    script.write_text('require("mathpix-markdown-it")')
    monkeypatch.setattr("mathpixweb.engine.writers.programs.renderer.SCRIPT", script)
    with pytest.raises(RenderFailed, match="npm ci"):
        Renderer().html("x")
