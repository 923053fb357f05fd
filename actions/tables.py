"""Every table, in one place."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Float,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from actions.store import Utc

#: SQLite gives rising numbers of its own only to a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {dt.datetime: Utc, dict[str, Any]: JSON, str: Text}  # noqa: RUF012


class Conversation(Base):
    """One person on one channel, and where the dialogue with them stands.

    `owner` says who speaks, the bot or the staff; `state` is the dialogue's own (flow, step,
    slots); `version` rises with every turn and guards against two turns at once.
    """

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2), default="")
    owner: Mapped[str] = mapped_column(String(8), default="bot")
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Inbox(Base):
    """A message that came, before anything is done about it.

    `status` goes from new to done, or to set_aside when it failed too often, or to unreadable
    when the channel could not make sense of it. `key` is the address it came from. Whoever works
    on a row holds it until `leased_until`; a dead worker's row comes back by itself then.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("inbox_status", "status", "id"),
        Index("inbox_key", "key", "status", "id"),
        Index("inbox_key_received", "key", "received_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(96))
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(12), default="new")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None]
    received_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]


class Outbox(Base):
    """One message on the wire: to be sent, or sent.

    `status` goes forward only: queued, then sent, refused (the channel will never take it) or
    gone (the person can't be reached any more). `reply` rows go before the others.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_queue", "status", "due_at"),
        Index("outbox_key", "key", "status", "id"),
        Index("outbox_sent", "sent_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(96))
    payload: Mapped[dict[str, Any]]
    reply: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(12), default="queued")
    reason: Mapped[str] = mapped_column(String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime]
    leased_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    provider_id: Mapped[str] = mapped_column(String(64), default="")


class Destination(Base):
    """What sending to one address must respect: until when it is parked, whether it is gone."""

    __tablename__ = "destination"

    key: Mapped[str] = mapped_column(String(96), primary_key=True)
    parked_until: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]


class Cursor(Base):
    """How far a channel's stream of updates has been stored, and which process reads it now."""

    __tablename__ = "cursor"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger, default=0)
    holder: Mapped[str] = mapped_column(String(96), default="")
    held_until: Mapped[dt.datetime | None]


class Event(Base):
    """One thing that happened, for counting: no name, no number, no words."""

    __tablename__ = "event"
    __table_args__ = (Index("event_at", "at"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[dt.datetime]
    kind: Mapped[str] = mapped_column(String(24))
    intent: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8), default="")
    confidence: Mapped[float | None] = mapped_column(Float)
