"""The product as its users meet it: the real command, real Rasa, the simulator's phones."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.product import HOUSE, Phone, Product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("product")) as running:
        running.rasa_is_ready()
        yield running


def plain(text: str) -> str:
    """Return an answer without the marks that isolate directions, and with plain spaces."""
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", text).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Bonjour, c'est quoi cette caravane ?", ["caravane", "Algérie Télécom"]),
        ("slt c koi les condition pr ansej", ["19", "35", "ANEM"]),
        ("متى تصل القافلة إلى باتنة؟", ["باتنة"]),
        ("وقتاش تجي القافلة لسطيف", ["سطيف", "14 أكتوبر"]),
        ("wa9tach tji l9afila l bba", ["Bordj Bou Arréridj"]),
        ("j'ai 37 ans et 2 ans d'expérience en soudure, j'ai le droit ?", ["Question"]),
        ("عندي 22 سنة وماعنديش ديبلوم نقدر نستافد؟", ["السؤال"]),
        ("chhal lazem n7ott apport", ["1 %", "2 %"]),
        ("quels papiers pour le dossier", ["identité", "annexe"]),
        ("كيفاش نسجل", ["القافلة"]),
        ("visa pour la France", ["caravane"]),
    ],
)
def test_the_questions_people_ask(product: Product, question: str, answer: list[str]) -> None:
    heard = plain(Phone.new(product).says(question))
    for words in answer:
        assert words in heard


def test_a_follow_up_that_only_names_a_wilaya(product: Product) -> None:
    phone = Phone.new(product, "ar")
    assert "باتنة" in plain(phone.says("متى تصل القافلة إلى باتنة؟"))
    assert "Tiaret" in plain(phone.says("et à Tiaret ?"))


def test_the_eligibility_check_to_its_end_in_words(product: Product) -> None:
    phone = Phone.new(product)
    first = phone.says("j'ai 37 ans et 2 ans d'expérience en soudure, j'ai le droit ?")
    assert "âge" not in first.split("Question")[1]
    phone.says("non")
    phone.says("oui")
    phone.says("non")
    phone.says("non jamais")
    outcome = plain(phone.says("oui"))
    assert "37 ans" in outcome
    assert "CNAC" in outcome
    assert "agence qui décide" in outcome


def test_a_phone_in_arabic_is_welcomed_in_both_languages(product: Product) -> None:
    phone = Phone.new(product, "ar")
    welcome = plain(phone.says("/start"))
    assert "assistant automatique" in welcome
    assert "مساعد آلي" in welcome
    assert "العربية" in plain(phone.taps("العربية"))


def test_a_shared_location_finds_the_nearest_stop(product: Product) -> None:
    phone = Phone.new(product)
    assert "km" in phone.do("location", latitude=36.15, longitude=5.69)


@pytest.mark.parametrize("kind", ["sticker", "voice", "photo"])
def test_what_is_not_text_gets_a_kind_word(product: Product, kind: str) -> None:
    assert "texte" in Phone.new(product).do("other", kind=kind)


@pytest.mark.parametrize(
    "text", ["x" * 4096, "😀" * 50, "\u202eسلام abc \u200f12", "؟؟؟", "a\u0000b\u0007"]
)
def test_strange_messages_are_answered_and_the_next_one_too(product: Product, text: str) -> None:
    phone = Phone.new(product)
    assert phone.says(text)
    assert "1" in phone.says("chhal lazem n7ott apport")


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 429, "seconds": 1},
        {"error_code": 500},
        {"kind": "hang_up"},
    ],
)
def test_an_answer_that_telegram_did_not_take_comes_later(
    product: Product, fault: dict[str, Any]
) -> None:
    phone = Phone.new(product)
    phone.says("/start")
    phone.fails_next(**fault)
    assert "1 %" in plain(phone.says("chhal lazem n7ott apport", until="1"))


def test_one_parked_chat_holds_up_nobody_else(product: Product) -> None:
    parked, other = Phone.new(product), Phone.new(product)
    parked.says("/start")
    parked.fails_next(error_code=429, seconds=3600)
    parked.sends("/menu")
    assert "1 %" in plain(other.says("chhal lazem n7ott apport"))


def test_someone_who_blocks_and_comes_back_is_answered(product: Product) -> None:
    phone = Phone.new(product)
    phone.says("/start")
    phone.sends("/menu")
    phone.blocks(True)
    phone.blocks(False)
    assert "1 %" in plain(phone.says("chhal lazem n7ott apport", until="1"))


@pytest.mark.parametrize(
    "update",
    [
        {"message": {"message_id": "x", "chat": 5}},
        {"message": None},
        {"callback_query": {"id": "1"}},
        {"of_the_future": {"a": [1, 2]}},
    ],
)
def test_a_malformed_update_is_stepped_over(product: Product, update: dict[str, Any]) -> None:
    phone = Phone.new(product)
    phone.receives(update)
    assert "1 %" in plain(phone.says("chhal lazem n7ott apport"))


def test_the_clock_decides_what_is_next(product: Product) -> None:
    phone = Phone.new(product)
    phone.says("/start")
    phone.taps("Français")
    try:
        phone.clock("2015-10-14T10:00")
        assert "Aujourd'hui, la caravane est ici : Sétif" in plain(phone.taps("Le prochain arrêt"))
        phone.clock("2026-11-23T10:00")
        assert "terminée" in phone.taps("Le prochain arrêt")
    finally:
        phone.clock("2015-10-05T09:00")


def test_a_broken_file_of_facts_stops_the_start_with_its_line(tmp_path: Path) -> None:
    folder = shutil.copytree(HOUSE / "actions" / "programme", tmp_path / "programme")
    broken = folder / "eligibility.yml"
    broken.write_text(broken.read_text().replace("youngest: 19", "youngest: nineteen", 1))
    ended = caravane("run", CARAVANE_PROGRAMME=str(folder), CARAVANE_DATA=str(tmp_path))
    assert ended.returncode == 1
    assert re.search(r"eligibility\.yml, line \d+", ended.stderr)


def caravane(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=HOUSE,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_ask_prints_how_a_message_is_understood_and_its_answer(product: Product) -> None:
    asked = caravane("ask", "وقتاش تجي القافلة للعلمة", CARAVANE_DATA=str(product.folder))
    assert asked.returncode == 0
    for words in ("ask_stop_in_wilaya", "wilaya = 19 (El Eulma)", "dz-ar", "سطيف"):
        assert words in asked.stdout


def test_check_names_each_part_and_what_is_wrong(product: Product, tmp_path: Path) -> None:
    fine = caravane("check", CARAVANE_DATA=str(product.folder))
    assert fine.returncode == 0
    parts = ("configuration", "catalogues", "facts", "database", "telegram", "rasa")
    assert all(f"ok      {part}" in fine.stdout for part in parts)
    wrong = caravane("check", CARAVANE_MODEL="/nowhere.tar.gz", CARAVANE_DATA=str(tmp_path))
    assert wrong.returncode == 1
    assert "make train" in wrong.stderr


@pytest.mark.parametrize("command", ["run", "simulate", "train", "ask", "check"])
def test_every_command_has_help(command: str) -> None:
    assert caravane(command, "--help").returncode == 0


def test_rasa_killed_comes_back_and_people_are_answered_meanwhile(tmp_path: Path) -> None:
    with Product(tmp_path) as product:
        product.rasa_is_ready()
        phone = Phone.new(product)
        assert "formulaire" in phone.says("quels papiers pour le dossier")
        product.kill_rasa()
        assert "phrases" in phone.says("quels papiers pour le dossier")
        assert "Souk Ahras" in phone.taps("Le prochain arrêt")
        product.rasa_is_ready()
        assert "formulaire" in phone.says("quels papiers pour le dossier")


def test_killed_in_the_middle_of_a_form_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with Product(tmp_path) as product:
        phone = Phone.new(product)
        phone.says("/start")
        phone.taps("Français")
        question = phone.taps("Ai-je le droit")
        assert "âge" in question
        product.kill()
        product.start()
        again = Phone(product, phone.chat)
        assert "Question 2" in again.says("24", until="travail")


def test_ctrl_c_leaves_nothing_behind(tmp_path: Path) -> None:
    with Product(tmp_path) as product:
        Phone.new(product).says("/menu")
        assert product.stop() == 0
        assert not (tmp_path / "rasa.json").exists()
    assert not [
        line
        for line in processes()
        if str(tmp_path) in line or ("--enable-api" in line and str(product.process.pid) in line)
    ]


def processes() -> list[str]:
    shown = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            shown.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return shown


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"TELEGRAM_BOT_TOKEN": "wrong"}, "TELEGRAM_BOT_TOKEN"),
        (
            {
                "DATABASE_URL": "sqlite:////proc/none/x.db",
                "TELEGRAM_BOT_TOKEN": "123456:abcdefghijklmnopqrstuvwxyz",
            },
            "DATABASE_URL",
        ),
        ({"CARAVANE_MODEL": "/nowhere.tar.gz"}, "make train"),
        ({"CARAVANE_PORT": "-1"}, "CARAVANE_PORT"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    environment: dict[str, str], named: str, tmp_path: Path
) -> None:
    ended = caravane("run", CARAVANE_DATA=str(tmp_path), **{"CARAVANE_PORT": "0", **environment})
    assert ended.returncode == 1
    said = [line for line in ended.stderr.splitlines() if "level=" not in line]
    assert len(said) == 1
    assert named in said[0]
