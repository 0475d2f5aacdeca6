"""`strand leads targets`: where leads are delivered; tries them with a test message, and enables one that was gone."""

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.cli.leads.wording import moment
from bot.errors import SettingError
from bot.leads.delivery.disabled import disabled, enable
from bot.leads.delivery.targets import Target, contact_kinds, read_targets
from bot.leads.delivery.trial import Trial, send_test
from bot.settings import settings
from bot.storage.database import Database

NO_TARGETS = (
    "Leads are delivered nowhere: the settings STRAND_LEADS_FILE, _WEBHOOKS, _SLACK_URL and _SMTP_HOST name none."
)


def run(arguments: argparse.Namespace, database: Database, now: datetime) -> int:
    """List, test or enable; a test returns 1 where a target failed. Raises SettingError for a name that is none."""
    if arguments.what == "enable":
        return _enable(arguments.name, database)
    targets = _chosen(arguments.name)
    if not targets:
        print(NO_TARGETS)
        return 0
    if arguments.what == "test":
        return _test(targets, now)
    gone = asyncio.run(database.run(disabled, read_only=True))
    print("\n".join(_listed(target, gone) for target in targets))
    return 0


def _chosen(name: str | None) -> Sequence[Target]:
    targets = read_targets(settings())
    chosen = [target for target in targets if name in (None, target.name)]
    if name and not chosen:
        names = ", ".join(target.name for target in targets) or "there are none"
        raise SettingError(f"there is no target {name}; the targets of the settings: {names}")
    return chosen


def _listed(target: Target, gone: Mapping[str, datetime]) -> str:
    contact = "with contact details" if target.kind in contact_kinds(settings()) else "without contact details"
    if target.name not in gone:
        return f"{target.name}: {contact}"
    since = f"disabled {moment(gone[target.name])}, when it said that it is gone"
    return f"{target.name}: {contact}; {since}; ./strand leads targets enable {target.name}"


def _test(targets: Sequence[Target], now: datetime) -> int:
    trials = asyncio.run(_try_all(targets, now))
    for trial in trials:
        state = "ok" if trial.worked else "failed"
        print(f"{trial.name}: {state}, {trial.answer} ({trial.milliseconds:.0f} ms)")
    return 0 if all(trial.worked for trial in trials) else 1


async def _try_all(targets: Sequence[Target], now: datetime) -> list[Trial]:
    return await asyncio.gather(*(send_test(target, settings(), now) for target in targets))


def _enable(name: str | None, database: Database) -> int:
    if name is None:
        raise SettingError("which target? ./strand leads targets lists them")
    if asyncio.run(database.run(lambda session: enable(session, name))):
        print(f"{name} is enabled: what has waited for it is sent now.")
        return 0
    raise SettingError(f"{name} is not disabled; ./strand leads targets lists them")
