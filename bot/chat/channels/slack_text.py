"""Slack's way of writing texts: its three escaped signs, and its links and names in angle brackets."""

import re
from typing import Any

SECTION_CHARACTERS = 3000
LONGEST_ESCAPED = len("&amp;")
REFERENCE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
ADDRESSES = ("mailto:", "tel:")


def escape(text: str) -> str:
    """A text as Slack wants it, in which nothing is a link or a name by Slack's own marks."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What a person typed, from what Slack made of it: a mail address is that again, and not a link to it."""
    plain = REFERENCE.sub(_typed, text)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _typed(found: re.Match[str]) -> str:
    target, label = found.group(1), found.group(2)
    if target.startswith(("@", "!")):
        return f"@{label}" if label else ""
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if label:
        return label
    return next((target[len(kind) :] for kind in ADDRESSES if target.startswith(kind)), target)


def sections(text: str) -> list[dict[str, Any]]:
    """A text as blocks, of which each has room for so many signs, escaped."""
    most = SECTION_CHARACTERS if len(escape(text)) <= SECTION_CHARACTERS else SECTION_CHARACTERS // LONGEST_ESCAPED
    pieces = [text[place : place + most] for place in range(0, len(text), most)]
    return [{"type": "section", "text": {"type": "mrkdwn", "text": escape(piece)}} for piece in pieces]
