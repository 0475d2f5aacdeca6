"""What an entry may not say: promises, doses, bare figures, success without its counterweight."""

import pytest

from bot.knowledge.linter import discounted_terms
from bot.knowledge.linting.rulebook import Rulebook, read_rulebook
from bot.knowledge.linting.wording import denies
from tests.unit.knowledge.desk import SHIPPED, Desk, line_with

TOO_MUCH = "promises too much"


def complaints(desk: Desk, text: str, topic: str = "cost") -> list[str]:
    """What the linter says on an entry with this text, but for its reading grade."""
    desk.write(f"{topic}.said", text=text)
    return [found for found in desk.findings() if "reads at grade" not in found]


@pytest.mark.parametrize(
    "text",
    [
        "Results are guaranteed.",
        "It is a cure for baldness.",
        "The method is clinically proven.",
        "The new hair is permanent.",
        "It is quite safe.",
        "It is risk-free and quick.",
        "The shots are painless.",
        "There are no side effects.",
        "It is a real breakthrough.",
        "It is the best clinic in town.",
        "We are #1 in hair.",
        "It works for everyone.",
        "Regrow a full head of hair.",
        "The treatment is FDA-approved.",
        "It was approved by the FDA last year.",
        "Stem cells are FDA cleared.",
        "Our lab is FDA-registered.",
        # a denial that denies something else
        "It does not hurt, it is safe.",
        "It does not hurt and is safe.",
        "It is not a drug but a cure.",
        "This is no scam: it is proven.",
        "If you do not smoke it is safe.",
        "Nobody waits long because it is proven.",
        "There were no problems at all in any of the many people we have treated so far with this safe method.",
        # a denial that is none
        "No doubt it is safe.",
        "It is not only safe.",
        "You will not regret this proven cure.",
        "Don't miss this miracle.",
        "There is no safer way.",
        "Nothing is safer.",
        "It never fails to be the best.",
        # a denial of a denial
        "Nobody can say that it is not safe.",
        "It is not true that it is not permanent.",
        # a question that is answered with yes
        "Is it safe? Yes.",
        "Can it cure me? Of course it can.",
        "Why is it so safe?",
        # another thing's approval
        "Like minoxidil it is FDA-approved.",
        "Minoxidil and stem cells are FDA-approved.",
        "Minoxidil helps, and cells are FDA-approved.",
    ],
)
def test_a_promise_is_refused_however_it_is_dressed(desk: Desk, text: str) -> None:
    assert [found for found in complaints(desk, text) if TOO_MUCH in found]


@pytest.mark.parametrize(
    "text",
    [
        "Nobody can guarantee a result.",
        "It is not a cure.",
        "No study has proven this.",
        "It hasn't been shown to be safe.",
        "We cannot say that it is safe.",
        "Nobody knows whether it is permanent.",
        "No, natural does not mean safe.",
        "No stem cell, SVF or exosome product is FDA-approved for hair loss.",
        "Neither is FDA-approved for hair loss.",
        "Each sample leaves a small permanent mark.",
        "Minoxidil is FDA-approved for slow thinning.",
        "Such products need FDA approval.",
        "Is it safe? Nobody knows.",
        "It is not the best or the safest place.",
    ],
)
def test_a_denial_is_fine(desk: Desk, text: str) -> None:
    assert complaints(desk, text) == []


def test_a_promise_is_found_in_each_part_that_a_visitor_reads(desk: Desk) -> None:
    for part in ("title", "short", "safety"):
        path = desk.write("cost.price", **{part: "Your result is guaranteed."})
        assert desk.findings() == [
            f'knowledge/cost/price.md:{line_with(path, "guaranteed")}: "guaranteed" promises too much: '
            "deny it within its clause, or leave it out"
        ]


def test_a_title_that_asks_for_a_promise_may_not_be_answered_with_yes(desk: Desk) -> None:
    path = desk.write("cost.price", title="Is it safe?", text="No study shows that.")
    assert desk.findings() == []
    path = desk.write("cost.price", title="Is it safe?", text="Yes, ask anyone who had it.")
    (found,) = desk.findings()
    assert found.startswith(f"knowledge/cost/price.md:{line_with(path, 'Is it safe?')}: ")


