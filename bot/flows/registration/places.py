"""Where people live: a wilaya and a commune, written in one line, chosen, or shared."""

from __future__ import annotations

import re

from actions.digits import latin_digits
from actions.geography import Geography
from bot.flows.registration.names import clean, says_nothing
from bot.forms.fields import Answer, Given, Reading, Slots, Wrong
from bot.questions import plain
from bot.text import Name, Place, Text, _
from nlu.client import Entity


def _words(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split("|"))


#: Said around a commune's name, and no part of it.
_AROUND = _words(
    "commune|wilaya|de|d|du|des|à|a|dans|en|ville|daira|j|habite|jhabite|jabite|je|suis|nskon|neskon"
    "|saken|sakna|men|min|f|fi|w|et|ana|rani|من|في|و|ولاية|بلدية|ببلدية|دائرة|مدينة|ساكن|ساكنة|نسكن"
    "|أسكن|أقيم|أنا|راني|تاع|ta3"
)
#: Words of a sentence or of a street, which no commune has.
_NO_COMMUNE = _words(
    "a|à|f|fi|في|من|men|mais|et|est|près|loin|né|née|je|j|suis|habite|jabite|rani|راني|ولدت|pas|rue|avenue|bd"
    "|boulevard|cité|cite|hai|douar|lotissement|bloc|حي|شارع|نهج|دوار|عمارة"
)
_LINKS = _words("a|à|f|fi|في|mais|men|من")
_CENTRE = _words("ville|centre|centre ville|le centre|وسط المدينة|المدينة|لفيل|la ville|chef lieu")
_COMMUNE = re.compile(
    r"(?:commune|بلدية|baladi[ay]a)\s+(?:de |d[’'])?([^,،;؛\n]+?)"
    r"(?=\s+(?:wil+aya|ولاية)|[,،;؛\n]|$)",
    re.IGNORECASE,
)
#: What stands right before a wilaya's name, the surest first: "wilaya de", "j'habite à", anything
#: else, and the place of birth last of all.
_NAMED = re.compile(r"(?:wil+aya|ولاي[ةه])\W*(?:de |d\W|ta3 |تاع )?$", re.IGNORECASE)
_LIVES = re.compile(
    r"(?:habite|r[ée]side|nes?kon|sa?ken|sakna|ساكنة?|نسكن|أسكن|اسكن|أقيم|مقيمة?)"
    r"\W*(?:à|a|dans|en|f|fi|في|ف|ب)?\W*$",
    re.IGNORECASE,
)
_BORN = re.compile(r"\b(?:n[ée]e?|ولدت|مولودة?|z[ea]dt)\W*(?:à|a|f|fi|في|ف)?\W*$", re.IGNORECASE)
#: The most words of a commune's name: where it is marked as one, and where it only stands there.
MOST_WORDS, MOST_BESIDE = 5, 3
_SEPARATOR = re.compile(r"[,،;؛\n]")
#: A text with this many of them lists facts.
SEPARATORS_OF_A_LIST = 2
UNREAD = _("Write your commune and your wilaya, for example: El Eulma, Sétif.")
UNREAD_COMMUNE = _("Write the name of your commune, for example: El Eulma.")
AT_SEA = _("That place is not in Algeria. Write your commune and your wilaya: El Eulma, Sétif.")


