"""Where people live: a wilaya and a commune, written in one line, chosen, or shared."""

from __future__ import annotations

import re

from actions.digits import latin_digits
from actions.geography import Geography
from bot.flows.registration.names import clean
from bot.forms.fields import Answer, Given, Reading, Slots, Wrong
from bot.questions import plain
from bot.text import Name, Text, _
from nlu.client import Entity

_FILLERS = frozenset(
    plain(w)
    for w in [
        "commune",
        "wilaya",
        "de",
        "la",
        "d",
        "du",
        "des",
        "le",
        "el",
        "à",
        "a",
        "dans",
        "en",
        "ville",
        "daira",
        "habite",
        "j'habite",
        "je",
        "suis",
        "nskon",
        "neskon",
        "saken",
        "sakna",
        "men",
        "min",
        "f",
        "fi",
        "w",
        "et",
        "ana",
        "rani",
        "douar",
        "cité",
        "من",
        "في",
        "و",
        "ولاية",
        "بلدية",
        "دائرة",
        "مدينة",
        "ساكن",
        "ساكنة",
        "نسكن",
        "أسكن",
        "أنا",
        "راني",
        "دوار",
        "حي",
        "تاع",
        "ta3",
    ]
)
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
            Answer(w.code, Name(w.fr, w.ar)) for w in geography.wilayas.values()
        )

    def name(self, code: str) -> Name:
        """Return the name of a wilaya."""
        wilaya = self._geography.wilayas[code]
        return Name(wilaya.fr, wilaya.ar)

    def towns(self, slots: Slots) -> tuple[Answer, ...]:
        """Return the larger towns of the wilaya chosen, to be tapped."""
        found = [t for t in self._geography.towns if t.wilaya == slots.get("wilaya")]
        found.sort(key=lambda town: -town.population)
        return tuple(Answer(t.name, Name(t.name, t.ar or t.name)) for t in found[:6])

    def listed(self, slots: Slots) -> tuple[Answer, ...]:
        """Return every wilaya, to choose from."""
        return self.every_wilaya

    def find(self, given: Given) -> Reading:
        """Return the wilaya that a text names anywhere, and the commune that stands beside it.

        A commune that is not known is taken only where the text is a list of facts.
        """
        entity = self._wilaya_in(given)
        if entity is None:
            return None
        start, end = _part_around(given.text, entity)
        beside = self._beside(given.text[start : entity.start], given.text[entity.end : end])
        code = str(entity.value)
        a_list = len(_SEPARATOR.findall(given.text)) >= SEPARATORS_OF_A_LIST
        commune = entity.town or self._known_town(beside, code) or (beside if a_list else "")
        return {"wilaya": code, **({"commune": commune} if commune else {})}

    def read(self, given: Given) -> Reading:
        """Read a text as the answer to "where do you live?"."""
        entity = self._wilaya_in(given)
        if entity:
            code = str(entity.value)
            beside = self._beside(given.text[: entity.start], given.text[entity.end :])
            commune = entity.town or self._known_town(beside, code) or beside
            return {"wilaya": code, **({"commune": commune} if commune else {})}
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
        """Read a text as the name of a commune."""
        town = next((e.town for e in given.heard.entities if e.name == "wilaya" and e.town), "")
        if town:
            return {"commune": town}
        name = clean(given.text)
        if isinstance(name, Wrong):
            return Wrong(UNREAD_COMMUNE)
        kept = [word for word in name.split() if plain(word) not in _FILLERS]
        return {"commune": " ".join(kept)} if 0 < len(kept) <= 5 else None

    def located(self, latitude: float, longitude: float) -> Reading:
        """Return the wilaya and commune of a shared place, in degrees."""
        where = self._geography.locate(latitude, longitude)
        if where is None:
            return Wrong(AT_SEA)
        return {"wilaya": where.wilaya.code, "commune": where.town.name}

    def town_name(self, commune: str, wilaya: str) -> Name:
        """Return a commune's name in both languages, as it was written where it is not known."""
        town = self._geography.town_named(commune, wilaya)
        return Name(commune, town.ar if town and town.ar else commune)

    def _wilaya_in(self, given: Given) -> Entity | None:
        entity = next((e for e in given.heard.entities if e.name == "wilaya"), None)
        return entity if entity and str(entity.value) in self._geography.wilayas else None

    def _beside(self, before: str, after: str) -> str:
        """Return the few words beside a wilaya's name that may be a commune's, or nothing."""
        name = clean(f"{before} {after}")
        if isinstance(name, Wrong):
            return ""
        kept = [word for word in name.split() if plain(word) not in _FILLERS]
        return " ".join(kept) if len(kept) <= 3 else ""

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
