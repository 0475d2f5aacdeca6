"""Marks a turn from the transcript that it stands in."""

from typing import cast, get_args
from urllib.parse import urlsplit

from aiohttp import web

from bot.staff import forms
from bot.staff.access import account_of, local_path
from bot.staff.context import CLOCK, DATABASE
from bot.staff.gaps import acts
from bot.staff.pages import see
from bot.transcripts.reviews import Verdict

SAID = {
    "wrong": "Marked as a wrong answer: its question is among the gaps.",
    "missing": "Marked as one that should have been answered: it is among the gaps.",
    None: "The mark was taken back.",
}


async def mark(request: web.Request) -> web.Response:
    """Mark a turn of a conversation, or take its mark back, and go back to where it stands."""
    form = await forms.sent(request)
    verdict = cast(Verdict | None, form.optional_choice("verdict", get_args(Verdict)))
    turn = (request.match_info["conversation"], form.number("sequence"))
    account, now = account_of(request), request.app[CLOCK]()
    await request.app[DATABASE].run(lambda session: acts.mark(session, turn, verdict, account, now))
    return await see(request, f"{_back(request)}#turn-{turn[1]}", SAID[verdict])


def _back(request: web.Request) -> str:
    """The page that the transcript was read on: the conversation's, or a lead's."""
    own = request.rel_url.raw_path.removesuffix("/mark")
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return own
    back = local_path(f"{came.path}?{came.query}" if came.query else came.path)
    return back if came.netloc == request.host and back.startswith((own, "/leads/")) else own
