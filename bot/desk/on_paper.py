"""A registration on paper as staff write it out: a line for each field, read as the form reads it.

Rasa is not asked: the lines say what is what, and a value is read by the reader of its field.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from actions.messages import LANGUAGES, Language
from bot.clerks.asked import RefusedError, stop_given, wilaya_given
from bot.flows.registration import names, situations
from bot.flows.registration.flow import RegistrationFlow
from bot.flows.registration.slots import age_of
from bot.flows.registration.stops import Stops
from bot.forms import fields
from bot.forms.fields import Given, Reading, Slots, Wrong
from bot.knowledge import Facts
from bot.questions import does_not_know, plain
from bot.state import Slot
from bot.text import Name, Text, _, render
from nlu.client import Understanding

#: The fields in the order of the sheet, each with a value as people write it.
EXAMPLES: Mapping[str, Name] = {
    "given_name": Name("Amina", "أمينة"),
    "family_name": Name("Benali", "بن علي"),
    "born": Name("14/05/1991", "14/05/1991"),
    "wilaya": Name("Sétif", "سطيف"),
    "commune": Name("El Eulma", "العلمة"),
    "phone": Name("0661 23 45 67", "0661234567"),
    "situation": Name("sans emploi, inscrite à l'ANEM", "بدون عمل، مسجلة في لانام"),
    "qualification": Name("TS en électricité", "تقني سامي في الكهرباء"),
    "trade": Name("fibre optique", "الألياف البصرية"),
    "stop": Name("Sétif", "سطيف"),
}
#: What may be left out: the stop is that of where one lives, then.
OPTIONAL = frozenset({"stop"})
#: Given beside these or not at all.
_ANEM, _ITS_TRADE, _WHOLE_NAME = "anem", "qualification_trade", "name"
_NAMES = {
    "given_name": "prénom|prenom|prénoms|given name|الاسم|اسم|الإسم",
    "family_name": "nom|nom de famille|family name|اللقب|لقب",
    _WHOLE_NAME: "nom et prénom|prénom et nom|nom complet|الاسم واللقب|الاسم الكامل|اللقب والاسم",
}
_LINE = re.compile(r"\s*([^:=：]{1,40}?)\s*[:=：]\s*(.*?)\s*")
_PART = re.compile(r"\s*[,،;/]\s*|\s+[-–]\s+")
_YES_NO = {True: "affirm", False: "deny"}
#: Fewer letters of a trade's name may be the beginning of another word.
_FEWEST_LETTERS = 4


@dataclass(frozen=True)
class Sheet:
    """What was read: the slots of the form, or what is wrong with each line, in words."""

    slots: Slots
    wrong: tuple[Text, ...]


class PaperForm:
    """Reads the lines of a sheet."""

    def __init__(self, facts: Facts, signing_up: RegistrationFlow) -> None:
        self._facts = facts
        self._signing_up = signing_up
        self._stops = Stops(facts.timetable, facts.geography)
        self._fields = {field.name: field for field in signing_up.form.fields}
        self._called = self._names()

    def template(self, language: Language) -> str:
        """Return the sheet to fill in, a line for each field."""
        labels = (render(self.label(name), language, isolated=False) for name in EXAMPLES)
        return "\n".join(f"{label} :" for label in labels)

    def examples(self) -> list[Text]:
        """Return every line of the sheet as it may be filled in."""
        return [
            _("{label}: {value}", label=self.label(name), value=example)
            for name, example in EXAMPLES.items()
        ]

    def label(self, name: str) -> Text:
        """Return what a field is called."""
        label = self._fields[name].label
        assert label is not None  # noqa: S101 - all of these are shown before they are sent
        return label

    def read(self, text: str, today: dt.date) -> Sheet:
        """Return what the lines of a text hold."""
        lines, wrong = self._lines(text)
        slots: dict[str, Slot] = {}
        for name in EXAMPLES:
            reading = self._reading(name, lines, slots, today)
            if isinstance(reading, Wrong):
                wrong.append(_("{label}: {value}", label=self.label(name), value=reading.why))
            else:
                slots.update(reading)
        if not wrong:
            slots.setdefault("stop", self._own_stop(str(slots["wilaya"]), today))
            slots.setdefault(_ITS_TRADE, None)
            standing = self._signing_up.standing_at(age_of(slots, today), today)
            if standing in ("minor", "too_old"):
                why = _("nobody can sign up at that age.")
                wrong.append(_("{label}: {value}", label=self.label("born"), value=why))
        return Sheet(slots, tuple(wrong))

    def _names(self) -> dict[str, str]:
        """Return the field of everything a line may begin with."""
        read = (*EXAMPLES, _ANEM, _ITS_TRADE)
        called: dict[str, str] = {}
        for name in read:
            field = self._fields[name]
            own = _NAMES[name].split("|") if name in _NAMES else field.names
            labels = (render(field.label, each) for each in LANGUAGES) if field.label else ()
            called |= dict.fromkeys(map(plain, (*own, *labels)), name)
        whole = map(plain, _NAMES[_WHOLE_NAME].split("|"))
        return called | dict.fromkeys(whole, _WHOLE_NAME)

    def _lines(self, text: str) -> tuple[dict[str, str], list[Text]]:
        """Return what stands after the name of each field, and what is wrong with other lines."""
        lines: dict[str, str] = {}
        wrong: list[Text] = []
        for n, line in enumerate(_visible(text).split("\n"), start=1):
            found = _LINE.fullmatch(line)
            name = self._called.get(plain(found[1])) if found else None
            if found and name and found[2]:
                lines[name] = found[2]
            elif found and name is None:
                wrong.append(_("Line {n}: I know no field of that name.", n=n))
            elif line.strip() and not found:
                wrong.append(_("Line {n}: write the field, a colon, then its value.", n=n))
        return lines, wrong

    def _reading(
        self, name: str, lines: Mapping[str, str], slots: Slots, today: dt.date
    ) -> Slots | Wrong:
        """Return what the lines say of a field, or why that can't be taken."""
        if name in ("given_name", "family_name") and _WHOLE_NAME in lines:
            reading = names.split(lines[_WHOLE_NAME])
            if isinstance(reading, Mapping):
                return {name: reading[name]} if name in reading else _missing(name)
            return reading or _unread(name)
        if name in slots:
            return {}  # the line before told it as well
        if name not in lines:
            return {} if name in OPTIONAL else _missing(name)
        value = lines[name]
        given = Given(value, Understanding(()), today, slots)
        match name:
            case "given_name":
                said = names.clean(value)
                reading = said if isinstance(said, Wrong) else {name: said}
            case "wilaya":
                reading = self._place(given)
            case "situation":
                reading = self._situation(given, lines)
            case "qualification":
                reading = self._qualification(given, lines)
            case "trade":
                reading = self._trade(given)
            case "stop":
                reading = self._stop(value)
            case _:
                reading = fields.read_answer(self._fields[name], given)
        return _unread(name) if reading is None else reading

    def _place(self, given: Given) -> Reading:
        """Read a wilaya, with or without the commune beside it."""
        code = self._wilaya(given.text)
        if code:
            return {"wilaya": code}
        parts = [part for part in _PART.split(given.text) if part]
        code = self._wilaya(parts[-1]) if len(parts) > 1 else ""
        if not code:
            return None
        beside = Given(parts[0], given.heard, given.today, {"wilaya": code})
        commune = fields.read_answer(self._fields["commune"], beside)
        return {"wilaya": code, **(commune if isinstance(commune, Mapping) else {})}

    def _wilaya(self, text: str) -> str:
        try:
            return wilaya_given(self._facts, text)
        except RefusedError:
            return ""

    def _situation(self, given: Given, lines: Mapping[str, str]) -> Reading:
        """Read a situation; of someone without a job it has to say whether ANEM knows them."""
        reading = fields.read_answer(self._fields["situation"], given)
        if not isinstance(reading, Mapping) or reading["situation"] != situations.JOBLESS:
            return reading
        own = Given(lines.get(_ANEM, ""), given.heard, given.today, given.slots)
        anem = fields.read_answer(self._fields[_ANEM], own)
        if not isinstance(anem, Mapping):
            example = EXAMPLES["situation"]
            why = _("say whether ANEM knows them. For example: {example}", example=example)
            return Wrong(why)
        return {"situation": situations.settled(situations.JOBLESS, anem[_ANEM])}

    def _qualification(self, given: Given, lines: Mapping[str, str]) -> Reading:
        """Read a qualification with its trade, which may have a line of its own."""
        reading = fields.read_answer(self._fields["qualification"], given)
        if not isinstance(reading, Mapping) or _ITS_TRADE not in lines:
            return reading
        own = Given(lines[_ITS_TRADE], given.heard, given.today, given.slots)
        trade = fields.read_answer(self._fields[_ITS_TRADE], own)
        return trade if isinstance(trade, Wrong) else {**reading, **(trade or {})}

    def _trade(self, given: Given) -> Reading:
        """Read a project: one of the convention's trades where it is named, else the words."""
        field = self._fields["trade"]
        named = [
            answer.value for answer in field.answers({}) if _is_named(answer.label, given.text)
        ]
        return {"trade": named[0]} if len(named) == 1 else fields.read_answer(field, given)

    def _stop(self, value: str) -> Reading:
        """Read a stop of the tour; a sheet may be typed in when the caravan has gone on."""
        if does_not_know(value):
            return {"stop": ""}
        try:
            code = stop_given(self._facts, value)
        except RefusedError as refused:
            return Wrong(refused.sentence)
        if self._stops.at(code) is None or self._stops.is_cancelled(code):
            return Wrong(_("the caravan does not stop there. /stops shows where it does."))
        return {"stop": code}

    def _own_stop(self, wilaya: str, today: dt.date) -> str:
        stop = self._stops.of(wilaya, today)
        return stop.wilaya if stop else ""


def _is_named(label: Text | Name, text: str) -> bool:
    """Whether a text names something by its label, or by a good part of it."""
    said = plain(text)
    labels = [plain(render(label, language)) for language in LANGUAGES]
    return len(said) >= _FEWEST_LETTERS and any(one in said or said in one for one in labels)


def _missing(name: str) -> Wrong:
    return Wrong(_("it is missing. For example: {example}", example=EXAMPLES[name]))


def _unread(name: str) -> Wrong:
    return Wrong(_("I can't read it. For example: {example}", example=EXAMPLES[name]))


def _visible(text: str) -> str:
    """Return a text without the marks that turn directions, which come with what is copied."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
