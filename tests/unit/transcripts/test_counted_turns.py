"""Each turn leaves a row that says what it was; what nobody may keep, or nobody said, leaves none."""

from datetime import datetime, timezone
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from bot.transcripts.counted_turns import channel_of, raises_flag, rows_of

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def asked(words: str = "hm?", channel: str | None = "sms") -> UserUttered:
    return UserUttered(words, timestamp=NOON.timestamp(), input_channel=channel)


def said(words: str | None = None, **payload: Any) -> BotUttered:
    return BotUttered(words, {"custom": payload or None})


def whole(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    return [(row["sequence"], row["place"], row["kind"], row["topic"], row["entry"]) for row in rows]


def test_an_answer_of_two_entries_has_a_row_for_each() -> None:
    payload = {"kind": "answer", "topics": ["cost", "pain"], "entries": ["cost.price", "pain.hurt"], "confidence": 0.9}
    rows = rows_of("ann", [ActionExecuted("action_listen"), asked(), said("words"), said(None, **payload)], 10)
    assert whole(rows) == [(12, 0, "answer", "cost", "cost.price"), (12, 1, "answer", "cost", "pain.hurt")]
    first = rows[0]
    assert (first["conversation_id"], first["at"], first["channel"], first["confidence"]) == ("ann", NOON, "sms", 0.9)
    assert "words" not in repr(rows)


def test_a_turn_that_asks_back_counts_the_entries_it_offers() -> None:
    choices = [
        {"title": "a", "entry": "x.a"},
        {"title": "b", "entry": "x.b"},
        {"title": "c", "entry": "something_else"},
    ]
    events = [asked(), said("Which?"), said(None, kind="clarify", topics=["x"]), SlotSet("choices", choices)]
    assert whole(rows_of("ann", events, 0)) == [(1, 0, "clarify", "x", "x.a"), (1, 1, "clarify", "x", "x.b")]


def test_choices_below_an_answer_are_not_counted() -> None:
    events = [asked(), said(None, kind="answer", entries=["x.a"]), SlotSet("choices", [{"title": "b", "entry": "x.b"}])]
    assert whole(rows_of("ann", events, 0)) == [(1, 0, "answer", None, "x.a")]


def test_a_turn_that_says_nothing_is_left_to_staff() -> None:
    staff = said("Hello", kind="staff", state="message")
    assert whole(rows_of("ann", [asked(), ActionExecuted("action_listen")], 0)) == [(1, 0, "none", None, None)]
    assert whole(rows_of("ann", [asked(), staff], 0)) == [(1, 0, "none", None, None)]
    assert rows_of("ann", [staff], 4) == []
    assert rows_of("ann", [ActionExecuted("action_session_start")], 0) == []


def test_several_turns_that_are_stored_at_once_are_counted_one_by_one() -> None:
    events = [asked(), said(None, kind="smalltalk", topics=["greeting"]), asked(), said("plain words")]
    assert [row[:3] for row in whole(rows_of("ann", events, 0))] == [(1, 0, "smalltalk"), (3, 0, "smalltalk")]


def test_where_two_utterances_say_what_a_turn_was_the_first_is_right() -> None:
    rows = rows_of("ann", [asked(), said(None, kind="answer"), said(None, kind="question", field="age")], 0)
    assert [(row["kind"], row["field"]) for row in rows] == [("answer", "age")]


def test_a_payload_that_makes_no_sense_is_counted_all_the_same() -> None:
    events = [asked(channel=None), said(None, kind=None, topics="cost", entries=[1], confidence="high", state=["x"])]
    (row,) = rows_of("ann", events, 0)
    assert (row["kind"], row["channel"], row["topic"], row["entry"]) == ("smalltalk", "unknown", None, None)
    assert (row["confidence"], row["state"]) == (None, None)


def test_a_red_flag_is_raised_once_and_a_grave_one_each_time() -> None:
    told, urgent = SlotSet("red_flags", ["RF-1"]), {"kind": "urgent", "class": "self_harm"}
    assert raises_flag([asked(), told])
    assert raises_flag([asked(), said(None, **urgent, certain=True)])
    assert not raises_flag([asked(), said(None, **urgent, certain=False)])
    assert not raises_flag([asked(), SlotSet("red_flags", None), said(None, kind="answer")])


def test_the_channel_is_that_of_the_first_message() -> None:
    assert channel_of([ActionExecuted("action_listen"), asked(), asked(channel="web")]) == "sms"
    assert channel_of([]) is None
