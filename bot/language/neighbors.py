"""Judges a dense vector by the classes of the examples nearest to it, in whitened directions (Kessy et al. 2018)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.language.softmax import Floats, Labels

DIRECTIONS = 256
NEAREST = 10
SHARPNESS = 0.05
SMALLEST = 1.0
DOUBT = 0.02


@dataclass(frozen=True)
class Neighbors:
    """The examples: `whitened` (examples, directions) of length 1, `given` (examples,) the places of their classes.

    `projection` (features, directions) whitens a vector after `mean` (features,) is taken off.
    """

    classes: tuple[str, ...]
    mean: Floats
    projection: Floats
    whitened: NDArray[np.float16]
    given: Labels

    def probabilities(self, vector: Floats) -> Floats:
        """The classes' shares, shape (classes,), among the nearest examples, the nearer the more."""
        closeness = self._examples @ _unit((vector - self.mean) @ self.projection)
        count = min(NEAREST, len(closeness))
        nearest = np.argpartition(-closeness, count - 1)[:count]
        weights = np.exp((closeness[nearest] - closeness[nearest].max()) / SHARPNESS)
        shares = np.bincount(self.given[nearest], weights=weights, minlength=len(self.classes)) / weights.sum()
        doubtful: Floats = ((1 - DOUBT) * shares + DOUBT / len(self.classes)).astype(np.float32)
        return doubtful

    @cached_property
    def _examples(self) -> Floats:
        """The examples as the product needs them; they are kept in half the precision."""
        return np.ascontiguousarray(self.whitened, dtype=np.float32)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything but the classes, by name."""
        return {name: getattr(self, name) for name in ("mean", "projection", "whitened", "given")}


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: Floats = vectors / np.maximum(lengths, 1e-9)
    return unit


def fit(vectors: Floats, given: Sequence[str]) -> Neighbors:
    """Keep examples, vectors (examples, features) and their classes."""
    classes = tuple(sorted(set(given)))
    mean, deviation = vectors.mean(axis=0), vectors.std(axis=0) + np.float32(1e-6)
    scaled = (vectors - mean) / deviation
    spread, directions = np.linalg.eigh(scaled.T @ scaled / np.float32(len(scaled)))
    strongest = slice(-min(DIRECTIONS, len(spread)), None)
    # Directions that hardly vary say little: they are not stretched to full length.
    whitening = directions[:, strongest] / np.sqrt(np.maximum(spread[strongest], 0) + SMALLEST)
    whitened = _unit(scaled @ whitening).astype(np.float16)
    places = np.array([classes.index(one) for one in given], dtype=np.int64)
    projection: Floats = (whitening / deviation[:, None]).astype(np.float32)
    return Neighbors(classes, mean, projection, whitened, places)
