"""Who listens to which conversation: what is new there reaches every open web chat of it."""

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue.intake import News


@dataclass(frozen=True)
class Ended:
    """A conversation is over and deleted; `texts` are the last words said in it."""

    receipt: str | None = None
    texts: Sequence[str] = ()


class Listener(ABC):
    """A web chat of a session's `address`; its `conversation` is unknown until something was said."""

    def __init__(self) -> None:
        self.address = ""
        self.conversation: str | None = None

    @abstractmethod
    def hear(self, news: News) -> None:
        """There is something new."""

    @abstractmethod
    def look(self) -> None:
        """There is something new, in the database."""

    @abstractmethod
    def end(self, ended: Ended) -> None:
        """The conversation is over."""

    @abstractmethod
    async def leave(self) -> None:
        """The program stops; returns once the listener is gone."""


class Hub:
    """The listeners of this process."""

    def __init__(self) -> None:
        self.closed = False
        self._rooms: defaultdict[str, set[Listener]] = defaultdict(set)
        self._silent: defaultdict[str, set[Listener]] = defaultdict(set)

    def join(self, listener: Listener) -> None:
        """Let a listener hear of its conversation, or wait by its address until there is one."""
        if listener.conversation:
            self._rooms[listener.conversation].add(listener)
        else:
            self._silent[listener.address].add(listener)

    def part(self, listener: Listener) -> None:
        """Forget a listener."""
        _remove(self._rooms, listener.conversation or "", listener)
        _remove(self._silent, listener.address, listener)

    def bind(self, address: str, conversation: str) -> None:
        """Something was said from an address for the first time: all who wait by it are of that conversation."""
        for listener in self._silent.pop(address, ()):
            listener.conversation = conversation
            self._rooms[conversation].add(listener)

    def hear(self, news: News) -> None:
        """Tell the listeners of a conversation; with none named, something may have been missed in any of them."""
        if not news.conversation:
            for conversation in list(self._rooms):
                self.refresh(conversation)
        elif news.ended:
            last = news.items[-1].texts if news.items else ()
            self.end(news.conversation, Ended(texts=last))
        else:
            for listener in self._of(news.conversation):
                listener.hear(news)

    def refresh(self, conversation: str, but: Listener | None = None) -> None:
        """Have the listeners of a conversation look for themselves, all `but` one."""
        for listener in self._of(conversation):
            if listener is not but:
                listener.look()

    def end(self, conversation: str, ended: Ended) -> None:
        """Tell the listeners of a conversation that it is over; they are listeners no more."""
        for listener in self._rooms.pop(conversation, ()):
            listener.end(ended)

    def _of(self, conversation: str) -> list[Listener]:
        return list(self._rooms.get(conversation, ()))

    async def close(self) -> None:
        """Send all listeners away."""
        self.closed = True
        rooms = [*self._rooms.values(), *self._silent.values()]
        await asyncio.gather(*(listener.leave() for room in rooms for listener in list(room)))


def _remove(rooms: defaultdict[str, set[Listener]], name: str, listener: Listener) -> None:
    if name in rooms:
        rooms[name].discard(listener)
        if not rooms[name]:
            del rooms[name]
