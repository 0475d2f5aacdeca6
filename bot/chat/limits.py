"""Limits on how much one caller may ask for, kept in memory: messages a minute, and connections at once."""

import itertools
import time
from collections import Counter, OrderedDict
from collections.abc import Callable

MINUTE = 60.0
MOST_KEYS = 50_000


class Limiter:
    """So many messages a minute for each key, of which as many may come at once; 0 a minute is no limit.

    A key is any text: a session, an internet address, a channel's address. A key that was silent for long enough is
    forgotten; of very many, the one that was silent for longest.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic, most_keys: int = MOST_KEYS) -> None:
        self._interval = MINUTE / a_minute if a_minute else 0.0
        self._clock = clock
        self._most_keys = most_keys
        # When a key's allowance is whole again: in the past, or up to a minute ahead.
        self._whole_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str) -> float:
        """0 where the key may send a message now, which is counted; else the seconds until it may."""
        if not self._interval:
            return 0.0
        now = self._clock()
        whole_at = max(self._whole_at.get(key, now), now) + self._interval
        wait = whole_at - now - MINUTE
        # Sums of the interval are a little off; whoever has to wait for less than this need not.
        if wait > self._interval / 1000:
            return wait
        self._whole_at[key] = whole_at
        self._whole_at.move_to_end(key)
        self._forget(now)
        return 0.0

    def give_back(self, key: str) -> None:
        """Uncount a message that could not be taken in, and will come again."""
        if key in self._whole_at:
            self._whole_at[key] -= self._interval

    def _forget(self, now: float) -> None:
        for key in list(itertools.islice(self._whole_at, 2)):
            if self._whole_at[key] <= now or len(self._whole_at) > self._most_keys:
                del self._whole_at[key]


class Places:
    """So many connections at once for each key; 0 is no limit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, key: str) -> bool:
        """Whether there was a place, which is taken until `leave`."""
        if self._most and self._taken[key] >= self._most:
            return False
        self._taken[key] += 1
        return True

    def leave(self, key: str) -> None:
        """Give a place back."""
        self._taken[key] -= 1
        if self._taken[key] <= 0:
            del self._taken[key]
