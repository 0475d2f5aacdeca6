"""Puts the roles together: checks what they need, serves them, and ends when it is told to."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.inputs import model_path
from bot.errors import ModelMissing, SettingError
from bot.leads.delivery.role import deliver
from bot.leads.delivery.targets import read_targets
from bot.settings import Settings
from bot.storage.database import Database, open_database
from bot.storage.schema import prepare, require_current

if TYPE_CHECKING:
    from bot.dialogue.assistant import Assistant

ROLES = ("chat", "delivery")
QUESTION = "What is stem cell treatment for thinning hair?"


async def serve(
    settings: Settings, roles: Sequence[str], on_ready: Callable[[str], None], model: Path | None = None
) -> None:
    """Serve `roles` until SIGTERM or SIGINT; then the turns and the deliveries in progress are finished, within
    `stop_seconds`.

    `on_ready` gets the address of the chat, like http://127.0.0.1:8080, once a real question was answered; without the
    chat it gets the names of the targets. `model` is that of the present inputs unless given. Raises SettingError for
    a role that does not exist, targets that cannot be used or an address that cannot be served, SchemaOutdated,
    DatabaseUnavailable, ModelMissing, KnowledgeError.
    """
    _require_roles(roles)
    targets = ", ".join(target.name for target in read_targets(settings))
    database = open_database(settings.database, settings.database_seconds)
    async with AsyncExitStack() as last:
        last.callback(database.close)
        async with AsyncExitStack() as playing:
            ready = f"deliveries to {targets or 'nobody: no target is set'}"
            if "chat" in roles:
                ready = await playing.enter_async_context(_chat(settings, database, model))
            else:
                await _require_schema(settings, database)
            stop = playing.enter_context(_told_to_stop())
            # Told to stop, it finishes beside the chat, which ends first here.
            delivery = _delivery(settings, database, stop) if "delivery" in roles else None
            if delivery:
                last.push_async_callback(_ended, delivery, stop)
            on_ready(ready)
            await stop.wait()


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


@contextmanager
def _address_errors(settings: Settings) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        where = f"{settings.host} port {settings.port}"
        raise SettingError(f"{where} cannot be served: {reason}; STRAND_HOST and STRAND_PORT set others") from error


def _bind(settings: Settings) -> socket.socket:
    """The address, taken early: a port in use is noticed before the model is loaded."""
    with _address_errors(settings):
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
        except OSError:
            listener.close()
            raise
        return listener


async def _require_schema(settings: Settings, database: Database) -> None:
    require = prepare if settings.env == "development" else require_current
    await database.run(lambda session: require(session.connection()))


@asynccontextmanager
async def _chat(settings: Settings, database: Database, model: Path | None) -> AsyncIterator[str]:
    """The chat role, which answers at the address that is given, until the end of the block."""
    with closing(_bind(settings)) as listener:
        await _require_schema(settings, database)
        # Imported here, since Rasa takes seconds: what stands in the way is said before that.
        from bot.chat.role import answering
        from bot.dialogue.assistant import load

        assistant = await load(model or model_path(settings))
        try:
            await _rehearse(assistant)
            async with AsyncExitStack() as stack:
                with _address_errors(settings):
                    await stack.enter_async_context(answering(settings, database, assistant, listener))
                yield _address(listener)
        finally:
            await assistant.close(settings.stop_seconds)


async def _rehearse(assistant: "Assistant") -> None:
    messages = await assistant.rehearse(QUESTION)
    if any(message.get("custom", {}).get("kind") == "error" for message in messages):
        raise ModelMissing("the assistant could not answer a question, the log says why: run ./strand train")


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


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
