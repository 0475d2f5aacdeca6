"""Links from messages into the staff console."""

from urllib.parse import quote

from bot.settings import Settings


def console_address(settings: Settings) -> str:
    """Where staff reach the console, like https://staff.clinic.example, without a slash at its end."""
    if settings.staff_url:
        return settings.staff_url.rstrip("/")
    host = f"[{settings.staff_host}]" if ":" in settings.staff_host else settings.staff_host
    return f"http://{host}:{settings.staff_port}"


def lead_link(console: str, reference: str) -> str:
    """The page of a lead."""
    return f"{console}/leads/{quote(reference, safe='')}"


def conversation_link(console: str, conversation: str) -> str:
    """The page of a conversation."""
    return f"{console}/conversations/{quote(conversation, safe='')}"


def dead_letters_link(console: str) -> str:
    """The page of the messages that were given up."""
    return f"{console}/deliveries"
