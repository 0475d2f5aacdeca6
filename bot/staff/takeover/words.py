"""What the visitor is told of a takeover, in words; they stand in files, which are read in a thread."""

import asyncio
from datetime import datetime

from bot.assessment.questions import read_questions
from bot.hours import in_words, read_hours
from bot.knowledge.library import open_library
from bot.knowledge.phrases import Phrases
from bot.settings import Settings
from bot.transcripts.takeover import Regret


def _phrases(settings: Settings) -> Phrases:
    return open_library(settings.knowledge_dir).current.phrases


async def joined(settings: Settings) -> str:
    """That a person is here, and the assistant is not."""
    return (await asyncio.to_thread(_phrases, settings)).staff_joined.format(clinic=settings.clinic)


async def left(settings: Settings) -> str:
    """That the assistant is back."""
    return (await asyncio.to_thread(_phrases, settings)).staff_left.format(clinic=settings.clinic)


async def regret(settings: Settings, now: datetime) -> Regret:
    """That nobody could answer, with the offer of a call; outside the hours, with when somebody is there."""
    return await asyncio.to_thread(_regret, settings, now)


def _regret(settings: Settings, now: datetime) -> Regret:
    said, answers = _phrases(settings), read_questions(settings.assessment_dir / "contact.yml").phrases
    return Regret(
        back=said.staff_left.format(clinic=settings.clinic),
        sorry=said.nobody_answered.format(clinic=settings.clinic),
        check_waits=said.check_waits,
        offer=(*_there_again(settings, said, now), said.call_offered),
        buttons=(answers["offer_yes"], answers["offer_no"]),
    )


def _there_again(settings: Settings, said: Phrases, now: datetime) -> tuple[str, ...]:
    hours = read_hours(settings)
    opening = hours.next_opening(now) if hours and not hours.is_open(now) else None
    return (said.there_again.format(when=in_words(opening, now)),) if opening else ()
