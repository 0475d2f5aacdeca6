"""Every page of the console, on a phone in the dark and at a desk in the light: no violation found by axe, nothing
sideways.

Pictures of each are kept for people to look at: var/screenshots/console.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from browser_console import DESK, PHONE, Member, Office
from sqlalchemy import select

from bot.leads.tables import leads
from bot.settings import PROJECT
from bot.transcripts.tables import conversations, takeovers, turns

pytestmark = pytest.mark.asyncio(loop_scope="session")

PICTURES = PROJECT / "var" / "screenshots" / "console"
PLAIN = {
    "leads": "/leads",
    "leads-none": "/leads?view=mine",
    "deliveries": "/deliveries",
    "conversations": "/conversations",
    "gaps": "/gaps",
    "approval": "/gaps/approval",
    "knowledge": "/knowledge",
    "dashboard": "/dashboard",
    "records": "/records",
    "audit": "/audit",
    "staff": "/staff",
    "member": "/staff/dana.demo",
    "account": "/account",
    "second-factor": "/account/second-factor",
}
# A page that a row of the first one leads to.
BEHIND = {"gap": "/gaps", "knowledge-entry": "/knowledge"}


def _found(session: Any) -> dict[str, str]:
    """Pages of a lead and of conversations that have something to show."""
    references: Sequence[Any] = session.execute(
        select(leads.c.reference, leads.c.outcome, leads.c.conversation_id).order_by(leads.c.created_at)
    ).all()
    checked = next(row for row in references if row.outcome not in ("none", "qualified"))
    talked = session.execute(select(takeovers.c.conversation_id)).scalars().first()
    flagged = (
        session.execute(select(conversations.c.id).where(conversations.c.flagged_at.is_not(None))).scalars().first()
    )
    answered = session.execute(select(turns.c.conversation_id).where(turns.c.kind == "answer")).scalars().first()
    return {
        "lead": f"/leads/{checked.reference}",
        "duplicates": f"/leads/{checked.reference}/duplicates",
        "compare": f"/leads/{checked.reference}/duplicates?with={references[-1].reference}",
        "record": f"/records/of/{checked.reference}",
        "conversation": f"/conversations/{answered}",
        "conversation-staff": f"/conversations/{talked}",
        "conversation-flagged": f"/conversations/{flagged or answered}",
    }


async def _pages(office: Office, member: Member) -> dict[str, str]:
    pages = {**PLAIN, **await office.run(_found)}
    for name, first in BEHIND.items():
        await member.goes(first)
        href = await member.page.locator("tr[data-href]").first.get_attribute("data-href")
        assert href
        pages[name] = href
    return pages


async def _look(member: Member, name: str, width: int, scheme: str) -> list[str]:
    """Take a picture; what is wrong with what it shows."""
    await member.page.screenshot(path=PICTURES / f"{width}-{scheme}-{name}.png", full_page=True, animations="disabled")
    found = [f"{name}: {each}" for each in await member.violations()]
    wide = await member.sideways()
    return [*found, f"{name}: {wide} pixels too wide"] if wide > 0 else found


@pytest.mark.parametrize(("screen", "scheme"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
async def test_no_page_has_a_violation(office: Office, screen: dict[str, Any], scheme: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    stranger = await office.stranger(color_scheme=scheme, **screen)
    await stranger.goes("/sign-in")
    wrong = await _look(stranger, "sign-in", screen["width"], scheme)
    member = await office.member("admin", color_scheme=scheme, **screen)
    for name, path in (await _pages(office, member)).items():
        await member.goes(path)
        wrong += await _look(member, name, screen["width"], scheme)
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_refusal_and_the_help_have_none_either(office: Office, scheme: str) -> None:
    member = await office.member("reviewer", color_scheme=scheme)
    await member.page.goto(f"{office.address}/audit")
    assert await member.violations() == []
    await member.goes("/leads")
    await member.page.keyboard.press("?")
    assert await member.page.get_by_role("dialog", name="Keys").is_visible()
    assert await member.violations() == []


async def test_a_lead_on_paper_has_its_check_and_no_buttons(office: Office) -> None:
    member = await office.member("admin")
    await member.goes((await office.run(_found))["lead"])
    await member.page.emulate_media(media="print")
    assert await member.page.get_by_role("heading", name="What the check came to").is_visible()
    assert await member.page.locator("button:visible").count() == 0
    assert not await member.page.locator("header.top").is_visible()
