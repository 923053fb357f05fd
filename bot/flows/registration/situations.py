"""What people do and what they can do: situation, qualification, the trade of their project."""

from __future__ import annotations

import re
import unicodedata

from actions.partners import Listed
from bot.flows.registration.names import says_nothing
from bot.forms.fields import Answer, Given, Reading, Slots, Wrong
from bot.questions import plain
from bot.text import Name, Text, _

FEWEST_LETTERS, LONGEST_TRADE = 2, 80
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
#: The same in few words.
SITUATIONS_BRIEF: dict[str, Text] = {
    "jobless_anem": _("No job, in ANEM"),
    "jobless": _("No job, not in ANEM"),
    "student": _("Student"),
    "employed": _("I work"),
    "other": _("Other"),
}
QUALIFICATIONS_BRIEF: dict[str, Text] = {
    "none": _("No diploma"),
    "know_how": _("Know-how"),
    "certificate": _("Certificate"),
    "ts": _("TS"),
    "university": _("University"),
}
TRADES_BRIEF: dict[str, Text] = {
    "fibre": _("optical fibre"),
    "civil_works": _("civil works"),
    "copper_network": _("copper network"),
    "installation": _("equipment"),
    "radio_networks": _("radio networks"),
    "ducts": _("ducts"),
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
_NO_WORK = re.compile(
    r"\bj? ?travaill\w+ (?:pas|plus)|(?:cherche|pas de|plus de) (?:du |un |de l )?"
    r"(?:travail|emploi|boulot)|ما ?نخدمش|ما ?خدامه?ش|ماني?ش? خدام|لا (?:اعمل|اشتغل)"
    r"|ما ?عنديش? خدمه|ابحث عن (?:عمل|شغل)|ma ?n[ae]?khde?mch|ma ?khdd?ame?ch|ma ?3andich? khedma"
)
_NOT_A_STUDENT = re.compile(
    r"(?:pas|plus) etudiante?|etudie (?:pas|plus)|ما ?نقراش|لا ادرس|لست طالبا?ه?|ma ?na9rach"
)
_SITUATIONS = (
    (
        JOBLESS,
        r"طالبه? (?:عمل|شغل)|\banem\b|lanem|لانام|chom|batal|بطال|شوم|sans (?:travail|emploi)",
    ),
    ("other", r"au foyer|ماكثه|ربه (?:ال)?بيت|retraite|متقاعد|autre|حاجه اخرى|haja khra|غير ذلك"),
    ("student", r"etudiant|stage|stagiaire|طالب|متربص|متكون|na9ra|نقرا"),
    (
        "employed",
        r"travail|salarie|employe|fonctionnaire|journalier|commercant|artisan|pre ?emploi|نخدم"
        r"|موظف|خدام|تاجر|قبل التشغيل|khedam|nekhdem",
    ),
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
        r"aucun|\brien\b|walou|والو|makan|بدون|sans (?:diplome|rien|qualif)|\bpas? (?:de |d )?diplo"
        r"|ma ?3andich|ما ?عنديش|ما ?قريتش|ليس لدي|لا شيء",
    ),
    ("ts", r"\bts\b|\bbts\b|technicien superieur|technicienne superieure|تقني سامي|تقنيه ساميه"),
    (
        "university",
        r"licence|lisance|master|ingenieur|doctorat|\bdeua\b|universi|\bbac ?[3-8]\b|ليسانس|ماستر"
        r"|مهندس|دكتوراه|جامعي|لاليسانس",
    ),
    (
        "certificate",
        r"\bcap\b|\bcmp\b|\bcmtc\b|\bcfpa\b|\bcqp\b|\bbt\b|certificat|sertifika|brevet"
        r"|attestation|formation professionnelle|technicien|diplome (?:de|d|en)\b|تكوين مهني"
        r"|شهاده|سيرتيفيكا|كفاءه|chahada|\bتقني",
    ),
    (
        "know_how",
        r"experience|savoir.?faire|\bje sais (?!pas)|bricol|metier|خبره|صنعه|حرفه|\bنعرف\b|san3a"
        r"|sen3a|khebra|khibra",
    ),
    ("none", r"\bbac\b(?! ?\d)|\bbem\b|terminale|niveau|باكالوريا|الباك\b|مستوى"),
)
#: "No experience either" is no know-how.
_NO_KNOW_HOW = re.compile(
    r"(?:aucune?|sans|\bni|pas d|pas de|بلا|بدون|ولا|ma3andich|ما ?عنديش) (?:l )?"
    r"(?:experience|metier|خبره|صنعه|حرفه|san3a|sen3a|khebra|khibra)"
)
_NO_DIPLOMA = re.compile(r"\b(?:pas?|sans)\s(?:de\s|d\W)?dipl[oô]m\w*", re.IGNORECASE)
#: Trades that people give for a qualification; whoever names one has its know-how at least.
_CRAFT = re.compile(
    r"soudeu(?:r|se)|electricien(?:ne)?|macon|plombier|menuisier|لحام|كهرباييه?|نجار|سباك"
)
_IN = re.compile(
    r"\s(?:en|in|f|fi|de|d|option|spécialité|specialite|في|ف|تخصص|تاع|ta3)\s+", re.IGNORECASE
)


