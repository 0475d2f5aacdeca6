"""Taking a conversation over: staff talk with the visitor, the assistant is silent, until it is given back."""

from aiohttp import web

from bot.staff.takeover import views


def add_routes(app: web.Application) -> None:
    """Add what the panel on a conversation's page sends."""
    app.router.add_post("/conversations/{conversation}/join", views.join, name="conversation_join")
    app.router.add_post("/conversations/{conversation}/say", views.say, name="conversation_say")
    app.router.add_post("/conversations/{conversation}/typing", views.types, name="conversation_typing")
    app.router.add_post("/conversations/{conversation}/leave", views.leave, name="conversation_leave")
