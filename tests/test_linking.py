"""One person on two channels: joined by a shared contact or by a code, and one everywhere then."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import re
import threading

import pytest
from sqlalchemy import select

from actions import conversations, persons, privacy, retention
from actions.messages import Address
from actions.store import Store
from actions.tables import Conversation, Inbox, Outbox, Subscription
from bot.assistant import make_dialogue
from bot.channels.sms import segments
from nlu.client import Entity, Understanding
from tests.bureau import FARIDA, Bureau
from tests.conftest import FixedClock
from tests.enrolled import enrol
from tests.house import House, days
from tests.signing_up import KEEP, bare, code_in, product, registrations
from tests.talk import FACTS, Talk, sure

MERIEM, HER_NUMBER = "+213550123456", "213550123456"
DAY = dt.timedelta(days=1)
HEARD = {
    "je veux m'inscrire": sure("preregister"),
    "les conditions": sure("ask_eligibility"),
    "El Eulma, Sétif": sure("inform", Entity("wilaya", "19", 10, 15)),
    "oui": sure("affirm"),
    "non": sure("deny"),
    "rappelle-moi l'arrêt de Sétif": sure("subscribe_reminder", Entity("wilaya", "19", 0, 0)),
}


def heard(text: str) -> Understanding:
    return HEARD.get(text, Understanding((("out_of_scope", 0.05),)))


class Both:
    """Someone with a Telegram account and a phone, over one database."""

    def __init__(self, store: Store, clock: FixedClock) -> None:
        self.store, self.clock = store, clock
        dialogue = product()
        self.chat = Talk(store, dialogue, heard, clock)
        self.phone = Talk(store, dialogue, heard, clock, chat=MERIEM)
        self.dialogue = dialogue

    def other_chat(self, chat: str = "8") -> Talk:
        """Return somebody else's Telegram account."""
        return Talk(self.store, self.dialogue, heard, self.clock, chat=chat)

    async def share(self, number: str = HER_NUMBER, *, own: bool = True) -> str:
        """Share a contact on Telegram."""
        return await self.chat.does(kind="contact", text=number, own=own)

    async def joined(self) -> None:
        """Write from both, and join them by the contact."""
        await self.phone.says("les conditions")
        await self.chat.commands("start")
        await self.chat.taps("Français")
        await self.share()

    async def texted(self) -> str:
        """Return what the phone got since it last wrote or read."""
        before = len(self.phone.wire.sent)
        await self.phone.settle()
        got = self.phone.wire.sent[before:]
        return "\n".join(line.text for _to, sent in got for line in sent.lines)

    def people(self) -> list[int | None]:
        with self.store.begin() as session:
            found = select(Conversation.person).order_by(Conversation.id)
            return list(session.scalars(found))

    def are_joined(self) -> bool:
        people = self.people()
        return len(people) == 2 and people[0] is not None and people[0] == people[1]


@pytest.fixture
def both(store: Store, clock: FixedClock) -> Both:
    return Both(store, clock)


def pairing_code(text: str) -> str:
    found = re.search(r"\b\d{8}\b", text)
    assert found, text
    return found[0]


def another(code: str) -> str:
    """Return a code that is not this one."""
    return str(int(code) - 1 if int(code) > 100_000 else int(code) + 1)


# -- by the contact that Telegram vouches for ------------------------------------------------------


async def test_ones_own_shared_contact_joins_the_two_and_both_say_so(both: Both) -> None:
    await both.phone.says("les conditions")
    await both.chat.says("les conditions")
    assert "0550 12 34 56" in bare(await both.share())
    assert both.are_joined()
    word = await both.texted()
    assert "Telegram" in word
    assert segments.segments(word) == 1


async def test_somebody_elses_contact_joins_nothing(both: Both) -> None:
    await both.phone.says("les conditions")
    await both.chat.says("les conditions")
    assert "relié" not in await both.share(own=False)
    assert not both.are_joined()
    assert await both.texted() == ""


