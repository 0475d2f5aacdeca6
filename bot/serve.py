"""Puts the roles together: checks what they need, serves them, and ends when it is told to."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.inputs import model_path
from bot.errors import ModelMissing, SettingError
from bot.hours import read_hours
from bot.leads.delivery.role import deliver
from bot.leads.delivery.targets import read_targets
from bot.listening import Place, address_of
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.schema import prepare, require_current

if TYPE_CHECKING:
    from bot.dialogue.assistant import Assistant
    from bot.dialogue.intake import Intake
    from bot.language.encoder import Encoder
    from bot.staff.context import ChatLink, Vectors

ROLES = ("chat", "staff", "delivery")
QUESTION = "What is stem cell treatment for thinning hair?"


@dataclass(frozen=True)
class Ready:
    """What is served: the addresses of the chat and of the console, like http://127.0.0.1:8080, where they are played,
    and the names of the targets that leads go to."""

    chat: str | None = None
    console: str | None = None
    targets: Sequence[str] = ()


async def serve(
    settings: Settings, roles: Sequence[str], on_ready: Callable[[Ready], None], model: Path | None = None
) -> None:
    """Serve `roles` until SIGTERM or SIGINT; then the turns and the deliveries in progress are finished, within
    `stop_seconds`.

    `on_ready` is called once all is served and, with the chat, a real question was answered. `model` is that of the
    present inputs unless given. Raises SettingError for a role that does not exist, targets or hours that cannot be
    used or an address that cannot be served, SchemaOutdated, DatabaseUnavailable, ModelMissing, KnowledgeError.
    """
    _require_roles(roles)
    read_hours(settings)
    targets = tuple(target.name for target in read_targets(settings))
    database = open_database(settings.database, settings.database_seconds)
    async with AsyncExitStack() as last:
        last.callback(database.close)
        async with AsyncExitStack() as playing:
            chat, console = await _serve_pages(settings, database, roles, model, playing)
            stop = playing.enter_context(_told_to_stop())
            # Told to stop, it finishes beside the chat, which ends first here.
            delivery = _delivery(settings, database, stop) if "delivery" in roles else None
            if delivery:
                last.push_async_callback(_ended, delivery, stop)
            on_ready(Ready(chat, console, targets))
            await stop.wait()


async def _serve_pages(
    settings: Settings, database: Database, roles: Sequence[str], model: Path | None, playing: AsyncExitStack
) -> tuple[str | None, str | None]:
    """The chat and the console, where they are wanted; their addresses, both of which are taken before anything is
    loaded."""
    chat_place = Place(settings.host, settings.port, "STRAND_HOST and STRAND_PORT")
    console_place = Place(settings.staff_host, settings.staff_port, "STRAND_STAFF_HOST and STRAND_STAFF_PORT")
    places = {"chat": chat_place, "staff": console_place}
    taken = {role: playing.enter_context(closing(place.bind())) for role, place in places.items() if role in roles}
    await _require_schema(settings, database)
    intake = None
    if "chat" in taken:
        with chat_place.errors():
            intake = await playing.enter_async_context(_chat(settings, database, model, taken["chat"]))
    if "staff" in taken:
        from bot.staff.role import open_console

        link = _link(database, intake)
        with console_place.errors():
            await playing.enter_async_context(open_console(settings, database, link, taken["staff"]))
    addresses = {role: address_of(listener) for role, listener in taken.items()}
    return addresses.get("chat"), addresses.get("staff")


def _delivery(settings: Settings, database: Database, stop: asyncio.Event) -> "asyncio.Task[None]":
    """The delivery role, under way; should it end by itself, so does the program."""
    task = asyncio.create_task(deliver(settings, database, stop))
    task.add_done_callback(lambda _: stop.set())
    return task


async def _ended(task: "asyncio.Task[None]", stop: asyncio.Event) -> None:
    stop.set()
    await task


def _require_roles(roles: Sequence[str]) -> None:
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise SettingError(f"there is no role {unknown[0] if unknown else 'given'}; the roles are {', '.join(ROLES)}")


async def _require_schema(settings: Settings, database: Database) -> None:
    require = prepare if settings.env == "development" else require_current
    await database.run(lambda session: require(session.connection()))


@asynccontextmanager
async def _chat(
    settings: Settings, database: Database, model: Path | None, listener: socket.socket
) -> AsyncIterator["Intake"]:
    """The chat role, which answers at `listener`'s address, until the end of the block; yields its inbox."""
    # Imported here, since Rasa takes seconds: what stands in the way is said before that.
    from bot.chat.role import answering
    from bot.dialogue.assistant import load

    assistant = await load(model or model_path(settings))
    try:
        await _rehearse(assistant)
        async with answering(settings, database, assistant, listener) as intake:
            yield intake
    finally:
        await assistant.close(settings.stop_seconds)


async def _rehearse(assistant: "Assistant") -> None:
    messages = await assistant.rehearse(QUESTION)
    if any(message.get("custom", {}).get("kind") == "error" for message in messages):
        raise ModelMissing("the assistant could not answer a question, the log says why: run ./strand train")


def _link(database: Database, intake: "Intake | None") -> "ChatLink":
    """How the console reaches the conversations: through the chat of this process, or through the database."""
    from bot.staff.context import ChatLink, no_chat

    @lru_cache(maxsize=1)
    def encoder() -> "Encoder":
        from bot.language.encoder import load
        from bot.language.encoder_component import encoder_cache

        return load(encoder_cache())

    def encode(texts: Sequence[str]) -> "Vectors":
        from bot.language.encoder import SENTENCE

        vectors: Vectors = encoder().encode_many(texts)[:, :SENTENCE].tolist()
        return vectors

    if intake is None:
        return no_chat(database, encode)
    from bot.dialogue.intake import News

    chat = intake
    return ChatLink(
        chat.hold,
        lambda conversation, typing: chat.tell(News(conversation, typing=typing)),
        encode,
        lambda conversation: chat.tell(News(conversation, ended=True)),
    )


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """An event that the first signal sets; after the block a signal ends the process as it would any other."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
