"""The dashboard shows how things go, in plots with a table beside each, also to who has no data or few."""

import xml.etree.ElementTree as ElementTree
from datetime import timedelta
from re import findall

import pytest
from console import Console
from sqlalchemy import insert

from bot.staff.dashboard.figures import in_words
from bot.staff.dashboard.plots import HEIGHT, WIDTH, Plot, Series, bars, lines, nice_step, rows
from bot.transcripts.tables import turns


async def said(console: Console, *kinds: str, channel: str = "web", **values: object) -> None:
    now = console.clock() - timedelta(hours=1)

    def work(session) -> None:
        for number, kind in enumerate(kinds, start=1):
            row = {"conversation_id": f"c-{channel}", "sequence": number, "place": 0, "at": now, "channel": channel}
            session.execute(insert(turns).values({**row, "kind": kind, **values}))

    await console.run(work)


async def test_a_new_console_says_that_nothing_happened_yet(console: Console) -> None:
    browser = await console.signed_in("reviewer")
    page = await browser.get("/dashboard")
    assert page.status == 200
    assert "Nothing happened in these days" in page.text
    assert "<svg class=" not in page.html


async def test_what_happened_is_shown_with_a_table(console: Console) -> None:
    await said(console, "answer", "answer", "answer", "clarify")
    browser = await console.signed_in("reviewer")
    page = await browser.get("/dashboard?days=7")
    assert "1 conversation in which somebody wrote" in page.text
    assert "25 % of 4 questions had no answer" in page.text
    assert page.html.count("<svg class=") == page.html.count('role="img"') == 3
    assert "22 Nov" in page.text


async def test_a_channel_is_looked_at_by_itself(console: Console) -> None:
    await said(console, "answer")
    await said(console, "answer", "answer", channel="sms")
    browser = await console.signed_in("reviewer")
    assert "3 messages answered" in (await browser.get("/dashboard")).text
    assert "2 messages answered" in (await browser.get("/dashboard?channel=sms")).text
    assert "Nothing happened in these days" in (await browser.get("/dashboard?channel=slack")).text


@pytest.mark.parametrize("asked", ["days=8", "days=7;drop", "channel=fax", "channel=<b>"])
async def test_what_cannot_be_shown_is_refused_in_words(console: Console, asked: str) -> None:
    browser = await console.signed_in("reviewer")
    assert (await browser.get(f"/dashboard?{asked}")).status == 400


async def test_every_plot_is_well_formed_and_styled_by_no_attribute(console: Console) -> None:
    await said(console, "question", "assessment", field="age", outcome="qualified")
    browser = await console.signed_in("reviewer")
    page = await browser.get("/dashboard?days=90")
    plots = findall(r'<svg class="plot".*?</svg>', page.html.replace("\n", " "))
    assert len(plots) == 4
    for plot in plots:
        ElementTree.fromstring(plot)
        assert "style=" not in plot
        assert "<script" not in plot


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (1, 0.25), (3, 1), (4, 1), (7, 2), (10, 2.5), (90, 25), (101, 50), (0.3, 0.1)]
)
def test_steps_of_an_axis_are_round(most: float, step: float) -> None:
    assert nice_step(most) == pytest.approx(step)


def inside(plot: Plot) -> bool:
    """Whether everything stands in the box."""
    places = [(text.x, text.y) for text in plot.texts] + [(0, y) for y in plot.grid]
    return all(0 <= x <= WIDTH and 0 <= y <= plot.height for x, y in places)


@pytest.mark.parametrize("number", [1, 2, 7, 30, 90])
def test_plots_of_any_length_fit_their_box(number: int) -> None:
    labels = [f"{place} Nov" for place in range(number)]
    values = [float(place * place) for place in range(number)]
    for plot in (bars(labels, [Series("a", values), Series("b", values)]), lines(labels, [Series("a", values)])):
        assert inside(plot)
        assert plot.height == HEIGHT
    assert inside(rows(labels, [Series("asked", values), Series("went on", values)]))


def test_counts_have_whole_steps() -> None:
    words = [text.words for text in bars(["a", "b"], [Series("n", [1, 2])]).texts]
    assert words[:3] == ["0", "1", "2"]


def test_a_gap_interrupts_a_line() -> None:
    shapes = lines(list("abcde"), [Series("n", [1, 2, None, 3, None])]).shapes
    assert [shape.line for shape in shapes] == [True, False]


def test_bars_stand_on_one_another() -> None:
    first, second = bars(["a"], [Series("low", [1]), Series("high", [1])]).shapes
    assert first.path.split("h")[0].split()[1] != second.path.split("h")[0].split()[1]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 s"), (45, "45 s"), (90, "1.5 min"), (7200, "2 h"), (190000, "2.2 days")]
)
def test_spans_are_told_as_people_say_them(seconds: int, words: str) -> None:
    assert in_words(timedelta(seconds=seconds)) == words
