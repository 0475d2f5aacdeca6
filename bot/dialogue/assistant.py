"""Loads the assistant: Rasa's agent on the trained model, with this program's stores and actions."""

import asyncio
import copy
from dataclasses import dataclass
from pathlib import Path

from rasa.core.agent import Agent, load_agent
from rasa.core.tracker_store import FailSafeTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException

from bot.dialogue import notices
from bot.dialogue.executor import InProcessEndpoint, in_process
from bot.dialogue.notices import Messages
from bot.dialogue.order import ConversationOrder
from bot.dialogue.turns import Turns
from bot.errors import ModelMissing, SettingError
from bot.settings import PROJECT, settings
from bot.transcripts.throwaway import ThrowawayTrackerStore
from bot.transcripts.tracker_store import BoundedTrackerStore

ENDPOINTS = PROJECT / "endpoints.yml"
STORE = f"{BoundedTrackerStore.__module__}.{BoundedTrackerStore.__qualname__}"


@dataclass
class Assistant:
    """A loaded model that answers. `turns` is the door for messages."""

    agent: Agent
    turns: Turns

    async def rehearse(self, question: str) -> Messages:
        """The reply to a question that nobody asked: no row is written for it."""
        agent = copy.copy(self.agent)
        agent.processor = copy.copy(self.agent.processor)
        agent.lock_store = ConversationOrder()
        _keep_in(agent, ThrowawayTrackerStore(self.agent.domain, settings().history_events))
        return await Turns(agent).answer("rehearsal", question)

    async def check(self) -> None:
        """Raises DatabaseUnavailable or SchemaOutdated where a turn could not be stored now."""
        if isinstance(self.agent.tracker_store, BoundedTrackerStore):
            await self.agent.tracker_store.check()

    async def close(self, seconds: float) -> None:
        """Finish the turns in progress, within `seconds`, and let go of everything."""
        await self.turns.finish(seconds)
        store = self.agent.tracker_store
        if store.event_broker:
            await store.event_broker.close()
        if isinstance(store, BoundedTrackerStore):
            store.database.close()


async def load(model: Path, throwaway: bool = False, endpoints: Path = ENDPOINTS) -> Assistant:
    """The assistant on a trained model; with `throwaway`, conversations are kept in memory, and only their last turns.

    `endpoints` is read for an action server, an event broker and the like. Raises ModelMissing; SettingError for
    endpoints that Rasa would silently replace; KnowledgeError; ActionFailed where the actions cannot be imported.
    """
    if not model.exists():
        raise ModelMissing(f"there is no model at {model}: run ./strand train")
    notices.phrases()
    found = _read_endpoints(endpoints)
    found.tracker_store = ThrowawayTrackerStore(None, settings().history_events) if throwaway else BoundedTrackerStore()
    found.lock_store = ConversationOrder()
    found.action = found.action or in_process()
    agent = await load_agent(str(model), endpoints=found, loop=asyncio.get_running_loop())
    if agent.processor is None:
        raise ModelMissing(f"the model at {model} cannot be loaded, the log says why: run ./strand train")
    if isinstance(found.action, InProcessEndpoint):
        found.action.prepare()
    take_off_fail_safe(agent)
    found.lock_store.span(agent.tracker_store)
    return Assistant(agent, Turns(agent))


def _read_endpoints(path: Path) -> AvailableEndpoints:
    try:
        found = AvailableEndpoints.read_endpoints(str(path))
    except (RasaException, OSError, TypeError) as error:
        raise SettingError(f"{path} cannot be read: {error}") from error
    if found.tracker_store and found.tracker_store.type != STORE:
        raise SettingError(f"{path}: tracker_store must be of type {STORE}, not {found.tracker_store.type}")
    return found


def _keep_in(agent: Agent, store: TrackerStore) -> None:
    agent.tracker_store = store
    agent.processor.tracker_store = store


def take_off_fail_safe(agent: Agent) -> None:
    """Let a database that is gone be an error; Rasa's wrapper would go on in memory, and forget it all."""
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        _keep_in(agent, agent.tracker_store._tracker_store)
