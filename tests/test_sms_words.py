"""The words that always work by SMS, however they are written."""

from __future__ import annotations

import pytest

from bot.texting import words

#: learning-circles#593 "Stop. Thank you" was missed; medic/cht-core#859 "STOP 12345".
STOPS = """STOP
stop.
Stop. Merci
STOP 12345
Stop SMS
stop merci beaucoup svp
STOP STOP STOP
stop pub
arrêt
arrêtez
Arrêtez les sms svp
je veux arrêter les messages
je ne veux plus recevoir vos sms
plus de sms svp
ne m'envoyez plus de messages
désabonnez-moi
توقف
توقف.
قف
وقفو الرسائل
وقفوا الرسائل من فضلكم
أوقفوا الرسائل
حبس
حبسو الميساجات
بركا
بركا من الرسائل
ما تبعثوليش رسائل
لا ترسلوا رسائل
إلغاء الاشتراك
wa9fou lmessaget
habsou les messages
baraka
7abes""".splitlines()

NOT_STOPS = """Je veux arrêter mon projet
je veux arreter mon travail pour le projet
stop projet
quand est le prochain stop ?
prochain stop
la caravane a un stop a blida
stop blida
est-ce que la caravane s'arrête à Batna
نحب نحبس المشروع
أريد إيقاف مشروعي القديم
nheb nhabess lkhedma
je reçois pas vos sms
plus d'informations svp
je veux plus d'informations par sms
j'ai arrêté mes études
متى تتوقف القافلة في باتنة
لا
non
pas de diplome
ok
2
je veux recevoir les sms""".splitlines()


@pytest.mark.parametrize("text", STOPS)
def test_stop_is_understood(text: str) -> None:
    said = words.read(text)
    assert said and said.meaning == "stop"


@pytest.mark.parametrize("text", NOT_STOPS)
def test_what_only_speaks_of_stopping_is_not_stop(text: str) -> None:
    said = words.read(text)
    assert said is None or said.meaning != "stop"


@pytest.mark.parametrize("text", ["arrêter", "حبس", "annuler", "إلغاء"])
def test_in_a_form_the_bare_words_for_stopping_are_about_the_form(text: str) -> None:
    assert words.read(text, in_form=True) is None


@pytest.mark.parametrize("text", ["STOP", "stop sms", "وقفو الرسائل", "توقف"])
def test_stop_itself_is_stop_in_a_form_too(text: str) -> None:
    said = words.read(text, in_form=True)
    assert said and said.meaning == "stop"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("AIDE", "help"),
        ("aide svp", "help"),
        ("مساعدة", "help"),
        ("3aweni", "help"),
        ("MENU", "menu"),
        ("menu merci", "menu"),
        ("القائمة", "menu"),
        ("AGENT", "agent"),
        ("agent s'il vous plaît", "agent"),
        ("موظف", "agent"),
        ("PLUS", "more"),
        ("plus svp", "more"),
        ("المزيد", "more"),
        ("+", "more"),
        ("zid", "more"),
        ("START", "start"),
        ("ابدأ", "start"),
        ("inscription", "sign_up"),
        ("تسجيل", "sign_up"),
    ],
)
def test_the_other_words_are_understood(text: str, meaning: str) -> None:
    said = words.read(text)
    assert said and said.meaning == meaning


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("MOI", "moi", ""),
        ("moi svp", "moi", ""),
        ("ملفي", "moi", ""),
        ("RAPPEL", "rappel", ""),
        ("RAPPEL Batna", "rappel", "Batna"),
        ("تذكير باتنة", "rappel", "باتنة"),
        ("SUPPRIMER", "supprimer", ""),
        ("محو", "supprimer", ""),
        ("mes données", "mesdonnees", ""),
        ("LANGUE", "langue", ""),
        ("LIEN", "lien", ""),
    ],
)
def test_commands_are_words_here(text: str, command: str, rest: str) -> None:
    said = words.read(text)
    assert said == words.Said("command", command, rest)


def test_signing_up_in_one_message_keeps_what_follows_the_word() -> None:
    said = words.read("PREINSC Amel Benali 12/03/1999 Blida fibre")
    assert said == words.Said("sign_up", rest="Amel Benali 12/03/1999 Blida fibre")


def test_in_a_form_an_employee_is_not_asking_for_one() -> None:
    assert words.read("موظف", in_form=True) is None
    said = words.read("AGENT", in_form=True)
    assert said and said.meaning == "agent"


@pytest.mark.parametrize(
    ("text", "number"),
    [("2", 2), ("٢", 2), (" 2) ", 2), ("n°2", 2), ("le 2", 2), ("choix 11", 11), ("رقم ٣", 3)],
)
def test_a_choice_is_answered_by_its_number(text: str, number: int) -> None:
    assert words.number(text) == number


@pytest.mark.parametrize("text", ["25 ans", "0550123456", "2 enfants", "deux", "", "31000"])
def test_other_numbers_are_no_choice(text: str) -> None:
    assert words.number(text) is None
