"""What the audit's acts on a lead are called: as the end of a sentence that begins with who did it."""

from collections.abc import Mapping
from typing import Any

from bot.leads import states
from bot.leads.audit import Entry

STATUS, ASSIGNED, NOTED = "lead.status", "lead.assigned", "lead.noted"
LABELLED, UNLABELLED = "lead.labelled", "lead.unlabelled"
MERGED, CLEARED = "lead.merged", "lead.conflict_cleared"
# After these a lead is as it was.
CHANGING_NOTHING = frozenset({"lead.revealed", "delivery.replayed"})

SENTENCES: Mapping[str, str] = {
    "lead.submitted": "handed it over",
    "lead.reopened": "handed it over again",
    "lead.changed": "changed the contact details or consents",
    "lead.reassessed": "did the check again",
    "lead.withdrawn": "withdrew consent",
    "lead.revealed": "looked at contact details",
    "transcript.revealed": "looked at a message in clear",
    "conversation.joined": "joined the conversation",
    "conversation.left": "left the conversation",
    "delivery.replayed": "had a message tried again",
    LABELLED: "put a label on it",
    UNLABELLED: "took a label off",
    NOTED: "wrote a note",
    CLEARED: "cleared a conflict",
}


def actor_in_words(actor: str) -> str:
    """Who did it, as the beginning of a sentence."""
    names = {"visitor": "the visitor", "system": "the program", "operator": "an operator on the command line"}
    return names.get(actor, actor.removeprefix("staff:"))


def act_in_words(entry: Entry) -> str:
    """What was done; what is not known of it any more is left out."""
    after: Mapping[str, Any] = entry.after or {}
    if entry.act == STATUS and after.get("status") in states.TITLES:
        return f"set it to “{states.TITLES[after['status']].lower()}”"
    if entry.act == ASSIGNED and "assignee" in after:
        return f"assigned it to {after['assignee'] or 'nobody'}"
    if entry.act == MERGED and "into" in after:
        return f"merged it into {after['into']}"
    if entry.act == MERGED:
        return f"merged {after.get('from', 'another')} into it"
    return SENTENCES.get(entry.act, entry.act)
