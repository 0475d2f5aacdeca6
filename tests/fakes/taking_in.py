"""Programs that take messages in, each a process of its own: `python -m tests.fakes.taking_in MODEL`.

What is imported once is forked for each: a line of JSON on standard input, with the settings as `environment`, begins
one, the following lines tell it what to do, and when it has ended, however that was, its status is printed.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.dialogue.assistant import load
from bot.dialogue.intake import Intake, News
from bot.settings import settings
from bot.storage.database import Database
from bot.transcripts.inbox import Inbound
from tests.fakes.small_model import be_quiet
from tests.fakes.world import world

MARK = "strand_test_mark"
STORES, ANSWERS = "INSERT INTO inbox", "UPDATE inbox SET"
LOOK_SECONDS = 0.005


def say(**what: Any) -> None:
    """A line of JSON for the test."""
    print(json.dumps(what), flush=True)


class Death:
    """Kills this process at a place: of the `at`-th transaction that stores (or answers) a message, `before` or `after`
    its commit; or once an action is under way."""

    def __init__(self, database: Database) -> None:
        self._place, self._left = "", 0
        self._watch(database.engine)

    def arm(self, place: str, at: int) -> None:
        """Strike there, once."""
        self._place, self._left = place, at
        if place == "in the action":
            threading.Thread(target=self._await_action, daemon=True).start()

    def _watch(self, engine: Engine) -> None:
        event.listen(engine, "after_cursor_execute", self._mark)
        event.listen(engine, "commit", lambda connection: self._strike("before", connection.info.get(MARK)))
        event.listen(Session, "after_commit", lambda session: self._strike("after", session.info.get(MARK)))
        event.listen(Session, "before_commit", _hand_on)
        event.listen(engine, "begin", lambda connection: connection.info.pop(MARK, None))

    def _mark(self, connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        for what, beginning in (("storing", STORES), ("answering", ANSWERS)):
            if statement.startswith(beginning):
                connection.info[MARK] = what

    def _strike(self, when: str, what: str | None) -> None:
        if self._place == f"{when} {what}":
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    def _await_action(self) -> None:
        threading.Event().wait(0)
        while not world().has("began"):
            threading.Event().wait(LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)


def _hand_on(session: Session) -> None:
    session.info[MARK] = session.connection().info.get(MARK)


def tell(news: News) -> None:
    """What a listener hears."""
    said = [{"author": item.author, "texts": item.texts} for item in news.items]
    say(news=news.conversation, items=said, ended=news.ended, moment=news.moment)


async def live(model: Path) -> None:
    """One program: does what it is told until its input ends, then stops as it should."""
    assistant = await load(model)
    database = assistant.agent.tracker_store.database
    intake, death = Intake(assistant.turns, database), Death(database)
    intake.listen(tell)
    intake.start()
    say(ready=os.getpid())
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        told = json.loads(line)
        if "stop" in told:
            break
        if "kill" in told:
            death.arm(told["kill"], told["at"])
        for message in told.get("accept", ()):
            accepted = await intake.accept(Inbound(*message))
            say(accepted=message[2], conversation=accepted.conversation, fresh=accepted.fresh)
    await intake.close()
    await assistant.close(10)


def raise_one(model: Path, environment: dict[str, str]) -> None:
    """Fork one program, and wait for its end."""
    process = os.fork()
    if process == 0:
        os.environ.update(environment)
        settings.cache_clear()
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(live(model))
        os._exit(0)
    _, status = os.waitpid(process, 0)
    say(ended=os.waitstatus_to_exitcode(status))


def main(model: Path) -> None:
    """Raise one program after the other."""
    be_quiet()
    say(nursery=os.getpid())
    while line := sys.stdin.readline():
        raise_one(model, json.loads(line)["environment"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
