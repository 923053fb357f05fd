"""What staff give of a stop, in a command's words or in a line of a table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actions.digits import latin_digits
from bot.desk.given import day_given
from bot.desk.uploads import Cell, Row
from bot.knowledge import Facts
from bot.questions import plain
from bot.text import Text, _

_QUOTES = '"«»“”„‟″'
_DAY = re.compile(r"(?<!\d)\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?!\d)")
_TIME = r"(\d{1,2})\s*[:hH]\s*(\d{2})?"
_HOURS = re.compile(rf"{_TIME}(?:\s*(?:-|–|—|à|a|to|إلى|الى|حتى)\s*{_TIME})?(?!\d)")
_CANCEL_WORDS = "cancel|cancelled|annuler|annulé|annulée|annule|إلغاء|الغاء|ألغي|ملغى|ملغاة"
_CANCEL = frozenset(map(plain, _CANCEL_WORDS.split("|")))
#: Words that may stand between what is given.
_BETWEEN_WORDS = "du|de|le|au|à|a|from|on|to|until|من|في|إلى|الى|حتى|يوم"
_BETWEEN = frozenset(map(plain, _BETWEEN_WORDS.split("|")))

#: What a table's columns may be called.
_COLUMNS: Mapping[str, str] = {
    plain(title): name
    for name, titles in {
        "wilaya": "wilaya|wilayas|code|numéro|n°|stop|étape|الولاية|ولاية|الرقم|رقم الولاية|المحطة",
        "first": "first|first day|from|start|date|début|du|premier jour|date de début|date début|من"
        "|البداية|اليوم الأول|تاريخ البداية|أول يوم|التاريخ",
        "last": "last|last day|to|end|fin|au|dernier jour|date de fin|date fin|إلى|النهاية"
        "|اليوم الأخير|تاريخ النهاية|آخر يوم",
        "place": "place|lieu|endroit|adresse|venue|المكان|مكان|العنوان",
        "hours": "hours|horaires|horaire|heures|opening hours|الساعات|التوقيت|الأوقات|ساعات العمل",
    }.items()
    for title in titles.split("|")
}
_NEEDED = ("wilaya", "first")


class UnclearError(Exception):
    """What was given can't be used; `sentence` says why and what can."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence


