"""The questions of the pre-registration, in the order they are asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from actions.phones import PhoneError, mobile, mobile_in, national
from bot.flows.registration import births, names, situations
from bot.flows.registration.places import UNREAD, UNREAD_COMMUNE, Places
from bot.flows.registration.situations import Trades
from bot.forms.correcting import AGE_NAMES, DIPLOMA_NAMES
from bot.forms.fields import YES_NO, Answer, Field, Given, Reading, Slots, Wrong
from bot.questions import does_not_know, yes_or_no
from bot.text import Day, Name, Text, _
from nlu.client import Understanding

PHONE_WRONG: dict[str, Text] = {
    "not_a_number": _("I see no mobile number in that. Write it like this: 0661 23 45 67."),
    "fixed": _(
        "That is a fixed line: it can't receive messages. Give a mobile: 05, 06 or 07 and eight "
        "more digits."
    ),
    "foreign": _("I need an Algerian mobile number, for example: 0661 23 45 67."),
}
NOT_YOURS = _(
    "That card is somebody else's. Share your own number with the button, or write it: 0661 23 45 "
    "67."
)
#: Fewer digits than this are no attempt at a phone number.
FEWEST_DIGITS = 4
_AGREE = (
    Answer(True, _("✅ I am 18 or over and I agree"), brief=_("Yes")),
    Answer(False, _("No, thank you"), brief=_("No")),
)


def make_fields(
    places: Places,
    trades: Trades,
    stops: Callable[[Slots], tuple[Answer, ...]],
    stop_shown: Callable[[str], Text],
    stop_lost: Callable[[Slots], Text | None],
) -> tuple[Field, ...]:
    """Return every field.

    `stops` are the ones to choose from, `stop_shown` tells one's date, and `stop_lost` asks for
    another when that of the wilaya one lives in is over or cancelled.
    """
    return (
        Field(
            "consent",
            _("Do you agree?"),
            _("Tap one of the two buttons, or write yes or no."),
            read_answer=_read_consent,
            answers=lambda slots: _AGREE,
            brief=_("Are you 18 or over, and do you agree?"),
            wrong_brief=_("Answer 1 for yes or 2 for no."),
        ),
        Field(
            "born",
            _("When were you born? For example: 14/05/1993"),
            births.UNREAD,
            births.find,
            births.read,
            about="ask_age",
            step="birth",
            label=_("Birth"),
            shown=_born,
            names=(
                *AGE_NAMES,
                *("date de naissance", "naissance", "né", "née", "تاريخ الميلاد", "الميلاد"),
                *("تاريخ الازدياد", "milad"),
            ),
            clears=("birth_date",),
            brief=_("Your date of birth (14/05/1993), or your age?"),
            shown_brief=_born_in_figures,
        ),
        Field(
            "given_name",
            _("What is your name? Given name, then family name. For example: Amina Benali"),
            names.UNREAD,
            names.find,
            names.read,
            step="name",
            step_label=_("Name"),
            label=_("Given name"),
            shown=lambda slots: _as_written(slots["given_name"]),
            names=(
                "nom",
                "prénom",
                "prenom",
                "mon nom",
                "smiya",
                "smiyti",
                "smiti",
                "ism",
                "isem",
                "اسم",
                "الاسم",
                "اللقب",
                "لقب",
                "سمية",
                "سميتي",
                "nom et prénom",
            ),
            open=True,
            brief=_("Your given name, then your family name?"),
        ),
        Field(
            "family_name",
            _("And your family name?"),
            names.UNREAD,
            read_answer=names.read_family,
            step="name",
            label=_("Family name"),
            shown=lambda slots: _as_written(slots["family_name"]),
            names=("nom de famille", "famille"),
            open=True,
        ),
        Field(
            "wilaya",
            _("Where do you live? Commune and wilaya. For example: El Eulma, Sétif"),
            UNREAD,
            places.find,
            places.read,
            answers=lambda slots: _offered(places, slots),
            step="place",
            step_label=_("Place"),
            label=_("Wilaya"),
            shown=lambda slots: places.name(str(slots["wilaya"])),
            names=(
                "wilaya",
                "willaya",
                "ولاية",
                "الولاية",
                "adresse",
                "عنوان",
                "العنوان",
                "3onwan",
                "wilayati",
            ),
            clears=("commune", "stop"),
            listed=places.listed,
            location=_("📍 Share where I am"),
            brief=_("Your commune and your wilaya? E.g. El Eulma, Sétif"),
        ),
        Field(
            "commune",
            _("In which commune? Tap it, or write its name."),
            UNREAD_COMMUNE,
            read_answer=places.read_commune,
            answers=places.towns,
            step="place",
            label=_("Commune"),
            shown=lambda slots: places.town_name(str(slots["commune"]), str(slots["wilaya"])),
            names=("commune", "ville", "village", "بلدية", "البلدية", "baladiya", "baladia"),
            open=True,
            brief=lambda slots: _commune_in_few_words(places, slots),
        ),
        Field(
            "phone",
            _("Your mobile number? Share it with the button, or write it: 0661 23 45 67"),
            PHONE_WRONG["not_a_number"],
            lambda given: {"phone": found} if (found := mobile_in(given.text)) else None,
            _read_phone,
            label=_("Phone"),
            shown=lambda slots: _as_written(national(str(slots["phone"]))),
            names=(
                "téléphone",
                "telephone",
                "tel",
                "numéro",
                "numero",
                "num",
                "portable",
                "phone",
                "هاتف",
                "الهاتف",
                "رقم",
                "الرقم",
                "نمرة",
                "النمرة",
                "تيليفون",
                "nemra",
                "noumro",
                "telifoun",
            ),
            clears=("phone_checked",),
            contact=_("📱 Share my number"),
            brief=_("Your mobile number? E.g. 0661234567"),
            shown_brief=lambda slots: _as_written(national(str(slots["phone"])).replace(" ", "")),
        ),
        Field(
            "situation",
            _("What is your situation today?"),
            situations.SITUATION_UNREAD,
            situations.find_situation,
            situations.read_situation,
            answers=situations.situations,
            about="ask_employment_status",
            step="situation",
            label=_("Situation"),
            shown=lambda slots: situations.SITUATION_NAMES[str(slots["situation"])],
            names=(
                *(
                    "situation",
                    "travail",
                    "chômage",
                    "الوضعية",
                    "وضعية",
                    "الحالة",
                    "خدمة",
                    "khedma",
                ),
                "wad3iya",
            ),
            clears=("anem",),
            brief=_("Your situation?"),
            wrong_brief=_("Answer with a number, or in words: “student”."),
            shown_brief=lambda slots: situations.SITUATIONS_BRIEF[str(slots["situation"])],
        ),
        Field(
            "anem",
            _("Are you registered with ANEM as a job-seeker?"),
            _("Please tap “Yes” or “No”, or write it."),
            read_answer=situations.read_anem,
            answers=lambda slots: YES_NO,
            needed=lambda slots: slots.get("situation") == situations.JOBLESS,
            step="situation",
            names=("anem", "لانام", "lanem"),
            wrong_brief=_("Answer 1 for yes or 2 for no."),
        ),
        Field(
            "qualification",
            _("Your diploma or your trade? Tap it, or write it whole: “TS in electricity”"),
            situations.QUALIFICATION_UNREAD,
            situations.find_qualification,
            situations.read_qualification,
            answers=situations.qualifications,
            about="ask_diploma",
            step="qualification",
            label=_("Qualification"),
            shown=lambda slots: situations.QUALIFICATION_NAMES[str(slots["qualification"])],
            names=DIPLOMA_NAMES,
            clears=("qualification_trade",),
            brief=_("Your diploma or trade? A number, or words: “TS in electricity”"),
            wrong_brief=_("Answer with a number, or in words: “TS in electricity”."),
            shown_brief=lambda slots: situations.QUALIFICATIONS_BRIEF[str(slots["qualification"])],
        ),
        Field(
            "qualification_trade",
            _("In which trade or subject?"),
            situations.TRADE_UNREAD,
            read_answer=situations.read_qualification_trade,
            needed=lambda slots: slots.get("qualification") not in (None, "none"),
            step="qualification",
            label=_("Its trade"),
            shown=lambda slots: _as_written(slots["qualification_trade"]),
            names=("spécialité", "specialite", "تخصص", "التخصص", "takhasos"),
            optional=True,
            open=True,
            brief=_("In which trade or subject? Or write SKIP."),
        ),
        Field(
            "trade",
            _("What would your enterprise do? Tap it, or say it in a few words."),
            situations.TRADE_UNREAD,
            trades.find,
            trades.read,
            answers=trades.answers,
            about="ask_trades",
            label=_("Project"),
            shown=lambda slots: trades.shown(str(slots["trade"])),
            names=(
                "projet",
                "métier",
                "metier",
                "activité",
                "activite",
                "مشروع",
                "المشروع",
                "نشاط",
                "النشاط",
                "machrou3",
                "projet ta3i",
            ),
            open=True,
            brief=_("Your project? A number, or a few words:"),
        ),
        Field(
            "stop",
            _which_stop(stop_lost),
            _("Tap one of the stops, please."),
            read_answer=lambda given: _read_stop(given, stops(given.slots)),
            answers=stops,
            label=_("Stop"),
            shown=lambda slots: stop_shown(str(slots["stop"])),
            wrong_brief=_("Answer with one of the numbers."),
            shown_brief=lambda slots: _stop_in_few_words(places, slots),
            names=(
                "étape",
                "etape",
                "arrêt",
                "arret",
                "rendez-vous",
                "rdv",
                "المحطة",
                "محطة",
                "الموعد",
                "موعد",
                "wa9fa",
                "caravane",
                "القافلة",
            ),
        ),
        Field(
            "birth_date",
            _("You gave your age. And your date of birth? For example: 14/05/1993"),
            births.WHOLE,
            read_answer=births.read_date,
            needed=lambda slots: isinstance(slots.get("born"), int),
            optional=True,
            brief=_("And your date of birth? E.g. 14/05/1993. Or write SKIP."),
        ),
    )


def read_contact(number: str, *, own: bool) -> Reading:
    """Read a shared contact card: only one's own counts, which the channel vouches for."""
    if not own:
        return Wrong(NOT_YOURS)
    reading = _read_number(f"+{number.removeprefix('+')}")
    return reading if isinstance(reading, Wrong) else {**reading, "phone_checked": True}


