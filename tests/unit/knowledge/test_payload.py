"""What the outside sees of each kind of reply: every key of the contract, and none beside them."""

from datetime import date

import pytest

from bot.knowledge.library import Library
from bot.knowledge.payload import render
from bot.knowledge.reply import (
    Answered,
    AskAgain,
    Choice,
    NotCovered,
    PersonOffered,
    SourcesAsked,
    Unclear,
)
from tests.unit.knowledge.desk import Desk

CHECKED = "Checked against its sources on 2026-11-01, not yet read by a clinician."
RULING = {"claims": [{"text": "A court ruled.", "sources": ["court_ruling"]}], "sources": ["court_ruling"]}


@pytest.fixture
def library(desk: Desk) -> Library:
    """An entry of each kind."""
    desk.write("cost.price", related=["cost.trip", "fda_status.ruling", "consultation_booking.talk_to_person"])
    desk.write("cost.trip", safety=None)
    desk.write("fda_status.ruling", reviewed_on=date(2026, 10, 1), reviewed_by="Dr. Example", **RULING)
    desk.write("bot_identity.orders", kind="refusal", claims=[], sources=[], safety=None)
    desk.write("greeting.hello", kind="smalltalk", claims=[], sources=[], safety=None)
    desk.write("consultation_booking.talk_to_person", title="Can I talk to a real person?")
    return desk.library().current


def test_an_answer_has_its_entry_its_sources_and_its_review(library: Library) -> None:
    message = render(Answered((library.entries["cost.price"],), 0.91234), library)
    assert message.payload == {
        "kind": "answer",
        "topics": ["cost"],
        "entries": ["cost.price"],
        "sources": [
            {
                "id": "price_survey",
                "title": "Price survey",
                "publisher": "A society",
                "url": "https://example.org/prices",
                "date": "2024",
                "strength": "weak",
            }
        ],
        "reviewed_on": "2026-11-01",
        "reviewed_by": "editors",
        "confidence": 0.912,
    }


def test_the_safety_note_stands_below_the_text(library: Library) -> None:
    assert render(Answered((library.entries["cost.price"],), 1.0), library).texts == (
        "Ask the clinic for the full price.\n\nIf you feel unwell, call a doctor.",
    )


def test_an_answer_offers_two_of_its_related_questions(library: Library) -> None:
    assert render(Answered((library.entries["cost.price"],), 1.0), library).choices == (
        Choice("What about trip?", "cost.trip"),
        Choice("What about ruling?", "fda_status.ruling"),
    )


def test_several_answers_have_each_topic_and_the_oldest_review(library: Library) -> None:
    chosen = tuple(library.entries[name] for name in ("cost.price", "cost.trip", "fda_status.ruling"))
    message = render(Answered(chosen, 0.8), library)
    assert len(message.texts) == 3
    assert message.payload["kind"] == "answer"
    assert message.payload["topics"] == ["cost", "fda_status"]
    assert message.payload["entries"] == ["cost.price", "cost.trip", "fda_status.ruling"]
    assert [source["id"] for source in message.payload["sources"]] == ["price_survey", "court_ruling"]
    assert (message.payload["reviewed_on"], message.payload["reviewed_by"]) == ("2026-10-01", "Dr. Example")


def test_unclear_offers_its_choices_and_something_else(library: Library) -> None:
    entries = (library.entries["fda_status.ruling"], library.entries["cost.price"], library.entries["cost.trip"])
    message = render(Unclear(entries, 0.4), library)
    assert message.payload == {"kind": "clarify", "topics": ["fda_status", "cost"], "confidence": 0.4}
    assert [choice.title for choice in message.choices] == [
        "What about ruling?",
        "What about price?",
        "What about trip?",
        library.phrases.something_else,
    ]


def test_something_else_is_a_clarification_without_choices(library: Library) -> None:
    message = render(AskAgain(), library)
    assert (message.payload["kind"], message.payload["topics"], message.choices) == ("clarify", [], ())


def test_out_of_scope_says_what_is_in_scope(library: Library) -> None:
    message = render(NotCovered(0.7), library)
    assert message.payload == {"kind": "out_of_scope", "confidence": 0.7}
    assert message.texts == (library.phrases.out_of_scope,)


@pytest.mark.parametrize("language", ["es", "fr", "de", "pt", "it"])
def test_another_language_is_answered_in_it(library: Library, language: str) -> None:
    message = render(NotCovered(1.0, language), library)
    assert message.payload == {"kind": "out_of_scope", "confidence": 1.0, "language": language}
    assert message.texts == (library.phrases.other_language[language],)


def test_a_language_without_a_sentence_of_its_own_is_named_all_the_same(library: Library) -> None:
    message = render(NotCovered(1.0, "fi"), library)
    assert message.payload["language"] == "fi"
    assert message.texts == (library.phrases.other_language_default,)


def test_small_talk_has_no_sources(library: Library) -> None:
    message = render(Answered((library.entries["greeting.hello"],), 1.0), library)
    assert message.payload == {"kind": "smalltalk", "topics": ["greeting"]}


def test_a_refusal_says_so(library: Library) -> None:
    message = render(Answered((library.entries["bot_identity.orders"],), 1.0), library)
    assert message.payload["kind"] == "refusal"
    assert message.payload["topics"] == ["bot_identity"]


def test_an_answer_beside_a_refusal_is_an_answer(library: Library) -> None:
    chosen = (library.entries["bot_identity.orders"], library.entries["cost.price"])
    assert render(Answered(chosen, 1.0), library).payload["kind"] == "answer"


def test_a_person_is_offered_with_a_button(library: Library) -> None:
    message = render(PersonOffered(), library)
    assert message.payload == {"kind": "handoff", "state": "offered", "topics": ["consultation_booking"]}
    assert message.choices == (Choice("Can I talk to a real person?", "consultation_booking.talk_to_person"),)


def test_says_who_is_answered_with_titles_addresses_and_the_review(library: Library) -> None:
    message = render(SourcesAsked(library.entries["cost.price"]), library)
    assert "Price survey (A society, 2024) https://example.org/prices" in message.texts[0]
    assert CHECKED in message.texts[0]
    assert message.payload["kind"] == "answer"
    assert message.payload["entries"] == ["cost.price"]


def test_a_clinicians_review_names_the_clinician(library: Library) -> None:
    message = render(SourcesAsked(library.entries["fda_status.ruling"]), library)
    assert "Reviewed on 2026-10-01 by Dr. Example." in message.texts[0]


def test_a_source_without_address_or_date_leaves_no_gap(library: Library) -> None:
    message = render(SourcesAsked(library.entries["fda_status.ruling"]), library)
    assert "Court ruling (A court)\n" in message.texts[0]


def test_says_who_after_small_talk(library: Library) -> None:
    message = render(SourcesAsked(library.entries["greeting.hello"]), library)
    assert message.texts == (library.phrases.no_sources,)
    assert message.payload["kind"] == "smalltalk"
