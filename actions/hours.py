"""When somebody is there at the clinic, said where nobody is: with the offer of a person, and after it was taken."""

from dataclasses import replace
from datetime import datetime, timezone

from bot.assessment.words import Spoken
from bot.hours import in_words, read_hours
from bot.knowledge.library import open_library
from bot.settings import settings


def there_again() -> tuple[str, ...]:
    """A sentence on when somebody is there again; nothing while somebody is, or where no hours are set."""
    hours, now = read_hours(settings()), datetime.now(timezone.utc)
    opening = hours.next_opening(now) if hours and not hours.is_open(now) else None
    if opening is None:
        return ()
    phrase = open_library(settings().knowledge_dir).current.phrases.there_again
    return (phrase.format(when=in_words(opening, now)),)


def with_hours(spoken: Spoken) -> Spoken:
    """An offer with that sentence before the last one, which asks."""
    return replace(spoken, texts=(*spoken.texts[:-1], *there_again(), spoken.texts[-1]))


def then_hours(spoken: Spoken) -> Spoken:
    """What ends a hand-off, with that sentence behind it."""
    return replace(spoken, texts=(*spoken.texts, *there_again()))
