"""Which ways of contact people refuse, name, or leave as the only ones."""

import pytest

from bot.handoff.form import Form
from bot.handoff.ways import way_words

EMAIL, PHONE, TEXT = "email", "phone", "text"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("no calls", {PHONE}),
        ("don't call me", {PHONE}),
        ("Don’t call me at all!", {PHONE}),
        ("dont ring me anymore pls", {PHONE}),
        ("call is fine but no texts", {TEXT}),
        ("no calls, texts or e-mails", {EMAIL, PHONE, TEXT}),
        ("no calls or texts", {PHONE, TEXT}),
        ("no calls, email is fine", {PHONE}),
        ("don't call me, texts are fine", {PHONE}),
        ("you can email or call but never text", {TEXT}),
        ("text instead of calls", {PHONE}),
        ("I hate phone calls", {PHONE}),
        ("nobody should ring me", {PHONE}),
        ("I'd rather you didn't text", {TEXT}),
        ("calls are a no", {PHONE}),
        ("not by phone", {PHONE}),
        ("i dont have an email", {EMAIL}),
        ("stop the text messages", {TEXT}),
        ("yes write to sam@mail.example but dont call", {PHONE}),
    ],
)
def test_a_refused_way_is_heard(form: Form, text: str, refused: set[str]) -> None:
    assert way_words(form).refused(text) == refused


@pytest.mark.parametrize(
    "text",
    [
        "call me",
        "no, email is fine",
        "don't call me honey",
        "don't call me before 9",
        "please don't call at work",
        "why not call",
        "no problem, call me",
        "I don't mind calls",
        "don't forget to call me",
        "not only calls",
        "don't email it to nocalls@mail.example",
        "no",
        "",
    ],
)
def test_what_only_looks_like_a_refusal_is_none(form: Form, text: str) -> None:
    assert way_words(form).refused(text) - {EMAIL} == set()


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("only email", {EMAIL}),
        ("email only please", {EMAIL}),
        ("just text me", {TEXT}),
        ("nope just e-mail", {EMAIL}),
        ("email or text only", {EMAIL, TEXT}),
        ("please don't ring me, e-mail only", {EMAIL}),
        ("only call me in the mornings", set()),
        ("not only email", set()),
        ("just call me Sam", set()),
        ("just asking about calls", set()),
        ("yes", set()),
    ],
)
def test_the_only_ways_are_heard(form: Form, text: str, only: set[str]) -> None:
    assert way_words(form).only_ways(text) == only


@pytest.mark.parametrize(
    ("said", "bare"),
    [
        ("call me", True),
        ("you can call me please", True),
        ("a call is best", True),
        ("call my wife", False),
        ("why a call", False),
        ("yes", False),
        ("text me", False),
    ],
)
def test_a_way_alone_is_told_from_more(form: Form, said: str, bare: bool) -> None:
    assert way_words(form).bare(said, "phone") is bare
