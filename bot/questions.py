"""What a free text asks: the words that always work, its questions, and how sure we are of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from nlu.client import Understanding

#: From which confidence to answer, to ask "did you mean…?", and to say that it is off topic: by
#: what each mistake costs in cross-validation (docs/understanding has the table).
ANSWER = 0.70
SUGGEST = 0.20
REFUSE = 0.65
#: Two intents closer than this are both possible.
CLOSE = 0.12

#: The intent of what is none of our business, nonsense included.
OFF_TOPIC = "out_of_scope"

#: From this confidence on, a "yes" or a "no" that Rasa hears answers a question.
SURE = 0.5

#: A message is cut into questions only when each part could stand alone.
MOST_QUESTIONS = 3
SHORTEST_QUESTION = 2

Word = Literal["menu", "help", "french", "arabic", "cancel"]

_WORDS: dict[Word, str] = {
    "menu": "menu|القائمة|قائمة|لقائمة|المينو|مينو|el menu|lmenu|menou|retour|رجوع",
    "help": "aide|help|aidez moi|مساعدة|مساعده|المساعدة|عاوني|3aweni|awni",
    "french": "francais|en francais|fr|french|francé|بالفرنسية|فرنسية|الفرنسية|بالفرونسي|francee",
    "arabic": "arabe|en arabe|ar|arabic|العربية|بالعربية|عربية|عربي|بالعربي|3arbia|3arbiya"
    "|bel3arbia|b l3arbia|bl3arbiya",
    "cancel": "stop|annuler|annule|arreter|quitter|إلغاء|الغاء|توقف|حبس|بركا|baraka|barka|7abes"
    "|habes|nelghi|نلغي",
}


def plain(text: str) -> str:
    """Return a text without case, accents, Arabic marks, hamza forms or punctuation."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in bare if unicodedata.category(c) not in {"Mn", "Cf"}).replace("ـ", "")
    bare = bare.translate(str.maketrans("ىةڨڤٱ", "يهققا"))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


_ALWAYS: dict[str, Word] = {
    plain(spelling): word for word, spellings in _WORDS.items() for spelling in spellings.split("|")
}


#: Words that move an open form, where they are a whole message.
FormWord = Literal["back", "skip", "continue", "send", "correct"]
_FORM_WORDS: dict[FormWord, str] = {
    "back": "retour|arriere|en arriere|precedent|question precedente|revenir|رجوع|ارجع|السابق|نولي"
    "|نرجع|nwelli|nweli|nerja3|narja3|rja3|lour|back",
    "skip": "passer|passe|je passe|sauter|skip|plus tard|تخطي|تخطى|فوت|نفوت|من بعد|مبعد|nfout"
    "|nfawet|fawet|men ba3d|mn ba3d|mba3d",
    "continue": "continuer|continue|continuez|on continue|reprendre|je continue|كمل|نكمل|نكملو"
    "|واصل|نواصل|nkemel|nkamel|nkaml|kemel|kamel|nkemlou|allez y",
    "correct": "corriger|corrige|modifier|modifie|changer|تصحيح|صحح|نصحح|تغيير|بدل|نبدل|badel"
    "|nbadel|sahah|nsahah",
    "send": "envoyer|envoie|envoi|envoyez|confirmer|je confirme|valider|je valide|c est bon"
    "|tout est bon|ابعث|ابعثها|ارسل|أرسل|إرسال|ارسال|نبعث|صيفط|صيفطها|تأكيد|أؤكد|نأكد|كلش صحيح"
    "|كلش مليح|sift|sifet|b3at|b3atha|nab3at|koulch mlih",
}
_IN_FORMS: dict[str, FormWord] = {
    plain(spelling): word
    for word, spellings in _FORM_WORDS.items()
    for spelling in spellings.split("|")
}


def _spellings(words: str) -> frozenset[str]:
    return frozenset(plain(spelling) for spelling in words.split("|"))


_YES = _spellings(
    "oui|ouais|wi|yes|yep|ok|okay|dac|d'accord|نعم|ايه|اه|واه|أجل|صح|أوكي|موافق|موافقة|ih|iyeh|wah"
    "|ey|n3am|mouafe9|hih|j'accepte|jaccepte|accepte|vas y|أوافق|قبلت|نقبل|na9bel|nakbel"
)
_NO = _spellings("non|nn|nan|no|لا|لالا|lala|kalla|كلا")
_NO_IDEA = _spellings(
    "je sais pas|je ne sais pas|jsp|chais pas|j sais pas|aucune idée|peut-être|peut etre|pt etre"
    "|ça dépend|لا أعرف|لا اعلم|ما نعرفش|مانعرفش|ما علاباليش|معلاباليش|بالاك|ربما|ma na3refch"
    "|mana3rafch|ma3labalich|m3labalich|balak"
)


