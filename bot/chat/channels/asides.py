"""What is said on a channel outside of any turn: that something cannot be read, came too fast, or was stopped."""

from bot.chat.channels.channel import Kind, Unread, Wish
from bot.chat.limits import Limiter
from bot.dialogue.intake import Intake, News
from bot.knowledge.library import open_library
from bot.knowledge.phrases import Phrases
from bot.leads import opt_outs
from bot.settings import Settings
from bot.storage.types import utc_now
from bot.transcripts import asides, replies
from bot.transcripts.asides import UNREAD
from bot.transcripts.inbox import Inbound


class Asides:
    """Puts sentences into the queue of replies; every method but `has_stopped` raises DatabaseUnavailable, and then
    nothing was said or done."""

    def __init__(self, settings: Settings, intake: Intake) -> None:
        self._settings, self._intake = settings, intake
        self._told = Limiter(1)

    @property
    def _phrases(self) -> Phrases:
        return open_library(self._settings.knowledge_dir).current.phrases

    def _filled(self, phrase: str, wish: Wish) -> str | None:
        """A phrase with the clinic's name; None where the provider has said something of the kind."""
        return None if wish.told else phrase.format(clinic=self._settings.clinic)

    def _tell(self, conversation: str | None) -> None:
        if conversation:
            self._intake.tell(News(conversation))

    async def has_stopped(self, asked: Inbound) -> bool:
        """Whether the sender wants nothing sent."""
        return await self._intake.database.run(
            lambda session: replies.opted_out(session, asked.channel, asked.address), read_only=True
        )

    async def stop(self, wish: Wish) -> None:
        """Send nothing more after one confirmation."""
        text, now = self._filled(self._phrases.texts_stopped, wish), utc_now()
        self._tell(
            await self._intake.database.run(
                lambda session: opt_outs.stop(session, wish.asked, text, self._settings, now)
            )
        )

    async def start(self, wish: Wish) -> None:
        """Answer someone again who had stopped."""
        text, now = self._filled(self._phrases.texts_resumed, wish), utc_now()
        self._tell(await self._intake.database.run(lambda session: opt_outs.start(session, wish.asked, text, now)))

    async def help(self, wish: Wish) -> None:
        """Say who writes, how to reach a person and how to stop."""
        text = self._filled(self._phrases.texts_help, wish)
        if text:
            await self._say_once(wish.asked, text)

    async def unread(self, channel: str, event: Unread) -> None:
        """Say once that something cannot be read."""
        await self._say_once(Inbound(channel, event.address, event.message_id, ""), self._sentence(event.kind))

    def _sentence(self, kind: Kind) -> str:
        phrases = self._phrases
        sentences: dict[Kind, str] = {
            "attachment": phrases.words_only,
            "edit": phrases.edits_unread,
            "group": phrases.not_in_groups,
        }
        return sentences[kind]

    async def _say_once(self, asked: Inbound, text: str) -> None:
        now = utc_now()
        self._tell(await self._intake.database.run(lambda session: asides.say_once(session, asked, text, UNREAD, now)))

    async def too_much(self, channel: str, address: str) -> None:
        """Say, at most once a minute, that not everything was read."""
        if self._told.take(f"{channel} {address}"):
            return
        asked, now = Inbound(channel, address, "", ""), utc_now()
        self._tell(
            await self._intake.database.run(
                lambda session: asides.say(session, asked, self._phrases.too_much, UNREAD, now)
            )
        )
