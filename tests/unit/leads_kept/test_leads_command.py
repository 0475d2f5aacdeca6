"""`./strand leads` on the command line: what it prints, what it hides, and what it notes."""

import asyncio
import csv
import io
import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from bot.errors import SchemaOutdated, SettingError
from bot.leads import audit, merging, work
from bot.leads.tables import audit as audit_rows
from bot.leads.tables import disabled_targets, leads, outbox
from bot.settings import settings
from tests.conftest import Configure
from tests.unit.leads_kept.command import strand_leads
from tests.unit.leads_kept.people import CONTACT, NOON, SECRETS, hand_over, inside, somebody_else

pytestmark = pytest.mark.usefixtures("migrated")


def acts() -> list[tuple[str, str]]:
    query = select(audit_rows.c.act, audit_rows.c.subject).order_by(audit_rows.c.sequence)
    return [tuple(row) for row in asyncio.run(inside(lambda session: session.execute(query).all()))]


def set_outbox(**values: object) -> None:
    asyncio.run(inside(lambda session: session.execute(update(outbox).values(**values))))


def test_a_list_without_leads_says_where_they_come_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert strand_leads("list") == 0
    assert "./strand up" in capsys.readouterr().out


def test_the_list_holds_no_person(capsys: pytest.CaptureFixture[str]) -> None:
    reference = asyncio.run(hand_over("hers"))
    strand_leads("list")
    strand_leads("list", "--json")
    printed = capsys.readouterr().out
    assert not any(secret in printed for secret in SECRETS)
    lead = json.loads(printed.splitlines()[-1])
    assert lead == {
        "reference": reference, "created_at": "2026-07-01T12:00:00Z", "outcome": "clinician_review",
        "queue": "clinician", "status": "new", "flagged": False, "delivery": "waiting",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("values", "state"),
    [({}, "waiting"), ({"delivered_at": NOON}, "delivered"), ({"dead_at": NOON}, "dead"), (None, "none")],
)
def test_the_list_says_how_far_delivery_is(capsys: pytest.CaptureFixture[str], values: dict | None, state: str) -> None:
    asyncio.run(hand_over("hers"))
    if values is None:
        asyncio.run(inside(lambda session: session.execute(outbox.delete())))
    elif values:
        set_outbox(**values)
    strand_leads("list", "--json")
    assert json.loads(capsys.readouterr().out)["delivery"] == state


def test_the_newest_come_first_and_no_more_than_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    made = [asyncio.run(hand_over(f"c{day}", NOON + timedelta(days=day), somebody_else(day))) for day in range(3)]
    asyncio.run(inside(lambda session: session.execute(
        update(leads).where(leads.c.reference == made[0]).values(status="contacted")
    )))  # fmt: skip
    strand_leads("list", "--limit", "2", "--json")
    assert [json.loads(line)["reference"] for line in capsys.readouterr().out.splitlines()] == made[:0:-1]
    strand_leads("list", "--status", "contacted", "--json")
    assert json.loads(capsys.readouterr().out)["reference"] == made[0]
    strand_leads("list", "--queue", "sales")
    assert "No lead is like that" in capsys.readouterr().out


def test_a_lead_is_shown_with_its_details_masked(capsys: pytest.CaptureFixture[str]) -> None:
    reference = asyncio.run(hand_over("hers"))
    asyncio.run(hand_over("again"))
    before = acts()
    strand_leads("show", reference.lower())
    strand_leads("show", reference, "--json")
    printed = capsys.readouterr().out
    assert not any(secret in printed for secret in SECRETS)
    for part in ("autoimmune", "2026-07-01 12:00 UTC", "consent_email", "lead.submitted to file", "M•••", "Probably"):
        assert part in printed
    assert acts() == before


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_reveal_is_in_the_audit(capsys: pytest.CaptureFixture[str], form: list[str]) -> None:
    reference = asyncio.run(hand_over("hers"))
    strand_leads("show", reference, "--contact", *form)
    assert CONTACT.email in capsys.readouterr().out
    assert acts()[-1] == ("lead.revealed", reference)
    assert asyncio.run(inside(audit.verify)).broken is None


def test_a_lead_that_is_not_there_is_one_line() -> None:
    for words in (["show", "S-XXXXXX"], ["show", "S-XXXXXX", "--contact"], ["erase", "S-XXXXXX", "--yes"]):
        with pytest.raises(SettingError, match=r"no lead S-XXXXXX; \./strand leads list"):
            strand_leads(*words)
    with pytest.raises(SettingError, match="nothing is kept"):
        strand_leads("erase", "--conversation", "nobody", "--yes")
    assert acts() == []


def test_an_export_goes_to_a_file_for_its_owner_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(hand_over("hers"))
    file = tmp_path / "leads.csv"
    assert strand_leads("export", "--output", str(file)) == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [row["email"] for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))] == [CONTACT.email]
    assert acts()[-1] == ("leads.exported", "leads")
    assert capsys.readouterr().out == ""


