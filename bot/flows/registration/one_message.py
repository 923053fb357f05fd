"""A whole pre-registration in one message: `PREINSC Amel Benali 12/03/1999 Blida fibre`.

The facts may stand in any order, between spaces, commas, semicolons or lines. Each one is taken out
of the words; what is left is the name, and after it the project.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from actions.digits import latin_digits
from actions.geography import Geography
from actions.phones import PhoneError, mobile
from bot.flows.registration import births, names
from bot.flows.registration.places import Places
from bot.flows.registration.questions import PHONE_WRONG
from bot.flows.registration.situations import (
    JOBLESS,
    Trades,
    read_qualification,
    read_situation,
)
from bot.forms.fields import Given, Reading, Wrong
from bot.questions import plain
from bot.state import Slot
from bot.text import Text, _
from nlu.client import Understanding


def _plain(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split("|"))


KEYWORDS = _plain(
    "preinsc|préinscription|preinscrire|insc|inscription|inscrire|تسجيل|التسجيل|سجلني|tasjil"
)
_FIRST = re.compile(r"\s*[^\W\d_]+")
#: Said around the facts, and no part of them.
_AROUND = _plain(
    "nom|prénom|je|suis|m'appelle|appelle|moi|né|née|le|la|à|a|au|en|et|habite|ville|âge|age|tel|tél"
    "|téléphone|telephone|mobile|num|numéro|projet|métier|svp|merci|caravane|inscris|veux"
    "|wilaya|commune|ولاية|بلدية|أنا|انا|اسمي|الاسم|اللقب|ولدت|مولود|مولودة|في|من|ساكن|ساكنة|هاتف"
    "|الهاتف|رقم|مشروع|القافلة|شكرا|مسبق|smiti|ana|men|min|fi|f"
)
_PHONE = re.compile(r"(?<![\d/])(?:(?:\+|00)213|0)(?:[\s.\-]?\d){9}(?![\d/])")
#: A number of so many digits is an attempt at a phone number.
_LIKE_A_PHONE = re.compile(r"\+?[\d.\-]{7,}")
_WILAYA_MARK = _plain("wilaya|ولاية")
#: The longest names and dates have so many words.
LONGEST_PLACE, LONGEST_DATE = 4, 5
#: A whole name has at least so many words.
WHOLE_NAME = 2
#: A commune that is not known has at most so many words.
LONGEST_COMMUNE = 3
#: A message with so many separators is a list, whose parts belong together.
A_LIST = 2
_SITUATIONS = _plain(
    "anem|lanem|l'anem|chômeur|chomeur|chômeuse|chomeuse|chômage|chomage|sans emploi|sans travail"
    "|étudiant|étudiante|etudiant|etudiante|stagiaire|salarié|salariée|employé|employée"
    "|fonctionnaire|au foyer|retraité|inscrit|inscrite|لانام|بطال|بطالة|شومور|طالب|طالبة"
    "|طالب عمل|طالبة عمل|موظف|موظفة|ماكثة بالبيت|مسجل|مسجلة|بدون عمل|chomur|batal|batala|etu"
)
_BESIDE_SITUATIONS = _plain("je|suis|inscrit|inscrite|non|pas|à|a|au|l|en|anem|غير|ماني|في|لدى|عند")
_LEVELS = _plain(
    "ts|bts|cap|cmp|cmtc|cfpa|licence|master|ingénieur|ingenieur|doctorat|deua|diplômé|sans diplôme"
    "|technicien supérieur|technicienne supérieure|certificat|universitaire|savoir-faire"
    "|تقني سامي|تقنية سامية|ليسانس|ماستر|مهندس|مهندسة|جامعي|جامعية|بدون شهادة|تكوين مهني|خبرة"
)
_ANEM = re.compile(r"anem|لانام")
_NOT = re.compile(r"\b(?:pas|non|sans)\b|غير|بلا|ماني")
_OF = _plain("en|in|de|d|في|تخصص|option|spécialité")


def is_one(text: str) -> bool:
    """Whether a text begins with the word that signs up."""
    first = _FIRST.match(text)
    return first is not None and plain(first[0]) in KEYWORDS


@dataclass(frozen=True)
class _Word:
    text: str
    start: int
    end: int
    part: int


@dataclass
class _Rest:
    """The words not yet taken for a fact, and what came of the others."""

    given: Given
    words: list[_Word]
    found: dict[str, Slot] = field(default_factory=dict)
    wrong: list[Text] = field(default_factory=list)

    def runs(self, most: int) -> Iterator[list[_Word]]:
        """Yield every run of neighbouring words, the longest first."""
        for size in range(most, 0, -1):
            yield from self.runs_of(size)

    def runs_of(self, size: int) -> Iterator[list[_Word]]:
        """Yield every run of so many neighbouring words."""
        for first in range(len(self.words) - size + 1):
            run = self.words[first : first + size]
            if _are_neighbours(self.given.text, run):
                yield run

    def remove(self, taken: Iterable[_Word]) -> None:
        """Take words out."""
        gone = set(taken)
        self.words = [word for word in self.words if word not in gone]

    def within(self, start: int, end: int) -> list[_Word]:
        """Return the words left between two places of the text."""
        return [word for word in self.words if word.start < end and word.end > start]

    def take(self, reading: Reading, run: Iterable[_Word]) -> bool:
        """Keep what a run of words says, right or wrong; return whether it says anything."""
        if reading is None:
            return False
        if isinstance(reading, Wrong):
            self.wrong.append(reading.why)
        else:
            self.found.update({k: v for k, v in reading.items() if k not in self.found})
        self.remove(run)
        return True

    def of(self, run: list[_Word]) -> Given:
        """Return a run of words as a text of its own, in which Rasa heard nothing."""
        return replace(self.given, text=_said(run), heard=Understanding(()))


class OneMessage:
    """Reads whole pre-registrations with the country's places and the convention's trades."""

    def __init__(self, geography: Geography, places: Places, trades: Trades) -> None:
        self._geography = geography
        self._places = places
        self._trades = trades
        self._wilayas = {
            plain(name): wilaya.code
            for wilaya in geography.wilayas.values()
            for name in (wilaya.fr, wilaya.ar, *wilaya.aliases.split("|"))
            if name
        }
        self._towns: dict[str, list[tuple[str, str]]] = {}
        for town in geography.towns:
            for name in {town.name, town.ar, *town.aliases.split("|")} - {""}:
                self._towns.setdefault(plain(name), []).append((town.name, town.wilaya))

    def read(self, given: Given) -> tuple[dict[str, Slot], tuple[Text, ...]]:
        """Return a message's facts, its keyword left out, and what to say of those that are wrong.

        Facts that are wrong or missing are not among those returned, so they are asked for.
        """
        text = latin_digits(given.text)
        keyword = _FIRST.match(text)
        start = keyword.end() if keyword and is_one(text) else 0
        text = " " * start + text[start:]
        rest = _Rest(replace(given, text=text), _words(text))
        _take_names_with_labels(rest)
        _take_phone(rest)
        _take_birth(rest)
        _take_number_like_a_phone(rest)
        self._take_place(rest)
        _take_known(rest, _LEVELS, _level_run, read_qualification)
        _take_known(rest, _SITUATIONS, _situation_run, _situation)
        self._take_trade(rest)
        rest.remove([word for word in rest.words if plain(word.text) in _AROUND])
        self._take_commune_of_a_list(rest)
        self._take_what_is_left(rest)
        return rest.found, tuple(rest.wrong)

    def _take_place(self, rest: _Rest) -> None:
        named = [
            (run, code)
            for run in rest.runs(LONGEST_PLACE)
            if (code := self._wilayas.get(plain(_said(run)))) and not _said(run).isdecimal()
        ]
        named = [one for one in named if not any(_inside(one[0], other) for other, _c in named)]
        named.sort(key=lambda one: (_is_marked(rest, one[0]), one[0][0].start))
        heard = [
            (run, str(entity.value))
            for entity in rest.given.heard.entities
            if entity.name == "wilaya" and str(entity.value) in self._geography.wilayas
            if (run := rest.within(entity.start, entity.end)) and not _said(run).isdecimal()
        ]
        for run, code in (*named[::-1][:1], *heard):
            if "wilaya" not in rest.found and _leaves_a_name(rest, run):
                rest.take({"wilaya": code}, run)
        if "wilaya" not in rest.found:
            self._take_number_of_a_wilaya(rest)
        self._take_town(rest)

    def _take_number_of_a_wilaya(self, rest: _Rest) -> None:
        """Take a number that is a wilaya's: the age, if one stands there, was taken before."""
        for run in rest.runs_of(1):
            number = run[0].text
            if re.fullmatch(r"\d{1,2}", number) and f"{int(number):02}" in self._geography.wilayas:
                rest.take({"wilaya": f"{int(number):02}"}, run)
                return

    def _take_town(self, rest: _Rest) -> None:
        home = rest.found.get("wilaya")
        for run in rest.runs(LONGEST_PLACE):
            towns = self._towns.get(plain(_said(run)), [])
            here = [town for town in towns if home in (None, town[1])]
            if len({wilaya for _name, wilaya in here}) == 1 and _leaves_a_name(rest, run):
                name, wilaya = here[0]
                rest.take({"commune": name, "wilaya": wilaya}, run)
                return

    def _take_trade(self, rest: _Rest) -> None:
        for entity in rest.given.heard.entities:
            run = rest.within(entity.start, entity.end) if entity.name == "trade" else []
            if run and _leaves_a_name(rest, run):
                one = Understanding((), (entity,))
                rest.take(self._trades.find(replace(rest.given, heard=one)), run)

    def _take_commune_of_a_list(self, rest: _Rest) -> None:
        """Take the words beside the wilaya's name, where commas say that they belong to it."""
        code = rest.found.get("wilaya")
        parts = {word.part for word in _words(rest.given.text)}
        if not code or "commune" in rest.found or len(parts) <= A_LIST:
            return
        home = next(
            (w.part for w in _words(rest.given.text) if self._wilayas.get(plain(w.text)) == code),
            -1,
        )
        beside = [word for word in rest.words if word.part == home]
        others = len(rest.words) - len(beside)
        if beside and others >= WHOLE_NAME and len(beside) <= LONGEST_COMMUNE:
            name = names.clean(_said(beside))
            rest.take({"commune": name} if isinstance(name, str) else None, beside)

    def _take_what_is_left(self, rest: _Rest) -> None:
        """Take the first whole name for the name, and what else is left for the project."""
        groups = _groups(rest)
        name = next((group for group in groups if len(group) >= WHOLE_NAME), None)
        if name is None:
            name, groups = [word for group in groups for word in group], []
        if (
            name
            and "given_name" not in rest.found
            and not rest.take(names.split(_said(name)), name)
        ):
            groups.insert(0, name)
        for group in groups:
            if not set(group) <= set(rest.words):
                continue
            said = rest.of(group)
            own = self._trades.read(said) if "trade" not in rest.found else None
            if isinstance(own, Wrong) or not rest.take(own, group):
                words = _said(group)
                rest.wrong.append(_("I did not know where to put “{words}”.", words=words))