async def test_a_number_shown_before_it_ever_wrote_is_joined_by_code_only(both: Both) -> None:
    await both.chat.says("les conditions")
    assert "LIEN" in await both.share()
    assert "LIEN" in await both.phone.says("les conditions")
    assert not both.are_joined()
    assert "LIEN" not in await both.phone.says("les conditions")
    code = pairing_code(await both.phone.says("LIEN"))
    await both.chat.commands("sms", code)
    assert both.are_joined()


async def test_the_contact_a_form_asks_for_answers_it_and_joins_as_well(both: Both) -> None:
    await both.phone.says("les conditions")
    await begin_on(both.chat)
    answer = bare(await both.share())
    assert "0550 12 34 56" in answer
    assert "situation" in answer
    assert both.are_joined()


async def begin_on(talk: Talk) -> None:
    """Sign up as far as the phone number."""
    await talk.says("je veux m'inscrire")
    await talk.says("oui")
    for text in ("14/05/1991", "Amina Benali", "El Eulma, Sétif"):
        await talk.says(text)


# -- by code ---------------------------------------------------------------------------------------


async def test_a_code_sent_by_sms_and_written_on_telegram_joins(both: Both) -> None:
    await both.phone.says("les conditions")
    await both.chat.commands("sms")
    said = await both.chat.says("0550 12 34 56")
    code = pairing_code(await both.texted())
    assert code not in said
    await both.chat.says(code)
    assert both.are_joined()


async def test_a_phone_that_never_wrote_is_joined_by_its_code(both: Both) -> None:
    await both.chat.commands("lier", "0550123456")
    await both.chat.says(pairing_code(await both.texted()))
    assert both.are_joined()


async def test_the_word_for_it_by_sms_gives_a_code_for_telegram(both: Both) -> None:
    for word, answer in (("LIEN", "fr"), ("تيليغرام", "ar")):
        got = await both.phone.says(word)
        assert segments.segments(got) <= (1 if answer == "fr" else 3)
    await both.chat.commands("sms", pairing_code(got))
    assert both.are_joined()


async def test_three_wrong_codes_are_the_end_of_it(both: Both) -> None:
    await both.chat.commands("sms", "0550123456")
    code = pairing_code(await both.texted())
    for _try in range(2):
        assert "faux" not in await both.chat.says(another(code))
    assert "faux" in await both.chat.says(another(code))
    await both.chat.commands("sms", code)
    assert both.people() == [None]


async def test_a_chat_that_guesses_is_not_heard_after_three_codes(both: Both) -> None:
    code = pairing_code(await both.phone.says("LIEN"))
    for _try in range(3):
        await both.chat.commands("sms", another(code))
    await both.chat.commands("sms", code)
    assert not both.are_joined()
    other = both.other_chat()
    await other.commands("sms", code)
    assert both.people().count(None) == 1


async def test_a_code_is_good_for_ten_minutes(both: Both) -> None:
    await both.chat.commands("sms", "0550123456")
    code = pairing_code(await both.texted())
    both.clock.moment += dt.timedelta(minutes=11)
    assert "10 minutes" in await both.chat.commands("sms", code)
    assert both.people() == [None]


async def test_a_code_is_used_once(both: Both) -> None:
    code = pairing_code(await both.phone.says("LIEN"))
    await both.chat.commands("sms", code)
    assert both.are_joined()
    assert "servi" in await both.other_chat().commands("sms", code)
    assert both.people().count(None) == 1


async def test_a_code_asked_for_in_one_chat_is_worth_nothing_in_another(both: Both) -> None:
    await both.chat.commands("sms", "0550123456")
    code = pairing_code(await both.texted())
    await both.other_chat().commands("sms", code)
    assert both.people() == [None, None]


async def test_no_more_than_three_codes_a_day_go_to_a_number_whoever_asks(both: Both) -> None:
    for chat in ("8", "9", "10"):
        asker = both.other_chat(chat)
        await asker.commands("sms", "0550123456")
        assert pairing_code(await both.texted())
        await asker.commands("supprimer")
        await asker.taps("Oui, tout effacer")
    assert "demain" in await both.chat.commands("sms", "0550123456")
    assert await both.texted() == ""
    both.clock.moment += DAY
    await both.chat.commands("sms", "0550123456")
    assert pairing_code(await both.texted())


