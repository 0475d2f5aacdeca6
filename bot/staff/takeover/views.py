"""What staff do in a conversation: join it, say something, give it back; both ends are in the audit."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.errors import StorageError, TakeoverRefused
from bot.leads import audit
from bot.staff import forms
from bot.staff.access import account_of
from bot.staff.context import CHAT, CLOCK, DATABASE, SETTINGS
from bot.staff.gaps.visible import may_look
from bot.staff.pages import render, see
from bot.staff.takeover import words
from bot.staff.takeover.panel import MOST_CHARACTERS, home_of
from bot.transcripts import takeover

TEXT = "text"
LATEST = "#latest"  # where the transcript ends
READ_CHARACTERS = 100_000  # what is too long to be sent is shown again
LATER = "The database gives no answer. Your text is below: try again in a moment."
TOO_LONG = f"This is too long: at most {MOST_CHARACTERS} characters."


async def join(request: web.Request) -> web.Response:
    """Silence the assistant and tell the visitor that a person is here."""
    name, now = account_of(request).name, request.app[CLOCK]()
    said = await words.joined(request.app[SETTINGS])

    def work(session: Any, conversation: str) -> None:
        if takeover.join(session, conversation, name, said, now):
            audit.append(session, f"staff:{name}", "conversation.joined", conversation, None, None, now)

    return await _done(request, work, "You are in this conversation. The assistant is silent.", LATEST)


async def leave(request: web.Request) -> web.Response:
    """Give the conversation back to the assistant; an administrator can do so for others."""
    account, now = account_of(request), request.app[CLOCK]()
    said = await words.left(request.app[SETTINGS])

    def work(session: Any, conversation: str) -> None:
        taken = takeover.present(session, conversation)
        whose = taken.staff if taken and account.may("admin") else account.name
        takeover.leave(session, conversation, whose, said, now, by=account.name)
        audit.append(session, f"staff:{account.name}", "conversation.left", conversation, None, None, now)

    return await _done(request, work, "Given back: the assistant answers again.")


async def say(request: web.Request) -> web.Response:
    """Say something to the visitor; where that fails, the text is there to be sent again."""
    name, now = account_of(request).name, request.app[CLOCK]()
    text = (await forms.sent(request)).text(TEXT, longest=READ_CHARACTERS).replace("\r\n", "\n")
    if not text:
        return await _unsent(request, text, "There are no words in it.", 400)
    if len(text) > MOST_CHARACTERS:
        return await _unsent(request, text, TOO_LONG, 400)
    try:
        return await _done(
            request, lambda session, where: takeover.say(session, where, name, text, now), "Sent.", LATEST
        )
    except StorageError:
        return await _unsent(request, text, LATER, 503)
    except web.HTTPConflict as refused:
        return await _unsent(request, text, refused.reason, 409)


async def types(request: web.Request) -> web.Response:
    """Show the visitor that somebody types; nothing is written."""
    conversation, name, account = _conversation(request), account_of(request).name, account_of(request)

    def work(session: Any) -> None:
        if not may_look(session, account, conversation):
            raise web.HTTPForbidden
        takeover.types(session, conversation, name)

    try:
        await request.app[DATABASE].run(work)
    except TakeoverRefused as refused:
        raise _refusal(refused) from refused
    request.app[CHAT].tell(conversation, True)
    return web.Response(status=204)


async def _done(request: web.Request, work: Callable[[Any, str], None], said: str, place: str = "") -> web.Response:
    """Do something in a conversation in which no turn is under way, and go back to its page, or to a place on it."""
    conversation, account = _conversation(request), account_of(request)

    def guarded(session: Any) -> None:
        if not may_look(session, account, conversation):
            raise web.HTTPForbidden
        work(session, conversation)

    try:
        async with request.app[CHAT].hold(conversation):
            await request.app[DATABASE].run(guarded)
    except TakeoverRefused as refused:
        raise _refusal(refused) from refused
    request.app[CHAT].tell(conversation, False)
    return await see(request, home_of(conversation) + place, said)


def _refusal(refused: TakeoverRefused) -> web.HTTPException:
    if refused.gone:
        return web.HTTPNotFound(reason=str(refused))
    return web.HTTPConflict(reason=str(refused))


async def _unsent(request: web.Request, text: str, wrong: str, status: int) -> web.Response:
    """The text again, with what stands in its way."""
    page = {"home": home_of(_conversation(request)), "text": text, "wrong": wrong, "most": MOST_CHARACTERS}
    return await render(request, "takeover/unsent.html", status, **page)


def _conversation(request: web.Request) -> str:
    return request.match_info["conversation"]
