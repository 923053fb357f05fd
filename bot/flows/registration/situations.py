"""What people do and what they can do: situation, qualification, the trade of their project."""

from __future__ import annotations

import re

from actions.partners import Listed
from bot.flows.registration.names import clean
from bot.forms.fields import Answer, Given, Reading, Slots, Wrong
from bot.questions import plain
from bot.text import Name, Text, _

LONGEST_TRADE = 80
#: Without a job, and not yet asked about ANEM; never what is stored.
JOBLESS = "jobless?"

SITUATION_NAMES: dict[str, Text] = {
    "jobless_anem": _("No job, registered with ANEM"),
    "jobless": _("No job, not registered"),
    "student": _("Studying or in training"),
    "employed": _("I have a job"),
    "other": _("Something else"),
}
QUALIFICATION_NAMES: dict[str, Text] = {
    "none": _("None yet"),
    "know_how": _("Know-how, without a paper"),
    "certificate": _("Vocational certificate"),
    "ts": _("Higher technician (TS)"),
    "university": _("University diploma"),
}
SITUATION_UNREAD = _("Tap what fits best, or write it: “registered with ANEM”, “student”.")
QUALIFICATION_UNREAD = _("Tap what fits best, or write it with its trade: “TS in electricity”.")
TRADE_UNREAD = _("Say it in a few words, for example: optical fibre.")

_STATED = (
    ("anem", "jobless_anem"),
    ("not_anem", "jobless"),
    ("student", "student"),
    ("employed", "employed"),
)
_KNOWN_JOBLESS = frozenset({"jobless_anem", "jobless", JOBLESS})
_SITUATIONS = (
    (
        JOBLESS,
        r"طالبه? (?:عمل|شغل)|\banem\b|lanem|لانام|chom|batal|بطال|شوم|sans (?:travail|emploi)",
    ),
    ("student", r"etudiant|stage|stagiaire|طالب|متربص|متكون|na9ra|نقرا"),
    ("employed", r"travail|salarie|employe|fonctionnaire|نخدم|موظف|خدام|khedam|nekhdem"),
    ("other", r"autre|حاجه اخرى|haja khra|غير ذلك"),
)
_REGISTERED = re.compile(r"inscri|enregistre|carte|مسجل|كارط|بطاقه|msaj|mssaj|karta|carta")
_NOT = re.compile(
    r"\b(?:pas|non|jamais|pa|sans carte)\b|ماني|مانيش|ماعنديش|ما عنديش|غير|بلا|لست|manich|mani\b"
    r"|ma3andich"
)

#: The likeliest reading first: a TS is no plain certificate, and "without a diploma" is no diploma.
_LEVELS = (
    (
        "none",
        r"aucun|rien|walou|والو|makan|بدون|sans (?:diplome|rien|qualif)|ma3andich|ماعنديش"
        r"|ما عنديش|ليس لدي|لا شيء",
    ),
    ("ts", r"\bts\b|\bbts\b|technicien superieur|technicienne superieure|تقني سامي|تقنيه ساميه"),
    (
        "university",
        r"licence|lisance|master|ingenieur|doctorat|\bdeua\b|universi|ليسانس|ماستر|مهندس"
        r"|دكتوراه|جامعي|لاليسانس",
    ),
    (
        "certificate",
        r"\bcap\b|\bcmp\b|\bcmtc\b|\bcfpa\b|\bcqp\b|\bbt\b|certificat|sertifika|brevet"
        r"|attestation|formation professionnelle|تكوين مهني|شهاده|سيرتيفيكا|كفاءه"
        r"|chahada",
    ),
    (
        "know_how",
        r"experience|savoir.?faire|bricol|metier|خبره|صنعه|حرفه|san3a|sen3a|khebra|khibra",
    ),
)
_IN = re.compile(
    r"\s(?:en|in|f|fi|de|d|option|spécialité|specialite|في|ف|تخصص|تاع|ta3)\s+", re.IGNORECASE
)


def situations(slots: Slots) -> tuple[Answer, ...]:
    """Return the situations to choose from."""
    return tuple(Answer(key, label) for key, label in SITUATION_NAMES.items())


