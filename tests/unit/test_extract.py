"""`strand extract`: a line of JSON for every answer."""

import io
import json
import sys

import pytest

from bot.cli.main import main
from bot.readers.fields import READERS


def test_one_answer_is_read(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["extract", "name", "hello, i'm kevin"]) == 0
    assert json.loads(capfdbinary.readouterr().out) == {"text": "hello, i'm kevin", "value": "Kevin"}


def test_as_many_lines_come_out_as_go_in(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"i'm 38\r\n\n\xff\nZo\xc3\xab")))
    assert main(["extract", "age"]) == 0
    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [line["value"] for line in lines] == [38, None, None, None]
    assert [line["text"] for line in lines] == ["i'm 38", "", "\ufffd", "Zoë"]


def test_an_unknown_field_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["extract", "height"]) == 2
    said = capfd.readouterr().err
    assert "height" in said
    assert all(field in said for field in READERS)
