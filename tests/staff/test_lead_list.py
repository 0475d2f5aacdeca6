"""Staff look through the leads: views with counts, filters, pages, and many given to somebody at once."""

import re
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest
from console import Console, Page
from lead_rows import add_lead, add_message
from sqlalchemy import select, update

from bot.leads import work
from bot.leads.audit import trail
from bot.leads.tables import leads


def listed(page: Page) -> list[str]:
    """The references on a page, in order."""
    assert page.status == 200, page.text
    return re.findall(r'<tr data-href="/leads/(S-\w+)"', page.html)


def counts(page: Page) -> dict[str, str]:
    """The views with their counts."""
    tabs = re.search(r'<nav class="tabs".*?</nav>', page.html, re.DOTALL)
    return dict(re.findall(r"<a [^>]*>([\w ]+?) <span class=\"count\">([\d,+]+)</span>", tabs[0] if tabs else ""))


async def test_each_view_has_its_leads_and_its_count(console: Console) -> None:
    now = console.clock()
    fresh = await add_lead(console)
    late = await add_lead(console, now - timedelta(hours=2))
    looked = await add_lead(console, outcome="clinician_review", queue="clinician", status="contacted")
    urgent = await add_lead(console, flags=("bleeding",), status="booked", assignee="clinician")
    await add_lead(console, flags=("bleeding",), status="closed")
    browser = await console.signed_in("clinician")
    page = await browser.get("/leads")
    assert counts(page) == {
        "New": "2",
        "Clinician queue": "1",
        "Urgent": "1",
        "Waiting": "1",
        "Mine": "1",
        "Dead letters": "0",
        "All": "5",
    }
    assert listed(page) == [fresh, late], "the newest first"
    for view, wanted in {"clinician": [looked], "urgent": [urgent], "waiting": [late], "mine": [urgent]}.items():
        assert listed(await browser.get(f"/leads?view={view}")) == wanted, view


async def test_a_reviewer_sees_nothing_of_the_clinicians_queue(console: Console) -> None:
    mine = await add_lead(console)
    await add_lead(console, queue="clinician", outcome="clinician_review")
    browser = await console.signed_in("reviewer")
    page = await browser.get("/leads?view=all")
    assert listed(page) == [mine]
    assert counts(page) == {"New": "1", "Urgent": "0", "Waiting": "0", "Mine": "0", "All": "1"}
    for path in ("/leads?view=clinician", "/leads?queue=clinician"):
        assert (await browser.get(path)).status == 403


async def test_filters_go_together(console: Console) -> None:
    at = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
    wanted = await add_lead(console, at, status="contacted", channel="sms", language="es", assignee="dana")
    labelled = await add_lead(console, at, status="contacted", channel="sms")
    await console.run(lambda session: work.add_label(session, labelled, "Call Back", "staff:dana", at))
    await add_lead(console, at + timedelta(days=1), status="contacted", channel="sms", language="es", assignee="dana")
    browser = await console.signed_in("admin")
    page = await browser.get(
        "/leads?view=all&status=contacted&channel=sms&language=es&assignee=dana&since=2026-11-20&until=2026-11-20"
    )
    assert listed(page) == [wanted]
    assert '<option value="sms" selected>' in page.html
    assert 'value="2026-11-20"' in page.html
    assert "Clear the filters" in page.text
    assert listed(await browser.get("/leads?view=all&label=call%20back&assignee=-")) == [labelled]
    assert listed(await browser.get("/leads?view=all&label=call%20back&assignee=dana")) == []
    page = await browser.get("/leads?view=all&outcome=none&status=closed")
    assert "No lead fits" in page.text


async def test_days_are_the_readers(console: Console) -> None:
    late_in_new_york = await add_lead(console, datetime(2026, 11, 21, 3, tzinfo=timezone.utc))
    browser = await console.signed_in("admin")
    browser.client.session.cookie_jar.update_cookies({"zone": "America/New_York"})
    assert listed(await browser.get("/leads?view=all&since=2026-11-20&until=2026-11-20")) == [late_in_new_york]
    assert listed(await browser.get("/leads?view=all&since=2026-11-21")) == []


BAD = (
    "view=nonsense",
    "status=asleep",
    "outcome=1",
    "since=yesterday",
    "until=0001-01-01",
    "since=2026-11-22&until=2026-11-21",
    "assignee=%3Cb%3E",
    "after=nonsense",
    "after=W10",
    "sort=up",
)


async def test_what_cannot_be_used_is_refused_in_words(console: Console) -> None:
    browser = await console.signed_in("admin")
    for query in BAD:
        page = await browser.get(f"/leads?{query}")
        assert page.status == 400, query
        assert "This cannot be used" in page.text


