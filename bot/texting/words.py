"""The words of an SMS that mean something by themselves, alone or inside a short sentence.

Nobody has buttons or a command menu here, and STOP must never be missed; nor may a sentence that
only speaks of stopping something else be taken for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from actions.digits import latin_digits
from bot.questions import plain

Meaning = Literal["stop", "start", "more", "menu", "help", "command", "sign_up", "agent"]


@dataclass(frozen=True)
class Said:
    """What a whole text says: a meaning, a command's name, and what followed it."""

    meaning: Meaning
    command: str = ""
    rest: str = ""


def _set(words: str) -> frozenset[str]:
    return frozenset(plain(word) for word in words.split("|"))


#: What asks for no more SMS whatever stands beside it in a short sentence.
_STOP = _set(
    "stop|stopp|stoop|stope|unsubscribe|désabonner|désabonnez|désabonne|désabonnement|désinscrire"
    "|désinscrivez|ستوب|سطوب|توقف|توقفوا|توقفو"
)
#: What asks for it alone, or with a word for messages.
_STOPPING = _set(
    "arret|arrêter|arretez|arrête|cessez|cesser|halte|quitter|قف|أوقف|أوقفوا|اوقفو|إيقاف|ايقاف|وقف"
    "|وقفو|وقفوا|وقفولي|حبس|حبسو|حبسوا|حبسولي|بركا|بركاو|كفى|باراكا|الغاء|إلغاء|7abes|7absou|7abso"
    "|habes|habsou|habso|w9ef|wa9ef|wa9fou|wakfou|ouakfou|baraka|barka|barkaw|nelghi"
)
#: What is not wanted any more.
_NO_MORE = _set(
    "plus|pas|jamais|ne|n|ما|لا|بلا|ماتبعثوش|ماتبعثوليش|ماتبعتوليش|تبعثوليش|تبعثوش|matb3atoulich"
    "|mateb3atoulich|teb3atouch|matsiftoulich|matsiftouch|ترسلوا|ترسلو|تبعثو"
)
_MESSAGES = _set(
    "sms|texto|textos|message|messages|msg|msgs|mesage|mesages|notification|notifications|pub|pubs"
    "|publicité|envoi|envois|abonnement|الميساجات|الميساج|المساج|الرسائل|رسائل|رسالة|ميساج|ميساجات|المساجات|مساجات|ليميساج"
    "|لميساج|الاشتراك|اشتراك|rassa2il|rasa2il|rsayel|rsa2el|mesajat|lmesajat|lmessaget|messaget"
    "|lmsg|lsms"
)
#: What stands beside these without changing them.
_BESIDE = _set(
    "je|j|beaucoup|bcp|veux|voudrais|souhaite|aimerais|me|moi|m|de|des|d|du|les|le|la|l|vos|votre|ces|ce|tous"
    "|tout|toute|à|a|recevoir|recois|reçois|envoyer|envoyez|envoie|svp|stp|plz|please|merci|mrc"
    "|thanks|thank|you|s|il|vous|te|tu|plait|plaît|bonjour|bjr|bonsoir|salut|slm|salam|maintenant"
    "|immédiatement|non|no|ok|واحد|من|في|هذه|هذي|هاذي|هاد|ليا|لي|عليا|علي|عني|شكرا|فضلك|فضلكم|رجاء"
    "|سلام|السلام|عليكم|لو|سمحت|سمحتوا|خويا|خاوتي|صحيت|صح|الله|يرحم|والديك|والديكم|بزاف|كامل|كل"
    "|نحب|حاب|حابة|بغيت|أريد|اريد|sahit|saha|chokran|choukran|khouya|men|fadlek|lah|llah|allah"
    "|yerhem|waldik|hadou|hadi|kamel|nhab|n7eb|hab|7ab|bghit|rabi|ykhalik|ربي|يخليك|ya|يا"
)
_COURTESY = _set("svp|stp|plz|please|merci|mrc|bonjour|bjr|salam|slm|سلام|شكرا|chokran|saha|صحيت")
_START = _set(
    "start|restart|reprendre|reprenez|reabonner|me reabonner|ok start|unstop|debut|ابدأ|إبدأ|بدء"
    "|نعاود|استئناف|رجعوني|اشتراك|ebda|ebda2|n3awed|rajj3ouni"
)
_MORE = _set(
    "plus|suite|la suite|plus svp|encore|more|+|المزيد|مزيد|زيد|زيدني|اكمل|zid|zidni|elmazid"
)
_HELP = _set(
    "aide|help|aidez moi|aide moi|sos|info|infos|مساعدة|مساعده|المساعدة|عاوني|عاونوني|معلومات"
    "|3aweni|awni|3awnouni|mosa3ada|moussa3ada|musa3ada"
)
_MENU = _set(
    "menu|le menu|menou|lmenu|el menu|sujets|القائمة|قائمة|لقائمة|المينو|مينو|المواضيع|el9ayma"
    "|9ayma|kayma|qaima"
)
_AGENT = _set(
    "agent|un agent|parler a un agent|عون|كلمني موظف|نهدر مع واحد|agon|ajan|ajent|3awn|3oun"
)
#: The same, but in a form that may have asked what somebody does.
_STAFF = _set(
    "conseiller|un conseiller|conseillère|humain|un humain|operateur|opérateur|une personne"
    "|parler à une personne|موظف|موظفة|وكيل|إنسان|بشري|mowadaf|mowaddaf|mouadaf|mwadaf"
)
_SIGN_UP = _set(
    "preinsc|preinscription|pré inscription|preinscrire|insc|inscription|inscrire|تسجيل|سجل|سجلني"
    "|التسجيل|tasjil|tesjil|sajelni|sejelni"
)
_COMMANDS: dict[str, frozenset[str]] = {
    "moi": _set("moi|mon dossier|dossier|mon inscription|ملفي|ملف|تسجيلي|milaffi|milafi|mlafi"),
    "rappel": _set("rappel|rappels|rappelle moi|تذكير|ذكرني|فكرني|tadkir|tedkir|fakerni"),
    "mesdonnees": _set(
        "donnees|mes donnees|mesdonnees|données|بياناتي|معطياتي|معلوماتي|bayanati|ma3loumati"
    ),
    "supprimer": _set(
        "supprimer|effacer|efface tout|tout effacer|supprimez|محو|امح|امحي|حذف|احذف|احذفوا|امسح|مسح"
        "|mah|mehou|mse7|emsah"
    ),
    "langue": _set("langue|changer langue|language|اللغة|لغة|logha|lougha"),
    "confidentialite": _set("confidentialite|vie privée|الخصوصية|خصوصية|khosousia"),
    "lien": _set("lien|telegram|télégram|تيليغرام|تلغرام|تليغرام|تلجرام|رابط|talegram|tiligram"),
}
#: First words that something may follow.
_SIGN_UP_WITH, _REMIND_WITH = _set("preinsc|preinscription|insc|تسجيل"), _set("rappel|تذكير")
#: Words for "no more" that may as well ask for more.
_EITHER_WAY = _set("plus|pas")
#: More words than this are a sentence about something.
_LONGEST = 9
#: A number with what may stand around it: "2", "2)", "n 2", "le 2", "choix 2", "رقم 2".
_NUMBER = re.compile(
    r"(?:n|no|num|numero|numéro|le|la|choix|reponse|réponse|رقم|الرقم)?\s*(\d{1,2})"
)