async def test_no_code_goes_to_a_number_that_wrote_stop(both: Both) -> None:
    await both.phone.says("STOP")
    assert "START" in await both.chat.commands("sms", "0550123456")
    assert await both.texted() == ""


async def test_a_number_that_wrote_stop_is_joined_without_a_word_to_it(both: Both) -> None:
    await both.phone.says("STOP")
    await both.chat.says("les conditions")
    await both.share()
    assert both.are_joined()
    assert await both.texted() == ""


async def test_without_sms_there_is_nothing_to_join(store: Store, clock: FixedClock) -> None:
    dialogue = make_dialogue(FACTS, KEEP, frozenset(), random.Random(1).randrange, sms=False)
    chat = Talk(store, dialogue, heard, clock)
    await chat.commands("sms", "0550123456")
    with store.begin() as session:
        assert session.query(Outbox).filter_by(channel="sms").count() == 0


# -- one person then -------------------------------------------------------------------------------


async def test_a_registration_begun_on_telegram_is_finished_by_sms(both: Both) -> None:
    await both.joined()
    await begin_on(both.chat)
    for text in ("0661234567", "sans emploi", "oui", "non", "fibre optique"):
        await both.phone.says(text)
    while not registrations(both.store):
        await both.phone.says("1")
    (row,) = registrations(both.store)
    assert (row.given_name, row.phone) == ("Amina", "+213661234567")
    assert code_in(await both.phone.says("MOI")) == row.code
    assert code_in(bare(await both.chat.commands("moi"))) == row.code


async def test_a_form_goes_back_to_telegram_and_old_buttons_say_that_their_step_is_past(
    both: Both,
) -> None:
    await both.joined()
    await begin_on(both.chat)
    await both.chat.says("0661234567")
    old = both.chat.button("Études")
    await both.phone.says("sans emploi")
    answer = await both.chat.does(kind="button", text=old)
    assert "Ce bouton est ancien" in answer
    assert "ANEM" in answer
    with both.store.begin() as session:
        talk = conversations.find(session, Address("telegram", "7"))
        assert talk is not None
        assert talk.state["form"]["slots"]["situation"] == "jobless?"


async def test_numbers_of_an_old_sms_do_not_answer_a_question_asked_on_telegram_since(
    both: Both,
) -> None:
    await both.joined()
    await begin_on(both.phone)
    await both.chat.says("sans emploi")
    assert "ANEM" in await both.phone.says("1")
    with both.store.begin() as session:
        talk = conversations.find(session, Address("sms", MERIEM))
        assert talk is not None
        assert "anem" not in talk.state["form"]["slots"]


async def test_reminders_are_seen_and_ended_from_both(both: Both) -> None:
    await both.joined()
    await both.phone.says("RAPPEL Sétif")
    await both.phone.says("oui")
    await both.chat.does(kind="button", text="remind:end:1")
    with both.store.begin() as session:
        assert session.query(Subscription).one().ended_at is not None


async def test_erasing_on_one_channel_erases_both(both: Both) -> None:
    await both.joined()
    await begin_on(both.phone)
    await both.chat.commands("supprimer")
    await both.chat.taps("Oui, tout effacer")
    both.chat.sweep()
    with both.store.begin() as session:
        assert session.query(Conversation).count() == 0
        assert session.query(Inbox).count() == 0
        assert session.query(Outbox).count() == 0


async def test_a_yes_by_sms_does_not_confirm_what_telegram_asked_to_erase(both: Both) -> None:
    await both.joined()
    await both.chat.commands("supprimer")
    await both.phone.says("oui")
    assert both.are_joined()


async def test_what_is_held_names_the_other_channel(both: Both) -> None:
    await both.joined()
    with both.store.begin() as session:
        talk = conversations.find(session, Address("telegram", "7"))
        assert talk is not None
        held = privacy.held(session, talk)
    assert [chat["identifier"] for chat in held["chat"]["also"]] == [MERIEM]
    texts = [message.get("text") for message in held["messages_received"]]
    assert texts.count("les conditions") == 1


async def test_what_was_joined_can_be_parted_from_the_phone(both: Both) -> None:
    await both.joined()
    await both.phone.says("LIEN")
    await both.phone.says("1")
    assert both.people() == [None, None]


