"""A small knowledge base in a temporary folder, in which a test breaks one thing."""

import shutil
from datetime import date
from pathlib import Path

import yaml

from bot.knowledge.library import LiveLibrary
from bot.knowledge.linter import lint
from bot.settings import PROJECT

TODAY = date(2026, 11, 22)
SHIPPED = PROJECT / "data" / "knowledge"
SOURCES = """\
sources:
- id: price_survey
  title: Price survey
  publisher: A society
  url: https://example.org/prices
  date: "2024"
  kind: survey
  strength: weak
- id: court_ruling
  title: Court ruling
  publisher: A court
  url: null
  date: null
  kind: court
  strength: strong
"""
ANSWER = {
    "evidence": "weak",
    "claims": [{"text": "Some clinics quote a price.", "sources": ["price_survey"]}],
    "sources": ["price_survey"],
    "reviewed_on": date(2026, 11, 1),
    "reviewed_by": "editors",
    "review_every_days": 180,
    "safety": "If you feel unwell, call a doctor.",
    "status": "published",
}
FACETS = ["women", "men", "age", "how_long", "when", "why", "how", "cost", "risk", "where", "more"]


class Desk:
    """An editor's desk: writes entries and their examples, and says what the linter finds."""

    def __init__(self, root: Path) -> None:
        self.folder, self.nlu = root / "knowledge", root / "nlu"
        self.folder.mkdir()
        self.nlu.mkdir()
        for name in ("lint.yml", "phrases.yml"):
            shutil.copy(SHIPPED / name, self.folder)
        (self.folder / "sources.yml").write_text(SOURCES)
        self.write("cost.price")
        self.follow_ups({facet: ["cost.price"] for facet in FACETS})

    def follow_ups(self, facets: dict[str, list[str]]) -> Path:
        """Write the usual follow-ups."""
        path = self.folder / "follow_ups.yml"
        path.write_text(yaml.safe_dump({"follow_ups": facets}, sort_keys=False))
        return path

    def write(self, name: str, text: str = "Ask the clinic for the full price.", **fields: object) -> Path:
        """Write an entry without a fault, except for what `text` and `fields` put in; with one training example."""
        topic, stem = name.split(".")
        title = f"What about {stem.replace('_', ' ')}?"
        head = {"id": name, "topic": topic, "title": title, "short": "Ask for it.", **ANSWER, **fields}
        path = self.folder / topic / f"{stem}.md"
        path.parent.mkdir(exist_ok=True)
        front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=10_000)
        path.write_text(f"---\n{front}---\n{text}\n", encoding="utf-8")
        self.teach(name, [f"tell me about {stem}"])
        return path

    def teach(self, name: str, examples: list[str], intent: str | None = None, file: str | None = None) -> Path:
        """Write the training examples of an entry, in a file of their own."""
        written = "".join(f"    - {example}\n" for example in examples)
        path = self.nlu / f"{file or name}.yml"
        path.write_text(
            f'version: "3.1"\nnlu:\n- intent: {intent or name.split(".")[0]}\n  metadata:\n    entry: {name}\n'
            f"  examples: |\n{written}"
        )
        return path

    def findings(self, today: date = TODAY) -> list[str]:
        """What the linter says, with paths below the temporary folder."""
        return [
            f"{found.path.relative_to(self.folder.parent)}:{found.line}: {found.text}"
            for found in lint(self.folder, self.nlu, today)
        ]

    def library(self) -> LiveLibrary:
        """The library of this knowledge base, without its watch."""
        return LiveLibrary(self.folder, watch=False)


def line_with(path: Path, words: str) -> int:
    """The line of a file on which `words` stand first."""
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if words in line)