def _words(text: str) -> list[_Word]:
    """Return the words of a text, each with its place and the part of the list it stands in."""
    found = []
    for word in re.finditer(r"[^\s,،;؛]+", text):
        part = len(re.findall(r"[,،;؛\n]", text[: word.start()]))
        bare = word[0].strip(".:!?؟()\"'")
        if re.search(r"\w", bare):
            start = word.start() + word[0].index(bare)
            found.append(_Word(bare, start, start + len(bare), part))
    return found


def _said(run: Iterable[_Word]) -> str:
    return " ".join(word.text for word in run)


def _are_neighbours(text: str, run: list[_Word]) -> bool:
    """Whether words stand beside each other, with no other word and no separator between."""
    return all(
        one.part == next_.part and not re.search(r"\w", text[one.end : next_.start])
        for one, next_ in pairwise(run)
    )


def _inside(run: list[_Word], other: list[_Word]) -> bool:
    return len(run) < len(other) and set(run) <= set(other)


def _is_marked(rest: _Rest, run: list[_Word]) -> bool:
    """Whether "wilaya" stands right before a run."""
    before = rest.given.text[: run[0].start].split()
    return bool(before) and plain(before[-1]) in _WILAYA_MARK


def _leaves_a_name(rest: _Rest, run: list[_Word]) -> bool:
    """Whether a run may be taken: a name may be called as a place is, Saïda and Mila among them.

    It is the name where it stands first and nothing that could be one would be left beside it.
    """
    left = [w for w in rest.words if w not in run and plain(w.text) not in _AROUND]
    nameless = len([w for w in left if not re.search(r"\d", w.text)]) < WHOLE_NAME
    begins = rest.words[: len(run)] == run
    neighbours = (
        bool(left)
        and left[0].start > run[-1].end
        and _are_neighbours(rest.given.text, [run[-1], left[0]])
    )
    return not (nameless and begins and neighbours and "given_name" not in rest.found)


