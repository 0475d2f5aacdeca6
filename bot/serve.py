"""Puts the roles together: checks what they need, serves them, and ends when it is told to."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.cli.inputs import model_path
from bot.errors import ModelMissing, SettingError
from bot.settings import Settings
from bot.storage.database import open_database
from bot.storage.schema import prepare, require_current

if TYPE_CHECKING:
    from bot.dialogue.assistant import Assistant

ROLES = ("chat",)
QUESTION = "What is stem cell treatment for thinning hair?"


async def serve(
    settings: Settings, roles: Sequence[str], on_ready: Callable[[str], None], model: Path | None = None
) -> None:
    """Serve `roles` until SIGTERM or SIGINT; then the turns in progress are finished, within `stop_seconds`.

    `on_ready` gets the address, like http://127.0.0.1:8080, once a real question was answered. `model` is that of the
    present inputs unless given. Raises SettingError for a role that does not exist or an address that cannot be
    served, SchemaOutdated, DatabaseUnavailable, ModelMissing, KnowledgeError.
    """
    _require_roles(roles)
    with closing(_bind(settings)) as listener:
        await _require_schema(settings)
        # Imported here, since Rasa takes seconds: what stands in the way is said before that.
        from bot.dialogue.assistant import load

        assistant = await load(model or model_path(settings))
        try:
            await _rehearse(assistant)
            await _serve_until_told(settings, assistant, listener, on_ready)
        finally:
            await assistant.close(settings.stop_seconds)


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


async def _require_schema(settings: Settings) -> None:
    require = prepare if settings.env == "development" else require_current
    database = open_database(settings.database, settings.database_seconds)
    await database.run(lambda session: require(session.connection()))


async def _rehearse(assistant: "Assistant") -> None:
    messages = await assistant.rehearse(QUESTION)
    if any(message.get("custom", {}).get("kind") == "error" for message in messages):
        raise ModelMissing("the assistant could not answer a question, the log says why: run ./strand train")


async def _serve_until_told(
    settings: Settings, assistant: "Assistant", listener: socket.socket, on_ready: Callable[[str], None]
) -> None:
    from bot.chat.app import make_app

    app = make_app(settings, assistant.turns, assistant.check)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=settings.stop_seconds)
    await runner.setup()
    try:
        with _address_errors(settings):
            await web.SockSite(runner, listener).start()
        on_ready(_address(listener))
        await _told_to_stop()
    finally:
        await runner.cleanup()


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _told_to_stop() -> None:
    """Returns at the first signal; a second one ends the process as it would any other."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.remove_signal_handler(number)
