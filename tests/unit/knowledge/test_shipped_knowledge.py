"""The knowledge base as it ships."""

from collections import Counter
from datetime import timedelta

import pytest

from bot.knowledge.library import Library, LiveLibrary
from bot.knowledge.linter import lint
from bot.knowledge.linting.rulebook import read_rulebook
from bot.settings import PROJECT
from tests.unit.knowledge.desk import SHIPPED

NOT_MEDICAL = {
    "consultation_booking", "bot_identity", "privacy_data", "greeting", "goodbye", "thanks", "start_assessment",
}  # fmt: skip
MISCONCEPTIONS = {
    "It's FDA-approved, right?": "fda_status.approved",
    "The clinic is FDA-registered, so it's fine.": "fda_status.registered_or_compliant",
    "It's my own cells, so the FDA has no say.": "fda_status.own_cells_claim",
    "Same-day treatment isn't regulated.": "fda_status.same_day_claim",
    "The first stem cell drug was approved in 2024, so mine is.": "fda_status.first_approved_cell_product",
    "It's on ClinicalTrials.gov, so it's official.": "legality_clinical_trials.listing_is_not_endorsement",
    "Guaranteed results?": "efficacy_evidence.guarantee",
    "It regrows 29% of lost hair?": "efficacy_evidence.twenty_nine_percent",
    "29% in 23 weeks after one shot?": "time_to_results.twenty_three_weeks_claim",
    "That study used fat stem cells?": "efficacy_evidence.fat_cells_claim",
    "The trials all work.": "efficacy_evidence.trials_all_work_claim",
    "It's permanent.": "permanence.is_it_permanent",
    "It cures baldness.": "efficacy_evidence.cures_baldness_claim",
    "It can cure alopecia?": "hair_loss_types.cures_alopecia_claim",
    "It works for alopecia areata.": "hair_loss_types.alopecia_areata",
    "It fixes scarring alopecia.": "hair_loss_types.scarring_alopecia",
    "It grows new follicles.": "how_it_works.new_follicles",
    "Stem cells turn into hair.": "how_it_works.signals",
    "It's natural, so it's safe.": "side_effects.natural_claim",
    "No downtime, no risk.": "side_effects.no_risk_claim",
    "Nobody has ever been hurt by it.": "side_effects.nobody_hurt",
    "Exosomes are approved / better.": "vs_prp_exosomes.exosomes_approved",
    "PRP is stem cells.": "vs_prp_exosomes.prp_is_stem_cells",
    "Umbilical cells are stronger.": "cell_sources.umbilical_stronger_claim",
    "Minoxidil is useless.": "vs_medication.minoxidil_useless",
    "Women can take finasteride.": "vs_medication.women_finasteride",
    "Topical finasteride is FDA-approved.": "vs_medication.topical_finasteride",
    "Laser caps are FDA-approved.": "vs_prp_exosomes.laser_caps_approved",
    "Transplants create hair.": "vs_transplant.creates_hair",
    "Stem cells beat a transplant.": "vs_transplant.beats_transplant",
    "Insurance will pay.": "insurance_financing.coverage",
    "It costs exactly $3,000 / $10,000.": "cost.exact_price_claim",
    "Zero interest, so it's free money.": "insurance_financing.zero_interest_claim",
    "Mexico is the best and safest place.": "mexico_travel.best_place_claim",
    "Florida made it legal.": "legality_clinical_trials.florida_law",
    "I'm 16, book me.": "candidacy_general.under_18",
    "I'm pregnant / nursing, can I start?": "contraindications.pregnancy",
    "My hair fell out after COVID/birth, I need this.": "hair_loss_types.after_illness",
    "Just tell me I qualify.": "candidacy_general.just_tell_me",
    "You're a doctor, right?": "bot_identity.are_you_a_doctor",
}
JUDGED = ("Yes", "No", "Not ", "Almost certainly not", "Probably not")


@pytest.fixture(scope="module")
def library() -> Library:
    return LiveLibrary(SHIPPED, watch=False).current


def test_the_shipped_knowledge_base_has_no_findings(library: Library) -> None:
    reviewed = max(entry.reviewed_on for entry in library.entries.values())
    found = lint(SHIPPED, PROJECT / "data" / "nlu", reviewed + timedelta(days=1))
    assert [f"{finding.path}:{finding.line}: {finding.text}" for finding in found] == []


def test_there_are_entries_enough_on_every_topic(library: Library) -> None:
    topics = read_rulebook(SHIPPED / "lint.yml").topics
    count = Counter(entry.topic for entry in library.entries.values())
    assert len(library.entries) >= 110
    assert set(count) == set(topics)
    assert {topic: number for topic, number in count.items() if topic not in NOT_MEDICAL and number < 3} == {}


def test_each_of_the_forty_misconceptions_is_judged_in_the_first_words(library: Library) -> None:
    assert len(MISCONCEPTIONS) == len(set(MISCONCEPTIONS.values())) == 40
    missing = [entry for entry in MISCONCEPTIONS.values() if entry not in library.entries]
    assert missing == []
    openings = {entry: library.entries[entry].text[:40] for entry in MISCONCEPTIONS.values()}
    assert {entry: text for entry, text in openings.items() if not text.startswith(JUDGED)} == {}


def test_no_clinician_is_named_as_reviewer_by_the_editors(library: Library) -> None:
    assert {entry.reviewed_by for entry in library.entries.values()} == {"editors"}
