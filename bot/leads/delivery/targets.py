"""Reads from the settings where leads go; a target's name is stable and holds no secret."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import SplitResult, urlsplit

from bot.errors import SettingError
from bot.settings import Settings

Kind = Literal["webhook", "email", "slack", "file"]
Security = Literal["starttls", "tls", "none"]
Notice = Literal["new_lead", "red_flag", "waiting", "dead_letter"]

KINDS: tuple[Kind, ...] = ("webhook", "email", "slack", "file")
NOTICES: tuple[Notice, ...] = get_args(Notice)
# Whom people read: these are told what STRAND_NOTICES names.
NOTICED_KINDS: frozenset[Kind] = frozenset({"email", "slack"})
SECRET = "whsec_"  # noqa: S105  the prefix that the specification gives every secret
SECRET_BYTES = range(24, 65)
MOST_SECRETS = 4
BETWEEN_WEBHOOKS = re.compile(r"\s*,\s*(?=https?:|whsec_|$)|\s+")
MAIL_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class FileTarget:
    """A file that gets one JSON object a line."""

    name: str
    path: Path
    kind: Kind = "file"


@dataclass(frozen=True)
class EmailTarget:
    """Receivers of e-mail, and the server that takes it for them."""

    name: str
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    sender: str = field(repr=False)
    receivers: tuple[str, ...] = field(repr=False)
    kind: Kind = "email"


@dataclass(frozen=True)
class SlackTarget:
    """A Slack incoming webhook; its address is the secret."""

    name: str
    url: str = field(repr=False)
    kind: Kind = "slack"


@dataclass(frozen=True)
class WebhookTarget:
    """A webhook with its secrets, `whsec_…`: two while one is being replaced."""

    name: str
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    kind: Kind = "webhook"


Target = FileTarget | EmailTarget | SlackTarget | WebhookTarget


@lru_cache(maxsize=4)
def read_targets(settings: Settings) -> tuple[Target, ...]:
    """The targets that the settings name, each once; raises SettingError with what to change."""
    contact_kinds(settings)
    notice_kinds(settings)
    return (*_file(settings), *_email(settings), *_slack(settings), *_webhooks(settings))


@lru_cache(maxsize=4)
def contact_kinds(settings: Settings) -> frozenset[str]:
    """The kinds of target that get contact details; raises SettingError for one that does not exist."""
    kinds = frozenset(settings.deliver_contact.replace(",", " ").split())
    unknown = sorted(kinds.difference(KINDS))
    if unknown:
        raise SettingError(f"STRAND_DELIVER_CONTACT: there is no target {unknown[0]}; the kinds are {', '.join(KINDS)}")
    return kinds


@lru_cache(maxsize=4)
def notice_kinds(settings: Settings) -> frozenset[str]:
    """What staff are told of by e-mail and Slack; raises SettingError for a notice that does not exist."""
    given = frozenset(settings.notices.replace(",", " ").split())
    kinds = frozenset() if given == {"none"} else given
    unknown = sorted(kinds.difference(NOTICES))
    if unknown:
        raise SettingError(f"STRAND_NOTICES: there is no notice {unknown[0]}; there are {', '.join(NOTICES)}, or none")
    return kinds


def noticed(target: Target, notice: Notice, settings: Settings) -> bool:
    """Whether a target is to hear of something: e-mail and Slack as the settings say, the others always."""
    return target.kind not in NOTICED_KINDS or notice in notice_kinds(settings)


def _file(settings: Settings) -> tuple[Target, ...]:
    if settings.leads_file == "off":
        return ()
    return (FileTarget("file", settings.state_dir / settings.leads_file),)


def _email(settings: Settings) -> tuple[Target, ...]:
    given = {"SMTP_HOST": settings.smtp_host, "EMAIL_FROM": settings.email_from, "EMAIL_TO": settings.email_to}
    if not any(given.values()):
        return ()
    for name, value in given.items():
        if not value:
            raise SettingError(f"STRAND_{name} is missing: e-mail needs STRAND_{', STRAND_'.join(given)}")
    receivers = tuple(address.strip() for address in settings.email_to.split(",") if address.strip())
    for name, addresses in (("EMAIL_FROM", (settings.email_from,)), ("EMAIL_TO", receivers)):
        if not addresses or not all(MAIL_ADDRESS.fullmatch(address) for address in addresses):
            raise SettingError(f"STRAND_{name} holds something that is no e-mail address like name@clinic.example")
    if settings.smtp_security == "none" and settings.smtp_user:
        raise SettingError(
            "STRAND_SMTP_SECURITY=none would send STRAND_SMTP_PASSWORD in the clear: use starttls or tls"
        )
    account = (settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user)
    return (EmailTarget("email", *account, settings.smtp_password, settings.email_from, receivers),)


def _slack(settings: Settings) -> tuple[Target, ...]:
    if not settings.slack_url:
        return ()
    _checked_address(settings.slack_url, settings, "STRAND_SLACK_URL")
    return (SlackTarget(f"slack:{_short(settings.slack_url)}", settings.slack_url),)


def _webhooks(settings: Settings) -> tuple[Target, ...]:
    found: dict[str, list[str]] = {}
    address = None
    for word in filter(None, BETWEEN_WEBHOOKS.split(settings.webhooks)):
        if not word.startswith(SECRET):
            if word in found:
                raise SettingError("STRAND_WEBHOOKS names an address twice: list its secrets after one another")
            address, found[word] = word, []
        elif address is None:
            raise SettingError("STRAND_WEBHOOKS begins with a secret: each address comes first, then its secret")
        else:
            found[address].append(_checked_secret(word))
    return tuple(_webhook(url, tuple(secrets), settings) for url, secrets in found.items())


def _webhook(url: str, secrets: tuple[str, ...], settings: Settings) -> Target:
    host = _checked_address(url, settings, "STRAND_WEBHOOKS").hostname
    if not 1 <= len(secrets) <= MOST_SECRETS:
        wanted = f"{SECRET}… after the address, and at most {MOST_SECRETS} of them"
        raise SettingError(f"STRAND_WEBHOOKS: {host} has {len(secrets)} secrets, wanted is {wanted}")
    return WebhookTarget(f"webhook:{host}:{_short(url)}", url, secrets)


def _checked_address(url: str, settings: Settings, setting: str) -> SplitResult:
    # The address itself may be a secret, so it is not quoted.
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.scheme in ("https", "http") and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise SettingError(f"{setting} holds something that is no address like https://clinic.example/leads")
    if parts.scheme == "http" and settings.webhook_private != "yes":
        remedy = "use https or, for a private address, set STRAND_WEBHOOK_PRIVATE=yes"
        raise SettingError(f"{setting}: {parts.hostname} has no TLS: {remedy}")
    return parts


def _checked_secret(secret: str) -> str:
    try:
        length = len(base64.b64decode(secret.removeprefix(SECRET), validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if length not in SECRET_BYTES:
        raise SettingError(
            f"STRAND_WEBHOOKS has a secret that is none: {SECRET} and the base64 of 24 to 64 random bytes; "
            f'printf "{SECRET}"; openssl rand -base64 32'
        )
    return secret


def _short(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:8]
