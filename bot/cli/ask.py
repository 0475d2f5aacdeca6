"""`strand ask`: lines of text in, a JSON object a line out; nothing of it is kept."""

import argparse
import asyncio
import json
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from bot.cli.bar import waiting
from bot.cli.lines import repaired, standard_input
from bot.cli.quiet import noise_in_log, quiet
from bot.cli.replies import fold
from bot.cli.train import ready_model
from bot.settings import settings


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("text", nargs="?", help="one message; without it, a message a line from standard input")
    parser.add_argument(
        "--continue", dest="one_conversation", action="store_true", help="keep one conversation over all lines"
    )


def run(arguments: argparse.Namespace) -> int:
    """Answer every line; the output has as many lines as the input, blank ones included."""
    model = ready_model()
    quiet(settings())
    texts = standard_input() if arguments.text is None else iter([repaired(arguments.text)])
    asyncio.run(_answer(texts, model, arguments.one_conversation))
    return 0


async def _answer(texts: Iterator[str], model: Path, one_conversation: bool) -> None:
    with waiting("Loading the model", sys.stderr), noise_in_log(settings()):
        from bot.dialogue.assistant import load

        assistant = await load(model, throwaway=True)
    conversation = uuid.uuid4().hex
    for text in texts:
        messages = await assistant.turns.answer(conversation, text)
        sys.stdout.buffer.write(json.dumps(fold(text, messages), ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
        conversation = conversation if one_conversation else uuid.uuid4().hex
