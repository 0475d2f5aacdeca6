"""A tracker store for questions that nobody asked: conversations in memory, bounded, gone with the process."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.transcripts.tail import ORDER, Snapshot, cut, rebuild, take_snapshot
from bot.transcripts.turn import current_turn

MOST_CONVERSATIONS = 200


class ThrowawayTrackerStore(TrackerStore):  # type: ignore[misc]  # Rasa has no types
    """Keeps the last turns of the last conversations, within `history` events each."""

    def __init__(self, domain: Domain | None, history: int) -> None:
        super().__init__(domain)
        self._history = history
        self._kept: OrderedDict[str, tuple[Sequence[Event], Snapshot | None]] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's last turns with its slots, form and pause; None for one that is not kept."""
        if sender_id not in self._kept:
            return None
        events, before = self._kept[sender_id]
        return rebuild(sender_id, self.domain.slots, events, before)

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new conversation, of which nothing is kept before its first turn is."""
        tracker = DialogueStateTracker(sender_id, self.domain.slots)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the end of the conversation, or forget it as ordered; raises TurnAbandoned where the turn has failed."""
        turn = current_turn.get()
        if turn:
            turn.require_sound()
        events = list(tracker.events)
        if tracker.get_slot(ORDER) == "all":
            self._kept.pop(tracker.sender_id, None)
            return
        tail = cut(events[-self._history :]) if len(events) > self._history else ()
        self._kept[tracker.sender_id] = (tail, take_snapshot(tracker)) if tail else (events, None)
        self._kept.move_to_end(tracker.sender_id)
        if len(self._kept) > MOST_CONVERSATIONS:
            self._kept.popitem(last=False)

    async def keys(self) -> Iterable[str]:
        """The ids of the conversations that are kept."""
        return list(self._kept)
