"""Writes mathpixweb/engine/readers/tex_metrics.json.gz: how wide and tall the characters of TeX's fonts are.

    python3 -m training.tex_metrics

It takes advances and boxes from the Type 1 programs of the AMS fonts, and advances, heights and depths of the
EC fonts from their TFM files, all as TeX Live has them; no outline is taken.
"""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from pathlib import Path
from typing import Any

from fontTools.tfmLib import TFM

from mathpixweb.engine.readers.type1 import Type1Program

TARGET = Path(__file__).parents[1] / "mathpixweb" / "engine" / "readers" / "tex_metrics.json.gz"
AMS = (
    "cmr5 cmr6 cmr7 cmr8 cmr9 cmr10 cmr12 cmr17 cmmi5 cmmi6 cmmi7 cmmi8 cmmi9 cmmi10 cmmi12 cmsy5 cmsy6"
    " cmsy7 cmsy8 cmsy9 cmsy10 cmex7 cmex8 cmex9 cmex10 cmbx5 cmbx6 cmbx7 cmbx8 cmbx9 cmbx10 cmbx12"
    " cmti7 cmti8 cmti9 cmti10 cmti12 cmsl8 cmsl9 cmsl10 cmsl12 cmtt8 cmtt9 cmtt10 cmtt12 cmsltt10"
    " cmitt10 cmcsc8 cmcsc9 cmcsc10 cmss8 cmss9 cmss10 cmss12 cmss17 cmssbx10 cmssi8 cmssi9 cmssi10"
    " cmssi12 cmssdc10 cmbxsl10 cmbxti10 cmb10 cmmib5 cmmib7 cmmib10 cmbsy5 cmbsy7 cmbsy10 msam5 msam7"
    " msam10 msbm5 msbm7 msbm10 eufm5 eufm7 eufm10 eufb10 eusm10 eurm10 lasy10"
)
EC_SHAPES = "rm bx ti sl bi tt cc ss sx"
EC_SIZES = "0500 0600 0700 0800 0900 1000 1095 1200 1440 1728 2074"
SCALE = 1000


def _file(name: str) -> Path:
    found = subprocess.run(["kpsewhich", name], capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def _of_program(name: str) -> tuple[list[str], list[list[int]]]:
    """The names and measures of the codes from 0 of a Type 1 font; an empty list where there is none."""
    font, widths = Type1Program(_file(f"{name}.pfb").read_bytes()), _widths(name)
    names = [font.encoding.get(code, "") for code in range(128)]
    measures = []
    for code, glyph in enumerate(names):
        box = font.bounds(glyph) if glyph in font.names and code in widths else None
        measures.append([round(SCALE * widths[code]), *map(round, box)] if box else [])
    return names, measures


def _widths(name: str) -> dict[int, float]:
    return {code: metrics["width"] for code, metrics in TFM(_file(f"{name}.tfm")).chars.items()}


def _of_metrics(name: str) -> list[list[int]]:
    chars = TFM(_file(f"{name}.tfm")).chars
    parts = (("width", SCALE), ("depth", -SCALE), ("height", SCALE))
    return [
        [round(sign * chars[code].get(part, 0.0)) for part, sign in parts] if code in chars else []
        for code in range(256)
    ]


def _cork() -> list[str]:
    """The glyph names of the T1 encoding."""
    listed = re.sub(r"%.*", "", _file("cm-super-t1.enc").read_text(encoding="latin-1"))
    return [name if name != ".notdef" else "" for name in re.findall(r"/(\S+)", listed)[1:]]


def main() -> None:
    encodings: list[list[str]] = [_cork()]
    fonts: dict[str, Any] = {}
    for name in AMS.split():
        names, measures = _of_program(name)
        if names not in encodings:
            encodings.append(names)
        fonts[name.upper()] = [encodings.index(names), measures]
    for shape in EC_SHAPES.split():
        for size in EC_SIZES.split():
            try:
                fonts[f"SF{shape.upper()}{size}"] = [0, _of_metrics(f"ec{shape}{size}")]
            except subprocess.CalledProcessError:
                continue  # typewriter has no sizes below eight points
    content = json.dumps({"encodings": encodings, "fonts": fonts}, separators=(",", ":")).encode()
    TARGET.write_bytes(gzip.compress(content, 9, mtime=0))


if __name__ == "__main__":
    main()
