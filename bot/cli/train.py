"""`strand train`: a model of the present inputs, made only when there is none."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.cli.bar import Bar
from bot.cli.inputs import LENGTH, model_path
from bot.cli.quiet import log_file, noise_in_log, quiet
from bot.errors import SettingError, StrandError
from bot.settings import PROJECT, Settings, settings

OURS = re.compile(rf"[0-9a-f]{{{LENGTH}}}\.tar\.gz")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--force", action="store_true", help="train even when nothing changed")


def run(arguments: argparse.Namespace) -> int:
    """Train when needed, and say what was done."""
    model = model_path(settings())
    if model.exists() and not arguments.force:
        print(f"Nothing changed: {_short(model)} is the model of the present inputs.")
        return 0
    begun = time.monotonic()
    _train(model, settings())
    print(f"Trained in {time.monotonic() - begun:.0f} s: {_short(model)}")
    for old in remove_older(model):
        print(f"Removed {_short(old)}, the model of earlier inputs.")
    return 0


def ready_model() -> Path:
    """The model of the present inputs; trains it first where it is missing, in a process that gives its memory back."""
    model = model_path(settings())
    if not model.exists():
        child = subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=PROJECT, stdout=sys.stderr, check=False)
        if child.returncode:
            raise SettingError("without a model there are no answers; the lines above say why training failed")
    return model


def remove_older(model: Path) -> list[Path]:
    """Remove the models that earlier fingerprints named; one that plain `rasa train` made stays."""
    older = [path for path in model.parent.glob("*.tar.gz") if path != model and OURS.fullmatch(path.name)]
    for path in older:
        path.unlink(missing_ok=True)
    return older


def _short(path: Path) -> str:
    return os.path.relpath(path, PROJECT)


def _train(model: Path, chosen: Settings) -> None:
    quiet(chosen)
    model.parent.mkdir(exist_ok=True)
    os.chdir(PROJECT)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix=".training-") as folder, noise_in_log(chosen) as terminal:
        with Bar(terminal).running() as bar:
            bar.show("Loading the libraries")
            made = _train_with_rasa(Path(folder), model, bar)
        if made is None:
            raise StrandError(f"training made no model; {log_file(chosen)} says why")
        made.replace(model)


def _train_with_rasa(folder: Path, model: Path, bar: Bar) -> Path | None:
    from rasa.model_training import train

    from bot.language.progress import listen

    bar.show("Reading the training data")
    name = model.name.removesuffix(".tar.gz")
    with listen(bar.show):
        result = train("domain.yml", "config.yml", ["data"], output=str(folder), fixed_model_name=name)
    return Path(result.model) if result.model else None
