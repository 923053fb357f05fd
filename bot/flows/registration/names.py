"""Given and family names, in Arabic or Latin letters."""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest

from bot.forms.fields import Given, Reading, Wrong
from bot.questions import does_not_know, plain, yes_or_no
from bot.text import _
from nlu.client import Understanding

SHORTEST, LONGEST = 2, 60
#: More words than this, particles such as "ben" and "el" aside, are a sentence, not a name.
MOST_WORDS = 5

#: Whole words only: Yasmine is ياسمين, and no اسمي is in it.
_CUE = re.compile(
    r"(?<!\w)(?:je m\W?appelle|mon nom(?: complet)? (?:est|c\W?est)|moi c\W?est|smiti|smiyti|esmi"
    r"|ismi|[اإ]سمي(?: الكامل)?(?: هو)?|سميتي|nom(?: et pr[ée]nom)?(?=\s*:)"
    r"|الاسم(?: واللقب)?(?=\s*:))(?!\w)\s*:?\s*",
    re.IGNORECASE,
)
_END = re.compile(
    r"[,،;؛\n.!?؟\d]|\b(?:et j\W?|et je|je suis|j\W?ai|n[ée]e?|de la|de|du|habite|tel|mon|ma|men"
    r"|min|w|rani|3omri|3andi|من|عمري|عندي|راني|ولدت|مولودة?|ساكنة?|نسكن|أسكن|رقمي|بطالة?)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?P<given_name>pr[ée]noms?|الاسم|الإسم)|(?P<family_name>\bnom(?: de famille)?|اللقب))"
    r"\s*[:=]\s*",
    re.IGNORECASE,
)


def _plain_words(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split("|"))


#: Said before a name, and no part of it.
_BEFORE = _plain_words(
    "هو|هي|أنا|انا|مرحبا|سلام|السلام|عليكم|السيد|السيدة|الآنسة|ana|moi|c'est|m|mr|mme|mlle|monsieur"
    "|madame|bonjour|bonsoir|salut|salam|slm"
)
#: Whole texts that answer no question of what one is called, where one lives or what one does.
_ASKING = _plain_words(
    "pourquoi|quoi|c'est quoi|comment|comment ça|pas compris|j'ai pas compris|je n'ai pas compris"
    "|j'ai rien compris|علاش|واش|كيفاش|لماذا|ماذا|وعلاش|ما فهمتش|مافهمتش|لم أفهم|3lach|3lah|wach"
    "|wesh|kifach|mafhemtch|ma fhemtch"
)
#: Words of a sentence, which no name has.
_IN_SENTENCES = _plain_words(
    "je|j|vous|pas|quoi|pourquoi|comment|علاش|واش|كيفاش|لماذا|ماذا|3lach|wach|kifach|compris|merci|شكرا|نحب|راني"
)
_ABD = _plain_words("عبد|abd|abdel|abdou")
#: Given names that "El ..." makes longer: Mohamed El Amine, Nour El Houda.
_GIVEN_HEADS = _ABD | _plain_words(
    "محمد|فاطمة|نور|سيف|شمس|بدر|عز|صلاح|mohamed|mohammed|fatima|nour|noor|seif|chams|salah|badr|azz"
)
_LINKS = _plain_words("el|al|ed|ez|es")
#: Second words that make one given name with the first.
_GIVEN_TAILS = _plain_words(
    "الدين|الزهراء|الله|الهدى|الإسلام|الأمين|eddine|edine|dine|ezzahra|zohra|zahra|allah|elislam"
    "|elhouda|elamine"
)
#: Words that begin a family name, wherever they stand, and those that do so after a given name.
_FAMILY_FIRST = _plain_words("بن|ابن|بنت|ولد|أولاد|آيت|ben|bent|ould|ait")
_FAMILY_HEADS = _FAMILY_FIRST | _plain_words("بو|سي|bou|si|el|al")
_PARTICLES = _FAMILY_HEADS | _LINKS | _ABD

ONE_LETTER = _("One letter is not enough. Write your given name and family name: Amina Benali.")
TOO_LONG = _("That is too long for a name. Write only your given name and family name.")
DIGITS = _("A name has no digits. Write your given name and family name: Amina Benali.")
UNREAD = _("Write your given name, then your family name, for example: Amina Benali.")


def find(given: Given) -> Reading:
    """Return the name that a text states: after "je m'appelle", "اسمي"…, or standing apart.

    Words before a comma are taken for a name only where other facts follow them.
    """
    labelled = _labelled(given.text)
    if labelled:
        return labelled
    if _CUE.search(given.text):
        stated = _stated(given.text)
    else:
        parts = re.split(r"[,،;\n]", given.text)
        named = {(e.start, e.end) for e in given.heard.entities if e.name != "phone"}
        if len(parts) < 3 or any(start < len(parts[0]) for start, _end in named):
            return None
        stated = parts[0]
        if not 2 <= len(stated.split()) <= 4:
            return None
    reading = split(stated)
    return None if isinstance(reading, Wrong) else reading


def read(given: Given) -> Reading:
    """Read a text as the answer to "what is your name?"."""
    return _labelled(given.text) or split(_stated(given.text))


def read_family(given: Given) -> Reading:
    """Read a text as a family name alone."""
    words = _without_greeting(_LABEL.sub("", _stated(given.text)))
    if _is_a_sentence(words):
        return None
    name = clean(" ".join(words))
    return name if isinstance(name, Wrong) else {"family_name": name}


