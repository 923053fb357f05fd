"""A person's age in a message, in digits or words.

A number is an age when a word of age stands before it (عمري, 3omri, âgé de), when years follow it
and nothing says they are a duration (depuis, خبرة, prêt sur), or when « j'ai », عندي, g stand
before it and nothing countable follows. Limits (« moins de 35 ans », من 19 إلى 35) are nobody's
age. A number in words that is a whole message answers "how old are you?". Under 13, only a word of
age counts: children's ages are not asked, durations are frequent.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlu.components.found import Found
from nlu.components.numbers import read_number
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
    "de d f fi fel fih 3la l le est c w ta3i ta3 تاع نتاع هو في ف فيه على راه rah rani راني",
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
    "فاتت فات fatou منهم خبرتي مضت مرت باقي مدته مدتها طيله طول عبر نحو اعفاء سدد سداد",
    "التسديد تسديد ترجع ترجعها نرجع ندفع نخلص خدمت خدمه",
)
_NOT_AGE_AFTER = _set(
    "experience dexperience exp experiences credit remboursement service formation garantie",
    "exercice travail anciennete etudes etude differe exoneration prison apres tard contrat",
    "cnas cotisation khibra khebra tajriba khedma خبره الخبره تجربه خدمه كريدي سجن اقدميه عمل",
    "khdma منذ من wana قرايه 9raya metier de ديال",
)
_LIMIT = _set(
    "moins plus maximum max min minimum limite jusqu jusque dessus dessous entre depasse au",
    "sup inferieur superieur حتي فوق تحت اقل اكثر اكتر كتر بين دون الي يتجاوز تجاوز يفوت فات",
    "ktar kter ktr akthar akter aktar fou9 fo9 ta7t taht 7ata hata 7atta hetta bin bayn beyn",
    "a9al depassent depasser depassant monte montee monter releve relevee fixe fixee للبالغين",
    "البالغين limit قل ktarr قبل 9al yfout ifout fout fat الاقصى الادنى",
)
_TO = _set(
    "a et au l w ou و الي ل li ila hata 7ata hetta jusqu",
)


def find_ages(text: str) -> list[Found]:
    """Return the ages in `text`, as integers from 0 to 120."""
    folded, offsets = fold(text)
    found = _parted(words(folded))
    ages = []
    index = 0
    while index < len(found):
        read = read_number(found, index)
        if read is None:
            index += 1
            continue
        age, after = read
        if age <= _OLDEST and not _counts_more(folded, found, index, after):
            alone = (index, after) == (0, len(found)) and not found[0].text.isdecimal()
            end = after if alone and age >= _ADULT else None
            end = end or _end_of_age(folded, found, index, after, age)
            if end:
                span = source_span(text, offsets, found[index].start, found[end - 1].end)
                ages.append(Found("age", age, *span))
        index = after
    return ages


def _parted(found: Sequence[Word]) -> list[Word]:
    """Part « 25ans », « g25 » and « 3andi25 » into a number and a word."""
    parted = []
    for word, after in zip(found, (*found[1:], Word("", 0, 0)), strict=False):
        text, following = word.text, after.text
        digits = len(text) - len(text.lstrip("0123456789"))
        if 2 <= digits < len(text) and text[digits:] in _YEARS | {"as", "a"}:
            parted.append(Word(text[:digits], word.start, word.start + digits))
            parted.append(Word("ans", word.start + digits, word.end))
        elif text[-2:].isdecimal() and text[:-2] in {"g", "j", "jai", "age"}:
            parted.append(Word(text[:-2], word.start, word.end - 2))
            parted.append(Word(text[-2:], word.end - 2, word.end))
        elif len(text) == 3 and text[0] in "wوف" and text[1:].isdecimal() and following in _YEARS:
            parted.append(Word(text[1:], word.start + 1, word.end))
        else:
            parted.append(word)
    return parted


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
        return 0 if _is_duration(found, end, before, have=cue == "have") else end
    if cue == "have" and _closed(folded, found, after):
        return end
    return 0


def _cue(before: list[str]) -> str:
    """Return which word leads to the number: one of age, one of having, or none."""
    for distance, text in enumerate(reversed(before)):
        if text in _AGE:
            return "age"
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
    if any(text in _LIMIT for text in near) or (before and before[-1] in _LIMIT):
        return True
    if len(near) == 2 and near[1] in _TO and near[0].isdecimal():
        return True  # the second of « 19 à 35 »
    if before and before[-1] in _TO and len(before) > 2 and before[-3].isdecimal():
        return before[-2] in _YEARS  # the second of « 19 ans à 35 »
    follows = [word.text for word in found[end : end + 2]]
    return (
        len(follows) == 2 and follows[0] in _TO - {"w", "et", "و", "ou"} and follows[1].isdecimal()
    ) or bool(follows and follows[0] in ("max", "maximum", "minimum", "min", "et plus"))


def _is_duration(found: list[Word], end: int, before: list[str], *, have: bool) -> bool:
    following = [word.text for word in found[end : end + 3]]
    if following and following[0] in ("de", "d") and not have:
        return True
    if any(text in _NOT_AGE_AFTER - {"de", "من", "منذ"} for text in following[:2]):
        return True
    if have or not before:
        return False
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
