"""Slips in everyday words are repaired; names are left alone."""

import pytest

from bot.language.spelling import Spelling, everyday_words

TEXTS = ["does the insurance cover the treatment", "the finasteride treatment does cover"] * 5
NAMES = frozenset({"finasteride", "dutasteride", "propecia"})
SPELLING = Spelling(everyday_words(TEXTS, NAMES), NAMES | {"hair", "clover"})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("does teh insurence cuver the treetment", "does teh insurance cover the treatment"),
        ("Insurrance?", "insurance?"),
        ("insurnace", "insurance"),
        ("clover hair", "clover hair"),
        ("xyzzy 42 😀", "xyzzy 42 😀"),
        ("", ""),
    ],
)
def test_one_slip_is_repaired_and_what_is_known_stays(typed: str, read: str) -> None:
    assert SPELLING.repair(typed) == read


@pytest.mark.parametrize("typed", ["finasteride", "dutasteride", "Propecia", "finasterid", "tinasteride"])
def test_no_medicine_is_changed_or_put_in(typed: str) -> None:
    assert SPELLING.repair(typed) == typed


def test_a_rare_word_is_not_put_in() -> None:
    assert everyday_words(["rare words here"], frozenset()) == ()
