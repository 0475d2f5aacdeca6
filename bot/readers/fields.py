"""The reader of each field of `strand extract`, under the field's name."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.readers.age import read_age
from bot.readers.duration import read_duration
from bot.readers.email import read_email
from bot.readers.name import read_name
from bot.readers.phone import read_phone
from bot.readers.yes_no import read_yes_no

Value = int | str | list[str] | None
Reader = Callable[[str, "Setting"], Value]


@dataclass(frozen=True)
class Setting:
    """What a reader has to know besides the text: the day, and where a telephone number without a code belongs.

    `findings` reads the findings of a text; its names are data, which the caller has to have read.
    """

    today: date
    region: str = "US"
    findings: Callable[[str], list[str]] | None = None


def _read_conditions(text: str, setting: Setting) -> list[str]:
    if setting.findings is None:
        raise ValueError("conditions are read with names of findings, and the setting has none")
    return setting.findings(text)


CONDITIONS = "conditions"
# A field that is added here is a field of `strand extract`.
READERS: dict[str, Reader] = {
    "age": lambda text, setting: read_age(text, setting.today),
    "email": lambda text, setting: read_email(text),
    "phone": lambda text, setting: read_phone(text, setting.region),
    "name": lambda text, setting: read_name(text),
    "duration_months": lambda text, setting: read_duration(text, setting.today),
    "yes_no": lambda text, setting: read_yes_no(text),
    CONDITIONS: _read_conditions,
}


def read_field(field: str, text: str, setting: Setting) -> Value:
    """What the reader of `field`, a key of READERS, takes from the text."""
    return READERS[field](text, setting)
