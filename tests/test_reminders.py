"""Reminders: when they leave and in whose words, what moves or ends them, and never at night."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from actions import conversations, inbox, outbox, privacy, registrations, reminders
from actions.hours import is_quiet
from actions.messages import Address, Inbound, Line, Outbound
from actions.planning import Wish
from actions.store import Session, Store
from actions.tables import Base, Consent, Conversation, Outbox, Registration, Subscription
from bot.channels.base import Gone
from bot.reminders import BATCH, Reminders
from tests.conftest import FixedClock
from tests.house import ANNOUNCED, PLACE, UNKNOWN, House, at, days

SETIF = Address("telegram", "7")


@pytest.fixture
def house(store: Store) -> Iterator[House]:
    built = House(store, FixedClock(at(5, 9)))
    yield built
    built.close()


def registered(session: Session, number: int) -> Registration:
    return session.get_one(Registration, number)


# -- when, to whom, in whose words ---------------------------------------------------------------


async def test_the_evening_before_with_the_place_the_hours_the_papers_and_the_code(
    house: House,
) -> None:
    house.starts(ANNOUNCED | PLACE | {"opens": "09:00", "closes": "16:00"})
    chat = house.chat()
    person = house.register(chat)
    wish = house.wish(chat, person)
    assert await house.at(at(5, 10)) == []
    assert await house.at(at(13, 17, 59)) == []
    [reminder] = await house.at(at(13, 18))
    for part in ("Rappel", "Sétif", "mercredi 14 octobre", "place de la poste", "09:00", "16:00"):
        assert part in reminder
    assert "pièce d'identité" in reminder
    assert "Amine" in reminder
    assert "4700 000" in reminder
    assert house.wire.sent[0][1].buttons[0][0].data == f"remind:end:{wish}"
    assert [await house.at(at(day, 9)) for day in (14, 15, 16, 17)] == [[], [], [], []]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (at(5, 9), at(13, 18)),
        (at(13, 17, 59), at(13, 18)),
        (at(13, 18), at(14, 8)),
        (at(13, 23), at(14, 8)),
        (at(14, 7, 59), at(14, 8)),
    ],
)
async def test_who_asks_too_late_for_the_evening_is_told_in_the_morning(
    asked: dt.datetime, due: dt.datetime, house: House
) -> None:
    house.clock.moment = asked
    house.wish(house.chat())
    assert await house.at(asked) == []
    assert [row.due_at for row in house.outbox()] == [due]
    assert await house.at(due - dt.timedelta(seconds=1)) == []
    assert len(await house.at(due)) == 1


@pytest.mark.parametrize("asked", [at(14, 8), at(14, 15), at(15, 20)])
async def test_during_the_stop_there_is_nothing_to_be_reminded_of(
    asked: dt.datetime, house: House
) -> None:
    house.clock.moment = asked
    house.wish(house.chat())
    assert await house.at(asked) == []
    assert house.outbox() == []
    assert await house.at(at(16, 9)) == []
    assert house.wishes() == []


async def test_everyone_reads_it_in_the_language_they_speak_by_then(house: House) -> None:
    house.wish(house.chat("1", "ar"))
    house.wish(house.chat("2", "fr", spoken="ar"))
    house.wish(house.chat("3", "fr"))
    await house.at(at(5, 10))
    house.chat("3", "ar")
    house.chat("1", "fr", spoken="fr")
    said = await house.at(at(13, 18))
    languages = {to.id: message.language for to, message in house.wire.sent}
    assert languages == {"1": "fr", "2": "ar", "3": "ar"}
    assert sum("سطيف" in text for text in said) == 2


async def test_without_a_registration_it_comes_without_a_code(house: House) -> None:
    house.wish(house.chat())
    [reminder] = await house.at(at(13, 18))
    assert "pièce d'identité" in reminder
    assert "code" not in reminder


# -- never at night, never too late --------------------------------------------------------------


async def test_a_reminder_held_up_until_the_night_waits_for_the_morning(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(13, 17))
    for hour in (21, 22, 23):
        assert await house.at(at(13, hour)) == []
    assert await house.at(at(14, 7, 59)) == []
    [reminder] = await house.at(at(14, 8))
    assert "mercredi 14 octobre" in reminder


async def test_answers_leave_at_night_all_the_same(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(13, 17))
    house.clock.moment = at(13, 22)
    answer = Outbound((Line("bonsoir"),))
    house.store.run(lambda s: outbox.queue(s, SETIF, answer, at(13, 22)))
    assert await house.sends() == ["bonsoir"]


@pytest.mark.parametrize(
    ("facts", "ended"),
    [
        (ANNOUNCED, at(16, 9)),
        (ANNOUNCED | {"closes": "16:00"}, at(15, 16)),
        (days(14), at(15, 9)),
    ],
)
async def test_a_reminder_of_a_stop_that_has_ended_is_never_sent(
    facts: dict[str, Any], ended: dt.datetime, house: House
) -> None:
    house.starts(facts)
    house.wish(house.chat())
    await house.at(at(13, 17))
    house.clock.moment = ended
    news = Outbound((Line("good morning"),))
    house.store.run(lambda s: outbox.queue(s, SETIF, news, ended, reply=False))
    assert await house.sends() == ["good morning"]  # before anyone kept house
    assert await house.at(ended) == []
    assert house.outbox() == []


async def test_a_reminder_can_still_be_of_use_on_the_last_day(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(13, 17))
    assert len(await house.at(at(15, 20))) == 1


async def test_someone_who_comes_back_in_time_still_gets_the_reminder(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    answer = Outbound((Line("bonjour"),))
    house.store.run(lambda s: outbox.queue(s, SETIF, answer, at(5, 10)))
    house.wire.failures = [Gone("blocked")]
    assert await house.sends() == []
    back = Inbound("1", SETIF, "text", text="je suis revenu")
    house.store.run(lambda s: inbox.receive(s, back, at(12, 9)))
    assert len(await house.at(at(13, 18))) == 1


async def test_someone_who_stays_away_gets_nothing(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.wire.failures = [Gone("blocked")]
    assert await house.at(at(13, 18)) == []
    back = Inbound("1", SETIF, "text", text="je suis revenu")
    house.store.run(lambda s: inbox.receive(s, back, at(20, 9)))
    assert await house.at(at(20, 9)) == []


# -- the stop moves ------------------------------------------------------------------------------


async def test_a_stop_that_moves_is_told_once_and_the_reminder_with_it(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(days(20, 21))
    [news] = await house.at(at(6, 10))
    assert "a changé" in news
    assert "20 octobre" in news
    house.starts(days(20, 21))
    assert [await house.at(at(day, 19)) for day in (6, 13, 14)] == [[], [], []]
    [reminder] = await house.at(at(19, 18))
    assert "mardi 20 octobre" in reminder


async def test_a_stop_that_moves_after_the_reminder_was_sent_has_another(house: House) -> None:
    house.wish(house.chat())
    assert len(await house.at(at(13, 18))) == 1
    house.starts(days(20))
    assert "a changé" in "".join(await house.at(at(13, 19)))
    assert len(await house.at(at(19, 18))) == 1


async def test_days_that_come_back_are_not_reminded_of_twice(house: House) -> None:
    house.wish(house.chat())
    assert len(await house.at(at(13, 18))) == 1
    house.starts(days(20))
    assert len(await house.at(at(13, 19))) == 1
    house.starts(ANNOUNCED)
    [news] = await house.at(at(13, 20))
    assert "14 octobre" in news
    assert [await house.at(at(14, hour)) for hour in (8, 9)] == [[], []]


async def test_news_waits_for_the_morning(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(days(20))
    assert [await house.at(at(6, hour)) for hour in (0, 3, 7)] == [[], [], []]
    assert len(await house.at(at(6, 8))) == 1


async def test_a_mistake_put_right_before_anyone_was_told_is_not_told(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(days(20))
    assert await house.at(at(5, 22)) == []
    house.starts(ANNOUNCED)
    assert await house.at(at(5, 23)) == []
    assert await house.at(at(6, 8)) == []
    [reminder] = await house.at(at(13, 18))
    assert "14 octobre" in reminder


async def test_news_already_leaving_is_put_right_by_other_news(house: House) -> None:
    house.wish(house.chat())
    house.starts(days(20))
    house.clock.moment = at(6, 10)
    await house.housekeeper.once()
    leaving = await house.sender().claim()
    assert leaving is not None
    house.starts(ANNOUNCED)
    await house.housekeeper.once()
    await house.sender().send(leaving)
    assert "20 octobre" in house.texts()[0]
    assert "14 octobre" in "".join(await house.sends())


async def test_a_reminder_already_leaving_is_not_followed_by_another(house: House) -> None:
    house.wish(house.chat())
    house.clock.moment = at(13, 18)
    leaving = await house.sender().claim()
    assert leaving is not None
    house.starts(ANNOUNCED | PLACE)
    await house.housekeeper.once()
    await house.sender().send(leaving)
    assert "place de la poste" in "".join(await house.sends())
    assert await house.at(at(14, 8)) == []


async def test_only_the_last_of_several_changes_is_told(house: House) -> None:
    house.starts(UNKNOWN)
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(days(20))
    await house.at(at(5, 22))
    house.starts(days(24))
    await house.at(at(5, 23))
    [news] = await house.at(at(6, 8))
    assert "sont connus" in news
    assert "24 octobre" in news


async def test_days_that_no_longer_hold_are_told_and_so_are_the_next(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(UNKNOWN)
    [news] = await house.at(at(6, 10))
    assert "ne sont plus bons" in news
    assert house.outbox() == []
    house.starts(days(20))
    [news] = await house.at(at(7, 10))
    assert "sont connus" in news
    assert "20 octobre" in news
    assert len(await house.at(at(19, 18))) == 1


async def test_a_stop_taken_off_the_tour_is_waited_for_as_promised(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(None)
    [news] = await house.at(at(6, 10))
    assert "ne sont plus bons" in news
    assert "Je vous écris" in news
    house.starts(days(20))
    assert len(await house.at(at(7, 10))) == 1
    house.starts(None)
    await house.at(dt.datetime(2016, 1, 1, 9, tzinfo=dt.UTC))
    assert house.wishes() == []


async def test_a_stop_moved_into_the_past_is_told_to_who_still_expects_it(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(days(8))
    [news] = await house.at(at(12, 10))
    assert "a changé" in news
    assert "8 octobre" in news
    assert house.wishes() == []
    assert await house.at(at(13, 18)) == []


async def test_what_is_corrected_after_the_stop_concerns_nobody(house: House) -> None:
    house.wish(house.chat())
    assert len(await house.at(at(13, 18))) == 1
    house.starts(days(12, 13))
    assert await house.at(at(20, 10)) == []


@pytest.mark.parametrize("change", [PLACE, {"opens": "10:00"}])
async def test_a_place_or_hours_that_become_known_are_told_once(
    change: dict[str, Any], house: House
) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(ANNOUNCED | change)
    [news] = await house.at(at(6, 10))
    [told] = change.values()
    assert (told["fr"] if isinstance(told, dict) else told) in news
    assert len(await house.at(at(13, 18))) == 1


async def test_a_place_that_is_only_thought_is_not_told(house: House) -> None:
    house.wish(house.chat())
    await house.at(at(5, 10))
    house.starts(ANNOUNCED | {"place": {**PLACE["place"], "status": "inferred"}})
    assert await house.at(at(6, 10)) == []
    assert "poste" not in (await house.at(at(13, 18)))[0]


# -- several processes, and crashes --------------------------------------------------------------


def many(house: House) -> int:
    people = 2 * BATCH + 10
    for n in range(people):
        house.wish(house.chat(str(n)))
    return people


async def test_several_processes_tell_everyone_once(house: House) -> None:
    people = many(house)
    await house.at(at(5, 10))
    moved = house.starts(days(20)).reminders
    house.store.run(moved.take_over)
    ready = Barrier(4)

    def process() -> None:
        ready.wait()
        for _pass in range(people):
            house.store.run(lambda s: moved.sync(s, at(6, 10)))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(process) for _n in range(4)]:
            done.result()
    assert len(await house.at(at(6, 10))) == people
    assert len(house.outbox()) == people


async def test_a_crash_in_the_middle_tells_everyone_once_all_the_same(house: House) -> None:
    people = many(house)
    await house.at(at(5, 10))
    moved = house.starts(days(20)).reminders
    house.store.run(moved.take_over)
    house.store.run(lambda s: moved.sync(s, at(6, 10)))

    def dies(session: Session) -> None:
        moved.sync(session, at(6, 10))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        house.store.run(dies)
    assert len(await house.at(at(6, 10))) == people
    assert len(house.outbox()) == people


async def test_a_process_not_yet_restarted_does_not_take_the_news_back(house: House) -> None:
    old = house.housekeeper
    house.wish(house.chat("1"))
    await house.at(at(5, 10))
    house.starts(days(20))
    assert len(await house.at(at(6, 10))) == 1
    await old.once()
    assert await house.sends() == []
    house.reminders = old.reminders
    house.wish(house.chat("2"))  # told the old days there
    await old.once()
    [news] = await house.at(at(6, 11))
    assert "20 octobre" in news
    assert [to.id for to, _message in house.wire.sent] == ["1", "2"]


async def test_one_wish_that_fails_does_not_stop_the_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = house.wish(house.chat("1"), planned=False)
    good = house.wish(house.chat("2"), planned=False)
    write = Reminders._reminder

    def fails(self: Reminders, wish: Wish, stop: Any) -> Any:
        if wish.row.id == bad:
            raise KeyError("someone's name")
        return write(self, wish, stop)

    with monkeypatch.context() as broken:
        broken.setattr(Reminders, "_reminder", fails)
        await house.at(at(5, 10))
    assert [row.subject for row in house.outbox()] == [f"reminder:{good}"]
    await house.at(at(5, 11))
    assert len(house.outbox()) == 2


# -- people who sign up --------------------------------------------------------------------------


async def test_two_people_on_one_phone_have_a_reminder_each_and_the_news_once(
    house: House,
) -> None:
    chat = house.chat()
    first, second = house.register(chat, "Amine"), house.register(chat, "Yasmine")
    assert house.wish(chat, first) != house.wish(chat, second)
    await house.at(at(5, 10))
    house.starts(days(20))
    assert len(await house.at(at(6, 10))) == 1
    said = await house.at(at(19, 18))
    assert sorted("Amine" in text for text in said) == [False, True]
    assert sorted("Yasmine" in text for text in said) == [False, True]


@pytest.mark.parametrize("planned", [True, False])
async def test_the_same_person_wishes_for_one_reminder_however_often(
    planned: bool, house: House
) -> None:
    chat = house.chat()
    wish = house.wish(chat)
    person = house.register(chat)
    for registration in (None, person, person, None):
        assert house.wish(chat, registration, planned=planned) == wish
    await house.at(at(5, 10))
    [reminder] = await house.at(at(13, 18))
    assert "Amine" in reminder


async def test_another_stop_chosen_in_the_registration_is_the_one_reminded_of(
    house: House,
) -> None:
    chat = house.chat()
    person = house.register(chat, stop="06")
    house.wish(chat, person, "06")
    house.wish(chat)
    await house.at(at(5, 10))
    house.store.run(lambda s: setattr(registered(s, person), "stop", "19"))
    assert await house.at(at(5, 11)) == []
    [reminder] = await house.at(at(13, 18))
    assert "Amine" in reminder
    assert "Sétif" in reminder


async def test_no_stop_chosen_any_more_is_no_reminder_until_there_is_one(house: House) -> None:
    chat = house.chat()
    person = house.register(chat)
    house.wish(chat, person)
    await house.at(at(5, 10))
    house.store.run(lambda s: setattr(registered(s, person), "stop", ""))
    assert await house.at(at(5, 11)) == []
    assert house.outbox() == []
    house.store.run(lambda s: setattr(registered(s, person), "stop", "19"))
    assert await house.at(at(6, 11)) == []
    assert len(await house.at(at(13, 18))) == 1


async def test_the_reminder_goes_to_the_chat_that_manages_the_registration(house: House) -> None:
    old, new = house.chat("1"), house.chat("2", "ar")
    person = house.register(old)
    house.wish(old, person)
    await house.at(at(5, 10))
    house.store.run(
        lambda s: registrations.move(s, registered(s, person), new, at(6, 9), who="person")
    )
    assert await house.at(at(6, 10)) == []
    await house.at(at(13, 18))
    [(to, message)] = house.wire.sent
    assert (to.id, message.language) == ("2", "ar")


# -- the end -------------------------------------------------------------------------------------


async def test_one_tap_ends_it_and_the_consent(house: House) -> None:
    wish = house.wish(house.chat())
    await house.at(at(5, 10))
    house.store.run(lambda s: reminders.end(s, s.get_one(Subscription, wish), at(6, 9)))
    assert house.outbox() == []
    house.starts(days(20))
    assert [await house.at(at(day, 18)) for day in (6, 13, 19)] == [[], [], []]
    assert house.store.run(lambda s: s.query(Consent).one().withdrawn_at) == at(6, 9)
    assert house.wish(house.chat()) != wish


async def test_a_registration_withdrawn_takes_its_reminder_along(house: House) -> None:
    chat = house.chat()
    person = house.register(chat)
    house.wish(chat, person)
    await house.at(at(5, 10))
    house.store.run(
        lambda s: registrations.withdraw(s, registered(s, person), at(6, 9), who="person")
    )
    assert house.outbox() == []
    assert [await house.at(at(day, 18)) for day in (6, 13)] == [[], []]


@pytest.mark.parametrize("answering", [True, False])
async def test_someone_erased_gets_no_reminder(answering: bool, house: House) -> None:
    chat = house.chat()
    house.wish(chat, house.register(chat))
    house.wish(chat, None, "06")
    await house.at(at(5, 10))
    house.store.run(
        lambda s: privacy.erase(s, s.get_one(Conversation, chat), at(6, 9), answering=answering)
    )
    assert [await house.at(at(day, 18)) for day in (6, 13)] == [[], []]
    assert house.store.run(lambda s: s.query(Outbox).count() + s.query(Subscription).count()) == 0


async def test_one_of_two_people_erased_leaves_the_other_their_reminder(house: House) -> None:
    chat = house.chat()
    first, second = house.register(chat, "Amine"), house.register(chat, "Yasmine")
    house.wish(chat, first)
    house.wish(chat, second)
    await house.at(at(5, 10))
    house.store.run(lambda s: privacy.erase_registration(s, registered(s, first)))
    [reminder] = await house.at(at(13, 18))
    assert "Yasmine" in reminder


# -- whatever happens ----------------------------------------------------------------------------

#: When each of the stops that Sétif may have ends, by its first day.
ENDS = {12: at(13, 0), 14: at(16, 0), 15: at(16, 0), 16: at(18, 0)}
FACTS = [ANNOUNCED, ANNOUNCED, UNKNOWN, None, days(12), days(15, 15), days(16, 17)]
CHATS = st.sampled_from(["1", "2"])
DEEDS = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 5, 11, 24, 96])),
    st.tuples(st.just("wait and do all"), st.sampled_from([1, 2, 5, 11])),
    st.tuples(st.just("send"), st.none()),
    st.tuples(st.just("keep house"), st.none()),
    st.tuples(st.just("another tour"), st.sampled_from(FACTS)),
    st.tuples(st.just("wish"), CHATS),
    st.tuples(st.just("wish, not yet planned"), CHATS),
    st.tuples(st.just("end"), CHATS),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(hour=st.integers(0, 60), deeds=st.lists(DEEDS, min_size=3, max_size=20))
async def test_never_at_night_never_after_the_stop_never_twice(
    house: House, hour: int, deeds: list[tuple[str, Any]]
) -> None:
    empty(house)
    house.clock.moment = at(11, 12) + dt.timedelta(hours=hour)
    house.starts(ANNOUNCED)
    house.wish(house.chat("1"))
    for deed, what in deeds:
        await do(house, deed, what)
    for row in (*house.outbox(), *house.outbox("sent")):
        assert not is_quiet(row.due_at)
    told = []
    for row in house.outbox("sent"):
        left = house.left[row.id]
        assert not is_quiet(left)
        assert row.due_at <= left
        if row.subject.startswith("reminder:"):
            first = (row.due_at + dt.timedelta(hours=7)).day  # from the evening before, or morning
            assert left < ENDS[first]
            told.append((row.subject, first))
    assert len(told) == len(set(told))


def empty(house: House) -> None:
    def forget(session: Session) -> None:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(delete(table))

    house.store.run(forget)
    house.left.clear()
    house.wire.sent.clear()


async def do(house: House, deed: str, what: Any) -> None:
    match deed:
        case "wait" | "wait and do all":
            house.clock.moment += dt.timedelta(hours=what)
        case "another tour":
            house.starts(what)
        case "wish":
            house.wish(house.chat(what))
        case "wish, not yet planned":
            house.wish(house.chat(what), planned=False)
        case "end":
            house.store.run(lambda s: end_all(s, what, house.clock.now()))
    if deed in {"keep house", "wait and do all"}:
        await house.housekeeper.once()
    if deed in {"send", "wait and do all"}:
        await house.sends()


def end_all(session: Session, chat: str, now: dt.datetime) -> None:
    talk = conversations.find(session, Address("telegram", chat))
    for wish in reminders.of_conversation(session, talk.id) if talk else ():
        reminders.end(session, wish, now)
