"""The SMS gateway calls: messages and reports over HTTP, on a real database of each kind."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import hmac
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import select, update

from actions import outbox, parts
from actions.delivery import Failed
from actions.messages import Address, Inbound, Line, Outbound
from actions.outbox import Post
from actions.store import Session, Store
from actions.tables import Inbox, Outbox, Part
from bot.channels.sms import gateway as wire
from bot.channels.sms.gateway import Gateway
from bot.channels.sms.guarding import Limit
from bot.channels.sms.settings import SmsSettings
from bot.clock import SystemClock
from bot.database import Database
from bot.intake import Intake
from tests.conftest import FixedClock

SECRET = "a secret of the tests"
AMINA, KARIM = "+213550123456", "+213661987654"
LOOPBACK = (ip_network("127.0.0.0/8"),)
#: French that fills a part exactly, and one letter more or less.
FULL = "Je voudrais savoir quels papiers il faut apporter. " * 3
HOUSE = Path(__file__).parent.parent
CODE = "import sys; from tests.test_sms_gateway import run_gateway; run_gateway(sys.argv[1])"


def settings(**changed: Any) -> SmsSettings:
    return SmsSettings(**{"secret": SECRET, "port": 0, "allowed": LOOPBACK, **changed})


@dataclass
class Caller:
    """The gateway's side: calls the assistant, and looks at what it kept."""

    http: httpx.AsyncClient
    listening: Gateway
    arrived: asyncio.Event
    queued: asyncio.Event
    store: Store
    clock: FixedClock
    calls: int = 0

    async def kannel(self, words: str | bytes = "Bonjour", **more: Any) -> httpx.Response:
        """Call as Kannel's get-url does."""
        self.calls += 1
        told = {
            "key": SECRET,
            "from": AMINA,
            "to": "3048",
            "ts": str(1_444_000_000 + self.calls),
            "id": f"id-{self.calls}",
            "coding": "0",
            "charset": "UTF-8",
            "udh": "",
            "text": words,
        } | more
        kept = {name: value for name, value in told.items() if value is not None}
        return await self.http.get(f"/sms/kannel?{urlencode(kept)}")

    async def json(self, words: str = "Bonjour", **more: Any) -> httpx.Response:
        """Call as any other gateway does."""
        self.calls += 1
        told = {"id": f"id-{self.calls}", "from": AMINA, "text": words} | more
        return await self.post("/sms/messages", told)

    async def post(self, path: str, told: object, **headers: str) -> httpx.Response:
        told = json.dumps(told).encode()  # with escapes: half a character is one too
        kind = {"Content-Type": "application/json", "Authorization": f"Bearer {SECRET}"}
        return await self.http.post(path, content=told, headers=kind | headers)

    async def reported(self, number: object, kind: int) -> httpx.Response:
        return await self.http.get(
            "/sms/kannel/report", params={"key": SECRET, "id": str(number), "type": kind}
        )

    def kept(self) -> list[Inbound]:
        def read(session: Session) -> list[Inbound]:
            rows = session.scalars(select(Inbox).order_by(Inbox.id))
            return [Inbound.from_json(row.payload) for row in rows]

        return self.store.run(read)

    def texts(self) -> list[str]:
        return [message.text for message in self.kept()]

    def waiting(self) -> int:
        return self.store.run(
            lambda s: s.query(Part).filter(~Part.mark.startswith("joined:")).count()
        )

    async def let_pass(self, seconds: float) -> None:
        """Let the machine's time pass for parts, without waiting for it."""
        ago = dt.timedelta(seconds=seconds)

        def age(session: Session) -> None:
            for part in session.scalars(select(Part)):
                part.received_at -= ago

        self.store.run(age)
        await self.listening.intake.join_waiting()


@asynccontextmanager
async def called(
    store: Store, clock: FixedClock, failed: Failed | None = None, **changed: Any
) -> AsyncIterator[Caller]:
    """Listen on a free port; gives who calls there."""
    database = Database(store)
    arrived, queued = asyncio.Event(), asyncio.Event()
    listening = Gateway(settings(**changed), database, clock, arrived, queued, failed=failed)
    base = await listening.start()
    try:
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            yield Caller(http, listening, arrived, queued, store, clock)
    finally:
        await listening.stop()
        database.close()


@pytest.fixture
async def caller(store: Store, clock: FixedClock) -> AsyncIterator[Caller]:
    async with called(store, clock) as caller:
        yield caller


