"""`strand eval`: how well the assistant answers a file of labelled questions."""

import argparse
import asyncio
import uuid
from collections.abc import Sequence
from pathlib import Path

from bot.cli.bar import Bar
from bot.cli.evaluation import report
from bot.cli.evaluation.judgement import DEFINITIONS, Verdict, judge
from bot.cli.evaluation.labels import Question, halved, read_questions
from bot.cli.evaluation.scores import confusions, risk_curve, score
from bot.cli.quiet import noise_in_log, quiet
from bot.cli.replies import fold
from bot.cli.train import ready_model
from bot.knowledge.library import LiveLibrary
from bot.settings import settings

DESCRIPTION = """\
Score a file of `utterance<TAB>label` lines with the real assistant; each line is a new conversation, and nothing of it
is kept. A label is a topic, several with | between them where any is right, with + where all are expected, or
out_of_scope, refusal, urgent:CLASS."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = f"what is counted:\n{DEFINITIONS}"
    parser.add_argument("file", type=Path, help="the labelled questions")
    parser.add_argument(
        "--half", choices=["first", "second"], help="only every other line, from the first or from the second on"
    )
    parser.add_argument("--errors", action="store_true", help="print every line that was not answered rightly")
    parser.add_argument(
        "--components",
        action="store_true",
        help="instead of the assistant, compare ways to classify, trained on data/nlu (DIET takes minutes)",
    )
    parser.add_argument("--without-diet", action="store_true", help="leave DIET out of --components")


def run(arguments: argparse.Namespace) -> int:
    """Read the questions before anything else is loaded, then score them and print the tables."""
    library = LiveLibrary(settings().knowledge_dir, watch=False).current
    topics = {entry.topic for entry in library.entries.values()}
    questions = halved(read_questions(arguments.file, topics), arguments.half)
    if arguments.components:
        return _compare(questions, with_diet=not arguments.without_diet)
    model = ready_model()
    quiet(settings())
    verdicts = asyncio.run(_ask(questions, model))
    stem = "-".join(filter(None, [arguments.file.stem, arguments.half]))
    _print(verdicts, arguments.errors)
    _draw(verdicts, settings().state_dir / "eval", stem)
    return 0


def _compare(questions: Sequence[Question], with_diet: bool) -> int:
    quiet(settings())
    from bot.cli.evaluation.comparison import compare

    with noise_in_log(settings()) as terminal, Bar(terminal).running() as bar:
        table = compare(questions, settings(), bar.show, with_diet)
    print(table)
    return 0


async def _ask(questions: Sequence[Question], model: Path) -> list[Verdict]:
    verdicts: list[Verdict] = []
    with noise_in_log(settings()) as terminal, Bar(terminal).running(keep=False) as bar:
        bar.show("Loading the model")
        from bot.dialogue.assistant import load

        assistant = await load(model, throwaway=True)
        for question in questions:
            messages = await assistant.turns.answer(uuid.uuid4().hex, question.text)
            verdicts.append(judge(question, fold(question.text, messages)))
            bar.show("Asking", len(verdicts), len(questions))
    return verdicts


def _print(verdicts: Sequence[Verdict], errors: bool) -> None:
    print(report.overall(score(verdicts)))
    print(f"\n{report.topics(verdicts)}")
    _section("Risk and coverage, were only guesses this sure given", report.curve(risk_curve(verdicts)))
    _section("Confusions, worst first", report.mixed_up(confusions(verdicts)))
    if errors:
        _section("Every line not answered rightly", report.misses(verdicts))


def _section(title: str, text: str) -> None:
    print(f"\n{title}\n\n{text}")


def _draw(verdicts: Sequence[Verdict], folder: Path, stem: str) -> None:
    from bot.cli.evaluation.pictures import draw_confusions, draw_curve

    curve = draw_curve(risk_curve(verdicts), score(verdicts), folder / f"{stem}-curve.png")
    confused = draw_confusions(verdicts, folder / f"{stem}-confusions.png")
    print(f"\nPictures: {curve} {confused}")
