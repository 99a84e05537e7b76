"""Callbacks as they are asked for."""

from __future__ import annotations

import pytest

from mathpixweb.providers import callback_options
from mathpixweb.providers.base import ProviderError
from mathpixweb.providers.callback_options import OF_A_FILE

URL = "https://example.org/hook"


def test_a_callback_has_an_address_headers_and_events():
    order = callback_options.parse(
        {
            "callback_url": URL,
            "callback_headers": {"Authorization": "Bearer a b"},
            "callback_events": ["file.error"],
        },
        OF_A_FILE,
    )
    assert (order.url, order.headers, order.events) == (URL, {"Authorization": "Bearer a b"}, ("file.error",))


def test_events_that_are_not_named_are_the_usual_ones_and_may_be_none():
    assert callback_options.parse({"callback_url": URL}, OF_A_FILE).events == OF_A_FILE
    assert callback_options.parse({"callback_url": URL, "callback_events": []}, OF_A_FILE).events == ()
    assert callback_options.parse({}, OF_A_FILE) is None


@pytest.mark.parametrize(
    "asked",
    [
        {"callback_url": 5},
        {"callback_url": "", "callback_headers": {"a": "b"}},
        {"callback_headers": {"a": "b"}},
        {"callback_events": ["file.completed"]},
        {"callback_url": URL, "callback_events": ["file.deleted"]},
        {"callback_url": URL, "callback_events": "file.completed"},
        {"callback_url": URL, "callback_events": [["file.completed"]]},
        {"callback_url": URL, "callback_headers": ["a"]},
        {"callback_url": URL, "callback_headers": {"X-A": "one\r\nX-B: two"}},
        {"callback_url": URL, "callback_headers": {"X-A": "one\n"}},
        {"callback_url": URL, "callback_headers": {"X-A\r\nX-B": "one"}},
        {"callback_url": URL, "callback_headers": {"X A": "one"}},
        {"callback_url": URL, "callback_headers": {"": "one"}},
        {"callback_url": URL, "callback_headers": {"X-A": "é"}},
        {"callback_url": URL, "callback_headers": {"X-A": 5}},
        {"callback_url": URL, "callback_headers": {"Host": "inside"}},
        {"callback_url": URL, "callback_headers": {"content-LENGTH": "5"}},
        {"callback_url": URL, "callback_headers": {"Transfer-Encoding": "chunked"}},
        {"callback_url": URL, "callback_headers": {"Mathpix-Signature": "t=1,v1=2"}},
        {"callback_url": URL, "callback_headers": {f"X-{number}": "a" for number in range(11)}},
        {"callback_url": URL, "callback_headers": {"X-A": "a" * 5000}},
    ],
)
def test_what_cannot_be_sent_is_refused(asked):
    with pytest.raises(ProviderError) as refused:
        callback_options.parse(asked, OF_A_FILE)
    assert refused.value.error_id == "opts_bad_callback"
