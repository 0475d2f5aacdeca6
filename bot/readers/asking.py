"""Whether a message asks something, or only begins like a question ("does not apply to me")."""

import re

_SUBJECT = (
    r"(?:i|you|u|it|they|we|he|she|this|that|the|these|those|there|my|your|their|his|her|a|an|any|some|someone|anyone|"
    r"people|insurance|stem|prp|hair|cells?|doctors?|clinics?)"
)
_AUXILIARY = (
    r"(?:is|are|am|was|were|do|does|did|can|could|will|would|should|shall|has|have|may|might|isnt|arent|wont|cant|"
    r"couldnt|wouldnt|shouldnt|dont|doesnt|didnt|hasnt|havent)"
)
_LEAD = r"\W*(?:(?:and|also|plus|or|but|so|then|ok|okay|oh|btw|wait|um|hmm|well|first|before that|quick question)\W+)*"
_ASKING = re.compile(
    rf"{_LEAD}(?:{_AUXILIARY} {_SUBJECT}\b"
    rf"|(?:what|whats|how|hows|why|who|whos|where|wheres|which|when) (?:{_AUXILIARY}|s|much|many|long|often|soon|far|"
    rf"safe|exactly|about|if|kind|sort|happens|type)\b|how come\b|why\b(?! not)"
    r"|(?:please )?(?:tell|explain|show) me\b|explain\b|i wonder\b|i want(?:ed)? to (?:know|ask)\b"
    r"|any (?:idea|chance)\b)"
)


def asks_question(text: str) -> bool:
    """Whether a message has a question mark, or begins as questions do."""
    plain = re.sub(r"['’`]", "", text.casefold())
    marked = "?" in plain and any(letter.isalpha() for letter in plain)
    return marked or bool(_ASKING.match(plain))
