"""`./strand leads erase` and `retain`: nobody is erased by mistake, and whoever is, is told of with numbers."""

import asyncio
import io
from datetime import datetime, timedelta, timezone

import pytest

from bot.errors import SettingError
from bot.leads.tables import contacts, erasures, leads
from bot.transcripts.tables import conversations, tracker_events
from tests.conftest import Configure
from tests.unit.leads_kept.command import strand_leads
from tests.unit.leads_kept.people import NOON, count, hand_over, note_address, talk

pytestmark = pytest.mark.usefixtures("migrated")


class Terminal(io.StringIO):
    """Somebody at a keyboard who types so."""

    def isatty(self) -> bool:
        return True


def kept(*tables) -> int:
    return asyncio.run(count(*tables))


@pytest.fixture
def reference() -> str:
    asyncio.run(talk("hers"))
    return asyncio.run(hand_over("hers"))


def test_a_lead_is_erased_and_the_receipt_is_printed(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert strand_leads("erase", reference, "--yes") == 0
    printed = capsys.readouterr().out
    assert "leads: 1" in printed
    assert "Receipt: E-" in printed
    assert kept(leads, contacts, conversations, tracker_events) == 0
    with pytest.raises(SettingError, match="there is no lead"):
        strand_leads("erase", reference, "--yes")


def test_another_lead_of_the_same_person_is_named(reference: str, capsys: pytest.CaptureFixture[str]) -> None:
    other = asyncio.run(hand_over("hers too"))
    asyncio.run(hand_over("hers", form="2"))
    strand_leads("erase", reference, "--yes")
    assert f"still kept: {other}\n" in capsys.readouterr().out


def test_a_conversation_without_a_lead_is_erased(capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(talk("talked"))
    asyncio.run(note_address("wrote once", NOON))
    for conversation in ("talked", "wrote once"):
        assert strand_leads("erase", "--conversation", conversation, "--yes") == 0
    assert "addresses: 1" in capsys.readouterr().out
    assert kept(conversations, tracker_events) == 0


@pytest.mark.parametrize("typed", ["\n", "n\n", "no\n", "", "erase\n"])
def test_whoever_does_not_say_yes_erases_nothing(
    reference: str, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    assert strand_leads("erase", reference) == 1
    assert "Nothing was erased" in capsys.readouterr().out
    assert kept(leads, erasures) == 1


def test_whoever_says_yes_erases(
    reference: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("Y\n"))
    assert strand_leads("erase", reference) == 0
    assert f"This erases {reference} for good" in capsys.readouterr().out


def test_without_a_terminal_yes_is_said_on_the_command_line(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    with pytest.raises(SettingError, match="--yes"):
        strand_leads("erase", reference)
    assert kept(leads) == 1


@pytest.mark.parametrize("words", [[], ["S-XXXXXX", "--conversation", "hers"]])
def test_one_person_at_a_time_is_erased(words: list[str]) -> None:
    with pytest.raises(SystemExit):
        strand_leads("erase", *words, "--yes")


def test_what_is_too_old_goes_after_a_look_at_it(configure: Configure, capsys: pytest.CaptureFixture[str]) -> None:
    configure(conversation_days=10)
    now = datetime.now(timezone.utc)
    asyncio.run(talk("old", now - timedelta(days=11)))
    asyncio.run(talk("new", now - timedelta(days=9)))
    strand_leads("retain", "--dry-run")
    looked = capsys.readouterr().out
    assert "Would go: conversations: 1, addresses: 1" in looked
    assert "conversations 10 days" in looked
    assert kept(conversations) == 2
    strand_leads("retain")
    assert "Gone: conversations: 1, addresses: 1" in capsys.readouterr().out
    strand_leads("retain")
    assert "Gone: nothing" in capsys.readouterr().out
    assert kept(conversations) == 1
