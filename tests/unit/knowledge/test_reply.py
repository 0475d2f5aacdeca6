"""What a message is answered with, given what was understood and what was said before."""

import pytest

from bot.knowledge.library import Library
from bot.knowledge.reply import (
    SOMETHING_ELSE,
    Answered,
    AskAgain,
    Choice,
    Context,
    NotCovered,
    Part,
    PersonOffered,
    ReasonsAsked,
    Reply,
    SourcesAsked,
    Unclear,
    Understanding,
    Verdict,
    decide,
    next_context,
    read_understanding,
)
from tests.unit.knowledge.desk import Desk

SMALL_TALK = {"kind": "smalltalk", "claims": [], "sources": []}
OFFERED = (
    Choice("What about price?", "cost.price"),
    Choice("The trip?", "cost.trip"),
    Choice("Something else", SOMETHING_ELSE),
)


@pytest.fixture
def library(desk: Desk) -> Library:
    """Two topics, a greeting, and usual follow-ups."""
    desk.write("cost.price", facets=["cost"], related=["cost.trip", "permanence.women"])
    desk.write("cost.abroad", facets=["where"])
    desk.write("cost.trip", title="The trip?", facets=["where", "how"])
    desk.write("permanence.women", facets=["women"])
    desk.write("permanence.years", facets=["how_long"])
    desk.write("greeting.hello", **SMALL_TALK)
    desk.write("thanks.welcome", **SMALL_TALK)
    desk.follow_ups({"how_long": ["permanence.years"], "risk": ["cost.price", "permanence.years"]})
    return desk.library().current


def part(label: str, verdict: Verdict = "answer", *others: str, text: str = "some words", share: float = 0.9) -> Part:
    """One question with the labels that may be meant, the likeliest first."""
    rest = [(other, (1 - share) / 2) for other in others]
    return Part(text, verdict, share, ((label, share), *rest))


def understood(*parts: Part, text: str = "a message", language: str | None = None) -> Understanding:
    """A message with these questions in it."""
    return Understanding(text, parts, language)


def ids(reply: Reply) -> list[str]:
    """The entries that a reply says or offers."""
    if isinstance(reply, Answered):
        return [entry.id for entry in reply.entries]
    assert isinstance(reply, Unclear), reply
    return [entry.id for entry in reply.choices]


def test_a_question_gets_its_entry(library: Library) -> None:
    reply = decide(understood(part("cost.price")), Context(), library)
    assert isinstance(reply, Answered)
    assert (ids(reply), reply.confidence) == (["cost.price"], 0.9)


@pytest.mark.parametrize("said", ["What about price?", "what about PRICE", "  What about   price  "])
def test_a_choice_is_taken_by_its_title(library: Library, said: str) -> None:
    message = understood(part("out_of_scope.junk", "none"), text=said)
    assert ids(decide(message, Context(choices=OFFERED), library)) == ["cost.price"]


@pytest.mark.parametrize("said", ["Something else", "something else!"])
def test_something_else_asks_for_other_words(library: Library, said: str) -> None:
    assert decide(understood(text=said), Context(choices=OFFERED), library) == AskAgain()


@pytest.mark.parametrize("said", ["4", "0", "²", "1" * 5000, "one two"])
def test_a_number_that_was_not_offered_is_no_choice(library: Library, said: str) -> None:
    message = understood(part("junk", "none"), text=said)
    assert decide(message, Context(choices=OFFERED), library) == NotCovered(0.9)


def test_choices_expire_with_the_next_turn(library: Library) -> None:
    context = Context(choices=OFFERED)
    after = next_context(decide(understood(part("cost.abroad")), context, library), (), context)
    assert after.choices == ()
    assert decide(understood(part("junk", "none"), text="What about price?"), after, library) == NotCovered(0.9)


def test_a_choice_whose_entry_was_deleted_meanwhile_is_read_as_words(library: Library) -> None:
    message = understood(part("cost.price"), text="gone?")
    assert ids(decide(message, Context(choices=(Choice("Gone?", "cost.gone"),)), library)) == ["cost.price"]


def test_an_unsure_reading_offers_at_most_three_choices_best_first(library: Library) -> None:
    unsure = part("cost.trip", "unsure", "permanence.years", "cost.abroad", "cost.price", share=0.4)
    reply = decide(understood(unsure), Context(), library)
    assert isinstance(reply, Unclear)
    assert ids(reply) == ["cost.trip", "permanence.years", "cost.abroad"]


def test_an_answer_that_the_library_lacks_is_not_covered(library: Library) -> None:
    assert decide(understood(part("cost.gone")), Context(), library) == NotCovered(0.9)


def test_a_short_unsure_message_is_read_with_the_topic_in_hand(library: Library) -> None:
    unsure = part("permanence.years", "unsure", "cost.abroad", text="and over there", share=0.4)
    assert ids(decide(understood(unsure), Context("cost.price"), library)) == ["cost.abroad"]
    long = part("permanence.years", "unsure", "cost.abroad", text="and " * 8, share=0.4)
    assert isinstance(decide(understood(long), Context("cost.price"), library), Unclear)