@pytest.fixture
def small(tmp_path: Path, sqlite_template: Path) -> Store:
    """One database is enough where only HTTP is looked at."""
    path = tmp_path / "small.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Store(f"sqlite:///{path}")


# What comes in ----------------------------------------------------------------------------------


async def test_a_message_is_kept_before_it_is_answered_and_the_answer_is_empty(
    caller: Caller,
) -> None:
    answer = await caller.kannel("Quels papiers ?", id="5f0c", ts="1444028400")
    assert (answer.status_code, answer.content) == (200, b"")
    assert caller.kept() == [
        Inbound("5f0c", Address("sms", AMINA), "text", "Quels papiers ?", reference="1444028400")
    ]
    assert caller.arrived.is_set()


WHEN, WHERE = "موعد القافلة في سطيف", "où est-elle, à Sétif ?"


@pytest.mark.parametrize(
    ("raw", "more", "read"),
    [
        (WHEN.encode(), {}, WHEN),
        (WHEN.encode("utf-16-be"), {"coding": "2", "charset": "UTF-16BE"}, WHEN),
        (WHEN.encode("utf-16-be"), {"coding": "2", "charset": None}, WHEN),
        (WHERE.encode("iso-8859-1"), {"charset": "ISO-8859-1"}, WHERE),
        (WHERE.encode(), {"charset": "no-such-charset"}, WHERE),
    ],
    ids=["utf-8", "utf-16", "ucs-2 without a charset", "latin-1", "unknown"],
)
async def test_a_text_is_read_in_the_charset_that_kannel_names(
    small: Store, clock: FixedClock, raw: bytes, more: dict[str, Any], read: str
) -> None:
    async with called(small, clock) as caller:
        assert (await caller.kannel(raw, **more)).status_code == 200
        assert caller.texts() == [read]


async def test_by_post_the_body_is_the_text_and_headers_say_the_rest(
    small: Store, clock: FixedClock
) -> None:
    async with called(small, clock) as caller:
        answer = await caller.http.post(
            f"/sms/kannel?{urlencode({'key': SECRET, 'id': 'p1'})}",
            content="متى تأتي   القافلة؟".encode(),
            headers={
                "Content-Type": 'text/plain; charset="UTF-8"',
                "X-Kannel-From": "0550123456",
                "X-Kannel-Coding": "2",
                "X-Kannel-Time": "2015-10-05 08:00:00",
            },
        )
        assert (answer.status_code, answer.content) == (200, b"")
        (message,) = caller.kept()
        assert message.text == "متى تأتي   القافلة؟"
        assert message.address == Address("sms", AMINA)
        assert message.reference == str(int(dt.datetime(2015, 10, 5, 8, tzinfo=dt.UTC).timestamp()))


async def test_what_no_database_takes_is_left_out_and_the_rest_is_kept(caller: Caller) -> None:
    await caller.kannel(b"quels\0 papiers \xff\xfe faut-il")
    await caller.json("une moiti\u00e9 \ud83d de smiley, deux \ud83d\ude00")
    await caller.json("\0")
    assert caller.texts() == [
        "quels papiers \ufffd\ufffd faut-il",
        "une moitié  de smiley, deux 😀",
        "",
    ]


@pytest.mark.parametrize(
    "sender", ["+213550123456", "00213550123456", "0550123456", "213550123456"]
)
async def test_a_number_is_the_same_however_the_operator_writes_it(
    small: Store, clock: FixedClock, sender: str
) -> None:
    async with called(small, clock) as caller:
        await caller.kannel(**{"from": sender})
        assert caller.kept()[0].address == Address("sms", AMINA)


@pytest.mark.parametrize(
    "sender", ["3048", "Mobilis", "", "-100123", "+33612345678", "021 73 01 02", "0661" * 40]
)
async def test_advertising_and_wrong_numbers_are_taken_and_never_answered(
    caller: Caller, sender: str
) -> None:
    answer = await caller.kannel("Rechargez et gagnez !", **{"from": sender})
    assert (answer.status_code, answer.content) == (200, b"")
    (message,) = caller.kept()
    assert (message.kind, message.text) == ("ignored", "")
    assert not message.address.is_group


async def test_what_our_own_number_sends_is_not_answered_for_ever(
    small: Store, clock: FixedClock
) -> None:
    async with called(small, clock, number="0550123456") as caller:
        await caller.kannel()
        assert caller.kept()[0].kind == "ignored"


