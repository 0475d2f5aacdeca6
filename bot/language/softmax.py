"""A linear softmax over dense vectors, with dropout on its inputs, trained by Adam (Kingma and Ba 2015)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]

EPOCHS = 10
BATCH = 128
RATE = 3e-3
WARM_UP = 0.1
DECAY = 1e-2
DROPOUT = 0.3
SMOOTHING = 0.1
GROUP_WEIGHT = 0.5
SEED = 20_240_927


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True)
class Linear:
    """Standardises an input, shape (…, features), and scores it: shape (…, labels)."""

    mean: Floats
    deviation: Floats
    weights: Floats
    bias: Floats

    def probabilities(self, inputs: Floats) -> Floats:
        """The labels' probabilities for each input."""
        return softmax(((inputs - self.mean) / self.deviation) @ self.weights + self.bias)


class _Adam:
    """The optimiser's state for a few arrays, with a rate that rises, then falls to nothing, and decoupled decay."""

    def __init__(self, arrays: list[Floats], steps: int) -> None:
        self.arrays = arrays
        self.first = [np.zeros_like(array) for array in arrays]
        self.second = [np.zeros_like(array) for array in arrays]
        self.step, self.steps = 0, steps

    def apply(self, gradients: list[Floats]) -> None:
        self.step += 1
        rate = RATE * min(1.0, self.step / (WARM_UP * self.steps)) * (1 - self.step / (self.steps + 1))
        for array, gradient, first, second in zip(self.arrays, gradients, self.first, self.second, strict=True):
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            size = np.sqrt(second / (1 - 0.999**self.step)) + 1e-8
            array -= rate * (first / (1 - 0.9**self.step) / size + (DECAY * array if array.ndim > 1 else 0.0))


def _error(shares: Floats, labels: Labels, members: Floats) -> Floats:
    """The loss's slope by score: cross-entropy with smoothed labels, and that of the label's whole group.

    `members` (examples, labels) is 1 where a label is of the example's group.
    """
    wanted = np.full_like(shares, SMOOTHING / shares.shape[1])
    wanted[np.arange(len(labels)), labels] += 1 - SMOOTHING
    within = shares * members
    within /= within.sum(axis=1, keepdims=True) + 1e-9
    slope: Floats = (shares - wanted + GROUP_WEIGHT * (shares - within)) / len(labels)
    return slope


def fit(
    inputs: Floats, labels: Labels, groups: Labels, progress: Callable[[int, int], None] = lambda done, total: None
) -> Linear:
    """Learn `labels` (examples,) from `inputs` (examples, features); `groups` (labels,) says which labels are kin."""
    chance = np.random.default_rng(SEED)
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0) + np.float32(1e-6)
    scaled: Floats = (inputs - mean) / deviation
    weights = np.zeros((inputs.shape[1], len(groups)), dtype=np.float32)
    bias = np.zeros(len(groups), dtype=np.float32)
    kin = (groups[:, None] == groups[None, :]).astype(np.float32)
    batches = -(-len(inputs) // BATCH)
    optimiser = _Adam([weights, bias], EPOCHS * batches)
    for epoch in range(EPOCHS):
        order = chance.permutation(len(inputs))
        for chosen in np.array_split(order, batches):
            kept = chance.random((len(chosen), inputs.shape[1]), dtype=np.float32) > DROPOUT
            batch: Floats = scaled[chosen] * kept / np.float32(1 - DROPOUT)
            slope = _error(softmax(batch @ weights + bias), labels[chosen], kin[labels[chosen]])
            optimiser.apply([batch.T @ slope, slope.sum(axis=0)])
        progress(epoch + 1, EPOCHS)
    return Linear(mean, deviation, weights, bias)
