"""What becomes of a message that came in, in the caller's transaction: a turn answers it, or something else is said."""

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any, Literal

from sqlalchemy.orm import Session

from bot.transcripts import addresses, archive, inbox, replies, takeover, telling
from bot.transcripts.inbox import WEB, Waiting
from bot.transcripts.reading import items_of_turn
from bot.transcripts.telling import Told
from bot.transcripts.turn import Saved


def answer(session: Session, message: Waiting, saved: Saved) -> None:
    """Mark a message as answered by a turn that is `saved`, and let what that says wait for its channel.

    Raises DatabaseUnavailable where the message was answered already.
    """
    inbox.finish(session, message.row)
    found = _address(session, message)
    if found:
        _put(session, message.conversation, found, saved)


def tell(session: Session, conversation: str, message: Waiting | None, saved: Saved) -> None:
    """Tell the other processes of a turn: their web chats read its events, or hear what these do not say."""
    hidden = message is not None and saved.stored is not saved.said
    telling.tell(session, _told(message, saved) if message and hidden else Told(conversation))


def answer_and_forget(session: Session, message: Waiting, saved: Saved) -> str | None:
    """Mark a message as answered by a turn that deletes its conversation; raises as `answer` does.

    What came in behind it on a channel begins another conversation of the same address, whose id is returned. On the
    web, where the conversation's end is the session's, it goes too.
    """
    archive.hold(session, message.conversation)
    inbox.finish(session, message.row)
    found = _address(session, message)
    follows = inbox.set_apart(session, message.conversation, datetime.now(timezone.utc)) if found else None
    archive.erase(session, message.conversation, _told(message, saved))
    if found:  # the last words are not deleted with the conversation
        _put(session, follows or "", found, saved)
    return follows


def _told(message: Waiting, saved: Saved) -> Told:
    items = items_of_turn(saved.said, saved.sequence) if message.channel == WEB else ()
    return Told(message.conversation, items, saved.before, saved.sequence, ended=saved.forgotten)


def give_notice(session: Session, message: Waiting, state: Literal["failed", "done"], said: Mapping[str, Any]) -> None:
    """Mark a message as one that no turn answers, and say something instead; raises as `answer` does."""
    inbox.give_notice(session, message.row, state, said)
    _say(session, message, said)
    telling.tell(session, Told(message.conversation))


def ask_for_patience(session: Session, message: Waiting, said: Mapping[str, Any]) -> bool:
    """Say something to a message that still waits; False where it was answered meanwhile, or is for the staff."""
    waits = inbox.still_waits(session, message.row) and takeover.present(session, message.conversation) is None
    if waits:
        _say(session, message, said)
        if message.channel == WEB:
            telling.tell(session, Told(message.conversation, moment=message.message_id))
    return waits


def _say(session: Session, message: Waiting, said: Mapping[str, Any]) -> None:
    found = _address(session, message)
    if found:
        replies.put(session, message.conversation, *found, said, datetime.now(timezone.utc))


def _address(session: Session, message: Waiting) -> tuple[str, str] | None:
    """Where replies to a message are sent; None on the web, which has no such replies."""
    return addresses.address_of(session, message.conversation) if message.channel != WEB else None


def _put(session: Session, conversation: str, where: tuple[str, str], saved: Saved) -> None:
    for item in items_of_turn(saved.said, saved.sequence):
        if item.author != "visitor":
            said = {"texts": item.texts, "buttons": item.buttons, "payload": item.payload}
            replies.put(session, conversation, *where, said, datetime.now(timezone.utc))
