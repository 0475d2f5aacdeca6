"""What a message says of something that it names: denied, over, imagined, another person's, or now."""

import time
from pathlib import Path

import pytest
import spacy

from bot.errors import AssessmentError
from bot.readers.assertion import Assertion, Assertions, joined, read_triggers
from tests.unit.readers.clinic import ASSESSMENT, assertions, marks, pipeline, said, spot


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no diabetes, lupus or anything", "diabetes"),
        ("no diabetes, lupus or anything", "lupus"),
        ("i dont take warfarin", "warfarin"),
        ("I don’t take any warfarin.", "warfarin"),
        ("not a diabetic", "diabetic"),
        ("never had cancer", "cancer"),
        ("lupus? nope", "lupus"),
        ("diabetes: no", "diabetes"),
        ("tested for lupus, came back negative", "lupus"),
        ("no fever", "fever"),
        ("without any swelling", "swelling"),
    ],
)
def test_what_is_denied_is_negated(text: str, words: str) -> None:
    assert "negated" in marks(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no diabetes but lupus yes", "lupus"),
        ("diabetes no, lupus yes", "lupus"),
        ("no, i take warfarin", "warfarin"),
        ("none, just warfarin", "warfarin"),
        ("nothing except warfarin", "warfarin"),
        ("no idea why but i have lupus", "lupus"),
        ("i can't stop my warfarin", "warfarin"),
        ("not sure if it matters, i have lupus", "lupus"),
        ("no problems with my warfarin", "warfarin"),
        ("no diabetes and i have lupus", "lupus"),
        ("No diabetes. Lupus since 2010.", "Lupus"),
        ("no diabetes\nlupus", "lupus"),
        ("lupus isnt under control", "lupus"),
    ],
)
def test_a_denial_ends_where_something_else_begins(text: str, words: str) -> None:
    assert marks(text, words) == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("came off steroids in 2020", "steroids"),
        ("used to take warfarin", "warfarin"),
        ("warfarin, stopped in may", "warfarin"),
        ("stopped warfarin years ago", "warfarin"),
        ("warfarin until 2019", "warfarin"),
        ("warfarin in 2019", "warfarin"),
        ("as a kid, ringworm", "ringworm"),
        ("had ringworm when i was small", "ringworm"),
        ("the swelling has gone", "swelling"),
        ("chemo was in 2016", "chemo"),
    ],
)
def test_what_is_over_is_past(text: str, words: str) -> None:
    assert "past" in marks(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("started warfarin in 2019", "warfarin"),
        ("on warfarin since 2019", "warfarin"),
        ("diagnosed with lupus 3 years ago", "lupus"),
        ("used to take warfarin, now eliquis", "eliquis"),
        ("i've had lupus for ten years", "lupus"),
        ("stopped warfarin but they put me back on it", "warfarin"),
        ("had a stent put in, on plavix", "plavix"),
        ("haven't stopped warfarin", "warfarin"),
        ("stopped smoking, take warfarin", "warfarin"),
    ],
)
def test_what_began_then_or_goes_on_is_not_past(text: str, words: str) -> None:
    assert "past" not in marks(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what if i get a fever", "fever"),
        ("if i had lupus would that rule me out", "lupus"),
        ("in case of swelling", "swelling"),
        ("could it be an infection", "infection"),
        ("does it cause cancer?", "cancer"),
        ("what does an infection look like", "infection"),
        ("is warfarin a problem?", "warfarin"),
        ("so, is lupus a reason against it?", "lupus"),
        ("worried about infection", "infection"),
        ("supposing im pregnant by then", "pregnant"),
    ],
)
def test_what_is_only_imagined_or_asked_is_hypothetical(text: str, words: str) -> None:
    assert "hypothetical" in marks(text, words)


