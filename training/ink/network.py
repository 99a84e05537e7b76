"""The networks: of groups by their sizes, of shapes, and the one that reads all groups of a drawing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from mathpixweb.engine.ocr.ink_alphabet import NOTHING
from mathpixweb.engine.ocr.ink_features import FACTS, MAPS, SIDE
from mathpixweb.engine.ocr.ink_groups import NUMBERS as GROUP
from mathpixweb.engine.ocr.ink_places import NUMBERS, PAIRS
from mathpixweb.engine.ocr.ink_relations import Relation

SHAPE = 256  # numbers that describe a shape
WIDTH, LAYERS, HEADS = 128, 4, 4
PLACE = 64  # numbers that describe how two groups stand to each other
HOOK = 32  # numbers for each way of hanging on another


class GroupNet(nn.Module):
    """How likely strokes are one symbol, from sizes and distances alone."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = nn.Sequential(nn.Linear(GROUP, 32), nn.GELU(), nn.Linear(32, 1))

    def forward(self, numbers: Tensor) -> Tensor:
        """Log odds."""
        found: Tensor = self.steps(numbers).squeeze(1)
        return found


class ShapeNet(nn.Module):
    """Four convolutions over maps of 24 by 24, and the number of strokes."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.Sequential(
            *_convolved(MAPS, 24),
            nn.MaxPool2d(2),
            *_convolved(24, 64),
            nn.MaxPool2d(2),
            *_convolved(64, 96),
            *_convolved(96, 128),
            nn.MaxPool2d(2),
        )
        self.hidden = nn.Linear(128 * (SIDE // 8) ** 2 + FACTS, SHAPE)
        self.drop = nn.Dropout(0.15)
        self.out = nn.Linear(SHAPE, NOTHING + 1)

    def forward(self, maps: Tensor, facts: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of the classes, and the description of the shape."""
        seen = self.stages(maps).flatten(1)
        shape = torch.relu(self.hidden(torch.cat([seen, facts], dim=1)))
        return self.out(self.drop(shape)), shape


def _convolved(before: int, after: int) -> list[nn.Module]:
    return [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]


class ReadingNet(nn.Module):
    """All groups of a drawing attend to each other by shape and place: what each is, and what it hangs on."""

    def __init__(self) -> None:
        super().__init__()
        self.begin = nn.Linear(SHAPE + NUMBERS, WIDTH)
        self.places = nn.Sequential(nn.Linear(PAIRS, PLACE), nn.GELU())
        self.leaning = nn.Linear(PLACE, LAYERS * HEADS)
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.end = nn.LayerNorm(WIDTH)
        self.out = nn.Linear(WIDTH, NOTHING + 1)
        self.trust = nn.Parameter(torch.tensor(0.5))
        self.child = nn.Linear(WIDTH, len(Relation) * HOOK)
        self.parent = nn.Linear(WIDTH, len(Relation) * HOOK)
        self.hooks = nn.Linear(PLACE, len(Relation))
        self.root = nn.Linear(WIDTH, 1)
        self.drop = nn.Dropout(0.1)

    def forward(
        self, shapes: Tensor, scores: Tensor, numbers: Tensor, pairs: Tensor, blank: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of the classes (b, n, c), of hanging on each other (b, n, n, r) and on nothing (b, n).

        `scores` are those of the network of shapes; `blank` (b, n) is 0, and -1e4 where there is no group.
        """
        count = shapes.shape[1]
        state = self.begin(torch.cat([self.drop(shapes), numbers], dim=2))
        near = self.places(pairs)
        leaning = self.leaning(near).permute(0, 3, 1, 2) + blank[:, None, None, :]
        for place, layer in enumerate(self.layers):
            state = layer(state, leaning[:, place * HEADS : (place + 1) * HEADS])
        state = self.end(state)
        classes = self.out(state) + self.trust * torch.log_softmax(scores, dim=2)
        child = self.child(state).reshape(-1, count, len(Relation), HOOK).permute(0, 2, 1, 3)
        parent = self.parent(state).reshape(-1, count, len(Relation), HOOK).permute(0, 2, 3, 1)
        hooks = (child @ parent / HOOK**0.5).permute(0, 2, 3, 1) + self.hooks(near)
        return classes, hooks + blank[:, None, :, None], self.root(state).squeeze(2)


class _Layer(nn.Module):
    """Attention that leans on how two groups stand to each other, and a step of its own for each group."""

    def __init__(self) -> None:
        super().__init__()
        self.before = nn.LayerNorm(WIDTH)
        self.all = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.step = nn.Sequential(
            nn.LayerNorm(WIDTH),
            nn.Linear(WIDTH, 2 * WIDTH),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(2 * WIDTH, WIDTH),
        )

    def forward(self, state: Tensor, leaning: Tensor) -> Tensor:
        count = state.shape[1]
        parts = self.all(self.before(state)).reshape(-1, count, 3, HEADS, WIDTH // HEADS)
        query, key, value = (parts[:, :, k].transpose(1, 2) for k in range(3))
        share = torch.softmax(query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + leaning, dim=3)
        seen = (share @ value).transpose(1, 2).reshape(-1, count, WIDTH)
        state = state + self.mixed(seen)
        return state + self.step(state)
