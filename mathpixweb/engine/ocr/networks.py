"""Networks that read text: files inside the RapidOCR package, run without that package's own code.

Its code may download models and takes half a second and 60 MB to load; the files are all that is needed.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Final

import onnxruntime

from mathpixweb.engine import networks

FINDER: Final = "PP-OCRv6_det_small.onnx"
READER: Final = "PP-OCRv6_rec_small.onnx"


@lru_cache(maxsize=4)
def session(name: str) -> onnxruntime.InferenceSession:
    """The network, loaded once per process."""
    return networks.load(path_of(name))


def path_of(name: str) -> Path:
    return _directory() / name


@lru_cache(maxsize=1)
def _directory() -> Path:
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise FileNotFoundError("The package rapidocr with its models is not installed.")
    return Path(found.origin).parent / "models"
