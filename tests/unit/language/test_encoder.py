"""The encoder is the published one, or there is none."""

from pathlib import Path

import numpy as np
import pytest

from bot.errors import EncoderMissing
from bot.language import encoder
from bot.language.conversion import convert
from bot.language.encoder import SENTENCE, Encoder, checked_weights, package_files
from bot.settings import PROJECT


@pytest.fixture(scope="module")
def loaded() -> Encoder:
    return encoder.load(PROJECT / "var" / "encoder")


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """The converted graph before its weights are made 8-bit."""
    graph = tmp_path_factory.mktemp("encoder") / "full.onnx"
    convert(checked_weights(package_files()), graph)
    return Encoder(graph, package_files() / "tokenizer.json")


def test_the_published_pair_of_sentences_is_as_alike_as_its_makers_say(exact: Encoder) -> None:
    first, second = exact.encode("That is a happy person"), exact.encode("That is a very happy person")
    assert float(first[:SENTENCE] @ second[:SENTENCE]) == pytest.approx(0.9429, abs=0.0005)


@pytest.mark.parametrize(
    "text", ["price?", "my cousin had it done in tijuana and now he says it is approved, is that so"]
)
def test_eight_bits_keep_the_meaning(exact: Encoder, loaded: Encoder, text: str) -> None:
    assert float(exact.encode(text)[:SENTENCE] @ loaded.encode(text)[:SENTENCE]) > 0.96


def test_sentences_of_unlike_meaning_are_far_apart(loaded: Encoder) -> None:
    asked, other = loaded.encode("how much does it cost"), loaded.encode("the cat sleeps on the roof")
    assert float(asked[:SENTENCE] @ other[:SENTENCE]) < 0.3


def test_many_texts_come_back_in_their_order_and_nearly_as_one_by_one(loaded: Encoder) -> None:
    texts = ["price?", "a much longer question about what happens to the scalp on the day", "is it approved"] * 5
    heard: list[tuple[int, int]] = []
    together = loaded.encode_many(texts, lambda done, total: heard.append((done, total)))
    alone = np.stack([loaded.encode(text) for text in texts])
    assert float((together[:, :SENTENCE] * alone[:, :SENTENCE]).sum(axis=1).min()) > 0.95
    assert heard[-1] == (15, 15)


def test_a_text_of_ten_thousand_words_is_cut_and_not_refused(loaded: Encoder) -> None:
    assert loaded.encode("hair " * 10_000).shape == (encoder.DIMENSIONS,)


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path) -> None:
    content = bytearray((package_files() / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(EncoderMissing, match="SHA-256 differs"):
        checked_weights(tmp_path)


def test_missing_weights_stop_the_program_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EncoderMissing, match="reinstall"):
        checked_weights(tmp_path)
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package_of_weights")
    with pytest.raises(EncoderMissing, match="not installed"):
        package_files()
