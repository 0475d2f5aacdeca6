"""Runs the project's actions in this process: what Rasa takes for an action server is a worker thread."""

import asyncio
import json
import threading
from functools import lru_cache
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.errors import ActionFailed
from bot.settings import settings
from bot.workers import Workers

ACTIONS_AT_ONCE = 32
REJECTED = 400


class InProcessEndpoint(EndpointConfig):  # type: ignore[misc]  # Rasa has no types
    """An action endpoint without a server: `package` is imported at the first action, or by `prepare`."""

    def __init__(self, package: str) -> None:
        super().__init__(url="in this process", enable_selective_domain=True)
        self._package = package
        self._workers = Workers(ACTIONS_AT_ONCE, "action")
        self._executor: ActionExecutor | None = None
        self._registering = threading.Lock()
        self._of_thread = threading.local()

    def prepare(self) -> ActionExecutor:
        """The executor with every action registered; raises ActionFailed where the package cannot be imported."""
        with self._registering:
            if self._executor is None:
                self._executor = self._register()
            return self._executor

    def _register(self) -> ActionExecutor:
        executor = ActionExecutor()
        try:
            executor.register_package(self._package)
        except SystemExit as error:  # rasa-sdk's answer to an ImportError, which it has logged
            raise ActionFailed(f"the package {self._package} cannot be imported; the log says why") from error
        return executor

    async def request(self, *_arguments: Any, json: dict[str, Any], **_options: Any) -> Any:
        """What the action of the call `json` returns: its events and responses.

        Raises Rasa's ClientResponseError, with status 400, for an action that declines; WorkersBusy; TimeoutError where
        it takes longer than a turn may; and whatever else the action raises.
        """
        return await asyncio.wait_for(self._workers.run(lambda: self._execute(json)), settings().turn_seconds)

    def _execute(self, call: dict[str, Any]) -> Any:
        try:
            return self._loop().run_until_complete(self.prepare().run(call))
        except ActionExecutionRejection as error:
            raise _rejection(error) from error

    def _loop(self) -> asyncio.AbstractEventLoop:
        """The event loop of this worker thread, for actions that are coroutines."""
        if not hasattr(self._of_thread, "loop"):
            self._of_thread.loop = asyncio.new_event_loop()
        loop: asyncio.AbstractEventLoop = self._of_thread.loop
        return loop


def _rejection(error: ActionExecutionRejection) -> ClientResponseError:
    body = json.dumps({"action_name": error.action_name, "error": str(error)})
    return ClientResponseError(REJECTED, "the action declines", body)


@lru_cache(maxsize=1)
def in_process() -> InProcessEndpoint:
    """The endpoint of the project's actions, shared within the process."""
    return InProcessEndpoint("actions")
