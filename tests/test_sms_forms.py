"""Forms and personal services by SMS: what is asked, what proves who asks, and that it all fits."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from actions import consents, conversations
from actions import registrations as signed
from actions.messages import LANGUAGES, Address
from actions.registrations import Details
from actions.store import Session, Store
from actions.tables import Outbox, Registration
from bot.channels.sms import segments
from bot.flows.registration.notice import notice
from bot.flows.registration.one_message import OneMessage
from bot.flows.registration.places import Places
from bot.flows.registration.situations import Trades
from bot.flows.registration.stops import in_figures
from bot.forms import brief
from bot.forms.fields import Given
from bot.text import Name, Say, Text, render
from bot.texting import writing
from nlu.client import Understanding
from tests.bureau import KARIM, Bureau
from tests.conftest import MONDAY, FixedClock
from tests.enrolled import AMINA
from tests.signing_up import KEEP, product, registrations
from tests.talk import FACTS, Talk

Understand = Callable[[str], Understanding]

NUMBER = "+213550123456"
#: What nobody can do on an old phone.
IMPOSSIBLE = re.compile(r"\bbouton|/[a-z]{3,}|https?:|touchez|appuyez|اضغط")
NOTHING = Understanding(())
ONE_MESSAGE = OneMessage(
    FACTS.geography, Places(FACTS.geography), Trades(FACTS.programme.convention.trades)
)
#: The longest values that a registration may hold.
LONGEST = replace(
    AMINA,
    given_name="Abdelrahmane-Noureddine Mohamed El Amine Ahmed-Seifeddine",
    family_name="Benabderrahmane-Bouchenak Khelladi El Hachemi Ould Ahmed",
    wilaya="61",
    commune="Commune du Bordj de la longue vallée des palmiers dattiers",
    trade="",
    trade_words="réparation de téléphones, d'ordinateurs et d'appareils ménagers de tous genres",
    qualification_trade="maintenance des installations électriques industrielles et domestiques",
    stop="21",
)


@pytest.fixture
def phone(store: Store, clock: FixedClock, understand: Understand) -> Talk:
    """Somebody who writes SMS."""
    return Talk(store, product(), understand, clock, chat=NUMBER)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, phone: Talk) -> list[Say]:
    """Everything that the assistant says to the phone, filled as it goes."""
    heard: list[Say] = []
    dialogue = phone.worker.dialogue
    turn = dialogue.turn

    def overheard(*args: Any, **options: Any) -> Any:
        done = turn(*args, **options)
        heard.extend(done.says)
        return done

    monkeypatch.setattr(dialogue, "turn", overheard)
    return heard


def enrol(store: Store, details: Details = AMINA, seed: int = 1) -> str:
    """Sign somebody up from the phone; return the code."""

    def go(session: Session) -> str:
        talk = conversations.load(session, Address("sms", NUMBER), MONDAY)
        talk.language = "fr"
        consent = consents.give(session, "registration", "fr", MONDAY, conversation=talk.id)
        draw = random.Random(seed).randrange
        row = signed.register(
            session, details, MONDAY, draw, consent=consent, conversation=talk.id, who="person"
        )
        return row.code

    return store.run(go)


def enrol_two(store: Store) -> tuple[str, str]:
    """Sign up Amina, born in 1991, and Karim, born in 1988, from one phone."""
    karim = replace(
        AMINA,
        given_name="Karim",
        birth_date=dt.date(1988, 3, 2),
        commune="Aïn Oulmene",
        trade="ducts",
    )
    return enrol(store), enrol(store, karim, seed=2)


def fits(said: Say) -> None:
    """Check that a message is sent in one piece in both languages, and asks nothing impossible."""
    for language in LANGUAGES:
        written = writing.write([replace(said, more=False)], language)
        whole = "\n".join((written.text.removesuffix("\nPLUS : la suite"), *written.rest))
        # A name in Arabic letters makes three shorter segments of a French message.
        assert segments.fits(whole), whole
        assert not IMPOSSIBLE.search(whole.casefold()), whole


async def walk(phone: Talk, *texts: str) -> str:
    """Write one text after the other; return the last answer."""
    answer = ""
    for text in texts:
        answer = await phone.says(text)
    return answer


FRENCH = (
    *("je veux m'inscrire", "peut-être", "1", "hein", "31/02/1995", "14/05/1991", "x", "Amina"),
    *("Benali", "wilaya 99", "Sétif", "El Eulma", "blorg", "2", "blorg", "4", "passer", "6"),
    *("non", "4", "0661 23 45 67", "retour", "1", "oui", "MOI", "1", "2", "1", "1990", "1"),
    *("MOI", "2", "non", "RAPPEL", "Alger", "oui", "annuler le rappel", "annuler le rappel"),
    *("DONNEES", "SUPPRIMER", "1234", "oui", "non", "effacez mes données", "CONFIDENTIALITE"),
    *("est-ce que j'ai le droit d'en profiter ?", "hm", "37", "1", "1", "2", "1", "1", "annuler"),
    *("non", "MOI", "3", "non", "AGENT", "MOI", "2", "oui", "MOI", "PREINSC Lina 16 ans", "oui"),
)
ARABIC = (
    *("أريد التسجيل", "ربما", "1", "هاه", "31/02/1995", "26", "أمينة بن علي", "ولاية 99"),
    *("البليدة", "1", "5", "1", "5", "حقوق", "3", "تخطي", "لا", "6", "البليدة", "1", "1", "نعم"),
    *("ملفي", "1", "2", "1", "1990", "1", "تذكير", "الجزائر", "نعم", "إلغاء التذكير", "بياناتي"),
    *("محو", "١٢٣٤", "لا", "الخصوصية", "واش نقدر نستفيد؟", "٤٢", "2", "2", "2", "1", "2", "1"),
)


@pytest.mark.parametrize("texts", [FRENCH, ARABIC], ids=["French", "Arabic"])
async def test_whatever_is_said_on_the_way_through_everything_fits_in_both_languages(
    phone: Talk, said: list[Say], texts: tuple[str, ...]
) -> None:
    await walk(phone, *texts)
    assert len(said) > len(texts)
    for message in said:
        fits(message)


async def test_a_registration_of_the_longest_values_fits_wherever_it_is_shown(
    phone: Talk, said: list[Say], store: Store
) -> None:
    enrol(store, LONGEST)
    await walk(phone, "MOI", "1", "1991", "2", "3", "MOI", "2", "1991", "non")
    await walk(phone, "SUPPRIMER", "non", "DONNEES")
    await walk(phone, "je veux m'inscrire")
    summaries = [one for one in said if any("Right?" in text.msgid for text in one.brief)]
    assert summaries
    for message in said:
        fits(message)


def test_the_notice_in_few_words_says_who_why_how_long_and_the_rights() -> None:
    organisers = FACTS.programme.caravan.organisers.names
    told = notice(tuple(Name(o.fr, o.ar) for o in organisers), KEEP, by_sms=True)
    few = render(told.brief[0], "fr", isolated=False)
    for word in ("Algérie Télécom", "ANSEJ", "d'autres", "visite", "12 mois", "MOI", "SUPPRIMER"):
        assert word in few
    whole = " ".join(render(text, "fr", isolated=False) for text, _style in told.lines)
    assert "Telegram" not in whole
    assert "opérateur" in whole
    fits(told)


async def test_the_number_they_write_from_is_not_asked_but_can_be_changed(
    phone: Talk, store: Store
) -> None:
    answer = await walk(
        phone,
        *("je veux m'inscrire", "oui", "14/05/1991", "Amina Benali", "El Eulma, Sétif", "1", "1"),
        "1",
    )
    assert "0550123456" in answer
    answer = await walk(phone, "changer le numéro", "0661 23 45 67")
    assert "0661234567" in answer
    await walk(phone, "1")
    (row,) = registrations(store)
    assert (row.phone, row.phone_checked) == ("+213661234567", False)


async def test_their_own_number_counts_as_checked(phone: Talk, store: Store) -> None:
    await walk(phone, "PREINSC Amina Benali 14/05/1991 El Eulma Sétif anem licence fibre", "1")
    await walk(phone, "passer", "1")
    (row,) = registrations(store)
    assert (row.phone, row.phone_checked) == (NUMBER, True)


AMEL = {"given_name": "Amel", "family_name": "Benali", "born": "1999-03-12", "wilaya": "09"}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("PREINSC Amel Benali 12/03/1999 Blida fibre", AMEL | {"trade": "fibre"}),
        ("preinsc fibre Blida 12/03/1999 Amel Benali", AMEL | {"trade": "fibre"}),
        ("PREINSC,Amel Benali,12-03-1999,Blida,fibre", AMEL | {"trade": "fibre"}),
        ("PREINSC\nAmel Benali\n12 mars 1999\nBlida\nfibre", AMEL | {"trade": "fibre"}),
        ("Inscription: Amel Benali; 12 03 1999; wilaya 09; fibre", AMEL | {"trade": "fibre"}),
        ("PREINSC BENALI Amel née le 12031999 à Blida svp", AMEL),
        ("PREINSC Amel Benali ١٢/٠٣/١٩٩٩ Blida", AMEL),
        ("PREINSC nom: Benali, prénom: Amel, 12/03/1999, Blida", AMEL),
        (
            "تسجيل أمل بن علي 12/03/1999 البليدة ألياف",
            AMEL | {"given_name": "أمل", "family_name": "بن علي", "trade": "fibre"},
        ),
        (
            "تسجيل: أمل بن علي، ٢٤ سنة، ولاية البليدة، 0661234567",
            {
                "given_name": "أمل",
                "family_name": "بن علي",
                "born": 24,
                "wilaya": "09",
                "phone": "+213661234567",
            },
        ),
        (
            "PREINSC Amel Benali 24 ans Sétif El Eulma 0661 23 45 67",
            {
                "given_name": "Amel",
                "family_name": "Benali",
                "born": 24,
                "wilaya": "19",
                "commune": "El Eulma",
                "phone": "+213661234567",
            },
        ),
        ("PREINSC Amel Benali 12/03/1999 09", AMEL),
        (
            "PREINSC Saida Benali 24 Oran",
            {"given_name": "Saida", "family_name": "Benali", "born": 24, "wilaya": "31"},
        ),
        (
            "PREINSC Saida Benali 12/03/1999",
            {"given_name": "Saida", "family_name": "Benali", "born": "1999-03-12"},
        ),
        (
            "PREINSC Amel Benali 12/03/1999 Blida chômeuse inscrite à l'ANEM",
            AMEL | {"situation": "jobless_anem"},
        ),
        ("PREINSC Amel Benali 12/03/1999 Blida ANEM", AMEL | {"situation": "jobless_anem"}),
        ("PREINSC Amel Benali 12/03/1999 Blida pas ANEM", AMEL | {"situation": "jobless"}),
        ("PREINSC Amel Benali étudiante 12/03/1999 Blida", AMEL | {"situation": "student"}),
        (
            "PREINSC Amel Benali 12/03/1999 Blida TS en électricité",
            AMEL | {"qualification": "ts", "qualification_trade": "électricité"},
        ),
        ("PREINSC Amel Benali 12/03/1999 Blida pâtisserie", AMEL | {"trade": "«pâtisserie"}),
        (
            "PREINSC Amel Haddad 12/03/1999 Blida",
            AMEL | {"family_name": "Haddad"},
        ),
        (
            "PREINSC Amel Benali, 12/03/1999, Ouled Slama Blida, fibre",
            AMEL | {"commune": "Ouled Slama", "trade": "fibre"},
        ),
        ("PREINSC Mohamed El Amine Ben Ali", {"given_name": "Mohamed El Amine"}),
        ("PREINSC Amel 12/03/1999", {"given_name": "Amel", "born": "1999-03-12"}),
    ],
)
def test_a_registration_in_one_message_is_read_in_any_order(
    understand: Understand, text: str, facts: dict[str, Any]
) -> None:
    given = Given(text, understand(text), MONDAY.date(), {"consent": True})
    found, wrong = ONE_MESSAGE.read(given)
    assert {name: found.get(name) for name in facts} == facts
    assert wrong == ()


@pytest.mark.parametrize(
    ("text", "missing", "sorry"),
    [
        ("PREINSC Amel Benali 31/02/1999 Blida", "born", "That date does not exist"),
        ("PREINSC Amel Benali 12/03/2030 Blida", "born", "yet to come"),
        ("PREINSC Amel Benali 1999 Blida", "born", "the day and the month"),
        ("PREINSC Amel Benali 12/03/1999 Blida 025412345", "phone", "fixed line"),
        ("PREINSC Amel Benali 12/03/1999 Blida 06612345", "phone", "no mobile number"),
    ],
)
def test_what_is_wrong_in_one_message_is_said_and_nothing_else_is_lost(
    understand: Understand, text: str, missing: str, sorry: str
) -> None:
    given = Given(text, understand(text), MONDAY.date(), {"consent": True})
    found, wrong = ONE_MESSAGE.read(given)
    assert missing not in found
    assert [why for why in wrong if sorry in why.msgid]
    assert (found["given_name"], found["family_name"]) == ("Amel", "Benali")
    assert found["wilaya"] == "09"


def test_words_that_fit_nowhere_are_named() -> None:
    text = "PREINSC Amel Benali 12/03/1999 plomberie, Blida, célibataire"
    _found, wrong = ONE_MESSAGE.read(Given(text, NOTHING, MONDAY.date(), {"consent": True}))
    assert [why.values["words"] for why in wrong] == ["célibataire"]


def test_names_and_dates_in_one_message_are_read_without_rasa() -> None:
    text = "PREINSC Amel Benali 12/03/1999 Blida 0661234567 au chômage"
    found, wrong = ONE_MESSAGE.read(Given(text, NOTHING, MONDAY.date(), {"consent": True}))
    assert found == AMEL | {"phone": "+213661234567", "situation": "jobless?"}
    assert wrong == ()


async def test_after_the_consent_only_what_is_missing_in_the_one_message_is_asked(
    phone: Talk, store: Store
) -> None:
    answer = await phone.says("PREINSC Amel Benali 12/03/1991 Blida fibre")
    assert "SUPPRIMER" in answer
    assert registrations(store) == []
    assert "commune" in await phone.says("1")
    assert "situation" in await phone.says("Boufarik")
    answer = await walk(phone, "1", "1")
    for word in ("Amel", "Benali", "12/03/1991", "Blida", "Boufarik", "Fibre"):
        assert word.casefold() in answer.casefold()


async def test_a_wrong_date_in_the_one_message_is_said_after_the_consent_and_asked_again(
    phone: Talk,
) -> None:
    answer = await walk(phone, "PREINSC Amel Benali 31/02/1991 Blida fibre", "1")
    assert "n'existe pas" in answer
    assert "naissance" in answer


async def test_one_message_signs_up_a_second_person_on_the_phone(phone: Talk, store: Store) -> None:
    enrol(store)
    text = "PREINSC Karim Haddad 02/03/1988 El Eulma Sétif anem sans diplôme fibre"
    await walk(phone, text, "1", "1")
    assert [row.given_name for row in registrations(store)] == ["Amina", "Karim"]


async def test_one_message_in_an_open_form_fills_what_is_missing(phone: Talk) -> None:
    await walk(phone, "je veux m'inscrire", "1", "14/05/1991")
    answer = await phone.says("PREINSC Amina Benali El Eulma Sétif")
    assert "situation" in answer


async def test_on_a_shared_phone_a_first_name_and_a_birth_year_are_asked_before_anything_is_shown(
    phone: Talk, store: Store
) -> None:
    amina, karim = enrol_two(store)
    answer = await phone.says("MOI")
    assert "Amina" in answer
    assert "Karim" in answer
    for secret in ("Benali", "El Eulma", amina[:4], karim[:4], "1991", "1988"):
        assert secret not in answer
    answer = await phone.says("2")
    assert "Karim" in answer
    assert "Benali" not in answer
    answer = await phone.says("1988")
    assert f"{karim[:4]} {karim[4:]}" in answer
    assert amina[:4] not in answer


async def test_alone_on_the_phone_the_registration_is_shown_at_once(
    phone: Talk, store: Store
) -> None:
    code = enrol(store)
    assert f"{code[:4]} {code[4:]}" in await phone.says("MOI")


@pytest.mark.parametrize("year", ["91", "١٩٩١", "en 1991", "14/05/1991"])
async def test_a_birth_year_is_read_as_people_write_it(
    phone: Talk, store: Store, year: str
) -> None:
    amina, _karim = enrol_two(store)
    assert amina[:4] in await walk(phone, "MOI", "1", year)


async def test_where_only_the_age_is_known_both_years_it_leaves_open_are_right(
    phone: Talk, store: Store, clock: FixedClock
) -> None:
    enrol(store)
    code = enrol(
        store,
        replace(AMINA, given_name="Lina", birth_date=None, age=24, age_on=MONDAY.date()),
        seed=2,
    )
    assert code[:4] not in await walk(phone, "MOI", "2", "1989")
    for year in ("1990", "1991"):
        clock.moment += dt.timedelta(days=1)
        assert code[:4] in await walk(phone, "MOI", "2", year)


async def test_three_wrong_years_are_refused_until_tomorrow(
    phone: Talk, store: Store, clock: FixedClock
) -> None:
    amina, _karim = enrol_two(store)
    answer = await walk(phone, "MOI", "1", "1980", "1981")
    assert "année" in answer
    answer = await phone.says("1982")
    assert "demain" in answer
    assert "demain" in await walk(phone, "MOI", "1")
    assert amina[:4] not in await phone.says("1991")
    clock.moment += dt.timedelta(days=1)
    assert amina[:4] in await walk(phone, "MOI", "1", "1991")


async def test_the_year_told_lasts_for_the_next_step_but_not_for_the_other_person(
    phone: Talk, store: Store, clock: FixedClock
) -> None:
    enrol_two(store)
    assert "Retirer cette inscription" in await walk(phone, "MOI", "1", "1991", "2")
    await phone.says("oui")
    assert [row.status for row in registrations(store)] == ["withdrawn", "active"]


async def test_withdrawing_and_changing_by_words_ask_for_the_year_too(
    phone: Talk, store: Store
) -> None:
    enrol_two(store)
    assert "1988" not in await phone.says("je veux modifier mon inscription")
    assert "Karim" in await phone.says("2")
    assert "02/03/1988" in await phone.says("1988")


async def test_an_old_proof_is_asked_for_again(
    phone: Talk, store: Store, clock: FixedClock
) -> None:
    amina, _karim = enrol_two(store)
    await walk(phone, "MOI", "1", "1991")
    clock.moment += dt.timedelta(hours=2)
    answer = await walk(phone, "MOI", "1")
    assert amina[:4] not in answer
    assert "année" in answer


async def test_a_registration_code_shows_nothing_on_a_shared_phone_without_the_year(
    phone: Talk, store: Store
) -> None:
    amina, _karim = enrol_two(store)
    answer = await phone.says(amina)
    assert "Amina" in answer
    assert "Benali" not in answer


async def test_a_reminder_tells_nobody_where_the_other_person_goes(
    phone: Talk, store: Store
) -> None:
    enrol(store)
    enrol(store, replace(AMINA, given_name="Karim", stop="21"), seed=2)
    answer = await phone.says("RAPPEL")
    assert "Setif" not in answer
    assert "Skikda" not in answer


def sms_written(store: Store) -> list[str]:
    """Return the text of every SMS, sent or waiting."""
    rows = store.run(lambda s: list(s.query(Outbox).filter_by(channel="sms")))
    return ["\n".join(line["text"] for line in row.payload["lines"]) for row in rows]


@pytest.mark.parametrize(("word", "yes"), [("RAPPEL", "oui"), ("تذكير", "نعم")])
async def test_the_reminder_of_every_stop_fits_and_says_how_to_end_it(
    phone: Talk, store: Store, word: str, yes: str
) -> None:
    enrol(store, replace(AMINA, given_name="Abdelrahmane-Noureddine"))
    await phone.says(word)
    await phone.says(yes)
    for stop in FACTS.timetable.tour.stops:
        if stop.certain_days and stop.certain_days.first > MONDAY.date():
            wilaya = FACTS.geography.wilayas[stop.wilaya]
            phone.clock.moment += dt.timedelta(minutes=5)
            await phone.says(f"{word} {wilaya.ar if yes == 'نعم' else wilaya.fr}")
            await phone.says(yes)
    reminders = [text for text in sms_written(store) if "STOP RAPPEL" in text or "إلغاء" in text]
    assert reminders
    assert any("Abdelrahmane" in text for text in reminders)
    for text in reminders:
        assert segments.fits(text), text


async def test_reminders_end_with_the_words_they_tell(phone: Talk, store: Store) -> None:
    enrol(store)
    await walk(phone, "RAPPEL", "oui")
    assert "plus de rappel" in await phone.says("STOP RAPPEL")


async def test_what_a_person_by_sms_is_told_of_the_desk_fits(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    phone = bureau.person(NUMBER)
    await phone.says("je veux parler à quelqu'un")
    await bureau.commands(KARIM, "take 1")
    clock.moment += dt.timedelta(hours=9)
    await phone.says("il y a quelqu'un ?")
    clock.moment += dt.timedelta(days=1)
    await bureau.sweeps()
    await phone.says("votre service est nul")
    await bureau.commands(KARIM, "take 1")
    await bureau.commands(KARIM, "close", thread=bureau.thread(1))
    clock.moment += dt.timedelta(hours=10)
    await phone.says("je veux parler à quelqu'un")
    told = sms_written(store)
    for words in ("vous répondra", "est avec vous", "personne n'y est", "à temps"):
        assert any(words in text for text in told), words
    for text in told:
        assert segments.fits(text), text


async def test_my_data_is_a_short_count_with_names(phone: Talk, store: Store) -> None:
    code = enrol(store)
    answer = await phone.says("DONNEES")
    assert f"Amina {code[:4]} {code[4:]}" in answer
    assert "1 inscription" in answer
    assert all(message.document is None for _to, message in phone.wire.sent)


async def test_my_data_on_a_shared_phone_counts_with_first_names_alone(
    phone: Talk, store: Store
) -> None:
    amina, karim = enrol_two(store)
    answer = await phone.says("DONNEES")
    assert "Amina" in answer
    assert "Karim" in answer
    assert amina[:4] not in answer
    assert karim[:4] not in answer


def _code_in(answer: str) -> str:
    found = re.search(r"code : (\d{4})\b", answer)
    assert found, answer
    return found[1]


def _is_there(phone: Talk) -> bool:
    return phone.store.run(lambda s: s.query(Registration).count()) > 0


async def test_everything_is_erased_with_the_code_that_was_sent(phone: Talk, store: Store) -> None:
    enrol(store)
    code = _code_in(await phone.says("SUPPRIMER"))
    assert _is_there(phone)
    await phone.says(code)
    assert not _is_there(phone)


@pytest.mark.parametrize("words", ["oui", "1", "non", "MENU"])
async def test_nothing_is_erased_without_the_code(phone: Talk, store: Store, words: str) -> None:
    enrol(store)
    await walk(phone, "SUPPRIMER", words)
    assert _is_there(phone)


async def test_after_three_wrong_codes_nothing_is_erased_until_tomorrow(
    phone: Talk, store: Store, clock: FixedClock
) -> None:
    enrol(store)
    code = _code_in(await phone.says("SUPPRIMER"))
    wrong = "1000" if code != "1000" else "1001"
    assert "NON" in await phone.says(wrong)
    assert "NON" in await phone.says(wrong)
    assert "demain" in await phone.says(wrong)
    await phone.says(code)
    assert "demain" in await phone.says("SUPPRIMER")
    assert _is_there(phone)
    clock.moment += dt.timedelta(days=1)
    await phone.says(_code_in(await phone.says("SUPPRIMER")))
    assert not _is_there(phone)


async def test_a_code_counts_only_until_something_else_is_said(phone: Talk, store: Store) -> None:
    enrol(store)
    code = _code_in(await phone.says("SUPPRIMER"))
    await walk(phone, "MENU", code)
    assert _is_there(phone)


async def test_the_choice_to_erase_asks_for_the_code_as_the_word_does(
    phone: Talk, store: Store
) -> None:
    enrol(store)
    answer = await walk(phone, "DONNEES", "1")
    await phone.says(_code_in(answer))
    assert not _is_there(phone)


@pytest.mark.parametrize(
    ("first", "last", "figures"),
    [
        (dt.date(2015, 10, 12), None, "12/10"),
        (dt.date(2015, 10, 12), dt.date(2015, 10, 12), "12/10"),
        (dt.date(2015, 10, 12), dt.date(2015, 10, 15), "12-15/10"),
        (dt.date(2015, 10, 30), dt.date(2015, 11, 2), "30/10-02/11"),
    ],
)
def test_days_in_figures(first: dt.date, last: dt.date | None, figures: str) -> None:
    assert in_figures(first, last) == figures


def test_a_long_value_is_cut_between_words_and_a_short_one_is_left_alone() -> None:
    assert brief.clipped("réparation de téléphones", 14) == "réparation."
    assert brief.clipped("Abderrahmane", 8) == "Abderra."
    assert brief.clipped("Amina", 10) == "Amina"


def test_a_message_keeps_as_much_as_fits() -> None:
    long = "Amina " * 30

    def written(letters: int) -> Text:
        return Text("{name}", {"name": brief.clipped(long, letters)})

    assert len(render(brief.fitting(written), "fr", isolated=False)) > 50