def _read_phone(given: Given) -> Reading:
    found = mobile_in(given.text)
    if found:
        return {"phone": found}
    digits = sum(c.isdecimal() for c in given.text)
    return _read_number(given.text) if digits >= FEWEST_DIGITS else None


def _read_number(text: str) -> dict[str, str] | Wrong:
    try:
        return {"phone": mobile(text)}
    except PhoneError as wrong:
        return Wrong(PHONE_WRONG[wrong.problem])


def _read_consent(given: Given) -> Reading:
    """Read an express yes or no: only words that are one, never what Rasa makes of others."""
    said = yes_or_no(given.text, Understanding(()))
    return {"consent": said == "affirm"} if said else None


def _which_stop(lost: Callable[[Slots], Text | None]) -> Callable[[Slots], Text]:
    def question(slots: Slots) -> Text:
        return lost(slots) or _("At which stop of the caravan will you come?")

    return question


def _read_stop(given: Given, offered: tuple[Answer, ...]) -> Reading:
    if does_not_know(given.text):
        return {"stop": ""}
    named = {str(e.value) for e in given.heard.entities if e.name == "wilaya"}
    chosen = next((a.value for a in offered if a.value in named), None)
    return {"stop": chosen} if chosen else None


def _offered(places: Places, slots: Slots) -> tuple[Answer, ...]:
    """Offer the wilaya that was spoken of before."""
    code = str(slots.get("wilaya_spoken_of") or "")
    return (Answer(code, places.name(code)),) if code else ()


def _born(slots: Slots) -> Text | Name | None:
    date = slots.get("birth_date") or slots["born"]
    if isinstance(date, int):
        return _("{n} years old, date to be given later", n=date)
    return _("{date}", date=Day(dt.date.fromisoformat(str(date))))


def _born_in_figures(slots: Slots) -> Text | Name:
    date = slots.get("birth_date") or slots["born"]
    if isinstance(date, int):
        return _("{n} years old", n=date)
    figures = f"{dt.date.fromisoformat(str(date)):%d/%m/%Y}"
    return Name(figures, figures)


def _commune_in_few_words(places: Places, slots: Slots) -> Text:
    if places.towns(slots):
        return _("Your commune? A number, or its name:")
    return _("Your commune? Write its name.")


def _stop_in_few_words(places: Places, slots: Slots) -> Text | Name:
    code = str(slots["stop"])
    name = places.name(code) if code else _("not chosen yet")
    return _("stop: {wilaya}", wilaya=name)


def _as_written(value: object) -> Name | None:
    return Name(str(value), str(value)) if value is not None else None
