from __future__ import annotations

import pytest

from nlu.components.normalise import LONGEST, normalise, skeleton

ARABIC = [
    ("القَافِلَة", "القافله"),
    ("إلى أين آت", "الي اين ات"),
    ("متى", "متي"),
    ("مسؤول", "مسوول"),
    ("وثائق", "وثايق"),
    ("ســـلام", "سلام"),
    ("سلاااام", "سلام"),
    ("گریدی", "قريدي"),
    ("ڨالمة", "قالمه"),
    ("ﻣﺮﺣﺒﺎ", "مرحبا"),
    ("٢٥ سنة", "25 سنه"),
    ("۲۵ سنة", "25 سنه"),
    ("30سنة", "30 سنه"),
    ("واش؟؟؟", "واش"),
    ("\u202bسلام\u202c", "سلام"),
    ("سـ\u200dلا\u200fم", "سلام"),
]
FRENCH = [
    ("Éligibilité à l'ANSEJ", "eligibilite a l ansej"),
    ("l’âge", "l age"),
    ("cœur", "coeur"),
    ("slttt", "salut"),
    ("c koi", "c est quoi"),
    ("pr ms", "pour mais"),
    ("jv minscrire", "je veux minscrire"),
    ("ki", "qui"),
    ("jé 25 ans", "j ai 25 ans"),
    ("g 25ans", "j ai 25 ans"),
    ("merciiiii", "merci"),
    ("a+", "a plus"),
    ("2%", "2 %"),
    ("8h30", "8 h 30"),
    ("100 000 DA", "100 000 da"),
]
ARABIZI = [
    ("wa9tach", "waktach"),
    ("n7ab", "nhab"),
    ("5adma", "khadma"),
    ("8ali", "ghali"),
    ("so2al", "soal"),
    ("3andi", "3andi"),
    ("wash", "wach"),
    ("djaya", "jaya"),
    ("22sna", "22 sna"),
    ("waaaach", "wach"),
]
SIGNS = [
    ("", ""),
    ("   \n\t ", ""),
    ("👍🏽", "oui"),
    ("merci 😂😂", "merci"),
    ("\u200b\u200f", ""),
    ("\x00\x07", ""),
    ("!!!???", ""),
]
MEETINGS = [
    ("كيفاش", "kifach"),
    ("وقتاش", "wa9tach"),
    ("وقتاش", "waktach"),
    ("شحال", "ch7al"),
    ("شحال", "chhal"),
    ("واش", "wesh"),
    ("القافلة", "l9afila"),
    ("قافلة", "9afila"),
    ("نحط", "n7ott"),
    ("نسجل", "nsajel"),
    ("عندي", "3andi"),
    ("عندي", "andi"),
    ("ليسانس", "licence"),
    ("خدمة", "khedma"),
    ("وين", "win"),
]
APART = [("وين", "واش"), ("kifach", "ch7al"), ("نسجل", "نسمح"), ("عندي", "كاين")]


@pytest.mark.parametrize(("typed", "read"), [*ARABIC, *FRENCH, *ARABIZI, *SIGNS])
def test_each_script_has_one_spelling(typed: str, read: str) -> None:
    assert normalise(typed) == read


@pytest.mark.parametrize("typed", [typed for typed, _ in [*ARABIC, *ARABIZI]])
def test_what_is_normalised_stays_as_it_is(typed: str) -> None:
    assert normalise(normalise(typed)) == normalise(typed)


@pytest.mark.parametrize(("arabic", "latin"), MEETINGS)
def test_both_scripts_meet_in_one_skeleton(arabic: str, latin: str) -> None:
    assert skeleton(arabic) == skeleton(latin) != ""


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_words_have_other_skeletons(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_a_very_long_message_is_cut() -> None:
    assert normalise("و" * 100_000) == "و"
    assert len(normalise("ab " * 100_000)) <= LONGEST
