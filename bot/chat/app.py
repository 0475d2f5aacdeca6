"""The chat role's web application: the web chat, the reference REST channel, and whatever else is given its places."""

from collections.abc import Callable, Sequence

from aiohttp import web

from bot.chat.answers import errors_as_json
from bot.chat.files import add_files
from bot.chat.headers import set_headers
from bot.chat.origins import Origins, only_allowed
from bot.chat.readiness import Check, Readiness, health
from bot.chat.rest import RestChannel
from bot.chat.web.routes import add_web_chat
from bot.dialogue.intake import Intake
from bot.dialogue.rest_message import MOST_BYTES
from bot.dialogue.turns import Turns
from bot.settings import Settings

AddRoutes = Callable[[web.Application], None]


def make_app(
    settings: Settings, turns: Turns, check: Check, intake: Intake | None = None, others: Sequence[AddRoutes] = ()
) -> web.Application:
    """The application; `check` raises StrandError where a message could not be answered and stored now.

    The web chat is there where there is an inbox. `others` add places of their own. Raises SettingError for origins
    that are none.
    """
    guard = only_allowed(Origins(settings))
    app = web.Application(client_max_size=MOST_BYTES, middlewares=[guard, errors_as_json])
    app.on_response_prepare.append(set_headers)  # type: ignore[arg-type]  # aiohttp's own type is one call too deep
    app.router.add_get("/health", health)
    app.router.add_get("/ready", Readiness(check, intake.database if intake else None).ready)
    RestChannel(settings, turns).add_routes(app)
    add_files(app)
    if intake:
        add_web_chat(app, settings, intake)
    for add_routes in others:
        add_routes(app)
    return app
