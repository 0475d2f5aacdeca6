"""The two systems: Strand as `strand serve` runs it, and what `rasa init` writes, trained and run by Rasa."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import Process, await_answer, await_port, environment, free_port, run_to_end
from bot.errors import StrandError
from bot.settings import PROJECT

WEBHOOK = "http://127.0.0.1:{port}/webhooks/rest/webhook"
TOKEN = "bench"  # noqa: S105  # opens a throw-away process on loopback, and nothing else
ANY_RATE = "10000000"
QUESTIONS = (
    "so did the fda ok it",
    "how much does it cost",
    "does it hurt",
    "how long does one session take",
    "will it leave scars",
    "is it covered by insurance",
    "how many sessions would i need",
    "when would i see results",
    "is it permanent",
    "can i wear a hat afterwards",
    "is it better than a hair transplant",
    "where do the cells come from",
)
GOODBYES = ("goodbye", "bye", "see you later")
ACTION = """\
from rasa_sdk import Action


class ActionSayBot(Action):
    def name(self):
        return "action_say_bot"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="I am a bot, powered by Rasa.")
        return []
"""
ACTION_TEXT = "are you a bot?"
ENDPOINTS = """\
tracker_store:
  type: SQL
  dialect: sqlite
  db: tracker.db
action_endpoint:
  url: "http://127.0.0.1:{port}/webhook"
"""


@dataclass(frozen=True)
class Running:
    """A system that answers at `url`; `helpers` are further processes that only some of its replies need."""

    url: str
    texts: tuple[str, ...]
    kind: str
    token: str
    process: Process
    helpers: tuple[Process, ...] = ()


class Strand:
    """Strand: a state folder of its own, an SQLite database in it unless another is given, the chat role.

    It takes messages at any rate, and believes every caller which address it comes from.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        folder.mkdir(parents=True)
        self._state = folder / "var"
        self._database = database
        self._log = folder / "log.txt"

    def _environment(self, port: int = 0, state: Path | None = None) -> dict[str, str]:
        chosen = state or self._state
        return environment(
            STRAND_ENV="development",
            STRAND_STATE_DIR=str(chosen),
            STRAND_DATABASE_URL=self._database or f"sqlite:///{chosen / 'strand.db'}",
            STRAND_HOST="127.0.0.1",
            STRAND_PORT=str(port),
            STRAND_TOKEN=TOKEN,
            STRAND_PROXIES="1",
            STRAND_WEB_MESSAGES_A_MINUTE=ANY_RATE,
            STRAND_ADDRESS_MESSAGES_A_MINUTE=ANY_RATE,
        )

    def _run(self, *words: str, state: Path | None = None) -> float:
        return run_to_end([sys.executable, "-m", "bot.cli", *words], PROJECT, self._environment(state=state), self._log)

    def prepare(self) -> None:
        """Make what the set-up makes: the trained model and the database."""
        self._run("train")
        self._run("db", "migrate")

    def train(self) -> float:
        """Train with nothing cached; the model takes the place of the one with the same inputs."""
        fresh = self._state.with_name("fresh")
        shutil.rmtree(fresh, ignore_errors=True)
        return self._run("train", "--force", state=fresh)

    def train_unchanged(self) -> float:
        """Train when nothing has changed."""
        return self._run("train")

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Within the block the chat role answers."""
        port = free_port()
        url = WEBHOOK.format(port=port)
        command = [sys.executable, "-m", "bot.cli", "serve", "--roles", "chat"]
        with Process(command, PROJECT, self._environment(port), self._log) as process:
            await_answer(process, url, QUESTIONS[0], TOKEN)
            yield Running(url, QUESTIONS, "answer", TOKEN, process)


class Stock:
    """What `rasa init` writes, on SQLite; one of its replies is made a custom action's, to show what that costs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "project"
        self._log = folder / "log.txt"
        shutil.copytree(_initial_project(), self._folder, ignore=shutil.ignore_patterns("__pycache__"))
        (self._folder / "actions" / "actions.py").write_text(ACTION)
        domain = self._folder / "domain.yml"
        domain.write_text(f"{domain.read_text()}\nactions:\n  - action_say_bot\n")
        rules = self._folder / "data" / "rules.yml"
        rules.write_text(rules.read_text().replace("utter_iamabot", "action_say_bot"))

    def _rasa(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "rasa", *words]

    def train(self) -> float:
        """Train with nothing cached."""
        shutil.rmtree(self._folder / ".rasa", ignore_errors=True)
        return run_to_end(self._rasa("train", "--force"), self._folder, environment(), self._log)

    @contextmanager
    def running(self, with_actions: bool = True) -> Iterator[Running]:
        """Within the block `rasa run` answers, with its action server beside it or without."""
        port, action_port = free_port(), free_port()
        (self._folder / "endpoints.yml").write_text(ENDPOINTS.format(port=action_port))
        variables = environment(SANIC_HOST="127.0.0.1")
        url = WEBHOOK.format(port=port)
        serve = self._rasa("run", "-i", "127.0.0.1", "-p", str(port), "--endpoints", "endpoints.yml")
        with ExitStack() as ending:
            process = ending.enter_context(Process(serve, self._folder, variables, self._log))
            await_answer(process, url, GOODBYES[0])
            helpers: tuple[Process, ...] = ()
            if with_actions:
                command = self._rasa("run", "actions", "-p", str(action_port))
                actions = ending.enter_context(Process(command, self._folder, variables, self._log))
                await_port(actions, action_port)
                helpers = (actions,)
            yield Running(url, GOODBYES, "", "", process, helpers)


def _initial_project() -> Path:
    found = importlib.util.find_spec("rasa")
    if found is None or not found.submodule_search_locations:
        raise StrandError("rasa is not installed: run ./strand train, which sets it up")
    return Path(found.submodule_search_locations[0]) / "cli" / "initial_project"