async def test_a_message_of_bytes_or_of_nothing_can_not_be_read(
    small: Store, clock: FixedClock
) -> None:
    async with called(small, clock) as caller:
        await caller.kannel(b"\x01\x02", coding="1")
        await caller.kannel("  ")
        assert [m.kind for m in caller.kept()] == ["unsupported", "unsupported"]


async def test_a_message_without_a_number_of_its_own_is_kept_and_known_again(
    caller: Caller,
) -> None:
    for _time in range(2):
        assert (await caller.json("1", id=None, at="2015-10-05T09:00:00+01:00")).status_code == 200
    await caller.json("1", id=None, at="2015-10-05T09:02:00+01:00", **{"from": KARIM})
    assert caller.texts() == ["1", "1"]


async def test_a_very_long_number_of_a_message_is_kept_short(caller: Caller) -> None:
    for _time in range(2):
        await caller.json("Quels papiers ?", id="x" * 500)
    assert len(caller.kept()) == 1


# The same words again ---------------------------------------------------------------------------


async def test_the_same_number_of_a_message_is_taken_once_whenever_it_comes_again(
    caller: Caller,
) -> None:
    await caller.kannel("1", id="same")
    caller.clock.moment += dt.timedelta(days=2)
    assert (await caller.kannel("1", id="same")).status_code == 200
    assert caller.texts() == ["1"]


async def test_the_same_words_under_another_number_count_once(caller: Caller) -> None:
    await caller.kannel("Quels papiers faut-il ?")
    caller.clock.moment += dt.timedelta(seconds=59)
    answers_sent(caller)
    await caller.kannel("Quels papiers  faut-il ? ")
    await caller.kannel("Quels papiers faut-il ?", **{"from": KARIM})
    assert len(caller.kept()) == 2
    caller.clock.moment += dt.timedelta(seconds=2)
    await caller.kannel("Quels papiers faut-il ?")
    assert len(caller.kept()) == 3


def answers_sent(caller: Caller) -> None:
    """Let something have been sent to Amina just now."""

    def send(session: Session) -> None:
        address = Address("sms", AMINA)
        outbox.queue(session, address, Outbound((Line("1 Oui 2 Non"),)), caller.clock.now())
        session.flush()
        sent = {"status": "sent", "sent_at": SystemClock().now()}
        session.execute(update(Outbox).values(**sent))

    caller.store.run(send)


async def test_a_one_that_answers_a_second_menu_counts(caller: Caller) -> None:
    await caller.kannel("1")
    caller.clock.moment += dt.timedelta(seconds=5)
    await caller.kannel("1")  # the gateway's repetition: nothing was sent since
    assert caller.texts() == ["1"]
    answers_sent(caller)
    caller.clock.moment += dt.timedelta(seconds=5)
    await caller.kannel("1")
    assert caller.texts() == ["1", "1"]


async def test_a_one_of_the_very_same_second_counts_once_whatever_was_sent(caller: Caller) -> None:
    await caller.kannel("1", ts="1444028400")
    caller.clock.moment += dt.timedelta(seconds=5)
    answers_sent(caller)
    await caller.kannel("1", ts="1444028400")
    assert caller.texts() == ["1"]


async def test_two_processes_do_not_both_take_the_same_words(
    store: Store, database_url: str, clock: FixedClock
) -> None:
    other_store = Store(database_url)
    async with called(store, clock) as one, called(other_store, clock) as other:
        for n in range(20):
            words = f"Quels papiers faut-il, numéro {n} ?"
            await asyncio.gather(
                one.kannel(words, id=f"a{n}"),
                other.kannel(words, id=f"b{n}"),
                one.kannel(words, id=f"c{n}"),
            )
        assert len(one.kept()) == 20
    other_store.close()


# Long texts in parts ----------------------------------------------------------------------------

LONG = ("Je suis diplômée en électricité, ", "j'ai 24 ans, ", "et je veux créer mon atelier.")


def udh(number: int, total: int = 3, *, reference: int = 0xA7, wide: bool = False) -> bytes:
    if wide:
        return bytes([6, 8, 4, reference >> 8, reference & 255, total, number])
    return bytes([5, 0, 3, reference & 255, total, number])


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
@pytest.mark.parametrize("wide", [False, True])
async def test_parts_out_of_order_become_one_text(
    caller: Caller, order: tuple[int, ...], wide: bool
) -> None:
    for number in order:
        answer = await caller.kannel(LONG[number - 1], udh=udh(number, wide=wide))
        assert answer.status_code == 200
    assert caller.texts() == ["".join(LONG)]
    assert caller.waiting() == 0


