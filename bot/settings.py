"""The settings: environment variables `STRAND_…`, or lines of a file `.env`; nothing else reads the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args, get_type_hints

from dotenv import dotenv_values

from bot.errors import SettingError

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "STRAND_"


@dataclass(frozen=True)
class Settings:
    """One value a setting; the field `port` is the variable `STRAND_PORT`.

    Times are in seconds, relative paths start at the project.
    """

    env: Literal["development", "production"] = "development"
    state_dir: Path = PROJECT / "var"
    database_url: str = ""
    keys: str = ""
    index_key: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    token: str = ""
    public_url: str = ""
    proxies: int = 0
    origins: str = ""
    session_hours: int = 24
    web_characters: int = 1000
    web_messages_a_minute: int = 20
    address_messages_a_minute: int = 60
    address_connections: int = 50
    turn_seconds: float = 30.0
    moment_seconds: float = 5.0
    database_seconds: float = 3.0
    stop_seconds: float = 30.0
    message_characters: int = 4000
    history_events: int = 30
    phone_region: str = "US"
    clinic: str = "the clinic that runs this site"
    conversation_days: int = 30
    lead_months: int = 24
    leads_file: str = "leads.jsonl"
    webhooks: str = ""
    webhook_private: Literal["no", "yes"] = "no"
    slack_url: str = ""
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    email_from: str = ""
    email_to: str = ""
    deliver_contact: str = ""
    twilio_account: str = ""
    twilio_token: str = ""
    twilio_sms: str = ""
    twilio_whatsapp: str = ""
    twilio_api: str = "https://api.twilio.com"
    telegram_token: str = ""
    telegram_secret: str = ""
    telegram_api: str = "https://api.telegram.org"
    messenger_token: str = ""
    messenger_secret: str = ""
    messenger_verify: str = ""
    messenger_api: str = "https://graph.facebook.com/v21.0"
    slack_bot_token: str = ""
    slack_signing_secret: str = ""
    slack_api: str = "https://slack.com/api"
    staff_host: str = "127.0.0.1"
    staff_port: int = 8081
    staff_url: str = ""
    staff_proxies: int = 0
    staff_idle_minutes: int = 30
    staff_session_hours: int = 12
    staff_totp: Literal["optional", "required"] = "optional"
    time_zone: str = "UTC"
    hours: str = ""
    holidays: str = ""
    takeover_minutes: int = 5
    waiting_minutes: int = 60
    notices: str = "new_lead,red_flag,waiting,dead_letter"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def database(self) -> str:
        """The SQLAlchemy address: the one given, or an SQLite file in the state directory."""
        return self.database_url or f"sqlite:///{self.state_dir / 'strand.db'}"

    @property
    def knowledge_dir(self) -> Path:
        """Where the curated answers and the visitor-facing phrases live."""
        return PROJECT / "data" / "knowledge"

    @property
    def assessment_dir(self) -> Path:
        """Where the questions, the decision table and the signs of danger live."""
        return PROJECT / "data" / "assessment"

    @property
    def models_dir(self) -> Path:
        """Where trained models are kept."""
        return PROJECT / "models"


def _convert(kind: object, text: str) -> object:
    choices = get_args(kind)
    if choices:
        if text not in choices:
            raise ValueError(f"one of {', '.join(choices)} is wanted")
        return text
    if kind is Path:
        return (PROJECT / text).resolve()
    if kind is int and text.isascii() and text.isdigit():
        return int(text)
    if kind is float and re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        return float(text)
    if kind in (int, float):
        raise ValueError("a whole number is wanted" if kind is int else "a number is wanted")
    return text


def read(environment: Mapping[str, str], file: Path | None = None) -> Settings:
    """Settings of `environment`, then of `file`; raises SettingError for a bad value or an unknown name."""
    given: dict[str, str] = {key: value for key, value in (dotenv_values(file) if file else {}).items() if value}
    given.update({key: value for key, value in environment.items() if value})
    kinds = get_type_hints(Settings)
    values: dict[str, object] = {}
    for field in fields(Settings):
        variable = PREFIX + field.name.upper()
        text = given.pop(variable, None)
        if text is None:
            continue
        try:
            values[field.name] = _convert(kinds[field.name], text)
        except ValueError as error:
            raise SettingError(f"{variable}={text}: {error}") from error
    unknown = sorted(key for key in given if key.startswith(PREFIX))
    if unknown:
        raise SettingError(f"{unknown[0]} is not a setting; .env.example lists them all")
    return Settings(**values)  # type: ignore[arg-type]  # the loop above has converted each value to its field's type


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(os.environ, PROJECT / ".env")


def default_to(env: Literal["development", "production"]) -> None:
    """Make `env` the kind of this process and its children, unless STRAND_ENV is given."""
    variable = PREFIX + "ENV"
    if not (os.environ.get(variable) or dotenv_values(PROJECT / ".env").get(variable)):
        os.environ[variable] = env
        settings.cache_clear()
