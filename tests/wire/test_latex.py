"""`/v3/latex`: one equation in many formats; the strings are the reference's."""

from __future__ import annotations

import base64

import pytest

from mathpixweb.accounts.models import UsageEvent
from tests.documents.scripted import image_line, image_result

LIMIT = r"\lim _{x \rightarrow 3}\left(\frac{x^{2}+9}{x-3}\right)"
SRC = base64.b64encode(b"a picture of a limit").decode()
EVERY_FORMAT = ["text", "text_display", "latex_normal", "latex_simplified", "latex_styled", "latex_list"]
EVERY_FORMAT += ["mathml", "asciimath", "wolfram"]


@pytest.fixture
def post(http, owner, scripted):
    scripted.image = image_result(
        image_line(f"\\( {LIMIT} \\)"),
        equation=LIMIT,
        candidates=[{"latex": "a"}, {"latex": "b"}],
        detections={"is_inverted": 1},
    )

    async def send(**body):
        response = await http.post("/v3/latex", headers=owner.headers, json={"src": SRC, **body})
        assert response.status_code == 200
        return response.json()

    return send


async def test_every_format_is_that_of_the_reference(post):
    answer = await post(formats=EVERY_FORMAT)
    fraction = r"\frac { x ^ { 2 } + 9 } { x - 3 }"
    assert answer["latex_normal"] == rf"\operatorname {{ lim }} _ {{ x \rightarrow 3 }} ( {fraction} )"
    assert answer["latex_simplified"] == rf"\lim _ {{ x \rightarrow 3 }} ( {fraction} )"
    assert answer["latex_styled"] == rf"\lim _ {{ x \rightarrow 3 }} \left( {fraction} \right)"
    assert answer["latex_list"] == [answer["latex_simplified"]]
    assert answer["asciimath"] == "lim_(x rarr3)((x^(2)+9)/(x-3))"
    assert answer["mathml"].startswith("<math")
    assert answer["text"] == f"\\( {LIMIT} \\)"
    assert answer["text_display"] == f"\\[\n{LIMIT}\n\\]"
    assert answer["wolfram"] == "limit as x->3 of ((x^2+9)/(x-3))"
    assert "latex" not in answer


async def test_the_rest_of_the_answer_is_what_the_reference_shows(post):
    answer = await post()
    assert answer["latex"].startswith(r"\operatorname { lim } _ {")
    assert (answer["latex_confidence"], answer["latex_confidence_rate"]) == (0.9, 0.98)
    assert answer["position"] == {"top_left_x": 10, "top_left_y": 20, "width": 80, "height": 20}
    assert answer["detection_map"]["is_printed"] == 1
    assert answer["detection_list"] == ["is_inverted", "is_printed"]
    assert (answer["image_width"], answer["image_height"]) == (100, 60)
    assert answer["request_id"]
    assert answer["version"] == "scripted-1"
    assert (await UsageEvent.objects.aget()).usage_type == "latex"


async def test_transforms_and_delimiters_are_those_of_each_format(post):
    answer = await post(
        formats=["latex_styled", "latex_normal", "text"],
        format_options={
            "latex_styled": {"transforms": ["rm_spaces"]},
            "text": {"math_delims": ["$", "$"]},
        },
    )
    assert answer["latex_styled"] == r"\lim_{x \rightarrow 3}\left(\frac{x^{2}+9}{x-3}\right)"
    assert " ^ { 2 }" in answer["latex_normal"]
    assert answer["text"] == f"${LIMIT}$"


async def test_other_readings_come_when_asked_for(post):
    assert (await post(beam_size=2, n_best=1))["candidates"] == [{"latex": "a"}]
    assert "candidates" not in await post()
    assert (await post(n_best=2))["error_info"]["id"] == "opts_value_out_of_range"


async def test_mathematics_among_words_has_one_reading(post, scripted):
    scripted.image = image_result(image_line("so \\( x=1 \\)", "text"))
    [only] = (await post(beam_size=3, n_best=3))["candidates"]
    assert (only["latex"], only["confidence_rate"]) == ("x=1", 0.98)


async def test_words_are_ignored_unless_they_are_asked_for(post, scripted):
    scripted.image = image_result(
        image_line("so \\( x=1 \\)", "text"), image_line("\nand \\( y=2 \\)", "text")
    )
    answer = await post(formats=["latex_list", "latex_styled"])
    assert answer["latex_list"] == ["x = 1", "y = 2"]
    both = await post(formats=["text", "latex_styled"], ocr=["math", "text"])
    assert both["text"] == "so \\( x=1 \\)\nand \\( y=2 \\)"
    assert both["latex_styled"].startswith(r"\begin{array} { l } \text { so } x = 1 \\ \text { and } y = 2")
    joined = {"text": {"transforms": ["rm_newlines"]}}
    one_line = await post(formats=["text"], ocr=["math", "text"], format_options=joined)
    assert one_line["text"] == "so \\( x=1 \\) and \\( y=2 \\)"


async def test_a_chart_beside_mathematics_is_told(post, scripted):
    chart = {**image_line("", "chart"), "conversion_output": False, "subtype": "bar"}
    scripted.image = image_result(image_line("\\( x=1 \\)", "math"), chart)
    assert {"contains_chart", "contains_diagram"} <= set((await post())["detection_list"])


async def test_words_alone_are_no_equation(post, scripted):
    scripted.image = image_result(image_line("only words", "text"))
    answer = await post()
    assert answer["error_info"]["id"] == "image_no_content"
    assert answer["detection_map"]["is_not_math"] == 1
    assert (await post(ocr=["math", "text"]))["latex"] == r"\text { only words }"


@pytest.mark.parametrize(
    ("body", "error_id", "detail"),
    [
        ({"ocr": ["maths"]}, "opts_unknown_ocr", {"ocr": ["maths"]}),
        ({"formats": ["latex"]}, "opts_unknown_format", {"formats": ["latex"]}),
        ({"format_options": {"tex": {}}}, "opts_unknown_format", {"formats": ["tex"]}),
        ({"beam_size": 6}, "opts_value_out_of_range", {"name": "beam_size", "value": 6}),
        ({"beam_size": "many"}, "opts_number_required", {"name": "beam_size", "value": "many"}),
    ],
)
async def test_refusals_name_what_was_wrong(post, body, error_id, detail):
    answer = await post(**body)
    assert answer["error_info"]["id"] == error_id
    assert answer["error_info"]["detail"] == detail
    assert answer["request_id"]
