"""Symbols that look at each other: attention among those that stand near, by how they stand."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

WIDTH = 192
HEADS = 6
LAYERS = 3
INNER = 384
REACH = (80.0, 200.0)  # rows and columns of centres' places within which symbols see each other
LONGEST, SHORTEST = 240.0, 3.0  # wave lengths, in the same unit, by which relative places are told
_UNSEEN = -1e4


class Context(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(_Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(WIDTH)
        waves = WIDTH // HEADS // 4
        lengths = torch.logspace(0, 1, waves, base=LONGEST / SHORTEST) * SHORTEST
        self.register_buffer("frequency", 2 * torch.pi / lengths, persistent=False)

    def forward(self, tokens: Tensor, places: Tensor, present: Tensor | None = None) -> Tensor:
        """`places`: row and column of each token; `present`: which of them there are (in batches)."""
        turn = self._turn(places)
        apart = (places[:, :, None] - places[:, None]).abs()
        far = (apart[..., 0] > REACH[0]) | (apart[..., 1] > REACH[1])
        if present is not None:
            far = far | ~present[:, None, :]
        unseen = far.to(tokens.dtype)[:, None] * _UNSEEN
        for layer in self.layers:
            tokens = layer(tokens, turn, unseen)
        return self.norm(tokens)

    def _turn(self, places: Tensor) -> tuple[Tensor, Tensor]:
        """Cosines and sines of the angles by which queries and keys are turned: samples, 1, tokens, waves."""
        angles = torch.cat([places[..., :1] * self.frequency, places[..., 1:] * self.frequency], -1)
        return angles.cos()[:, None], angles.sin()[:, None]


class _Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.before = nn.LayerNorm(WIDTH)
        self.asked = nn.Linear(WIDTH, 3 * WIDTH)
        self.heard = nn.Linear(WIDTH, WIDTH)
        self.between = nn.LayerNorm(WIDTH)
        self.wider = nn.Linear(WIDTH, INNER)
        self.narrower = nn.Linear(INNER, WIDTH)

    def forward(self, tokens: Tensor, turn: tuple[Tensor, Tensor], unseen: Tensor) -> Tensor:
        samples, count, _ = tokens.shape
        asked = self.asked(self.before(tokens)).view(samples, count, 3, HEADS, WIDTH // HEADS)
        query, key, value = asked.permute(2, 0, 3, 1, 4).unbind(0)
        query, key = _turned(query, turn), _turned(key, turn)
        weights = (query @ key.transpose(-1, -2)) * (WIDTH // HEADS) ** -0.5 + unseen
        heard = (weights.softmax(-1) @ value).transpose(1, 2).reshape(samples, count, WIDTH)
        tokens = tokens + self.heard(heard)
        return tokens + self.narrower(functional.gelu(self.wider(self.between(tokens))))


def _turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """Each pair of numbers turned by its wave's angle: products then tell how far two are apart."""
    cos, sin = turn
    first, second = x.chunk(2, -1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)
