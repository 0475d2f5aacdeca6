"""The signs of danger as they ship: each has its class, its advice leads to help, and its phrasings can be found."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from bot.assessment.red_flags import ENDING, RedFlag, read_red_flags
from bot.errors import AssessmentError
from bot.knowledge.library import LiveLibrary
from bot.knowledge.linting.form import GRADED_WORDS, HIGHEST_GRADE, grade
from bot.knowledge.linting.promises import DOSE
from bot.knowledge.linting.rulebook import read_rulebook
from bot.readers.phrasings import Phrasings, parse
from bot.settings import PROJECT

MOST_WORDS = 50
KNOWLEDGE = PROJECT / "data" / "knowledge"
FLAGS = read_red_flags(PROJECT / "data" / "assessment" / "red_flags.yml")
IDS_OF_CLASS = {
    "emergency": "RF-01 RF-02 RF-03 RF-04 RF-05 RF-06 RF-07 RF-09 RF-10 RF-12 RF-28E",
    "urgent_care": "RF-08 RF-28 RF-29 RF-30 RF-32",
    "clinician_first": "RF-11 RF-13 RF-14 RF-20 RF-21 RF-22 RF-23 RF-24 RF-25 RF-26 RF-27 RF-33 RF-43 PREG",
    "self_harm": "RF-40 RF-41 RF-42",
    "minor": "RF-31",
}
# The advice where the class is sure and the sign is not is named by the class.
UNTOLD = frozenset(IDS_OF_CLASS) - {"minor"}
WARM_FIRST = {"RF-40", "RF-41", "RF-43", "self_harm"}  # a kind word to somebody in despair, and then what to do
ACTION = re.compile(
    r"(?:Please )?(?:call|be seen|see|contact|talk)\b"
    r"|If (?:you|they|anyone) (?:might|may) act on (?:this|it) now, call 911"
    r"|In the US you can call or text 988|A pediatrician or a dermatologist should",
    re.IGNORECASE,
)
STOPPING = re.compile(
    r"\b(?:stop|quit|halt|discontinue|skip|pause|drop|come off|go off|cut (?:down|back))\b", re.IGNORECASE
)
HAIR_AND_SELLING = re.compile(
    r"\b(?:hair\w*|bald\w*|regrow\w*|transplants?|stem cells?|prp|exosomes?|book\w*|consult\w*|price|offer|candidate"
    r"|e-?mail|your (?:name|number|phone)|normal)\b",
    re.IGNORECASE,
)


def words_said() -> Iterator[tuple[str, str]]:
    """Everything that a visitor may hear, by what it is."""
    for flag in FLAGS.flags:
        yield flag.id, flag.advice
    for name, words in FLAGS.classes.items():
        yield from ((f"{name}.{part}", text) for part, text in words.dict().items())


SAID = dict(words_said())


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


@pytest.mark.parametrize("kind", IDS_OF_CLASS)
def test_each_sign_of_the_contract_is_there_in_its_class(kind: str) -> None:
    assert {flag.id for flag in FLAGS.flags if flag.kind == kind} == {*IDS_OF_CLASS[kind].split(), *(UNTOLD & {kind})}


def test_no_sign_is_listed_twice() -> None:
    assert len({flag.id for flag in FLAGS.flags}) == len(FLAGS.flags)


def test_every_class_but_the_minors_has_its_words() -> None:
    assert set(FLAGS.classes) == UNTOLD
    assert set(FLAGS.classes) > ENDING


@pytest.mark.parametrize("flag", FLAGS.flags, ids=lambda flag: flag.id)
def test_the_advice_begins_with_what_to_do(flag: RedFlag) -> None:
    said = sentences(flag.advice)
    opening = next(place for place, sentence in enumerate(said) if ACTION.match(sentence))
    assert opening <= (2 if flag.id in WARM_FIRST else 0)


@pytest.mark.parametrize("kind", FLAGS.classes)
def test_the_first_line_of_a_class_is_its_advice(kind: str) -> None:
    assert ACTION.match(FLAGS.classes[kind].first_line)


def test_an_emergency_is_sent_to_911_and_somebody_in_despair_to_988_too() -> None:
    for flag in FLAGS.flags:
        numbers = {number for number in ("911", "988") if number in flag.advice}
        wanted = {"emergency": {"911"}, "self_harm": {"911", "988"}}.get(flag.kind, set())
        assert numbers >= wanted, flag.id
    for kind, number in (("emergency", "911"), ("self_harm", "988")):
        assert number in FLAGS.classes[kind].first_line
        assert number in FLAGS.classes[kind].again


@pytest.mark.parametrize("name", SAID)
def test_a_number_is_given_with_what_holds_elsewhere(name: str) -> None:
    assert "911" not in re.sub(r"911 or (?:your|the) local emergency number", "", SAID[name])
    assert "988" not in SAID[name] or re.search(r"\bUS\b", SAID[name])


@pytest.mark.parametrize("name", SAID)
def test_nobody_is_told_to_stop_a_medicine_or_given_a_dose(name: str) -> None:
    assert not STOPPING.search(SAID[name].replace("Never stop a medicine on your own", ""))
    assert not DOSE.search(SAID[name])


@pytest.mark.parametrize("name", SAID)
def test_nothing_is_said_of_hair_nor_sold(name: str) -> None:
    assert not HAIR_AND_SELLING.search(SAID[name])


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_is_short_and_easy_to_read(name: str) -> None:
    text = SAID[name]
    assert 0 < len(text.split()) <= MOST_WORDS
    if len(text.split()) >= GRADED_WORDS:
        assert grade(text, read_rulebook(KNOWLEDGE / "lint.yml")) <= HIGHEST_GRADE


def test_every_source_of_a_sign_is_one_of_the_knowledge_base() -> None:
    known = LiveLibrary(KNOWLEDGE, watch=False).current.sources
    assert {flag.id: source for flag in FLAGS.flags for source in flag.sources if source not in known} == {}


def test_a_sign_without_a_source_only_says_whom_to_see() -> None:
    without = [flag for flag in FLAGS.flags if not flag.sources]
    assert {flag.kind for flag in without} <= {"clinician_first"}
    assert all("see a " in flag.advice or "talk with" in flag.advice for flag in without)


def test_every_sign_has_phrasings_and_a_line_for_staff() -> None:
    assert {flag.id for flag in FLAGS.flags if not flag.phrasings} == UNTOLD
    assert all(flag.about for flag in FLAGS.flags)


@pytest.fixture(scope="module")
def pipeline() -> Language:
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    return blank


def spoken(alternative: tuple[str, ...]) -> str:
    return " ".join(word.rstrip("*") for word in alternative)


def test_every_phrasing_finds_its_sign_in_its_own_words(pipeline: Language) -> None:
    listed = [(flag.id, parse(flag.id, text)) for flag in FLAGS.flags for text in flag.phrasings]
    everything = Phrasings(phrasing for _, phrasing in listed)
    texts = [(name, " ".join(spoken(group[0]) for group in phrasing.groups)) for name, phrasing in listed]
    assert [text for name, text in texts if name not in {one.name for one in everything.find(pipeline(text))}] == []


def test_every_alternative_can_be_found(pipeline: Language) -> None:
    groups = {group for flag in FLAGS.flags for text in flag.phrasings for group in parse(flag.id, text).groups}
    alternatives = {alternative for group in groups for alternative in group}
    assert all(groups)
    assert all(alternatives)
    alone = Phrasings(parse(" ".join(one), " ".join(one)) for one in alternatives)
    lost = (one for one in alternatives if " ".join(one) not in {f.name for f in alone.find(pipeline(spoken(one)))})
    assert sorted(map(spoken, lost)) == []


def test_a_sign_that_is_not_listed_is_refused() -> None:
    with pytest.raises(KeyError, match="RF-99"):
        FLAGS.flag("RF-99")


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("version: '1'", "classes"),
        ("[", "red_flags.yml"),
        ("- RF-01", "red_flags.yml"),
        ("{version: '1', signed_by: null, classes: {}, flags: [{id: RF-01, class: mild}]}", "about"),
        ("{version: '1', signed_by: null, classes: {}, flags: [], flag: []}", "flag"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, broken: str, said: str) -> None:
    file = tmp_path / "red_flags.yml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(AssessmentError, match=said) as caught:
        read_red_flags(file)
    assert "red_flags.yml" in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssessmentError, match=r"gone\.yml"):
        read_red_flags(tmp_path / "gone.yml")
