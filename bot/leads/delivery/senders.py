"""Opens the senders of the targets: they share one HTTP client, and end together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from bot.leads.delivery.email import EmailSender
from bot.leads.delivery.file import FileSender
from bot.leads.delivery.http import Poster
from bot.leads.delivery.links import console_address
from bot.leads.delivery.sending import Sender
from bot.leads.delivery.slack import SlackSender
from bot.leads.delivery.targets import EmailTarget, FileTarget, SlackTarget, Target
from bot.leads.delivery.webhook import WebhookSender
from bot.settings import Settings


@asynccontextmanager
async def open_senders(targets: Sequence[Target], settings: Settings) -> AsyncIterator[list[Sender]]:
    """A sender for each target, until the end of the block."""
    async with AsyncExitStack() as ends:
        poster = Poster(settings.webhook_private == "yes")
        ends.push_async_callback(poster.close)
        console = console_address(settings)
        yield [_sender(target, poster, console, ends) for target in targets]


def _sender(target: Target, poster: Poster, console: str, ends: AsyncExitStack) -> Sender:
    if isinstance(target, FileTarget):
        sender = FileSender(target)
        ends.callback(sender.close)
        return sender
    if isinstance(target, EmailTarget):
        return EmailSender(target, console)
    if isinstance(target, SlackTarget):
        return SlackSender(target, poster, console)
    return WebhookSender(target, poster)
