"""One message in a hand-off: what was heard, when and where, and the form that it answers."""

from dataclasses import dataclass

from bot.assessment.heard import Heard
from bot.assessment.questions import option_of
from bot.handoff.fields import Purpose, Way
from bot.handoff.form import Form
from bot.handoff.state import Consented, Evidence
from bot.handoff.ways import WayWords, way_words

# A statement on these is no answer to any question of a hand-off ("delete my data").
ASIDE = frozenset({"privacy_data", "bot_identity"})


@dataclass(frozen=True)
class Turn:
    """A message as a hand-off hears it; `now` is in seconds since 1970, UTC."""

    heard: Heard
    form: Form
    now: float
    evidence: Evidence

    @property
    def ways(self) -> WayWords:
        """The words for the ways of contact."""
        return way_words(self.form)

    @property
    def aside(self) -> bool:
        """Whether the message is a statement on what a hand-off does not ask."""
        return self.heard.sure and self.heard.about in ASIDE

    @property
    def interrupts(self) -> bool:
        """Whether a message that does not answer the open question is one of its own, with something to say to it."""
        return self.aside or ((self.heard.asks or self.heard.small_talk) and self.heard.answerable)

    @property
    def refused(self) -> frozenset[Way]:
        """The ways that the message says no to."""
        return self.ways.refused(self.heard.text)

    @property
    def only_ways(self) -> frozenset[Way]:
        """The ways that the message leaves as the only ones."""
        return self.ways.only_ways(self.heard.text)

    def option(self, name: str, exactly: bool = False) -> str | None:
        """The option of a field's question that the message means."""
        option = option_of(self.form.questions.of(name).options, self.heard.text, exactly)
        return option.id if option else None

    def record(self, purpose: Purpose, given: bool, shown: str) -> Consented:
        """The answer on a purpose, as it is kept."""
        wording, consents = self.form.consents.of(purpose), self.form.consents
        return Consented(
            purpose=purpose,
            given=given,
            wording_id=wording.id,
            version=consents.version,
            language=consents.language,
            shown=shown,
            at=self.now,
            channel=self.evidence.channel,
            message_id=self.evidence.message_id,
        )
