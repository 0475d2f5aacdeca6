"""The settings name the targets; what cannot be used is said in a line, and no secret is in a name or an error."""

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.leads.delivery.targets import EmailTarget, WebhookTarget, read_targets
from bot.settings import Settings
from tests.unit.delivery.receiver import NEXT_SECRET, SECRET

MAIL = {"smtp_host": "mail.example", "email_from": "strand@clinic.example", "email_to": "a@clinic.example, b@c.example"}


def names(**values: object) -> list[str]:
    return [target.name for target in read_targets(Settings(**values))]  # type: ignore[arg-type]


def refused(**values: object) -> str:
    with pytest.raises(SettingError) as caught:
        read_targets(Settings(**values))  # type: ignore[arg-type]
    return str(caught.value)


def test_by_default_there_is_a_file_in_the_state_folder() -> None:
    (target,) = read_targets(Settings(state_dir=Path("/somewhere")))
    assert (target.name, target.path) == ("file", Path("/somewhere/leads.jsonl"))
    assert names(leads_file="off") == []


def test_names_are_stable_and_hold_no_secret() -> None:
    hook = "https://hooks.slack.com/services/T0/B0/verysecret"
    found = names(webhooks=f"https://clinic.example/k/verysecret {SECRET}", slack_url=hook, **MAIL)
    assert [name.rpartition(":")[0] or name for name in found] == ["file", "email", "slack", "webhook:clinic.example"]
    assert found == names(webhooks=f"https://clinic.example/k/verysecret  {NEXT_SECRET} ,", slack_url=hook, **MAIL)
    assert all(len(name.rpartition(":")[2]) == 8 for name in found[2:])


def test_a_target_shows_no_secret_when_it_is_printed() -> None:
    values = {"webhooks": f"https://clinic.example/verysecret {SECRET}", "smtp_password": "verysecret", **MAIL}
    shown = repr(read_targets(Settings(**values)))
    assert "verysecret" not in shown
    assert SECRET not in shown


@pytest.mark.parametrize("between", [", ", ",", " ", "\t,  "])
def test_several_webhooks_each_have_their_secrets(between: str) -> None:
    text = f"https://a.example/x?y=1,2 {SECRET} {NEXT_SECRET}{between}https://b.example/ {SECRET}"
    first, second = read_targets(Settings(webhooks=text, leads_file="off"))
    assert isinstance(first, WebhookTarget)
    assert isinstance(second, WebhookTarget)
    assert (first.url, first.secrets) == ("https://a.example/x?y=1,2", (SECRET, NEXT_SECRET))
    assert (second.url, second.secrets) == ("https://b.example/", (SECRET,))


def test_email_has_its_receivers() -> None:
    _, target = read_targets(Settings(**MAIL))  # type: ignore[arg-type]
    assert isinstance(target, EmailTarget)
    assert target.receivers == ("a@clinic.example", "b@c.example")


@pytest.mark.parametrize(
    ("webhooks", "word"),
    [
        ("https://clinic.example/hidden", "has 0 secrets"),
        (f"{SECRET} https://clinic.example/hidden", "begins with a secret"),
        ("https://clinic.example/hidden whsec_c2hvcnQ=", "24 to 64"),
        ("https://clinic.example/hidden whsec_!!!", "24 to 64"),
        (f"http://clinic.example/hidden {SECRET}", "STRAND_WEBHOOK_PRIVATE"),
        (f"clinic.example/hidden {SECRET}", "no address"),
        (f"https://[::1/hidden {SECRET}", "no address"),
        (f"https://clinic.example:0/hidden {SECRET}", "no address"),
        (f"ftp://clinic.example/hidden {SECRET}", "no address"),
        (f"https://c.example/hidden {SECRET}, https://c.example/hidden {SECRET}", "twice"),
    ],
)
def test_a_webhook_that_cannot_be_used_is_said_in_a_line_without_its_secrets(webhooks: str, word: str) -> None:
    line = refused(webhooks=webhooks)
    assert word in line
    assert "STRAND_WEBHOOKS" in line
    assert "hidden" not in line
    assert SECRET not in line


def test_an_address_without_tls_is_for_private_networks_only() -> None:
    assert len(names(webhooks=f"http://10.0.0.7/leads {SECRET}", webhook_private="yes")) == 2
    assert "TLS" in refused(slack_url="http://hooks.example/x")


@pytest.mark.parametrize("missing", ["smtp_host", "email_from", "email_to"])
def test_half_of_the_settings_for_email_is_said_in_a_line(missing: str) -> None:
    assert f"STRAND_{missing.upper()} is missing" in refused(**{**MAIL, missing: ""})


def test_other_settings_that_cannot_be_used_are_said_in_a_line() -> None:
    assert "STRAND_EMAIL_TO" in refused(**{**MAIL, "email_to": "not an address"})
    assert "STRAND_EMAIL_FROM" in refused(**{**MAIL, "email_from": "Strand <strand@clinic.example>"})
    assert "in the clear" in refused(**MAIL, smtp_security="none", smtp_user="strand")
    assert "there is no target fax" in refused(deliver_contact="email, fax")
