"""The network: a small residual pyramid that looks at the whole formula once.

At each fourth pixel it says whether a symbol's centre is there, what the symbol is, where its ink ends, on
which baseline and of which size it is; and through which cells rules run.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

CELL = 4
CHANNELS = (24, 64, 96, 160, 160)  # at strides 2, 4, 8, 16, 32
NECK = 96
FEATURES = 128
GUESSES = 5
THRESHOLD = 0.25  # of the heat at a centre


def _halved(inside: int, outside: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
    )


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.relu(self.first_norm(self.first(x)))
        return functional.relu(x + self.second_norm(self.second(inner)))


class Detector(nn.Module):
    def __init__(self, classes: int) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = CHANNELS
        self.at_4 = nn.Sequential(_halved(1, c2), _halved(c2, c4), Residual(c4))
        self.at_8 = nn.Sequential(_halved(c4, c8), Residual(c8), Residual(c8))
        self.at_16 = nn.Sequential(_halved(c8, c16), Residual(c16), Residual(c16))
        self.at_32 = nn.Sequential(_halved(c16, c32), Residual(c32))
        self.side = nn.ModuleList(nn.Conv2d(channels, NECK, 1) for channels in CHANNELS[1:])
        self.neck = nn.Sequential(
            nn.Conv2d(NECK, FEATURES, 3, padding=1, bias=False), nn.BatchNorm2d(FEATURES), nn.ReLU()
        )
        self.heat = nn.Conv2d(FEATURES, 1, 1)
        self.geometry = nn.Conv2d(FEATURES, 6, 1)
        self.rules = nn.Conv2d(FEATURES, 2, 1)
        self.classes = nn.Linear(FEATURES, classes)
        nn.init.constant_(self.heat.bias, -3.5)
        nn.init.constant_(self.rules.bias, -3.5)

    def maps(self, ink: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Features, heat, geometry and rules (logits) at a quarter of the resolution."""
        levels = [self.at_4(ink)]
        for stage in (self.at_8, self.at_16, self.at_32):
            levels.append(stage(levels[-1]))
        merged = self.side[3](levels[3])
        for level in (2, 1, 0):
            here = self.side[level](levels[level])
            coarser = functional.interpolate(merged, scale_factor=2, mode="nearest")
            merged = here + coarser[:, :, : here.shape[2], : here.shape[3]]
        features = self.neck(functional.relu(merged))
        return features, self.heat(features), self.geometry(features), self.rules(features)


class Exported(nn.Module):
    """What ships: from one picture to the list of its symbols and the maps of its rules."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, ink: Tensor) -> tuple[Tensor, ...]:
        features, heat, geometry, rules = self.detector.maps(ink)
        heat = heat.sigmoid()
        peak = (heat == functional.max_pool2d(heat, 3, 1, 1)) & (heat > THRESHOLD)
        cells = peak[0, 0].nonzero()
        rows, columns = cells[:, 0], cells[:, 1]
        logits = self.detector.classes(features[0].permute(1, 2, 0)[rows, columns])
        probabilities, classes = logits.softmax(-1).topk(GUESSES, -1)
        return (
            heat[0, 0][rows, columns],
            cells,
            geometry[0].permute(1, 2, 0)[rows, columns],
            probabilities,
            classes,
            rules.sigmoid(),
        )
