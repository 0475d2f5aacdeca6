"""What a visitor sees of a conversation when they come back: all of it, once, in order, a page at a time."""

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.settings import settings
from bot.storage.database import open_database
from bot.transcripts import reading, telling
from bot.transcripts.reading import MOST_EVENTS, MOST_ITEMS, Item, Page, items_of
from bot.transcripts.tables import conversations, tracker_events
from bot.transcripts.telling import Told, understand
from tests.conftest import Configure

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
Data = dict[str, Any]


def asked(words: str, name: str = "m") -> Data:
    return {"event": "user", "timestamp": NOON.timestamp(), "text": words, "message_id": name}


def said(words: str | None, *buttons: str, **payload: object) -> Data:
    data = {"buttons": [{"title": title} for title in buttons], "custom": payload or None}
    return {"event": "bot", "timestamp": NOON.timestamp(), "text": words, "data": data}


def slot() -> Data:
    return {"event": "slot", "timestamp": NOON.timestamp(), "name": "x", "value": 1}


def talk(turns: int) -> list[Data]:
    return [each for n in range(turns) for each in (asked(f"q{n}"), slot(), said(f"a{n}"), said(None, kind="answer"))]


def store(session: Session, events: Sequence[Data]) -> None:
    home = {"id": "ann", "last_sequence": len(events), "snapshot": "{}", "updated_at": NOON}
    session.execute(insert(conversations).values(home))
    for number, data in enumerate(events, start=1):
        row = {"conversation_id": "ann", "sequence": number, "type": data["event"], "data": json.dumps(data)}
        session.execute(insert(tracker_events).values({**row, "timestamp": data["timestamp"]}))


async def pages(events: Sequence[Data]) -> list[Page]:
    """A conversation from its end to its begin, page by page, as a widget asks for it."""
    database = open_database(settings().database, 5)
    await database.run(lambda session: store(session, events))
    found = [await database.run(lambda session: reading.after(session, "ann", 0))]
    while found[-1].more:
        first = found[-1].items[0].cursor
        found.append(await database.run(lambda session, to=first: reading.before(session, "ann", to)))
    return found


def test_a_turn_of_several_utterances_is_one_item() -> None:
    events = [asked("hi", "m1"), said("a", "Yes", "No"), slot(), said("b"), said(None, kind="answer", entries=["e"])]
    question, answer = items_of(enumerate(events, start=1))
    assert (question.author, question.texts, question.id, question.cursor) == ("visitor", ("hi",), "m1", 1)
    assert (answer.author, answer.texts, answer.buttons, answer.cursor) == ("assistant", ("a", "b"), ("Yes", "No"), 5)
    assert answer.payload == {"kind": "answer", "entries": ["e"]}


def test_what_was_redacted_is_not_shown() -> None:
    events = [asked(""), said(""), asked("hi"), said("hello")]
    assert [item.texts for item in items_of(enumerate(events, start=1))] == [("hi",), ("hello",)]


def test_a_person_of_the_staff_is_told_from_the_assistant() -> None:
    events = [said("hello"), said("I am Ada", kind="staff", state="message")]
    assert [item.author for item in items_of(enumerate(events, start=1))] == ["assistant", "staff"]


async def test_a_short_conversation_is_one_page(database: str) -> None:
    (page,) = await pages(talk(3))
    assert [" ".join(item.texts) for item in page.items] == ["q0", "a0", "q1", "a1", "q2", "a2"]


async def test_a_long_conversation_comes_page_by_page_and_nothing_twice(database: str) -> None:
    found = await pages(talk(120))
    assert all(len(page.items) <= MOST_ITEMS for page in found)
    items = [item for page in reversed(found) for item in page.items]
    assert [" ".join(item.texts) for item in items] == [f"{who}{n}" for n in range(120) for who in "qa"]


async def test_pages_begin_with_a_question_however_answers_are_spread(database: str) -> None:
    """An answer that begins before a page would otherwise come twice: as its end here, and as its begin there."""
    events = [each for n in range(90) for each in (asked(f"q{n}"), *(said(f"a{n}.{part}") for part in range(3)))]
    silent = [asked("nobody answers"), *events]
    assert len(silent) > MOST_EVENTS
    found = await pages(silent)
    words = [text for page in reversed(found) for item in page.items for text in item.texts]
    assert words == [data["text"] for data in silent]
    assert all(page.items[0].author == "visitor" for page in found)


async def test_after_a_cursor_comes_what_is_new_and_no_more(database: str) -> None:
    database_ = open_database(settings().database, 5)
    await database_.run(lambda session: store(session, talk(3)))
    whole = await database_.run(lambda session: reading.after(session, "ann", 0))
    for place, item in enumerate(whole.items):
        rest = await database_.run(lambda session, behind=item.cursor: reading.after(session, "ann", behind))
        assert rest.items == whole.items[place + 1 :]


def told(texts: tuple[str, ...]) -> Told:
    item = Item(7, "assistant", NOON, texts, buttons=("Yes",), payload={"kind": "answer"})
    return Told("ann", (item,), 3, 7, "m1", ended=True)


def test_what_is_told_is_understood(configure: Configure) -> None:
    for news in (told(("it is gone",)), Told("ann"), Told("ann", ended=True)):
        assert understand(telling._write(news)) == news


def test_what_is_told_cannot_be_read_on_the_way(configure: Configure) -> None:
    assert "gone" not in telling._write(told(("it is gone",)))


async def test_what_is_too_long_to_be_told_is_left_out(configure: Configure, monkeypatch) -> None:
    words = []
    monkeypatch.setattr("bot.storage.signals.tell", lambda session, said: words.append(said))
    telling.tell(None, told(("x" * 9000,)))
    assert understand(words[0]) == Told("ann", (), 3, 7, "m1", ended=True)
