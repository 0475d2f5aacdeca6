"""What a browser sends is read strictly, whatever it is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.web.frames import Earlier, End, Hello, Renew, Say, Unreadable, read_frame

GOOD = [
    ({"type": "hello", "token": "t", "after": 0}, Hello("t", 0)),
    ({"type": "hello", "token": "t", "after": 12, "more": "is ignored"}, Hello("t", 12)),
    ({"type": "message", "id": "abcdefgh", "text": ""}, Say("abcdefgh", "")),
    ({"type": "message", "id": "A-_9" * 16, "text": "x"}, Say("A-_9" * 16, "x")),
    ({"type": "earlier", "before": 7}, Earlier(7)),
    ({"type": "renew"}, Renew()),
    ({"type": "end"}, End()),
]
BAD = [
    {},
    {"type": "hello"},
    {"type": "hello", "token": "t", "after": -1},
    {"type": "hello", "token": "t", "after": 1.5},
    {"type": "hello", "token": "t" * 513, "after": 0},
    {"type": "hello", "token": None, "after": 0},
    {"type": "message", "id": "a" * 65, "text": "x"},
    {"type": "message", "id": "a\nbcdefgh", "text": "x"},
    {"type": "message", "id": "abcdefgh\n", "text": "x"},
    {"type": "message", "id": "ábcdefgh", "text": "x"},
    {"type": "earlier", "before": 2**53},
    {"type": "earlier", "before": False},
    {"type": "typing"},
    {"type": ["end"]},
    {"type": {"end": 1}},
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
keys = st.sampled_from(["type", "id", "text", "token", "after", "before"])
kinds = st.sampled_from(["hello", "message", "earlier", "renew", "end"])


@pytest.mark.parametrize(("data", "frame"), GOOD)
def test_a_frame_is_what_it_says(data: dict[str, object], frame: object) -> None:
    assert read_frame(json.dumps(data)) == frame


@pytest.mark.parametrize("data", BAD, ids=str)
def test_whatever_is_not_exactly_right_is_unreadable(data: dict[str, object]) -> None:
    assert isinstance(read_frame(json.dumps(data)), Unreadable)


def test_a_message_without_a_text_can_be_refused_by_its_id() -> None:
    assert read_frame('{"type": "message", "id": "abcdefgh", "text": 5}') == Unreadable("abcdefgh")


@given(st.text() | st.binary())
def test_no_text_and_no_bytes_make_it_fail(raw: str | bytes) -> None:
    assert isinstance(read_frame(raw), Unreadable)


@given(st.dictionaries(keys, kinds | values))
def test_no_object_makes_it_fail(data: dict[str, object]) -> None:
    frame = read_frame(json.dumps(data))
    if isinstance(frame, Say):
        assert isinstance(frame.text, str)
        assert 8 <= len(frame.id) <= 64
