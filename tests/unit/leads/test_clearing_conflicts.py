"""A value that was denied stays in force until staff clear it, with a reason; then the outcome is decided anew."""

from typing import Any

import pytest

from bot.assessment.answers import Answers, Value
from bot.assessment.outcome import decide_outcome
from bot.assessment.table import Table, read_table
from bot.errors import LeadChanged, LeadRefused
from bot.leads import audit, conflicts
from bot.leads.conflicts import Judge
from bot.leads.records import Assessed, Lead
from bot.leads.store import read_lead
from bot.leads.worked import read_work
from bot.settings import settings
from tests.unit.leads.handed_over import AGED, World, handed_over

DANA = "staff:dana"
DENIED = {"value": "told", "findings": ["anticoagulant"], "status": "corrected"}
NOTHING = {"value": "none", "findings": [], "status": "current"}
ANSWERS = {**AGED, "medications": [DENIED, NOTHING]}


@pytest.fixture
def table() -> Table:
    return read_table(settings().assessment_dir / "outcomes.yml")


def judge(table: Table) -> Judge:
    return Judge(table, lambda outcome: [{"field": one.field, "finding": one.rule.finding} for one in outcome.reasons])


def denying(table: Table, answers: Any = ANSWERS, flags: tuple[str, ...] = ()) -> Assessed:
    told = Assessed("clinician_review", "old", answers=answers, flags=flags)
    return judge(table).decide(told)


async def begun(world: World, assessed: Assessed) -> str:
    submitted = await world.desk.submit(handed_over(assessed=assessed, queue="clinician"))
    world.later()
    return submitted.reference


def clear(world: World, table: Table, reference: str, field: str = "medications", place: int = 0, **given: Any) -> None:
    why, version = given.get("why", "asked on the phone: never took one"), given.get("version", 1)
    world.do(
        lambda session: conflicts.clear(
            session, reference, field, place, why, version, judge(table), settings(), DANA, world.now
        )
    )


def lead(world: World, reference: str) -> Lead:
    found = world.do(lambda session: read_lead(session, reference))
    assert found is not None
    return found


def test_a_cleared_value_counts_no_longer(table: Table) -> None:
    denied = Value("medications", "told", ("anticoagulant",), "corrected")
    assert decide_outcome(Answers((denied,)), (), table).id == "clinician_review"
    cleared = Value("medications", "told", ("anticoagulant",), "cleared")
    assert decide_outcome(Answers((cleared,)), (), table).id == "qualified"


async def test_a_clinician_clears_what_was_denied(leads_world: World, table: Table) -> None:
    before = denying(table)
    assert {reason["finding"] for reason in before.reasons} == {"anticoagulant", "conflict"}
    reference = await begun(leads_world, before)
    clear(leads_world, table, reference)
    after = lead(leads_world, reference)
    assert (after.assessed.outcome, after.queue, after.assessed.findings) == ("qualified", "sales", ())
    assert after.assessed.answers["medications"] == [{**DENIED, "status": "cleared"}, NOTHING]
    assert after.assessed.table_version == table.version
    row = leads_world.do(lambda session: audit.trail(session, reference))[-1]
    assert (row.actor, row.act) == (DANA, "lead.conflict_cleared")
    assert (row.before["outcome"], row.after["outcome"]) == ("clinician_review", "qualified")
    assert row.after["why"] == "asked on the phone: never took one"
    assert leads_world.events() == ["lead.submitted", "lead.changed"]


async def test_what_else_gives_cause_for_care_stays(leads_world: World, table: Table) -> None:
    lupus = {"value": "told", "findings": ["autoimmune"], "status": "current"}
    reference = await begun(leads_world, denying(table, {**ANSWERS, "conditions": [lupus]}, ("RF-20",)))
    clear(leads_world, table, reference)
    after = lead(leads_world, reference)
    assert (after.assessed.outcome, after.queue, after.assessed.findings) == (
        "clinician_review",
        "clinician",
        ("autoimmune",),
    )
    assert {reason["finding"] for reason in after.assessed.reasons} == {"autoimmune", "clinician_first"}


@pytest.mark.parametrize(("field", "place"), [("medications", 1), ("age", 0), ("conditions", 0), ("medications", 7)])
async def test_what_is_no_conflict_cannot_be_cleared(leads_world: World, table: Table, field: str, place: int) -> None:
    reference = await begun(leads_world, denying(table))
    with pytest.raises(LeadRefused, match="no conflict"):
        clear(leads_world, table, reference, field, place)


def test_an_age_under_eighteen_stands(table: Table) -> None:
    young = {"age": [{"value": 17, "findings": [], "status": "corrected"}, *AGED["age"]]}
    assert conflicts.standing_conflicts(Assessed("underage", "1", answers=young), table) == []


async def test_a_conflict_is_cleared_once_and_with_a_reason(leads_world: World, table: Table) -> None:
    reference = await begun(leads_world, denying(table))
    with pytest.raises(LeadRefused, match="a reason"):
        clear(leads_world, table, reference, why="")
    clear(leads_world, table, reference)
    with pytest.raises(LeadChanged, match="dana cleared a conflict"):
        clear(leads_world, table, reference)
    with pytest.raises(LeadRefused, match="no conflict"):
        clear(leads_world, table, reference, version=2)


async def test_a_new_check_by_the_person_is_weighed_anew(leads_world: World, table: Table) -> None:
    reference = await begun(leads_world, denying(table))
    clear(leads_world, table, reference)
    await leads_world.desk.reassess("talk", denying(table), "clinician")
    assert lead(leads_world, reference).queue == "clinician"
    assert leads_world.do(lambda session: read_work(session, reference)).version == 3


async def test_without_a_finished_check_clearing_decides_the_queue_alone(leads_world: World, table: Table) -> None:
    unfinished = Assessed("none", table.version, findings=("anticoagulant",), answers=ANSWERS)
    reference = await begun(leads_world, unfinished)
    clear(leads_world, table, reference)
    after = lead(leads_world, reference)
    assert (after.assessed.outcome, after.queue, after.assessed.findings) == ("none", "sales", ())
