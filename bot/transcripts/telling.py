"""What processes tell one another of a conversation: that something is new and, sealed, what is stored nowhere."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.storage import signals
from bot.storage.sealing import sealer
from bot.transcripts.reading import Item


@dataclass(frozen=True)
class Told:
    """What is new in a conversation: with nothing else, what its events say.

    `items` are those that cannot be read there, behind event number `after` and up to number `until`; `moment` is the
    id of a message whose answer takes its time; and it has `ended` where it was deleted. Somebody of the staff may be
    `typing`.
    """

    conversation: str
    items: Sequence[Item] = ()
    after: int = 0
    until: int = 0
    moment: str | None = None
    ended: bool = False
    typing: bool = False


def tell(session: Session, told: Told) -> None:
    """Tell the other processes, once the transaction is committed; items that are too long for that are left out."""
    words = _write(told)
    if len(words) > signals.MOST_CHARACTERS:
        words = _write(replace(told, items=()))
    signals.tell(session, words)


def _write(told: Told) -> str:
    if told == Told(told.conversation):
        return told.conversation
    items = [{**asdict(item), "at": item.at.isoformat()} for item in told.items]
    return f"{told.conversation} {sealer().seal(json.dumps({**asdict(told), 'items': items}))}"


def understand(words: str) -> Told:
    """What another process told; raises SettingError where it was sealed with other keys, ValueError where it makes no
    sense."""
    conversation, _, sealed = words.partition(" ")
    if not sealed:
        return Told(conversation)
    data = json.loads(sealer().unseal(sealed))
    return Told(**{**data, "items": tuple(map(_item, data["items"]))})


def _item(data: dict[str, Any]) -> Item:
    at, texts, buttons = datetime.fromisoformat(data["at"]), tuple(data["texts"]), tuple(data["buttons"])
    return Item(**{**data, "at": at, "texts": texts, "buttons": buttons})
