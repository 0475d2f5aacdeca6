"""Reads the data files of the check."""

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.errors import AssessmentError

Model = TypeVar("Model", bound=BaseModel)


def read_model(path: Path, kind: type[Model]) -> Model:
    """The YAML file as `kind`; raises AssessmentError with the file's name and what is wrong in it."""
    try:
        return kind(**yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))
    except (OSError, yaml.YAMLError, TypeError, ValidationError) as error:
        raise AssessmentError(f"{path}: {' '.join(str(error).split())}") from error
