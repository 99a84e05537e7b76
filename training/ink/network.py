"""The network that names a group of strokes: four stages of convolutions, and how large the group is."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from mathpixweb.engine.ocr.ink_alphabet import NOTHING
from mathpixweb.engine.ocr.ink_features import FACTS, MAPS


class InkNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        widths = (MAPS, 24, 48, 96, 128)
        stages: list[nn.Module] = []
        for before, after in pairwise(widths):
            stages += [
                nn.Conv2d(before, after, 3, padding=1, bias=False),
                nn.BatchNorm2d(after),
                nn.ReLU(inplace=True),
            ]
            if after == 96:
                stages += [
                    nn.Conv2d(after, after, 3, padding=1, bias=False),
                    nn.BatchNorm2d(after),
                    nn.ReLU(inplace=True),
                ]
            stages.append(nn.MaxPool2d(2))
        self.stages = nn.Sequential(*stages)
        self.hidden = nn.Linear(128 * 4 + FACTS, 256)
        self.drop = nn.Dropout(0.15)
        self.out = nn.Linear(256, NOTHING + 1)

    def forward(self, maps: Tensor, facts: Tensor) -> Tensor:
        seen = self.stages(maps).flatten(1)
        return self.out(self.drop(torch.relu(self.hidden(torch.cat([seen, facts], dim=1)))))
