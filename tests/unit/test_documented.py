"""What people rely on is written down: every setting, command, option, payload key and topic."""

import argparse
import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from bot.cli.main import COMMANDS
from bot.settings import PREFIX, PROJECT, Settings


def test_every_setting_is_in_the_example_and_in_the_docs() -> None:
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    docs = (PROJECT / "docs" / "settings.md").read_text(encoding="utf-8")
    names = {PREFIX + field.name.upper() for field in fields(Settings)}
    assert set(re.findall(rf"^({PREFIX}\w+)=", example, re.MULTILINE)) == names
    assert set(re.findall(rf"^\| `({PREFIX}\w+)`", docs, re.MULTILINE)) == names


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_docs(name: str) -> None:
    docs = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    section = re.search(rf"^## `\./strand {name}\b.*?(?=^## |\Z)", docs, re.MULTILINE | re.DOTALL)
    assert section, f"docs/commands.md says nothing of {name}"
    parser = argparse.ArgumentParser(add_help=False)
    importlib.import_module(COMMANDS[name][0]).configure(parser)
    for action in parser._actions:
        for option in action.option_strings:
            assert f"`{option}" in section[0], f"{name} {option} is not documented"


def test_no_command_is_documented_that_does_not_exist() -> None:
    docs = (PROJECT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## `\./strand (\w+)", docs, re.MULTILINE)) == set(COMMANDS)


REPLY = PROJECT / "bot" / "knowledge" / "payload.py"
DELIVERY = PROJECT / "bot" / "leads" / "delivery" / "payload.py"
# These write rows of tables that have a column `kind` as well.
ROWS = ("bot/transcripts/counted_turns.py", "bot/leads/notices.py", "bot/leads/demonstration.py")


def keys_in(path: Path) -> Iterator[set[str]]:
    """The keys of every dictionary that a module writes out."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            yield {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def payload_keys() -> set[str]:
    """The keys of every dictionary that code makes for a reply: those in its module, and those with a `kind`."""
    found = [*(PROJECT / "bot").rglob("*.py"), *(PROJECT / "actions").rglob("*.py")]
    paths = [path for path in found if str(path.relative_to(PROJECT)) not in ROWS]
    return set().union(*(keys for path in paths for keys in keys_in(path) if "kind" in keys or path == REPLY))


def test_every_payload_key_is_in_the_docs() -> None:
    docs = (PROJECT / "docs" / "payload.md").read_text(encoding="utf-8")
    keys = payload_keys()
    assert {"kind", "topics", "sources", "confidence", "retry"} <= keys
    assert {key for key in keys if f"| `{key}`" not in docs} == set()


def test_every_key_of_a_message_to_a_target_is_in_the_docs() -> None:
    docs = (PROJECT / "docs" / "delivery.md").read_text(encoding="utf-8")
    keys = set().union(*keys_in(DELIVERY))
    assert {"reference", "outcome", "queue"} <= keys
    assert {key for key in keys if f"`{key}`" not in docs} == set()


def test_the_topics_in_the_docs_are_those_of_the_domain() -> None:
    docs = (PROJECT / "docs" / "topics.md").read_text(encoding="utf-8")
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    no_topics = {"out_of_scope", "follow_up", "interview", "no_danger"}
    dangers = {"emergency", "urgent_care", "self_harm", "clinician_first"}
    topics = set(domain["intents"]) - no_topics - dangers
    assert set(re.findall(r"^\| `(\w+)`", docs, re.MULTILINE)) == topics
