"""What people get who write by SMS: numbers, words, short answers, and an end at STOP."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from sqlalchemy import text

from actions import delivery, inbox
from actions.messages import Address, Inbound
from actions.spending import Budget
from actions.store import Store
from actions.tables import Outbox
from bot.channels.base import Later
from bot.channels.sms import segments
from nlu.client import Entity, Understanding
from tests.conftest import FixedClock
from tests.signing_up import product
from tests.talk import Talk, sure

MERIEM = "+213550123456"
HEARD = {
    "la caravane a setif": sure("ask_stop_in_wilaya", Entity("wilaya", "19", 14, 19)),
    "les conditions": sure("ask_eligibility"),
    "ما هي الشروط": sure("ask_eligibility", language="ar"),
    "je veux m'inscrire": sure("preregister"),
}


def heard(text: str) -> Understanding:
    return HEARD.get(text, Understanding((("out_of_scope", 0.05),)))


@pytest.fixture
def phone(store: Store, clock: FixedClock) -> Talk:
    return Talk(store, product(), heard, clock, chat=MERIEM)


def last(phone: Talk) -> str:
    """Return the last SMS that arrived."""
    return phone.wire.sent[-1][1].lines[0].text


def sent_already(clock: FixedClock, count: int) -> Outbox:
    """Return segments that the phone got today."""
    return Outbox(
        channel="sms",
        key=f"sms:{MERIEM}",
        payload={},
        status="sent",
        segments=count,
        due_at=clock.now(),
        created_at=clock.now(),
        sent_at=dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5),
    )


def remember_what_was_sent_already(phone: Talk) -> None:
    """Let the phone forget, for the limit of one message a second, only what it gets from now."""
    newer = text("UPDATE outbox SET sent_at = NULL WHERE segments < 4")
    forget = partial(phone.store.run, lambda s: s.execute(newer))
    phone.forget_the_second_between_messages = forget  # type: ignore[method-assign,assignment]


async def test_an_answer_is_one_short_sms_with_numbers_for_what_else_there_is(
    phone: Talk,
) -> None:
    answer = await phone.says("la caravane a setif")
    assert "14 au 15 octobre 2015" in answer
    assert "\n1 " in answer
    assert len(phone.wire.sent) == 1
    assert segments.coding(answer) == "gsm"
    assert segments.segments(answer) <= 2


async def test_an_arabic_question_is_answered_in_arabic_within_three_segments(
    phone: Talk,
) -> None:
    answer = await phone.says("ما هي الشروط")
    assert "2015" in answer
    assert segments.coding(answer) == "ucs2"
    assert segments.segments(answer) <= 3


@pytest.mark.parametrize("number", ["4", "٤", "4)", "n°4", "Conditions", "conditions"])
async def test_a_choice_is_answered_by_its_number_or_its_label(phone: Talk, number: str) -> None:
    assert "4 Conditions" in await phone.says("MENU")
    assert "19 à 35 ans" in await phone.says(number)


async def test_plus_gives_the_rest_until_there_is_none(phone: Talk) -> None:
    await phone.says("les conditions")
    pages = [await phone.says("PLUS") for _page in range(15)]
    assert "C'est tout" in pages[-1]
    assert len(set(pages)) > 3
    assert all(segments.segments(page) <= 2 for page in pages)
    assert "écret exécutif" in " ".join(pages)


async def test_stop_sticks_and_is_confirmed_once(phone: Talk) -> None:
    await phone.says("la caravane a setif")
    assert "START" in await phone.says("Stop. Merci")
    assert await phone.says("stop") == ""
    assert await phone.says("les conditions") == ""
    assert await phone.says("AIDE") == ""
    assert "1 " in await phone.says("START")
    assert await phone.says("les conditions")


async def test_stop_works_in_the_middle_of_a_form_which_waits_for_start(phone: Talk) -> None:
    await phone.says("je veux m'inscrire")
    assert "START" in await phone.says("STOP")
    back = await phone.says("START")
    assert "de nouveau" in back
    assert "Continuer" in back


async def test_the_words_that_always_work_do_so_however_often_they_are_written(
    phone: Talk,
) -> None:
    for _time in range(6):
        assert "4 Conditions" in await phone.says("MENU")


async def test_a_question_on_the_side_leaves_the_form_s_question_and_its_numbers(
    phone: Talk,
) -> None:
    await phone.says("je veux m'inscrire")
    answer = await phone.says("les conditions")
    assert "2015" in answer
    assert "d'accord ?\n1 Oui\n2 Non" in answer
    assert segments.fits(answer)


async def test_a_number_that_was_not_offered_is_told_which_ones_are(phone: Talk) -> None:
    await phone.says("les conditions")
    assert "de 1 à 4" in await phone.says("9")
    assert await phone.says("1") != ""


async def test_someone_who_has_had_all_sms_of_a_day_is_told_so_once(
    store: Store, clock: FixedClock
) -> None:
    phone = Talk(store, product(), heard, clock, chat=MERIEM, budget=Budget(a_person=5))
    remember_what_was_sent_already(phone)
    store.run(lambda s: s.add(sent_already(clock, 4)))
    assert "demain" in await phone.says("les conditions")
    assert await phone.says("la caravane a setif") == ""


async def test_the_word_that_the_sms_of_a_day_are_used_up_is_in_the_reader_s_language(
    store: Store, clock: FixedClock
) -> None:
    phone = Talk(store, product(), heard, clock, chat=MERIEM, budget=Budget(a_person=6))
    remember_what_was_sent_already(phone)
    store.run(lambda s: s.add(sent_already(clock, 4)))
    assert "غدا" in await phone.says("ما هي الشروط")


async def test_what_was_under_way_at_stop_holds_back_neither_the_farewell_nor_what_comes_later(
    phone: Talk,
) -> None:
    phone.receive(text="les conditions")
    claim = await phone.worker.claim()
    assert claim
    await phone.worker.work(claim)
    assert await phone.sender.claim()  # and its process dies before it is recorded
    assert "START" in await phone.says("STOP")
    assert "4 Conditions" in await phone.says("START")
    assert not any("19 à 35" in m.lines[0].text for _to, m in phone.wire.sent)


@pytest.mark.parametrize(("word", "answer"), [("القائمة", "الشروط"), ("مساعدة", "القائمة")])
async def test_a_first_word_in_arabic_is_answered_in_arabic(
    phone: Talk, word: str, answer: str
) -> None:
    assert answer in await phone.says(word)


async def test_what_waits_to_be_sent_does_not_leave_after_stop(phone: Talk, store: Store) -> None:
    from actions import outbox  # noqa: PLC0415
    from bot.texting.writing import message  # noqa: PLC0415

    to, now = Address("sms", MERIEM), phone.clock.now()
    await phone.says("les conditions")
    store.run(lambda s: outbox.queue(s, to, message("Rappel", "fr"), now, reply=False))
    phone.receive(text="STOP")
    await phone.settle()
    store.run(lambda s: outbox.queue(s, to, message("Encore", "fr"), now, reply=False))
    await phone.settle()
    assert "START" in last(phone)
    assert all(m.lines[0].text not in {"Rappel", "Encore"} for _to, m in phone.wire.sent)


async def test_the_same_words_again_and_again_come_from_a_machine(phone: Talk) -> None:
    auto = "Je suis absent, je vous rappelle."
    answers = [await phone.says(auto) for _n in range(8)]
    assert answers[0]
    assert answers[3:] == [""] * 5
    assert await phone.says("les conditions")


async def test_a_machine_that_says_something_else_each_time_ends_too(phone: Talk) -> None:
    answers = [await phone.says(f"zxqv wpoi {n} klmn") for n in range(12)]
    assert answers[-5:] == [""] * 5


async def test_answering_one_question_after_the_other_with_the_same_number_is_no_machine(
    phone: Talk,
) -> None:
    await phone.says("MENU")
    await phone.says("3")
    answers = [await phone.says(text) for text in ("24", "2", "1", "2", "1")]
    assert all(answers)


async def test_what_the_gateway_reports_on_is_not_sent_again_though_it_never_answered(
    phone: Talk, store: Store
) -> None:
    phone.receive(text="les conditions")
    claim = await phone.worker.claim()
    assert claim
    await phone.worker.work(claim)
    post = await phone.sender.claim()
    assert post
    store.run(lambda s: delivery.record(s, "sms", delivery.Report(post.id, "delivered")))
    phone.wire.failures.append(Later(5, "gateway_down"))
    await phone.sender.send(post)
    await phone.settle()
    assert phone.wire.sent == []
    assert store.run(lambda s: s.get_one(Outbox, post.id).status) == "sent"


async def test_nobody_gets_more_in_a_day_than_may_be_sent_to_one(
    store: Store, clock: FixedClock
) -> None:
    phone = Talk(store, product(), heard, clock, chat=MERIEM, budget=Budget(a_person=5))
    remember_what_was_sent_already(phone)
    store.run(lambda s: s.add(sent_already(clock, 4)))
    assert "de nouveau demain" in await phone.says("les conditions")
    assert "START" in await phone.says("STOP")


async def test_an_sms_that_nobody_can_answer_is_kept_and_nothing_is_sent(
    phone: Talk, store: Store
) -> None:
    advert = Inbound("ad-1", Address("sms", "Djezzy"), kind="ignored", text="Promo !")
    assert store.run(lambda s: inbox.receive(s, advert, phone.clock.now()))
    await phone.settle()
    assert phone.wire.sent == []
