"""Whoever reads a transcript sees no contact details, until they ask for one message in clear and say why."""

from typing import Any

import pytest
from console import Console
from spoken_events import asked, given, said, store

from bot.leads import audit
from bot.staff.masking import mask_email, mask_name, mask_phone, mask_text

TALK = "talk"
NAME, EMAIL, PHONE = "Zoë Quillfeather", "z.quillfeather@mail.example", "(202) 555-0143"
HELD = {"name": NAME, "email": EMAIL, "phone": "+12025550143", "preferred_contact": "email", "consents": []}
SUMMARY = f"Please look at this:\n- Name: {NAME}\n- E-mail: {EMAIL}\n- Phone: +12025550143"
SECRETS = ("Zoë", "Quillfeather", "z.quillfeather", "mail.example", "5550143", "555-0143")


def asks(field: str) -> list[Any]:
    return said(f"Which {field}?", buttons=["Skip"], kind="question", field=field)


def spelled() -> Any:
    """An address that only the reader knows for one."""
    words = "z quillfeather at mail dot example"
    parts = [{"text": words, "verdict": "none", "confidence": 0.4, "candidates": []}]
    return asked(words, answers={"email": EMAIL}, understanding={"parts": parts})


HAND_OFF: list[list[Any]] = [
    [asked("i want a person"), asks("name")],
    [asked("it is zoe q"), asks("name")],
    [asked(NAME), given("handoff", {**HELD, "email": None, "phone": None}), asks("email")],
    [asked(EMAIL, answers={"email": EMAIL}), given("handoff", {**HELD, "phone": None}), asks("phone")],
    [asked(f"my cell: {PHONE}", answers={"phone": PHONE}), given("handoff", HELD), said(SUMMARY, kind="handoff")],
    [spelled(), said(f"Noted, {NAME}.", kind="handoff")],
    [asked("thanks, zoe here"), said("Goodbye.", kind="smalltalk")],
]


async def hands_over(console: Console) -> None:
    await console.run(lambda session: store(session, TALK, *HAND_OFF, slots={"handoff": HELD}))


@pytest.mark.parametrize("role", ["reviewer", "clinician", "admin"])
async def test_nobody_reads_contact_details_in_a_transcript(console: Console, role: Any) -> None:
    await hands_over(console)
    browser = await console.signed_in(role)
    page = await browser.get(f"/conversations/{TALK}?details=all")
    assert page.status == 200
    assert [secret for secret in SECRETS if secret.casefold() in page.html.casefold()] == []
    assert "zoe" not in page.text.casefold()
    assert "at mail dot" not in page.text
    assert "•••43" in page.text
    assert "Name: Z•••" in page.text


@pytest.mark.parametrize(("open_question", "seen"), [({}, True), ({"field": "summary"}, False)])
async def test_a_number_of_the_library_is_read_where_no_detail_can_be_beside_it(
    console: Console, open_question: dict[str, str], seen: bool
) -> None:
    turn = [
        asked("who says so"),
        said("Call 1-800-555-0199, or read doi 10.1093/5550143.", kind="answer", **open_question),
    ]
    await console.run(lambda session: store(session, TALK, turn))
    page = await (await console.signed_in()).get(f"/conversations/{TALK}")
    assert ("1-800-555-0199" in page.text) == seen


async def test_what_comes_in_later_is_masked_too(console: Console) -> None:
    await hands_over(console)
    browser = await console.signed_in()
    page = await browser.get(f"/conversations/{TALK}/news?after=1")
    assert page.status == 200
    assert [secret for secret in SECRETS if secret.casefold() in page.html.casefold()] == []


async def revealed(console: Console) -> list[tuple[str, Any]]:
    rows = await console.run(lambda session: audit.trail(session, TALK))
    return [(row.actor, row.after) for row in rows if row.act == "transcript.revealed"]


async def number_of(console: Console, words: str) -> int:
    from bot.transcripts.review_reading import last_turns

    page = await console.run(lambda session: last_turns(session, TALK))
    return next(turn.sequence for turn in page.turns if turn.heard and turn.heard.text == words)


async def test_one_message_is_read_in_clear_and_the_audit_says_by_whom_and_why(console: Console) -> None:
    await hands_over(console)
    browser = await console.signed_in("reviewer", "dana")
    await browser.get(f"/conversations/{TALK}")
    number = await number_of(console, EMAIL)
    page = await browser.post(f"/conversations/{TALK}/reveal", sequence=number, reason="they wrote it wrong")
    assert page.status == 200
    assert EMAIL in page.text
    assert PHONE not in page.text
    assert await revealed(console) == [("staff:dana", {"sequence": number, "reason": "they wrote it wrong"})]
    assert f'href="/conversations/{TALK}#turn-{number}">Back to the conversation' in page.html


async def test_without_a_reason_nothing_is_revealed(console: Console) -> None:
    await hands_over(console)
    browser = await console.signed_in()
    await browser.get(f"/conversations/{TALK}")
    number = await number_of(console, EMAIL)
    page = await browser.post(f"/conversations/{TALK}/reveal", sequence=number, reason="  ")
    assert page.status == 400
    assert EMAIL not in page.text
    assert await revealed(console) == []


async def test_a_number_that_is_no_message_reveals_nothing(console: Console) -> None:
    await hands_over(console)
    browser = await console.signed_in()
    await browser.get(f"/conversations/{TALK}")
    for number in (2, 9999, 10**17):
        page = await browser.post(f"/conversations/{TALK}/reveal", sequence=number, reason="curious")
        assert page.status == 404, number
    assert await revealed(console) == []


async def test_a_question_about_a_detail_is_read_as_it_was_asked(console: Console) -> None:
    told = [[asked("i want a person"), asks("name")], [asked("what do you do with it?"), said("Kept.", kind="answer")]]
    await console.run(lambda session: store(session, TALK, *told))
    page = await (await console.signed_in()).get(f"/conversations/{TALK}")
    assert "what do you do with it?" in page.text
    assert "Reveal this message" not in page.text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to a.b+c@d.example, please", "write to a•••@•••, please"),
        ("a.b @ d.example", "a•••@•••"),
        ("call 202 555 0143 or +44 20 7946 0018.", "call •••43 or •••18."),
        ("callme2025550143", "callme•••43"),
        ("between 2019-2023, on 2026-11-22", "between 2019-2023, on 2026-11-22"),
        ("see NCT02503852 and PMC5504091", "see NCT02503852 and PMC5504091"),
        ("$3,000 to $10,000 in 12 months", "$3,000 to $10,000 in 12 months"),
        ("i'm ZOE, quillfeather's daughter", "i'm Z•••, q•••'s daughter"),
        ("zoey and zoo stay", "zoey and zoo stay"),
    ],
)
def test_details_are_found_in_any_text(text: str, shown: str) -> None:
    assert mask_text(text, [NAME]) == shown


def test_a_name_that_is_a_word_is_masked_where_it_is_written_as_a_name() -> None:
    assert mask_text("Will it hurt? it will, said Will Black", ["Will Black"]) == "W••• it hurt? it will, said W•••"


def test_of_a_detail_people_recognise_their_own() -> None:
    assert (mask_name("Zoë"), mask_email(EMAIL), mask_phone("+12025550143")) == ("Z•••", "z•••@•••", "•••43")
