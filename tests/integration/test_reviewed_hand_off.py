"""A real hand-off as staff read it: what was understood is there, and how to reach the person is not."""

from handing_over import CONTACT, EMAIL, Visitor, left_in

from bot.dialogue.assistant import Assistant
from tests.staff.console import opened


async def test_staff_read_a_real_hand_off_without_its_contact_details(strand: Assistant) -> None:
    visitor = Visitor(strand)
    await visitor.says("how much does it cost?")
    await visitor.is_checked(medications="eliquis")
    await visitor.says("no thanks", "i want to talk to a person")
    reference = await visitor.hands_over()
    await visitor.says("what did i send you?")
    conversation = await visitor.conversation()
    async with opened() as console:
        page = await (await console.signed_in("clinician")).get(f"/conversations/{conversation}?details=all")
        listed = await (await console.signed_in("reviewer")).get("/conversations")
    assert page.status == 200
    for words in (reference, "cost.session_price", "Medicines:", "(anticoagulant)", "Consent share: yes", "••• "):
        assert words in page.text, words
    assert left_in(page.html, [*CONTACT, EMAIL]) == []
    assert "The entry has changed since" not in page.text
    assert reference not in listed.text
