"""Readers of images in processes of their own: nothing that an image does to one is felt outside."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from contextlib import contextmanager

import psutil
import pytest
from PIL import Image

from mathpixweb.documents.images import processes, readers
from mathpixweb.documents.work.claims import Interrupted
from mathpixweb.engine import heap
from mathpixweb.providers.base import ProviderError
from tests.providers.poisonous import MUCH, PoisonousProvider

WORKER = "tests.providers.poisonous:PoisonousProvider"
SECONDS = 30.0  # enough for a process on a busy machine


@pytest.fixture(scope="module")
def pool():
    made = processes.Readers(WORKER, 2, SECONDS, memory_mb=1024)
    yield made
    made.close()


@pytest.fixture(scope="module", autouse=True)
def _pools(pool):
    readers._pools[WORKER] = pool
    yield
    del readers._pools[WORKER]


@pytest.fixture
def scan(tmp_path):
    """Reads a page on which that happens."""

    def read_page(deed: bytes = b""):
        source = tmp_path / "scan.pdf"
        source.write_bytes(deed)
        page = readers.read_page(PoisonousProvider(), source, "id", (1, 4), {"seen": True}, {})
        return page, int(page.mmd.removeprefix("id "))

    return read_page


def of_these_tests():
    """The readers; a browser or a renderer of other tests has children, too."""
    children = [process.as_dict(["pid", "cmdline"]) for process in psutil.Process().children()]
    return [psutil.Process(child["pid"]) for child in children if WORKER in (child["cmdline"] or ())]


@contextmanager
def once_forked(do):
    """Does it with the fork that reads a page, once there is one."""

    def wait():
        while not forked:
            time.sleep(0.02)
            forked.extend(fork for reader in of_these_tests() for fork in reader.children())
        do(forked[0])

    forked = []
    thread = threading.Thread(target=wait)
    thread.start()
    yield forked
    thread.join(SECONDS)


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
    monkeypatch.setattr(processes, "MOST_HELD", 1 << 20)
    assert read(b"b").height != before


def test_a_scan_is_read_by_a_fork_of_a_process(scan):
    page, first = scan()
    assert (page.index, page.number) == (1, 4)
    _, second = scan()
    assert len({os.getpid(), read(b"a").height, first, second}) == 4


@pytest.mark.skipif(not heap.resident(), reason="Nobody tells here what a process holds.")
def test_what_a_page_took_is_given_back_before_the_next_one(scan):
    reader = read(b"a").height
    before = heap.resident(reader)
    scan(b"grow")
    assert read(b"b").height == reader
    assert heap.resident(reader) < before + MUCH / 10


def test_a_page_whose_reader_is_killed_is_read_by_another(scan, tmp_path):
    def kill(fork):
        (tmp_path / "scan.pdf").write_bytes(b"")  # nothing happens to the second one
        fork.kill()

    with once_forked(kill) as killed:
        _, reader = scan(b"hang")
    assert reader != killed[0].pid


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (b"crash", "Reading this page stopped the reader"),
        (b"stumble", "Something went wrong on this server while the page was read"),
        (b"swell", "Reading this page needs more than 2048 MB of memory"),
    ],
)
def test_what_a_scan_does_is_told_of_its_page(scan, deed, said):
    with pytest.raises(ProviderError, match=said) as caught:
        scan(deed)
    assert caught.value.error_id == "page_failed"
    assert scan()


def test_nobody_goes_on_reading_a_page_that_is_no_longer_wanted(scan):
    def interrupt(*_):
        raise Interrupted(lost=True)

    def cancel(_):
        signal.pthread_kill(threading.main_thread().ident, signal.SIGALRM)

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with once_forked(cancel) as forked, pytest.raises(Interrupted):
            scan(b"hang")
    finally:
        signal.signal(signal.SIGALRM, before)
    deadline = time.monotonic() + SECONDS
    while forked[0].is_running() and forked[0].status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert scan()


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
    alone = processes.Readers(WORKER, 1, SECONDS, memory_mb=1024)
    with pytest.raises(ProviderError):
        alone.ask({"do": "image", "options": {}}, b"write")
    alone.close()
    assert not any(path.stat().st_size for path in tmp_path.iterdir())


def test_an_image_that_takes_too_long_is_ended():
    impatient = processes.Readers(WORKER, 1, 1.0, memory_mb=1024)
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
    small = processes.Readers(WORKER, 1, 0.2, memory_mb=1024)
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


def test_who_comes_while_a_reader_is_made_ready_waits_for_it_instead_of_starting_another(monkeypatch):
    pool = processes.Readers(WORKER, 2, SECONDS, memory_mb=1024)
    started, begun, go_on = [], threading.Event(), threading.Event()
    start = processes._Process

    def slowly(*arguments):
        started.append(arguments)
        begun.set()
        assert go_on.wait(SECONDS)
        return start(*arguments)

    monkeypatch.setattr(processes, "_Process", slowly)
    warming = threading.Thread(target=pool.warm)
    warming.start()
    assert begun.wait(SECONDS)
    asking = threading.Thread(target=pool.ask, args=({"do": "image", "options": {}}, b"fine"))
    asking.start()
    time.sleep(0.05)  # in which it would start one of its own
    go_on.set()
    for thread in (warming, asking):
        thread.join(SECONDS)
    pool.warm()
    pool.ask({"do": "image", "options": {}}, b"fine")
    pool.close()
    assert len(started) == 1
