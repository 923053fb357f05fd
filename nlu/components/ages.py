"""A person's age in a message, in digits or words.

A number is an age when a word of age stands before it (عمري, 3omri, âgé de), when years follow it
and nothing says they are a duration (depuis, خبرة, prêt sur), or when « j'ai », عندي, g stand
before it and nothing countable follows. Limits (« moins de 35 ans », من 19 إلى 35) are nobody's
age. A number in words that is a whole message answers "how old are you?". Under 13, only a word of
age counts: children's ages are not asked, durations are frequent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlu.components.found import Found
from nlu.components.numbers import NUMBER_WORDS, ORDINALS, TENS, read_number, read_ordinal
from nlu.components.spelling import Word, fold, source_span, words

_OLDEST = 120
_ADULT = 13


def _set(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


_YEARS = _set(
    "ans an annees annee ens sna sana sena snin snine senin sanna 3am 3amen 3ame aam 3wam",
    "years year yo piges balais berges سنه سنا سنين سنوات عام عاما اعوام سنتا",
)
_AGE = _set(
    "age agee ages 3omri 3omry 3amri 3mri 3emri 3oumri omri 3omrou 3omro 3omrha 3omreha 3mrha",
    "3mrou 3mro 3amrou 3omr l3mor l3omr l3mer l3omor 3omrek sni senni سني عمري عمره عمرو",
    "عمرها عمرك لعمر العمر السن وعمري وعمره وعمرها وعمرو فعمري فعمرو بعمر عمر وسني وسنه وسنها",
    "عمرنا 3omor يبلغ ابلغ تبلغ وابلغ بالغ بالغه nabligh ندخل داخل داخله dakhel dakhla",
)
_HAVE = _set(
    "g j ai jai je ge ja ana انا عندي وعندي عندو عنده عندها وعندو 3andi 3endi 3ndi 3andou",
    "3ando 3andha 3andna 3endou 3endha andi endi w3andi w3endi 3ndou 3ndha لدي a avait راني",
    "rani f moi",
)
_OWNERS = _set(
    "rani راني il elle mari fils fille frere soeur ami cousin cousine pere mere on qui rahou",
    "rahi",
)
_BETWEEN = _set(
    "de d f fi fel fih 3la l le est c w ta3i ta3 تاع نتاع هو في ف فيه علي راه rah rani راني",
    "actuel actuellement presque environ chi شي حوالي تقريبا ta9riban 9rib قريب deja ghir غير pile",
)
_AFTER_HAVE = _set(
    "et w و mais je j jai g ana انا svp stp c est ce pas sans avec ni ma mazal مازال wach واش",
    "نقدر n9der ne9der nestafed ok oui non nn chomeur chomeuse batal بطال بطاله celibataire",
    "marie possible sa ca passe passable eligible puis peut on مقبول yjouz ymchi wala wla",
    "wela ولا او ou وما وعندي وانا وراني بدون بلا bla هل نستفيد نستفاد and but esk eske n",
    "w3andi wma niveau licence",
)
_NOT_AGE_BEFORE = _set(
    "y depuis dans pendant durant sur apres chaque tous toutes experience trop pret credit",
    "remboursement rembourser remboursable contrat duree differe exoneration exonere",
    "exonerees cdd cdi garantie retard attente attends attend service formation bac pendent",
    "ya agrement periode delai منذ خلال لمده مده بعد قبل كل هادي هذي خبره تجربه كريدي قرض",
    "القرض عقد هذه هادو مند لعشر اول منذو hadi mendou mondo men mn min moddat kol koul ba3d",
    "9bel 9bal khibra tajriba kridi kredi 9ard l9ard tkhalas khallas nkhales nkhalles khedma",
    "khdema khdemt khdamt kont cherika من اشتغل اشتغلت عملت خدم يخدم travaille bosse كملت",
    "فاتت فات fatou منهم خبرتي مضت مرت باقي مدته مدتها طيله طول عبر نحو اعفا سدد سداد",
    "التسديد تسديد ترجع ترجعها نرجع ندفع نخلص خدمت خدمه",
    "fait font passe en bail location loyer attendu vecu dure cotise etudie sur ndir",
    "attendre patiente bosser exerce valable valide anciennete prend prendra",
    "reste restent concession dette قضيت بقيت",
    "قعدت تدوم يدوم تستمر انتظرت نستني صبرت 9a3adt b9it nestena stenit sbert durera attente",
    "3la علي يسدد نسدد تسدد يرجع نرجعو نسددو nredou nredha nredhom redd nrodha",
    "retraite تقاعد التقاعد amortissement etale etaler echelonne echeance",
)
_NOT_AGE_AFTER = _set(
    "experience dexperience exp experiences credit remboursement service formation garantie",
    "exercice travail anciennete etudes etude differe exoneration prison apres tard contrat",
    "cnas cotisation khibra khebra tajriba khedma خبره الخبره تجربه خدمه كريدي سجن اقدميه عمل",
    "khdma منذ من wana قرايه 9raya metier de ديال الميدان ميدان domaine pratique recul carriere",
    "chomage galere attente vie mariage dette retard impots pension",
)
_LIMIT = _set(
    "moins plus maximum max min minimum limite jusqu jusque dessus dessous entre depasse au",
    "sup inferieur superieur حتي فوق تحت اقل اكثر اكتر كتر بين دون الي يتجاوز تجاوز يفوت فات",
    "ktar kter ktr akthar akter aktar fou9 fo9 ta7t taht 7ata hata 7atta hetta bin bayn beyn",
    "a9al depassent depasser depassant monte montee monter releve relevee fixe fixee للبالغين",
    "البالغين limit قل ktarr قبل 9al yfout ifout fout fat",
    "الاقصي الادني القانوني القانونيه legal partir des retraite تقاعد التقاعد tranche",
)
_AND = _set("w et و")
_TO = _set("a et au l w ou و الي ل li ila hata 7ata hetta jusqu")
_WITHIN = _set("f fi fel في ف en 3la علي")
_ABOUT = _set("bientot presque environ deja plus chi شي حوالي تقريبا قرابه ta9riban 9rib قريب")
_OF = _set("de d en dans f fi fel l ta3 في ف تاع نتاع من")
# « une femme de 39 ans » has an age, « une entreprise de 20 ans » has not.
_PEOPLE = _set(
    "jeun jeunne femme homme personne personnes un une fille fils garcon frere soeur jeune mari",
    "gars mec dame",
    "ami amie copain copine cousin cousine mere pere candidat candidate chomeur chomeuse etudiant",
    "etudiante age agee ages adulte fils soudeur citoyen citoyenne marie mariee algerien",
)
_THINGS = _set(
    "boite entreprise societe magasin projet voiture maison local camion societe association loi",
    "شركه الشركه شركتي موسسه الموسسه موسستي محل مشروع المشروع charika karossa tonobil dar",
)
_ASKED = _set("quel quelle quels kel limite اي كم شحال chhal ch7al max maximum minimum قبل")
_MOST = _set("max maximum minimum min maxi limite limit legal الاقصي الادني القانوني")
_NUMERALS = NUMBER_WORDS | ORDINALS.keys() | {f"ال{ten}" for ten in TENS}
_STOP = re.compile(r"[.,;!?\n،؛؟]")
_DIGIT = re.compile(r"\d")
_RUN_TOGETHER = re.compile(rf"(g|j|ai|jai|moi|age|f|3andi)?(\d{{2,3}})({'|'.join(_YEARS)}|as|a)?")


def find_ages(text: str) -> list[Found]:
    """Return the ages in `text`, as integers from 0 to 120."""
    folded, offsets = fold(text)
    said = words(folded)
    if _NUMERALS.isdisjoint(word.text for word in said) and not _DIGIT.search(folded):
        return []
    found = _parted(said)
    ages = []
    index = 0
    while index < len(found):
        if found[index].text not in _NUMERALS and not found[index].text.isdecimal():
            index += 1
            continue
        life = _of_life(found, index)
        if life:
            span = source_span(text, offsets, found[index].start, found[life[1] + 1].end)
            ages.append(Found("age", life[0], *span))
        read = life or read_number(found, index)
        if read is None:
            index += 1
            continue
        age, after = read
        if not life and age <= _OLDEST and not _counts_more(folded, found, index, after):
            alone = (index, after) == (0, len(found)) and not found[0].text.isdecimal()
            end = after if alone and age >= _ADULT else None
            end = end or _end_of_age(folded, found, index, after, age)
            if end:
                span = source_span(text, offsets, found[index].start, found[end - 1].end)
                ages.append(Found("age", age, *span))
        index = after
    return ages


def _parted(found: Sequence[Word]) -> list[Word]:
    """Part « 25ans », « g25 », « g25ans » and « w25 » into words and a number."""
    parted = []
    for word, after in zip(found, (*found[1:], Word("", 0, 0)), strict=False):
        text = word.text
        together = _RUN_TOGETHER.fullmatch(text)
        if together and (together[1] or together[3]):
            for part in (1, 2, 3):
                if together[part]:
                    written = "ans" if part == 3 else together[part]
                    start, end = together.span(part)
                    parted.append(Word(written, word.start + start, word.start + end))
        elif len(text) == 3 and text[0] == "w" and text[1:].isdecimal() and after.text in _YEARS:
            parted.append(Word(text[1:], word.start + 1, word.end))
        else:
            parted.append(word)
    return parted


def _of_life(found: Sequence[Word], index: int) -> tuple[int, int] | None:
    """Return the number of في الثلاثين من عمري or في الخامسة والعشرين من العمر, if it is one."""
    read = read_ordinal(found, index)
    if read is None or index + 1 >= len(found):
        return None
    following = [word.text for word in found[read[1] : read[1] + 2]]
    return read if following[:1] == ["من"] and _AGE.issuperset(following[1:] or "-") else None


def _counts_more(folded: str, found: list[Word], index: int, after: int) -> bool:
    """Return whether the number is part of a longer one: 1.5, 25/10, 35 000, 30 %."""
    start, end = found[index].start, found[after - 1].end
    before = folded[max(0, start - 2) : start]
    if before and before[-1] in ".,/:-+" and before[0].isdecimal():
        return True
    if folded[end : end + 1] in ("%", "/", "٪") or folded[end : end + 2].strip() in ("%", "٪"):
        return True
    if not found[index].text.isdecimal():
        return False
    near = index > 0 and found[index - 1].text.isdecimal() and start - found[index - 1].end == 1
    following = after < len(found) and found[after].text.isdecimal()
    return near or (following and found[after].start - end == 1)


def _end_of_age(folded: str, found: list[Word], index: int, after: int, age: int) -> int:
    """Return the index after the age's last word, or 0 when the number is no age."""
    before = [word.text for word in found[max(0, index - 4) : index]]
    years = after < len(found) and found[after].text in _YEARS
    end = after + 1 if years else after
    cue = _cue(before)
    if _is_limit(found, index, end, before):
        return 0
    if cue == "age":
        return 0 if after < len(found) and found[after].text in ("jours", "mois") else end
    if age < _ADULT:
        return 0
    if years:
        said = _clause(folded, found, index)
        return 0 if _is_duration(found, end, said, have=cue == "have") else end
    if cue == "have" and _closed(folded, found, after):
        return end
    return 0


