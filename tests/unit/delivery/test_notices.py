"""Staff hear by e-mail and Slack of what cannot wait: each thing once, without the person, with a link."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from bot.errors import SettingError
from bot.leads.delivery import words
from bot.leads.delivery.links import console_address
from bot.leads.delivery.role import notify, notify_once
from bot.leads.delivery.targets import read_targets
from bot.leads.desk import LeadDesk
from bot.leads.erasure import erase_conversation
from bot.leads.notices import FLAGGED, WAITING
from bot.leads.outbox import Claimed, alert
from bot.leads.records import NewLead
from bot.leads.retention import retain
from bot.leads.tables import leads, notices, outbox
from bot.settings import Settings, settings
from bot.storage.database import Database
from bot.transcripts.tables import conversations
from tests.conftest import Configure
from tests.unit.leads_kept.people import ASSESSED, CONTACT, NOON, consent, count, inside, opened, somebody_else

MAIL = {"smtp_host": "smtp.clinic.example", "email_from": "strand@clinic.example", "email_to": "desk@clinic.example"}
SLACK = "https://hooks.slack.example/services/T0/B0/x"
HOUR = timedelta(hours=1)


@pytest.fixture
def read_by_people(database: str, configure: Configure) -> Settings:
    """A clinic that reads e-mail and Slack, and keeps a file."""
    return configure(**MAIL, slack_url=SLACK, staff_url="https://staff.clinic.example/")


async def handed_over(conversation: str = "hers", contact=CONTACT) -> str:
    agreed = tuple(consent(purpose, NOON) for purpose in ("share", "email", "phone"))
    new = NewLead(conversation, "1", "rest", "en", "clinician", ASSESSED, contact, agreed)
    return (await LeadDesk(opened(), settings(), lambda: NOON).submit(new)).reference


async def flagged(conversation: str = "hers", at=NOON) -> None:
    row = {"id": conversation, "last_sequence": 1, "snapshot": "{}", "updated_at": at, "flagged_at": at}
    await inside(lambda session: session.execute(insert(conversations).values(row)))


async def flagged_again(at) -> None:
    await inside(lambda session: session.execute(update(conversations).values(flagged_at=at)))


async def told_at(now) -> int:
    return await notify_once(opened(), settings(), now)


async def messages(event: str) -> list[tuple[str, str]]:
    query = select(outbox.c.target, outbox.c.payload).where(outbox.c.event == event).order_by(outbox.c.target)
    return await inside(lambda session: [tuple(row) for row in session.execute(query)])


async def test_a_flagged_conversation_is_told_once_to_those_who_read(read_by_people: Settings) -> None:
    await flagged()
    assert [await told_at(NOON + n * HOUR) for n in range(3)] == [2, 0, 0]
    told = await messages(FLAGGED)
    assert [target.partition(":")[0] for target, _ in told] == ["email", "slack"]
    text = words.body(told[0][1], console_address(settings()))
    assert "https://staff.clinic.example/conversations/hers" in text
    assert words.headline(told[0][1]) == "A conversation was flagged"


async def test_a_conversation_flagged_anew_the_next_day_is_told_again(read_by_people: Settings) -> None:
    await flagged()
    await told_at(NOON)
    await flagged_again(NOON + 2 * HOUR)
    assert await told_at(NOON + 2 * HOUR) == 0
    await flagged_again(NOON + 30 * HOUR)
    assert await told_at(NOON + 30 * HOUR) == 2
    assert await count(notices) == 1


async def test_a_lead_that_waits_is_told_once_it_waits_too_long(read_by_people: Settings) -> None:
    reference = await handed_over()
    assert await told_at(NOON + timedelta(minutes=59)) == 0
    assert await told_at(NOON + HOUR) == 2
    assert await told_at(NOON + 2 * HOUR) == 0
    _, payload = (await messages(WAITING))[0]
    assert f"https://staff.clinic.example/leads/{reference}" in words.body(payload, console_address(settings()))
    kept = json.dumps(payload).casefold()
    assert not [detail for detail in (CONTACT.name, CONTACT.email, CONTACT.phone) if detail.casefold() in kept]


@pytest.mark.parametrize(
    "values", [{"status": "contacted"}, {"merged_into": "S-OTHER"}, {"first_contact_at": NOON}, {"status": "withdrawn"}]
)
async def test_a_lead_that_somebody_works_on_does_not_wait(read_by_people: Settings, values: dict) -> None:
    await handed_over()
    await inside(lambda session: session.execute(update(leads).values(values)))
    assert await told_at(NOON + HOUR) == 0


async def test_what_is_older_than_a_day_is_no_news(read_by_people: Settings) -> None:
    """The first start after an update finds years of leads and flags, and tells none of them."""
    await handed_over()
    await flagged("another")
    assert await told_at(NOON + timedelta(days=1, hours=1, minutes=1)) == 0


async def test_nobody_reads_where_only_programs_are_told(database: str) -> None:
    await flagged()
    assert await told_at(NOON) == 0
    assert await count(notices) == 0


@pytest.mark.parametrize(("wanted", "number"), [("none", 0), ("red_flag", 2), ("waiting", 2), ("red_flag waiting", 4)])
async def test_only_what_the_settings_name_is_told(
    read_by_people: Settings, configure: Configure, wanted: str, number: int
) -> None:
    await handed_over()
    await flagged("another", NOON + HOUR)
    configure(notices=wanted)
    assert await told_at(NOON + HOUR) == number


@pytest.mark.parametrize(("wanted", "told"), [("waiting", ["file"]), ("new_lead", ["email", "file", "slack"])])
async def test_a_new_lead_is_told_once_to_each_who_wants_it(
    read_by_people: Settings, configure: Configure, wanted: str, told: list[str]
) -> None:
    configure(notices=wanted)
    await handed_over()
    assert [target.partition(":")[0] for target, _ in await messages("lead.submitted")] == told
    assert await told_at(NOON) == 0


async def test_of_a_dead_letter_hears_who_wants_it(read_by_people: Settings, configure: Configure) -> None:
    configure(notices="new_lead")
    row = Claimed("msg_1", "S-4KX7QF", "webhook:crm", "lead.submitted", "{}", 10, NOON)
    await inside(lambda session: alert(session, row, "HTTP 500", settings(), NOON))
    ((target, payload),) = await messages("delivery.failed")
    assert target == "file"
    assert "https://staff.clinic.example/deliveries" in words.body(payload, console_address(settings()))


def test_a_notice_that_does_not_exist_stops_the_start(configure: Configure) -> None:
    with pytest.raises(SettingError, match="STRAND_NOTICES: there is no notice new_leads"):
        read_targets(configure(notices="new_leads"))


def test_without_an_address_of_its_own_the_console_is_where_it_listens(configure: Configure) -> None:
    assert console_address(configure(staff_host="::1", staff_port=9000)) == "http://[::1]:9000"


async def test_who_is_erased_is_not_told_of_any_more(read_by_people: Settings) -> None:
    await handed_over()
    await flagged()
    await told_at(NOON + HOUR)
    await flagged("another", NOON + HOUR)
    await told_at(NOON + HOUR)
    await erase_conversation(opened(), "hers", "visitor", NOON + HOUR)
    assert [json.loads(payload)["data"]["conversation"] for _, payload in await messages(FLAGGED)] == ["another"] * 2
    assert await messages(WAITING) == []
    assert await count(notices) == 1


async def test_two_processes_tell_it_once(read_by_people: Settings) -> None:
    """Both have read that it is due before either has told it."""
    await flagged()
    from bot.leads import notices as service

    now = NOON + HOUR
    found = await inside(lambda session: service.due(session, settings(), now))
    numbers = [await inside(lambda session: service.tell(session, found, settings(), now)) for _ in range(2)]
    assert numbers == [2, 0]


async def test_what_was_noted_of_notices_goes_after_a_month(read_by_people: Settings) -> None:
    await flagged()
    await told_at(NOON)
    later = NOON + timedelta(days=31)
    assert (await retain(opened(), settings(), later, dry_run=True)).notices == 1
    assert (await retain(opened(), settings(), later)).conversations == 1
    assert await count(notices) == 0


async def test_a_round_that_fails_is_followed_by_the_next(read_by_people: Settings) -> None:
    class Enough(Exception):
        """The test has seen enough rounds."""

    class Failing(Database):
        """A database whose first call fails in a way that nobody thought of."""

        calls = 0

        async def run(self, work, *, read_only=False):
            self.calls += 1
            if self.calls == 1:
                raise ValueError("Marguerite")
            return await super().run(work, read_only=read_only)

    async def sleep(_seconds: float) -> None:
        if failing.calls > 1:
            raise Enough

    failing = Failing(settings().database, 5)
    await flagged()
    with pytest.raises(Enough):
        await notify(failing, settings(), lambda: NOON, sleep)
    assert len(await messages(FLAGGED)) == 2
    failing.close()


async def test_a_second_lead_is_told_of_apart(read_by_people: Settings) -> None:
    await handed_over()
    await handed_over("his", somebody_else(1))
    assert await told_at(NOON + HOUR) == 4
