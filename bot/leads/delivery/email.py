"""E-mail to the clinic: plain words, a subject without a person, the same Message-ID in every try."""

import logging
import ssl
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from bot.errors import DeliveryFailed
from bot.leads.delivery import words
from bot.leads.delivery.sending import SECONDS, Message, explain
from bot.leads.delivery.targets import EmailTarget

# What a server may lack is told apart by the library's text alone.
MISSING = {
    "STARTTLS extension": "the server offers no STARTTLS: see STRAND_SMTP_SECURITY",
    "AUTH extension": "the server takes no account: see STRAND_SMTP_USER",
}

logger = logging.getLogger(__name__)


class EmailSender:
    """Hands messages to a mail server, with links into the `console` at that address.

    `context` is for servers with a certificate of their own making.
    """

    at_once = 2

    def __init__(self, target: EmailTarget, console: str, context: ssl.SSLContext | None = None) -> None:
        self.target = target
        self._console = console
        self._context = context

    async def send(self, message: Message) -> str:
        """What came back; raises DeliveryFailed, OSError."""
        target = self.target
        try:
            refused, _ = await aiosmtplib.send(
                self._letter(message),
                sender=target.sender,
                recipients=list(target.receivers),
                hostname=target.host,
                port=target.port,
                username=target.user or None,
                password=target.password or None,
                use_tls=target.security == "tls",
                start_tls=target.security == "starttls",
                tls_context=self._context if target.security != "none" else None,
                timeout=SECONDS,
            )
        except aiosmtplib.SMTPException as error:
            raise DeliveryFailed(_in_words(error)) from error
        if refused:
            # Another try would reach the others twice.
            logger.warning("%d of %d receivers of e-mail were refused", len(refused), len(target.receivers))
        return f"accepted for {len(target.receivers) - len(refused)} of {len(target.receivers)} receivers"

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = f"Strand: {words.headline(message.payload)}"
        letter["From"] = self.target.sender
        letter["To"] = ", ".join(self.target.receivers)
        letter["Date"] = format_datetime(message.at)
        letter["Message-ID"] = f"<{message.id}@{self.target.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(words.body(message.payload, self._console))
        return letter


def _in_words(error: aiosmtplib.SMTPException) -> str:
    """A mail server's refusal without its own words, which may hold an address."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return f"SMTP {error.code}: the account was refused"
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"SMTP {error.code}"
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return f"SMTP {error.recipients[0].code}: every receiver was refused"
    for word, meaning in MISSING.items():
        if word in str(error):
            return meaning
    if isinstance(error.__cause__, OSError):
        return explain(error.__cause__)
    return type(error).__name__
