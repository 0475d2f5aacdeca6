"""Staff work on a lead from its page, two at once included."""

from console import Console
from handed_leads import DENIED, NOTHING, assessed, hand_in, stands

CONFLICT = {"field": "medications", "place": "0", "why": "asked on the phone"}


async def test_a_lead_is_marked_as_contacted_with_a_reason(console: Console) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{reference}")
    sent = {"status": "contacted", "reason": "left_message", "more": "calls back on Monday", "version": "1"}
    page = await dana.post(f"/leads/{reference}/status", **sent)
    assert page.path == f"/leads/{reference}"
    assert f"{reference} is “contacted” now." in page.text
    assert "Contacted: Left a message: calls back on Monday" in page.text
    assert "dana set it to “contacted”" in page.text
    assert (await stands(console, reference)).first_contact_at == console.clock()


async def test_a_state_without_a_reason_of_its_own_is_refused(console: Console) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{reference}")
    for reason in ("", "other", "consultation"):
        page = await dana.post(f"/leads/{reference}/status", status="contacted", reason=reason, version="1")
        assert page.status == 400
    page = await dana.post(f"/leads/{reference}/status", status="withdrawn", reason="other", more="x", version="1")
    assert page.status == 400
    assert (await stands(console, reference)).status == "new"


async def test_no_reason_is_chosen_before_somebody_chooses_one(console: Console) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference}")
    assert page.html.count('<select name="reason" required><option value="">Choose one</option>') == 3


async def test_the_slower_of_two_hears_who_was_faster(console: Console) -> None:
    reference = await hand_in(console)
    dana, lee = await console.signed_in("reviewer", "dana"), await console.signed_in("clinician", "lee")
    for browser in (dana, lee):
        await browser.get(f"/leads/{reference}")
    await dana.post(f"/leads/{reference}/assign", assignee="dana", version="1")
    page = await lee.post(f"/leads/{reference}/assign", assignee="lee", version="1")
    assert page.status == 409
    assert "Somebody was faster" in page.text
    assert f"{reference}: dana assigned it to dana, 22 Nov 2026, 15:00" in page.text
    assert f'href="/leads/{reference}"' in page.html
    assert (await stands(console, reference)).assignee == "dana"


async def test_a_lead_goes_to_nobody_who_may_not_see_it(console: Console) -> None:
    reference = await hand_in(console, queue="clinician")
    await console.account("dana")
    lee = await console.signed_in("clinician", "lee")
    page = await lee.get(f"/leads/{reference}")
    assert "<option>dana" not in page.html
    assert (await lee.post(f"/leads/{reference}/assign", assignee="dana", version="1")).status == 400
    assert (await lee.post(f"/leads/{reference}/assign", assignee="lee", version="1")).status == 200
    assert (await lee.post(f"/leads/{reference}/assign", assignee="", version="2")).status == 200
    assert (await stands(console, reference)).assignee is None


async def test_labels_go_on_and_off_and_are_suggested(console: Console) -> None:
    reference = await hand_in(console)
    dana = await console.signed_in("reviewer", "dana")
    await dana.get(f"/leads/{reference}")
    page = await dana.post(f"/leads/{reference}/label", label=" Call After Six ")
    assert "The label “call after six” is on it." in page.text
    assert '<option value="call after six">' in page.html
    page = await dana.post(f"/leads/{reference}/unlabel", label="call after six")
    assert (await stands(console, reference)).labels == ()
    assert (await dana.post(f"/leads/{reference}/label", label="x" * 41)).status == 400
    # What is told of it travels in the cookie: one that is too large would end every later request.
    assert (await dana.post(f"/leads/{reference}/unlabel", label="\U0001f642" * 1000)).status == 400


async def test_a_note_is_added_whatever_others_did_meanwhile(console: Console) -> None:
    reference = await hand_in(console)
    dana, lee = await console.signed_in("reviewer", "dana"), await console.signed_in("reviewer", "lee")
    await dana.get(f"/leads/{reference}")
    await lee.get(f"/leads/{reference}")
    await lee.post(f"/leads/{reference}/assign", assignee="lee", version="1")
    page = await dana.post(f"/leads/{reference}/note", text="First line\nSecond line")
    assert "<p>First line</p>" in page.html
    assert "<p>Second line</p>" in page.html
    assert "dana wrote a note" in page.text


async def test_a_clinician_clears_a_conflict_and_the_lead_goes_to_sales(console: Console) -> None:
    reference = await hand_in(console, assessed=assessed(medications=[DENIED, NOTHING]), queue="clinician")
    lee = await console.signed_in("clinician", "lee")
    page = await lee.get(f"/leads/{reference}")
    assert "Clear this conflict" in page.text
    page = await lee.post(f"/leads/{reference}/conflict", **CONFLICT, version="1")
    assert "The conflict is cleared. The outcome is: qualified." in page.text
    assert "Clear this conflict" not in page.text
    assert "lee cleared a conflict because: asked on the phone" in page.text
    assert (await stands(console, reference)).queue == "sales"


async def test_a_reviewer_clears_no_conflict(console: Console) -> None:
    reference = await hand_in(console, assessed=assessed(medications=[DENIED, NOTHING]))
    dana = await console.signed_in("reviewer", "dana")
    page = await dana.get(f"/leads/{reference}")
    assert "Clear this conflict" not in page.text
    assert "A clinician can clear it." in page.text
    assert (await dana.post(f"/leads/{reference}/conflict", **CONFLICT, version="1")).status == 403
