"""How every page of the console names what is kept by an id."""

from collections.abc import Mapping

from bot.leads.states import OUTCOMES as OUTCOMES

CHANNELS: Mapping[str, str] = {
    "web": "Website",
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "messenger": "Messenger",
    "slack": "Slack",
    "rest": "REST",
}
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Spanish"}


def channel_title(channel: str | None) -> str:
    """The name of a channel."""
    return CHANNELS.get(channel or "", channel or "unknown")


def language_title(code: str) -> str:
    """The name of a language; its code where it has none here."""
    return LANGUAGES.get(code, code)


def outcome_title(outcome: str) -> str:
    """What a check's outcome is called."""
    return OUTCOMES.get(outcome) or titled(outcome)


def titled(name: str) -> str:
    """An id in words, such as that of a finding; a channel's by its name."""
    return CHANNELS.get(name) or name.replace("_", " ").capitalize()
