"""Signing up in the chat: transcripts over real Rasa, the product's facts, and real databases."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest

from actions.store import Store
from actions.tables import Base, Change, Consent, Conversation, Inbox, Subscription
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.signing_up import (
    ALL_OF_AMINA,
    CLERK,
    bare,
    code_in,
    registrations,
    signed_up,
    someone,
)
from tests.talk import Talk

Understand = Callable[[str], Understanding]


@pytest.fixture
def talk(store: Store, understand: Understand, clock: FixedClock) -> Talk:
    return someone(store, understand, clock)


@pytest.fixture
def another(store: Store, understand: Understand, clock: FixedClock) -> Talk:
    """Someone else, on another account."""
    return someone(store, understand, clock, chat="8", seed=2)


def messages(talk: Talk) -> int:
    return talk.store.run(lambda s: s.query(Inbox).count())


def form(talk: Talk) -> dict[str, Any]:
    """Return the form kept for the conversation, empty when there is none."""
    row = talk.store.run(lambda s: s.query(Conversation).filter_by(address=talk.chat).one())
    return row.state.get("form") or {}


def every_text(store: Store) -> str:
    """Return everything the database holds, as one text."""
    with store.engine.connect() as connection:
        rows = [connection.execute(table.select()).all() for table in Base.metadata.sorted_tables]
    return json.dumps([[str(value) for value in row] for r in rows for row in r])


async def at_question(talk: Talk, *answers: str) -> Talk:
    """Open the form, agree, and give the first answers."""
    for words in ("je veux m'inscrire", "oui", *answers):
        await talk.says(words)
    return talk


BIRTH, NAME, PLACE = "14/05/1991", "Amina Benali", "El Eulma, Sétif"


# In how many messages


async def test_ten_messages_sign_someone_up_who_answers_one_question_at_a_time(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME, PLACE)
    await talk.does(kind="contact", text="213661234567", own=True)
    await talk.taps("avec carte ANEM")
    await talk.says("TS en électricité")
    await talk.taps("fibre optique")
    receipt = await talk.taps("Envoyer")
    assert messages(talk) <= 10
    (row,) = registrations(talk.store)
    assert row.code == code_in(receipt)
    assert (row.given_name, row.family_name) == ("Amina", "Benali")
    assert row.birth_date == dt.date(1991, 5, 14)
    assert (row.wilaya, row.commune, row.stop) == ("19", "El Eulma", "19")
    assert (row.phone, row.phone_checked) == ("+213661234567", True)
    assert (row.situation, row.qualification, row.trade) == ("jobless_anem", "ts", "fibre")
    assert row.qualification_trade == "électricité"


async def test_four_messages_sign_someone_up_who_says_it_all_at_once(talk: Talk) -> None:
    receipt = bare(await signed_up(talk))
    assert messages(talk) == 4
    (row,) = registrations(talk.store)
    assert row.code == code_in(receipt)
    assert "Amina" in receipt
    assert "14 octobre" in receipt
    assert "/moi" in receipt
    assert [m.picture.start for _to, m in talk.wire.sent if m.picture] == [f"c_{row.code}"]


async def test_words_alone_in_arabic_sign_someone_up(
    store: Store, understand: Understand, clock: FixedClock
) -> None:
    talk = someone(store, understand, clock, locale="ar")
    for words in ("أريد التسجيل", "نعم", "١٤ ماي ١٩٩١", "عبد القادر بن يوسف", "العلمة، سطيف"):
        await talk.says(words)
    for words in ("٠٦٦١٢٣٤٥٦٧", "بطال", "نعم مسجل", "تقني سامي في الكهرباء", "الألياف البصرية"):
        await talk.says(words)
    receipt = bare(await talk.says("إرسال"))
    assert "عبد القادر" in receipt
    assert "سطيف" in receipt
    (row,) = registrations(store)
    assert (row.given_name, row.family_name) == ("عبد القادر", "بن يوسف")
    assert (row.phone, row.situation, row.qualification) == ("+213661234567", "jobless_anem", "ts")
    assert row.birth_date == dt.date(1991, 5, 14)


async def test_buttons_alone_lead_from_the_list_of_wilayas_to_the_receipt(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    await talk.taps("Choisir dans la liste")
    await talk.taps("Souk Ahras") if "Souk Ahras" in talk.buttons() else await talk.taps("▶")
    while "Sétif" not in talk.buttons():
        await talk.taps("▶" if "Suite ▶" in talk.buttons() else "◀")
    await talk.taps("Sétif")
    await talk.taps("El Eulma")
    await talk.does(kind="contact", text="213661234567", own=True)
    await talk.taps("sans carte ANEM")
    await talk.taps("Savoir-faire")
    await talk.taps("Passer")
    await talk.taps("génie civil")
    await talk.taps("Envoyer")
    (row,) = registrations(talk.store)
    assert (row.situation, row.qualification, row.trade) == ("jobless", "know_how", "civil_works")


# Consent and age


async def test_nothing_said_before_the_consent_is_kept_and_all_of_it_counts_after(
    talk: Talk,
) -> None:
    await talk.says("inscrivez-moi svp, je suis de Batna, au chômage, j'ai 27 ans")
    kept = set(form(talk)["slots"])
    assert kept <= {"stop_day"}
    await talk.taps("J'accepte")
    slots = form(talk)["slots"]
    assert slots["wilaya"] == "05"
    assert slots["born"] == 27


async def test_a_refusal_keeps_nothing_and_every_question_is_still_answered(talk: Talk) -> None:
    await talk.says("je veux m'inscrire")
    await talk.taps("Non")
    assert form(talk) == {}
    assert talk.store.run(lambda s: s.query(Consent).count()) == 0
    assert "19" in await talk.says("c'est quoi les conditions ?")


async def test_the_notice_says_who_why_how_long_and_the_rights(talk: Talk) -> None:
    notice = bare(await talk.says("je veux m'inscrire"))
    for words in ("Algérie Télécom", "Telegram", "12 mois", "/mesdonnees", "/supprimer", "/moi"):
        assert words in notice
    await talk.says("oui")
    (consent,) = talk.store.run(lambda s: s.query(Consent).all())
    assert consent.version
    assert consent.given_at == talk.clock.now()


async def test_a_minor_is_told_before_anything_is_asked(talk: Talk) -> None:
    told = await talk.says("je veux m'inscrire j'ai 16 ans")
    assert "19" in told
    assert form(talk) == {}


@pytest.mark.parametrize("born", ["14/05/1999", "16 ans"])
async def test_a_minor_found_out_in_the_form_leaves_nothing_behind(talk: Talk, born: str) -> None:
    talk.clock.moment = talk.clock.moment.replace(year=2015)
    await at_question(talk)
    told = await talk.says(born)
    assert "19" in told
    assert form(talk) == {}
    assert talk.store.run(lambda s: s.query(Consent).count()) == 0


@pytest.mark.parametrize(
    ("born", "word"), [("18 ans", "19"), ("14/05/1970", "CNAC"), ("j'ai 38 ans", "gérant")]
)
async def test_an_age_outside_the_rules_is_told_what_is_open_and_may_leave_an_interest(
    talk: Talk, born: str, word: str
) -> None:
    await at_question(talk)
    told = await talk.says(born)
    assert word in told
    assert "nom" in told
    assert form(talk)


async def test_someone_no_scheme_is_for_is_told_so_and_nothing_is_kept(talk: Talk) -> None:
    await at_question(talk)
    await talk.says("j'ai 63 ans")
    assert form(talk) == {}


# Wrong answers: each its own kind sentence, and the form stands where it stood


@pytest.mark.parametrize(
    ("before", "wrong", "word"),
    [
        ((), "31/02/1995", "n'existe pas"),
        ((), "12/03/1890", "trop loin"),
        ((), "1890", "trop loin"),
        ((), "demain", "pas encore"),
        ((), "01/01/2031", "pas encore"),
        ((), "j'ai 200 ans", "trop loin"),
        ((), "1995", "le mois"),
        ((BIRTH,), "A", "Une lettre"),
        ((BIRTH,), "Mohamed " * 25, "trop long"),
        ((BIRTH,), "Amina 123", "chiffre"),
        ((BIRTH, NAME), "wilaya 99", "99"),
        ((BIRTH, NAME, PLACE), "025 41 23 45", "ligne fixe"),
        ((BIRTH, NAME, PLACE), "+33 6 12 34 56 78", "algérien"),
        ((BIRTH, NAME, PLACE), "12345", "mobile"),
    ],
)
async def test_a_wrong_answer_is_explained_and_the_question_stands(
    talk: Talk, before: tuple[str, ...], wrong: str, word: str
) -> None:
    await at_question(talk, *before)
    asked = form(talk)["asking"]
    slots = form(talk)["slots"]
    assert word in await talk.says(wrong)
    assert form(talk)["asking"] == asked
    assert form(talk)["slots"] == slots


@pytest.mark.parametrize(
    "place", [(38.5, 4.0), (48.85, 2.35), (0.0, 0.0)], ids=["sea", "Paris", "null island"]
)
async def test_a_place_outside_the_country_is_said_to_be_so(
    talk: Talk, place: tuple[float, float]
) -> None:
    await at_question(talk, BIRTH, NAME)
    told = await talk.does(kind="location", latitude=place[0], longitude=place[1])
    assert "pas en Algérie" in told
    assert "wilaya" not in form(talk)["slots"]


async def test_a_shared_place_answers_where_one_lives(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    await talk.does(kind="location", latitude=36.15, longitude=5.69)
    assert form(talk)["slots"]["wilaya"] == "19"
    assert form(talk)["slots"]["commune"]


async def test_somebody_elses_card_is_not_ones_number(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME, PLACE)
    assert "autre personne" in await talk.does(kind="contact", text="213661234567", own=False)
    assert "phone" not in form(talk)["slots"]


async def test_a_photo_instead_of_a_name_gets_a_kind_word_and_the_question_again(
    talk: Talk,
) -> None:
    await at_question(talk, BIRTH)
    told = await talk.does(kind="unsupported")
    assert "texte" in told
    assert "nom" in told


async def test_marks_that_turn_text_around_do_not_get_into_a_name(talk: Talk) -> None:
    await at_question(talk, BIRTH, "\u202eAmina\u202c Benali\u200f")
    assert form(talk)["slots"]["given_name"] == "Amina"
    assert form(talk)["slots"]["family_name"] == "Benali"


async def test_after_three_wrong_answers_a_person_is_offered(talk: Talk) -> None:
    await at_question(talk)
    told = [await talk.says("31/02/1995") for _n in range(3)]
    assert "personne" not in told[1]
    assert "personne" in told[2]


# Moving about in the form


async def test_back_goes_back_one_question_by_word_and_by_button(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    assert "nom" in await talk.says("retour")
    await talk.says("Amina Benali")
    assert "nom" in await talk.taps("Retour")
    assert "naissance" in await talk.says("رجوع")


@pytest.mark.parametrize(
    ("words", "asking"),
    [
        ("change ma wilaya", "wilaya"),
        ("baddel l'âge", "born"),
        ("صحح الاسم", "given_name"),
        ("je me suis trompé de numéro", "phone"),
        ("nbeddel el projet", "trade"),
    ],
)
async def test_any_field_is_corrected_by_its_name(talk: Talk, words: str, asking: str) -> None:
    await at_question(talk, ALL_OF_AMINA)
    await talk.says(words)
    assert form(talk)["asking"] == asking


async def test_a_correction_with_its_value_is_taken_at_once(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    told = bare(await talk.says("change mon téléphone : 0771 11 22 33"))
    assert "0771 11 22 33" in told
    assert form(talk)["slots"]["phone"] == "+213771112233"


async def test_back_from_a_correction_keeps_what_was_there(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    await talk.taps("✏ Adresse")
    summary = await talk.taps("Retour")
    assert "El Eulma" in summary
    assert form(talk)["stage"] == "summary"


async def test_another_wilaya_takes_its_own_stop_with_it(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    await talk.says("change ma wilaya")
    summary = await talk.says("Batna ville, Batna")
    assert form(talk)["slots"]["stop"] == "05"
    assert "14 octobre" not in summary


async def test_every_step_has_a_button_that_corrects_it(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    changes = [label for label in talk.buttons() if label.startswith("✏")]
    for label in changes:
        await talk.taps(label)
        assert form(talk)["stage"] == "asking", label
        await talk.says(ALL_OF_AMINA)
        assert form(talk)["stage"] == "summary", label
    assert len(changes) == 8


async def test_a_question_in_the_middle_never_loses_the_form(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME, PLACE)
    told = await talk.says("quels papiers pour le dossier ?")
    assert "identité" in told
    assert "mobile" in told
    assert form(talk)["asking"] == "phone"


async def test_another_form_in_the_middle_gives_the_first_one_back(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    await talk.says("est-ce que j'ai le droit d'en profiter ?")
    assert form(talk)["name"] == "eligibility"
    await talk.says("stop")
    told = await talk.says("oui")
    assert form(talk)["name"] == "registration"
    assert "question 3" in bare(told)
    await talk.says("oui")
    assert form(talk)["asking"] == "wilaya"


async def test_days_later_it_says_where_it_stood_and_goes_on_after_a_yes(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    talk.clock.moment += dt.timedelta(days=3)
    assert "question 3" in bare(await talk.says("salam"))
    assert "habitez" in await talk.says("oui")


async def test_days_later_an_answer_is_still_an_answer(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    talk.clock.moment += dt.timedelta(days=3)
    await talk.says("El Eulma, Sétif")
    assert form(talk)["slots"]["wilaya"] == "19"


async def test_the_menu_lets_the_form_wait(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME)
    await talk.says("menu")
    assert "question 3" in bare(await talk.says("bonjour"))
    assert "habitez" in await talk.says("continuer")


async def test_stopping_asks_once_and_a_double_tap_on_it_does_not_stop(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    button = talk.button("Arrêter")
    await talk.does(kind="button", text=button)
    await talk.does(kind="button", text=button)
    assert form(talk)
    await talk.says("annuler")
    await talk.taps("Oui, arrêter")
    assert form(talk) == {}
    assert registrations(talk.store) == []


async def test_a_name_in_arabic_letters_does_not_change_the_language(talk: Talk) -> None:
    await at_question(talk, BIRTH)
    assert "habitez" in await talk.says("عبد القادر بن يوسف")


async def test_what_the_eligibility_check_learned_is_not_asked_again(talk: Talk) -> None:
    await talk.says("j'ai 27 ans et un CAP, je suis au chômage, j'ai le droit ?")
    for answer in ("oui", "non", "non"):
        await talk.says(answer)
    await talk.says("je veux m'inscrire")
    await talk.says("oui")
    slots = form(talk)["slots"]
    assert slots["born"] == 27
    assert slots["situation"] == "jobless_anem"
    await at_question(talk, NAME, PLACE, "0661234567", "TS en électricité")
    assert "naissance" in await talk.says("fibre optique")
    assert "naissance" in await talk.says("27 ans")
    await talk.says("14/05/1988")
    await talk.taps("Envoyer")
    (row,) = registrations(talk.store)
    assert row.birth_date == dt.date(1988, 5, 14)


async def test_the_wilaya_spoken_of_is_offered(talk: Talk) -> None:
    await talk.says("c'est quand à Sétif ?")
    await at_question(talk, BIRTH, NAME)
    assert "Sétif" in talk.buttons()


# Sending: one registration, one code


async def test_sending_twice_gives_one_registration_and_the_same_code(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    button = talk.button("Envoyer")
    receipt = await talk.does(kind="button", text=button)
    again = await talk.does(kind="button", text=button)
    assert code_in(again) == code_in(receipt)
    assert len(registrations(talk.store)) == 1


async def test_signing_up_again_says_who_is_there_already(talk: Talk) -> None:
    await signed_up(talk)
    assert "Amina" in await talk.says("je veux m'inscrire")
    assert len(registrations(talk.store)) == 1


async def test_two_people_may_share_one_phone(talk: Talk) -> None:
    await signed_up(talk)
    await talk.says("je veux m'inscrire")
    await talk.taps("une autre personne")
    await talk.says("oui")
    await talk.says(ALL_OF_AMINA.replace("Amina", "Karim").replace("1991", "1989"))
    await talk.taps("Envoyer")
    assert [r.given_name for r in registrations(talk.store)] == ["Amina", "Karim"]


async def test_the_same_person_on_another_account_is_recognised_by_the_code(
    talk: Talk, another: Talk
) -> None:
    code = code_in(await signed_up(talk))
    asked = await signed_up(another, ALL_OF_AMINA.replace("Amina", "Amna"))
    assert "Amina" not in asked
    assert code[:4] not in asked
    await another.taps("Oui")
    assert "code" in await another.says("12345678")
    receipt = await another.says(f"{code[:4]} {code[4:]}")
    assert code_in(receipt) == code
    (row,) = registrations(talk.store)
    assert row.given_name == "Amna"
    assert "pas" in await talk.commands("moi")


async def test_someone_else_with_the_same_phone_and_day_is_let_in_and_marked(
    talk: Talk, another: Talk
) -> None:
    await signed_up(talk)
    await signed_up(another, ALL_OF_AMINA.replace("Amina", "Nadia"))
    await another.taps("Non")
    first, second = registrations(talk.store)
    assert second.twin_of == first.id
    assert first.code != second.code


async def test_a_number_that_telegram_vouches_for_needs_no_code(talk: Talk, another: Talk) -> None:
    code = code_in(await signed_up(talk))
    await at_question(another, ALL_OF_AMINA.replace("0661 23 45 67, ", ""))
    await another.does(kind="contact", text="213661234567", own=True)
    await another.taps("Envoyer")
    assert code_in(await another.taps("Oui")) == code


# Afterwards


async def test_one_sees_changes_and_withdraws_ones_registration(talk: Talk) -> None:
    code = code_in(await signed_up(talk))
    assert code_in(await talk.commands("moi")) == code
    assert code_in(await talk.says("où en est mon inscription ?")) == code
    await talk.says("je veux changer mon numéro de téléphone")
    await talk.says("0771 11 22 33")
    await talk.taps("Envoyer")
    (row,) = registrations(talk.store)
    assert row.phone == "+213771112233"
    await talk.commands("moi")
    await talk.taps("Retirer")
    await talk.says("oui")
    (row,) = registrations(talk.store)
    assert row.status == "withdrawn"
    done = [(c.who, c.what) for c in talk.store.run(lambda s: s.query(Change).all())]
    assert ("person", "registered") in done
    assert ("person", "phone") in done
    assert ("person", "withdrawn") in done
    assert talk.store.run(lambda s: s.query(Consent).one()).withdrawn_at


async def test_a_clerk_scans_the_code_and_nobody_else_learns_anything(
    store: Store, understand: Understand, clock: FixedClock, talk: Talk, another: Talk
) -> None:
    code = code_in(await signed_up(talk))
    assert "Amina" not in await another.commands("start", f"c_{code}")
    clerk = someone(store, understand, clock, chat=CLERK)
    assert "Amina Benali" in bare(await clerk.commands("start", f"c_{code}"))
    button = clerk.button("✅")
    assert "Amina" in await clerk.does(kind="button", text=button)
    assert "déjà" in await clerk.does(kind="button", text=button)
    assert "Amina" not in await another.does(kind="button", text=button)
    (row,) = registrations(store)
    assert row.checked_in_at
    assert "5 octobre" in bare(await talk.commands("moi"))


# Reminders


async def test_a_reminder_is_a_separate_yes(talk: Talk) -> None:
    await signed_up(talk)
    assert talk.store.run(lambda s: s.query(Subscription).count()) == 0
    assert "18:00" in bare(await talk.says("oui"))
    (wish,) = talk.store.run(lambda s: s.query(Subscription).all())
    assert wish.wilaya == "19"
    await talk.taps("Arrêter les rappels")
    assert talk.store.run(lambda s: s.query(Subscription).one()).ended_at


async def test_a_wilaya_is_enough_for_a_reminder(talk: Talk) -> None:
    await talk.says("rappelle-moi avant le passage de la caravane")
    await talk.says("Sétif")
    assert "13 octobre" in bare(await talk.says("oui"))


# One's own data


async def test_everything_held_is_shown_and_handed_over(talk: Talk) -> None:
    await signed_up(talk)
    await talk.commands("mesdonnees")
    documents = {
        m.document.name.rpartition(".")[2]: m.document.content
        for _to, m in talk.wire.sent
        if m.document
    }
    held = json.loads(documents["json"])
    (registration,) = held["registrations"]
    assert registration["family_name"] == "Benali"
    assert registration["history"]
    assert held["consents"][0]["version"]
    assert any("0661 23 45 67" in m["text"] for m in held["messages_received"])
    assert "Benali" in documents["html"]


async def test_erasing_takes_one_yes_and_leaves_only_counts(talk: Talk, another: Talk) -> None:
    await signed_up(another, ALL_OF_AMINA.replace("Amina", "Nadia").replace("1991", "1990"))
    await signed_up(talk)
    await talk.says("oui")
    await talk.commands("supprimer")
    assert "effacé" in await talk.says("oui")
    talk.sweep()
    left = every_text(talk.store)
    assert "Amina" not in left
    assert "telegram:7" not in left
    assert "Nadia" in left
    assert "registered" in left
    assert "Bonjour" in await talk.commands("start")


async def test_no_to_erasing_erases_nothing(talk: Talk) -> None:
    await signed_up(talk)
    await talk.says("supprimez mes données svp")
    await talk.taps("Tout effacer")
    await talk.says("non")
    assert len(registrations(talk.store)) == 1


@pytest.mark.parametrize("number", ["109910190123450017", "1099 1019 0123 4500 17"])
async def test_an_identity_number_is_hidden_before_it_is_stored(talk: Talk, number: str) -> None:
    await talk.says(f"mon NIN c'est {number} merci")
    assert number not in every_text(talk.store)
    assert "mon NIN" in every_text(talk.store)


# What a second reading and a try-out found


async def test_a_place_named_in_a_question_does_not_move_ones_home(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME, PLACE)
    told = await talk.says("وقتاش تجي القافلة لباتنة")
    assert "باتنة" in told
    assert form(talk)["slots"]["wilaya"] == "19"


async def test_the_stop_in_words_does_not_move_ones_home(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    await talk.taps("✏ Étape")
    await talk.says("Bordj Bou Arréridj")
    assert form(talk)["slots"]["wilaya"] == "19"


async def test_a_bare_age_is_no_wilaya(talk: Talk) -> None:
    await at_question(talk)
    assert "nom" in await talk.says("24")
    assert "wilaya" not in form(talk)["slots"]


async def test_a_name_that_is_also_a_place_or_a_greeting_is_a_name(talk: Talk) -> None:
    await at_question(talk, BIRTH)
    await talk.says("Karima Wahrani")
    slots = form(talk)["slots"]
    assert (slots["given_name"], slots["family_name"]) == ("Karima", "Wahrani")
    assert "wilaya" not in slots


@pytest.mark.parametrize("words", ["pourquoi", "je sais pas", "c'est quoi"])
async def test_only_a_yes_is_a_consent(talk: Talk, words: str) -> None:
    await talk.says("je veux m'inscrire")
    await talk.says(words)
    assert "consent" not in form(talk)["slots"]


async def test_an_edited_number_is_no_longer_vouched_for(talk: Talk) -> None:
    await at_question(talk, BIRTH, NAME, PLACE)
    await talk.says("0661 23 45 67", reference="70")
    await talk.says("change mon téléphone")
    await talk.does(kind="contact", text="213770112233", own=True)
    await talk.does(kind="edit", text="0550 00 00 00", reference="70")
    assert form(talk)["slots"]["phone"] == "+213770112233"


async def test_signing_up_a_twin_in_the_same_chat_asks_first(talk: Talk) -> None:
    await signed_up(talk)
    await talk.says("je veux m'inscrire")
    await talk.taps("une autre personne")
    await talk.says("oui")
    await talk.says(ALL_OF_AMINA.replace("Amina", "Samir"))
    await talk.taps("Envoyer")
    await talk.taps("Non")
    assert [r.given_name for r in registrations(talk.store)] == ["Amina", "Samir"]


async def test_changing_one_registration_does_not_swallow_another_ones_answers(
    talk: Talk,
) -> None:
    await signed_up(talk)
    await talk.commands("moi")
    await talk.taps("Modifier")
    await talk.commands("moi")
    await talk.taps("Inscrire une autre personne")
    await talk.says("oui")
    await talk.says(ALL_OF_AMINA.replace("Amina", "Samir").replace("1991", "1989"))
    await talk.taps("Envoyer")
    assert [r.given_name for r in registrations(talk.store)] == ["Amina", "Samir"]


async def test_codes_can_not_be_guessed(talk: Talk, another: Talk) -> None:
    code = code_in(await signed_up(talk))
    await signed_up(another)
    await another.taps("Oui")
    for wrong in ("11111111", "22222222", "33333333"):
        await another.says(wrong)
    assert len(registrations(talk.store)) == 2
    third = await signed_up_again(another)
    assert code not in third
    assert len({r.code for r in registrations(talk.store)}) == 3


async def signed_up_again(talk: Talk) -> str:
    await talk.says("je veux m'inscrire")
    await talk.taps("Inscrire une autre personne")
    await talk.says("oui")
    await talk.says(ALL_OF_AMINA)
    await talk.taps("Envoyer")
    return await talk.taps("Non")


async def test_a_question_at_the_code_is_answered_and_is_no_wrong_code(
    talk: Talk, another: Talk
) -> None:
    await signed_up(talk)
    await signed_up(another)
    await another.taps("Oui")
    for _n in range(3):
        await another.says("quels papiers pour le dossier ?")
    assert len(registrations(talk.store)) == 1


async def test_a_stop_that_passed_meanwhile_is_asked_for_again(talk: Talk) -> None:
    await at_question(talk, ALL_OF_AMINA)
    talk.clock.moment += dt.timedelta(days=14)
    await talk.says("continuer")
    told = await talk.taps("Envoyer")
    assert "passée" in told
    assert registrations(talk.store) == []


async def test_a_refused_consent_leaves_nothing_of_an_earlier_check(talk: Talk) -> None:
    await talk.says("j'ai 27 ans et un CAP, je suis au chômage, j'ai le droit ?")
    for answer in ("oui", "non", "non"):
        await talk.says(answer)
    await talk.says("je veux m'inscrire")
    await talk.says("non")
    row = talk.store.run(lambda s: s.query(Conversation).one())
    assert row.state["said"] == {}


async def test_stopping_takes_the_consent_back(talk: Talk) -> None:
    await at_question(talk, BIRTH)
    await talk.says("stop")
    await talk.says("oui")
    assert talk.store.run(lambda s: s.query(Consent).count()) == 0


async def test_what_a_minor_wrote_is_not_kept(talk: Talk) -> None:
    await at_question(talk, "Amina Benali, El Eulma Sétif, 0661 23 45 67")
    await talk.says("14/05/2000")
    left = every_text(talk.store)
    assert "Benali" not in left
    assert "0661" not in left


async def test_handing_the_data_over_twice_does_not_hand_over_the_first_answer(
    talk: Talk,
) -> None:
    await signed_up(talk)
    await talk.commands("mesdonnees")
    await talk.commands("mesdonnees")
    sizes = [len(m.document.content) for _to, m in talk.wire.sent if m.document]
    assert sizes[-1] < 1.5 * sizes[1]


async def test_a_clerks_chat_forgets_who_was_erased(
    store: Store, understand: Understand, clock: FixedClock, talk: Talk
) -> None:
    code = code_in(await signed_up(talk))
    clerk = someone(store, understand, clock, chat=CLERK)
    await clerk.commands("start", f"c_{code}")
    await talk.commands("supprimer")
    await talk.says("oui")
    talk.sweep()
    assert "Benali" not in every_text(store)


async def test_stop_ends_the_reminders_where_there_is_no_form(talk: Talk) -> None:
    await signed_up(talk)
    await talk.says("oui")
    assert "plus de rappel" in await talk.says("stop")
    assert talk.store.run(lambda s: s.query(Subscription).one()).ended_at


async def test_a_value_the_database_can_not_hold_blocks_nobody(talk: Talk) -> None:
    await signed_up(talk)
    await talk.says("oui")
    await talk.does(kind="button", text=f"remind:end:{'9' * 30}")
    assert await talk.commands("menu")


async def test_ones_own_code_shows_ones_registration(talk: Talk) -> None:
    code = code_in(await signed_up(talk))
    assert "Amina" in await talk.says(f"{code[:4]} {code[4:]}")
    assert "Amina" in await talk.commands("start", f"c_{code}")


async def test_a_forged_button_sends_nothing(talk: Talk) -> None:
    await at_question(talk, BIRTH)
    number = talk.store.run(lambda s: s.query(Conversation).one().state["number"])
    await talk.does(kind="button", text=f"form:registration:summary:{number}:send")
    await talk.does(kind="button", text=f"form:registration:double:{number}:me")
    assert registrations(talk.store) == []
    assert form(talk)["asking"] == "given_name"
