"""What stands beside a conversation: who is in it, and what the reader may do about it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.staff.access import account_of
from bot.staff.accounts import Account
from bot.staff.context import DATABASE, SETTINGS
from bot.transcripts import replies, takeover
from bot.transcripts.inbox import WEB
from bot.transcripts.interjection import reach
from bot.transcripts.takeover import Takeover

MOST_CHARACTERS = 1000
# How staff call the channels that do not write to a browser.
CHANNELS = {
    "sms": "a text message (SMS)",
    "whatsapp": "a WhatsApp message",
    "telegram": "a Telegram message",
    "messenger": "a Messenger message",
    "slack": "a Slack message",
}


@dataclass(frozen=True)
class Panel:
    """The panel of a conversation for one reader.

    `taken` is who is in it, `mine` whether that is the reader, who may end it where they `may_end`. `goes_as` says how
    a message travels, None on the web; `closed` says why none can. `unsent` messages wait for the channel, `lost` ones
    were given up.
    """

    conversation: str
    taken: Takeover | None
    mine: bool
    may_end: bool
    goes_as: str | None
    closed: str | None
    unsent: int
    lost: int
    minutes: int
    most: int = MOST_CHARACTERS

    @property
    def home(self) -> str:
        """The address of the conversation's page."""
        return home_of(self.conversation)


def home_of(conversation: str) -> str:
    """The address of a conversation's page."""
    return f"/conversations/{quote(conversation, safe='')}"


async def panel(request: web.Request, conversation: str) -> Panel:
    """The panel for whoever asks; raises DatabaseUnavailable."""
    account, minutes = account_of(request), request.app[SETTINGS].takeover_minutes
    return await request.app[DATABASE].run(
        lambda session: _panel(session, conversation, account, minutes), read_only=True
    )


def _panel(session: Any, conversation: str, account: Account, minutes: int) -> Panel:
    taken, found = takeover.present(session, conversation), reach(session, conversation)
    closed = "Their program only hears answers: nobody can write to them." if found is None else None
    if found and found.opted_out:
        closed = "They have said STOP: nothing may be sent to them."
    unsent, lost = replies.unsent(session, conversation)
    mine = taken is not None and taken.staff == account.name
    return Panel(
        conversation,
        taken,
        mine=mine,
        may_end=mine or (taken is not None and account.may("admin")),
        goes_as=CHANNELS.get(found.channel) if found and found.channel != WEB else None,
        closed=closed,
        unsent=unsent,
        lost=lost,
        minutes=minutes,
    )
