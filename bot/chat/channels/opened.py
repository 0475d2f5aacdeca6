"""Which channels are on: those whose settings are all there."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import ClientSession, DummyCookieJar

from bot.chat.channels.channel import Channel
from bot.chat.channels.messenger import Messenger
from bot.chat.channels.slack import Slack
from bot.chat.channels.telegram import Telegram
from bot.chat.channels.twilio import Sms, WhatsApp
from bot.settings import PREFIX, Settings

TWILIO = ("twilio_account", "twilio_token")
NEEDS: Sequence[tuple[type[Channel], Sequence[str]]] = (
    (Sms, (*TWILIO, "twilio_sms")),
    (WhatsApp, (*TWILIO, "twilio_whatsapp")),
    (Telegram, ("telegram_token", "telegram_secret")),
    (Messenger, ("messenger_token", "messenger_secret", "messenger_verify")),
    (Slack, ("slack_bot_token", "slack_signing_secret")),
)


@dataclass(frozen=True)
class Status:
    """A channel with the settings that it lacks, by the names of their variables, and its address for the provider.

    The address is empty where the public one is not set.
    """

    name: str
    missing: Sequence[str]
    address: str


def statuses(settings: Settings) -> list[Status]:
    """Every channel there is."""
    public = settings.public_url.rstrip("/")
    return [
        Status(kind.name, _missing(settings, needs), f"{public}/webhooks/{kind.name}" if public else "")
        for kind, needs in NEEDS
    ]


def open_channels(settings: Settings, http: ClientSession) -> list[Channel]:
    """The channels that are on, which send by `http`."""
    return [_make(kind, settings, http) for kind, needs in NEEDS if not _missing(settings, needs)]


def _make(kind: type[Channel], settings: Settings, http: ClientSession) -> Channel:
    return kind(settings, http)


def make_http() -> ClientSession:
    """The HTTP client of all channels; made in a running loop, and closed by whoever asked for it."""
    return ClientSession(cookie_jar=DummyCookieJar(), headers={"User-Agent": "Strand"})


def _missing(settings: Settings, needs: Sequence[str]) -> list[str]:
    return [PREFIX + name.upper() for name in needs if not getattr(settings, name)]
