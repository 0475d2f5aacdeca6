"""What the knowledge base holds: entries, their claims, and the sources that these rest on."""

from datetime import date, timedelta
from typing import Literal

from pydantic import BaseModel, Extra, Field, validator

Kind = Literal["answer", "smalltalk", "refusal"]
Strength = Literal["strong", "moderate", "weak", "none"]


class _Frozen(BaseModel):
    class Config:
        frozen = True
        extra = Extra.forbid


class Source(_Frozen):
    """One item of the bibliography; `url` and `date` are empty where the source has none."""

    id: str
    title: str
    publisher: str
    url: str | None = None
    date: str | None = None
    kind: str
    strength: Literal["strong", "moderate", "weak"]


class Claim(_Frozen):
    """One statement of an entry with the ids of the sources that back it."""

    text: str
    sources: tuple[str, ...] = ()


class Entry(_Frozen):
    """One curated answer; `text` is the body of its file, `safety` says when to be seen."""

    id: str
    topic: str
    title: str
    short: str
    text: str
    kind: Kind = "answer"
    evidence: Strength
    claims: tuple[Claim, ...] = ()
    sources: tuple[str, ...] = ()
    reviewed_on: date
    reviewed_by: str
    review_every_days: int = Field(gt=0)
    related: tuple[str, ...] = ()
    facets: tuple[str, ...] = ()
    safety: str | None = None
    status: Literal["published", "draft"]

    @validator("claims", "sources", "related", "facets", pre=True)
    def _absent_is_empty(cls, value: object) -> object:  # noqa: N805  # pydantic's validators are class methods
        return value or ()

    @property
    def review_due(self) -> date:
        """The day on which the entry has to be compared with its sources again."""
        return self.reviewed_on + timedelta(days=self.review_every_days)
