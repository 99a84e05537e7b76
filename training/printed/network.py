"""The network: a small residual pyramid looks at the whole formula, then every symbol at the others.

At each second pixel it says whether a symbol's centre is there, at each fourth whether a rule runs through.
What a symbol is, where its ink ends, on which baseline and of which size it is, is asked only where a centre
was seen: of what the pyramid knows of that place, of a window of finer features around it, and of the other
symbols, to which it attends (`context`). A cross between letters is x, between numbers it is a sign.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.printed.context import WIDTH, Context

CELL = 4  # pixels of a cell of features
PARTS = 2  # of a cell across and along are the places of centres
CHANNELS = (24, 64, 96, 160, 160)  # at strides 2, 4, 8, 16, 32
NECK = 96
FEATURES = 128
WINDOW = 5  # cells of finer features around a centre
APPEARANCE = 256
GEOMETRY = 6
GUESSES = 5
THRESHOLD = 0.15  # of the heat at a centre


class Unit(nn.Module):
    """Convolution, normalisation (until it is folded away), rectification."""

    def __init__(
        self, inside: int, outside: int, *, stride: int = 1, normed: bool, bent: bool = True
    ) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=not normed)
        self.norm = nn.BatchNorm2d(outside) if normed else None
        self._bent = bent

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return functional.relu(x, inplace=True) if self._bent else x


class Residual(nn.Module):
    def __init__(self, channels: int, *, normed: bool) -> None:
        super().__init__()
        self.first = Unit(channels, channels, normed=normed)
        self.second = Unit(channels, channels, normed=normed, bent=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.second(self.first(x)).add_(x), inplace=True)


class Pyramid(nn.Module):
    """`normed`: with batch normalisation, which training needs at its beginning and which is costly."""

    def __init__(self, *, normed: bool) -> None:
        super().__init__()
        c2, c4, c8, c16, c32 = CHANNELS

        def halved(inside: int, outside: int) -> Unit:
            return Unit(inside, outside, stride=2, normed=normed)

        def residual(channels: int) -> Residual:
            return Residual(channels, normed=normed)

        self.at_4 = nn.Sequential(halved(1, c2), halved(c2, c4), residual(c4))
        self.at_8 = nn.Sequential(halved(c4, c8), residual(c8), residual(c8))
        self.at_16 = nn.Sequential(halved(c8, c16), residual(c16), residual(c16))
        self.at_32 = nn.Sequential(halved(c16, c32), residual(c32))
        self.side = nn.ModuleList(nn.Conv2d(channels, NECK, 1) for channels in CHANNELS[1:])
        self.neck = Unit(NECK, FEATURES, normed=normed)

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        """Finer features and features, both at a fourth of the resolution."""
        levels = [self.at_4(ink)]
        for stage in (self.at_8, self.at_16, self.at_32):
            levels.append(stage(levels[-1]))
        merged = self.side[3](levels[3])
        for level in (2, 1, 0):
            here = self.side[level](levels[level])
            coarser = functional.interpolate(merged, scale_factor=2, mode="nearest")
            merged = here + coarser[:, :, : here.shape[2], : here.shape[3]]
        return levels[0], self.neck(functional.relu(merged))


class Detector(nn.Module):
    """The last of the `classes` is that there is no symbol after all."""

    def __init__(self, classes: int, *, normed: bool = False) -> None:
        super().__init__()
        self.pyramid = Pyramid(normed=normed)
        self.heat = nn.Conv2d(FEATURES, PARTS * PARTS, 1)
        self.rules = nn.Conv2d(FEATURES, 2, 1)
        self.appearance = nn.Linear(WINDOW * WINDOW * CHANNELS[1], APPEARANCE)
        self.place = nn.Linear(FEATURES, PARTS * PARTS * APPEARANCE)
        self.token = nn.Linear(APPEARANCE, WIDTH)
        self.context = Context()
        self.classes = nn.Linear(FEATURES, classes)
        self.classes_in_context = nn.Linear(WIDTH, classes)
        self.geometry = nn.Linear(FEATURES, GEOMETRY)
        self.geometry_in_context = nn.Linear(WIDTH, GEOMETRY)
        nn.init.constant_(self.heat.bias, -3.5)
        nn.init.constant_(self.rules.bias, -3.5)

    def heat_of(self, features: Tensor) -> Tensor:
        """Logits at half the resolution: samples, rows, columns."""
        return functional.pixel_shuffle(self.heat(features), PARTS)[:, 0]

    def seen_at(self, fine: Tensor, features: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Features and a first token of places (sample, row, column at half the resolution)."""
        number, row, column = places.unbind(1)
        at_row = torch.div(row, PARTS, rounding_mode="floor")
        at_column = torch.div(column, PARTS, rounding_mode="floor")
        part = (row - at_row * PARTS) * PARTS + (column - at_column * PARTS)
        known = features.permute(0, 2, 3, 1)[number, at_row, at_column]
        reach = WINDOW // 2
        around = functional.pad(fine, (reach, reach, reach, reach)).permute(0, 2, 3, 1)
        step = torch.arange(WINDOW * WINDOW)
        down, right = torch.div(step, WINDOW, rounding_mode="floor"), step % WINDOW
        window = around[number[:, None], at_row[:, None] + down, at_column[:, None] + right]
        placed = self.place(known).view(-1, PARTS * PARTS, APPEARANCE)
        own = placed.gather(1, part[:, None, None].expand(-1, 1, APPEARANCE))[:, 0]
        token = self.token(functional.relu(self.appearance(window.flatten(1)) + own))
        return known, token

    def told_of(self, known: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the classes, and geometry."""
        classes = self.classes(known) + self.classes_in_context(tokens)
        return classes, self.geometry(known) + self.geometry_in_context(tokens)


class Exported(nn.Module):
    """What ships: from one picture to the list of its symbols and the maps of its rules."""

    def __init__(self, detector: Detector) -> None:
        super().__init__()
        self.detector = detector

    def forward(self, ink: Tensor) -> tuple[Tensor, ...]:
        fine, features = self.detector.pyramid(ink)
        heat = self.detector.heat_of(features).sigmoid()
        peak = (heat == functional.max_pool2d(heat[:, None], 3, 1, 1)[:, 0]) & (heat > THRESHOLD)
        places = peak.nonzero()
        known, token = self.detector.seen_at(fine, features, places)
        tokens = self.detector.context(token[None], places[None, :, 1:].float())[0]
        logits, geometry = self.detector.told_of(known, tokens)
        probabilities = logits.softmax(-1)
        there = 1 - probabilities[:, -1]
        best, classes = (probabilities[:, :-1] / there[:, None].clamp(min=1e-6)).topk(GUESSES, -1)
        return (
            heat[0, places[:, 1], places[:, 2]],
            there,
            places[:, 1:],
            geometry,
            best,
            classes,
            self.detector.rules(features).sigmoid(),
        )


def folded(normed: Detector, classes: int) -> Detector:
    """The same network with each normalisation made part of its convolution, where it says the same."""
    plain = Detector(classes, normed=False)
    state = normed.state_dict()
    for name, unit in normed.named_modules():
        if isinstance(unit, Unit) and unit.norm is not None:
            norm = unit.norm
            if norm.running_mean is None or norm.running_var is None:
                raise ValueError(name)
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            for part in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
                del state[f"{name}.norm.{part}"]
            state[f"{name}.conv.weight"] = unit.conv.weight * scale[:, None, None, None]
            state[f"{name}.conv.bias"] = norm.bias - norm.running_mean * scale
    plain.load_state_dict(state)
    return plain
