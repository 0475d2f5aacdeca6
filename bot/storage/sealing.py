"""Seals texts at rest (Fernet with rotation of keys), and indexes them blindly (HMAC-SHA-256) to find equal ones."""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingError
from bot.storage.keys import FILE, Keys, read_keys

OTHER_KEYS = (
    "the keys are not those that sealed this database: see STRAND_KEYS and STRAND_INDEX_KEY, or, in development, the "
    f"file {FILE} of the state directory"
)


class Sealer:
    """Seals with the newest key, and opens with whichever key fits."""

    def __init__(self, keys: Keys) -> None:
        self._newest = Fernet(keys.sealing[0])
        self._all = MultiFernet([Fernet(key) for key in keys.sealing])
        self._index_key = keys.index

    def seal(self, text: str) -> str:
        """A token that only the keys open; the same text gives another token each time."""
        return self._newest.encrypt(text.encode()).decode("ascii")

    def unseal(self, token: str) -> str:
        """The text of a token; raises SettingError where no key fits."""
        try:
            return self._all.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise SettingError(OTHER_KEYS) from error

    def is_newest(self, token: str) -> bool:
        """Whether the newest key alone opens a token."""
        try:
            self._newest.decrypt(token.encode())
        except InvalidToken:
            return False
        return True

    def reseal(self, token: str) -> str:
        """The same text under the newest key; raises SettingError where no key fits."""
        return self.seal(self.unseal(token))

    def blind_index(self, purpose: str, text: str) -> str:
        """64 hexadecimal digits, the same for the same text and purpose, that tell nothing without the index key."""
        return hmac.new(self._index_key, f"{purpose}\0{text}".encode(), sha256).hexdigest()


@lru_cache(maxsize=4)
def _sealer_of(keys: Keys) -> Sealer:
    return Sealer(keys)


def sealer() -> Sealer:
    """The sealer of this process, under the keys as they are now; raises SettingError where there are none."""
    return _sealer_of(read_keys())