async def test_a_part_header_in_hexadecimal_is_read_too(small: Store, clock: FixedClock) -> None:
    async with called(small, clock) as caller:
        for number in (2, 1):
            await caller.http.post(
                "/sms/kannel",
                params={"key": SECRET, "id": str(number)},
                content=LONG[number].encode(),
                headers={
                    "X-Kannel-From": AMINA,
                    "X-Kannel-UDH": udh(number, 2).hex(),
                    "Content-Type": "text/plain; charset=UTF-8",
                },
            )
        assert caller.texts() == [LONG[1] + LONG[2]]


async def test_parts_that_are_repeated_count_once_before_and_after_they_are_joined(
    caller: Caller,
) -> None:
    for number in (1, 1, 2, 3):
        await caller.json(LONG[number - 1], ref="r1", part=number, parts=3, id=f"part-{number}")
    for number in (2, 3):  # the answer was lost, and the gateway tries again
        await caller.json(LONG[number - 1], ref="r1", part=number, parts=3, id=f"part-{number}")
    for number in (1, 2, 3):  # or under other ids
        await caller.json(LONG[number - 1], ref="r1", part=number, parts=3)
    await caller.let_pass(61)
    assert caller.texts() == ["".join(LONG)]


async def test_a_long_text_repeated_under_another_reference_counts_once(caller: Caller) -> None:
    for reference in ("r1", "r2"):
        for number in (1, 2, 3):
            await caller.json(LONG[number - 1], ref=reference, part=number, parts=3)
    assert caller.texts() == ["".join(LONG)]


async def test_a_text_with_a_part_missing_is_answered_as_it_is_after_a_minute(
    caller: Caller,
) -> None:
    await caller.kannel(LONG[2], udh=udh(3))
    await caller.kannel(LONG[0], udh=udh(1))
    await caller.let_pass(55)
    assert caller.texts() == []
    caller.arrived.clear()
    await caller.let_pass(6)
    assert caller.texts() == [LONG[0] + " … " + LONG[2]]
    assert caller.arrived.is_set()


async def test_two_long_texts_side_by_side_are_not_mixed(caller: Caller) -> None:
    for number in (1, 2, 3):
        await caller.kannel(f"A{number} ", udh=udh(number, reference=1))
        await caller.kannel(f"B{number} ", udh=udh(number, reference=2))
        await caller.kannel(f"C{number} ", udh=udh(number, reference=1), **{"from": KARIM})
    assert sorted(caller.texts()) == ["A1 A2 A3 ", "B1 B2 B3 ", "C1 C2 C3 "]


async def test_a_reference_used_again_begins_another_text(caller: Caller) -> None:
    await caller.kannel("Premier texte, ", udh=udh(1, 2))
    await caller.kannel("Second texte, ", udh=udh(1, 2))
    await caller.kannel("et sa fin.", udh=udh(2, 2))
    assert caller.texts() == ["Premier texte,  … ", "Second texte, et sa fin."]


async def test_a_smiley_cut_in_two_by_the_parts_is_whole_again(caller: Caller) -> None:
    raw = "مرحبا 😀 كيف أسجل؟".encode("utf-16-be")
    half = "مرحبا ".encode("utf-16-be") + b"\xd8\x3d"
    assert raw.startswith(half)
    for number, piece in ((2, raw[len(half) :]), (1, half)):
        await caller.kannel(piece, udh=udh(number, 2), coding="2", charset="UTF-16BE")
    assert caller.texts() == ["مرحبا 😀 كيف أسجل؟"]


async def test_an_identity_number_cut_in_two_by_the_parts_is_not_kept(caller: Caller) -> None:
    await caller.json("mon numéro est 109850", ref="n", part=1, parts=2)
    await caller.json("123456789012", ref="n", part=2, parts=2)
    assert caller.texts() == ["mon numéro est ▮▮▮"]
    stored = caller.store.run(lambda s: [str(part.payload) for part in s.scalars(select(Part))])
    assert len(stored) == 2
    assert not any("109850" in payload for payload in stored)


async def test_parts_nobody_labelled_are_joined_in_the_order_they_came(caller: Caller) -> None:
    assert len(FULL) == 153
    await caller.kannel(FULL)
    assert caller.texts() == []
    await caller.kannel("Merci d'avance.")
    assert caller.texts() == [FULL + "Merci d'avance."]
    arabic = "س" * 67
    await caller.kannel(arabic)
    await caller.kannel("ش" * 67)
    await caller.kannel("شكرا")
    assert caller.texts()[1:] == [arabic + "ش" * 67 + "شكرا"]