@pytest.mark.parametrize(
    ("facet", "meant"),
    [
        ("where", "cost.trip"),  # related and in the topic, before the topic's other
        ("women", "permanence.women"),  # only a related entry of another topic has it
        ("more", "cost.trip"),  # the first related one
    ],
)
def test_a_follow_up_is_joined_with_the_last_answer(library: Library, facet: str, meant: str) -> None:
    reply = decide(understood(part(f"follow_up.{facet}")), Context("cost.price"), library)
    assert isinstance(reply, Answered)
    assert ids(reply) == [meant]


def test_a_follow_up_that_nothing_near_answers_offers_what_is_near(library: Library) -> None:
    reply = decide(understood(part("follow_up.how_long")), Context("cost.price"), library)
    assert isinstance(reply, Unclear)
    assert ids(reply)[0] == "cost.trip"


def test_a_why_that_nothing_near_answers_gets_the_last_answers_claims(library: Library) -> None:
    assert decide(understood(part("follow_up.why")), Context("cost.price"), library) == ReasonsAsked(
        library.entries["cost.price"]
    )


def test_more_after_an_entry_without_links_stays_in_its_topic(library: Library) -> None:
    assert ids(decide(understood(part("follow_up.more")), Context("cost.abroad"), library)) == ["cost.price"]


def test_a_follow_up_without_a_topic_means_the_usual(library: Library) -> None:
    assert ids(decide(understood(part("follow_up.how_long")), Context(), library)) == ["permanence.years"]
    reply = decide(understood(part("follow_up.risk")), Context(), library)
    assert isinstance(reply, Unclear)
    assert ids(reply) == ["cost.price", "permanence.years"]
    assert decide(understood(part("follow_up.men")), Context(), library) == NotCovered(0.9)


def test_says_who_shows_the_last_answers_sources(library: Library) -> None:
    reply = decide(understood(part("follow_up.source")), Context("cost.price"), library)
    assert reply == SourcesAsked(library.entries["cost.price"])


def test_several_questions_get_all_of_their_answers(library: Library) -> None:
    parts = [part(name) for name in ("cost.price", "permanence.years", "cost.price", "cost.trip", "cost.abroad")]
    reply = decide(understood(*parts), Context(), library)
    assert ids(reply) == ["cost.price", "permanence.years", "cost.trip"]


def test_the_confidence_of_several_answers_is_the_least(library: Library) -> None:
    reply = decide(understood(part("cost.price"), part("cost.trip", share=0.7)), Context(), library)
    assert isinstance(reply, Answered)
    assert reply.confidence == 0.7


def test_an_answer_beside_something_unknown_is_given(library: Library) -> None:
    reply = decide(understood(part("junk", "none"), part("cost.price")), Context(), library)
    assert ids(reply) == ["cost.price"]


def test_a_greeting_beside_a_question_is_not_worth_a_text(library: Library) -> None:
    assert ids(decide(understood(part("greeting.hello"), part("cost.price")), Context(), library)) == ["cost.price"]
    assert ids(decide(understood(part("greeting.hello"), part("thanks.welcome")), Context(), library)) == [
        "greeting.hello"
    ]


def test_another_language_is_told_whatever_was_understood(library: Library) -> None:
    reply = decide(understood(part("cost.price"), language="es"), Context(misses=3), library)
    assert reply == NotCovered(1.0, "es")


def test_a_button_counts_before_the_language(library: Library) -> None:
    message = understood(text="The trip?", language="fr")
    assert ids(decide(message, Context(choices=OFFERED), library)) == ["cost.trip"]


def test_two_misses_in_a_row_offer_a_person(library: Library) -> None:
    junk, context = understood(part("junk", "none")), Context()
    first = decide(junk, context, library)
    assert first == NotCovered(0.9)
    context = next_context(first, (), context)
    assert decide(junk, context, library) == PersonOffered()


def test_an_answer_between_two_misses_starts_the_count_again(library: Library) -> None:
    context = Context(misses=1)
    context = next_context(decide(understood(part("cost.price")), context, library), (), context)
    assert decide(understood(part("junk", "none")), context, library) == NotCovered(0.9)


def test_something_else_is_a_miss_too(library: Library) -> None:
    context = next_context(AskAgain(), (), Context())
    assert decide(understood(part("junk", "none")), context, library) == PersonOffered()


def test_a_person_is_offered_once_and_then_the_count_starts_again(library: Library) -> None:
    context = next_context(PersonOffered(), (), Context(misses=1))
    assert decide(understood(part("junk", "none")), context, library) == NotCovered(0.9)


def test_what_is_not_covered_keeps_the_topic_in_hand() -> None:
    context = next_context(NotCovered(0.9), (), Context("cost.price"))
    assert context.last_entry == "cost.price"


def test_an_empty_message_is_not_covered(library: Library) -> None:
    assert decide(read_understanding({"text": ""}), Context(), library) == NotCovered(1.0)


def test_the_components_output_is_read_as_it_was_written() -> None:
    data = {
        "text": "price and trip",
        "understanding": {
            "language": None,
            "parts": [
                {"text": "price", "verdict": "answer", "confidence": 0.9, "candidates": [["cost.price", 0.9]]},
                {"text": "trip", "verdict": "none", "confidence": 0.2, "candidates": []},
            ],
        },
    }
    assert read_understanding(data) == Understanding(
        "price and trip", (Part("price", "answer", 0.9, (("cost.price", 0.9),)), Part("trip", "none", 0.2, ()))
    )
