"""Findings in free answers: whose, when, denied, misspelt, played down."""

import shutil
import time
from pathlib import Path

import pytest

from bot.assessment.fields import FINDINGS
from bot.errors import AssessmentError
from bot.readers.findings import FindingsReader, read_clinical
from tests.unit.readers.clinic import ASSESSMENT, assertions, pipeline, present, read

TOLD = Path(__file__).with_name("told_findings.tsv")
ANSWERS = [line.split("\t") for line in TOLD.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("text", "wanted"), ANSWERS)
def test_an_answer_is_read_as_a_careful_person_reads_it(text: str, wanted: str) -> None:
    assert present(text) == ([] if wanted == "none" else wanted.split(","))


@pytest.mark.parametrize(
    "text", ["my aunt has lupus", "Lupus? No, my aunt has it.", "my aunts both had lupus", "aunt: lupus"]
)
def test_an_aunts_lupus_is_nobodys_finding(text: str) -> None:
    assert present(text) == []


def test_steroids_left_long_ago_are_no_finding_but_an_answer() -> None:
    found = read("came off steroids in 2020")
    assert (found.present, found.harmless) == (frozenset(), True)


def test_a_little_aspirin_for_the_heart_counts() -> None:
    assert present("oh just a little aspirin for the heart, nothing really") == ["anticoagulant"]


@pytest.mark.parametrize("text", ["i don't take blood thinners", "no blood thinners", "blood thinners? never"])
def test_a_denied_blood_thinner_is_denied(text: str) -> None:
    found = read(text)
    assert (found.present, found.denied) == (frozenset(), {"anticoagulant"})


def test_what_is_denied_and_told_in_one_message_is_told() -> None:
    found = read("no blood thinners, well, eliquis")
    assert (found.present, found.denied) == ({"anticoagulant"}, frozenset())


def test_a_denied_cancer_is_denied_past_and_present() -> None:
    assert read("i never had breast cancer").denied == {"cancer_history", "cancer_active"}


def test_an_aunt_who_has_no_lupus_denies_nothing() -> None:
    assert read("my aunt has no lupus").denied == frozenset()


@pytest.mark.parametrize(
    "text", ["hypothyroid, on levothyroxine", "asthma inhaler", "lisinopril 10", "a steroid cream"]
)
def test_an_illness_or_medicine_that_is_no_finding_is_harmless(text: str) -> None:
    found = read(text)
    assert (found.present, found.harmless) == (frozenset(), True)


def test_a_relatives_illness_answers_the_question_without_being_a_finding() -> None:
    found = read("my aunt has lupus, me nothing")
    assert (found.present, found.harmless) == (frozenset(), True)


@pytest.mark.parametrize("text", ["", "hello", "how much is it", "😀", "12", "?"])
def test_an_answer_that_names_nothing_of_the_writers_is_not_harmless(text: str) -> None:
    found = read(text)
    assert (found.present, found.denied, found.harmless) == (frozenset(), frozenset(), False)


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("warfarrin", "anticoagulant"),
        ("rivaroxabann", "anticoagulant"),
        ("elikwis", "anticoagulant"),
        ("rheumatoyd arthritis", "autoimmune"),
        ("azathioprin", "immunosuppressant"),
        ("haemophillia", "bleeding_disorder"),
    ],
)
def test_a_misspelt_medicine_is_still_that_medicine(text: str, finding: str) -> None:
    assert present(text) == [finding]


@pytest.mark.parametrize("text", ["please cancel it", "i have a nice planner", "sertralin", "losartan", "lozartan"])
def test_an_everyday_word_or_another_medicine_is_no_slip(text: str) -> None:
    assert present(text) == []


