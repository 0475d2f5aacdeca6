"""Staff open a lead: they see why it came to what it did, and nobody's contact details without a reason."""

from dataclasses import replace

import pytest
from console import Console
from handed_leads import DENIED, NOTHING, SAM, assessed, consents, hand_in, stands
from spoken_events import asked, given, said, store

from bot.leads import audit
from bot.leads.records import Assessed

SECRETS = ("Quillfeather", "sam@quillfeather.example", "5550143", "after the late shift")


async def test_a_lead_is_shown_with_its_consents_as_they_were_given(console: Console) -> None:
    refused = consents(console, "text", given=False)
    agreed = (*consents(console, "share", "email", "phone"), *refused)
    reference = await hand_in(console, consents=agreed)
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference.lower()}")
    assert page.status == 200
    assert "They were shown: May we use email? Wording" in page.text
    assert "Wording email_wording, version 2026-07, English" in page.text
    assert page.text.count("Given") == 3
    assert page.text.count("Refused") == 1
    assert "message m-text" in page.text


async def test_contact_details_are_masked_until_somebody_says_why(console: Console) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference}")
    assert [secret for secret in SECRETS if secret in page.html] == []
    assert "•••43" in page.text
    page = await dana.post(f"/leads/{reference}/reveal", of=reference, detail="phone", why="to call back")
    assert page.status == 200
    assert SAM.phone in page.html
    assert [secret for secret in SECRETS if secret in page.html] == ["5550143"]
    assert page.headers["Cache-Control"] == "no-store"
    again = await dana.get(f"/leads/{reference}")
    assert "5550143" not in again.html
    assert "dana looked at contact details Phone; because: to call back" in again.text
    row = (await console.run(lambda session: audit.trail(session, reference)))[-1]
    assert (row.actor, row.after) == ("staff:dana", {"contact": ["phone"], "why": "to call back"})


@pytest.mark.parametrize("fields", [{"detail": "phone"}, {"detail": "conversation", "why": "x"}, {"why": "x"}])
async def test_a_look_without_a_reason_or_at_something_else_is_refused(
    console: Console, fields: dict[str, str]
) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{reference}")
    page = await dana.post(f"/leads/{reference}/reveal", of=reference, **fields)
    assert page.status == 400
    assert "5550143" not in page.html


async def test_a_detail_of_another_persons_lead_is_not_shown_here(console: Console) -> None:
    mine, other = await hand_in(console), await hand_in(console, "chat", contact=replace(SAM, phone="+12025550199"))
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{mine}")
    page = await dana.post(f"/leads/{mine}/reveal", of=other, detail="phone", why="curious")
    assert page.status == 404
    assert "5550199" not in page.html


async def test_each_reason_has_its_answer_rule_and_source(console: Console) -> None:
    told = {"value": "told", "findings": ["autoimmune"], "status": "current"}
    careful = replace(assessed(conditions=[told], medications=[DENIED, NOTHING]), flags=("RF-20",))
    reference = await hand_in(console, assessed=careful, queue="clinician")
    lee = await console.signed_in("clinician", "lee")
    page = await lee.get(f"/leads/{reference}")
    assert (
        "Illnesses: autoimmune → A clinician looks first From the answer: you have a disease of the immune system"
        in page.text
    )
    assert "Medicines: conflict" in page.text
    assert f"Rule autoimmune , table {careful.table_version}. Source: A page of the FDA , FDA" in page.text
    assert 'href="https://fda.example/page"' in page.html
    assert "Red flag RF-20:" in page.text
    assert "corrected counts until a clinician clears it (anticoagulant)" in page.text


async def test_the_words_of_an_answer_hide_a_number_in_them(console: Console) -> None:
    words = {"value": "minoxidil, call me at 202 555 0143 says Quillfeather", "findings": [], "status": "current"}
    reference = await hand_in(console, assessed=assessed(prior_treatments=[words]))
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference}")
    assert "minoxidil, call me at •••43" in page.text
    assert "Quillfeather" not in page.html


async def test_a_lead_of_an_older_program_can_still_be_read(console: Console) -> None:
    age = {"age": [{"value": 41, "findings": [], "status": "current"}]}
    old = Assessed("qualified", "1", ({"field": "gone", "finding": "gone"},), ("gone",), {**age, "medicines": [{}]})
    reference = await hand_in(console, assessed=replace(old, flags=("RF-XX",)))
    lee = await console.signed_in("reviewer", "lee")
    assert (await lee.get(f"/leads/{reference}")).status == 200