async def test_a_number_joined_with_another_account_leaves_the_first(both: Both) -> None:
    await both.joined()
    await begin_on(both.phone)
    other = both.other_chat()
    await other.says("les conditions")
    await other.does(kind="contact", text=HER_NUMBER, own=True)
    people = both.people()  # the phone, the first account, the other one
    assert people[0] == people[2] is not None
    assert people[1] is None
    with both.store.begin() as session:
        talk = conversations.find(session, Address("telegram", "8"))
        assert talk is not None
        assert talk.state["form"] is None


def test_two_that_join_at_once_make_one_person(store: Store, clock: FixedClock) -> None:
    def begin(address: Address) -> int:
        return store.run(lambda s: conversations.load(s, address, clock.now()).id)

    chat, phone = begin(Address("telegram", "7")), begin(Address("sms", MERIEM))
    start, new = threading.Barrier(2), []

    def join() -> None:
        start.wait()
        new.append(store.run(lambda s: persons.link(s, chat, phone)))

    threads = [threading.Thread(target=join) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False, True]
    with store.begin() as session:
        assert {t.person for t in session.query(Conversation)} == {min(chat, phone)}


# -- staff -----------------------------------------------------------------------------------------


async def at_the_desk(store: Store, clock: FixedClock) -> tuple[Bureau, Talk, Talk]:
    """Open a desk; return it with somebody's chat and phone, which are joined."""
    bureau = Bureau(store, clock)
    await bureau.opens()
    chat, phone = bureau.person("7"), bureau.person(MERIEM)
    phone.wire = bureau.wire
    await phone.says("c'est quoi la caravane")
    await chat.says("c'est quoi la caravane")
    await chat.does(kind="contact", text=HER_NUMBER, own=True)
    return bureau, chat, phone


async def test_what_is_written_by_sms_goes_to_the_case_opened_on_telegram(
    store: Store, clock: FixedClock
) -> None:
    bureau, chat, phone = await at_the_desk(store, clock)
    await chat.says("je veux parler à quelqu'un")
    before = len(bureau.wire.sent)
    await phone.says("je n'ai plus de données, je continue par SMS")
    assert "je continue par SMS" in bureau.read(before)
    assert bureau.owner("7") == "staff"
    await phone.says("MENU")
    assert bureau.owner("7") == "bot"


async def test_what_staff_answer_goes_where_the_person_wrote_last(
    store: Store, clock: FixedClock
) -> None:
    bureau, chat, phone = await at_the_desk(store, clock)
    await chat.says("je veux parler à quelqu'un")
    thread = bureau.thread(1)
    assert await answered(bureau, thread, "Bonjour !") == {"telegram:7"}
    await phone.says("me voilà")
    assert await answered(bureau, thread, "Très bien.") == {f"sms:{MERIEM}"}
    await chat.says("et me revoilà")
    assert await answered(bureau, thread, "Parfait.") == {"telegram:7"}


async def answered(bureau: Bureau, thread: str, words: str) -> set[str]:
    """Let staff answer; return where their words are on their way to."""
    await bureau.says(FARIDA, words, thread)
    with bureau.store.begin() as session:
        rows = session.scalars(select(Outbox))
        return {row.key for row in rows if words in str(row.payload.get("lines"))}


