"""What a row of the audit changed, in a form that people read; pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.staff.wording import titled

NOTHING = "—"


@dataclass(frozen=True)
class Difference:
    """One thing that was `before` and is `after`; either is a dash where there was nothing."""

    name: str
    before: str
    after: str


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """What differs between two pictures of the same thing, in the order of the later one; what is equal is left out."""
    old, new = before or {}, after or {}
    names = [*new, *(name for name in old if name not in new)]
    changed = [name for name in names if old.get(name) != new.get(name)]
    return [Difference(titled(name), _text(old.get(name)), _text(new.get(name))) for name in changed]


def _text(value: Any) -> str:
    if value is None or value == [] or value == {} or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {_text(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
