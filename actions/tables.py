"""Every table, in one place."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from actions.store import Utc

#: SQLite gives rising numbers of its own only to a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def _while_full(name: str, since: str, what: str) -> Index:
    """Return an index of the rows that still hold something, to find those to be emptied."""
    full = text(f"CAST({what} AS VARCHAR) != '{{}}'")
    return Index(name, since, sqlite_where=full, postgresql_where=full)


class Base(DeclarativeBase):
    """What all tables share."""

    type_annotation_map = {dt.datetime: Utc, dict[str, Any]: JSON, str: Text}  # noqa: RUF012


class Conversation(Base):
    """One person on one channel, and where the dialogue with them stands.

    `owner` says who speaks, the bot or the staff; `state` is the dialogue's own (flow, step,
    slots); `version` rises with every turn and guards against two turns at once. `person` is the
    same number in every conversation known to be the same person's: the `id` of the first of them.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "address"),
        Index("conversation_updated", "updated_at"),
        Index("conversation_person", "person"),
        _while_full("conversation_full", "updated_at", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(2), default="")
    owner: Mapped[str] = mapped_column(String(8), default="bot")
    state: Mapped[dict[str, Any]] = mapped_column(default=dict)
    person: Mapped[int | None] = mapped_column(BigInteger)
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
        _while_full("inbox_full", "received_at", "payload"),
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

    `status` goes forward only: queued, then sent, refused (the channel will never take it), gone
    (the person can't be reached any more) or withdrawn (it came to be untrue before it left).
    `delivery` is what the channel reported after that, forward only too: accepted, then delivered
    or failed; `segments` is what it is paid for by. `reply` rows go before the others. `subject`
    names what a row is about, such as a reminder or a case of the desk; it does not leave from
    `good_until` on. A `grouped` row goes to a group, whose messages are counted by the minute.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_queue", "status", "reply", "due_at"),
        Index("outbox_key", "key", "status", "reply", "id"),
        Index("outbox_sent", "sent_at"),
        Index("outbox_subject", "subject", "status"),
        Index("outbox_provider", "key", "provider_id"),
        Index("outbox_key_sent", "key", "sent_at"),
        _while_full("outbox_full", "created_at", "payload"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(96))
    payload: Mapped[dict[str, Any]]
    reply: Mapped[bool] = mapped_column(default=True)
    grouped: Mapped[bool] = mapped_column(default=False, server_default=false())
    subject: Mapped[str] = mapped_column(String(40), default="")
    status: Mapped[str] = mapped_column(String(12), default="queued")
    reason: Mapped[str] = mapped_column(String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[dt.datetime]
    good_until: Mapped[dt.datetime | None]
    leased_until: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    provider_id: Mapped[str] = mapped_column(String(64), default="")
    delivery: Mapped[str] = mapped_column(String(12), default="", server_default="")
    segments: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class Destination(Base):
    """What sending to one address must respect: until when it is parked, whether it is gone.

    `stopped_at` says that its person asked then for nothing more to be sent. `erased_at` says that
    its person was erased then: what was on its way goes as soon as it can.
    """

    __tablename__ = "destination"
    __table_args__ = (Index("destination_erased", "erased_at"),)

    key: Mapped[str] = mapped_column(String(96), primary_key=True)
    parked_until: Mapped[dt.datetime | None]
    gone_at: Mapped[dt.datetime | None]
    stopped_at: Mapped[dt.datetime | None]
    erased_at: Mapped[dt.datetime | None]


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


class Consent(Base):
    """An express yes: to what, under which version of the notice, when, and until when.

    `purpose` is registration or reminder. `on_paper` says that staff hold it, signed.
    """

    __tablename__ = "consent"
    __table_args__ = (Index("consent_conversation", "conversation_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE")
    )
    purpose: Mapped[str] = mapped_column(String(16))
    version: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(2))
    on_paper: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]


