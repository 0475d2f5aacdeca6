"""Word and character n-grams: the spelling of a message, which the encoder's meaning leaves out."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from bot.language.softmax import Floats, Labels

BUCKETS = 2**14
EPOCHS = 8
REGULARISATION = 3e-6


@lru_cache(maxsize=1)
def _vectorizers() -> tuple[HashingVectorizer, HashingVectorizer]:
    shared = {"n_features": BUCKETS, "alternate_sign": False, "norm": None, "dtype": np.float32}
    characters = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 4), **shared)
    pattern = {"token_pattern": r"\w+"}
    words = HashingVectorizer(analyzer="word", ngram_range=(1, 2), **pattern, **shared)
    return characters, words


def count(texts: list[str]) -> csr_matrix:
    """The n-gram counts of `texts`, damped by their logarithm: shape (texts, 2 × BUCKETS)."""
    counts = hstack([vectorizer.transform(texts) for vectorizer in _vectorizers()]).tocsr()
    counts.data = np.log1p(counts.data)
    return counts


@dataclass(frozen=True)
class NGrams:
    """One logistic regression against the rest for each label, over weighted n-grams."""

    rarity: Floats
    weights: Floats
    bias: Floats

    def probabilities(self, text: str) -> Floats:
        """The labels' probabilities for a text, shape (labels,), as scikit-learn scales one against the rest."""
        places, counts = [], []
        for offset, vectorizer in zip((0, BUCKETS), _vectorizers(), strict=True):
            found = vectorizer.transform([text])
            places.append(found.indices + offset)
            counts.append(found.data)
        chosen = np.concatenate(places)
        weighted = np.log1p(np.concatenate(counts)) * self.rarity[chosen]
        length = float(np.linalg.norm(weighted)) + 1e-9
        scores = (weighted / length) @ self.weights[chosen] + self.bias
        odds: Floats = 1 / (1 + np.exp(-scores))
        shares: Floats = odds / max(float(odds.sum()), 1e-12)
        return shares


def weigh(counts: csr_matrix, rarity: Floats) -> csr_matrix:
    """The counts by rarity, each row of length 1."""
    weighted = counts.multiply(rarity).tocsr()
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1))) + 1e-9
    return weighted.multiply(1 / lengths).tocsr().astype(np.float32)


def fit(texts: list[str], labels: Labels) -> NGrams:
    """Learn `labels` (texts,) from the n-grams of `texts`; labels are 0 to n without a gap."""
    from sklearn.linear_model import SGDClassifier

    counts = count(texts)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    model = SGDClassifier(loss="log_loss", alpha=REGULARISATION, max_iter=EPOCHS, tol=None, random_state=0, n_jobs=2)
    model.fit(weigh(counts, rarity), labels)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps one row for two labels
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return NGrams(rarity, row_major(weights.T), bias.astype(np.float32))


def row_major(weights: Floats) -> Floats:
    """The weights as scipy's product needs them: any other order makes it copy them all for each text (90 ms)."""
    return np.ascontiguousarray(weights, dtype=np.float32)
