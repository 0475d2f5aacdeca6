"""The performance suite's own parts: its figures, its client, and the processes that it starts."""

import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bench.client import Job, Result, as_expected, work
from bench.figures import Row, Wanted, as_table, median_around, ratio_at_most
from bench.plan import FULL, QUICK
from bench.processes import Process, await_answer, await_port, environment, free_port, run_to_end
from bench.suite import SECTIONS, needs_model
from bot.cli.bench import read_sections
from bot.errors import SettingError, StrandError

ANSWER = [{"text": "about that"}, {"custom": {"kind": "answer"}}]
TALKER = """
import http.server, json, sys
class Talker(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps([{"text": "hello"}]).encode())
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Talker).serve_forever()
"""


def test_a_ratio_bound_is_met_or_missed_by_the_ratio() -> None:
    assert Row("latency", "ms", 10.0, 30.0, ratio_at_most(3)).met is True
    assert Row("latency", "ms", 11.0, 30.0, ratio_at_most(3)).met is False
    assert Row("throughput", "messages/s", 120.0, 40.0, Wanted("ratio", "≥", 3.0, "≥ 3")).met is True


def test_a_bound_on_the_value_ignores_the_stock_assistant() -> None:
    assert Row("training", "s", 59.0, 1.0, Wanted("value", "≤", 60.0, "≤ 60 s")).met is True
    assert Row("training", "s", 61.0, None, Wanted("value", "≤", 60.0, "≤ 60 s")).met is False


def test_what_was_not_measured_is_neither_met_nor_missed() -> None:
    row = Row("memory", "MB", None, None, Wanted("ratio", "≤", 0.5, "≤ 1/2"))
    assert (row.ratio, row.met) == (None, None)
    assert "–" in as_table([row])


def test_the_median_of_a_turn_takes_its_neighbours_and_nothing_else() -> None:
    milliseconds = [1000.0, *map(float, range(2, 21))]
    assert median_around(milliseconds, 1, 0) == 1000.0
    assert median_around(milliseconds, 10, 2) == 10.0
    assert median_around(milliseconds, 20, 1) == 19.5
    with pytest.raises(ValueError, match="turn 30"):
        median_around(milliseconds, 30, 2)


def test_the_table_shows_small_ratios_as_parts_of_one() -> None:
    lines = as_table([Row("turn 500", "ms", 10.0, 330.0, ratio_at_most(30))]).splitlines()
    assert [cell.strip() for cell in lines[2].strip("|").split("|")] == [
        "turn 500 (ms)", "10.0", "330", "1/33.0", "≤ 1/30", "yes",
    ]  # fmt: skip


def test_a_row_keeps_its_ratio_and_verdict_as_data() -> None:
    data = Row("start", "s", 2.0, 30.0, ratio_at_most(5)).as_data()
    assert data["ratio"] == pytest.approx(1 / 15)
    assert data["met"] is True


@pytest.mark.parametrize("plan", [FULL, QUICK])
def test_a_plan_reaches_its_last_mark(plan: type) -> None:
    assert plan.long_turns - plan.reach == max(plan.marks)
    assert plan.fresh_turns >= 6


def test_sections_are_chosen_by_name() -> None:
    assert read_sections("start, memory") == ("start", "memory")
    assert read_sections(",".join(SECTIONS)) == SECTIONS
    for wrong in ("", "speed", "start,speed"):
        with pytest.raises(SettingError, match="the sections are"):
            read_sections(wrong)


def test_only_what_talks_needs_a_model() -> None:
    assert needs_model(("submit", "latency"))
    assert not needs_model(("submit", "delivery"))


@pytest.mark.parametrize(
    ("messages", "kind", "expected"),
    [
        (ANSWER, "answer", True),
        (ANSWER, "", True),
        (ANSWER, "clarify", False),
        ([], "", False),
        ([{"custom": {"kind": "answer"}}], "answer", False),
        (None, "", False),
    ],
)
def test_a_reply_counts_only_with_words_of_the_wanted_kind(messages: object, kind: str, expected: bool) -> None:
    assert as_expected(messages, kind) is expected


class Room:
    """An assistant that remembers who said what, and is silent to one word."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    async def answer(self, request: web.Request) -> web.Response:
        message = await request.json()
        self.heard.append((message["sender"], message["message"]))
        return web.json_response([] if message["message"] == "hush" else ANSWER)


@pytest.fixture
async def room() -> AsyncIterator[tuple[Room, str]]:
    heard = Room()
    app = web.Application()
    app.router.add_post("/webhook", heard.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield heard, f"http://127.0.0.1:{port}/webhook"
    await runner.cleanup()


async def test_one_conversation_is_asked_in_order(room: tuple[Room, str]) -> None:
    heard, url = room
    result = await work(Job(url, ["a", "b", "c"], "me", turns=4, first_turn=3, kind="answer"))
    assert heard.heard == [("me", "a"), ("me", "b"), ("me", "c"), ("me", "a")]
    assert (len(result.milliseconds), result.strange) == (4, 0)


async def test_silence_is_counted_as_strange(room: tuple[Room, str]) -> None:
    _, url = room
    assert (await work(Job(url, ["hush", "b"], "me", turns=4, kind="answer"))).strange == 2


async def test_a_crowd_speaks_in_conversations_of_its_own_and_stops_in_time(room: tuple[Room, str]) -> None:
    heard, url = room
    result = await work(Job(url, ["a"], "crowd", turns=2, conversations=4, seconds=0.3))
    senders = {sender for sender, _ in heard.heard}
    assert {sender.split("-")[1] for sender in senders} == {"0", "1", "2", "3"}
    assert max(sum(sender == one for sender, _ in heard.heard) for one in senders) == 2
    assert 0.3 <= result.seconds < 2.0
    assert isinstance(result, Result)


async def test_the_client_refuses_any_address_but_this_machine() -> None:
    with pytest.raises(ValueError, match="not on this machine"):
        await work(Job("http://192.0.2.1:80/webhook", ["a"], "me", turns=1))


def test_a_process_is_awaited_weighed_and_ended(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", TALKER, str(port)]
    with Process(command, tmp_path, environment(), tmp_path / "log.txt") as process:
        await_port(process, port)
        await_answer(process, f"http://127.0.0.1:{port}/webhook", "hello")
        megabytes = process.resident_megabytes()
        assert megabytes is None or 3 < megabytes < 200
    with pytest.raises(StrandError, match="ended by itself"):
        process.require_alive()


def test_a_process_that_dies_at_the_start_is_reported_with_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no model here')"]
    begun = time.monotonic()
    with (
        Process(command, tmp_path, environment(), tmp_path / "log.txt") as process,
        pytest.raises(StrandError, match="no model here"),
    ):
        await_answer(process, f"http://127.0.0.1:{free_port()}/webhook", "hello")
    assert time.monotonic() - begun < 20


def test_a_failed_preparation_shows_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(StrandError, match="no space"):
        run_to_end([sys.executable, "-c", "raise SystemExit('no space')"], tmp_path, environment(), tmp_path / "log")


def test_measured_processes_do_not_inherit_settings_of_strand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRAND_DATABASE_URL", "postgresql://real")
    found = environment(STRAND_PORT="1")
    assert "STRAND_DATABASE_URL" not in found
    assert found["STRAND_PORT"] == "1"
