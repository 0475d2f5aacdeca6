"""Reads what forms and addresses hold, strictly; what does not fit is refused in words."""

from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from bot.errors import FormRefused
from bot.staff.wording import titled

LONGEST = 2000
# What the pages call their fields, where that is not the name in words.
TITLES: Mapping[str, str] = {
    "act": "What to do",
    "actor": "Who",
    "after": "The page",
    "assignee": "Assigned to",
    "days": "Period",
    "more": "In your own words",
    "noted": "The hash",
    "q": "Search",
    "since": "From",
    "sort": "Order",
    "typed": "What you typed",
    "who": "Whose record",
    "zone": "Time zone",
}
# What aiohttp raises for a body that is damaged, or that breaks off.
BROKEN = (ValueError, LookupError, AssertionError, RuntimeError, web.RequestPayloadError, ConnectionResetError)


class Form:
    """The fields of a form, or of an address's query. Every method raises FormRefused for what cannot be used."""

    def __init__(self, fields: Mapping[str, Any], titles: Mapping[str, str] = TITLES) -> None:
        self._fields = fields
        self._titles = titles

    def title(self, name: str) -> str:
        """What the page calls a field."""
        return self._titles.get(name) or titled(name)

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text without the space around it; empty where there is none."""
        value = self._fields.get(name, "")
        if not isinstance(value, str) or not is_text(value):
            raise FormRefused(f"{self.title(name)} is no text")
        if len(value.strip()) > longest:
            raise FormRefused(f"{self.title(name)} is too long: at most {longest} characters")
        return value.strip()

    def secret(self, name: str) -> str:
        """A text exactly as it was typed, for passwords; empty where there is none."""
        value = self._fields.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST:
            raise FormRefused(f"{self.title(name)} is too long: at most {LONGEST} characters")
        return value

    def required(self, name: str, longest: int = LONGEST) -> str:
        """A text that may not be empty."""
        text = self.text(name, longest)
        if not text:
            raise FormRefused(f"{self.title(name)} is missing")
        return text

    def choice(self, name: str, options: Collection[str]) -> str:
        """One of `options`."""
        text = self.text(name)
        if text not in options:
            raise FormRefused(f"{self.title(name)} is none of those that the page offers")
        return text

    def optional_choice(self, name: str, options: Collection[str]) -> str | None:
        """One of `options`, or None where nothing is chosen."""
        return self.choice(name, options) if self.text(name) else None

    def number(self, name: str) -> int:
        """A whole number from 0 up."""
        text = self.text(name, longest=18)
        if not (text.isascii() and text.isdigit()):
            raise FormRefused(f"{self.title(name)} is no number")
        return int(text)

    def several(self, name: str) -> list[str]:
        """All values of a name, such as those of ticked boxes."""
        found = self._fields.getall(name, []) if hasattr(self._fields, "getall") else [self._fields.get(name)]
        return [value for value in found if isinstance(value, str) and is_text(value)]


async def sent(request: web.Request, **titles: str) -> Form:
    """The form that was sent; `titles` are what its page calls fields.

    Raises FormRefused where it cannot be read as one.
    """
    try:
        return Form(await request.post(), {**TITLES, **titles})
    except BROKEN as error:
        raise FormRefused("the form cannot be read") from error


def asked(request: web.Request, **titles: str) -> Form:
    """The address's query; `titles` are what its page calls fields."""
    return Form(request.query, {**TITLES, **titles})


def is_text(part: str) -> bool:
    """Whether it is something that a database can look for: neither a NUL nor half a character is in it."""
    return "\0" not in part and not any("\ud800" <= letter <= "\udfff" for letter in part)
