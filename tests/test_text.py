"""Sentences as Algerians read them: numbers, amounts, days, and two directions in one line."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.text import Centimes, Dinars, Name, Period, Text, Value, isolate, render


def shown(value: Value, language: str) -> str:
    text = Text("{value}", {"value": value})
    return render(text, language, isolated=False)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "french", "arabic"),
    [
        (dt.date(2015, 10, 4), "dimanche 4 octobre 2015", "الأحد، 4 أكتوبر 2015"),
        (dt.date(2015, 8, 5), "mercredi 5 août 2015", "الأربعاء، 5 أوت 2015"),
        (Dinars(5_000_000), "5\u00a0000\u00a0000\u00a0DA", "5\u00a0000\u00a0000\u00a0دج"),
        (Name("Sétif", "سطيف"), "Sétif", "سطيف"),
        (dt.time(9, 0), "09:00", "09:00"),
        (2015, "2015", "2015"),
        (72_000, "72\u00a0000", "72\u00a0000"),
        (("a", "b", "c"), "a, b et c", "a وb وc"),
    ],
)
def test_a_value_is_written_as_its_reader_writes_it(value: Value, french: str, arabic: str) -> None:
    assert shown(value, "fr") == french
    assert shown(value, "ar") == arabic


@pytest.mark.parametrize(
    ("dinars", "french", "arabic"),
    [
        (10_000, "1 million de centimes", "مليون سنتيم"),
        (20_000, "2 millions de centimes", "مليوني سنتيم"),
        (5_000_000, "500 millions de centimes", "500 مليون سنتيم"),
        (10_000_000, "1 milliard de centimes", "مليار سنتيم"),
    ],
)
def test_amounts_are_also_said_in_centimes_as_people_say_them(
    dinars: int, french: str, arabic: str
) -> None:
    assert shown(Centimes(dinars), "fr") == french
    assert shown(Centimes(dinars), "ar") == arabic


def test_a_stay_is_told_with_both_its_days() -> None:
    stay = Period(dt.date(2015, 10, 14), dt.date(2015, 10, 15))
    assert shown(stay, "fr") == "du mercredi 14 octobre au jeudi 15 octobre 2015"
    assert shown(Period(stay.first, stay.first), "fr") == "mercredi 14 octobre 2015"


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("الوكالة ANSEJ هنا", "الوكالة \u2068ANSEJ\u2069 هنا"),
        ("اتصل بـ 0661 23 45 67 غدا", "اتصل بـ \u20680661 23 45 67\u2069 غدا"),
        ("من 10-11 أوت", "من \u206810-11\u2069 أوت"),
        ("المرسوم 15-156 (JO 33)", "المرسوم \u206815-156\u2069 (\u2068JO 33\u2069)"),
        ("كلمة", "كلمة"),
    ],
)
def test_latin_runs_never_flip_an_arabic_line(text: str, isolated: str) -> None:
    assert isolate(text, "ar") == isolated


def test_an_arabic_name_never_flips_a_french_line() -> None:
    assert (
        isolate("Place : ساحة المقاومة, Relizane", "fr")
        == "Place : \u2068ساحة المقاومة\u2069, Relizane"
    )
