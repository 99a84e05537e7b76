from __future__ import annotations

import pytest

from mathpixweb.providers import image_options, options, page_ranges
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.options import PdfOptions


def refusal(**raw: object) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        options.parse(raw)
    return caught.value


@pytest.mark.parametrize("value", [True, "true", "True", "TRUE", "1", 1, " true "])
def test_a_flag_is_understood_as_callers_write_it(value):
    assert options.parse({"rm_fonts": value}) == {"rm_fonts": True}


@pytest.mark.parametrize("value", [False, "false", "False", "0", 0])
def test_a_flag_that_is_off_is_understood_too(value):
    assert options.parse({"rm_spaces": value}) == {"rm_spaces": False}


@pytest.mark.parametrize("value", ["maybe", "", 2, 0.5, [], {}])
def test_what_is_no_flag_is_refused_with_name_and_value(value):
    error = refusal(rm_spaces=value)
    assert error.error_id == "opts_value_out_of_range"
    assert error.detail["name"] == "rm_spaces"
    assert str(value) == str(error.detail["value"])


def test_nothing_is_added_to_what_was_asked():
    assert options.parse({}) == {}


def test_null_means_not_said():
    assert options.parse({"rm_spaces": None, "page_ranges": None, "fullwidth_punctuation": None}) == {}


def test_unknown_options_are_kept_as_they_are():
    raw = {"metadata": {"mpxpy": True, "deep": {"a": [1]}}, "something_new": {"x": None}, "copy": 1}
    assert options.parse(raw) == raw


def test_the_privacy_flag_is_understood_as_text():
    assert options.parse({"metadata": {"improve_mathpix": "false"}}) == {
        "metadata": {"improve_mathpix": False}
    }


def test_defaults_are_those_of_the_reference():
    defaults = PdfOptions()
    assert defaults.rm_spaces
    assert defaults.include_smiles
    assert not defaults.include_page_info
    assert not defaults.streaming
    assert defaults.math_inline_delimiters == ["\\(", "\\)"]
    assert defaults.math_display_delimiters == ["\\[", "\\]"]
    assert defaults.fullwidth_punctuation is None


@pytest.mark.parametrize("value", ["$", ["$"], ["$", "$", "$"], ["$", 1], ["", ""], {"a": "b"}])
def test_delimiters_are_two_texts(value):
    assert refusal(math_inline_delimiters=value).error_id == "opts_value_out_of_range"


def test_every_format_of_the_contract_can_be_asked_for():
    names = ["md", "docx", "tex.zip", "html", "pdf", "latex.pdf", "pptx", "xlsx", "mmd"]
    names += ["md.zip", "mmd.zip", "html.zip", "mmd.overlay.pdf"]
    asked = options.parse({"conversion_formats": dict.fromkeys(names, "true")})
    assert asked == {"conversion_formats": dict.fromkeys(names, True)}


def test_unknown_formats_are_named():
    error = refusal(conversion_formats={"docx": True, "odt": True, "rtf": False})
    assert error.error_id == "opts_unknown_format"
    assert error.detail == {"formats": ["odt", "rtf"]}


def test_a_refused_value_is_told_as_it_was_sent_if_it_is_short():
    assert refusal(conversion_formats=["docx"]).detail["value"] == ["docx"]
    assert refusal(rm_fonts={"a": None}).detail["value"] == {"a": None}
    long = refusal(rm_fonts=["x" * 500]).detail["value"]
    assert isinstance(long, str) and len(long) == 101


def test_null_means_not_said_for_the_options_of_a_format_too():
    assert options.parse({"conversion_options": {"md": None}})["conversion_options"] == {}


@pytest.mark.parametrize("value", [["docx"], "docx", True])
def test_formats_come_as_an_object(value):
    assert refusal(conversion_formats=value).error_id == "opts_value_out_of_range"


def test_numbers_in_conversion_options_may_be_text():
    raw = {
        "docx": {"fontSize": "28", "margins": {"top": "1440"}},
        "pdf": {"margin": "40", "disable_footer": "true"},
    }
    assert options.parse({"conversion_options": raw}) == {
        "conversion_options": {
            "docx": {"fontSize": 28, "margins": {"top": 1440}},
            "pdf": {"margin": 40, "disable_footer": True},
        }
    }


