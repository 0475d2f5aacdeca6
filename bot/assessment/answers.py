"""What a visitor answered in the check: every value ever given per field, and which of them is current."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Status = Literal["current", "corrected", "cleared"]


@dataclass(frozen=True)
class Value:
    """One value of a field: `value` is a number, a code, or the visitor's words; None where no answer was given.

    `findings` are ids of the contract; a `corrected` value was replaced by a later one, or denied. Staff have
    `cleared` a corrected one that holds no longer.
    """

    field: str
    value: int | str | None = None
    findings: tuple[str, ...] = ()
    status: Status = "current"

    def as_data(self) -> dict[str, Any]:
        """The value as a slot keeps it."""
        return {"value": self.value, "findings": list(self.findings), "status": self.status}


@dataclass(frozen=True)
class Answers:
    """All values, oldest first."""

    values: tuple[Value, ...] = field(default=())

    def current(self, name: str) -> tuple[Value, ...]:
        """The values of a field that stand now."""
        return tuple(value for value in self.values if value.field == name and value.status == "current")

    def of(self, name: str) -> tuple[Value, ...]:
        """All values of a field."""
        return tuple(value for value in self.values if value.field == name)

    def standing(self) -> "Answers":
        """Without the values that staff have cleared."""
        return Answers(tuple(value for value in self.values if value.status != "cleared"))

    def number(self, name: str) -> int | None:
        """The current number of a field."""
        numbers = [value.value for value in self.current(name) if isinstance(value.value, int)]
        return numbers[-1] if numbers else None

    def replaced(self, *names: str) -> "Answers":
        """With every value of some fields marked as corrected."""
        return Answers(
            tuple(replace(value, status="corrected") if value.field in names else value for value in self.values)
        )

    def give(self, value: Value) -> "Answers":
        """With one more value, which stands beside what the field holds; the same one again changes nothing."""
        return self if value in self.values else Answers((*self.values, value))

    def answer(self, value: Value) -> "Answers":
        """With one more value, told where its field was asked: that there was none before is forgotten."""
        kept = tuple(one for one in self.values if one.field != value.field or one.value is not None)
        return Answers(kept if value.value is not None else self.values).give(value)

    def correct(self, value: Value) -> "Answers":
        """With a value in the place of those that the field holds."""
        return self if self.current(value.field) == (value,) else self.replaced(value.field).answer(value)

    def deny(self, findings: Iterable[str]) -> "Answers":
        """With the values that hold one of `findings` marked as corrected."""
        denied = set(findings)
        return Answers(
            tuple(
                replace(value, status="corrected") if denied & set(value.findings) else value for value in self.values
            )
        )

    def as_slots(self, names: Iterable[str]) -> dict[str, list[dict[str, Any]] | None]:
        """What the slot of each field holds: its values, or nothing."""
        return {name: [value.as_data() for value in self.of(name)] or None for name in names}


def read_answers(slots: Mapping[str, Any], names: Iterable[str]) -> Answers:
    """The answers that slots hold, field by field."""
    found = [
        Value(name, item["value"], tuple(item["findings"]), item["status"])
        for name in names
        for item in slots.get(name) or ()
    ]
    return Answers(tuple(found))
