"""Keeps the libraries' noise out of the terminal, in a log file that rotates and never holds a message's text."""

import logging
import os
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog

from bot.errors import SettingError, StrandError
from bot.settings import Settings

LOG_BYTES = 5_000_000
LOG_FILES = 4
CHATTY = ("apscheduler", "asyncio", "matplotlib", "numba", "rasa", "sanic", "tensorflow", "urllib3")
VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TQDM_DISABLE": "1",
}


ErrorInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Log lines whose tracebacks have the places and the kinds of the errors, but the texts of this program's alone.

    Anybody else's may quote what was typed, or the row that a database refused.
    """

    def formatException(self, ei: ErrorInfo) -> str:  # noqa: N802  # logging's own name
        """The errors, the first cause first."""
        return "\nand so:\n".join(reversed([_without_quotes(error) for error in _causes(ei[1])]))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # logging's own name
        """The message; asyncio's first line says what happened, and the others quote the error."""
        told = super().formatMessage(record)
        return told.partition("\n")[0] if record.name == "asyncio" else told


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _without_quotes(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    told = f"{kind}: {error}" if isinstance(error, StrandError) else kind
    return "".join(["Traceback (most recent call last):\n", *traceback.format_tb(error.__traceback__), told])


def log_file(settings: Settings) -> Path:
    """The log's path, its folder made for the owner alone; raises SettingError where that cannot be done."""
    folder = settings.state_dir / "logs"
    try:
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        settings.state_dir.chmod(0o700)
        folder.mkdir(exist_ok=True)
        (folder / "strand.log").touch()
    except OSError as error:
        raise SettingError(f"cannot write to {folder} ({error.strerror}); STRAND_STATE_DIR sets another") from error
    return folder / "strand.log"


def _only_the_event(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Rasa puts visitors' texts into a log line's fields: they are dropped, the event's name stays."""
    return {key: event[key] for key in ("event", "exc_info") if key in event}


def _configure_structlog() -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _only_the_event, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def quiet(settings: Settings) -> None:
    """Send logs and warnings of this process to the log file; call it before Rasa is imported. Raises SettingError."""
    for name, value in VARIABLES.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(settings.state_dir / "rasa-cache"))
    handler = RotatingFileHandler(log_file(settings), maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(Discreet("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    for name in CHATTY:
        # Their debug lines quote messages, whatever level is wanted of our own.
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
    logging.captureWarnings(True)
    _configure_structlog()


@contextmanager
def noise_in_log(settings: Settings) -> Iterator[TextIO]:
    """Within the block, whatever anyone prints goes to the log file; yields the terminal's own error stream."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept = os.dup(1), os.dup(2)
    log = os.open(log_file(settings), os.O_WRONLY | os.O_APPEND)
    terminal = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace")
    try:
        os.dup2(log, 1)
        os.dup2(log, 2)
        yield terminal
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        for target, descriptor in zip((1, 2), kept, strict=True):
            os.dup2(descriptor, target)
        for descriptor in (*kept, log):
            os.close(descriptor)
        terminal.close()
