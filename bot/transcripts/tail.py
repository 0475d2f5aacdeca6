"""The end of a conversation as Rasa's tracker: its last events, with a snapshot in the place of those before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, ConversationPaused, Event, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

# The slot of an action's order to forget: carried out with the turn, and no state.
ORDER = "forget"


@dataclass(frozen=True)
class Snapshot:
    """What a conversation's events add up to: the slots that differ from their start, the open form, the pause."""

    slots: Mapping[str, Any] = field(default_factory=dict)
    loop: str | None = None
    paused: bool = False


class StoredTracker(DialogueStateTracker):  # type: ignore[misc]  # Rasa has no types
    """A tracker that knows how much of it is stored: its first `loaded` events, the last being number `sequence`."""

    loaded: int = 0
    sequence: int = 0

    def fresh_events(self) -> list[Event]:
        """The events that are not stored yet."""
        return list(self.events)[self.loaded :]

    def mark_stored(self, sequence: int) -> None:
        """Note that all events are stored now, up to number `sequence`."""
        self.loaded = len(self.events)
        self.sequence = sequence


def ordered(events: Iterable[Event]) -> str | None:
    """What a turn's events order to forget: `contact` (contact details), `all` (the conversation), or nothing."""
    orders = [event.value for event in events if isinstance(event, SlotSet) and event.key == ORDER and event.value]
    return orders[-1] if orders else None


def take_snapshot(tracker: DialogueStateTracker) -> Snapshot:
    """What `tracker` has come to."""
    changed = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    slots = {name: value for name, value in changed.items() if name != ORDER}
    return Snapshot(slots, tracker.active_loop_name, tracker.is_paused())


@lru_cache(maxsize=1)
def _classes() -> Mapping[str, type[Event]]:
    """Rasa searches all classes for each event that it reads; here they are looked up."""
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}


def read_event(data: Mapping[str, Any]) -> Event:
    """The event of its stored form; raises ValueError for a type that Rasa does not know."""
    kind = _classes().get(data["event"])
    event = kind._from_parameters(data) if kind else None
    if event is None:
        raise ValueError(f"no event of type {data['event']!r}")
    return event


def starts_turn(event: Event) -> bool:
    """Whether a turn begins here: the assistant listens, or, where it was cut short before, the visitor speaks."""
    return isinstance(event, UserUttered) or (
        isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME
    )


def cut(events: Sequence[Event]) -> Sequence[Event]:
    """`events` from the first beginning of a turn on; none where no turn begins in them."""
    first = next((place for place, event in enumerate(events) if starts_turn(event)), len(events))
    return events[first:]


def _stand_in(snapshot: Snapshot, tail: Sequence[Event]) -> list[Event]:
    """The events that stand for everything before `tail`: what the snapshot holds and the tail does not say itself."""
    replayed = DialogueStateTracker("", [])
    replayed.events.extend(tail)
    said = replayed.applied_events()
    told = {event.key for event in said if isinstance(event, SlotSet)}
    at = tail[0].timestamp
    events: list[Event] = [SlotSet(name, value, at) for name, value in snapshot.slots.items() if name not in told]
    if snapshot.loop and not any(isinstance(event, ActiveLoop) for event in said):
        events.append(ActiveLoop(snapshot.loop, at))
    if snapshot.paused and not any(isinstance(event, ConversationPaused) for event in said):
        events.append(ConversationPaused(at))
    # One more turn's beginning, or rules for the start of a conversation would take the tail's start for it.
    return [*events, ActionExecuted(ACTION_LISTEN_NAME, timestamp=at)]


def rebuild(
    conversation: str, slots: Iterable[Slot], events: Sequence[Event], before: Snapshot | None
) -> StoredTracker:
    """The tracker of `events`; where they are only a tail, `before` is the snapshot that completes them."""
    tracker = StoredTracker(conversation, slots)
    for event in (*(_stand_in(before, events) if before and events else ()), *events):
        tracker.update(event)
    return tracker