def read(text: str, *, in_form: bool = False) -> Said | None:
    """Return what a text says by its words alone, or None when it has to be understood.

    In a form, the bare words for stopping are about the form; STOP never is.
    """
    bare = plain(latin_digits(text))
    if not bare:
        return Said("more") if text.strip() == "+" else None
    words = bare.split()
    if _stops(words, in_form=in_form):
        return Said("stop")
    alone = " ".join(w for w in words if w not in _BESIDE and not w.isdecimal()) or bare
    polite = " ".join(w for w in words if w not in _COURTESY) or bare
    for kept in dict.fromkeys((bare, polite, alone)):
        said = _whole(kept, in_form=in_form)
        if said:
            return said
    return _with_more_behind(text, words)


def number(text: str) -> int | None:
    """Return the number that a whole text is, in digits of either kind, if it is one."""
    found = _NUMBER.fullmatch(plain(latin_digits(text)))
    return int(found[1]) if found else None


def _whole(bare: str, *, in_form: bool) -> Said | None:
    meanings: dict[Meaning, frozenset[str]] = {
        "start": _START,
        "more": _MORE,
        "help": _HELP,
        "menu": _MENU,
        "agent": _AGENT if in_form else _AGENT | _STAFF,
    }
    for meaning, spellings in meanings.items():
        if bare in spellings:
            return Said(meaning)
    if bare in _SIGN_UP:
        return Said("sign_up")
    return next((Said("command", name) for name, said in _COMMANDS.items() if bare in said), None)


def _with_more_behind(text: str, words: list[str]) -> Said | None:
    """Return what a text says by its first word, where something may follow it."""
    rest = re.sub(r"^\W*\w+[\W_]*", "", text, count=1).strip()
    if words[0] in _SIGN_UP_WITH:
        return Said("sign_up", rest=rest)
    if words[0] in _REMIND_WITH and len(words) <= 4:
        return Said("command", "rappel", rest)
    return None


def _stops(words: list[str], *, in_form: bool) -> bool:
    """Whether a text asks for no more SMS."""
    if len(words) > _LONGEST:
        return False
    beside = [w for w in words if w not in _BESIDE and not w.isdecimal()]
    others = [w for w in beside if w not in _STOP | _STOPPING | _NO_MORE | _MESSAGES]
    if others:
        return False
    named = any(w in _MESSAGES for w in beside)
    if any(w in _STOP for w in beside):
        # "je veux arrêter" and "stop" of a form are told apart by the word.
        return named or all(w in _STOP | _NO_MORE | _STOPPING for w in beside)
    if any(w in _STOPPING for w in beside):
        return named or (not in_form and len(beside) == len(set(beside) & _STOPPING))
    return named and sum(w in _NO_MORE for w in beside) >= 1 and _asks_for_none(words)


def _asks_for_none(words: list[str]) -> bool:
    """Whether "plus" or the like is a no and not a wish for more: "plus de sms" is one."""
    return words[0] in _NO_MORE or any(w in _NO_MORE and w not in _EITHER_WAY for w in words)
