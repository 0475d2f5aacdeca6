"""Masks contact details: of each only so much is seen that people recognise their own."""

HIDDEN = "•••"


def masked(field: str, value: str) -> str:
    """A contact detail, by the name of its field, as it is shown where nobody has asked for it in clear."""
    if field == "phone":
        return f"{HIDDEN}{value[-2:]}"
    if field == "email":
        return f"{value[:1]}{HIDDEN}@{HIDDEN}"
    return f"{value[:1]}{HIDDEN}" if field == "name" else HIDDEN