def _take_names_with_labels(rest: _Rest) -> None:
    """Take "nom: Benali prénom: Amel"."""
    if not re.search(r"[:=]", rest.given.text):
        return
    reading = names.find(rest.given)
    if isinstance(reading, dict):
        said = plain(" ".join(str(name) for name in reading.values())).split()
        rest.take(reading, [word for word in rest.words if plain(word.text) in said])


def _take_phone(rest: _Rest) -> None:
    found = _PHONE.search(rest.given.text)
    if found is None:
        return
    reading: Reading
    try:
        reading = {"phone": mobile(found[0])}
    except PhoneError as wrong:
        reading = Wrong(PHONE_WRONG[wrong.problem])
    rest.take(reading, rest.within(*found.span()))


def _take_birth(rest: _Rest) -> None:
    """Take the birth date, else the age; a number like a date or a phone that is none is wrong."""
    day = rest.given.today
    impossible: tuple[Wrong, list[_Word]] | None = None
    for size in range(1, LONGEST_DATE + 1):
        for run in rest.runs_of(size):
            digits = re.fullmatch(r"(\d\d)(\d\d)(\d{4})", _said(run))
            date = births.birth_date("/".join(digits.groups()) if digits else _said(run), day)
            if isinstance(date, dt.date):
                rest.take({"born": date.isoformat()}, run)
                return
            if date is not None and impossible is None and not _LIKE_A_PHONE.fullmatch(_said(run)):
                impossible = date, run
    if impossible:
        rest.take(*impossible)
        return
    for run in (*rest.runs_of(2), *rest.runs_of(1)):
        if re.search(r"\d", _said(run)) and rest.take(births.find(rest.of(run)), run):
            return
    for run in rest.runs_of(1):
        if _is_an_age(run[0].text):
            rest.take({"born": int(run[0].text)}, run)
            return
        if re.fullmatch(r"\d{4}", run[0].text):
            rest.take(births.read(rest.of(run)), run)
            return


