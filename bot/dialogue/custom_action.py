"""Rasa's custom action, made honest: a failure is noted on the turn, and where no server is configured it runs here."""

from functools import lru_cache
from typing import Any

import jsonschema
import rasa.core.actions.action
import rasa.core.actions.forms
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.counting import count_failure
from bot.dialogue.executor import InProcessEndpoint, in_process
from bot.errors import ActionFailed
from bot.transcripts.turn import current_turn


class CustomAction(RemoteAction):  # type: ignore[misc]  # Rasa has no types
    """An action of the project, in an action server where one is configured, else in this process."""

    def __init__(self, name: str, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(name, action_endpoint or in_process())

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """The action's events. Raises ActionExecutionRejection, and ActionFailed for everything else that goes wrong.

        Rasa goes on after a failure as if the action had run, and would submit a form that was never validated: so no
        further action runs in a turn that has failed.
        """
        turn = current_turn.get()
        if turn and turn.failure:
            raise ActionFailed(f"{self.name()} was not run: {turn.failure}")
        try:
            events: list[Event] = await super().run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:  # the edge to code that is not this program's: whatever it raises, the action failed
            count_failure(turn, "action")
            failure = ActionFailed(f"{self.name()} failed with {type(error).__name__}")
            if turn:
                turn.fail(failure)
            raise failure from error
        return events

    def _validate_action_result(self, result: Any) -> bool:
        # What rasa-sdk made in this process it has checked itself. For a server's answer, Rasa would check the schema
        # itself anew at each call, which costs more than the action.
        if not isinstance(self.action_endpoint, InProcessEndpoint):
            _validator().validate(result)
        return True


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return jsonschema.validators.validator_for(schema)(schema)


def install() -> None:
    """Have Rasa make CustomActions from now on; it has no setting for that, so the name in its modules is rebound."""
    for module in (rasa.core.actions.action, rasa.core.actions.forms):
        module.RemoteAction = CustomAction
