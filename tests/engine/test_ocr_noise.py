"""Noise is told from whatever has a shape, however noisy that is."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from mathpixweb.engine.ocr import noise, preparing
from mathpixweb.engine.readers.image import Raster

RNG = np.random.default_rng(4)


def text(lines: int = 8, thickness: int = 1) -> np.ndarray:
    page = np.full((30 * lines + 20, 600), 255, np.uint8)
    for k in range(lines):
        sentence = "lanterns over the quiet harbour " * 2
        cv2.putText(page, sentence, (10, 30 * k + 30), cv2.FONT_HERSHEY_SIMPLEX, 0.55, 0, thickness)
    return page


def stars() -> np.ndarray:
    sky = np.full((500, 700), 255, np.uint8)
    for x, y, size in RNG.integers((0, 0, 0), (700, 500, 3), (1500, 3)).tolist():
        cv2.circle(sky, (x, y), size, 0, -1)
    for x in range(50, 700, 130):
        cv2.putText(sky, "Vega", (x, x // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 0, 1)
    return sky


def shaken(page: np.ndarray, deviation: float) -> np.ndarray:
    return np.clip(page + RNG.normal(0, deviation, page.shape), 0, 255).astype(np.uint8)


def screened(page: np.ndarray) -> np.ndarray:
    """In black and white by chance, as a screen of dots without any order."""
    return np.where(60 + page * 0.6 > RNG.integers(0, 255, page.shape), 255, 0).astype(np.uint8)


def cut(page: np.ndarray) -> np.ndarray:
    """Without the paper around what is on it."""
    rows, columns = (np.flatnonzero((page < 128).any(axis=axis)) for axis in (1, 0))
    return np.ascontiguousarray(page[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


@pytest.mark.parametrize("shape", [(400, 600), (400, 600, 3), (60, 600), (2000, 1400)])
def test_noise_of_any_size_is_nothing_to_read(shape):
    pixels = RNG.integers(0, 255, shape, np.uint8)
    rgb = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    assert preparing.prepare(Raster(rgb)).blank


@pytest.mark.parametrize("method", [cv2.INTER_NEAREST, cv2.INTER_CUBIC])
def test_noise_may_be_coarse(method):
    drawn = RNG.integers(0, 255, (400, 600), np.uint8)
    assert noise.is_noise(cv2.resize(drawn, None, fx=4.2, fy=4.2, interpolation=method))


@pytest.mark.parametrize("share", [0.05, 0.5])
def test_noise_may_be_black_and_white_and_stand_on_paper(share):
    page = np.full((500, 700), 255, np.uint8)
    page[40:460, 30:650] = np.where(RNG.random((420, 620)) < share, 0, 255)
    assert noise.is_noise(page)


PAGES = {"text": text(), "line": text(1), "bold": text(8, 2), "stars": stars()}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("harm", [np.array, lambda page: shaken(page, 60)], ids=["as it is", "noisy"])
def test_what_has_a_shape_is_no_noise(page, harm):
    assert not noise.is_noise(harm(PAGES[page]))
    assert not noise.is_noise(harm(cut(PAGES[page])))


@pytest.mark.parametrize("page", ["text", "line", "bold"])
def test_text_under_a_screen_is_no_noise(page):
    assert not noise.is_noise(screened(PAGES[page]))
    assert not noise.is_noise(screened(cut(PAGES[page])))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_paper_is_no_noise(level):
    assert not noise.is_noise(np.full((300, 400), level, np.uint8))
