"""What somebody can't do who forges a number, borrows a phone, or never tires of writing."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from sqlalchemy import select

from actions import parts
from actions.messages import Address, Inbound
from actions.parts import Arrival
from actions.spending import Budget
from actions.store import Store
from actions.tables import Conversation, Outbox, Pairing
from bot.channels.sms.reading import Incoming, arrival
from nlu.client import Understanding
from tests.bureau import FARIDA, Bureau
from tests.conftest import FixedClock
from tests.signing_up import bare, product, registrations
from tests.talk import Talk, sure
from tests.test_linking import HER_NUMBER, MERIEM, Both, begin_on, pairing_code
from tests.test_linking import heard as linked
from tests.test_sms_forms import NUMBER, enrol, enrol_two

YES = {"oui": sure("affirm")}


def heard(text: str) -> Understanding:
    return YES.get(text) or linked(text)


@pytest.fixture
def phone(store: Store, clock: FixedClock) -> Talk:
    return Talk(store, product(), heard, clock, chat=NUMBER)


@pytest.fixture
def both(store: Store, clock: FixedClock) -> Both:
    return Both(store, clock)


async def joined_by_a_borrower(phone: Talk) -> Talk:
    """Return the Telegram of somebody who held a shared phone for a minute."""
    chat = Talk(phone.store, product(), heard, phone.clock, chat="8")
    code = pairing_code(await phone.says("LIEN"))
    await chat.commands("start")
    await chat.taps("Français")
    await chat.commands("sms", code)
    return chat


async def test_whoever_borrows_a_shared_phone_reads_nobodys_registration(phone: Talk) -> None:
    amina, karim = enrol_two(phone.store)
    chat = await joined_by_a_borrower(phone)
    seen = bare(await chat.commands("moi"))
    assert amina[:4] not in seen
    assert karim[:4] not in seen


async def test_whoever_borrows_a_shared_phone_is_handed_nobodys_data(phone: Talk) -> None:
    _amina, karim = enrol_two(phone.store)
    chat = await joined_by_a_borrower(phone)
    await chat.commands("mesdonnees")
    documents = "".join(str(m.document) for _to, m in chat.wire.sent if m.document)
    assert karim not in documents


async def test_whoever_borrows_a_shared_phone_erases_nobody_with_one_tap(phone: Talk) -> None:
    enrol_two(phone.store)
    chat = await joined_by_a_borrower(phone)
    await chat.commands("supprimer")
    await chat.says("oui")
    assert len(registrations(phone.store)) == 2


async def test_whoever_forges_a_number_can_withdraw_nothing_blindly(phone: Talk) -> None:
    enrol(phone.store)
    for blind in ("MOI", "2", "1"):
        await phone.says(blind)
    assert [row.status for row in registrations(phone.store)] == ["active"]


async def test_what_is_to_be_changed_is_not_forgotten_over_the_birth_year(phone: Talk) -> None:
    enrol(phone.store)
    assert "1993" in await phone.says("changer ma wilaya")  # an example of a year
    assert "commune" in await phone.says("1991")


async def test_a_forged_stop_leaves_the_form_open_on_telegram(both: Both) -> None:
    await both.joined()
    await begin_on(both.chat)
    await both.phone.says("STOP")
    with both.store.begin() as session:
        talks = session.scalars(select(Conversation)).all()
        assert any(talk.state.get("form") or talk.state.get("waiting") for talk in talks)


async def test_stop_and_start_for_ever_cost_no_more_than_a_few_sms(
    store: Store, clock: FixedClock
) -> None:
    budget = Budget(a_month=20, a_day=15, a_person=10)
    phone = Talk(store, product(), heard, clock, chat=NUMBER, budget=budget)
    for _time in range(30):
        await phone.says("STOP")
        await phone.says("START")
    assert len(phone.wire.sent) <= 20


def test_a_stop_after_a_start_is_no_repeat_of_the_one_before_it(store: Store) -> None:
    now = dt.datetime(2015, 10, 5, 9, 0, tzinfo=dt.UTC)
    wall = dt.datetime.now(dt.UTC)

    def bring(number: str, text: str, after: int) -> int:
        arrival = Arrival(Inbound(number, Address("sms", NUMBER), "text", text))
        later = dt.timedelta(seconds=after)
        return store.run(lambda s: parts.take(s, [arrival], now + later, wall + later))

    assert [bring("1", "STOP", 0), bring("2", "START", 15), bring("3", "STOP", 30)] == [1, 1, 1]


async def test_erasing_by_sms_leaves_the_number_nowhere(both: Both) -> None:
    await both.phone.says("les conditions")
    await both.chat.commands("sms", "0550123456")
    await both.texted()
    found = re.search(r"\b\d{4}\b", await both.phone.says("SUPPRIMER"))
    assert found
    await both.phone.says(found[0])
    both.phone.sweep()
    with both.store.begin() as session:
        assert not [row.key for row in session.scalars(select(Pairing))]
        assert not [r.key for r in session.scalars(select(Outbox)) if r.channel == "sms"]


async def at_the_desk(store: Store, clock: FixedClock) -> tuple[Bureau, Talk, str]:
    """Return a desk, somebody joined on both channels who wrote to it, and their topic."""
    bureau = Bureau(store, clock)
    await bureau.opens()
    chat, phone = bureau.person("7"), bureau.person(MERIEM)
    await chat.says("c'est quoi la caravane")
    await phone.says("c'est quoi la caravane")
    await chat.does(kind="contact", text=HER_NUMBER, own=True)
    await chat.says("je veux parler à quelqu'un")
    await phone.says("me voilà par SMS")
    return bureau, phone, bureau.thread(1)


async def test_a_form_that_staff_open_is_asked_where_the_person_wrote_last(
    store: Store, clock: FixedClock
) -> None:
    bureau, _phone, thread = await at_the_desk(store, clock)
    await bureau.does(FARIDA, kind="command", command="register", text="", thread=thread)
    with store.begin() as session:
        asked = select(Outbox).where(Outbox.subject == "case:1", ~Outbox.grouped)
        newest = session.scalars(asked.order_by(Outbox.id.desc())).first()
        assert newest and newest.channel == "sms"
        assert "\n1 " in newest.payload["lines"][0]["text"]


async def test_a_long_reply_to_a_joined_phone_is_asked_about_first(
    store: Store, clock: FixedClock
) -> None:
    bureau, _phone, thread = await at_the_desk(store, clock)
    await bureau.says(FARIDA, "مرحبا " * 100, thread)
    with store.begin() as session:
        sent = session.scalars(select(Outbox).where(Outbox.channel == "sms"))
        assert not [row for row in sent if "مرحبا مرحبا" in str(row.payload)]


async def test_a_number_written_to_staff_is_theirs(store: Store, clock: FixedClock) -> None:
    bureau, phone, thread = await at_the_desk(store, clock)
    await bureau.says(FARIDA, "Combien d'associés ?", thread)
    await phone.says("1")
    assert "👤 1" in bureau.read()


def test_a_stop_behind_a_text_as_long_as_a_part_is_not_taken_for_its_end(store: Store) -> None:
    now, wall = dt.datetime(2015, 10, 5, 9, 0, tzinfo=dt.UTC), dt.datetime.now(dt.UTC)

    def bring(number: str, text: str) -> int:
        incoming = Incoming(NUMBER, text, number)
        return store.run(lambda s: parts.take(s, [arrival(incoming, None, now)], now, wall))

    assert bring("1", "a" * 153) == 0  # it may be the first part of a longer one
    assert bring("2", "STOP") == 2
