"""Staff look at two leads of one person side by side, and merge them."""

from dataclasses import replace

from console import Console
from handed_leads import SAM, consents, hand_in, stands

from bot.leads.records import Contact


async def test_a_probable_duplicate_is_shown_beside_the_lead_and_merged(console: Console) -> None:
    one = await hand_in(console, contact=Contact("Sam", None, SAM.phone), consents=consents(console, "share", "phone"))
    console.clock.passes(hours=1)
    two = await hand_in(console, "chat", contact=replace(SAM, name="Samuel"))
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{one}")
    assert f'href="/leads/{one}/duplicates?with={two}"' in page.html
    page = await dana.get(f"/leads/{one}/duplicates?with={two}")
    assert "Phone •••43 •••43 alike" in page.text
    assert "Name S••• S••• differs" in page.text
    assert "Consent: E-mail not asked given differs" in page.text
    assert f"Taken over from {two}: E-mail, Preferred way, Good time" in page.text
    page = await dana.post(f"/leads/{one}/merge", other=two, version="1", other_version="1")
    assert f"{two} was merged into {one}. Both histories are here." in page.text
    assert f"{two} merged into this one" in page.text
    assert page.text.count("handed it over") == 2
    page = await dana.get(f"/leads/{two}")
    assert page.path == f"/leads/{one}"
    assert f"{two} was merged into {one}, which you see here." in page.text


async def test_what_will_stand_is_said_before_a_merge(console: Console) -> None:
    one = await hand_in(console, contact=Contact("Sam", None, SAM.phone), consents=consents(console, "share", "phone"))
    two = await hand_in(console, "chat", contact=replace(SAM, name="Jordan"))
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{two}")
    await dana.post(f"/leads/{two}/assign", to="dana", assignee="dana", version="1")
    page = await dana.get(f"/leads/{one}/duplicates?with={two}")
    keep_one = page.text.split(f"Keep {one}")[1]
    assert f"Name S••• (of {one}) E-mail s•••@••• (of {two}) Phone •••43 (the same in both)" in keep_one
    assert f"Preferred way E-mail (of {two}) Good time In their own words (of {two})" in keep_one
    assert f"Assigned to dana (of {two}) Status New (the same in both)" in keep_one
    assert f"Name J••• (of {two})" in page.text
    assert "Jordan" not in page.html
    assert "They have different names. These may be two people" in page.text


async def test_different_names_and_addresses_are_warned_of_but_not_other_spelling(console: Console) -> None:
    one = await hand_in(console)
    stranger = await hand_in(console, "chat", contact=replace(SAM, name="Jo", email="jo@other.example"))
    same = await hand_in(console, "talk again", contact=replace(SAM, name="sam  quillfeather", email=SAM.email.upper()))
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{one}/duplicates?with={stranger}")
    assert "They have different names and e-mail addresses." in page.text
    assert "They have different" not in (await dana.get(f"/leads/{one}/duplicates?with={same}")).text


async def test_what_a_merge_would_empty_is_said_before(console: Console) -> None:
    one = await hand_in(console)
    by_mail = (*consents(console, "share", "email"), *consents(console, "phone", given=False))
    two = await hand_in(console, "chat", contact=replace(SAM, phone=None), consents=by_mail)
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{one}/duplicates?with={two}")
    assert "Emptied, since they said no to it in one of the two: Phone." in page.text


async def test_a_merge_that_may_not_be_has_no_button(console: Console) -> None:
    calls = (*consents(console, "share", "phone"), *consents(console, "email", given=False))
    one = await hand_in(console, contact=Contact("Sam", None, SAM.phone), consents=calls)
    mails = (*consents(console, "share", "email"), *consents(console, "phone", given=False))
    two = await hand_in(console, "chat", contact=Contact("Sam", SAM.email), consents=mails)
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{one}/duplicates?with={two}")
    assert "They have no e-mail address and no telephone number in common." in page.text
    assert "leaves no way to reach them" in page.text
    assert "merge it" not in page.text
    assert (await dana.post(f"/leads/{one}/merge", other=two, version="1", other_version="1")).status == 400


async def test_a_reviewer_merges_nothing_of_the_clinicians(console: Console) -> None:
    one, two = await hand_in(console), await hand_in(console, "chat", queue="clinician")
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{one}")
    assert f"{two} (a clinician's)" in page.text
    assert (await dana.get(f"/leads/{one}/duplicates?with={two}")).status == 403
    assert (await dana.post(f"/leads/{one}/merge", other=two, version="1", other_version="1")).status == 403
    assert (await stands(console, two)).merged_into is None
    assert two in (await dana.get(f"/leads/{one}/duplicates")).text


async def test_the_second_of_two_who_merge_the_same_leads_is_told(console: Console) -> None:
    one, two = await hand_in(console), await hand_in(console, "chat")
    dana, lee = await console.signed_in("reviewer", "dana"), await console.signed_in("reviewer", "lee")
    for browser in (dana, lee):
        await browser.get(f"/leads/{one}/duplicates?with={two}")
    assert (await dana.post(f"/leads/{one}/merge", other=two, version="1", other_version="1")).status == 200
    page = await lee.post(f"/leads/{two}/merge", other=one, version="1", other_version="1")
    assert page.status == 409
    assert "dana merged" in page.text


async def test_a_detail_of_a_merged_lead_is_shown_from_the_one_that_is_kept(console: Console) -> None:
    one, two = await hand_in(console), await hand_in(console, "chat", contact=replace(SAM, phone="+12025550199"))
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{one}/duplicates?with={two}")
    await dana.post(f"/leads/{one}/merge", other=two, version="1", other_version="1")
    page = await dana.post(f"/leads/{one}/reveal", of=two, detail="phone", why="the other number")
    assert "+12025550199" in page.html
    assert SAM.phone not in page.html


async def test_no_lead_is_its_own_duplicate(console: Console) -> None:
    one = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    assert (await dana.get(f"/leads/{one}/duplicates?with={one}")).status == 404
    page = await dana.get(f"/leads/{one}/duplicates")
    assert "No other lead has this e-mail address or telephone number." in page.text