def qualifications(slots: Slots) -> tuple[Answer, ...]:
    """Return the qualifications to choose from."""
    return tuple(Answer(key, label) for key, label in QUALIFICATION_NAMES.items())


def find_situation(given: Given) -> Reading:
    """Return the situation that a text states: a plain "jobless" leaves ANEM to be asked."""
    facts = {str(e.value) for e in given.heard.entities if e.name == "fact"}
    for fact, value in _STATED:
        if fact in facts:
            return {"situation": value}
    if "jobless" in facts and given.slots.get("situation") not in _KNOWN_JOBLESS:
        return {"situation": JOBLESS}
    return None


def read_situation(given: Given) -> Reading:
    """Read a text as the answer to "what is your situation?"."""
    words = plain(given.text)
    found = find_situation(given)
    if found is None:
        value = next((value for value, said in _SITUATIONS if re.search(said, words)), None)
        found = {"situation": value} if value else None
    if isinstance(found, dict) and found.get("situation") == JOBLESS and _REGISTERED.search(words):
        return {"situation": "jobless" if _NOT.search(words) else "jobless_anem"}
    return found


def read_anem(given: Given) -> Reading:
    """Read a text as the answer to "are you registered with ANEM?", beside a yes or a no."""
    words = plain(given.text)
    if _REGISTERED.search(words):
        return {"anem": not _NOT.search(words)}
    return None


def settled(situation: str, anem: object) -> str:
    """Return a situation once ANEM was asked about."""
    if situation != JOBLESS:
        return situation
    return "jobless_anem" if anem is True else "jobless"


def find_qualification(given: Given) -> Reading:
    """Return the qualification that one part of a text of several parts states, with its trade."""
    parts = re.split(r"[,،;.\n]", given.text)
    if len(parts) == 1:
        return None
    for part in parts:
        level = _level(part)
        if level and level != "none":
            return {"qualification": level, **_trade_of(part)}
    return None


def read_qualification(given: Given) -> Reading:
    """Read a text as the answer to "what is your qualification?", with its trade if it says one."""
    level = _level(given.text)
    return {"qualification": level, **_trade_of(given.text)} if level else None


def read_qualification_trade(given: Given) -> Reading:
    """Read a text as the trade of a qualification, in the person's words."""
    words = _words(given.text)
    return words if words is None or isinstance(words, Wrong) else {"qualification_trade": words}


def _level(text: str) -> str:
    words = plain(text)
    return next((level for level, pattern in _LEVELS if re.search(pattern, words)), "")


def _trade_of(text: str) -> Slots:
    parts = _IN.split(f" {text} ", maxsplit=1)
    words = _words(parts[1]) if len(parts) == 2 else None
    return {"qualification_trade": words} if isinstance(words, str) else {}


def _words(text: str) -> str | Wrong | None:
    words = " ".join(text.split())
    if len(words) > LONGEST_TRADE:
        return Wrong(_("That is a little long. Say it in a few words, please."))
    cleaned = clean(words)
    return words if isinstance(cleaned, str) else None


class Trades:
    """The trades of the convention, and projects in people's own words."""

    def __init__(self, listed: Listed) -> None:
        self._names = {key: Name(item.fr, item.ar) for key, item in listed.items.items()}

    def answers(self, slots: Slots) -> tuple[Answer, ...]:
        """Return the convention's trades to choose from."""
        return tuple(Answer(key, name) for key, name in self._names.items())

    def find(self, given: Given) -> Reading:
        """Return the convention's trade that a text names."""
        named = [str(e.value) for e in given.heard.entities if e.name == "trade"]
        key = next((key for key in named if key in self._names), None)
        return {"trade": key} if key else None

    def read(self, given: Given) -> Reading:
        """Read a text as the project's trade: one of the convention's, else their own words."""
        found = self.find(given)
        if found:
            return found
        words = _words(given.text)
        return words if words is None or isinstance(words, Wrong) else {"trade": f"«{words}"}

    def shown(self, value: str) -> Name:
        """Return a trade's name, or the person's own words."""
        words = value.removeprefix("«")
        return self._names.get(value, Name(words, words))


def trade_slots(value: str) -> tuple[str, str]:
    """Return a trade's slot as the key and the words that are stored, one of them empty."""
    return ("", value.removeprefix("«")) if value.startswith("«") else (value, "")
