"""`strand chat`: a talk in the terminal; nothing of it is kept."""

import argparse
import asyncio
import shutil
import sys
import textwrap
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.cli.bar import waiting
from bot.cli.quiet import noise_in_log, quiet
from bot.cli.replies import fold
from bot.cli.train import ready_model
from bot.knowledge.library import Library, open_library
from bot.settings import settings

WIDEST = 88
QUIT = "/quit"
PROMPT = "> "


def configure(parser: argparse.ArgumentParser) -> None:
    """The command takes no arguments."""


def run(_arguments: argparse.Namespace) -> int:
    """Talk until /quit, Ctrl-D or Ctrl-C."""
    model = ready_model()
    quiet(settings())
    asyncio.run(_talk(model))
    return 0


def _wrapped(text: str, first: str = "", others: str = "") -> str:
    """The text in lines of the terminal's width, indented by `first` and then `others`; addresses stay whole."""
    wrap = textwrap.TextWrapper(min(WIDEST, shutil.get_terminal_size().columns - 1), first, others)
    wrap.break_long_words = wrap.break_on_hyphens = False
    return "\n".join(wrap.fill(line) for line in text.splitlines())


def shown(turn: Mapping[str, Any], library: Library) -> str:
    """A turn for the terminal: its texts, the sources and the review below an answer, the choices with numbers."""
    parts = [_wrapped(text) for text in turn["reply"]]
    if turn.get("sources") and turn["sources"][0]["title"] not in "".join(turn["reply"]):
        parts.append("\n".join(_evidence(turn, library)))
    buttons = turn["buttons"]
    if buttons:
        parts.append("\n".join(f"  {number}  {button['title']}" for number, button in enumerate(buttons, start=1)))
    return "\n\n".join(parts)


def _evidence(turn: Mapping[str, Any], library: Library) -> Iterator[str]:
    phrases = library.phrases
    for source in turn["sources"]:
        details = ", ".join(part for part in (source["publisher"], source["date"]) if part)
        line = phrases.source_line.format(title=source["title"], details=details, url=source["url"] or "")
        yield _wrapped(line.strip(), "  - ", "    ")
    checked = phrases.checked if turn["reviewed_by"] == "editors" else phrases.checked_by
    yield _wrapped(checked.format(date=turn["reviewed_on"], reviewer=turn["reviewed_by"]), "  ", "  ")


async def _talk(model: Path) -> None:
    with waiting("Loading the model", sys.stderr), noise_in_log(settings()):
        from bot.dialogue.assistant import load

        assistant = await load(model, throwaway=True)
    library = open_library(settings().knowledge_dir)
    conversation = uuid.uuid4().hex
    print(_wrapped(library.current.phrases.terminal_greeting) + f"\n({QUIT} or Ctrl-D ends the talk.)\n")
    for text in _typed():
        turn = fold(text, await assistant.turns.answer(conversation, text))
        print(f"\n{shown(turn, library.current)}\n")


def _typed() -> Iterator[str]:
    """What the person types, line by line, until they want to stop."""
    while True:
        try:
            text = input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            print()
            return
        if text.strip() == QUIT:
            return
        if text.strip():
            yield text
