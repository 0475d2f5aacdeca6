"""While a person of the staff is in a conversation, the assistant listens, and speaks up for safety only."""

from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

SLOT = "takeover"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class TakeoverPolicy(Policy):  # type: ignore[misc]  # Rasa has no types
    """Has no say until the slot `takeover` is set; from then on its word is the only one.

    Each message is given to the action `guard`, which knows whether anything has to be said, and is silent otherwise.
    Rasa's own pause would keep an emergency, or a minor, from being noticed.
    """

    @staticmethod
    def supported_data() -> SupportedData:
        """Rules as well, since it reads none."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The action that looks after safety, and a priority above Rasa's rules."""
        return {"priority": 10, "guard": "action_safety_advice"}

    def train(self, training_trackers: list[Any], domain: Domain, **_others: Any) -> Resource:
        """Nothing is learned."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_others: Any,
    ) -> "TakeoverPolicy":
        """The policy as it is configured."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **_others: Any,
    ) -> PolicyPrediction:
        """All or nothing."""
        probabilities = self._default_predictions(domain)
        if SLOT not in tracker.slots or not tracker.get_slot(SLOT):
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(self._next_action(tracker))] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)

    def _next_action(self, tracker: DialogueStateTracker) -> str:
        heard = tracker.latest_action_name == ACTION_LISTEN_NAME
        return str(self.config["guard"]) if heard else ACTION_LISTEN_NAME
