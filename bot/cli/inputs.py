"""What a model is made of, as one fingerprint: a model bears the fingerprint of its inputs as its name."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from bot.settings import PROJECT, Settings

FILES = ("config.yml", "domain.yml", "requirements.txt")
FOLDERS = ("data/nlu", "data/stories", "bot/language")
LENGTH = 16


def input_files(project: Path) -> Iterator[Path]:
    """The files that a model depends on, in a fixed order."""
    yield from (project / name for name in FILES)
    for folder in FOLDERS:
        yield from sorted(path for path in (project / folder).rglob("*") if path.is_file() and _counts(path))


def _counts(path: Path) -> bool:
    return path.suffix in (".yml", ".py") and not path.name.startswith(".")


def fingerprint(project: Path = PROJECT) -> str:
    """The inputs' names and contents as 16 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in input_files(project):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:LENGTH]


def model_path(settings: Settings) -> Path:
    """Where the model of the present inputs is, or will be."""
    return settings.models_dir / f"{fingerprint()}.tar.gz"
