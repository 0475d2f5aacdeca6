"""Conversations: the list, the transcript with its reasons, and single messages in clear."""

from aiohttp import web

from bot.staff.conversations.overview import conversations_page
from bot.staff.conversations.page import conversation_news, conversation_page, reveal


def add_routes(app: web.Application) -> None:
    """Add the pages below `/conversations`."""
    one = "/conversations/{conversation}"
    app.router.add_get("/conversations", conversations_page, name="conversations")
    app.router.add_get(one, conversation_page, name="conversation")
    app.router.add_get(f"{one}/news", conversation_news, name="conversation_news")
    app.router.add_post(f"{one}/reveal", reveal, name="conversation_reveal")
