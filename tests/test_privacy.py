"""A person's data: shown, handed over, erased everywhere, forgotten with time; no identity number.

Both databases are searched, every table of them, for what must no longer be there.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import partial

import pytest

from actions import (
    consents,
    conversations,
    inbox,
    outbox,
    privacy,
    registrations,
    reminders,
    retention,
)
from actions.inbox import Unreadable
from actions.messages import Address, Inbound, Line, Outbound
from actions.privacy import Retention
from actions.redaction import HIDDEN, hide_identity_numbers
from actions.store import Session, Store
from actions.tables import Base, Conversation, Destination, Registration
from tests.conftest import MONDAY
from tests.enrolled import chat, enrol

AMINA_ON_TELEGRAM = Address("telegram", "4711")
WALL = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
KEEP = Retention(texts=90 * DAY, registrations=365 * DAY)
#: What must not be found once Amina is erased: her name, phone, chat, words, and what she was told.
TRACES = {"Amina", "Benali", "661234567", "4711", "électricité", "je veux", "ton code"}


def everything(store: Store) -> str:
    """Return what every table holds, as one text."""
    with store.engine.connect() as connection:
        return "\n".join(
            json.dumps({k: str(v) for k, v in row._mapping.items()}, ensure_ascii=False)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(table.select())
        )


def traces(store: Store) -> set[str]:
    held = everything(store)
    return {trace for trace in TRACES if trace in held}


def says(store: Store, who: Address, words: str, number: str, now: dt.datetime = MONDAY) -> None:
    message = Inbound(number, who, "text", words)
    assert store.run(lambda s: inbox.receive(s, message, now))


def take(store: Store) -> inbox.Claim:
    claim = store.run(lambda s: inbox.claim(s, WALL))
    assert claim is not None
    return claim


def answered(store: Store, now: dt.datetime = MONDAY) -> None:
    """Take the next message, and close its turn."""
    claim = take(store)
    store.run(lambda s: inbox.finish(s, claim, now))


def told(session: Session, who: Address, words: str, now: dt.datetime, **how: object) -> None:
    outbox.queue(session, who, Outbound((Line(words),)), now, **how)  # type: ignore[arg-type]


def sent(store: Store, now: dt.datetime, wall: dt.datetime = WALL) -> str:
    """Send the next message; return what it says."""
    post = store.run(lambda s: outbox.claim(s, "telegram", now, wall))
    assert post is not None
    store.run(lambda s: outbox.sent(s, post, "99", wall))
    return post.message.lines[0].text


@pytest.fixture
def amina(store: Store) -> Registration:
    """Amina wrote, signed up, was answered, and has a reminder waiting; Karim signed up too."""
    says(store, AMINA_ON_TELEGRAM, "je veux m'inscrire, Amina Benali 0661234567", "1")
    answered(store)
    with store.begin() as session:
        row = enrol(session)
        chat(session).state = {"said": {"given_name": "Amina"}}
        told(session, AMINA_ON_TELEGRAM, f"ton code : {row.code}", MONDAY)
        here = chat(session).id
        yes = consents.give(session, "reminder", "fr", MONDAY, conversation=here)
        wish = reminders.subscribe(
            session, here, "19", "", MONDAY, consent=yes.id, registration=row.id
        )
        told(
            session,
            AMINA_ON_TELEGRAM,
            f"rappel, Amina, ton code : {row.code}",
            MONDAY,
            due_at=MONDAY + 9 * DAY,
            reply=False,
            subject=f"reminder:{wish.id}",
        )
        enrol(
            session,
            number="99",
            given_name="Karim",
            family_name="Haddad",
            phone="+213550000000",
            qualification_trade="",
        )
    sent(store, MONDAY)
    broken = {"update_id": 5, "message": {"from": {"id": 4711, "first_name": "Amina"}}}
    store.run(lambda s: inbox.receive(s, Unreadable("telegram", "5", broken), MONDAY))
    assert traces(store) == TRACES
    return row


# Shown and handed over


def test_all_that_is_held_is_handed_over(store: Store, amina: Registration) -> None:
    held = store.run(lambda s: privacy.held(s, chat(s)))
    json.dumps(held)
    assert held["chat"]["identifier"] == "4711"
    (signed_up,) = held["registrations"]
    assert signed_up["code"] == amina.code
    assert signed_up["birth_date"] == "1991-05-14"
    assert [change["what"] for change in signed_up["history"]] == ["registered"]
    assert [consent["purpose"] for consent in held["consents"]] == ["registration", "reminder"]
    assert [wish["wilaya"] for wish in held["reminders"]] == ["19"]
    received = json.dumps(held["messages_received"])
    assert "je veux m'inscrire" in received
    assert "first_name" in received
    assert len(held["messages_sent"]) == 2


def test_nobody_elses_data_is_handed_over(store: Store, amina: Registration) -> None:
    for held in (
        store.run(lambda s: privacy.held(s, chat(s))),
        store.run(lambda s: privacy.held_by_code(s, s.get_one(Registration, amina.id))),
    ):
        assert "Amina" in json.dumps(held)
        assert "Karim" not in json.dumps(held)


# Erased


def test_a_request_on_paper_leaves_nothing_at_all(store: Store, amina: Registration) -> None:
    says(store, AMINA_ON_TELEGRAM, "je veux savoir où ça en est", "6")
    with store.begin() as session:
        told(session, AMINA_ON_TELEGRAM, f"ton code : {amina.code}", MONDAY)
        erased = privacy.erase(session, chat(session), MONDAY, answering=False)
    assert traces(store) == set()
    assert "Karim" in everything(store)
    assert erased == {
        **{"registrations": 1, "changes": 1, "consents": 2, "reminders": 1},
        "messages": 5,  # two received, one unreadable, one sent, one queued
    }
    assert store.run(lambda s: s.query(Destination).count()) == 0


def test_a_turn_under_way_while_staff_erase_comes_to_nothing(
    store: Store, amina: Registration
) -> None:
    says(store, AMINA_ON_TELEGRAM, "je veux changer", "6")
    claim = take(store)
    store.run(lambda s: privacy.erase(s, chat(s), MONDAY, answering=False))
    with pytest.raises(inbox.LeaseLostError), store.begin() as session:
        told(session, AMINA_ON_TELEGRAM, "ton code est changé", MONDAY)
        inbox.finish(session, claim, MONDAY)
    assert traces(store) == set()


def erase_in_a_turn(store: Store) -> None:
    """Do the turn of the message that asks to erase everything."""
    claim = take(store)
    with store.begin() as session:
        told(session, AMINA_ON_TELEGRAM, "tout est effacé", MONDAY)
        privacy.erase(session, chat(session), MONDAY)
        inbox.finish(session, claim, MONDAY)


def test_a_wish_in_the_chat_erases_all_but_its_own_answer(
    store: Store, amina: Registration
) -> None:
    says(store, AMINA_ON_TELEGRAM, "je veux tout effacer", "6")
    erase_in_a_turn(store)
    assert traces(store) <= {"4711"}
    assert sent(store, MONDAY, WALL + DAY) == "tout est effacé"
    while store.run(lambda s: retention.sweep(s, MONDAY + DAY, KEEP)):
        pass
    assert traces(store) == set()
    assert "tout est effacé" not in everything(store)
    assert "Karim" in everything(store)


def test_what_is_written_right_after_the_wish_is_answered_as_from_someone_new(
    store: Store, amina: Registration
) -> None:
    says(store, AMINA_ON_TELEGRAM, "je veux tout effacer", "6")
    says(store, AMINA_ON_TELEGRAM, "merci", "7")
    erase_in_a_turn(store)
    assert take(store).message.text == "merci"
    assert store.run(lambda s: conversations.find(s, AMINA_ON_TELEGRAM)) is None


def test_erasing_one_registration_leaves_the_other_of_the_same_chat(
    store: Store, amina: Registration
) -> None:
    with store.begin() as session:
        sister = enrol(session, given_name="Lina", birth_date=dt.date(1993, 2, 3))
        first = session.get_one(Registration, amina.id)
        sister.twin_of = first.id
        assert privacy.sole_chat(session, first) is None
        erased = privacy.erase_registration(session, first)
    assert erased == {"registrations": 1, "changes": 1, "consents": 2, "reminders": 1}
    assert store.run(lambda s: registrations.by_code(s, amina.code)) is None
    (left,) = store.run(lambda s: registrations.of_conversation(s, chat(s).id))
    assert (left.given_name, left.twin_of) == ("Lina", None)
    assert "rappel, Amina" not in everything(store)
    assert store.run(lambda s: privacy.sole_chat(s, left)) is not None


def test_what_could_not_be_read_is_erased_only_of_the_one_it_came_from(store: Store) -> None:
    for number, sender in (("1", 4711), ("2", 47110), ("3", "x4711")):
        raw = {"message": {"from": {"id": sender}, "text": f"message {number}"}}
        odd = Unreadable("telegram", number, raw)
        store.run(partial(inbox.receive, message=odd, now=MONDAY))
    store.run(lambda s: privacy.erase(s, chat(s), MONDAY, answering=False))
    held = everything(store)
    assert "message 1" not in held
    assert "message 2" in held
    assert "message 3" in held


# Forgotten with time


def sweep(store: Store, now: dt.datetime) -> None:
    while store.run(lambda s: retention.sweep(s, now, KEEP)):
        pass


def test_texts_are_blanked_after_their_time_and_not_before(
    store: Store, amina: Registration
) -> None:
    sweep(store, MONDAY + 89 * DAY)
    assert {"je veux", "ton code"} <= traces(store)
    sweep(store, MONDAY + 91 * DAY)
    assert "je veux" not in everything(store)
    assert "ton code" not in everything(store).replace("rappel, Amina, ton code", "")
    assert store.run(lambda s: chat(s).state) == {}
    assert store.run(lambda s: registrations.by_code(s, amina.code)) is not None


def test_a_blanked_message_that_comes_again_is_still_known(
    store: Store, amina: Registration
) -> None:
    sweep(store, MONDAY + 91 * DAY)
    again = Inbound("1", AMINA_ON_TELEGRAM, "text", "je veux m'inscrire")
    assert not store.run(lambda s: inbox.receive(s, again, MONDAY + 91 * DAY))


def test_a_message_not_yet_answered_is_never_blanked(store: Store) -> None:
    says(store, AMINA_ON_TELEGRAM, "je veux m'inscrire", "1")
    sweep(store, MONDAY + 400 * DAY)
    assert take(store).message.text == "je veux m'inscrire"


def test_registrations_go_after_their_time_and_withdrawn_ones_with_the_texts(
    store: Store, amina: Registration
) -> None:
    with store.begin() as session:
        karim = session.query(Registration).filter_by(given_name="Karim").one()
        registrations.withdraw(session, karim, MONDAY, who="person")
    sweep(store, MONDAY + 91 * DAY)
    assert "Karim" not in everything(store)
    assert "Amina" in everything(store)
    sweep(store, MONDAY + 366 * DAY)
    assert traces(store) == set()
    assert store.run(lambda s: s.query(Conversation).count()) == 0


def test_a_registration_that_was_changed_is_kept_longer(store: Store) -> None:
    made = store.run(enrol)
    with store.begin() as session:
        row = session.get_one(Registration, made.id)
        registrations.move(session, row, row.conversation_id or 0, MONDAY + 300 * DAY, who="person")
    sweep(store, MONDAY + 400 * DAY)
    assert store.run(lambda s: registrations.by_code(s, made.code)) is not None


# Identity numbers


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("mon NIN 109991234567890123 merci", f"mon NIN {HIDDEN} merci"),
        ("رقمي ١٠٩٩٩١٢٣٤٥٦٧٨٩٠١٢٣", f"رقمي {HIDDEN}"),
        ("1 0999 1234 56789 012 3", HIDDEN),
        ("10.999.1234.56789.01.23", HIDDEN),
        ("10-999-1234-56789-01-23", HIDDEN),
        ("10\u00a0999\u00a01234\u00a056789\u00a001\u00a023", HIDDEN),
        ("10 99 91 23 45 67 89 01 23", HIDDEN),
        ("١٠ ٩٩٩ ١٢٣٤ ٥٦٧٨٩ ٠١ ٢٣", HIDDEN),
        ("109991234567890123 et 209991234567890123", f"{HIDDEN} et {HIDDEN}"),
        ("10 999 1234 56789 01 23 0661 23 45 67", f"{HIDDEN} 0661 23 45 67"),
        ("0661 23 45 67 10 999 1234 56789 01 23", f"0661 23 45 67 {HIDDEN}"),
        ("109991234567890123 0661234567", f"{HIDDEN} 0661234567"),
        ("+213661234567 109991234567890123", f"+213661234567 {HIDDEN}"),
    ],
)
def test_an_identity_number_is_hidden_and_what_stands_beside_it_is_not(
    text: str, kept: str
) -> None:
    assert hide_identity_numbers(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "0661 23 45 67",
        "0661 23 45 67 0550 12 34 56",
        "0661234567 14 05 1999",  # 18 digits in all: a phone and a birth date
        "19 2015-10-20 2015-10-21",  # so have a wilaya and two days
        "19 20/10/2015 21/10/2015",
        "14 05 1999 0661234567",
        "14-05-1999 0661 23 45 67",
        "٠٦٦١ ٢٣ ٤٥ ٦٧ ١٤ ٠٥ ١٩٩٩",
        "+213 661 23 45 67 14 05 1999",
        "4715 2084",
        "2 000 000 DA",
        "12345678901234567",
        "1234567890123456789",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert hide_identity_numbers(text) == text


def test_no_identity_number_reaches_the_database(store: Store) -> None:
    says(store, AMINA_ON_TELEGRAM, "mon NIN est 109991234567890123", "1")
    raw = {"message": {"text": "109991234567890123", "parts": ["209991234567890123"]}}
    store.run(lambda s: inbox.receive(s, Unreadable("telegram", "2", raw), MONDAY))
    assert "9991234567890123" not in everything(store)
    assert take(store).message.text == f"mon NIN est {HIDDEN}"


def test_telegrams_own_identifiers_are_no_identity_numbers(store: Store) -> None:
    tap = Inbound("1", AMINA_ON_TELEGRAM, "button", "menu", tap="740567394854305345")
    store.run(lambda s: inbox.receive(s, tap, MONDAY))
    assert take(store).message == tap