def says_nothing(text: str) -> bool:
    """Whether a whole text is a yes, a no, "I don't know" or a bare question: no name at all."""
    words = plain(text)
    unsure = does_not_know(text) or words in _ASKING
    return unsure or (" " not in words and bool(yes_or_no(words, Understanding(()))))


def split(text: str) -> Reading:
    """Return a whole name as given name and family name; a given name alone, if it is all.

    The given name comes first, unless the family name is told by its capitals or by its "Ben" or
    "Aït"; compounds such as عبد القادر or Ben Ali stay together. Which words belong to which can't
    be known for certain, so people are shown both before they send them.
    """
    words = _without_greeting(text)
    name = clean(" ".join(words))
    if _is_a_sentence(words) and name != Wrong(TOO_LONG):
        return None
    if isinstance(name, Wrong):
        return name
    words, cased = _letters(" ".join(words)).split(), name.split()
    bare = [plain(word) for word in words]
    first = _family_at_the_front(words, bare)
    if first:
        return {"given_name": " ".join(cased[first:]), "family_name": " ".join(cased[:first])}
    cut = _capitals_at_the_end(words) or _where_the_family_begins(bare)
    family = " ".join(cased[cut:])
    return {"given_name": " ".join(cased[:cut]), **({"family_name": family} if family else {})}


def clean(text: str) -> str | Wrong:
    """Return a name without what does not belong in one, or why it is none.

    Latin words in small or in capital letters get one capital; the length is that of the result.
    """
    if any(c.isnumeric() for c in text):
        return Wrong(DIGITS)
    name = " ".join(
        word.title() if word.islower() or word.isupper() else word
        for word in _letters(text).split()
    )
    if len(name) > LONGEST:
        return Wrong(TOO_LONG)
    if sum(c.isalpha() for c in name) < SHORTEST:
        return Wrong(ONE_LETTER if name else UNREAD)
    return name


def _letters(text: str) -> str:
    """Return the letters of a text, its apostrophes and hyphens, and single spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) != "Cf")
    letters = "".join(
        c if c.isalpha() or unicodedata.combining(c) or c in " '’-" else " " for c in bare
    )
    words = (word.strip("'’-") for word in letters.split())
    return " ".join(word for word in words if word)


def _stated(text: str) -> str:
    """Return what follows "je m'appelle" and its like, else the whole text."""
    cue = _CUE.search(text)
    return _END.split(text[cue.end() :], maxsplit=1)[0] if cue else text


def _labelled(text: str) -> dict[str, str]:
    """Return both names of a text that labels them: "nom: Benali prénom: Sofiane"."""
    labels = list(_LABEL.finditer(text))
    names: dict[str, str] = {}
    for label, following in zip_longest(labels, labels[1:]):
        end = following.start() if following else len(text)
        name = clean(_END.split(text[label.end() : end].strip(), maxsplit=1)[0])
        if isinstance(name, str):
            names[str(label.lastgroup)] = name
    return names if len(names) == 2 else {}


def _without_greeting(text: str) -> list[str]:
    words = text.split()
    while words and not says_nothing(text) and (plain(words[0]) in _BEFORE or not plain(words[0])):
        del words[0]
    return words


def _is_a_sentence(words: list[str]) -> bool:
    """Whether words are no name: a sentence, a bare question, a yes or a no, or none at all."""
    said = plain(" ".join(words)).split()
    own = [word for word in said if word not in _PARTICLES]
    asks = says_nothing(" ".join(words)) or not _IN_SENTENCES.isdisjoint(said)
    return not words or asks or len(own) > MOST_WORDS


def _family_at_the_front(words: list[str], bare: list[str]) -> int:
    """Return how many words a family name at the front has: 0 when the given name is there."""
    capitals = _capitals(words)
    if capitals and not any(_capitals([word]) for word in words[capitals:]):
        return capitals
    if bare[0] not in _FAMILY_FIRST:
        return 0
    end = 1 + _one_name(bare[1:])
    return end if end < len(words) else 0


def _capitals_at_the_end(words: list[str]) -> int:
    """Return where a family name in capitals begins after a given name, or 0."""
    capitals = _capitals(words[::-1])
    return len(words) - capitals if capitals else 0


def _capitals(words: list[str]) -> int:
    """Return how many words in capitals stand at the front, before one that is not."""
    count = 0
    while count < len(words) and len(words[count]) > 1 and words[count].isupper():
        count += 1
    return count % len(words)


def _where_the_family_begins(bare: list[str]) -> int:
    """Return the index of a family name's first word: after the last, when there is none."""
    cut = len(bare) if bare[0] in _FAMILY_FIRST else _one_name(bare)
    for index in range(cut, len(bare)):
        compound = bare[index] in _LINKS and bare[index - 1] in _GIVEN_HEADS
        if bare[index] in _FAMILY_HEADS and not compound:
            return index
    # Two given names are more usual here than two family names: Amina Nour Benali.
    second = _one_name(bare[cut:])
    return cut + second if cut == 1 and cut + second < len(bare) else cut


def _one_name(bare: list[str]) -> int:
    """Return how many words the name at the front has: 3 for Mohamed El Amine."""
    if len(bare) > 2 and bare[0] in _GIVEN_HEADS and bare[1] in _LINKS:
        return 3
    if len(bare) > 1 and (bare[0] in _ABD or bare[1] in _GIVEN_TAILS):
        return 2
    return 1