def _clause(folded: str, found: list[Word], index: int) -> list[str]:
    """Return up to four words before `index`, from the last stop or comma on."""
    first = index
    while first and index - first < 4:
        if _STOP.search(folded, found[first - 1].end, found[first].start):
            break
        first -= 1
    return [word.text for word in found[first:index]]


def _cue(before: list[str]) -> str:
    """Return which word leads to the number: one of age, one of having, or none."""
    for distance, text in enumerate(reversed(before)):
        if text in _AGE:
            asked = before[-distance - 2 : -distance - 1]
            return "age" if _ASKED.isdisjoint(asked) else ""
        if text in _HAVE and distance == 0:
            return "have" if text not in ("f", "a") or _leads(before) else ""
        if text not in _BETWEEN:
            return ""
    return ""


def _leads(before: list[str]) -> bool:
    """Return whether « f » or « a » before the number belongs to « rani f », « il a »."""
    return len(before) > 1 and before[-2] in _OWNERS


def _is_limit(found: list[Word], index: int, end: int, before: list[str]) -> bool:
    near = before[-2:]
    beyond = [word.text for word in found[end : end + 4]]
    if not _LIMIT.isdisjoint(near) or not _MOST.isdisjoint((*before, *beyond)):
        return True
    if len(near) == 2 and near[1] in _TO - _AND and near[0].isdecimal():
        return True  # the second of « 19 à 35 »; « 30 et 32 ans » are two people
    if len(before) > 2 and before[-1] in _AND and before[-3] in _LIMIT:
        return True  # the second of « entre 19 et 35 »
    if before and before[-1] in _TO and len(before) > 2 and before[-3].isdecimal():
        return before[-2] in _YEARS  # the second of « 19 ans à 35 »
    follows = [word.text for word in found[end : end + 2]]
    return (
        len(follows) == 2 and follows[0] in _TO - _AND and follows[1].isdecimal()
    ) or follows == ["et", "plus"]


