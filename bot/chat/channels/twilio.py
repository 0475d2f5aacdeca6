"""SMS and WhatsApp by Twilio: signed forms come in, messages go out by its REST API."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qsl, urlparse

from aiohttp import BasicAuth, ClientSession
from multidict import MultiDict
from twilio.request_validator import RequestValidator, add_port, remove_port

from bot.chat.channels.api import Reported, post
from bot.chat.channels.channel import Answer, Channel, Event, Limits, Request, Said, Unread, Wish
from bot.chat.channels.opting_out import Wanted, wanted, wanted_by_type
from bot.errors import DeliveryFailed, MessageRefused
from bot.settings import Settings
from bot.transcripts.inbox import Inbound

SIGNATURE = "X-Twilio-Signature"
MOST_FIELDS = 500
# What no later try would change: the person has stopped, there is no such number, it takes no texts, none go there, or
# on WhatsApp, their last message is more than 24 hours old.
GIVEN_UP = frozenset({21211, 21214, 21408, 21610, 21612, 21614, 63003, 63016, 63024})

Form = MultiDict[str]


class Twilio(Channel):
    """A number of a Twilio account; the addresses are people's numbers, in E.164."""

    stops = True
    limits = Limits(characters=1600, buttons=0, title_characters=0, brief=True)
    prefix: ClassVar[str] = ""

    def __init__(self, settings: Settings, http: ClientSession) -> None:
        self._validator = RequestValidator(settings.twilio_token)
        self._auth = BasicAuth(settings.twilio_account, settings.twilio_token)
        api = settings.twilio_api.rstrip("/")
        self._url = f"{api}/2010-04-01/Accounts/{settings.twilio_account}/Messages.json"
        self._number = self.number(settings)
        self._http = http

    def number(self, settings: Settings) -> str:
        """Our number on this channel."""
        raise NotImplementedError

    def wanted(self, text: str) -> Wanted | None:
        """What a message of one of the words wants that the law on texts knows, on a channel where that law holds."""
        return None

    def verify(self, request: Request, now: datetime) -> bool:
        """Whether the signature is that of the address and the form's fields; Twilio signs no time."""
        given = request.headers.get(SIGNATURE, "").encode("utf-8", "surrogateescape")
        try:
            form, url = _form(request), urlparse(request.url)
            # Twilio signs the address with its port or without it, as it happens.
            right = [self._validator.compute_signature(one(url), form) for one in (remove_port, add_port)]
        except ValueError:  # no address, or more fields than any message has
            return False
        return sum(hmac.compare_digest(given, one.encode()) for one in right) > 0

    def read(self, request: Request) -> Sequence[Event]:
        """The one message of a form; none where it is for another number."""
        form = _form(request)
        address, identifier = self._bare(form.get("From", "")), form.get("MessageSid", "")
        if not (address and identifier):
            raise MessageRefused("a message has a From and a MessageSid")
        if self._bare(form.get("To", "")) != self._number:
            return []
        return [self._event(Inbound(self.name, address, identifier, form.get("Body", "")), form)]

    def _event(self, asked: Inbound, form: Form) -> Event:
        by_twilio = wanted_by_type(form.get("OptOutType", ""))
        kind = by_twilio or self.wanted(asked.text)
        if kind:
            return Wish(asked, kind, told=by_twilio is not None)
        return asked if asked.text.strip() else Unread(asked.address, asked.message_id, "attachment")

    def _bare(self, address: str) -> str:
        return address.removeprefix(self.prefix) if address.startswith(self.prefix) and address.isascii() else ""

    def stored(self) -> Answer:
        """An answer that says nothing: what is said goes by the API."""
        return Answer(200, "<Response/>", "text/xml")

    async def send(self, address: str, said: Said) -> None:
        """Send a text; raises DeliveryFailed."""
        form = {"From": self.prefix + self._number, "To": self.prefix + address, "Body": said.text}
        _judge(await post(self._http, self._url, form=form, auth=self._auth))


class Sms(Twilio):
    """Text messages, with the words of the law on them."""

    name = "sms"

    def number(self, settings: Settings) -> str:
        """The number for text messages."""
        return settings.twilio_sms

    def wanted(self, text: str) -> Wanted | None:
        """What STOP, START, HELP and their like want."""
        return wanted(text)


class WhatsApp(Twilio):
    """WhatsApp, where Twilio writes the addresses with the channel's name in front."""

    name = "whatsapp"
    prefix = "whatsapp:"

    def number(self, settings: Settings) -> str:
        """The number for WhatsApp."""
        return settings.twilio_whatsapp


def _form(request: Request) -> Form:
    """The fields of a form, blank ones too; raises ValueError where there are too many."""
    text = request.body.decode("utf-8", "replace")
    return MultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))


def _judge(reported: Reported) -> None:
    if reported.taken:
        return
    code = reported.data.get("code")
    number = code if isinstance(code, int) else 0
    raise DeliveryFailed(f"HTTP {reported.status}, Twilio's error {number}", reported.wish(), number in GIVEN_UP)
