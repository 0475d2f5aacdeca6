"""Trains the small assistant's model: no language model, rules only."""

import logging
import os
from pathlib import Path

import structlog

SMALL = Path(__file__).parent / "assistant"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TQDM_DISABLE": "1",
}


def be_quiet() -> None:
    """Keep Rasa and what it brings along out of the tests' output."""
    os.environ.update(QUIET)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def train_small(folder: Path) -> Path:
    """The model file, made in `folder`."""
    be_quiet()
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    from rasa.model_training import train

    result = train(
        domain=str(SMALL / "domain.yml"),
        config=str(SMALL / "config.yml"),
        training_files=[str(SMALL / "data")],
        output=str(folder),
        fixed_model_name="small",
    )
    assert result.model
    return Path(result.model)