def _take_number_like_a_phone(rest: _Rest) -> None:
    """Say of a number with too many or too few digits that it is no phone number."""
    for run in rest.runs_of(1):
        if _LIKE_A_PHONE.fullmatch(run[0].text):
            reading: Reading
            try:
                reading = {"phone": mobile(run[0].text)}
            except PhoneError as wrong:
                reading = Wrong(PHONE_WRONG[wrong.problem])
            rest.take(reading, run)
            return


def _is_an_age(number: str) -> bool:
    """Whether a bare number is an age: no wilaya's written with its nought."""
    if not re.fullmatch(r"[1-9]\d{1,2}", number):
        return False
    return births.YOUNGEST_IN_PASSING <= int(number) <= births.OLDEST_BELIEVED


def _take_known(
    rest: _Rest,
    known: frozenset[str],
    widen: Callable[[_Rest, list[_Word]], list[_Word]],
    read: Callable[[Given], Reading],
) -> None:
    """Take the first words that are known, with those around them that belong to them."""
    for run in rest.runs(2):
        if plain(_said(run)) in known and _leaves_a_name(rest, run):
            whole = widen(rest, run)
            if rest.take(read(rest.of(whole)), whole):
                return


def _situation_run(rest: _Rest, run: list[_Word]) -> list[_Word]:
    """Return a situation's word with "non inscrit à l'" and its like around it."""
    first, last = rest.words.index(run[0]), rest.words.index(run[-1])
    beside = _BESIDE_SITUATIONS | _SITUATIONS
    while first and plain(rest.words[first - 1].text) in beside:
        first -= 1
    while last + 1 < len(rest.words) and _is_beside(rest.words[last + 1].text, beside):
        last += 1
    return rest.words[first : last + 1]


def _is_beside(word: str, beside: frozenset[str]) -> bool:
    return any(part in beside for part in plain(word).split())


def _situation(given: Given) -> Reading:
    """Read a situation's words; ANEM named alone says that one is registered there."""
    reading = read_situation(given)
    if not isinstance(reading, dict) or reading.get("situation") != JOBLESS:
        return reading
    words = plain(given.text)
    if not _ANEM.search(words):
        return reading
    return {"situation": "jobless" if _NOT.search(words) else "jobless_anem"}


def _level_run(rest: _Rest, run: list[_Word]) -> list[_Word]:
    """Return a qualification's word with "en électricité" after it."""
    last = rest.words.index(run[-1])
    following = rest.words[last + 1 : last + 3]
    trade = len(following) == 2 and plain(following[0].text) in _OF
    return [*run, *following] if trade and following[1].part == run[-1].part else run


def _groups(rest: _Rest) -> list[list[_Word]]:
    """Return the words left, those that stand beside each other together."""
    groups: list[list[_Word]] = []
    for word in rest.words:
        if groups and _are_neighbours(rest.given.text, [groups[-1][-1], word]):
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups
