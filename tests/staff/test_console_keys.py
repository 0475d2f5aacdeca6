"""The console by keyboard, and what its one script adds to pages that work without it."""

import pytest
from browser_console import Office
from playwright.async_api import expect

from bot.staff.files import FOLDER

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROWS = "table[data-keys] tbody tr"


async def test_the_list_is_worked_through_with_j_k_and_enter(office: Office) -> None:
    member = await office.member("admin")
    await member.goes("/leads")
    rows, keys = member.page.locator(ROWS), member.page.keyboard
    second = await rows.nth(1).get_attribute("data-href")
    for key in ("j", "j", "j", "k"):
        await keys.press(key)
    await expect(rows.nth(1)).to_have_class("here")
    await keys.press("Enter")
    await member.page.wait_for_url(f"**{second}")
    await member.page.go_back()
    await expect(member.page.locator(ROWS).nth(1)).to_have_class("here")
    await keys.press("j")
    await expect(member.page.locator(ROWS).nth(2).get_by_role("link").first).to_be_focused()


async def test_keys_are_letters_while_somebody_types(office: Office) -> None:
    member = await office.member()
    await member.goes("/leads")
    await member.page.keyboard.press("/")
    field = member.page.locator("main input[type=search]")
    await expect(field).to_be_focused()
    await member.page.keyboard.type("jk?/")
    await expect(field).to_have_value("jk?/")
    await expect(member.page.locator("tr.here")).to_have_count(0)
    await member.page.keyboard.press("Escape")
    await expect(field).not_to_be_focused()


async def test_keys_of_the_browser_are_left_alone(office: Office) -> None:
    member = await office.member()
    await member.goes("/leads")
    await member.page.keyboard.press("Control+j")
    await expect(member.page.locator("tr.here")).to_have_count(0)


async def test_a_question_mark_shows_the_keys(office: Office) -> None:
    member = await office.member()
    await member.goes("/leads")
    await member.page.keyboard.press("?")
    await expect(member.page.get_by_role("dialog")).to_contain_text("Next row")
    await member.page.keyboard.press("Escape")
    await expect(member.page.get_by_role("dialog")).to_have_count(0)


async def test_one_box_ticks_all_rows(office: Office) -> None:
    member = await office.member()
    await member.goes("/leads")
    whole = member.page.get_by_label("Select all on this page")
    boxes = member.page.locator(f"{ROWS} input[type=checkbox]")
    await whole.check()
    assert await boxes.evaluate_all("(all) => all.every((one) => one.checked)")
    await boxes.first.uncheck()
    assert await whole.evaluate("(it) => it.indeterminate")


async def test_dates_are_those_of_the_reader(office: Office) -> None:
    member = await office.member()
    await member.goes("/leads")
    cookies = {each["name"]: each["value"] for each in await member.page.context.cookies()}
    assert cookies["zone"] == "America/New_York"
    shown = member.page.locator(f"{ROWS} time").first
    title, text = await shown.get_attribute("title"), await shown.inner_text()
    assert title
    assert title.endswith(" UTC")
    assert title[11:16] not in text


async def test_without_a_script_a_lead_is_found_and_changed(office: Office) -> None:
    member = await office.member("admin", java_script_enabled=False)
    await member.goes("/leads?status=new")
    await member.page.locator(f"{ROWS} a").first.click()
    await member.page.locator("summary", has_text="Mark as “contacted”").click()
    await member.page.get_by_label("Reason").first.select_option("talked")
    await member.presses("Mark as “contacted”")
    await member.reads("Contacted: Talked with them")


async def test_the_script_and_the_style_are_small_and_name_no_other_site() -> None:
    script, style = ((FOLDER / name).read_text(encoding="utf-8") for name in ("console.js", "console.css"))
    assert len(script) < 8 * 1024
    assert "://" not in script + style
