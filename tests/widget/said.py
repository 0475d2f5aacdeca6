"""What the assistant says, one of each kind, in the shape of docs/payload.md."""

from stand_in import reply

SOURCES = [
    {
        "id": "review",
        "title": "Human stem cell use in androgenetic alopecia: a systematic review",
        "publisher": "Cells",
        "url": "https://journal.example/review",
        "date": "2023-03-21",
        "strength": "moderate",
    },
    {"id": "page", "title": "Prices", "publisher": "A clinic", "url": None, "date": None, "strength": "weak"},
]
ANSWER = reply(
    "Not clearly, on what is known today.\n\nSmall studies show modest thickening:\n- in some people\n- for a year",
    buttons=("What is the success rate?", "What are the risks?"),
    topics=["efficacy_evidence"],
    entries=["efficacy_evidence.does_it_work"],
    sources=SOURCES,
    reviewed_on="2026-09-01",
    reviewed_by="editors",
)
CLARIFY = reply(
    "Which of these do you mean?", buttons=("The price", "The payment plan", "Something else"), kind="clarify"
)
PATTERNS = ("Slow thinning over years", "Round or patchy spots, or sudden", "Shedding all over", "I'm not sure")
QUESTION = reply(
    "2 of 10. How does your hair loss look, and how did it come?",
    buttons=(*PATTERNS, "Skip", "Why do you ask?"),
    kind="question",
    field="hair_loss_pattern",
)
DIGRESSION = {
    "texts": [*ANSWER["texts"], *QUESTION["texts"]],
    "buttons": QUESTION["buttons"],
    "payload": {**ANSWER["payload"], "field": "hair_loss_pattern"},
}
WHY = reply("Studies tested slow pattern hair loss.", QUESTION["texts"][0], **QUESTION["payload"], buttons=PATTERNS)
OUTCOME = reply(
    "A clinician has to look at this first. Never stop a medicine on your own.",
    buttons=("Yes, please", "No, thanks"),
    kind="assessment",
    outcome="clinician_review",
    topics=["consultation_booking"],
    reasons=[
        {
            "field": "medications",
            "finding": "anticoagulant",
            "outcome": "clinician_review",
            "because": "Blood thinners raise the risk of bleeding.",
            "source": SOURCES[0],
        }
    ],
)
URGENT = reply(
    "Call 911 or your local emergency number now. Do not wait to see if it passes. You can also call 1-800-222-1222.",
    **{"class": "emergency"},
    kind="urgent",
    certain=True,
)
REVIEW = reply(
    "Please look at this before I send it:\n- Age: 34\n- E-mail: nora.quill@mail.example\nShall I send it?",
    buttons=("Yes, send it", "Change something"),
    kind="handoff",
    state="review",
    field="summary",
)
SUBMITTED = reply("Sent. Your reference is S-9H4J9J.", kind="handoff", state="submitted", reference="S-9H4J9J")
SPANISH = reply("Lo siento, solo hablo inglés.", kind="out_of_scope", language="es", confidence=0.1)
UNKNOWN = reply("I have nothing on that which I could stand behind.", kind="out_of_scope", confidence=0.1)
REFUSAL = reply("No. Nobody can promise you that.", kind="refusal", buttons=("What do studies show?",))
JOINED = reply(kind="staff", state="joined")
LEFT = reply("The person has left. The automated assistant is back.", kind="staff", state="left")
STAFF = reply("Hello, this is Ada from the clinic.", kind="staff", state="message")
HOSTILE = reply(
    "<img src=x onerror=alert(1)><b>bold</b> <script>alert(2)</script>",
    "See https://good.example/a?b=1. Not javascript:alert(3) nor http://plain.example/ nor data:text/html,x nor //evil",
    sources=[
        {**SOURCES[0], "id": "a", "title": "<i>Good</i>", "url": "https://good.example/", "date": "2024"},
        {**SOURCES[0], "id": "b", "url": "javascript:alert(4)", "date": "not a day", "strength": "odd"},
        {**SOURCES[0], "id": "c", "url": " JaVaScript:alert(5)"},
        {**SOURCES[0], "id": "d", "url": "data:text/html,<b>"},
    ],
    buttons=("<u>press</u>",),
)
