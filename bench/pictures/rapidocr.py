"""RapidOCR's package as it reads by itself."""

from __future__ import annotations

import io
import logging

import numpy as np
from PIL import Image
from rapidocr import RapidOCR

from bench.pictures.items import Item
from bench.pictures.readers import Said, picture_of


class RapidOcr:
    """The package's own pipeline on one thread, with its lines in the order in which they come."""

    def __init__(self) -> None:
        logging.disable(logging.INFO)  # it tells of every file that it opens
        threads = {"intra_op_num_threads": 1, "inter_op_num_threads": 1}
        self._read = RapidOCR(params={f"EngineConfig.onnxruntime.{name}": n for name, n in threads.items()})

    def __call__(self, item: Item) -> Said:
        array = np.asarray(Image.open(io.BytesIO(picture_of(item))).convert("RGB"))
        return Said("\n".join(self._read(array).txts or ()))