async def test_a_text_that_only_happens_to_fill_a_part_is_answered_after_ten_seconds(
    caller: Caller,
) -> None:
    await caller.kannel(FULL)
    await caller.let_pass(5)
    assert caller.texts() == []
    await caller.let_pass(6)
    assert caller.texts() == [FULL]
    await caller.kannel("Et pour le lieu ?")
    assert caller.texts() == [FULL, "Et pour le lieu ?"]


async def test_a_text_that_comes_too_late_to_be_the_rest_stands_alone(caller: Caller) -> None:
    await caller.kannel(FULL)
    ago = SystemClock().now() - dt.timedelta(seconds=11)
    caller.store.run(lambda s: s.execute(update(Part).values(received_at=ago)))
    await caller.kannel("Et pour le lieu ?")
    assert caller.texts() == [FULL, "Et pour le lieu ?"]


@pytest.mark.parametrize("words", ["a" * 160, "س" * 70, "a" * 152, "س" * 66])
async def test_a_text_of_another_length_is_answered_at_once(
    small: Store, clock: FixedClock, words: str
) -> None:
    async with called(small, clock) as caller:
        await caller.kannel(words)
        assert caller.texts() == [words]


async def test_a_full_text_that_is_repeated_while_it_waits_counts_once(caller: Caller) -> None:
    await caller.kannel(FULL, id="same")
    await caller.kannel(FULL, id="same")
    await caller.kannel(FULL)
    await caller.kannel("Merci d'avance.")
    await caller.kannel(FULL)
    await caller.kannel("Merci d'avance.")
    await caller.let_pass(11)
    assert caller.texts() == [FULL + "Merci d'avance."]


async def test_joined_parts_are_forgotten_after_an_hour(caller: Caller) -> None:
    for number in (1, 2, 3):
        await caller.kannel(LONG[number - 1], udh=udh(number))
    await caller.let_pass(3601)
    assert caller.store.run(lambda s: s.query(Part).count()) == 0


async def test_whoever_is_erased_leaves_no_part(caller: Caller) -> None:
    await caller.kannel(LONG[0], udh=udh(1))
    await caller.kannel(LONG[0], udh=udh(1), **{"from": KARIM})
    assert caller.store.run(lambda s: parts.erase(s, f"sms:{AMINA}")) == 1
    await caller.let_pass(61)
    assert [m.address.id for m in caller.kept()] == [KARIM]


# Reports ----------------------------------------------------------------------------------------


def post(store: Store, clock: FixedClock, subject: str = "") -> int:
    """Put a message on its way; return its number."""

    def queue(session: Session) -> int:
        outbox.queue(
            session,
            Address("sms", AMINA),
            Outbound((Line("Bonjour"),)),
            clock.now(),
            subject=subject,
        )
        session.flush()
        return session.scalars(select(Outbox.id).order_by(Outbox.id.desc())).first() or 0

    return store.run(queue)


def delivery_of(store: Store, number: int) -> str:
    return store.run(lambda s: s.get_one(Outbox, number).delivery)


@pytest.mark.parametrize(
    ("kinds", "status"),
    [
        ((), ""),
        ((8,), "accepted"),
        ((4,), "accepted"),
        ((8, 1), "delivered"),
        ((1, 8), "delivered"),
        ((1, 1), "delivered"),
        ((1, 2), "delivered"),
        ((8, 2, 1), "failed"),
        ((16,), "failed"),
        ((34,), "failed"),
        ((32,), ""),
    ],
)
async def test_reports_move_forward_only_in_whatever_order_they_come(
    small: Store, clock: FixedClock, kinds: tuple[int, ...], status: str
) -> None:
    async with called(small, clock) as caller:
        number = post(small, clock)
        for kind in kinds:
            answer = await caller.reported(number, kind)
            assert (answer.status_code, answer.content) == (200, b"")
        assert delivery_of(small, number) == status


async def test_a_report_that_comes_before_the_sending_is_recorded_is_kept(caller: Caller) -> None:
    number = post(caller.store, caller.clock)
    now = caller.clock.now()
    claimed = caller.store.run(lambda s: outbox.claim(s, "sms", now, SystemClock().now()))
    assert claimed is not None
    await caller.reported(number, 1)
    caller.store.run(lambda s: outbox.sent(s, claimed, "", SystemClock().now()))
    row = caller.store.run(lambda s: s.get_one(Outbox, number))
    assert (row.status, row.delivery) == ("sent", "delivered")


