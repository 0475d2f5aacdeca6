"""Somebody who texts by Twilio: requests as Twilio documents them, signed by the rules of its documentation."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient

ACCOUNT, TOKEN = "AC" + "5" * 32, "12345"
OURS, THEIRS = "+15005550006", "+12025550171"
PUBLIC = "https://chat.clinic.example"
SETTINGS = {
    "twilio_account": ACCOUNT,
    "twilio_token": TOKEN,
    "twilio_sms": OURS,
    "twilio_whatsapp": OURS,
    "public_url": PUBLIC,
}


def form_of(text: str, sid: str, channel: str = "sms", **more: str) -> dict[str, str]:
    """The fields of a message, as Twilio sends them."""
    prefix = "whatsapp:" if channel == "whatsapp" else ""
    fields = {
        "ToCountry": "US",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": text,
        "To": prefix + OURS,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": prefix + THEIRS,
        "ApiVersion": "2010-04-01",
    }
    return fields | more


def sign(url: str, form: Mapping[str, str], token: str = TOKEN) -> str:
    """The address, then each name and value in the order of the names, by HMAC-SHA1."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()).decode()


class Texter:
    """Sends texts from one number, each with an id of its own."""

    def __init__(self, client: TestClient, channel: str = "sms") -> None:
        self.client, self.channel, self.count = client, channel, 0

    async def send(self, text: str, sid: str | None = None, **more: str) -> ClientResponse:
        """Send a text, or again the one with that id."""
        self.count += 1
        return await self.post(form_of(text, sid or f"SM{self.count:032x}", self.channel, **more))

    async def post(self, form: Mapping[str, str], signature: str | None = None) -> ClientResponse:
        """Post a form with its signature, or with another one."""
        place = f"/webhooks/{self.channel}"
        signed = sign(PUBLIC + place, form) if signature is None else signature
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signed}
        return await self.client.post(place, data=urlencode(form), headers=headers)
