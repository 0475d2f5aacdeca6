"""The cookie of the console: encrypted, for this host alone, out of reach of scripts and other sites."""

from base64 import urlsafe_b64encode

from aiohttp import web
from aiohttp_session import Session
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from cryptography.fernet import Fernet

from bot.storage.sealing import sealer

COOKIE = "__Host-strand-staff"


class HostCookieStorage(EncryptedCookieStorage):
    """A cookie that ends with the browser. One that is not ours is none."""

    async def load_session(self, request: web.Request) -> Session:
        """What the cookie holds; a new session where it cannot be read."""
        try:
            return await super().load_session(request)
        except ValueError:  # half a character, or no JSON
            return await self.new_session()

    def save_cookie(self, response: web.StreamResponse, cookie_data: str, *, max_age: int | None = None) -> None:
        """Set the cookie, or take it away; browsers take away a __Host- cookie only by one that is as strict."""
        if cookie_data:
            super().save_cookie(response, cookie_data, max_age=max_age)
        else:
            response.set_cookie(
                self.cookie_name, "", max_age=0, path="/", secure=True, httponly=True, samesite="Strict"
            )


def cookie_storage() -> HostCookieStorage:
    """The cookie's storage. Its key comes from the index key, which stays the same where the sealing keys are changed.

    Raises SettingError where the keys are missing.
    """
    key = bytes.fromhex(sealer().blind_index("staff sessions", "cookie"))
    fernet = Fernet(urlsafe_b64encode(key))
    return HostCookieStorage(fernet, cookie_name=COOKIE, secure=True, httponly=True, samesite="Strict")
