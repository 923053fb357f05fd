"""Signing up as its users meet it: the real command, real Rasa, the simulator's phones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import Phone, Product
from tests.signing_up import ALL_OF_AMINA, bare, code_in

#: The second person that every simulator begins with.
CLERK = 7_000_000_002


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    with Product(folder, CARAVANE_CLERKS=str(CLERK)) as running:
        running.rasa_is_ready()
        yield running


def signed_up(phone: Phone, facts: str = ALL_OF_AMINA) -> str:
    """Sign someone up in four messages; return the code."""
    phone.says("je veux m'inscrire", until="d'accord")
    phone.taps("J'accepte")
    phone.says(facts, until="juste")
    return code_in(bare(phone.taps("Envoyer")))


def test_with_buttons_and_a_shared_number_in_french(product: Product) -> None:
    phone = Phone.new(product)
    phone.says("/start")
    phone.taps("Français")
    phone.taps("M'inscrire")
    phone.taps("J'accepte")
    phone.says("14/05/1991", until="nom")
    phone.says("Karim Haddad", until="habitez")
    phone.says("El Eulma, Sétif", until="mobile")
    phone.do("contact", until="situation")
    phone.taps("avec carte ANEM")
    phone.taps("Savoir-faire")
    phone.taps("Passer")
    phone.taps("fibre optique")
    receipt = bare(phone.taps("Envoyer"))
    code = code_in(receipt)
    assert "Karim" in receipt
    assert code in bare(phone.waits_for("stand")).replace(" ", "")
    assert any("photo" in message for message in phone.messages())


def test_with_words_alone_in_arabic(product: Product) -> None:
    phone = Phone.new(product, "ar")
    phone.says("أريد التسجيل", until="توافق")
    phone.says("نعم", until="ميلادك")
    phone.says("٣ مارس ١٩٩٢", until="اسمك")
    phone.says("نور الهدى بوعلام", until="تسكن")
    phone.says("العلمة ولاية سطيف", until="هاتفك")
    phone.says("0771223344", until="وضعيتك")
    phone.says("بطالة ومسجلة في لانام", until="شهادتك")
    phone.says("ليسانس في الإعلام الآلي", until="مؤسستك")
    phone.says("الألياف البصرية", until="صحيح")
    receipt = bare(phone.says("إرسال", until="نور الهدى"))
    assert re.search(r"\d{4} \d{4}", receipt)
    assert "14 أكتوبر" in receipt


def test_a_reminder_comes_the_evening_before_and_one_tap_ends_it(product: Product) -> None:
    phone = Phone.new(product)
    code = signed_up(phone, ALL_OF_AMINA.replace("1991", "1993"))
    try:
        phone.waits_for("prévienne")
        assert "18:00" in bare(phone.taps("Oui, "))
        phone.clock("2015-10-13T18:00")
        reminder = bare(phone.waits_for("Rappel"))
        assert "14 octobre" in reminder
        assert code_in(reminder) == code
        phone.taps("Arrêter les rappels")
    finally:
        phone.clock("2015-10-05T09:00")


def test_a_clerk_who_scans_the_code_learns_who_it_is(product: Product) -> None:
    phone, clerk = Phone.new(product), Phone(product, CLERK)
    code = signed_up(phone, ALL_OF_AMINA.replace("1991", "1994"))
    assert "Benali" in clerk.says(f"/start c_{code}", until="Benali")
    assert "Amina" in clerk.taps("✅")
    assert clerk.says(f"/checkin {code}", until="من قبل")
    assert "Benali" not in Phone.new(product).says(f"/start c_{code}")


def test_changed_withdrawn_and_erased(product: Product) -> None:
    phone = Phone.new(product)
    signed_up(phone, ALL_OF_AMINA.replace("1991", "1995"))
    phone.says("change mon numéro : 0771 55 66 77", until="0771 55 66 77")
    phone.taps("Envoyer", until="modifi")
    phone.says("/moi", until="Votre inscription")
    phone.taps("Retirer", until="?")
    phone.taps("Oui, la retirer", until="/supprimer")
    assert "pas" in phone.says("/moi")
    phone.says("/mesdonnees")
    phone.waits_for("JSON")
    assert sum("document" in message for message in phone.messages()) == 2
    phone.says("/supprimer", until="?")
    assert "effacé" in phone.taps("Oui, tout effacer", until="effacé")


def test_killed_in_the_middle_it_goes_on_and_signs_up_once(tmp_path: Path) -> None:
    with Product(tmp_path) as product:
        product.rasa_is_ready()
        phone = Phone.new(product)
        phone.says("je veux m'inscrire", until="d'accord")
        phone.taps("J'accepte")
        phone.says("14/05/1991", until="nom")
        product.kill()
        product.start()
        product.rasa_is_ready()
        phone = Phone(product, phone.chat)
        phone.says("Amina Benali", until="habitez")
        phone.says(ALL_OF_AMINA, until="juste")
        code = code_in(bare(phone.taps("Envoyer")))
        product.kill()
        product.start()
        phone = Phone(product, phone.chat)
        assert code_in(bare(phone.says("/moi", until="code"))) == code