#: Words that ask something, with or without a question mark, and words that greet or thank.
_ASKING = _spellings(
    "quel|quels|quelle|quelles|combien|comment|quand|ou|pourquoi|pk|quoi|koi|qui|est|faut|peut on"
    "|كيف|كيفاش|كيفاه|واش|شحال|قداش|وين|أين|متى|وقتاش|وقتاه|علاش|لماذا|ما|ماذا|هل|شكون|واشنو"
    "|kifach|kifah|kifech|wach|chhal|ch7al|win|wine|wayn|waktach|wa9tach|w9tach|3lach|chkoun"
)
_GREETING = _spellings(
    "salam|slm|salut|bonjour|bjr|bonsoir|bsr|coucou|cc|hello|merci|mrc|saha|sahit|chokran|choukran"
    "|سلام|السلام|مرحبا|اهلا|شكرا|صحيت|بارك|صباح|مساء"
)


def is_talk(text: str) -> bool:
    """Whether a text, taken by its words alone, asks something, greets or thanks."""
    words = plain(text).split()
    return bool(_ASKING.intersection(words)) or bool(words and words[0] in _GREETING)


def word_of_a_form(text: str) -> FormWord | None:
    """Return the word of a form that a whole message is."""
    return _IN_FORMS.get(plain(text))


def does_not_know(text: str) -> bool:
    """Whether a whole message says "I don't know" or "perhaps", in any of the languages."""
    return plain(text) in _NO_IDEA


def yes_or_no(text: str, heard: Understanding) -> Literal["affirm", "deny", ""]:
    """Return whether a text says yes or no: by its first word, else as Rasa heard it."""
    if does_not_know(text):
        return ""
    words = plain(text).split()
    for first in (" ".join(words[:2]), " ".join(words[:1])):
        if first in _YES or first in _NO:
            return "affirm" if first in _YES else "deny"
    if heard.confidence >= SURE and heard.intent in ("affirm", "deny"):
        return "affirm" if heard.intent == "affirm" else "deny"
    return ""


def word_that_always_works(text: str) -> Word | None:
    """Return the word a whole message is, known without asking Rasa."""
    return _ALWAYS.get(plain(text))


def split_questions(text: str) -> list[str]:
    """Return the questions of a message: the text itself, or its parts when it asks several.

    At most three; what comes before a question, such as a greeting or a story, stays with it.
    """
    whole = " ".join(text.split())
    parts = [p.strip() for p in re.findall(r"[^?؟]+[?؟]*", whole)]
    parts = [p for p in parts if re.search(r"\w", p)]
    if len(parts) < 2 or any(len(plain(p).split()) < SHORTEST_QUESTION for p in parts):
        return [whole]
    if len(parts) > MOST_QUESTIONS:
        parts = [*parts[: MOST_QUESTIONS - 1], " ".join(parts[MOST_QUESTIONS - 1 :])]
    return parts


@dataclass(frozen=True)
class Decision:
    """What to do about one question: answer an intent, ask which of some, or say we can't tell."""

    verdict: Literal["answer", "suggest", "miss"]
    intents: tuple[str, ...] = ()


def decide(heard: Understanding, *, offered: frozenset[str]) -> Decision:
    """Judge an understanding; only intents in `offered` are worth asking "did you mean" about."""
    off_topic = next((sure for name, sure in heard.ranking if name == OFF_TOPIC), 0.0)
    if off_topic >= REFUSE:
        return Decision("answer", (OFF_TOPIC,))
    on_topic = [(name, sure) for name, sure in heard.ranking if name != OFF_TOPIC]
    (first, sure), *others = on_topic or [("", 0.0)]
    second, next_sure = others[0] if others else ("", 0.0)
    close = sure - next_sure < CLOSE and second in offered and first in offered
    if sure >= ANSWER and not close:
        return Decision("answer", (first,))
    likely = tuple(name for name, c in on_topic[:3] if name in offered and c >= sure / 3)
    if sure >= SUGGEST and likely:
        return Decision("suggest", likely)
    if off_topic >= SUGGEST and off_topic > sure:
        return Decision("answer", (OFF_TOPIC,))
    return Decision("miss")
