"""Contact details are taken out of a conversation in the turn that asks for it; what was said on other things stays."""

import asyncio
import contextlib
import json

import pytest
from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
from visitors import Visitor, checkpoint, files, left_in, open_store, rows, tokens

from bot.errors import DatabaseUnavailable
from bot.storage.database import Database
from bot.transcripts import archive
from bot.transcripts.redaction import CHECK, HANDOFF
from bot.transcripts.tracker_store import BoundedTrackerStore
from tests.conftest import Configure

SECRETS = ("sam@mail.example", "Samantha", "5550123456", "sam mail example", "evenings")
STATE = {"name": "Samantha", "email": "sam@mail.example", "phone": "+15550123456", "consents": ["share"]}
ORDER = SlotSet("forget", "contact")


@pytest.fixture
def store(database: str) -> BoundedTrackerStore:
    return open_store()


async def ask_and_hand_off(visitor: Visitor) -> None:
    """Asks something, begins a hand-off, and gives every detail."""
    await visitor.says("do you take euros", SlotSet("last_entry", "cost.per_session"), answer="Ask the clinic.")
    await visitor.says("Samantha wants a person", ActiveLoop(HANDOFF), SlotSet("requested_slot", "consent_share"))
    await visitor.says("yes", SlotSet("handoff", {"consents": ["share"]}))
    await visitor.says("sam@mail.example", SlotSet("handoff", STATE), email="sam@mail.example")
    await visitor.says("evenings", SlotSet("handoff", STATE), answer="Samantha, +15550123456, evenings: right?")


async def declines(visitor: Visitor) -> None:
    await visitor.says("no, forget it, says Samantha", SlotSet("handoff", None), ORDER, ActiveLoop(None))


