"""The fields of a hand-off in the order asked, the purposes that are agreed to, and the ways to reach a person."""

from typing import Literal

from bot.assessment.fields import AGE, SUMMARY

Purpose = Literal["share", "email", "phone", "text"]
Way = Literal["email", "phone", "text"]

CONSENT = "consent_"
NAME = "name"
EMAIL = "email"
PHONE = "phone"
PREFERRED_CONTACT = "preferred_contact"
PREFERRED_TIME = "preferred_time"

PURPOSES: tuple[Purpose, ...] = ("share", "email", "phone", "text")
WAYS: tuple[Way, ...] = ("email", "phone", "text")
CONSENTS: dict[str, Purpose] = {f"{CONSENT}{purpose}": purpose for purpose in PURPOSES}
DETAILS = (NAME, EMAIL, PHONE, PREFERRED_CONTACT, PREFERRED_TIME)
ORDER = (AGE, *CONSENTS, *DETAILS, SUMMARY)
# The detail that a way needs.
DETAIL_OF: dict[Way, str] = {"email": EMAIL, "phone": PHONE, "text": PHONE}
WAYS_OF: dict[str, tuple[Way, ...]] = {EMAIL: ("email",), PHONE: ("phone", "text")}
