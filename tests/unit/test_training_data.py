"""The training data: no example in two places, no near-twin under another label, enough voices for every topic."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.settings import PROJECT

NLU = PROJECT / "data" / "nlu"
SMALL_TALK = {"greeting", "goodbye", "thanks", "start_assessment"}
NOT_MEDICAL = SMALL_TALK | {"consultation_booking", "bot_identity", "privacy_data"}
FILLERS = {"pls", "please", "plz", "ok", "so", "the", "a", "an"}


def read_examples() -> Iterator[tuple[str, str, str]]:
    for path in sorted(NLU.rglob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).get("nlu", []):
            for line in block["examples"].splitlines():
                yield line.removeprefix("- ").strip(), block["intent"], block["metadata"]["entry"]


@pytest.fixture(scope="module")
def examples() -> list[tuple[str, str, str]]:
    return list(read_examples())


DANGER = ("emergency", "urgent_care", "self_harm", "clinician_first", "no_danger")
LEARNT_BY = {"interview": "the check", **dict.fromkeys(DANGER, "the screen")}


def plain(text: str) -> str:
    """What is left of a text without case and punctuation; the text itself where that is nothing."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def bare(text: str) -> str:
    """The words that carry a text's meaning, in any order."""
    words = [word for word in plain(text).split() if word not in FILLERS]
    return " ".join(sorted(words)) or plain(text)


def held_out_questions() -> list[str]:
    files = sorted((PROJECT / "tests" / "nlu").glob("*.tsv"))
    return [line.split("\t")[0] for path in files for line in path.read_text(encoding="utf-8").splitlines()]


def test_no_example_stands_in_two_places(examples: list[tuple[str, str, str]]) -> None:
    twice = [text for text, count in Counter(plain(text) for text, _, _ in examples).items() if count > 1]
    assert twice == []


def test_no_near_twin_stands_under_another_entry(examples: list[tuple[str, str, str]]) -> None:
    labels = defaultdict(set)
    for text, intent, entry in examples:
        # The check and the screen have classifiers of their own: what one learns is no twin of what another does.
        labels[LEARNT_BY.get(intent, "questions"), bare(text)].add(entry)
    assert {text: found for text, found in labels.items() if len(found) > 1} == {}


def test_near_twins_within_an_entry_count_once_and_still_every_topic_has_its_voices(
    examples: list[tuple[str, str, str]],
) -> None:
    counts = Counter(intent for _, intent in {(bare(text), intent) for text, intent, _ in examples})
    wanted = {intent: 40 if intent in NOT_MEDICAL else 120 for intent in counts if intent != "follow_up"}
    wanted["out_of_scope"] = 600
    assert {intent: counts[intent] for intent, least in wanted.items() if counts[intent] < least} == {}


def test_half_of_what_is_out_of_scope_is_near_the_domain(examples: list[tuple[str, str, str]]) -> None:
    kinds = Counter(entry.split(".")[1] for _, intent, entry in examples if intent == "out_of_scope")
    near = sum(count for kind, count in kinds.items() if kind.startswith("near_"))
    assert near >= sum(kinds.values()) / 2 >= 300


def test_no_held_out_question_is_trained_on(examples: list[tuple[str, str, str]]) -> None:
    trained = {plain(text) for text, _, _ in examples}
    assert [question for question in held_out_questions() if plain(question) in trained] == []


def test_examples_are_plain_text(examples: list[tuple[str, str, str]]) -> None:
    assert [text for text, _, _ in examples if re.search(r"[\[\]{}]", text) or not text] == []


def test_every_file_is_read_by_rasa_as_it_stands() -> None:
    from rasa.shared.nlu.training_data.loading import load_data

    count = len(load_data(str(NLU)).intent_examples)
    assert count >= sum(1 for _ in read_examples()) - 5


def test_the_development_set_has_enough_of_every_topic() -> None:
    lines = (PROJECT / "tests" / "nlu" / "development.tsv").read_text(encoding="utf-8").splitlines()
    counts = Counter(topic for line in lines for topic in re.split(r"[|+]", line.split("\t")[1]))
    domain = yaml.safe_load(Path(PROJECT / "domain.yml").read_text(encoding="utf-8"))
    topics = set(domain["intents"]) - {"out_of_scope", "follow_up", *LEARNT_BY}
    assert {topic: counts[topic] for topic in topics if counts[topic] < 15} == {}
    assert counts["out_of_scope"] >= 150