def test_the_line_of_a_promise_is_that_of_its_sentence(desk: Desk) -> None:
    path = desk.write("cost.price", text="First, ask for\nthe price.\n\nThen ask more. All of it\nis quite safe.")
    (found,) = desk.findings()
    assert found.startswith(f"knowledge/cost/price.md:{line_with(path, 'Then ask')}: ")


@pytest.mark.parametrize(
    "text",
    ["Take 5 mg.", "Use 2 drops.", "Rub in 1 ml.", "Take 0.5mg tablets.", "Use it twice a day.", "Take one pill."],
)
def test_a_dose_is_refused(desk: Desk, text: str) -> None:
    (found,) = complaints(desk, text)
    assert "is a dose" in found


def test_the_strength_of_a_product_is_no_dose(desk: Desk) -> None:
    assert complaints(desk, "You may see 5% minoxidil in shops.") == []


COUNTERWEIGHT = "efficacy without a counterweight"


@pytest.mark.parametrize("topic", ["efficacy_evidence", "time_to_results", "permanence"])
def test_a_topic_on_success_needs_a_counterweight_in_text_and_short_form(desk: Desk, topic: str) -> None:
    path = desk.write(f"{topic}.said", text="It may take some months.", short="Some months.")
    file = f"knowledge/{topic}/said.md"
    assert [found for found in desk.findings() if COUNTERWEIGHT in found] == [
        f"{file}:{line_with(path, 'short:')}: {COUNTERWEIGHT}: small studies, no overall difference, fading, "
        "not FDA-approved",
        f"{file}:{line_with(path, 'It may take')}: {COUNTERWEIGHT}: small studies, no overall difference, fading, "
        "not FDA-approved",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "These are small studies.",
        "A US trial found no overall difference.",
        "Gains often fade.",
        "It is not FDA-approved for hair loss.",
    ],
)
def test_each_counterweight_is_enough(desk: Desk, text: str) -> None:
    desk.write("permanence.said", text=text, short=text)
    assert desk.findings() == []


@pytest.mark.parametrize(
    "text", ["Gains do not fade.", "Do gains fade?", "Minoxidil is FDA-approved for thinning.", "It will not shrink."]
)
def test_a_counterweight_that_is_denied_or_asked_does_not_count(desk: Desk, text: str) -> None:
    assert [found for found in complaints(desk, text, "permanence") if COUNTERWEIGHT in found and ":19:" in found]


@pytest.mark.parametrize(
    "text", ["In one study 29% of 11 people had denser hair.", "A trial saw 15 more hairs per square cm."]
)
def test_a_figure_of_success_needs_a_counterweight_in_every_topic(desk: Desk, text: str) -> None:
    (found,) = complaints(desk, text)
    assert COUNTERWEIGHT in found
    assert complaints(desk, f"{text} Gains often fade.") == []


def test_a_percentage_stands_with_its_study(desk: Desk) -> None:
    path = desk.write("cost.price", text="Gains often fade.\n\nHair gets 29% denser. One study of 11 people says so.")
    (found,) = desk.findings()
    assert found == f"knowledge/cost/price.md:{line_with(path, '29%')}: a percentage without its study"
    desk.write("cost.price", text="Gains often fade. One study had 11 people. Hair got 29% denser.")
    assert desk.findings() == []


def test_a_study_in_another_paragraph_does_not_carry_a_percentage(desk: Desk) -> None:
    (found,) = complaints(desk, "One study had 11 people. Gains often fade.\n\nHair got 29 percent denser.")
    assert "a percentage without its study" in found


def test_the_discounted_terms_are_shown_to_people() -> None:
    terms = discounted_terms(SHIPPED)
    assert "finasteride" in terms
    assert len(terms) < 40, "a short list of unavoidable terms"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook(SHIPPED / "lint.yml")


def test_every_denial_of_the_shipped_rulebook_denies(rulebook: Rulebook) -> None:
    assert [word for word in rulebook.denials if not denies(f"It is {word} a ", rulebook)] == []


def test_no_turn_of_phrase_of_the_shipped_rulebook_denies(rulebook: Rulebook) -> None:
    assert [turn for turn in rulebook.not_denials if denies(f"It is {turn} a ", rulebook)] == []
