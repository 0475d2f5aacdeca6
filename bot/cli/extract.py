"""`strand extract`: answers in, what a field's reader takes from each out as a line of JSON; no model is needed."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone

from bot.cli.lines import repaired, standard_input
from bot.cli.quiet import noise_in_log, quiet
from bot.settings import PROJECT, settings

USAGE_ERROR = 2


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("field", metavar="FIELD", help="the field to read; an unknown one names those there are")
    parser.add_argument("text", nargs="?", help="one answer; without it, an answer a line from standard input")


def run(arguments: argparse.Namespace) -> int:
    """Read every line; the output has as many lines as the input, blank ones included."""
    from bot.readers.fields import CONDITIONS, READERS, Setting, read_field

    if arguments.field not in READERS:
        known = ", ".join(READERS)
        print(f"strand: there is no field {arguments.field!r}; there are {known}", file=sys.stderr)
        return USAGE_ERROR
    findings = _findings_reader() if arguments.field == CONDITIONS else None
    setting = Setting(datetime.now(timezone.utc).date(), settings().phone_region, findings)
    texts: Iterator[str] = standard_input() if arguments.text is None else iter([repaired(arguments.text)])
    for text in texts:
        _print({"text": text, "value": read_field(arguments.field, text, setting)})
    return 0


def _findings_reader() -> Callable[[str], list[str]]:
    """Reads findings by the project's data files, as the trained model does."""
    quiet(settings())
    with noise_in_log(settings()):
        from bot.language.encoder import english_vocabulary
        from bot.language.lexicon import build_pipeline, read_terms
        from bot.readers.assertion import Assertions, read_triggers
        from bot.readers.findings import FindingsReader, read_clinical

        data = PROJECT / "data"
        pipeline = build_pipeline(read_terms(data / "lexicon.yml"))
        assertions = Assertions(pipeline.vocab, read_triggers(data / "assessment" / "context.yml"))
        clinical = read_clinical(data / "assessment" / "findings.yml")
        reader = FindingsReader(pipeline.vocab, clinical, assertions, english_vocabulary())
    return lambda text: sorted(reader.read(pipeline(text)).present)


def _print(line: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
    sys.stdout.buffer.flush()
