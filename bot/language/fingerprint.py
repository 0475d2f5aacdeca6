"""What Rasa's training cache cannot see: the components' code, and the files that they read."""

import hashlib
from pathlib import Path


def fingerprint(*files: Path | None) -> str:
    """A digest of this folder's code and of `files`; Rasa adds it to a component's fingerprint."""
    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *filter(None, files)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
