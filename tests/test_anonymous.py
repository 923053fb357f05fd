"""What is kept of a message that was not understood: a sentence, and nobody in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.anonymous import anonymous
from actions.digits import latin_digits

ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("appelez moi au 0661 23 45 67 svp", "appelez moi au numéro svp"),
        ("appelez moi au ٠٦٦١٢٣٤٥٦٧ svp", "appelez moi au numéro svp"),
        ("رقمي 0661-23-45-67 كلموني", "رقمي الرقم كلموني"),
        ("le fixe 021 63 45 12 ne répond pas", "le fixe numéro ne répond pas"),
        ("mon 00213 661 23 45 67 ou +33 6 12 34 56 78", "mon numéro ou numéro"),
        ("écrivez à karim.b@gmail.com merci", "écrivez à adresse mail merci"),
        ("demandez à @karim_dz il sait", "demandez à untel il sait"),
        ("regardez https://t.me/abc?x=1 svp", "regardez lien svp"),
        ("voir www.ansej.org.dz", "voir lien"),
        ("je suis né le 12/03/1990 à Sétif", "je suis né le tel jour à Sétif"),
        ("né le 12 mars 1990, trop vieux ?", "né le tel jour, trop vieux ?"),
        ("ولدت في 12 مارس 1990 بالجزائر", "ولدت في يوم كذا بالجزائر"),
        ("mon code 1234 5678 ne marche pas", "mon code numéro ne marche pas"),
        ("NIN ▮▮▮ c bon ?", "NIN numéro c bon ?"),
        ("je m'appelle karim benali et je veux venir", "je m'appelle untel et je veux venir"),
        ("jmappelle Mohamed Amine Ould Kaci je cherche", "jmappelle untel je cherche"),
        ("mon nom c'est B. Karim", "mon nom c'est untel"),
        ("اسمي كريم بن علي وأريد التسجيل", "اسمي فلان وأريد التسجيل"),
        ("smiti 3abdelkader w n7ab nsejel", "smiti untel w n7ab nsejel"),
        ("ana karim men blida", "ana untel men blida"),
        ("أنا محمد بن صالح من البليدة", "أنا فلان من البليدة"),
        ("Monsieur Bensaid m'a dit de revenir", "Monsieur untel m'a dit de revenir"),
        ("Où est le bureau ? Cordialement, Nadia Haddad", "Où est le bureau ? Cordialement, untel"),
    ],
)
def test_what_tells_who_someone_is_becomes_a_neutral_word(text: str, kept: str) -> None:
    assert anonymous(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "je peux avoir 10 000 000 da ou 5000000 dinars ?",
        "un projet de 1500000 c'est possible ?",
        "c'est quoi la convention de 2014-2015 ?",
        "j'ai 25 ans et 2 enfants, je suis chômeur depuis 2012",
        "ana n7ab nsejel",
        "أنا بطال واش نقدر نسجل",
        "j'ai signé un contrat avec le décret 03-290",
        "c'est samedi ou dimanche à 8h30 ?",
    ],
)
def test_an_ordinary_question_stays_as_it_is(text: str) -> None:
    assert anonymous(text) == text


@pytest.mark.parametrize(
    "text", ["0661234567", "karim@gmail.com 12/03/1990", "@karim", "▮▮▮ ?", ""]
)
def test_nothing_is_kept_of_a_message_that_is_nothing_else(text: str) -> None:
    assert anonymous(text) == ""


numbers = st.from_regex(r"0[567]\d( ?\d\d){3,3} ?\d", fullmatch=True)


@given(
    numbers,
    st.sampled_from(["appelez le {} demain", "{} c'est moi", "كلموني {} شكرا", "numéro {}, merci"]),
    st.booleans(),
)
def test_no_phone_number_survives(number: str, frame: str, arabic: bool) -> None:
    written = number.translate(ARABIC_DIGITS) if arabic else number
    assert not re.search(r"\d", anonymous(frame.format(written)))


@given(st.text(max_size=300))
def test_any_text_at_all_becomes_one_line_without_long_numbers(text: str) -> None:
    kept = anonymous(text)
    assert len(kept.splitlines()) <= 1
    assert not re.search(r"0\d{8}", latin_digits(kept))
    assert "@" not in kept or not re.search(r"(?<!\w)@\w", kept)
