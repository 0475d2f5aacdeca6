"""Members of the staff get in by a browser: with a password, with a second factor, and not any more once signed out."""

from datetime import datetime, timezone

import pyotp
import pytest
from browser_console import PEOPLE, Member, Office
from playwright.async_api import expect

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _is_out(member: Member) -> None:
    await member.page.goto(f"{member.address}/leads")
    await expect(member.page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_who_is_sent_to_sign_in_gets_where_they_wanted_to(office: Office) -> None:
    member = await office.stranger()
    await member.page.goto(f"{office.address}/gaps?reason=wrong")
    await member.page.get_by_label("Name").fill("dana.demo")
    await member.page.get_by_label("Password").fill(office.passwords["dana"])
    await member.page.get_by_role("button", name="Sign in").click()
    await member.page.wait_for_url("**/gaps?reason=wrong")


async def test_a_wrong_password_says_so_and_keeps_the_name(office: Office) -> None:
    member = await office.stranger()
    await member.page.goto(f"{office.address}/sign-in")
    await member.page.get_by_label("Name").fill("dana.demo")
    await member.page.get_by_label("Password").fill("not the password")
    await member.page.get_by_role("button", name="Sign in").click()
    await expect(member.page.get_by_role("alert")).to_be_visible()
    await expect(member.page.get_by_label("Name")).to_have_value("dana.demo")


async def test_a_second_factor_is_set_up_and_asked_for(office: Office) -> None:
    member = await (await office.member("clinician")).goes("/account/second-factor")
    secret = (await member.page.locator("main code").first.inner_text()).replace(" ", "")
    await member.page.get_by_label("The six digits").fill(pyotp.TOTP(secret).now())
    await member.presses("Set up")
    await member.page.get_by_role("button", name="Sign out", exact=True).click()
    await member.page.get_by_label("Name").fill("cleo.demo")
    await member.page.get_by_label("Password").fill(office.passwords["cleo"])
    await member.page.get_by_role("button", name="Sign in").click()
    # The code that was used to set it up is used up: the next one is asked for.
    later = pyotp.TOTP(secret)
    await member.page.get_by_label("The six digits").fill(
        later.generate_otp(later.timecode(datetime.now(timezone.utc)) + 1)
    )
    await member.page.get_by_role("button", name="Sign in").click()
    await expect(member.page.get_by_role("link", name=f"{PEOPLE['clinician']}.demo")).to_be_visible()


async def test_signed_out_everywhere_no_browser_gets_in(office: Office) -> None:
    one, other = await office.member("reviewer"), await office.member("reviewer")
    await one.goes("/account")
    await one.presses("Sign out everywhere")
    await _is_out(one)
    await _is_out(other)


async def test_an_administrator_shuts_somebody_out(office: Office) -> None:
    dana, adam = await office.member("reviewer"), await office.member("admin")
    adam.page.on("dialog", lambda dialog: dialog.accept())
    await adam.goes("/staff/dana.demo")
    await adam.presses("Shut out")
    await adam.reads("dana.demo")
    await _is_out(dana)
