"""The page of one conversation, what is new in it, and one message of it in clear."""

from datetime import datetime

import aiohttp_jinja2
from aiohttp import web
from sqlalchemy.orm import Session

from bot.leads import audit
from bot.leads.conversations import handed_over
from bot.staff import forms
from bot.staff.access import ACCOUNT, account_of, came_from
from bot.staff.accounts import Account
from bot.staff.context import CLOCK, DATABASE
from bot.staff.conversations.shown import shown_in_clear
from bot.staff.conversations.transcript import Transcript, home_of, is_closed, known_of, news, transcript
from bot.staff.guard import token_of
from bot.staff.pages import render, zone_of
from bot.staff.takeover.panel import panel
from bot.staff.wording import channel_title
from bot.transcripts.review_reading import one_turn
from bot.transcripts.review_turns import ReviewTurn

REVEALED = "transcript.revealed"
LONGEST_REASON = 300
FOR_CLINICIANS = "This conversation is for clinicians: its lead is in their queue."


async def conversation_page(request: web.Request) -> web.Response:
    """The transcript with its reasons, what is known beside it, and what staff can do."""
    conversation = request.match_info["conversation"]
    shown = await transcript(request, conversation)
    _require_open(shown)
    channel = channel_title(shown.facts.channel if shown.facts else None)
    own = await panel(request, conversation)
    return await render(request, "conversations/page.html", transcript=shown, panel=own, channel=channel)


async def conversation_news(request: web.Request) -> web.Response:
    """What is new, as a fragment to append; 204 where nothing is."""
    after = forms.asked(request).number("after")
    shown = await news(request, request.match_info["conversation"], after)
    _require_open(shown)
    headers = {"X-News": shown.news or ""}
    if not shown.turns:
        return web.Response(status=204, headers=headers)
    # Not rendered as a page: that would take what the next page has to tell of the last change.
    context = {
        "transcript": shown,
        "account": request[ACCOUNT],
        "csrf": await token_of(request),
        "zone": zone_of(request),
    }
    response = aiohttp_jinja2.render_template("conversations/_turns.html", request, context)
    response.headers.update(headers)
    return response


async def reveal(request: web.Request) -> web.Response:
    """One message with its reply in clear, once the audit says who looked at it and why."""
    conversation, account, now = request.match_info["conversation"], account_of(request), request.app[CLOCK]()
    form = await forms.sent(request)
    sequence, reason = form.number("sequence"), form.required("reason", LONGEST_REASON)
    turn = await request.app[DATABASE].run(
        lambda session: _revealed(session, conversation, account, sequence, reason, now)
    )
    shown = shown_in_clear(turn, (await known_of(request)).library)
    page = came_from(request) or home_of(conversation)
    back, to_lead = f"{page}#turn-{sequence}", page.startswith("/leads/")
    return await render(request, "conversations/revealed.html", turn=shown, back=back, to_lead=to_lead, reason=reason)


def _require_open(shown: Transcript) -> None:
    if shown.closed:
        raise web.HTTPForbidden(reason=FOR_CLINICIANS)
    if shown.facts is None:
        raise web.HTTPNotFound


def _revealed(
    session: Session, conversation: str, account: Account, sequence: int, reason: str, now: datetime
) -> ReviewTurn:
    if is_closed(account, handed_over(session, conversation)):
        raise web.HTTPForbidden(reason=FOR_CLINICIANS)
    turn = one_turn(session, conversation, sequence)
    if turn is None:
        raise web.HTTPNotFound
    seen = {"sequence": sequence, "reason": reason}
    audit.append(session, f"staff:{account.name}", REVEALED, conversation, None, seen, now)
    return turn
