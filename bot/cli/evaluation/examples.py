"""The training examples as plain data: what the compared classifiers learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.errors import SettingError

LEFT_OUT = ("follow_up",)  # they mean something only after another message


@dataclass(frozen=True)
class Examples:
    """Texts with the topic (or out_of_scope) of each, in the order of the files."""

    texts: tuple[str, ...]
    topics: tuple[str, ...]


def _of_item(item: object, path: Path) -> list[tuple[str, str]]:
    if not isinstance(item, dict) or "intent" not in item:
        return []
    topic, block = str(item["intent"]), item.get("examples")
    if not isinstance(block, str):
        raise SettingError(f"{path}: the examples of {topic} are not a block of text")
    lines = (line.strip() for line in block.splitlines())
    return [(line.removeprefix("- ").strip(), topic) for line in lines if line.startswith("- ")]


def read_examples(folder: Path) -> Examples:
    """The examples of all NLU files below `folder`; raises SettingError for a file that is none, or where none are."""
    pairs: list[tuple[str, str]] = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            listed = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # the safe one, in C
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise SettingError(f"{path} cannot be read: {error}") from error
        items: Sequence[object] = (listed.get("nlu") or ()) if isinstance(listed, dict) else ()
        pairs += [pair for item in items for pair in _of_item(item, path)]
    kept = [(text, topic) for text, topic in pairs if topic not in LEFT_OUT]
    if not kept:
        raise SettingError(f"{folder} holds no examples")
    return Examples(tuple(text for text, _ in kept), tuple(topic for _, topic in kept))
