"""Limits: who asks too much waits, and nobody else does."""

from bot.chat.limits import Limiter, Places


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_a_minutes_messages_may_come_at_once_and_then_each_in_its_time() -> None:
    clock = Clock()
    limiter = Limiter(3, clock)
    assert [limiter.take("ann") for _ in range(3)] == [0, 0, 0]
    assert limiter.take("ann") == 20
    assert limiter.take("bob") == 0
    clock.seconds += 19
    assert round(limiter.take("ann"), 6) == 1
    clock.seconds += 1
    assert limiter.take("ann") == 0
    assert limiter.take("ann") > 0


def test_over_an_hour_no_more_come_than_the_limit_says() -> None:
    clock = Clock()
    limiter = Limiter(20, clock)
    taken = 0
    for _ in range(36_000):
        taken += limiter.take("ann") == 0
        clock.seconds += 0.1
    assert 1199 <= taken <= 1221


def test_a_refused_message_does_not_count() -> None:
    clock = Clock()
    limiter = Limiter(1, clock)
    assert limiter.take("ann") == 0
    for _ in range(100):
        assert limiter.take("ann") == 60
    clock.seconds += 60
    assert limiter.take("ann") == 0


def test_a_message_that_is_given_back_may_come_again() -> None:
    limiter = Limiter(1, Clock())
    assert limiter.take("ann") == 0
    limiter.give_back("ann")
    limiter.give_back("nobody")
    assert limiter.take("ann") == 0


def test_nought_is_no_limit() -> None:
    limiter, places = Limiter(0), Places(0)
    assert all(limiter.take("ann") == 0 and places.take("ann") for _ in range(1000))


def test_the_memory_is_bounded() -> None:
    clock = Clock()
    limiter = Limiter(1, clock, most_keys=10)
    for number in range(100):
        assert limiter.take(f"visitor {number}") == 0
    assert len(limiter._whole_at) == 10
    assert limiter.take("visitor 99") > 0
    clock.seconds += 120
    for number in range(10):
        limiter.take(f"another {number}")
    assert len(limiter._whole_at) == 10


def test_a_place_is_free_again_when_somebody_leaves() -> None:
    places = Places(2)
    assert [places.take("here"), places.take("here"), places.take("here")] == [True, True, False]
    assert places.take("there")
    places.leave("here")
    assert places.take("here")
    for where in ("here", "here", "there"):
        places.leave(where)
    assert not places._taken
