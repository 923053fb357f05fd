from __future__ import annotations

import pytest

from nlu.tests.acceptance import Parse

SAID = [
    ("Quelle est la durée du remboursement, s'il vous plaît ?", "fr"),
    ("slt jveu savoir kel papié il fo", "fr"),
    ("ما هي الشروط المطلوبة للاستفادة من القرض؟", "ar"),
    ("أريد معرفة تاريخ وصول القافلة", "ar"),
    ("واش لازم ندير باش نستافد من لونساج", "dz-ar"),
    ("راني حاب نعرف شحال يعطيو دراهم", "dz-ar"),
    ("wach lazem ndir bach nestafed men lansej", "dz-latn"),
    ("rani 7ab na3ref ch7al ya3tiw drahem", "dz-latn"),
    ("je voudrais savoir وقتاش تجي القافلة", "mix"),
    ("est-ce que je peux تسجيل نفسي en ligne", "mix"),
    ("ما هو دور ANSEJ في التمويل؟", "ar"),
]


@pytest.mark.parametrize(("text", "kind"), SAID)
def test_the_kind_of_language_is_told(parse: Parse, text: str, kind: str) -> None:
    assert parse(text)["language"] == kind


@pytest.mark.parametrize("text", ["", "25", "👍", "?!", "0550 12 34 56", "\u200f"])
def test_what_has_no_letters_has_no_language(parse: Parse, text: str) -> None:
    assert parse(text)["language"] == ""


@pytest.mark.parametrize("text", ["batna", "ok", "ansej"])
def test_latin_letters_are_never_taken_for_arabic_ones(parse: Parse, text: str) -> None:
    assert parse(text)["language"] in ("fr", "dz-latn", "mix")


@pytest.mark.parametrize("text", ["باتنة", "نعم", "سلام"])
def test_arabic_letters_are_never_taken_for_latin_ones(parse: Parse, text: str) -> None:
    assert parse(text)["language"] in ("ar", "dz-ar")
