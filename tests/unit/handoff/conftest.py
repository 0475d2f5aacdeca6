"""What the tests of the hand-off share: the shipped form, and somebody heard by the real readers."""

from collections.abc import Callable

import pytest

from bot.handoff.form import Form
from bot.handoff.words import HandoffWords
from tests.unit.assessment.conftest import Listen, listen
from tests.unit.handoff.handoff_visitor import Caller, shipped_form

__all__ = ["listen"]

Calls = Callable[..., Caller]


@pytest.fixture(scope="session")
def form() -> Form:
    return shipped_form()


@pytest.fixture(scope="session")
def words(form: Form) -> HandoffWords:
    return HandoffWords(form)


@pytest.fixture
def caller(listen: Listen) -> Caller:
    """Somebody of 34 who asks for a person."""
    return Caller(listen, "can someone contact me?", age=34)


@pytest.fixture
def calls(listen: Listen) -> Calls:
    """Makes somebody who asks for a person in other words, or whose age is another, or not known."""

    def call(text: str = "can someone contact me?", age: int | None = 34) -> Caller:
        return Caller(listen, text, age)

    return call