@pytest.mark.parametrize(
    "text",
    [
        "is it ok if im on warfarin?",
        "can i have it, i take warfarin?",
        "if you must know, i take warfarin",
        "does warfarin count?",
        "warfarin",
        "warfarin?",
    ],
)
def test_a_question_that_tells_a_fact_is_not_hypothetical(text: str) -> None:
    assert marks(text, "warfarin") == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my aunt has lupus", "lupus"),
        ("grandad's lupus", "lupus"),
        ("my mother in law takes warfarin", "warfarin"),
        ("lupus runs in the family", "lupus"),
        ("lupus, but that's my sister", "lupus"),
        ("a friend got an infection", "infection"),
        ("she has lupus", "lupus"),
    ],
)
def test_another_persons_is_anothers(text: str, words: str) -> None:
    assert "another" in marks(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("my aunt has lupus and i have RA", "RA"),
        ("my mum had lupus, me too", "lupus"),
        ("lupus runs in the family and i got it too", "lupus"),
        ("i have lupus like my mother", "lupus"),
        ("my doctor says i have lupus", "lupus"),
        ("my husband says i should mention my lupus", "lupus"),
        ("mother of two, lupus", "lupus"),
    ],
)
def test_a_relative_nearby_takes_nothing_from_the_writer(text: str, words: str) -> None:
    assert "another" not in marks(text, words)


def test_a_relative_in_danger_now_is_anothers_and_now() -> None:
    judged = said("my wife is vomiting right now", "vomiting")
    assert (judged.another, judged.now, judged.past) == (True, True, False)


@pytest.mark.parametrize(("text", "now"), [("still on warfarin", True), ("warfarin daily", True), ("warfarin", False)])
def test_a_word_for_the_present_is_seen_beside_it(text: str, now: bool) -> None:
    assert said(text, "warfarin").now is now


def test_words_inside_the_span_change_nothing() -> None:
    assert marks("my blood doesn't clot", "blood doesn't clot") == set()


def test_words_inside_what_is_told_with_it_change_nothing() -> None:
    text = "the cut bled and it wont stop"
    told = [spot(text, "bled"), spot(text, "wont stop")]
    document = pipeline()(text)
    spans = [document[one.start : one.end] for one in told]
    assert assertions().judge(spans[1], spans) == Assertion()


def test_one_of_several_words_denied_denies_them_all() -> None:
    assert joined([Assertion(), Assertion(negated=True), Assertion(now=True)]) == Assertion(negated=True, now=True)


def test_a_text_without_sentences_is_one_sentence() -> None:
    document = spacy.blank("en", vocab=pipeline().vocab)("no lupus. warfarin")
    assert assertions().judge(document[1:2]).negated


def test_a_message_is_judged_fast() -> None:
    text = "I have been on warfarin since 2019 because of a clot, my mother had lupus but no diabetes in the family"
    documents = [pipeline()(text) for _ in range(200)]
    begun = time.perf_counter()
    for document in documents:
        assertions().judge(document[4:5])
    assert (time.perf_counter() - begun) / len(documents) < 0.05  # 0.15 ms on a quiet machine


def test_a_broken_file_of_triggers_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "context.yml"
    broken.write_text("negated: [no]\n")
    with pytest.raises(AssessmentError, match=r"context\.yml"):
        read_triggers(broken)


def test_an_unquoted_no_is_refused(tmp_path: Path) -> None:
    text = (ASSESSMENT / "context.yml").read_text(encoding="utf-8")
    broken = tmp_path / "context.yml"
    broken.write_text(text.replace('both: ["no", never, not]', "both: [no, never, not]"), encoding="utf-8")
    with pytest.raises(AssessmentError, match="both"):
        read_triggers(broken)


def test_other_triggers_judge_a_document_anew() -> None:
    triggers = read_triggers(ASSESSMENT / "context.yml")
    bare = triggers.copy(update={"negated": triggers.negated.copy(update={"before": (), "both": ()})})
    document = pipeline()("no lupus")
    assert assertions().judge(document[1:2]).negated
    assert not Assertions(pipeline().vocab, bare).judge(document[1:2]).negated
