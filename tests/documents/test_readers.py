"""Readers of images in processes of their own: nothing that an image does to one is felt outside."""

from __future__ import annotations

import io
import threading
import time

import pytest
from PIL import Image

from mathpixweb.documents.images import readers
from mathpixweb.engine import heap
from mathpixweb.providers.base import ProviderError
from tests.providers.poisonous import PoisonousProvider

WORKER = "tests.providers.poisonous:PoisonousProvider"
SECONDS = 30.0  # enough for a process on a busy machine


@pytest.fixture(scope="module")
def pool():
    made = readers.Readers(WORKER, 2, SECONDS, memory_mb=1024)
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def _pools(pool):
    readers._pools[WORKER] = pool
    yield
    del readers._pools[WORKER]


def read(image: bytes):
    return readers.read_image(PoisonousProvider(), image, {"rm_spaces": True})


def test_an_image_and_its_options_arrive_and_the_result_comes_back():
    picture = bytes(range(256)) * 5000
    result = read(picture)
    assert (result.width, result.detections) == (len(picture), {"options": {"rm_spaces": True}})
    assert readers.read_strokes(PoisonousProvider(), [[(1.0, 2.0)]], {}).width == 1


def test_a_process_is_used_again():
    assert read(b"a").height == read(b"b").height


@pytest.mark.skipif(not heap.resident(), reason="Nobody tells here what a process holds.")
def test_a_process_that_has_grown_is_renewed_before_the_next_image(monkeypatch):
    before = read(b"a").height
    monkeypatch.setattr(readers, "MOST_HELD", 1 << 20)
    assert read(b"b").height != before


@pytest.mark.parametrize(
    ("image", "error_id"),
    [
        (b"crash", "sys_exception"),
        (b"stumble", "sys_exception"),
        (b"swell", "image_max_size"),
        (b"refuse", "image_max_size"),
    ],
)
def test_what_an_image_does_is_told_and_the_next_one_is_read(image, error_id, caplog):
    with pytest.raises(ProviderError) as caught:
        read(image)
    assert caught.value.error_id == error_id
    assert read(b"good").width == 4
    if image == b"refuse":
        assert caught.value.detail == {"width": 7}
    if image == b"stumble":
        assert "KeyError" in caplog.text


def test_what_a_library_prints_is_no_answer():
    assert read(b"chatter").width == len(b"chatter")


def test_no_file_can_be_written_by_a_reader(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    alone = readers.Readers(WORKER, 1, SECONDS, memory_mb=1024)
    with pytest.raises(ProviderError):
        alone.ask({"do": "image", "options": {}}, b"write")
    alone.close()
    assert not any(path.stat().st_size for path in tmp_path.iterdir())


def test_an_image_that_takes_too_long_is_ended():
    impatient = readers.Readers(WORKER, 1, 1.0, memory_mb=1024)
    with pytest.raises(ProviderError, match="longer than 1 second"):
        impatient.ask({"do": "image", "options": {}}, b"hang")
    impatient.close()


def test_who_says_that_tables_are_very_large_may_take_longer(pool, settings):
    settings.IMAGE_SECONDS = 0.3
    with pytest.raises(ProviderError, match=r"longer than 0\.9 seconds"):
        readers.read_image(PoisonousProvider(), b"hang", {"enable_tables_fallback": True})
    with pytest.raises(ProviderError, match=r"longer than 0\.3 seconds"):
        readers.read_image(PoisonousProvider(), b"hang", {"enable_tables_fallback": False})


def test_a_process_that_died_while_idle_is_replaced(pool):
    first = read(b"a").height
    with pool._one() as process:
        process.popen.kill()
        process.popen.wait()
    assert read(b"a").height != first


def test_images_are_read_side_by_side(pool):
    together = threading.Barrier(2)
    pids = set()

    def one():
        together.wait(SECONDS)
        with pool._one() as process:
            pids.add(process.popen.pid)
            together.wait(SECONDS)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert len(pids) == 2


def test_who_cannot_be_served_in_time_is_told():
    small = readers.Readers(WORKER, 1, 0.2, memory_mb=1024)
    with small._one(), pytest.raises(ProviderError, match="as many images as it can"):
        small.ask({"do": "image", "options": {}}, b"a")
    small.close()


def test_a_preview_is_made_of_what_was_sent():
    sent = io.BytesIO()
    Image.new("RGBA", (600, 300), (255, 0, 0, 0)).save(sent, "PNG")
    with Image.open(io.BytesIO(readers.preview(sent.getvalue(), 300))) as picture:
        assert (picture.format, picture.size) == ("WEBP", (300, 150))
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)
    with pytest.raises(ProviderError) as caught:
        readers.preview(b"no picture", 300)
    assert caught.value.error_id == "image_decode_error"


def test_a_warm_reader_adds_little_to_the_reading():
    read(b"warm")
    times = []
    for _ in range(20):
        started = time.perf_counter()
        read(b"again")
        times.append(time.perf_counter() - started)
    assert sorted(times)[10] < 0.5  # a few milliseconds; generous for a loaded machine
