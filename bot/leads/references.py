"""Short reference numbers that a person can read aloud, and that tell nothing about the person."""

import secrets

# No letter looks like a digit, and without vowels no word comes out by chance: 18 ** 6 are 34 million references.
ALPHABET = "34679CFHJKMPQRTWXY"
LENGTH = 6


def new_reference(kind: str) -> str:
    """A random reference such as `S-4KX7QF`, of a `kind` such as S for leads; whoever stores it makes it unique."""
    return f"{kind}-{''.join(secrets.choice(ALPHABET) for _ in range(LENGTH))}"