async def test_two_cases_become_one_when_their_person_is_one(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    chat, phone = bureau.person("7"), bureau.person(MERIEM)
    for talk in (chat, phone):
        await talk.says("je veux parler à quelqu'un")
    await chat.does(kind="contact", text=HER_NUMBER, own=True)
    assert [bureau.case(n).status for n in (1, 2)] == ["waiting", "closed"]
    before = len(bureau.wire.sent)
    await phone.says("une question")
    assert "une question" in bureau.read(before)


# -- what happens by itself ------------------------------------------------------------------------


async def test_both_may_be_written_in_at_once(both: Both) -> None:
    await both.joined()
    for _time in range(3):
        both.chat.receive(text="les conditions")
        both.phone.receive(text="les conditions")
        both.clock.moment += dt.timedelta(seconds=10)
        await asyncio.gather(both.chat.settle(), both.phone.settle())
    with both.store.begin() as session:
        waiting = session.query(Inbox).filter(Inbox.status != "done").count()
    assert waiting == 0
    assert both.are_joined()


async def test_the_language_chosen_on_one_channel_is_spoken_on_the_other(both: Both) -> None:
    await both.chat.commands("start")
    await both.chat.taps("العربية")
    await both.chat.commands("sms", "0550123456")
    await both.chat.says(pairing_code(await both.texted()))
    assert "المحطة" in await both.phone.says("MENU")


async def test_news_are_told_once_to_who_wishes_for_them_on_both(
    store: Store, clock: FixedClock
) -> None:
    house = House(store, clock)
    chat = house.chat("7")
    phone = store.run(lambda s: conversations.load(s, Address("sms", MERIEM), clock.now()).id)
    for one in (chat, phone):
        house.wish(one)
    store.run(lambda s: persons.link(s, chat, phone))
    house.starts(days(20))
    await house.housekeeper.once()
    news = [row for row in house.outbox() if row.subject.startswith("change:")]
    house.close()
    assert len(news) == 1


def test_a_person_is_kept_while_they_write_on_one_channel_and_erased_whole_after(
    store: Store, clock: FixedClock
) -> None:
    def begin(address: Address, now: dt.datetime) -> int:
        return store.run(lambda s: conversations.load(s, address, now).id)

    first = clock.now()
    chat, phone = begin(Address("telegram", "7"), first), begin(Address("sms", MERIEM), first)
    store.run(lambda s: persons.link(s, chat, phone))
    later = first + KEEP.registrations
    with store.begin() as session:
        session.get_one(Conversation, phone).updated_at = later

    def people_left(now: dt.datetime) -> int:
        store.run(lambda s: retention.sweep(s, now, KEEP))
        with store.begin() as session:
            return session.query(Conversation).count()

    assert people_left(later + DAY) == 2
    assert people_left(later + KEEP.registrations + DAY) == 0


async def test_a_reminder_goes_where_the_person_wrote_last_before_its_hour(
    store: Store, clock: FixedClock
) -> None:
    house = House(store, clock)
    chat = house.chat("7")
    phone = store.run(lambda s: conversations.load(s, Address("sms", MERIEM), clock.now()).id)
    house.wish(chat)
    store.run(lambda s: persons.link(s, chat, phone))
    texting = Talk(store, product(), heard, clock, chat=MERIEM)
    await texting.says("les conditions")
    await house.housekeeper.once()
    (waiting,) = (row for row in house.outbox() if row.subject.startswith("reminder:"))
    house.close()
    assert waiting.key == f"sms:{MERIEM}"
    assert "STOP RAPPEL" in waiting.payload["lines"][0]["text"]
    assert waiting.payload["buttons"] == []


async def test_a_registration_made_by_sms_is_changed_on_telegram(both: Both) -> None:
    await both.joined()
    await begin_on(both.phone)
    for text in ("sans emploi", "oui", "non", "fibre optique"):
        await both.phone.says(text)
    while not registrations(both.store):
        await both.phone.says("1")
    await both.chat.commands("moi")
    await both.chat.taps("Modifier")
    await both.chat.taps("Téléphone")
    await both.chat.says("0661234567")
    await both.chat.taps("Envoyer")
    (row,) = registrations(both.store)
    assert row.phone == "+213661234567"


async def test_people_who_share_a_phone_are_not_shown_on_a_chat_joined_with_it(
    both: Both,
) -> None:
    def sign_up(number: int) -> None:
        names = {1: ("Amina", 1991), 2: ("Karim", 1989)}
        with both.store.begin() as session:
            phone = conversations.find(session, Address("sms", MERIEM))
            assert phone is not None
            row = enrol(session, given_name=names[number][0], number=str(number))
            row.birth_date = dt.date(names[number][1], 5, 14)
            row.conversation_id = phone.id

    await both.joined()
    for number in (1, 2):
        sign_up(number)
    await both.chat.commands("moi")
    await both.chat.taps("Karim")
    assert "El Eulma" not in await both.chat.says("1991")
    assert "El Eulma" in await both.chat.says("1989")
