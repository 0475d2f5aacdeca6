"""Fills a database with invented visitors, one after the other, and has the invented staff work on what they left."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from bot.cli.demonstration.keeping import Keeper
from bot.cli.demonstration.rehearsing import Rehearsals
from bot.cli.demonstration.staffing import Staff, Words
from bot.cli.demonstration.visits import visits
from bot.leads import demonstration as invented_leads
from bot.settings import Settings
from bot.staff.takeover import words
from bot.storage.database import Database

AT_ONCE = 20

Show = Callable[[int, int], None]


async def fill(
    model: Path, database: Database, settings: Settings, count: int, seed: int, now: datetime, show: Show
) -> int:
    """Lead so many conversations and store them; returns how many leads came of them."""
    chance = Random(seed)  # noqa: S311  # invented people need no secrecy
    rehearsals, keeper = await Rehearsals.open(model), Keeper(settings)
    references = []
    planned = visits(count, chance, now)
    for number, visit in enumerate(planned):
        show(number, count)
        rehearsed = await rehearsals.lead(visit.conversation, visit.channel, visit.talk)
        if rehearsed:
            references.append(await keeper.keep(visit, rehearsed, chance))
    found = [reference for reference in references if reference]
    await _work_on(database, found, [visit.conversation for visit in planned], settings, chance, now)
    return len(found)


async def _work_on(
    database: Database,
    references: Sequence[str],
    conversations: Sequence[str],
    settings: Settings,
    chance: Random,
    now: datetime,
) -> None:
    staff = Staff(chance, Words(await words.joined(settings), await words.left(settings)), now)
    for first in range(0, len(references), AT_ONCE):
        some = references[first : first + AT_ONCE]
        await database.run(partial(staff.work_on, references=some))
    await database.run(staff.review)
    await database.run(staff.talk)
    # Nobody is told of anything that is invented.
    told = {**dict.fromkeys(references, "waiting"), **dict.fromkeys(conversations, "red_flag")}
    await database.run(lambda session: invented_leads.note_notices(session, told, now))
    await database.run(lambda session: invented_leads.switch_off_targets(session, now))
