"""The file gets a whole line a message, readable for its owner alone, whoever else writes."""

import asyncio
import json
import os
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.errors import DeliveryFailed
from bot.leads.delivery import file as file_module
from bot.leads.delivery.file import FileSender
from bot.leads.delivery.sending import Message, attempt
from bot.leads.delivery.targets import FileTarget

NOW = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)


def message(number: int) -> Message:
    return Message(f"msg_{number}", json.dumps({"type": "lead.submitted", "data": {"reference": "Ü" * 300}}), NOW)


def lines(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "leads.jsonl"


async def test_each_message_is_a_line_with_its_id(path: Path) -> None:
    sender = FileSender(FileTarget("file", path))
    for number in range(2):
        assert await attempt(sender, message(number)) == "written"
    assert lines(path) == ["msg_0", "msg_1"]
    assert path.stat().st_mode & 0o777 == 0o600


async def test_several_writers_never_mix_their_lines(path: Path) -> None:
    senders = [FileSender(FileTarget("file", path)) for _ in range(4)]
    await asyncio.gather(*(attempt(sender, message(number)) for number in range(25) for sender in senders))
    assert sorted(lines(path)) == sorted(f"msg_{number}" for number in range(25) for _ in senders)


async def test_a_file_that_was_open_to_others_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    await attempt(FileSender(FileTarget("file", path)), message(1))
    assert path.stat().st_mode & 0o777 == 0o600


async def test_a_line_that_a_power_cut_tore_does_not_spoil_the_next(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"id": "msg_to')
    await attempt(FileSender(FileTarget("file", path)), message(1))
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1])["id"] == "msg_1"


async def test_a_full_disk_leaves_no_half_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sender = FileSender(FileTarget("file", path))
    await attempt(sender, message(1))
    whole, write = path.read_bytes(), os.write
    monkeypatch.setattr(file_module.os, "write", lambda handle, data: write(handle, data[:10]))
    with pytest.raises(DeliveryFailed, match="No space left"):
        await attempt(sender, message(2))
    assert path.read_bytes() == whole


async def test_a_place_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryFailed, match="cannot be written"):
        await attempt(FileSender(FileTarget("file", tmp_path / "file" / "leads.jsonl")), message(1))
