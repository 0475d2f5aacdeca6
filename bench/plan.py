"""How much is measured: enough for steady medians, or little for a quick look."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """Numbers of turns, conversations, seconds and repetitions; `marks` are the turns whose latency is shown."""

    marks: tuple[int, ...] = (50, 200, 500)
    reach: int = 5
    chunk: int = 25
    fresh_conversations: int = 15
    fresh_turns: int = 7
    action_turns: int = 10
    load_seconds: float = 8.0
    load_rounds: int = 3
    load_turns: int = 10
    crowd: int = 32
    starts: int = 3
    parse_rounds: int = 10
    submits: int = 300
    messages: int = 3000
    old_messages: int = 1_000_000
    listed_leads: int = 1_000_000
    door_turns: int = 200
    idle_chats: int = 2000
    idle_turns: int = 100
    idle_seconds: float = 40.0  # a heartbeat of each comes within it
    crowd_chats: int = 200
    crowd_turns: int = 10

    @property
    def long_turns(self) -> int:
        """The turns of the long conversation."""
        return max(self.marks) + self.reach


FULL = Plan()
QUICK = Plan(
    marks=(20,),
    reach=2,
    chunk=11,
    fresh_conversations=5,
    load_seconds=2.0,
    load_rounds=1,
    starts=1,
    parse_rounds=3,
    submits=100,
    messages=1000,
    old_messages=100_000,
    listed_leads=50_000,
    door_turns=40,
    idle_turns=30,
    idle_seconds=2.0,
    crowd_turns=3,
)
