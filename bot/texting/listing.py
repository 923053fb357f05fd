"""Every text that people can get by SMS whatever they gave, with what it costs to send."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.geography import Wilaya
from actions.messages import LANGUAGES, Language
from bot import menu
from bot.answers import ANSWERS
from bot.answers.stops import STOP_ANSWERS
from bot.channels.sms import segments
from bot.channels.sms.segments import Coding
from bot.clerks.listing import lines
from bot.forms.fields import Form, Slots, question
from bot.knowledge import Facts
from bot.state import FormState, State
from bot.text import Say, Text, _, render, say
from bot.texting.texting import farewell, nothing_more
from bot.texting.writing import write
from nlu.client import Entity

#: The stops' answers that a wilaya may be named to.
_ABOUT_A_WILAYA = ("ask_stop_in_wilaya", "ask_stop_place_time")
#: As many subjects as "did you mean" offers at most.
_OFFERED = 3
_LANGUAGE_NAMES: dict[Language, Text] = {"fr": _("Français"), "ar": _("العربية")}
_CODING_NAMES: dict[Coding, str] = {"gsm": "GSM-7", "ucs2": "UCS-2"}


@dataclass(frozen=True)
class Row:
    """One text in one language; `length` is in the units of its coding, `cost` in dinars."""

    name: str
    language: Language
    text: str
    coding: Coding
    length: int
    segments: int
    cost: Decimal


def rows(facts: Facts, forms: Iterable[Form], today: dt.date, price: Decimal) -> list[Row]:
    """Return every text as it is sent on a day, in both languages, at a price per segment.

    Where an answer is about a wilaya it is the one with the longest name.
    """
    named = [*_fixed(), *_answers(facts, today), *_questions(facts, forms, today)]
    return [_row(name, says, language, price) for name, says in named for language in LANGUAGES]


def table(listed: Sequence[Row], language: Language) -> list[str]:
    """Return texts as lines for a terminal, and how many there are of each number of segments."""

    def words(text: Text) -> str:
        return render(text, language, isolated=False)

    titles = (_("Language"), _("Coding"), _("Length"), _("Segments"), _("Cost (DA)"))
    cells = [
        (
            words(_LANGUAGE_NAMES[row.language]),
            _CODING_NAMES[row.coding],
            str(row.length),
            str(row.segments),
            f"{row.cost:.2f}",
        )
        for row in listed
    ]
    # Neither a name nor a text is shortened, as the cells of a list are.
    names = [words(_("Name")), *(row.name for row in listed)]
    texts = [words(_("The text")), *(" / ".join(row.text.split("\n")) for row in listed)]
    heads = lines([words(title) for title in titles], cells)
    first, second = (max(map(len, column)) for column in (names, heads))
    counted = Counter((row.language, row.segments) for row in listed)
    sums = lines(
        [words(title) for title in (_("Language"), _("Segments"), _("Texts"))],
        [
            (words(_LANGUAGE_NAMES[spoken]), str(n), str(counted[spoken, n]))
            for spoken, n in sorted(counted, key=lambda key: (LANGUAGES.index(key[0]), key[1]))
        ],
    )
    return [
        *(
            f"{name.ljust(first)}  {head.ljust(second)}  {text}"
            for name, head, text in zip(names, heads, texts, strict=True)
        ),
        "",
        *sums,
    ]


def _row(name: str, says: Sequence[Say], language: Language, price: Decimal) -> Row:
    text = write(says, language).text
    n = segments.segments(text)
    return Row(name, language, text, segments.coding(text), segments.length(text), n, n * price)


def _fixed() -> Iterator[tuple[str, list[Say]]]:
    """Give the messages around the answers, by what calls for them."""
    longest = sorted(menu.SUBJECTS, key=_room_of, reverse=True)[:_OFFERED]
    yield "welcome", [menu.welcome(languages=False)]
    yield "welcome_language", [menu.welcome(languages=True)]
    yield "menu", [menu.menu()]
    yield "help", [menu.help_()]
    yield "language", [menu.choose_language()]
    yield "did_you_mean", [menu.did_you_mean(tuple(longest))]
    yield "missed", [menu.missed(again=False)]
    yield "missed_again", [menu.missed(again=True)]
    yield "only_text", [menu.only_text()]
    yield "no_words", [menu.no_words()]
    yield "too_fast", [menu.too_fast()]
    yield "understanding_down", [menu.understanding_down()]
    yield "stop", [farewell()]
    yield "nothing_more", [nothing_more()]


def _answers(facts: Facts, today: dt.date) -> Iterator[tuple[str, list[Say]]]:
    for intent in (*ANSWERS, *STOP_ANSWERS):
        yield intent, facts.answer(intent, (), today)
    wilaya = _longest(facts)
    for intent in _ABOUT_A_WILAYA:
        entity = Entity("wilaya", wilaya.code, 0, 0)
        yield f"{intent} {wilaya.code}", facts.answer(intent, (entity,), today)


def _questions(
    facts: Facts, forms: Iterable[Form], today: dt.date
) -> Iterator[tuple[str, list[Say]]]:
    """Give how forms open, what they ask, and what is said to an answer that can't be taken."""
    slots: Slots = {"wilaya": _longest(facts).code, "stop_day": today.isoformat()}
    for form in forms:
        if form.opening:
            yield form.name, [say(form.opening)]
        for field in form.fields:
            state = State(form=FormState(form.name, slots=dict(slots)))
            asked = question(form, state, field)
            wrong = say(field.wrong)
            if field.wrong_brief:
                wrong = replace(wrong, brief=(field.wrong_brief,))
            yield f"{form.name} {field.name}", [asked]
            yield f"{form.name} {field.name} ?", [wrong, asked]


def _room_of(intent: str) -> int:
    choice = menu.choice(intent)
    return len(render(choice.brief or choice.label, "fr"))


def _longest(facts: Facts) -> Wilaya:
    """Return the wilaya whose name takes most room."""
    return max(facts.geography.wilayas.values(), key=lambda wilaya: len(wilaya.fr))