def test_known_words_are_never_taken_for_a_slip() -> None:
    clinical = read_clinical(ASSESSMENT / "findings.yml")
    strict = FindingsReader(pipeline().vocab, clinical, assertions(), frozenset({"warfarrin"}))
    assert strict.read(pipeline()("warfarrin")).present == frozenset()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lymphoma", ["cancer_active"]),
        ("lymphoma, in remission", ["cancer_history"]),
        ("lymphoma, it came back in march", ["cancer_active"]),
        ("lymphoma, currently in remission", ["cancer_history"]),
        ("had chemo in 2012", ["cancer_history"]),
        ("on chemo", ["cancer_active", "immunosuppressant"]),
        ("never had chemo", []),
        ("i was on tamoxifen till 2019", ["cancer_history"]),
    ],
)
def test_time_words_decide_between_cancer_past_and_present(text: str, wanted: list[str]) -> None:
    assert present(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("diabetic, a1c 6.5", ["diabetes"]),
        ("diabetic, hba1c 58 mmol", ["diabetes"]),
        ("diabetic, hba1c is 86", ["diabetes", "diabetes_uncontrolled"]),
        ("diabetic, sugar 310 this morning", ["diabetes", "diabetes_uncontrolled"]),
        ("diabetic, my bp is out of control", ["diabetes"]),
        ("uncontrolled diabetes", ["diabetes", "diabetes_uncontrolled"]),
        ("diabetes was out of control, it's fine now", ["diabetes"]),
        ("my mom's a1c is 11", []),
    ],
)
def test_sugar_out_of_control_is_told_by_words_and_numbers(text: str, wanted: list[str]) -> None:
    assert present(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("accutane, stopped 2 months ago", ["isotretinoin"]),
        ("accutane, stopped in 2012", []),
        ("on accutane now", ["isotretinoin"]),
    ],
)
def test_isotretinoin_counts_while_it_is_taken_and_shortly_after(text: str, wanted: list[str]) -> None:
    assert present(text) == wanted


@pytest.mark.parametrize("text", ["had keloids removed", "was born with hemophilia", "had lupus as a kid"])
def test_what_lasts_counts_however_long_ago(text: str) -> None:
    assert len(present(text)) == 1


def test_a_text_of_four_thousand_letters_is_read_fast() -> None:
    text = "no diabetes but my aunt has lupus and i take a little aspirin for my heart. " * 50
    begun = time.perf_counter()
    assert present(text) == ["anticoagulant"]
    assert time.perf_counter() - begun < 3


def test_every_finding_has_names() -> None:
    clinical = read_clinical(ASSESSMENT / "findings.yml")
    assert {finding.id for finding in clinical.findings} == set(FINDINGS)
    assert all(finding.conditions or finding.medicines for finding in clinical.findings)


def test_every_medicine_of_the_data_is_read_as_its_finding() -> None:
    clinical = read_clinical(ASSESSMENT / "findings.yml")
    wrong = [
        (finding.id, name)
        for finding in clinical.findings
        for name in finding.medicines
        if finding.id not in read(f"i take {name}").present and finding.id != "cancer_history"
    ]
    assert wrong == []


def test_nothing_of_the_harmless_names_is_a_finding() -> None:
    clinical = read_clinical(ASSESSMENT / "findings.yml")
    wrong = {name: present(name) for name in clinical.not_findings if present(name)}
    assert wrong == {}


def test_a_broken_file_of_names_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "findings.yml"
    broken.write_text("findings: 3\n")
    with pytest.raises(AssessmentError, match=r"findings\.yml"):
        read_clinical(broken)


def test_a_finding_that_the_contract_does_not_know_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "findings.yml"
    shutil.copy(ASSESSMENT / "findings.yml", broken)
    broken.write_text(broken.read_text(encoding="utf-8").replace("- id: keloid\n", "- id: keloids\n"), encoding="utf-8")
    with pytest.raises(AssessmentError, match="keloids is no finding"):
        read_clinical(broken)


@pytest.mark.parametrize(
    "text",
    [
        "Im 45, cancer (the star sign haha)",
        "cancer, born in july",
        "typical cancer, zodiac",
        "im a cancer",
        "cancer \u264b",
    ],
)
def test_a_star_sign_is_no_cancer(text: str) -> None:
    assert present(text) == []


@pytest.mark.parametrize(
    "text", ["I had cancer, born in july 1970", "cancer, diagnosed in july", "i'm a cancer survivor"]
)
def test_a_cancer_beside_a_month_is_one(text: str) -> None:
    assert present(text)


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("she's 8 months and still on the boob", ["breastfeeding"]),
        ("still on the breast", ["breastfeeding"]),
        ("feeding her myself", ["breastfeeding"]),
        ("i'm 8 months pregnant", ["pregnant"]),
        ("my sister's baby is still on the breast", []),
        ("still have a lump on the breast", []),
    ],
)
def test_a_baby_at_the_breast_is_its_mothers_finding(text: str, findings: list[str]) -> None:
    assert present(text) == findings


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("Lupus. My aunt's.", []),
        ("Fine otherwise. Lupus. My aunt's.", []),
        ("Diabetes. It's my mom's, not mine.", []),
        ("Lupus. Mine.", ["autoimmune"]),
        ("I have lupus. My aunt's a doctor.", ["autoimmune"]),
    ],
)
def test_an_owner_in_a_sentence_of_its_own_is_the_owner(text: str, findings: list[str]) -> None:
    assert present(text) == findings
