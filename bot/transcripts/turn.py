"""The turn that is under way: whether what it leads to may still be kept."""

from contextvars import ContextVar
from dataclasses import dataclass

from bot.errors import StrandError, TurnAbandoned


@dataclass
class Turn:
    """One message and its answer; `failure` is the first thing that went wrong.

    What a turn leads to that is not `kept`, a rehearsal's or a try's, goes with the process.
    """

    failure: StrandError | None = None
    kept: bool = True

    def fail(self, error: StrandError) -> None:
        """Note that nothing of this turn may be kept, and why."""
        self.failure = self.failure or error

    def require_sound(self) -> None:
        """Raises TurnAbandoned where the turn has failed."""
        if self.failure:
            raise TurnAbandoned(f"the turn is not kept: {self.failure}") from self.failure


current_turn: ContextVar[Turn | None] = ContextVar("current_turn", default=None)