class Registration(Base):
    """A person who signed up for the caravan.

    `conversation_id` is the chat it is managed from; several people may share one. `status` is
    active or withdrawn. `birth_date` is empty while only an age is known, which was true on
    `age_on`. `wilaya` is where they live, `stop` the wilaya whose stop they will come to. `trade`
    is a trade's key, or empty when only `trade_words` say it. `phone` is E.164, `phone_checked`
    when Telegram itself gave it as theirs. `interest` marks someone whose age the rules leave out.
    `twin_of` is another registration with the same phone and birth date, said to be someone else.
    """

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("registration_conversation", "conversation_id", "status"),
        Index("registration_phone", "phone", "birth_date"),
        Index("registration_stop", "stop", "status", "created_at"),
        Index("registration_wilaya", "wilaya", "status", "created_at"),
        Index("registration_created", "created_at"),
        Index("registration_updated", "status", "updated_at"),
        Index("registration_consent", "consent_id"),
        Index("registration_twin", "twin_of"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(12))
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL")
    )
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id", ondelete="SET NULL"))
    status: Mapped[str] = mapped_column(String(12), default="active")
    given_name: Mapped[str] = mapped_column(String(60))
    family_name: Mapped[str] = mapped_column(String(60))
    birth_date: Mapped[dt.date | None] = mapped_column(Date)
    age: Mapped[int | None]
    age_on: Mapped[dt.date | None] = mapped_column(Date)
    wilaya: Mapped[str] = mapped_column(String(2))
    commune: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20))
    phone_checked: Mapped[bool] = mapped_column(default=False)
    situation: Mapped[str] = mapped_column(String(16))
    qualification: Mapped[str] = mapped_column(String(16))
    qualification_trade: Mapped[str] = mapped_column(String(80), default="")
    trade: Mapped[str] = mapped_column(String(24), default="")
    trade_words: Mapped[str] = mapped_column(String(120), default="")
    stop: Mapped[str] = mapped_column(String(2), default="")
    interest: Mapped[bool] = mapped_column(default=False)
    twin_of: Mapped[int | None] = mapped_column(ForeignKey("registration.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    withdrawn_at: Mapped[dt.datetime | None]
    checked_in_at: Mapped[dt.datetime | None]
    checked_in_by: Mapped[str] = mapped_column(String(64), default="")


class Change(Base):
    """One thing done to a registration: when, by whom, which field, from what to what."""

    __tablename__ = "change"
    __table_args__ = (Index("change_registration", "registration_id", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(24))
    before: Mapped[str] = mapped_column(String(120), default="")
    after: Mapped[str] = mapped_column(String(120), default="")


class Subscription(Base):
    """A wish to be reminded of the stop in a wilaya, until `ended_at`.

    `told` is what the person was last told about the stop, or is about to be, so that a change is
    noticed and told once; `told_before` is what they knew before that. `reminder_for` is the first
    day that a reminder was planned for, `language` the one it is written in.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        Index("subscription_conversation", "conversation_id"),
        Index("subscription_registration", "registration_id"),
        Index("subscription_consent", "consent_id"),
        Index("subscription_open", "ended_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id", ondelete="SET NULL"))
    registration_id: Mapped[int | None] = mapped_column(
        ForeignKey("registration.id", ondelete="CASCADE")
    )
    wilaya: Mapped[str] = mapped_column(String(2))
    told: Mapped[str] = mapped_column(default="")
    told_before: Mapped[str] = mapped_column(default="")
    reminder_for: Mapped[dt.date | None] = mapped_column(Date)
    language: Mapped[str] = mapped_column(String(2), default="")
    created_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class Edition(Base):
    """Which facts are in force: those of the process that started last.

    While processes are restarted one after the other, the old ones still hold the old facts.
    `name` is tour; `mark` stands for everything in it.
    """

    __tablename__ = "edition"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))


class Desk(Base):
    """The group in which staff work, one a channel.

    `chat` is the group's identifier; with `topics` each case has a topic of its own. `language` is
    what is written for everybody there; `trouble` is what keeps the desk from working, as last
    told to the administrators, or empty.
    """

    __tablename__ = "desk"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    chat: Mapped[str] = mapped_column(String(64))
    topics: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(2))
    trouble: Mapped[str] = mapped_column(String(24), default="")
    opened_at: Mapped[dt.datetime]


class Member(Base):
    """Someone who works at the desk: whoever writes in its group, until they leave it.

    `user` is the channel's identifier of the person. `role` is agent or administrator.
    """

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("channel", "user"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    user: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80))
    username: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(16), default="agent")
    language: Mapped[str] = mapped_column(String(2), default="")
    joined_at: Mapped[dt.datetime]
    left_at: Mapped[dt.datetime | None]


class Case(Base):
    """A conversation that staff look after; at most one that is not closed for each.

    `status` is waiting (in the queue), taken (by the member `taken_by`) or closed. `why` is asked,
    missed, complaint or staff (who began it themselves). `follows` says that what the person writes
    is shown in the case: not once they have gone back to the assistant. `origin` is the channel's
    identifier of the message that led to it. `thread` is the topic on the channel, 0 before it is
    made; without `shown` none is to be made yet. `due_at` is when an untouched case is given back
    to the assistant, `answered_at` when staff first answered.
    """

    __tablename__ = "desk_case"
    __table_args__ = (
        Index(
            "case_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("status != 'closed'"),
            postgresql_where=text("status != 'closed'"),
        ),
        Index("desk_case_conversation", "conversation_id", "id"),
        Index("desk_case_status", "status", "opened_at"),
        Index("desk_case_thread", "thread"),
        Index("desk_case_due", "status", "due_at"),
        Index("desk_case_opened", "opened_at"),
        Index("desk_case_taken_by", "taken_by"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(8), default="waiting")
    why: Mapped[str] = mapped_column(String(12))
    follows: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[str] = mapped_column(String(64), default="")
    wilaya: Mapped[str] = mapped_column(String(2), default="")
    thread: Mapped[int] = mapped_column(BigInteger, default=0)
    shown: Mapped[bool] = mapped_column(default=True)
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    opened_at: Mapped[dt.datetime]
    taken_at: Mapped[dt.datetime | None]
    answered_at: Mapped[dt.datetime | None]
    touched_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(String(120), default="")


class Action(Base):
    """One thing a member of staff did: who, when, what, on which case. No words of people.

    `who` is the channel's identifier of the member, or the name of the job that did it.
    """

    __tablename__ = "action"
    __table_args__ = (Index("action_at", "at"), Index("action_case", "case_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(24))
    case_id: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[str] = mapped_column(String(120), default="")


class Canned(Base):
    """An answer that staff keep ready, in both languages; `{name}` and the like are filled in."""

    __tablename__ = "canned"
    __table_args__ = (UniqueConstraint("name"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(24))
    fr: Mapped[str]
    ar: Mapped[str]
    changed_at: Mapped[dt.datetime]


class OpeningHours(Base):
    """When the desk is open on a day of the week, Monday being 0; a day without a row is closed."""

    __tablename__ = "opening_hours"

    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens: Mapped[dt.time] = mapped_column(Time)
    closes: Mapped[dt.time] = mapped_column(Time)


class DayOff(Base):
    """A day on which the desk stays closed, and what for."""

    __tablename__ = "day_off"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), default="")


class StopChange(Base):
    """What staff announced of the stop in a wilaya; the last one for a wilaya holds.

    `status` is announced, or cancelled when it is not to be. `hours` is as written, 09:00-16:00.
    """

    __tablename__ = "stop_change"
    __table_args__ = (Index("stop_change_wilaya", "wilaya", "id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    wilaya: Mapped[str] = mapped_column(String(2))
    status: Mapped[str] = mapped_column(String(12))
    first: Mapped[dt.date | None] = mapped_column(Date)
    last: Mapped[dt.date | None] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(40), default="")
    made_at: Mapped[dt.datetime]
    made_by: Mapped[str] = mapped_column(String(64))


class Notice(Base):
    """A few words added to the answers about a subject, up to and including a day.

    `subject` is an intent, or empty for every answer.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("notice_until", "until"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    subject: Mapped[str] = mapped_column(String(40), default="")
    fr: Mapped[str]
    ar: Mapped[str]
    until: Mapped[dt.date] = mapped_column(Date)
    made_at: Mapped[dt.datetime]


class Misread(Base):
    """A message that was not understood, without what is personal in it, for staff to label.

    `ranking` holds the likeliest intents with their confidence, under that name. `status` is new,
    then labelled (with the `label` staff chose, an intent) or nonsense.
    """

    __tablename__ = "misread"
    __table_args__ = (
        Index("misread_status", "status", "id"),
        Index("misread_conversation", "conversation_id"),
        Index("misread_at", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime]
    text: Mapped[str]
    language: Mapped[str] = mapped_column(String(8))
    ranking: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(12), default="new")
    label: Mapped[str] = mapped_column(String(40), default="")
    labelled_by: Mapped[str] = mapped_column(String(64), default="")
    labelled_at: Mapped[dt.datetime | None]


class Part(Base):
    """A part of a long text that waits for the others; parts of one text share `key` and `mark`.

    `number` counts from 1 up to `total`, which is 0 where the gateway does not say that it is one
    of several. `payload` is the message as it would be with this part alone.
    """

    __tablename__ = "part"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        Index("part_text", "key", "mark"),
        Index("part_received", "received_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(96))
    mark: Mapped[str] = mapped_column(String(24))
    number: Mapped[int]
    total: Mapped[int]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[dt.datetime]


class Pairing(Base):
    """A one-time code that joins a conversation with another one, until it is used or too old.

    `asked_by` is the conversation that asked for it, `key` the number it was sent to, or empty when
    the phone itself asked. `digest` stands for the code, which is kept nowhere; without one the row
    is a number that a shared contact vouched for or, without a `key`, what counts the wrong codes.
    `tries` are the wrong ones.
    """

    __tablename__ = "pairing"
    __table_args__ = (
        Index("pairing_asked_by", "asked_by"),
        Index("pairing_key", "key"),
        Index("pairing_made", "made_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(96), default="")
    digest: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class Spending(Base):
    """The segments sent on one day in Algiers, which are paid for."""

    __tablename__ = "spending"

    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    segments: Mapped[int] = mapped_column(default=0)
