"""What stands in a conversation, read in one go: what was said behind a cursor, and what is not answered yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.web.frames import Frame, news_frame
from bot.storage.database import Database
from bot.transcripts import addresses, archive, inbox, reading
from bot.transcripts.inbox import Open
from bot.transcripts.reading import Item, Page


@dataclass(frozen=True)
class View:
    """The items behind a cursor, up to another `cursor`; `more` where there are earlier ones than these. Of a
    conversation that was deleted, `gone`, there is nothing."""

    items: Sequence[Item] = ()
    open: Sequence[Open] = ()
    cursor: int = 0
    more: bool = False
    gone: bool = False

    def frame(self) -> Frame:
        """The view as news."""
        return news_frame(self.items, self.cursor, self.open)


async def look(database: Database, conversation: str, after: int) -> View:
    """What stands behind a cursor now; raises DatabaseUnavailable."""
    return await database.run(lambda session: _view(session, conversation, after), read_only=True)


def _view(session: Any, conversation: str, after: int) -> View:
    if addresses.address_of(session, conversation) is None:
        return View(gone=True)
    # In this order: a turn that is stored in between is seen twice rather than not at all.
    unanswered = inbox.open_messages(session, conversation)
    sequence = archive.last_sequence(session, conversation)
    page = reading.after(session, conversation, after)
    answered = {item.id for item in page.items if item.id}
    cursor = max([sequence, *(item.cursor for item in page.items)])
    still = [message for message in unanswered if message.message_id not in answered]
    return View(page.items, still, cursor, page.more)


async def look_back(database: Database, conversation: str, before: int) -> Page:
    """What was said last before a cursor; raises DatabaseUnavailable."""
    return await database.run(lambda session: reading.before(session, conversation, before), read_only=True)
