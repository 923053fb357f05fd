"""Settings: read once from the environment, frozen; a wrong one stops the start in one sentence."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AnyHttpUrl,
    Field,
    IPvAnyAddress,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from actions.outbox import PER_MINUTE_IN_A_GROUP
from actions.privacy import Retention
from actions.spending import Budget
from actions.store import database_known
from bot.channels.sms.settings import KannelLogin, SmsSettings
from bot.desk.settings import DeskSettings

HOUSE = Path(__file__).parent.parent
#: The longest time anything may be kept, in days.
CENTURY = 36_500


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the variable and says what to set."""


class Settings(BaseSettings):
    """Everything that differs from one installation to the next.

    Secrets hide in `repr`, so that no log or traceback shows them.
    """

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, extra="ignore")

    telegram_bot_token: SecretStr | None = Field(
        default=None, description="the token @BotFather gave; none starts the simulator"
    )
    telegram_api_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.telegram.org"),
        description="the Bot API server, such as https://api.telegram.org",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="sqlite:////folder/file.db or postgresql+psycopg://user:word@host/name",
    )
    rasa_url: AnyHttpUrl | None = Field(
        default=None, description="a Rasa server that runs already; none starts one here"
    )
    rasa_token: SecretStr | None = Field(
        default=None, description="the token of the server at RASA_URL"
    )
    caravane_data: Path = Field(
        default=HOUSE / ".data", description="the folder for the database and what the run keeps"
    )
    caravane_model: Path = Field(
        default=HOUSE / "models" / "nlu.tar.gz", description="the trained Rasa model"
    )
    caravane_programme: Path = Field(
        default=HOUSE / "actions" / "programme", description="the folder of the facts"
    )
    caravane_port: int = Field(
        default=8015, ge=0, le=65535, description="the simulator's port on this machine, 0 to 65535"
    )
    caravane_clerks: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="the Telegram user numbers of the clerks, separated by commas",
    )
    caravane_administrators: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(),
        description="the Telegram user numbers of the desk's administrators, separated by commas",
    )
    caravane_desk_patience_hours: int = Field(
        default=24,
        ge=1,
        le=8760,
        description="the hours after which an untouched case goes back to the assistant, 1 to 8760",
    )
    caravane_desk_topics_an_hour: int = Field(
        default=30,
        ge=1,
        le=10_000,
        description="the cases shown unasked to staff in an hour at most, 1 to 10000",
    )
    caravane_group_messages_a_minute: int = Field(
        default=PER_MINUTE_IN_A_GROUP,
        ge=1,
        le=100_000,
        description="the messages that Telegram takes for a group in a minute, 1 to 100000",
    )
    caravane_keep_texts_days: int = Field(
        default=90,
        ge=1,
        le=CENTURY,
        description=f"the days that texts of messages are kept, 1 to {CENTURY}",
    )
    caravane_keep_registrations_days: int = Field(
        default=365,
        ge=30,
        le=CENTURY,
        description=f"the days that registrations are kept, 30 to {CENTURY}",
    )
    caravane_sms_kannel_url: AnyHttpUrl | None = Field(
        default=None,
        description="Kannel's sendsms address, such as http://127.0.0.1:13013/cgi-bin/sendsms",
    )
    caravane_sms_kannel_user: str = Field(
        default="caravane", description="the username of Kannel's sendsms-user group"
    )
    caravane_sms_kannel_password: SecretStr | None = Field(
        default=None, description="the password of Kannel's sendsms-user group"
    )
    caravane_sms_relay_url: AnyHttpUrl | None = Field(
        default=None, description="the address at which a relay takes messages to send"
    )
    caravane_sms_secret: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="a secret of at least 16 characters that the SMS gateway shares",
    )
    caravane_sms_number: str = Field(
        default="",
        max_length=20,
        description="the number that people send their SMS to, in digits",
    )
    caravane_sms_host: IPvAnyAddress = Field(
        default=ip_address("127.0.0.1"),
        description="the address of this machine on which the SMS gateway calls, such as 127.0.0.1",
    )
    caravane_sms_port: int = Field(
        default=8016, ge=0, le=65535, description="the port for the SMS gateway, 0 to 65535"
    )
    caravane_sms_url: AnyHttpUrl | None = Field(
        default=None,
        description="the address at which the SMS gateway reaches this machine, if it differs",
    )
    caravane_sms_allowed: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = Field(
        default=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
        description="the addresses of the SMS gateway, separated by commas",
    )
    caravane_sms_price: Decimal = Field(
        default=Decimal(0), ge=0, le=1000, description="the price of one segment in dinars"
    )
    caravane_sms_segments_a_month: int = Field(
        default=10_000, ge=1, description="the segments that may be sent in a month, from 1 on"
    )
    caravane_sms_segments_a_day: int = Field(
        default=2_000, ge=1, description="the segments that may be sent in a day, from 1 on"
    )
    caravane_sms_segments_a_person: int = Field(
        default=100,
        ge=10,
        description="the segments that may be sent to one number in a day, from 10 on",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("telegram_bot_token")
    @classmethod
    def _looks_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            number, _, secret = value.get_secret_value().partition(":")
            if not number.isdigit() or len(secret) < 20 or not secret.isascii():
                raise ValueError("is not a bot token")
        return value

    @field_validator("caravane_clerks", "caravane_administrators", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        numbers = frozenset(number for part in value.split(",") if (number := part.strip()))
        if not all(number.isascii() and number.isdigit() for number in numbers):
            raise ValueError("is not a list of numbers")
        return numbers

    @field_validator("caravane_sms_allowed", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(network for part in value.split(",") if (network := part.strip()))
        return value

    @field_validator("caravane_sms_number")
    @classmethod
    def _digits(cls, value: str) -> str:
        if not re.fullmatch(r"\+?\d*", value, re.ASCII):
            raise ValueError("is not a number")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_a_database_we_know(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not database_known(value.get_secret_value()):
            raise ValueError("is not a database that Caravane knows")
        return value

    @property
    def retention(self) -> Retention:
        """Return how long things are kept."""
        return Retention(
            texts=dt.timedelta(days=self.caravane_keep_texts_days),
            registrations=dt.timedelta(days=self.caravane_keep_registrations_days),
        )

    @property
    def desk(self) -> DeskSettings:
        """Return the numbers of the staff desk."""
        return DeskSettings(
            patience=dt.timedelta(hours=self.caravane_desk_patience_hours),
            topics_an_hour=self.caravane_desk_topics_an_hour,
            budget=self.budget,
        )

    @property
    def sms(self) -> SmsSettings | None:
        """Return how SMS come and go; None where no gateway is set."""
        if self.caravane_sms_secret is None:
            return None
        host, port = str(self.caravane_sms_host), self.caravane_sms_port
        login = None
        if self.caravane_sms_kannel_url and self.caravane_sms_kannel_password:
            login = KannelLogin(
                url=str(self.caravane_sms_kannel_url),
                user=self.caravane_sms_kannel_user,
                password=self.caravane_sms_kannel_password.get_secret_value(),
            )
        return SmsSettings(
            secret=self.caravane_sms_secret.get_secret_value(),
            number=self.caravane_sms_number,
            host=host,
            port=port,
            url=str(self.caravane_sms_url or "").rstrip("/"),
            allowed=tuple(self.caravane_sms_allowed),
            kannel=login,
            relay_url=str(self.caravane_sms_relay_url or ""),
        )

    @property
    def budget(self) -> Budget:
        """Return what may be sent by SMS, and what it costs."""
        return Budget(
            price=self.caravane_sms_price,
            a_month=self.caravane_sms_segments_a_month,
            a_day=self.caravane_sms_segments_a_day,
            a_person=self.caravane_sms_segments_a_person,
        )

    @property
    def simulated(self) -> bool:
        """Whether there is no real bot to be."""
        return self.telegram_bot_token is None

    def database(self) -> str:
        """Return the database's address; the simulator keeps to one of its own."""
        if self.database_url and not self.simulated:
            return self.database_url.get_secret_value()
        name = "simulator.db" if self.simulated else "caravane.db"
        return f"sqlite:///{self.caravane_data / name}"


def load_settings(**overrides: object) -> Settings:
    """Return the settings from the environment; raise `SettingsError` naming what is wrong."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors(include_input=False)[0]
        name = str(first["loc"][0])
        known = Settings.model_fields.get(name)
        hint = known.description if known else ""
        raise SettingsError(f"{name.upper()} can't be used: set it to {hint}.") from None
    if settings.rasa_url and not settings.rasa_token:
        raise SettingsError("RASA_TOKEN is missing: set it to the token of the server at RASA_URL.")
    _require_a_whole_gateway(settings)
    if settings.caravane_keep_registrations_days < settings.caravane_keep_texts_days:
        raise SettingsError(
            "CARAVANE_KEEP_REGISTRATIONS_DAYS can't be used: set it to at least the days of "
            "CARAVANE_KEEP_TEXTS_DAYS."
        )
    if not settings.caravane_programme.is_dir():
        raise SettingsError(
            "CARAVANE_PROGRAMME is not a folder: set it to the folder of the facts."
        )
    return settings


def _require_a_whole_gateway(settings: Settings) -> None:
    """Raise `SettingsError` when only a part of what an SMS gateway needs is set."""
    kannel, relay = settings.caravane_sms_kannel_url, settings.caravane_sms_relay_url
    if kannel and relay:
        raise SettingsError(
            "CARAVANE_SMS_RELAY_URL can't be used beside CARAVANE_SMS_KANNEL_URL: set one of them."
        )
    if settings.caravane_sms_secret is None:
        if kannel or relay:
            raise SettingsError(
                "CARAVANE_SMS_SECRET is missing: set it to a secret of at least 16 characters that "
                "the SMS gateway shares."
            )
        return
    if not kannel and not relay and not settings.simulated:
        raise SettingsError(
            "CARAVANE_SMS_KANNEL_URL is missing: set it, or CARAVANE_SMS_RELAY_URL, to the address "
            "of the SMS gateway."
        )
    if kannel and not settings.caravane_sms_kannel_password:
        raise SettingsError(
            "CARAVANE_SMS_KANNEL_PASSWORD is missing: set it to the password of Kannel's "
            "sendsms-user group."
        )
    if not settings.caravane_sms_number and not settings.simulated:
        raise SettingsError(
            "CARAVANE_SMS_NUMBER is missing: set it to the number that people send their SMS to."
        )