async def test_pages_follow_each_other_without_gap_and_without_repeat(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.staff.leads.listing.MOST", 10)
    now, made = console.clock(), []
    for number in range(23):
        # Some come at the same instant, and their facets differ.
        at = now - timedelta(minutes=number // 3)
        made.append((at, await add_lead(console, at, channel=("web", "sms", "rest", "slack")[number % 4])))
    browser = await console.signed_in("admin")
    found, path = [], "/leads?view=all"
    for _ in range(3):
        page = await browser.get(path)
        found += listed(page)
        following = re.search(r'<a href="([^"]+)" rel="next">', page.html)
        path = following[1].replace("&amp;", "&") if following else ""
    assert not path, "there is no fourth page"
    assert found == [reference for _, reference in sorted(made, reverse=True)]
    page = await browser.get("/leads?view=all&sort=waiting")
    assert listed(page) == [reference for _, reference in sorted(made)][:10]


async def test_who_waits_longest_comes_first_and_the_others_after_them(console: Console) -> None:
    now = console.clock()
    done = await add_lead(console, now - timedelta(days=9), status="closed")
    short = await add_lead(console, now - timedelta(minutes=5))
    long = await add_lead(console, now - timedelta(days=2))
    browser = await console.signed_in("admin")
    page = await browser.get("/leads?view=all&sort=waiting")
    assert listed(page) == [long, short, done]
    assert "2 d" in page.text
    assert "5 min" in page.text


async def test_a_row_says_how_its_delivery_stands_and_nothing_of_the_person(console: Console) -> None:
    dead = await add_lead(console)
    await add_message(console, dead, dead_at=console.clock())
    await add_message(console, dead, delivered_at=console.clock())
    browser = await console.signed_in("admin")
    page = await browser.get("/leads")
    assert "given up" in page.text
    assert counts(page)["Dead letters"] == "1"
    assert "Ada" not in page.text
    assert "mail.example" not in page.html


async def test_a_merged_lead_is_not_listed(console: Console) -> None:
    head = await add_lead(console)
    await add_lead(console, merged_into=head)
    browser = await console.signed_in("admin")
    page = await browser.get("/leads?view=all")
    assert listed(page) == [head]
    assert counts(page)["All"] == "1"


async def test_a_label_follows_its_lead(console: Console) -> None:
    now, reference = console.clock(), await add_lead(console)
    await console.run(lambda session: work.add_label(session, reference, "abroad", "staff:dana", now))
    moved = update(leads).where(leads.c.reference == reference).values(status="closed", assignee="dana")
    await console.run(lambda session: session.execute(moved))
    browser = await console.signed_in("admin")
    assert listed(await browser.get("/leads?view=all&label=abroad&status=closed&assignee=dana")) == [reference]
    assert listed(await browser.get("/leads?view=all&label=abroad&status=new")) == []


async def test_ticked_leads_are_given_to_somebody(console: Console) -> None:
    one, other = await add_lead(console), await add_lead(console)
    browser = await console.signed_in("reviewer")
    await console.account("dana")
    await browser.get("/leads?view=all")
    page = await browser.post(
        "/leads/assign", picked=[f"{one}:1", f"{other}:1"], assignee="dana", back="/leads?view=all"
    )
    assert "2 leads assigned to dana." in page.text
    assert page.path == "/leads?view=all"
    query = select(leads.c.assignee, leads.c.version).order_by(leads.c.reference)
    assert await console.run(lambda session: session.execute(query).all()) == [("dana", 2), ("dana", 2)]
    done = await console.run(lambda session: trail(session, one))
    assert [(entry.actor, entry.act) for entry in done] == [("staff:reviewer", "lead.assigned")]


async def test_what_somebody_else_changed_meanwhile_is_left_as_it_is(console: Console) -> None:
    one, other = await add_lead(console), await add_lead(console)
    browser, now = await console.signed_in("clinician"), console.clock()
    await browser.get("/leads?view=all")
    await console.run(lambda session: work.assign(session, one, "dana", 1, "staff:dana", now))
    page = await browser.post("/leads/assign", picked=[f"{one}:1", f"{other}:1"], assignee="clinician", back="//evil")
    assert "1 lead assigned to clinician. Somebody else changed 1 of them meanwhile" in page.text
    assert page.path == "/leads"
    kept = select(leads.c.assignee).where(leads.c.reference == one)
    assert await console.run(lambda session: session.execute(kept).scalar()) == "dana"


async def test_a_reviewer_is_given_nothing_of_the_clinicians_queue(console: Console) -> None:
    reference = await add_lead(console, queue="clinician", outcome="clinician_review")
    browser = await console.signed_in("clinician")
    await console.account("rita", "reviewer")
    await browser.get("/leads?view=all")
    page = await browser.post("/leads/assign", picked=f"{reference}:1", assignee="rita", back="")
    assert "Nothing was assigned. 1 lead of the clinicians' queue cannot be given to a reviewer." in page.text


async def test_what_nobody_can_be_given_is_refused(console: Console) -> None:
    browser = await console.signed_in("admin")
    await browser.get("/leads")
    for fields in ({}, {"picked": "nonsense"}, {"picked": "S-1:1", "assignee": "nobody.here"}):
        assert (await browser.post("/leads/assign", **{"assignee": "admin", **fields})).status == 400, fields


async def test_many_are_counted_up_to_a_thousand(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.leads.views.MOST_COUNTED", 2)
    monkeypatch.setattr("bot.staff.leads.listing.MOST_COUNTED", 2)
    for _ in range(4):
        await add_lead(console)
    browser = await console.signed_in("admin")
    assert counts(await browser.get("/leads"))["New"] == "2+"


async def test_hostile_filters_are_shown_as_text(console: Console) -> None:
    browser = await console.signed_in("admin")
    page = await browser.get(f"/leads?label={quote('<script>alert(1)</script>')}")
    assert page.status == 200
    assert "<script>alert" not in page.html


async def test_a_new_database_says_where_leads_come_from(console: Console) -> None:
    browser = await console.signed_in("reviewer")
    page = await browser.get("/leads")
    assert "There is no lead yet" in page.text
    assert "./strand demo" in page.text
    await add_lead(console, status="contacted")
    assert "Everybody has been contacted" in (await browser.get("/leads")).text


async def test_a_filter_that_cannot_be_used_is_named_as_on_the_page(console: Console) -> None:
    browser = await console.signed_in("reviewer")
    assert "From is no day such as" in (await browser.get("/leads?since=soon")).text
    assert "Order is none of those that the page offers" in (await browser.get("/leads?sort=odd")).text
    assert "Last used to is no day" in (await browser.get("/conversations?until=soon")).text