def situations(slots: Slots) -> tuple[Answer, ...]:
    """Return the situations to choose from."""
    return tuple(
        Answer(key, label, brief=SITUATIONS_BRIEF[key]) for key, label in SITUATION_NAMES.items()
    )


def qualifications(slots: Slots) -> tuple[Answer, ...]:
    """Return the qualifications to choose from."""
    return tuple(
        Answer(key, label, brief=QUALIFICATIONS_BRIEF[key])
        for key, label in QUALIFICATION_NAMES.items()
    )


def find_situation(given: Given) -> Reading:
    """Return the situation that a text states: a plain "jobless" leaves ANEM to be asked."""
    facts = {str(e.value) for e in given.heard.entities if e.name == "fact"}
    if _NO_WORK.search(plain(given.text)):
        facts = facts - {"employed"} | {"jobless"}
    for fact, value in _STATED:
        if fact in facts:
            return {"situation": value}
    if "jobless" in facts and given.slots.get("situation") not in _KNOWN_JOBLESS:
        return {"situation": JOBLESS}
    return None


def read_situation(given: Given) -> Reading:
    """Read a text as the answer to "what is your situation?"."""
    words = _NOT_A_STUDENT.sub(" ", plain(given.text))
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
    """Read a text as the answer to "what is your qualification?", with its trade if it says one.

    Schooling alone, the baccalauréat included, is no qualification; from bac+3 on it is a
    university's. Bac+2 may be a TS or a university's, so it is not read. A trade by its name, such
    as "soudeur", is know-how.
    """
    craft = next((w for w in re.findall(r"\w+", given.text) if _CRAFT.fullmatch(plain(w))), "")
    level = _level(given.text)
    if craft and level in ("", "none"):
        level = "know_how"
    if level in ("", "none"):
        return {"qualification": level} if level else None
    named = {"qualification_trade": craft} if craft else {}
    return {"qualification": level, **named, **_trade_of(given.text)}


def read_qualification_trade(given: Given) -> Reading:
    """Read a text as the trade of a qualification, in the person's words."""
    words = _words(given.text)
    return words if words is None or isinstance(words, Wrong) else {"qualification_trade": words}


def _level(text: str) -> str:
    words = _NO_KNOW_HOW.sub("aucun", plain(text))
    levels = [level for level, pattern in _LEVELS if re.search(pattern, words)]
    # "No diploma, but a craft": what people can do is what counts.
    if levels[:1] == ["none"] and "know_how" in levels:
        return "know_how"
    return levels[0] if levels else ""


def _trade_of(text: str) -> Slots:
    parts = _IN.split(f" {_NO_DIPLOMA.sub('', text)} ", maxsplit=1)
    words = _words(parts[1]) if len(parts) == 2 else None
    return {"qualification_trade": words} if isinstance(words, str) else {}


def _words(text: str) -> str | Wrong | None:
    """Return a trade in the person's words, without characters that are not seen."""
    seen = "".join(c for c in text if c.isspace() or not unicodedata.category(c).startswith("C"))
    words = " ".join(seen.split())
    letters = sum(c.isalpha() for c in words)
    if says_nothing(words) or letters < FEWEST_LETTERS or letters < sum(map(str.isnumeric, words)):
        return None
    if len(words) > LONGEST_TRADE:
        return Wrong(_("That is a little long. Say it in a few words, please."))
    return words


class Trades:
    """The trades of the convention, and projects in people's own words."""

    def __init__(self, listed: Listed) -> None:
        self._names = {key: Name(item.fr, item.ar) for key, item in listed.items.items()}

    def answers(self, slots: Slots) -> tuple[Answer, ...]:
        """Return the convention's trades to choose from."""
        return tuple(
            Answer(key, name, brief=TRADES_BRIEF.get(key)) for key, name in self._names.items()
        )

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