def test_texts_in_conversion_options_stay_text():
    raw = {"tex.zip": {"fontSize": "12pt", "imagesFolder": "1"}, "pdf": {"custom_css": "0"}}
    assert options.parse({"conversion_options": raw}) == {"conversion_options": raw}
    points = options.parse({"conversion_options": {"latex.pdf": {"fontSize": 12}}})
    assert points == {"conversion_options": {"latex.pdf": {"fontSize": "12pt"}}}


@pytest.mark.parametrize(
    ("format_name", "name", "value"),
    [
        ("tex.zip", "font", "Comic Sans"),
        ("latex.pdf", "fontSize", "99pt"),
        ("tex.zip", "imagesFolder", "../../etc"),
        ("docx", "language", "Klingon"),
    ],
)
def test_names_that_no_format_knows_are_refused_at_once(format_name, name, value):
    error = refusal(conversion_options={format_name: {name: value}})
    assert error.error_id == "opts_value_out_of_range"
    assert error.detail == {"name": f"conversion_options.{format_name}.{name}", "value": value}


@pytest.mark.parametrize("value", ["big", "", True, [], "nan", "inf", "1e999"])
def test_what_is_no_number_is_refused_with_its_full_name(value):
    error = refusal(conversion_options={"docx": {"margins": {"top": value}}})
    assert error.error_id == "opts_number_required"
    assert error.detail["name"] == "conversion_options.docx.margins.top"


def test_a_number_out_of_range_is_refused():
    error = refusal(conversion_options={"pdf": {"margin": 39}})
    assert error.error_id == "opts_value_out_of_range"
    assert error.detail == {"name": "conversion_options.pdf.margin", "value": 39}


def test_what_is_missing_is_said_to_be_missing():
    with pytest.raises(ProviderError) as caught:
        image_options.text_options({"region": {"width": 10}})
    assert caught.value.message == "Option region.height is missing."
    assert caught.value.detail == {"name": "region.height", "value": ""}


def test_options_of_an_unknown_format_are_refused():
    assert refusal(conversion_options={"odt": {}}).error_id == "opts_unknown_format"


def test_sections_are_numbered_in_one_way_only():
    error = refusal(auto_number_sections=True, remove_section_numbering="true")
    assert error.error_id == "opts_conflict"
    assert error.detail["names"] == ["auto_number_sections", "remove_section_numbering"]


def test_one_way_of_numbering_sections_is_no_conflict_with_a_default():
    asked = {"remove_section_numbering": True, "preserve_section_numbering": False}
    assert options.parse(asked) == asked


def test_a_refused_value_is_repeated_in_part_only():
    error = refusal(rm_spaces="x" * 10_000)
    assert len(str(error.detail["value"])) < 200


@pytest.mark.parametrize(
    ("ranges", "numbers"),
    [
        ("", [1, 2, 3, 4, 5, 6]),
        ("2,4-6", [2, 4, 5, 6]),
        ("2 - -2", [2, 3, 4, 5]),
        ("2--2", [2, 3, 4, 5]),
        (" 5 - ", [5, 6]),
        ("-1", [6]),
        ("-3--2", [4, 5]),
        ("5,1-2", [5, 1, 2]),
        ("1,1-2,2", [1, 2]),
        ("5-90,99", [5, 6]),
        ("-90", []),
        ("4--4", []),
    ],
)
def test_page_ranges_name_pages(ranges, numbers):
    if numbers:
        assert options.page_numbers(ranges, 6) == numbers
    else:
        with pytest.raises(ProviderError) as caught:
            options.page_numbers(ranges, 6)
        assert caught.value.error_id == "opts_value_out_of_range"


@pytest.mark.parametrize(
    "ranges", ["a", "1,,2", "1-2-3", "0", "0-3", "6-4", "-1--3", "1;2", "٣", "1" * 3000, True, 1.5]
)
def test_page_ranges_are_checked_before_the_document_is_opened(ranges):
    error = refusal(page_ranges=ranges)
    assert error.error_id == "opts_value_out_of_range"
    assert error.detail["name"] == "page_ranges"


def test_a_lone_page_number_may_be_a_number():
    assert options.parse({"page_ranges": 3}) == {"page_ranges": "3"}


def test_braces_in_a_refused_value_do_no_harm():
    assert "{x}" in refusal(page_ranges="{x}").message


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([3], "3"), ([5, 1, 2, 2, 3], "1-3,5"), ([9, 8, 1], "1,8-9")]
)
def test_pages_are_written_as_people_would(numbers, text):
    assert page_ranges.written(numbers) == text