def test_an_export_replaces_a_file_only_when_told_to(tmp_path: Path) -> None:
    file = tmp_path / "leads.json"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(SettingError, match="--force"):
        strand_leads("export", "--format", "json", "--output", str(file))
    assert (file.read_text(encoding="utf-8"), acts()) == ("mine", [])
    strand_leads("export", "--format", "json", "--output", str(file), "--force")
    assert json.loads(file.read_text(encoding="utf-8")) == []
    assert [entry.name for entry in tmp_path.iterdir() if "leads" in entry.name] == ["leads.json"]


def test_an_export_to_nowhere_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be written"):
        strand_leads("export", "--output", str(tmp_path / "missing" / "leads.csv"))


def test_an_export_goes_to_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    asyncio.run(hand_over("hers"))
    strand_leads("export")
    assert CONTACT.email.encode() in capfdbinary.readouterr().out


def test_what_was_given_up_is_listed_and_tried_again(capsys: pytest.CaptureFixture[str]) -> None:
    strand_leads("replay")
    assert "No message was given up" in capsys.readouterr().out
    asyncio.run(hand_over("hers"))
    set_outbox(dead_at=NOON, attempts=10, last_error="HTTP 500")
    strand_leads("replay")
    listed = capsys.readouterr().out
    message = next(word for word in listed.split() if word.startswith("msg_"))
    assert "HTTP 500" in listed
    with pytest.raises(SettingError, match="not given up"):
        strand_leads("replay", message, "msg_other")
    assert "Due again: 1" in capsys.readouterr().out
    set_outbox(dead_at=NOON)
    assert strand_leads("replay", message) == 0
    capsys.readouterr()
    strand_leads("replay", "--all")
    assert "Due again: 0" in capsys.readouterr().out


def test_the_targets_are_listed_tested_and_enabled(capsys: pytest.CaptureFixture[str]) -> None:
    gone = {"name": "file", "disabled_at": NOON, "reason": "HTTP 410"}
    asyncio.run(inside(lambda session: session.execute(insert(disabled_targets).values(gone))))
    strand_leads("targets")
    assert "./strand leads targets enable file" in capsys.readouterr().out
    strand_leads("targets", "enable", "file")
    strand_leads("targets", "list")
    assert "file: without contact details\n" in capsys.readouterr().out
    with pytest.raises(SettingError, match="is not disabled"):
        strand_leads("targets", "enable", "file")
    assert strand_leads("targets", "test") == 0
    assert "file: ok" in capsys.readouterr().out
    assert json.loads((settings().state_dir / "leads.jsonl").read_text(encoding="utf-8"))["type"] == "lead.test"


def test_a_target_that_fails_its_test_is_an_exit_status(
    configure: Configure, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(leads_file="logs")
    assert strand_leads("targets", "test", "file") == 1
    assert "file: failed" in capsys.readouterr().out
    with pytest.raises(SettingError, match="the targets of the settings: file"):
        strand_leads("targets", "test", "slack")


def test_without_targets_the_settings_are_named(configure: Configure, capsys: pytest.CaptureFixture[str]) -> None:
    configure(leads_file="off")
    strand_leads("targets")
    assert "STRAND_LEADS_FILE" in capsys.readouterr().out


def test_a_database_without_tables_is_one_line(configure: Configure, tmp_path: Path) -> None:
    configure(state_dir=tmp_path / "other")
    with pytest.raises(SchemaOutdated, match=r"run \./strand db migrate"):
        strand_leads("list")


def test_looking_needs_no_rasa() -> None:
    code = "import bot.cli.leads, bot.cli.leads.overview, bot.cli.leads.details, sys; sys.exit('rasa' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=os.environ, check=False).returncode == 0


def test_what_staff_made_of_a_lead_is_shown_too(capsys: pytest.CaptureFixture[str]) -> None:
    one, two = asyncio.run(hand_over("a")), asyncio.run(hand_over("b"))
    reason = "Could not be reached"
    for act in (
        lambda session: work.assign(session, one, "lee", 1, "staff:lee", NOON),
        lambda session: work.set_status(session, one, "closed", reason, 2, "staff:lee", NOON),
        lambda session: work.add_label(session, one, "Tuesdays", "staff:lee", NOON),
        lambda session: merging.merge(session, one, two, (4, 1), settings(), "staff:lee", NOON),
    ):
        asyncio.run(inside(act))
    strand_leads("show", one)
    strand_leads("show", two)
    told = capsys.readouterr().out
    assert "Assigned to lee; closed because: Could not be reached\nLabels tuesdays" in told
    assert f"The same person, as staff say: {two}" in told
    assert f"Merged into {one}" in told
    strand_leads("show", one, "--json")
    data = json.loads(capsys.readouterr().out)
    assert (data["work"]["assignee"], data["merged_with"]) == ("lee", [two])
