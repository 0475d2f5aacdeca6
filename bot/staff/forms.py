"""Reads what forms and addresses hold, strictly; what does not fit is refused in words."""

from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from bot.errors import FormRefused

LONGEST = 2000


class Form:
    """The fields of a form, or of an address's query. Every method raises FormRefused for what cannot be used."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields

    def text(self, name: str, longest: int = LONGEST) -> str:
        """A text without the space around it; empty where there is none."""
        value = self._fields.get(name, "")
        if not isinstance(value, str) or "\0" in value:
            raise FormRefused(f"{_words(name)} is no text")
        if len(value.strip()) > longest:
            raise FormRefused(f"{_words(name)} is too long: at most {longest} characters")
        return value.strip()

    def secret(self, name: str) -> str:
        """A text exactly as it was typed, for passwords; empty where there is none."""
        value = self._fields.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST:
            raise FormRefused(f"{_words(name)} is too long: at most {LONGEST} characters")
        return value

    def required(self, name: str, longest: int = LONGEST) -> str:
        """A text that may not be empty."""
        text = self.text(name, longest)
        if not text:
            raise FormRefused(f"{_words(name)} is missing")
        return text

    def choice(self, name: str, options: Collection[str]) -> str:
        """One of `options`."""
        text = self.text(name)
        if text not in options:
            raise FormRefused(f"{_words(name)} is none of {', '.join(options)}")
        return text

    def optional_choice(self, name: str, options: Collection[str]) -> str | None:
        """One of `options`, or None where nothing is chosen."""
        return self.choice(name, options) if self.text(name) else None

    def number(self, name: str) -> int:
        """A whole number from 0 up."""
        text = self.text(name, longest=18)
        if not (text.isascii() and text.isdigit()):
            raise FormRefused(f"{_words(name)} is no number")
        return int(text)

    def several(self, name: str) -> list[str]:
        """All values of a name, such as those of ticked boxes."""
        found = self._fields.getall(name, []) if hasattr(self._fields, "getall") else [self._fields.get(name)]
        return [value for value in found if isinstance(value, str)]


async def sent(request: web.Request) -> Form:
    """The form that was sent. Raises FormRefused where it cannot be read as one."""
    try:
        return Form(await request.post())
    except (ValueError, LookupError, AssertionError, RuntimeError) as error:  # aiohttp's own, for a broken body
        raise FormRefused("the form cannot be read") from error


def asked(request: web.Request) -> Form:
    """The address's query."""
    return Form(request.query)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
