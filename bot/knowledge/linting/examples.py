"""Checks that every entry has training examples, and that every example has an entry."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.knowledge.files import load_yaml, read_text
from bot.knowledge.linting.page import Finding, Page

NO_ENTRIES = ("out_of_scope", "follow_up")
# The screen for danger and the check learn from these; no entry answers them.
LEARNT_ELSEWHERE = frozenset({"interview", "no_danger", "emergency", "urgent_care", "self_harm", "clinician_first"})


@dataclass(frozen=True)
class Block:
    """Some examples of one label: the file and line, the intent, and the entry that they mean."""

    path: Path
    line: int
    intent: str
    entry: str
    count: int


def read_blocks(path: Path) -> list[Block]:
    """The labelled blocks of a Rasa training file; raises KnowledgeError."""
    text = read_text(path)
    listed = load_yaml(text, path)
    blocks = listed.get("nlu") if isinstance(listed, dict) else None
    lines = _lines_of_blocks(text)
    return [
        _block(path, line, block)
        for line, block in zip(lines, blocks if isinstance(blocks, list) else (), strict=False)
        if isinstance(block, dict) and "intent" in block
    ]


def _lines_of_blocks(text: str) -> list[int]:
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    items = [value for key, value in pairs if key.value == "nlu" and isinstance(value, yaml.SequenceNode)]
    return [item.start_mark.line + 1 for sequence in items for item in sequence.value]


def _block(path: Path, line: int, block: dict[str, Any]) -> Block:
    metadata = block.get("metadata")
    entry = metadata.get("entry") if isinstance(metadata, dict) else None
    written = str(block.get("examples") or "").splitlines()
    count = sum(example.strip().startswith("- ") for example in written)
    return Block(path, line, str(block["intent"]), str(entry or ""), count)


def check_examples(blocks: Sequence[Block], pages: Sequence[Page], topics: Collection[str]) -> Iterator[Finding]:
    """Entries that no message could reach, and examples that reach no published entry."""
    known = {page.entry.id: page.entry.topic for page in pages if page.entry.status == "published"}
    for block in blocks:
        yield from _check_block(block, known, topics)
    taught = {block.entry for block in blocks if block.count}
    for page in pages:
        if page.entry.status == "published" and page.entry.id not in taught:
            yield page.at("id", f"no training examples for {page.entry.id}")


def _check_block(block: Block, known: dict[str, str], topics: Collection[str]) -> Iterator[Finding]:
    if block.entry.split(".")[0] in NO_ENTRIES or block.intent in LEARNT_ELSEWHERE:
        return
    if not block.entry and block.intent in topics:
        yield Finding(block.path, block.line, f"examples of {block.intent} with no entry")
    if block.entry and block.entry not in known:
        yield Finding(block.path, block.line, f"examples with no entry: {block.entry}")
    elif block.entry and known[block.entry] != block.intent:
        yield Finding(block.path, block.line, f"examples of {block.entry} under the intent {block.intent}")
