"""How far a long piece of work is: components report, whoever wants to show it listens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[str, int, int], None]

_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


def report(stage: str, done: int, total: int) -> None:
    """Say that `done` of `total` steps of `stage` (words for a person) are over; without a listener nothing happens."""
    listener = _listener.get()
    if listener:
        listener(stage, done, total)


@contextmanager
def listen(callback: Listener) -> Iterator[None]:
    """Within the block, what this thread reports goes to `callback(stage, done, total)`."""
    token = _listener.set(callback)
    try:
        yield
    finally:
        _listener.reset(token)