class Places:
    """Reads places with the country's wilayas and towns."""

    def __init__(self, geography: Geography) -> None:
        self._geography = geography
        self.every_wilaya = tuple(
            Answer(w.code, Place(w.fr, w.ar)) for w in geography.wilayas.values()
        )

    def name(self, code: str) -> Name:
        """Return the name of a wilaya."""
        wilaya = self._geography.wilayas[code]
        return Place(wilaya.fr, wilaya.ar)

    def towns(self, slots: Slots) -> tuple[Answer, ...]:
        """Return the larger towns of the wilaya chosen, to be tapped."""
        found = [t for t in self._geography.towns if t.wilaya == slots.get("wilaya")]
        found.sort(key=lambda town: -town.population)
        return tuple(Answer(t.name, Place(t.name, t.ar or t.name)) for t in found[:6])

    def listed(self, slots: Slots) -> tuple[Answer, ...]:
        """Return every wilaya, to choose from."""
        return self.every_wilaya

    def find(self, given: Given) -> Reading:
        """Return the wilaya that a text names anywhere, and the commune that stands beside it.

        A commune that is not known is taken only where the text is a list of facts. A bare number
        names no wilaya here: it may be an age.
        """
        entity = self._wilaya_in(given, numbers=False)
        if entity is None:
            return None
        start, end = _part_around(given.text, entity)
        beside = f"{given.text[start : entity.start]} {given.text[entity.end : end]}"
        a_list = len(_SEPARATOR.findall(given.text)) >= SEPARATORS_OF_A_LIST
        unknown = _commune(beside, MOST_BESIDE) if a_list else ""
        return self._place(given, entity, beside, unknown)

    def read(self, given: Given) -> Reading:
        """Read a text as the answer to "where do you live?"."""
        entity = self._wilaya_in(given, numbers=True)
        if entity:
            before, after = given.text[: entity.start], given.text[entity.end :]
            beside = f"{before} {after}"
            parted = _SEPARATOR.search(before[-3:] + after[:3])
            unknown = _commune(beside, MOST_WORDS if parted else MOST_BESIDE)
            return self._place(given, entity, beside, unknown)
        number = re.search(r"(?<!\d)\d{1,3}(?!\d)", latin_digits(given.text))
        if number:
            code = f"{int(number[0]):02}"
            if code in self._geography.wilayas:
                return {"wilaya": code}
            most = max(self._geography.wilayas)
            return Wrong(
                _("There is no wilaya {n}: they go from 1 to {most}.", n=number[0], most=most)
            )
        candidates = next((e.candidates for e in given.heard.entities if e.name == "wilaya"), ())
        if candidates:
            return Wrong(self._which(candidates))
        return self._named(given.text)

    def _named(self, text: str) -> Reading:
        """Read a whole text as the name of a wilaya, for when Rasa can't be asked."""
        for wilaya in self._geography.wilayas.values():
            names = (wilaya.fr, wilaya.ar, *wilaya.aliases.split("|"))
            if plain(text) in {plain(name) for name in names if name}:
                return {"wilaya": wilaya.code}
        return None

    def read_commune(self, given: Given) -> Reading:
        """Read a text as the name of a commune; the wilaya's own name is its chief town's."""
        if any(c.isnumeric() for c in given.text):
            return Wrong(UNREAD_COMMUNE)
        code = str(given.slots.get("wilaya") or "")
        entity = next((e for e in _wilayas(given) if not code or e.value == code), None)
        commune = entity.town if entity else ""
        if entity and not commune:
            beside = f"{given.text[: entity.start]} {given.text[entity.end :]}"
            commune = self._commune_beside(beside, str(entity.value))
            commune = commune or _commune(beside, MOST_WORDS)
            if not commune and not _stripped(beside):
                commune = self._chief_town(str(entity.value))
        elif not commune:
            commune = self._commune_beside(given.text, code) or _commune(given.text, MOST_WORDS)
        return {"commune": commune} if commune else None

    def located(self, latitude: float, longitude: float) -> Reading:
        """Return the wilaya and commune of a shared place, in degrees."""
        where = self._geography.locate(latitude, longitude)
        if where is None:
            return Wrong(AT_SEA)
        return {"wilaya": where.wilaya.code, "commune": where.town.name}

    def town_name(self, commune: str, wilaya: str) -> Name:
        """Return a commune's name in both languages, as it was written where it is not known."""
        town = self._geography.town_named(commune, wilaya)
        return Place(commune, town.ar if town and town.ar else commune)

    def _wilaya_in(self, given: Given, *, numbers: bool) -> Entity | None:
        """Return the wilaya that a text most likely says one lives in."""

        def rank(entity: Entity) -> int:
            before = given.text[: entity.start]
            marks = (_NAMED, _LIVES, None, _BORN)
            return next((n for n, mark in enumerate(marks) if mark and mark.search(before)), 2)

        named = [
            e
            for e in _wilayas(given)
            if str(e.value) in self._geography.wilayas
            and (numbers or not given.text[e.start : e.end].strip().isdecimal())
        ]
        return min(named, key=rank, default=None)

    def _place(self, given: Given, entity: Entity, beside: str, unknown: str) -> Slots:
        """Return a wilaya with its commune: heard by Rasa, marked or known, else as written."""
        code = str(entity.value)
        heard = next((e.town for e in _wilayas(given) if e.value == code and e.town), "")
        commune = heard or self._commune_beside(beside, code) or unknown
        return {"wilaya": code, **({"commune": commune} if commune else {})}

    def _commune_beside(self, text: str, wilaya: str) -> str:
        """Return the commune in the words beside a wilaya's name that are sure to hold one."""
        if wilaya and plain(text) in _CENTRE:
            return self._chief_town(wilaya)
        marked = _COMMUNE.search(text)
        name = _commune(marked[1], MOST_WORDS) if marked else ""
        return self._known_town(name or _stripped(text), wilaya) or name

    def _chief_town(self, wilaya: str) -> str:
        """Return the name of the town that a wilaya is called after."""
        name = self._geography.wilayas[wilaya].fr
        return self._known_town(name, wilaya) or name

    def _known_town(self, name: str, wilaya: str) -> str:
        """Return a town's main name, when a name is one of its spellings in that wilaya."""
        wanted = plain(name)
        for town in self._geography.towns:
            spellings = (town.name, town.ar, *town.aliases.split("|"))
            if town.wilaya == wilaya and wanted and wanted in map(plain, spellings):
                return town.name
        return ""

    def _which(self, candidates: tuple[str, ...]) -> Text:
        names = tuple(self.name(code) for code in candidates if code in self._geography.wilayas)
        return _("Several wilayas have that name: {names}. Write the whole name.", names=names)


def _part_around(text: str, entity: Entity) -> tuple[int, int]:
    """Return where the part of a list that holds an entity begins and ends."""
    ends = [m.start() for m in _SEPARATOR.finditer(text)]
    start = max((e + 1 for e in ends if e < entity.start), default=0)
    return start, min((e for e in ends if e >= entity.end), default=len(text))


def _wilayas(given: Given) -> list[Entity]:
    """Return the wilayas that Rasa heard, but the word "commune" that it took for Blida."""
    heard = (e for e in given.heard.entities if e.name == "wilaya")
    return [e for e in heard if "بلديه" not in plain(given.text[e.start : e.end])]


def _stripped(text: str) -> str:
    """Return a name without the words said around it."""
    name = clean(text)
    words = name.split() if isinstance(name, str) else []
    while words and _AROUND.issuperset(plain(words[0]).split()):
        del words[0]
    while words and plain(words[-1]) in _AROUND:
        words.pop()
    return " ".join(words)


def _commune(text: str, most: int) -> str:
    """Return the words that may be the name of a commune that is not known, or nothing.

    A preposition that links them to the wilaya's name says that they are not: "jabite a Blida".
    """
    name = _stripped(text)
    said = plain(name).split()
    ends = plain(text).split()[-1:]
    sentence = not _NO_COMMUNE.isdisjoint(said) or not _LINKS.isdisjoint(ends)
    return "" if sentence or says_nothing(name) or len(said) > most else name
