"""E-mail reaches a real mail server: over TLS, in plain words, and without a person unless the settings ask for it."""

import asyncio
import ssl
from asyncio import Server
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.errors import DeliveryFailed
from bot.leads.delivery.email import EmailSender
from bot.leads.delivery.payload import lead_payload, plain_payload
from bot.leads.delivery.sending import Message, attempt
from bot.leads.delivery.targets import EmailTarget, Security
from tests.unit.delivery.office import LEAD, MADE

PERSON = ("Quillfeather", "quillfeather", "5550143", "late shift")


class Mailbox:
    """Keeps letters; refuses receivers that begin with `no`, and all where `refusing` holds a reply."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.encrypted: list[bool] = []
        self.refusing = ""

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if address.startswith("no"):
            return "550 <secret@clinic.example> unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusing:
            return self.refusing
        self.encrypted.append(session.ssl is not None)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine that nobody else trusts, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(timezone.utc)
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = tmp_path_factory.mktemp("certificate") / "mail.pem"
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


def own(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@asynccontextmanager
async def serving(mailbox: Mailbox, ssl_context: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Server]:
    loop = asyncio.get_running_loop()
    made = partial(SMTP, mailbox, hostname="mail.test", loop=loop, **options)
    server = await loop.create_server(made, "127.0.0.1", 0, ssl=ssl_context)
    yield server
    server.close()


@pytest.fixture
async def plain(mailbox: Mailbox) -> AsyncIterator[Server]:
    async with serving(mailbox) as server:
        yield server


@pytest.fixture
async def starttls(mailbox: Mailbox, certificate: Path) -> AsyncIterator[Server]:
    def judge(_server: Any, _session: Any, _envelope: Any, _how: Any, account: Any) -> AuthResult:
        return AuthResult(success=(account.login, account.password) == (b"strand", b"pass"), handled=False)

    options = {"tls_context": own(certificate), "require_starttls": True, "authenticator": judge}
    async with serving(mailbox, **options) as server:
        yield server


@pytest.fixture
async def tls(mailbox: Mailbox, certificate: Path) -> AsyncIterator[Server]:
    async with serving(mailbox, own(certificate)) as server:
        yield server


def sender(
    server: Server, security: Security, trusted: Path | None = None, account: tuple[str, str] = ("", ""),
    receivers: tuple[str, ...] = ("desk@clinic.example",),
) -> EmailSender:  # fmt: skip
    port = server.sockets[0].getsockname()[1]
    target = EmailTarget("email", "127.0.0.1", port, security, *account, "strand@clinic.example", receivers)
    context = ssl.create_default_context(cafile=str(trusted)) if trusted else None
    return EmailSender(target, "https://staff.example", context)


def letter(with_contact: bool = False) -> Message:
    return Message("msg_one", lead_payload("lead.submitted", LEAD, MADE, with_contact), MADE)


async def failure(chosen: EmailSender) -> str:
    with pytest.raises(DeliveryFailed) as caught:
        await attempt(chosen, letter(), 5)
    return str(caught.value)


async def test_a_lead_arrives_in_plain_words_without_the_person(plain: Server, mailbox: Mailbox) -> None:
    chosen = sender(plain, "none", receivers=("desk@clinic.example", "second@clinic.example"))
    assert await attempt(chosen, letter()) == "accepted for 2 of 2 receivers"
    (got,) = mailbox.letters
    assert got["Subject"] == "Strand: New lead: S-7K2M9Q"
    assert got["To"] == "desk@clinic.example, second@clinic.example"
    text = got.get_content()
    assert "Queue: clinician" in text
    assert "Flagged" in text
    assert "https://staff.example/leads/S-7K2M9Q" in text
    assert "./strand leads show S-7K2M9Q --contact" in text
    assert not [word for word in PERSON if word in got.as_string()]


async def test_all_tries_have_one_message_id(plain: Server, mailbox: Mailbox) -> None:
    for _ in range(2):
        await attempt(sender(plain, "none"), letter())
    assert [got["Message-ID"] for got in mailbox.letters] == ["<msg_one@clinic.example>"] * 2


async def test_contact_details_are_in_the_text_and_never_in_the_subject(plain: Server, mailbox: Mailbox) -> None:
    await attempt(sender(plain, "none"), letter(with_contact=True))
    (got,) = mailbox.letters
    assert "sam@quillfeather.example" in got.get_content()
    assert "Agreed to: sharing the answers, e-mail" in got.get_content()
    assert "Not agreed to: phone call, text message" in got.get_content()
    assert not [word for word in PERSON if word in got["Subject"]]


async def test_an_alert_names_the_target_and_the_error(plain: Server, mailbox: Mailbox) -> None:
    data = {"reference": "S-7K2M9Q", "target": "webhook:clinic.example:1a2b3c4d", "error": "HTTP 500"}
    await attempt(sender(plain, "none"), Message("msg_two", plain_payload("delivery.failed", data, MADE), MADE))
    (got,) = mailbox.letters
    assert "could not be delivered" in got["Subject"]
    assert "webhook:clinic.example:1a2b3c4d" in got.get_content()
    assert "HTTP 500" in got.get_content()


async def test_starttls_encrypts_and_signs_in(starttls: Server, mailbox: Mailbox, certificate: Path) -> None:
    await attempt(sender(starttls, "starttls", certificate, ("strand", "pass")), letter())
    assert mailbox.encrypted == [True]


async def test_tls_from_the_first_byte(tls: Server, mailbox: Mailbox, certificate: Path) -> None:
    await attempt(sender(tls, "tls", certificate), letter())
    assert len(mailbox.letters) == 1


async def test_a_certificate_that_nobody_vouches_for_is_refused(starttls: Server, mailbox: Mailbox) -> None:
    assert "certificate" in await failure(sender(starttls, "starttls"))
    assert mailbox.letters == []


async def test_a_server_without_starttls_gets_nothing(plain: Server, mailbox: Mailbox) -> None:
    assert "STARTTLS" in await failure(sender(plain, "starttls"))
    assert mailbox.letters == []


async def test_a_server_without_accounts_is_said(plain: Server) -> None:
    assert "STRAND_SMTP_USER" in await failure(sender(plain, "none", account=("strand", "pass")))


async def test_a_wrong_password_is_said_without_it(starttls: Server, certificate: Path) -> None:
    words = await failure(sender(starttls, "starttls", certificate, ("strand", "wrong")))
    assert words == "SMTP 535: the account was refused"


async def test_a_refusal_is_said_without_the_servers_words(plain: Server, mailbox: Mailbox) -> None:
    mailbox.refusing = "554 no mail about secret@clinic.example"
    assert await failure(sender(plain, "none")) == "SMTP 554"
    nobody = sender(plain, "none", receivers=("nobody@clinic.example",))
    assert await failure(nobody) == "SMTP 550: every receiver was refused"


async def test_one_receiver_that_is_refused_does_not_double_it_for_the_others(plain: Server, mailbox: Mailbox) -> None:
    chosen = sender(plain, "none", receivers=("desk@clinic.example", "nobody@clinic.example"))
    assert await attempt(chosen, letter()) == "accepted for 1 of 2 receivers"
    assert len(mailbox.letters) == 1


async def test_a_server_that_is_not_there_is_a_failure(plain: Server) -> None:
    chosen = sender(plain, "none")
    plain.close()
    assert "onnect" in await failure(chosen)