@pytest.mark.parametrize("number", ["0", "999999", "9" * 18, "9" * 40, "-1", "abc", ""])
async def test_a_report_of_no_message_of_ours_is_no_error(caller: Caller, number: str) -> None:
    assert (await caller.reported(number, 1)).status_code == 200
    told = {"id": number, "status": "failed"}
    assert (await caller.post("/sms/reports", told)).status_code == 200


async def test_staff_are_told_once_of_a_message_that_failed(
    store: Store, clock: FixedClock
) -> None:
    told: list[tuple[Post, str, dt.datetime]] = []

    def failed(session: Session, post: Post, reason: str, now: dt.datetime) -> int:
        told.append((post, reason, now))
        return 1

    async with called(store, clock, failed) as caller:
        number = post(store, clock, subject="case:12")
        await caller.post("/sms/reports", {"id": str(number), "status": "accepted"})
        assert not caller.queued.is_set()
        for _time in range(2):
            await caller.post("/sms/reports", {"id": number, "status": "failed"})
        assert caller.queued.is_set()
    ((failing, reason, now),) = told
    assert (failing.id, failing.subject, reason) == (number, "case:12", "undelivered")
    assert failing.address == Address("sms", AMINA)
    assert now == clock.now()


# Who may call -----------------------------------------------------------------------------------


async def test_nobody_without_the_secret_brings_anything(small: Store, clock: FixedClock) -> None:
    told = {"id": "1", "from": AMINA, "text": "Bonjour"}
    raw = json.dumps(told).encode()
    wrong = hmac.new(b"another secret", raw, hashlib.sha256).hexdigest()
    kind = {"Content-Type": "application/json"}
    async with called(small, clock) as caller:
        assert (await caller.kannel(key=None)).status_code == 401
        assert (await caller.kannel(key="another secret")).status_code == 403
        assert (await caller.kannel(key="")).status_code == 403
        assert (await caller.http.get("/sms/kannel/report?id=1&type=1")).status_code == 401
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer another secret"}, 403),
            ({"Authorization": SECRET}, 403),
            ({"X-Signature": f"sha256={wrong}"}, 403),
            ({"X-Signature": "sha256="}, 403),
        ):
            answer = await caller.http.post("/sms/messages", content=raw, headers=kind | headers)
            assert answer.status_code == status, headers
        assert caller.kept() == []


