"""Rasa's own classifier DIET on the same examples, for comparison: the pipeline of `rasa init`, trained by Rasa."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from bot.cli.evaluation.examples import Examples
from bot.cli.evaluation.methods import Ranked
from bot.errors import StrandError

METHOD = "DIET, as in rasa init"
PIPELINE = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {
        "name": "DIETClassifier",
        "epochs": 100,
        "constrain_similarities": True,
        "entity_recognition": False,
        "ranking_length": 0,
        "random_seed": 1,
    },
]


def _write(folder: Path, examples: Examples) -> None:
    by_topic: dict[str, list[str]] = {}
    for text, topic in zip(examples.texts, examples.topics, strict=True):
        by_topic.setdefault(topic, []).append(text)
    data = [
        {"intent": topic, "examples": "".join(f"- {text}\n" for text in texts)} for topic, texts in by_topic.items()
    ]
    config = {"recipe": "default.v1", "language": "en", "assistant_id": "comparison", "pipeline": PIPELINE}
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": data}, allow_unicode=True), "utf-8")
    (folder / "config.yml").write_text(yaml.safe_dump(config), "utf-8")


async def _rankings(model: str, texts: Sequence[str]) -> list[dict[str, float]]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    parsed = [await agent.parse_message(text.removeprefix("/")) for text in texts]
    return [{one["name"]: float(one["confidence"]) for one in parse["intent_ranking"]} for parse in parsed]


def rank_with_diet(examples: Examples, texts: Sequence[str]) -> Ranked:
    """Train DIET in a folder of its own and rank the labels for `texts`; raises StrandError where that fails."""
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory(prefix="strand-diet-") as name:
        folder = Path(name)
        _write(folder, examples)
        begun = time.monotonic()
        model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        seconds = time.monotonic() - begun
        if model is None:
            raise StrandError("Rasa made no DIET model; the log says why")
        rankings = asyncio.run(_rankings(model, texts))
    labels = tuple(sorted(set(examples.topics)))
    shares = np.array([[ranking.get(label, 0.0) for label in labels] for ranking in rankings])
    return Ranked(METHOD, labels, shares, seconds)
