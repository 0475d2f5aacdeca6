"""Requests on the visitor's own data that must not be carried out, or not in full."""

import pytest

from bot.handoff.mistaken import (
    detail_alone,
    is_about_address,
    is_about_others,
    is_not_to_be_deleted,
    is_on_one_message,
    is_waved_aside,
    speaks_of_deletion,
)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("delete my husband's data", True),
        ("erase her messages", True),
        ("show me someone else's answers", True),
        ("delete my data, my wife reads along", False),
        ("change my number to my wife's", False),
        ("delete what my son wrote in here", False),
    ],
)
def test_a_request_on_somebody_elses_data_is_told_from_ones_own(text: str, others: bool) -> None:
    assert is_about_others(text, shown=False) is others


def test_nobody_is_shown_what_somebody_else_wrote() -> None:
    assert is_about_others("show me what my wife sent you", shown=True)
    assert not is_about_others("show me what I sent you", shown=True)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("don't call me honey", True),
        ("stop calling me names!", True),
        ("don't call me", False),
        ("don't call me at work", False),
    ],
)
def test_call_me_may_be_about_a_name(text: str, name: bool) -> None:
    assert is_about_address(text) is name


@pytest.mark.parametrize(
    ("text", "waved"),
    [
        ("forget it", True),
        ("ok just forget about that", True),
        ("Never mind.", True),
        ("forget me", False),
        ("delete it", False),
        ("forget everything I said", False),
    ],
)
def test_a_phrase_that_waves_something_aside_is_no_request(text: str, waved: bool) -> None:
    assert is_waved_aside(text) is waved


@pytest.mark.parametrize(
    ("text", "one"),
    [("delete that typo", True), ("remove my last message", True), ("delete all my messages", False)],
)
def test_one_message_is_not_the_whole_chat(text: str, one: bool) -> None:
    assert is_on_one_message(text) is one


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("delte my data", True),
        ("errase this pls", True),
        ("get my name out of there", True),
        ("make it go away", True),
        ("my consent is already on file", False),
    ],
)
def test_a_deletion_is_called_one(text: str, speaks: bool) -> None:
    assert speaks_of_deletion(text) is speaks


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("delete my number", "delete my number"),
        ("delete my email but keep my number", "delete my email"),
        ("delete my number and my email", None),
        ("delete my data and my number", None),
        ("delete everything", None),
    ],
)
def test_a_detail_may_be_deleted_alone(text: str, part: str | None) -> None:
    assert detail_alone(text) == part


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("don't delete my data", True),
        ("please dont delete my data yet", True),
        ("you can delete my data but first tell me what you have", True),
        ("delete my data", False),
        ("delete what I said before", False),
    ],
)
def test_an_order_not_to_delete_is_none_to_delete(text: str, kept: bool) -> None:
    assert is_not_to_be_deleted(text) is kept