async def test_a_signature_of_the_body_proves_as_much_as_the_secret(
    small: Store, clock: FixedClock
) -> None:
    raw = json.dumps({"id": "1", "from": AMINA, "text": "مرحبا"}, ensure_ascii=False).encode()
    signature = hmac.new(SECRET.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Signature": f"sha256={signature.upper()}"}
    async with called(small, clock) as caller:
        answer = await caller.http.post("/sms/messages", content=raw, headers=headers)
        assert (answer.status_code, caller.texts()) == (200, ["مرحبا"])
        answer = await caller.http.post("/sms/messages", content=raw + b" ", headers=headers)
        assert answer.status_code == 403


async def test_only_the_gateways_addresses_may_call_whatever_a_proxy_says(
    small: Store, clock: FixedClock
) -> None:
    async with called(small, clock, allowed=(ip_network("10.1.0.0/16"),)) as caller:
        assert (await caller.kannel()).status_code == 403
        headers = {"X-Forwarded-For": "10.1.0.1", "Forwarded": "for=10.1.0.1"}
        assert (await caller.post("/sms/messages", {}, **headers)).status_code == 403
        assert caller.kept() == []


async def test_an_address_of_ipv4_is_known_in_the_form_that_ipv6_gives_it(
    small: Store, clock: FixedClock
) -> None:
    async with called(small, clock) as caller:
        for host, status in (("::ffff:127.0.0.1", 200), ("::1", 403), ("", 403)):
            transport = httpx.ASGITransport(caller.listening.app, client=(host, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
                answer = await http.get("/sms/kannel", params={"key": SECRET, "from": AMINA})
                assert answer.status_code == status, host


async def test_what_can_not_be_read_is_refused_in_few_words(
    small: Store, clock: FixedClock
) -> None:
    proof = {"Authorization": f"Bearer {SECRET}"}
    kind = proof | {"Content-Type": "application/json"}
    async with called(small, clock) as caller:
        http = caller.http
        answers = [
            (404, await http.get("/")),
            (404, await http.get("/sms/kannel/")),
            (405, await http.get("/sms/messages")),
            (405, await http.put("/sms/kannel")),
            (405, await http.head(f"/sms/kannel?{urlencode({'key': SECRET, 'from': AMINA})}")),
            (400, await http.get(f"/sms/kannel?{urlencode({'key': SECRET})}")),
            (400, await http.get(f"/sms/kannel/report?{urlencode({'key': SECRET, 'id': 1})}")),
            (415, await http.post("/sms/messages", data={"from": AMINA}, headers=proof)),
            (400, await http.post("/sms/messages", content=b"{", headers=kind)),
            (400, await http.post("/sms/messages", content=b"[" * 9000, headers=kind)),
            (400, await http.post("/sms/messages", content=b"\xff", headers=kind)),
            (400, await http.post("/sms/messages", json=[], headers=proof)),
            (400, await http.post("/sms/messages", json={"text": "x"}, headers=proof)),
            (400, await http.post("/sms/reports", json={"id": "1"}, headers=proof)),
            (413, await http.post("/sms/messages", content=b" " * 20_000, headers=kind)),
            (413, await caller.kannel("x" * 20_000)),
        ]
        for status, answer in answers:
            assert answer.status_code == status, answer.request
            assert answer.content.count(b"\n") == 0
            assert len(answer.content) < 40
        assert caller.kept() == []


async def test_a_body_that_is_cut_off_harms_nobody(small: Store, clock: FixedClock) -> None:
    async with called(small, clock) as caller:
        url = caller.http.base_url
        _reader, writer = await asyncio.open_connection(url.host, url.port)
        head = f"POST /sms/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {SECRET}\r\n"
        writer.write(f'{head}Content-Length: 100\r\n\r\n{{"id":'.encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        assert (await caller.kannel()).status_code == 200
        assert len(caller.kept()) == 1


async def test_a_gateway_that_does_not_wait_for_the_answer_has_its_message_kept_once(
    caller: Caller,
) -> None:
    query = urlencode({"key": SECRET, "from": AMINA, "id": "once", "text": "Quels papiers ?"})
    url = caller.http.base_url
    _reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET /sms/kannel?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await caller.arrived.wait()
    assert (await caller.http.get(f"/sms/kannel?{query}")).status_code == 200
    assert caller.texts() == ["Quels papiers ?"]


async def test_a_number_that_floods_is_told_to_wait_and_the_others_are_not(
    small: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "FROM_ONE", 3)
    async with called(small, clock) as caller:
        statuses = [(await caller.kannel(f"message numéro {n}")).status_code for n in range(4)]
        assert statuses == [200, 200, 200, 429]
        slow = await caller.kannel("encore un message")
        assert (slow.status_code, slow.content) == (429, b"")
        assert 1 <= int(slow.headers["retry-after"]) <= 20
        assert (await caller.kannel(**{"from": KARIM})).status_code == 200
        assert len(caller.kept()) == 4


async def test_a_gateway_that_floods_is_told_to_wait(
    small: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "IN_ALL", 1)
    async with called(small, clock) as caller:
        answers = [await caller.reported(1, 1) for _time in range(30)]
        slow = [answer for answer in answers if answer.status_code == 429]
        assert slow
        assert slow[0].headers["retry-after"] == "1"


def test_a_limit_takes_a_burst_then_a_rate_for_each_of_many() -> None:
    limit = Limit(2, 120)
    assert [limit.wait("amina", 0) for _time in range(121)] == [0.0] * 120 + [0.5]
    assert limit.wait("karim", 0) == 0
    assert [limit.wait("amina", 0.6) == 0 for _time in range(2)] == [True, False]
    assert limit.wait("amina", 1.2) == 0
    assert sum(limit.wait("amina", 1_000) == 0 for _time in range(200)) == 120
    for n in range(20_000):
        assert limit.wait(str(n), 1_000) == 0
    assert len(limit) <= 10_000


async def test_nothing_a_person_sends_and_no_secret_is_in_the_log(
    small: Store, clock: FixedClock, capfd: pytest.CaptureFixture[str]
) -> None:
    async with called(small, clock) as caller:
        await caller.kannel("mes mots à moi", ts="hier")
        await caller.kannel("mes mots à moi", key="pas le secret")
        await caller.post("/sms/messages", {"from": AMINA, "text": ["mes mots à moi"]})
        await caller.reported(12, 2)
    written = "".join(capfd.readouterr())
    assert "sms_unreadable" in written
    for secret in ("mots", AMINA, AMINA[4:], SECRET, "pas le secret"):
        assert secret not in written


# When things go wrong ---------------------------------------------------------------------------


async def test_what_waits_when_we_stop_is_still_kept(store: Store, clock: FixedClock) -> None:
    database = Database(store)
    intake = Intake("sms", database, clock, asyncio.Event(), asyncio.Event())
    intake.open()
    numbers = [f"+2136610000{n:02}" for n in range(50)]
    keeping = [
        asyncio.create_task(
            intake.keep(parts.Arrival(Inbound(number, Address("sms", number), "text", "Bonjour")))
        )
        for number in numbers
    ]
    await asyncio.sleep(0)  # each has put its message in the line
    keeping[0].cancel()  # and one caller has gone
    await intake.close()
    await asyncio.gather(*keeping, return_exceptions=True)
    assert store.run(lambda s: set(s.scalars(select(Inbox.external_id)))) == set(numbers)
    database.close()


async def test_a_database_that_is_away_makes_the_gateway_try_again(
    small: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.store.BUSY_MS", 20)
    async with called(Store(str(small.url)), clock) as caller:
        other = sqlite3.connect(str(small.url.database), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        answer = await caller.kannel(id="once")
        assert (answer.status_code, answer.content) == (503, b"")
        other.execute("ROLLBACK")
        other.close()
        assert (await caller.kannel(id="once")).status_code == 200
        assert len(caller.kept()) == 1


async def test_a_message_that_can_not_be_kept_does_not_keep_out_the_others(
    store: Store, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    legible = parts.legible

    def picky(words: str) -> str:
        if words == "poison":
            raise ValueError(words)
        return legible(words)

    monkeypatch.setattr(parts, "legible", picky)
    said = ["un deux trois", "poison", "quatre cinq six"]
    async with called(store, clock) as caller:
        answers = await asyncio.gather(*(caller.kannel(words) for words in said))
        assert [answer.status_code for answer in answers] == [200, 400, 200]
        assert sorted(caller.texts()) == ["quatre cinq six", "un deux trois"]


def run_gateway(url: str) -> None:
    """Be a process that listens, and say where."""

    async def listen() -> None:
        store = Store(url)
        database = Database(store)
        events = asyncio.Event(), asyncio.Event()
        listening = Gateway(settings(), database, SystemClock(), *events)
        print(await listening.start(), flush=True)  # noqa: T201
        await asyncio.Event().wait()

    asyncio.run(listen())


@asynccontextmanager
async def gateway_process(url: str) -> AsyncIterator[tuple[str, Callable[[], None]]]:
    """Run a process that listens; gives its address, and what kills it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CODE, url),
        cwd=HOUSE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    base = (await process.stdout.readline()).decode().strip()
    try:
        yield base, lambda: kill(process)
    finally:
        kill(process)
        await process.wait()


def kill(process: asyncio.subprocess.Process) -> None:
    """Kill a process, unless it is no more."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()


async def test_a_process_killed_in_the_middle_loses_nothing_and_doubles_nothing(
    database_url: str,
) -> None:
    messages = [
        {"id": f"m{n}", "from": f"+21366100{n % 60:04}", "text": f"Quels papiers, question {n} ?"}
        for n in range(200)
    ]
    to_post = messages + messages[::20]  # one in twenty comes twice
    taken: set[str] = set()

    async def bring(
        base: str, all_of: list[dict[str, str]], kill: Callable[[], None], killed_at: int
    ) -> None:
        line = asyncio.Semaphore(20)
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:

            async def one(message: dict[str, str]) -> None:
                async with line:
                    with suppress(httpx.TransportError):
                        answer = await http.post(
                            "/sms/messages",
                            json=message,
                            headers={"Authorization": f"Bearer {SECRET}"},
                        )
                        assert answer.status_code == 200
                        taken.add(message["id"])
                if len(taken) >= killed_at:
                    kill()

            await asyncio.gather(*(one(message) for message in all_of))

    async with gateway_process(database_url) as (base, kill):
        await bring(base, to_post, kill, killed_at=60)
    assert 60 <= len(taken) < len(messages)
    store = Store(database_url)
    kept = store.run(lambda s: list(s.scalars(select(Inbox.external_id))))
    assert taken <= set(kept)
    assert len(kept) == len(set(kept))
    async with gateway_process(database_url) as (base, kill):
        again = [m for m in to_post if m["id"] not in taken] + messages[:5]
        await bring(base, again, kill, killed_at=len(messages) + 1)
    kept = store.run(lambda s: list(s.scalars(select(Inbox.external_id))))
    assert sorted(kept) == sorted(m["id"] for m in messages)
    store.close()
