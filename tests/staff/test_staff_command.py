"""`./strand staff` on the command line: accounts are made, listed and changed; errors are one line."""

import argparse
import asyncio
import io

import pytest

from bot.cli import staff as command
from bot.errors import SettingError
from bot.leads import audit
from bot.settings import settings
from bot.staff import accounts, administration, passwords, sessions
from bot.storage.database import open_database
from bot.storage.types import utc_now

PASSWORD = "correct horse battery"


def strand_staff(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.configure(parser)
    return command.run(parser.parse_args(words))


def inside(work):
    return asyncio.run(open_database(settings().database, 30).run(work))


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def fits(name: str, password: str) -> bool:
    return passwords.fits(inside(lambda session: accounts.password_of(session, name)), password)


@pytest.fixture
def dana(database: str) -> str:
    """An account of a reviewer."""
    inside(lambda session: accounts.add(session, "dana", "reviewer", PASSWORD, utc_now()))
    return "dana"


def test_an_account_is_made_with_a_password_from_a_pipe(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, f"{PASSWORD}\nsomething else\n")
    assert strand_staff("add", "Dana", "--role", "admin", "--password-stdin") == 0
    assert "Made the account dana, admin. Its page: http://127.0.0.1:8081" in capsys.readouterr().out
    assert fits("dana", PASSWORD)
    acts = inside(lambda session: audit.trail(session, "dana"))
    assert [(entry.actor, entry.act, entry.after) for entry in acts] == [("operator", "staff.added", {"role": "admin"})]


def test_a_password_that_was_made_up_is_alone_on_standard_output(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    strand_staff("add", "dana", "--role", "clinician", "--generate")
    printed = capsys.readouterr()
    assert "Made the account dana" in printed.err
    assert fits("dana", printed.out.strip())


def test_a_password_is_asked_for_twice(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, PASSWORD, PASSWORD, "another thing"])
    monkeypatch.setattr("getpass.getpass", lambda _: next(answers))
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda self: True})())
    strand_staff("add", "dana", "--role", "admin")
    assert fits("dana", PASSWORD)
    with pytest.raises(SettingError, match="not the same"):
        strand_staff("add", "other", "--role", "admin")


@pytest.mark.parametrize(
    ("words", "typed", "told"),
    [
        (("add", "dana", "--role", "admin", "--password-stdin"), PASSWORD, "there is an account dana already"),
        (("add", "a b", "--role", "admin", "--password-stdin"), PASSWORD, "is no name"),
        (("add", "new", "--role", "admin", "--password-stdin"), "short", "12 to 200 characters"),
        (("add", "new", "--role", "admin", "--password-stdin"), "", "12 to 200 characters"),
        (("add", "new", "--role", "admin"), "", "--password-stdin or --generate"),
        (("password", "nobody", "--generate"), "", "there is no account 'nobody'"),
        (("role", "nobody", "admin"), "", "there is no account 'nobody'"),
        (("disable", "nobody"), "", "there is no account 'nobody'"),
        (("sign-out", "nobody"), "", "there is no account 'nobody'"),
        (("require-totp", "nobody"), "", "there is no account 'nobody'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    dana: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], typed: str, told: str
) -> None:
    type_in(monkeypatch, typed)
    with pytest.raises(SettingError, match=told):
        strand_staff(*words)


def test_everybody_is_listed(dana: str, capsys: pytest.CaptureFixture[str]) -> None:
    inside(lambda session: accounts.add(session, "root", "admin", PASSWORD, utc_now()))
    strand_staff("require-totp", "--all")
    strand_staff("disable", "dana")
    capsys.readouterr()
    strand_staff("list")
    assert [line.split() for line in capsys.readouterr().out.splitlines()[1:]] == [
        ["dana", "reviewer", "required", "never", "disabled"],
        ["root", "admin", "required", "never"],
    ]


def test_the_list_of_nobody_says_how_to_begin(database: str, capsys: pytest.CaptureFixture[str]) -> None:
    strand_staff("list")
    assert "./strand staff add NAME --role admin" in capsys.readouterr().out


def test_an_account_is_changed_shut_out_and_let_in(
    dana: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inside(lambda session: sessions.begin(session, "dana", settings(), utc_now()))
    strand_staff("role", "dana", "clinician")
    strand_staff("sign-out", "dana")
    assert "signed out of 1 browser." in capsys.readouterr().out
    strand_staff("disable", "dana")
    assert inside(lambda session: accounts.password_of(session, "dana")) is None
    strand_staff("enable", "dana")
    type_in(monkeypatch, "a quite new password")
    strand_staff("password", "dana", "--password-stdin")
    assert fits("dana", "a quite new password")
    account = inside(lambda session: accounts.find(session, "dana"))
    assert (account.role, account.disabled_at) == ("clinician", None)
    acts = [entry.act for entry in inside(lambda session: audit.trail(session, "dana"))]
    assert acts == ["staff.role", "staff.signed_out", "staff.disabled", "staff.enabled", "staff.password"]


def test_a_second_factor_is_required_and_taken_away(dana: str, capsys: pytest.CaptureFixture[str]) -> None:
    strand_staff("require-totp", "dana")
    assert inside(lambda session: accounts.find(session, "dana")).totp_required
    inside(lambda session: administration.set_factor(session, "dana", "A" * 32, 1, "staff:dana", utc_now()))
    strand_staff("reset-totp", "dana")
    strand_staff("reset-totp", "dana")
    strand_staff("require-totp", "dana", "--off")
    account = inside(lambda session: accounts.find(session, "dana"))
    assert (account.protected, account.totp_required) == (False, False)
    assert "The second factor of dana is removed.\ndana had none." in capsys.readouterr().out


def test_the_last_administrator_is_not_shut_out(dana: str) -> None:
    strand_staff("role", "dana", "admin")
    for words in (("disable", "dana"), ("role", "dana", "reviewer")):
        with pytest.raises(SettingError, match="the last administrator"):
            strand_staff(*words)
