from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.http import QueryDict

from mathpixweb.api import query
from mathpixweb.api.errors import ApiError


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020-06-26T03:08:22.827Z", datetime(2020, 6, 26, 3, 8, 22, 827000, tzinfo=UTC)),
        ("2020-06-26T03:08:22", datetime(2020, 6, 26, 3, 8, 22, tzinfo=UTC)),
        ("2020-06-26T05:08:22%2B02:00", datetime(2020, 6, 26, 3, 8, 22, tzinfo=UTC)),
        ("2020-06-26T05:08:22+02:00", datetime(2020, 6, 26, 3, 8, 22, tzinfo=UTC)),
        ("2020-06-26 03:08", datetime(2020, 6, 26, 3, 8, tzinfo=UTC)),
        ("2020-06-26", datetime(2020, 6, 26, tzinfo=UTC)),
        ("", None),
    ],
)
def test_dates_are_understood_as_callers_write_them(text, moment):
    assert query.moment(QueryDict(f"from_date={text}"), "from_date") == moment


@pytest.mark.parametrize(
    "text", ["yesterday", "2020-13-01", "2020-06-26T25:00:00", "0001-01-01T00:00:00%2B14:00", "%00"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ApiError) as caught:
        query.moment(QueryDict(f"from_date={text}"), "from_date")
    assert caught.value.error_id == "opts_value_out_of_range"


@pytest.mark.parametrize(("text", "number"), [("", 7), ("1", 1), ("100", 100), (" 5 ", 5)])
def test_numbers_have_a_default(text, number):
    assert query.number(QueryDict(f"page={text}"), "page", 7, 1, 100) == number


@pytest.mark.parametrize(
    ("text", "error_id"),
    [
        ("x", "opts_number_required"),
        ("1.5", "opts_number_required"),
        ("²", "opts_number_required"),
        ("0", "opts_value_out_of_range"),
        ("-1", "opts_value_out_of_range"),
        ("101", "opts_value_out_of_range"),
        ("9" * 5000, "opts_value_out_of_range"),
    ],
)
def test_numbers_have_bounds(text, error_id):
    with pytest.raises(ApiError) as caught:
        query.number(QueryDict(f"page={text}"), "page", 1, 1, 100)
    assert caught.value.error_id == error_id