async def test_a_declined_hand_off_leaves_no_detail(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    assert left_in(rows(), SECRETS) == ["sam@mail.example", "Samantha", "5550123456", "evenings"]
    await declines(visitor)
    assert left_in(rows(), SECRETS) == []
    assert await visitor.messages() == ["do you take euros", "", "", "", "", ""]
    slots = await visitor.slots()
    assert slots["last_entry"] == "cost.per_session"
    assert not {"handoff", "forget"} & set(slots)


async def test_what_follows_is_kept_again_and_may_be_forgotten_again(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    await declines(visitor)
    await visitor.says("how long does it take")
    assert (await visitor.messages())[-1] == "how long does it take"
    await ask_and_hand_off(visitor)
    await declines(visitor)
    assert left_in(rows(), SECRETS) == []
    assert [each for each in await visitor.messages() if each] == [
        "do you take euros",
        "how long does it take",
        "do you take euros",
    ]


async def test_a_hand_off_that_opens_and_ends_in_one_turn_leaves_nothing(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.says(
        "Samantha, sam@mail.example, no", ActiveLoop(HANDOFF), SlotSet("handoff", STATE), ActiveLoop(None), ORDER
    )
    assert left_in(rows(), SECRETS) == []
    assert await visitor.messages() == [""]


async def test_details_in_the_check_go_and_the_answers_stay(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    words = "more hair! mail sam@mail.example or 555 012 3456, " + "says Samantha " * 5
    findings = [{"value": "told", "findings": ["lupus"], "status": "current"}]
    wanted = [{"value": " ".join(words.split())[:60], "findings": [], "status": "current"}]
    await visitor.says("lupus", ActiveLoop(CHECK), SlotSet("conditions", findings))
    said = "more hair mail sam mail example or 555 012 3456 " + "says samantha " * 5
    await visitor.says(
        words,
        SlotSet("expectations", wanted),
        SlotSet("check", {"open": "timeline", "said": said.strip(), "done": ["age"]}),
        email="sam@mail.example",
        phone="+15550123456",
    )
    await visitor.says("soon", answer=f"You said: {words}. Right?")
    await visitor.says("nothing more", ORDER)
    assert left_in(rows(), SECRETS) == []
    assert await visitor.messages() == ["lupus", "", "soon", ""]
    slots = await visitor.slots()
    assert slots["conditions"] == findings
    assert slots["expectations"] == [{"value": "", "findings": [], "status": "current"}]
    assert slots["check"] == {"open": "timeline", "said": "", "done": ["age"]}


async def test_what_was_read_out_of_a_lead_goes(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await visitor.says("what did i send you", kind="account", answer="Samantha, 555 012 3456, evenings.")
    await visitor.says("don't call me", ORDER, kind="account", answer="Done.")
    assert left_in(rows(), SECRETS) == []


async def test_the_order_itself_is_no_state(store: BoundedTrackerStore, configure: Configure) -> None:
    visitor = Visitor(store)
    await visitor.says("forget my number", ORDER)
    assert "forget" not in await visitor.slots()
    await visitor.says("my number is 555 012 3456", phone="+15550123456")
    assert "555 012 3456" in rows()
    configure(history_events=2)
    assert "forget" not in await visitor.slots()


async def test_other_visitors_keep_their_details(store: BoundedTrackerStore) -> None:
    mine, theirs = Visitor(store), Visitor(store, "ben")
    await ask_and_hand_off(mine)
    await ask_and_hand_off(theirs)
    before = await theirs.events()
    await declines(mine)
    assert await theirs.events() == before


async def test_events_keep_their_places_and_times(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    before = [(each.type_name, each.timestamp) for each in await visitor.events()]
    await declines(visitor)
    assert [(each.type_name, each.timestamp) for each in await visitor.events()][: len(before)] == before


async def redact(store: BoundedTrackerStore, name: str = "ann") -> int:
    """What staff or the retention do, in another process."""
    other = Database(store.database.url, 5)
    count = await other.run(lambda session: archive.redact_contact(session, name))
    other.close()
    return count


@pytest.mark.parametrize("history", [1, 30, 1000])
async def test_the_details_can_be_taken_out_from_outside(
    store: BoundedTrackerStore, configure: Configure, history: int
) -> None:
    configure(history_events=history)
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    assert await redact(store) > 8
    assert left_in(rows(), SECRETS) == []
    tracker = await store.retrieve("ann")
    assert (tracker.active_loop_name, tracker.get_slot("handoff"), tracker.get_slot("requested_slot")) == (None,) * 3
    assert tracker.get_slot("last_entry") == "cost.per_session"
    assert await redact(store) == 0
    stored = len(await visitor.events())
    assert await redact(store) == 0
    assert len(await visitor.events()) == stored
    await visitor.says("how long does it take")
    assert (await visitor.messages())[-1] == "how long does it take"


async def test_nobody_is_no_error(store: BoundedTrackerStore) -> None:
    await store.exists("ann")
    assert await redact(store) == 0


async def test_a_turn_that_was_under_way_meanwhile_does_not_bring_them_back(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    late = await store.retrieve("ann")
    await redact(store)
    late.update_with_events([UserUttered("evenings"), SlotSet("requested_slot", "summary")], store.domain)
    with pytest.raises(DatabaseUnavailable, match="another process"):
        await store.save(late)
    assert left_in(rows(), SECRETS) == []


async def test_turns_and_redactions_at_once_leave_a_whole_conversation(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)

    async def talk() -> None:
        for _ in range(5):
            with contextlib.suppress(DatabaseUnavailable):
                await visitor.says("evenings", SlotSet("handoff", STATE))

    await asyncio.gather(talk(), *(redact(store) for _ in range(3)))
    await redact(store)
    assert (await visitor.slots()).get("handoff") is None
    await visitor.says("how long does it take")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_database_file_holds_nothing_of_it(store: BoundedTrackerStore) -> None:
    visitor = Visitor(store)
    await ask_and_hand_off(visitor)
    checkpoint()
    before = tokens()
    assert left_in(files(), SECRETS) == []
    await declines(visitor)
    overwritten = before - tokens()
    assert overwritten
    assert not any(token in files() for token in overwritten)


async def test_a_broker_hears_no_detail_of_the_turn_that_asks(store: BoundedTrackerStore) -> None:
    from test_redaction import Broker

    broker = store.event_broker = Broker()
    await declines(Visitor(store))
    assert broker.published
    assert left_in(json.dumps(broker.published), SECRETS) == []
