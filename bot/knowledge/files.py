"""Reads the knowledge base's files; every error names its file and line."""

import re
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bot.errors import KnowledgeError
from bot.knowledge.entry import Entry, Source

FRONT_MATTER = re.compile(r"\A---\n(?P<head>.*?\n)---\n(?P<body>.*)\Z", re.DOTALL)
PARAGRAPHS = re.compile(r"\n\s*\n")


def line_of(text: str, key: str) -> int:
    """The line, from 1, on which the front matter's `key` stands; 1 where it does not."""
    found = re.search(rf"^\s*(?:- )?{re.escape(key)}:", text, re.MULTILINE)
    return text.count("\n", 0, found.start()) + 1 if found else 1


def load_yaml(text: str, path: Path, first_line: int = 1) -> Any:
    """The value of a YAML text; raises KnowledgeError with the line, also for an impossible date."""
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise KnowledgeError(path, line, f"not YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise KnowledgeError(path, first_line, f"not YAML: {error}") from error


def _problem(error: ValidationError, text: str) -> tuple[int, str]:
    first = error.errors()[0]
    key = str(first["loc"][0])
    return line_of(text, key), f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def read_text(path: Path) -> str:
    """The text of a file, without a byte order mark; raises KnowledgeError where it is not UTF-8 or cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(path, 1, f"cannot be read: {error}") from error


def one_line_each(body: str) -> str:
    """A text with one line a paragraph and an empty line between two: an editor's line breaks are not the visitor's."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in PARAGRAPHS.split(body.strip()))


def read_entry(path: Path) -> Entry:
    """The entry in a Markdown file; raises KnowledgeError."""
    return parse_entry(read_text(path), path)


def parse_entry(text: str, path: Path) -> Entry:
    """The entry in the text of the file `path`; raises KnowledgeError."""
    parts = FRONT_MATTER.match(text)
    if not parts:
        raise KnowledgeError(path, 1, "no front matter between two lines of ---")
    head = load_yaml(parts["head"], path, first_line=2)
    if not isinstance(head, dict) or not all(isinstance(key, str) for key in head):
        raise KnowledgeError(path, 2, "the front matter is not a list of keys and values")
    if "text" in head:
        raise KnowledgeError(path, line_of(text, "text"), "text: stands below the front matter, not in it")
    try:
        return Entry(text=one_line_each(parts["body"]), **head)
    except ValidationError as error:
        line, problem = _problem(error, text)
        raise KnowledgeError(path, line, problem) from error


def read_sources(path: Path) -> dict[str, Source]:
    """The bibliography by id; raises KnowledgeError, also for an id that stands twice."""
    text = read_text(path)
    listed = load_yaml(text, path)
    if not isinstance(listed, dict) or not isinstance(listed.get("sources"), list):
        raise KnowledgeError(path, 1, "no list named sources")
    starts = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("- ")]
    sources: dict[str, Source] = {}
    for position, item in enumerate(listed["sources"]):
        line = starts[position] if len(starts) == len(listed["sources"]) else 1
        try:
            source = Source(**item)
        except (ValidationError, TypeError) as error:
            raise KnowledgeError(path, line, f"source {item!r:.80}: {error}") from error
        if source.id in sources:
            raise KnowledgeError(path, line, f"source {source.id} stands twice")
        sources[source.id] = source
    return sources


def read_follow_ups(path: Path) -> dict[str, tuple[str, ...]]:
    """The entries that a bare follow-up usually means, by facet; raises KnowledgeError."""
    listed = load_yaml(read_text(path), path)
    facets = listed.get("follow_ups") if isinstance(listed, dict) else None
    if not isinstance(facets, dict) or not all(isinstance(value, list) for value in facets.values()):
        raise KnowledgeError(path, 1, "no facets with lists of entries under follow_ups")
    return {str(facet): tuple(map(str, entries)) for facet, entries in facets.items()}