def _is_duration(found: list[Word], end: int, before: list[str], *, have: bool) -> bool:
    following = [word.text for word in found[end : end + 3]]
    if following[:1] in (["de"], ["d"]) and not have:
        # « 28 ans de Tiaret » opens a message, « 3 ans de formation » may.
        return bool(before) or not _NOT_AGE_AFTER.isdisjoint(following[1:])
    if following and following[0] in _OF:
        following.pop(0)
    if following and following[0] in _NOT_AGE_AFTER - {"de", "من", "منذ"}:
        return True
    if following[:2] in (["plus", "tard"], ["w", "ana"], ["و", "انا"]) and not have:
        return True
    before = [text for text in before if text not in _ABOUT]
    if have or not before:
        return not _THINGS.isdisjoint(before[-3:])
    if before[-1] in ("de", "d") and len(before) > 1 and before[-2] not in _PEOPLE | _AGE:
        return True
    if not _THINGS.isdisjoint(before[-3:]):
        return True
    if before[-1] in _WITHIN and not _NOT_AGE_BEFORE.isdisjoint(before):
        return True
    nearer = before[-2:-1] if before[-1] in _BETWEEN | {"les", "a", "c"} else before[-1:]
    return bool(_NOT_AGE_BEFORE.intersection((*nearer, before[-1])))


def _closed(folded: str, found: list[Word], after: int) -> bool:
    """Return whether nothing countable follows: the end, a stop, or a word that goes on."""
    if after >= len(found):
        return True
    gap = folded[found[after - 1].end : found[after].start]
    text = found[after].text
    return (
        bool(gap.strip()) or text in _AFTER_HAVE or text.startswith(("w3and", "wma", "وما", "وعند"))
    )
