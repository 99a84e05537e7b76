"""A small picture as it was sent, with the tones of its surfaces, which an even ground takes away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from mathpixweb.engine.geometry import Box
from mathpixweb.engine.ocr.frames import Frame
from mathpixweb.engine.ocr.ground import Gray
from mathpixweb.engine.ocr.scaling import scaled

LONG_SIDE: Final = 1200  # pixels
DARK: Final = 110  # grey levels: of a picture with such edges the negative is taken


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """Dark on light; `frame` leads from its pixels to the sent picture."""

    gray: Gray
    frame: Frame

    @classmethod
    def of(cls, tones: Gray, frame: Frame) -> Sketch:
        zoom = min(1.0, LONG_SIDE / max(tones.shape))
        gray = scaled(tones, zoom)
        if np.median(np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])) < DARK:
            gray = np.asarray(cv2.bitwise_not(gray), np.uint8)
        return cls(gray, frame.scaled(zoom))

    def cut(self, box: Box, frame: Frame) -> tuple[Gray, float]:
        """What stands in a box of the picture of this frame, and how many of its pixels are one of that."""
        zoom = float(np.sqrt(abs(np.linalg.det(np.linalg.inv(self.frame.matrix) @ frame.matrix))))
        size = max(1, round(box.width * zoom)), max(1, round(box.height * zoom))
        step = np.array([[1 / zoom, 0, box.x0], [0, 1 / zoom, box.y0], [0, 0, 1]])
        back = np.linalg.inv(self.frame.matrix) @ frame.matrix @ step
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        part = cv2.warpPerspective(self.gray, back, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(part, np.uint8), zoom
