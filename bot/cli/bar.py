"""Shows that long work goes on: one line with a bar and the seconds on a terminal, one line a stage elsewhere."""

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

CELLS = 24
REDRAW_SECONDS = 0.2
CLEAR = "\r\x1b[K"


def drawn(stage: str, done: int, total: int, seconds: float, width: int) -> str:
    """The line for `stage`, at most `width` columns; without a `total` it has no bar."""
    parts = [stage]
    if total > 0:
        full = min(CELLS, CELLS * done // total)
        parts.append(f"[{'#' * full}{'.' * (CELLS - full)}] {min(100, 100 * done // total):3d} %")
    return "  ".join([*parts, f"{seconds:.0f} s"])[: max(width - 1, 1)]


class Bar:
    """The present stage of some work on `stream`; `show` may be called as often as one likes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._stage, self._done, self._total = "", 0, 0
        self._begun = time.monotonic()
        self._over = threading.Event()

    def show(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Take over how far `stage` is; its first call begins the stage."""
        if stage != self._stage:
            self._close_stage()
            self._begun = time.monotonic()
            if not self._live:
                self._stream.write(f"{stage}\n")
                self._stream.flush()
        self._stage, self._done, self._total = stage, done, total

    def _close_stage(self) -> None:
        if self._live and self._stage:
            seconds = time.monotonic() - self._begun
            self._stream.write(f"{CLEAR}{drawn(self._stage, 0, 0, seconds, self._width())}\n")
            self._stream.flush()

    def _width(self) -> int:
        return shutil.get_terminal_size().columns

    def _draw(self) -> None:
        while not self._over.wait(REDRAW_SECONDS):
            line = drawn(self._stage, self._done, self._total, time.monotonic() - self._begun, self._width())
            self._stream.write(CLEAR + line)
            self._stream.flush()

    @contextmanager
    def running(self, keep: bool = True) -> Iterator["Bar"]:
        """Redraw within the block; afterwards the last stage's line stays, or with `keep` false leaves no trace."""
        painter = threading.Thread(target=self._draw, name="progress-bar", daemon=True) if self._live else None
        if painter:
            painter.start()
        try:
            yield self
        finally:
            self._over.set()
            if painter:
                painter.join()
                self._stream.write(CLEAR)
                if keep:
                    self._close_stage()
                self._stream.flush()


@contextmanager
def waiting(stage: str, stream: TextIO) -> Iterator[None]:
    """On a terminal, a line with `stage` and the seconds while the block runs; elsewhere nothing."""
    bar = Bar(stream)
    if not stream.isatty():
        yield
        return
    with bar.running(keep=False):
        bar.show(stage)
        yield