async def test_a_hostile_name_or_note_is_text(console: Console) -> None:
    attack = '<script>alert("x")</script>'
    words = {"value": attack, "findings": [], "status": "current"}
    reference = await hand_in(console, contact=replace(SAM, name=attack), assessed=assessed(expectations=[words]))
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{reference}")
    await dana.post(f"/leads/{reference}/note", text=attack)
    page = await dana.post(f"/leads/{reference}/reveal", of=reference, detail="name", why=attack)
    assert attack not in page.html
    assert "&lt;script&gt;" in page.html


async def test_reviewers_are_kept_out_of_the_clinician_queue(console: Console) -> None:
    reference = await hand_in(console, queue="clinician")
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference}")
    assert page.status == 403
    assert "a clinician looks at this lead first" in page.text
    for act, fields in {
        "status": {"status": "contacted", "reason": "talked", "version": "1"},
        "assign": {"assignee": "dana", "version": "1"},
        "label": {"label": "x"},
        "unlabel": {"label": "x"},
        "note": {"text": "x"},
        "reveal": {"of": reference, "detail": "phone", "why": "x"},
        "merge": {"other": reference, "version": "1", "other_version": "1"},
        "conflict": {"field": "age", "place": "0", "why": "x", "version": "1"},
    }.items():
        assert (await dana.post(f"/leads/{reference}/{act}", **fields)).status == 403, act
    assert (await stands(console, reference)).version == 1


@pytest.mark.parametrize("path", ["/leads/S-AAAAAA", "/leads/x", "/leads/S-AAAAAA/duplicates", "/leads/S-%00AAAA"])
async def test_a_lead_that_is_not_there_is_a_page_that_says_so(console: Console, path: str) -> None:
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(path)
    assert page.status == 404
    assert "It may have been erased" in page.text


async def test_a_reason_leads_to_the_words_it_came_from(console: Console) -> None:
    ill = [{"value": "told", "findings": ["autoimmune"], "status": "current"}]
    turns = [
        [asked("lupus, and mail me at sam@quillfeather.example"), said("Next?", kind="question", field="medications"),
         given("conditions", ill)],
        [asked("no medicines"), said("Thanks", kind="smalltalk"), given("medications", [NOTHING])],
    ]  # fmt: skip
    await console.run(lambda session: store(session, "talk", *turns))
    reference = await hand_in(console, assessed=assessed(conditions=ill), queue="clinician")
    lee = await console.signed_in("clinician", "lee")
    page = await lee.get(f"/leads/{reference}")
    assert 'In their words: <a href="#turn-1"><q>lupus, and mail me at s•••@•••</q></a>' in page.html
    assert 'id="turn-1"' in page.html
    assert page.text.count("In their words") == 1
    where = {"Referer": str(console.server.make_url(f"/leads/{reference}"))}
    data = {"csrf": lee.token, "sequence": "1", "reason": "to be sure"}
    page = await lee._page(lee.client.post("/conversations/talk/reveal", data=data, headers=where))
    assert f'href="/leads/{reference}#turn-1">Back to the lead' in page.html


async def test_a_reason_leads_to_what_was_told_before_any_question(console: Console) -> None:
    ill = [{"value": "told", "findings": ["autoimmune"], "status": "current"}]
    turns = [
        [asked("can you cure my lupus"), said("No.", kind="out_of_scope"),
         given("handoff", {"findings": ["autoimmune"]})],
        [asked("a person please"), said("Sure?", kind="handoff", state="consent", field="consent_share"),
         given("handoff", {"findings": ["autoimmune"], "open": "consent_share"})],
    ]  # fmt: skip
    await console.run(lambda session: store(session, "talk", *turns))
    reference = await hand_in(console, assessed=assessed(conditions=ill), queue="clinician")
    lee = await console.signed_in("clinician", "lee")
    page = await lee.get(f"/leads/{reference}")
    assert 'In their words: <a href="#turn-1"><q>can you cure my lupus</q></a>' in page.html
    assert page.text.count("In their words") == 1
    assert page.text.count("Heard: in passing (autoimmune)") == 1