@dataclass(frozen=True)
class Given:
    """A stop as staff give it, by its wilaya's number; what is empty was left out.

    `hours` are as 09:00-16:00, or 09:00 without their end.
    """

    wilaya: str
    first: dt.date | None = None
    last: dt.date | None = None
    place: str = ""
    hours: str = ""
    cancel: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether nothing but the wilaya was given."""
        return self == Given(self.wilaya)


# -- words ---------------------------------------------------------------------------------------


def stop_given(facts: Facts, words: str) -> Given:
    """Return what the words after a command give; raise `UnclearError` for what is not clear.

    The wilaya comes first, the place stands in quotes, the rest in any order.
    """
    rest, place = _place(words)
    rest = latin_digits(rest)
    days = [_day(found[0]) for found in _DAY.finditer(rest)]
    begins = [found.start() for found in _DAY.finditer(rest)]
    rest = _DAY.sub(lambda found: " " * len(found[0]), rest)
    hours = ""
    if found := _HOURS.search(rest):
        hours = _hours(found)
        begins.append(found.start())
        rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    begins += [rest.index("\n")] if "\n" in rest else []
    head, tail = rest[: min(begins, default=len(rest))], rest[min(begins, default=len(rest)) :]
    named, cancel = _named(head)
    unclear = [word for word in tail.split() if plain(word) and plain(word) not in _BETWEEN]
    if unclear:
        raise UnclearError(
            _("I don't understand “{words}”. A place stands in quotes.", words=" ".join(unclear))
        )
    if len(days) > 2:
        raise UnclearError(_("A stop has one or two days: the first and the last."))
    first, last = (*days, None, None)[:2]
    given = Given(_wilaya(facts, named), first, last, place, hours)
    if cancel and not given.is_bare:
        raise UnclearError(_("Either cancel the stop, or give its days: not both at once."))
    return Given(given.wilaya, cancel=True) if cancel else given


def _place(words: str) -> tuple[str, str]:
    """Return the words without the place, a line break where it stood, and the place."""
    at = [n for n, letter in enumerate(words) if letter in _QUOTES]
    if not at:
        return " ".join(words.split()), ""
    if len(at) == 1:
        raise UnclearError(_("A quote is missing: put one before and one after the place."))
    before, after = " ".join(words[: at[0]].split()), " ".join(words[at[-1] + 1 :].split())
    return f"{before} \n {after}", " ".join(words[at[0] + 1 : at[-1]].split())


def _named(head: str) -> tuple[str, bool]:
    """Return the name of a wilaya, and whether its stop is to be cancelled."""
    words = head.split()
    while words and plain(words[-1]) in _BETWEEN | {""}:
        words.pop()
    if len(words) > 1 and plain(words[-1]) in _CANCEL:
        return " ".join(words[:-1]), True
    if len(words) > 1 and plain(words[0]) in _CANCEL:
        return " ".join(words[1:]), True
    return " ".join(words), False


def _wilaya(facts: Facts, text: str) -> str:
    number = latin_digits(text).strip()
    is_number = number.isdecimal() and len(number) <= 2
    code = facts.wilaya_named(f"{int(number):02}" if is_number else text)
    if code is None:
        raise UnclearError(
            _("I know no wilaya “{name}”. Give its number or its name: 19, Sétif, سطيف.", name=text)
        )
    return code


def _day(text: str) -> dt.date:
    day = day_given(text)
    if day is None:
        raise UnclearError(_("“{text}” is no day. Write it like this: 2015-10-31.", text=text))
    return day


def _hours(found: re.Match[str]) -> str:
    opens, closes = (int(found[1]), int(found[2] or 0)), None
    if found[3]:
        closes = int(found[3]), int(found[4] or 0)
    try:
        written = [f"{dt.time(*time):%H:%M}" for time in (opens, closes) if time]
    except ValueError:
        written = []
    if not written or (closes and closes <= opens):
        raise UnclearError(
            _("“{text}” are no hours. Write them like this: 09:00-16:00.", text=found[0])
        )
    return "-".join(written)


# -- tables --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """What a table gives: stops and what is wrong, each with the number of its line.

    `unread` are the titles of the columns that say nothing of a stop.
    """

    stops: Sequence[tuple[int, Given]]
    wrong: Sequence[tuple[int, Text]]
    unread: tuple[str, ...]


def table_given(facts: Facts, rows: Sequence[Row]) -> Table:
    """Return what every line of a table gives; raise `UnclearError` when its titles are unknown."""
    if not rows:
        raise UnclearError(_("The file is empty."))
    titles = [str(title or "") for title in rows[0][1]]
    columns = [_COLUMNS.get(plain(title), "") for title in titles]
    if any(columns.count(name) != 1 for name in _NEEDED) or any(
        columns.count(name) > 1 for name in columns if name
    ):
        raise UnclearError(
            _(
                "The first line names the columns, each once: wilaya, first day, last day, place, "
                "hours. The first two are needed."
            )
        )
    stops: list[tuple[int, Given]] = []
    wrong: list[tuple[int, Text]] = []
    lines: dict[str, int] = {}
    for number, cells in rows[1:]:
        values = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        try:
            given = _line(facts, values)
            if given.wilaya in lines:
                raise UnclearError(_("this wilaya is on line {n} already", n=lines[given.wilaya]))
        except UnclearError as unclear:
            wrong.append((number, unclear.sentence))
        else:
            lines[given.wilaya] = number
            stops.append((number, given))
    unread = (t for t, name in zip(titles, columns, strict=True) if t and not name)
    return Table(stops, wrong, tuple(unread))


def _line(facts: Facts, cells: Mapping[str, Cell]) -> Given:
    first, last = _day_in(cells.get("first")), _day_in(cells.get("last"))
    if first is None:
        raise UnclearError(_("the first day is missing"))
    return Given(
        _wilaya(facts, _written(cells.get("wilaya"))),
        first,
        last,
        " ".join(_written(cells.get("place")).split()),
        _hours_in(cells.get("hours")),
    )


def _day_in(cell: Cell) -> dt.date | None:
    match cell:
        case dt.datetime():
            return cell.date()
        case dt.date():
            return cell
        case None | "":
            return None
        case _:
            return _day(_written(cell))


def _hours_in(cell: Cell) -> str:
    if isinstance(cell, dt.time | dt.datetime):
        return f"{cell:%H:%M}"
    text = latin_digits(_written(cell))
    if not text:
        return ""
    found = _HOURS.fullmatch(text)
    if found is None:
        raise UnclearError(
            _("“{text}” are no hours. Write them like this: 09:00-16:00.", text=text)
        )
    return _hours(found)


def _written(cell: Cell) -> str:
    """Return a cell as a person would write it: a number without its decimals when it has none."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
