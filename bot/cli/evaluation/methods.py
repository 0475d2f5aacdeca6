"""Ways to tell topics apart, each trained on the same examples: n-grams, the encoder, both, a network, neighbours."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from bot.cli.evaluation.examples import Examples

Shares = NDArray[np.float64]
SEED = 1
NEIGHBOURS = 8
HIDDEN_UNITS = 256


@dataclass(frozen=True)
class Ranked:
    """A method's guesses: `shares` has a row a question and a column a label, each row adding up to 1 or less."""

    method: str
    labels: tuple[str, ...]
    shares: Shares
    training_seconds: float


@dataclass(frozen=True)
class Features:
    """The examples and the questions as numbers: sparse n-grams and the encoder's vectors of length 1."""

    learned_ngrams: Any
    asked_ngrams: Any
    learned_vectors: NDArray[np.float32]
    asked_vectors: NDArray[np.float32]

    @property
    def learned_both(self) -> Any:
        """N-grams and vector side by side, for the examples."""
        return hstack([self.learned_ngrams, csr_matrix(self.learned_vectors)]).tocsr()

    @property
    def asked_both(self) -> Any:
        """N-grams and vector side by side, for the questions."""
        return hstack([self.asked_ngrams, csr_matrix(self.asked_vectors)]).tocsr()


def ngrams(learned: Sequence[str], asked: Sequence[str]) -> tuple[Any, Any]:
    """Word and character n-grams, weighted by rarity as `learned` has it: for `learned` and for `asked`."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2)
    of_learned = hstack([words.fit_transform(learned), characters.fit_transform(learned)]).tocsr()
    return of_learned, hstack([words.transform(asked), characters.transform(asked)]).tocsr()


def _regression(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=1e-3)


def _network() -> MLPClassifier:
    return MLPClassifier((HIDDEN_UNITS,), alpha=1e-3, early_stopping=True, max_iter=100, random_state=SEED)


def _neighbours() -> KNeighborsClassifier:
    return KNeighborsClassifier(NEIGHBOURS, weights="distance", metric="cosine", algorithm="brute")


METHODS: dict[str, tuple[Callable[[], Any], Callable[[Features], tuple[Any, Any]]]] = {
    "n-grams alone, logistic regression": (
        lambda: _regression(10.0),
        lambda given: (given.learned_ngrams, given.asked_ngrams),
    ),
    "encoder alone, logistic regression": (
        lambda: _regression(10.0),
        lambda given: (given.learned_vectors, given.asked_vectors),
    ),
    "n-grams and encoder, logistic regression": (
        lambda: _regression(10.0),
        lambda given: (given.learned_both, given.asked_both),
    ),
    "encoder, a network of one hidden layer": (
        _network,
        lambda given: (given.learned_vectors, given.asked_vectors),
    ),
    f"encoder, {NEIGHBOURS} nearest neighbours": (
        _neighbours,
        lambda given: (given.learned_vectors, given.asked_vectors),
    ),
}


def rank(method: str, examples: Examples, features: Features) -> Ranked:
    """Train `method` (a key of METHODS) on the examples and rank the labels for every question."""
    make, choose = METHODS[method]
    learned, asked = choose(features)
    begun = time.monotonic()
    model = make().fit(learned, examples.topics)
    seconds = time.monotonic() - begun
    return Ranked(method, tuple(map(str, model.classes_)), np.asarray(model.predict_proba(asked)), seconds)
