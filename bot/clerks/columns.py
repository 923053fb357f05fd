"""A registration as clerks read it: every value under a name, never under a key."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Any

from actions.codes import shown as in_groups
from actions.geography import Geography
from actions.messages import Language
from actions.partners import Listed
from actions.phones import national
from actions.registrations import age_on
from actions.tables import Change, Registration
from bot.clerks.sheets import Cell, Column
from bot.clock import ALGIERS, algiers_day
from bot.flows.registration.places import Places
from bot.flows.registration.situations import QUALIFICATION_NAMES, SITUATION_NAMES, Trades
from bot.text import Name, Text, _, render

#: How many different names are kept at hand while a long table is written.
NAMES = 1024

#: Every column of a sheet, in order: what it shows, its title, its width in letters. The first
#: two say which registration it is and how it stands.
COLUMNS: tuple[tuple[str, Text, int], ...] = (
    ("code", _("Code"), 11),
    ("status", _("Status"), 13),
    ("family_name", _("Family name"), 20),
    ("given_name", _("Given name"), 18),
    ("birth_date", _("Birth date"), 12),
    ("age", _("Age when signing up"), 12),
    ("wilaya", _("Wilaya"), 18),
    ("commune", _("Commune"), 20),
    ("phone", _("Phone"), 14),
    ("phone_checked", _("Phone shared by Telegram"), 14),
    ("situation", _("Situation"), 30),
    ("qualification", _("Qualification"), 27),
    ("qualification_trade", _("Its trade"), 24),
    ("trade", _("Project"), 28),
    ("stop", _("Stop"), 18),
    ("interest", _("Age outside the rules"), 12),
    ("twin_of", _("Phone and birth as another"), 16),
    ("created_at", _("Signed up on"), 17),
    ("updated_at", _("Last change on"), 17),
    ("checked_in_at", _("Came on"), 17),
    ("checked_in_by", _("Checked in by"), 18),
    ("withdrawn_at", _("Withdrawn on"), 17),
)
#: The first of them say whose registration it is.
LEADING = 4
_FIGURES = frozenset({"code", "phone"})
_NAMED: Mapping[str, Mapping[str, Text]] = {
    "situation": SITUATION_NAMES,
    "qualification": QUALIFICATION_NAMES,
    "status": {
        "active": _("signed up"),
        "checked_in": _("came"),
        "withdrawn": _("withdrawn"),
    },
}
_DONE: Mapping[str, Text] = {
    "registered": _("signed up"),
    "moved": _("moved to another chat"),
    "checked_in": _("came to the stand"),
    "withdrawn": _("withdrawn"),
}
#: What the history calls a field that a sheet has no column of its own for.
_LABELS: Mapping[str, Text] = {name: title for name, title, _width in COLUMNS} | {
    "trade_words": _("Project"),
    "age": _("Age"),
    "age_on": _("Age said on"),
}
#: A person in their own chat, and a clerk in one, as the history notes them.
_PERSON, CLERK = "person", "clerk:"


class Wording:
    """Writes registrations and what became of them in one language."""

    def __init__(
        self,
        geography: Geography,
        trades: Listed,
        language: Language,
        names: Mapping[str, str] | None = None,
    ) -> None:
        """`names` are what clerks are called, by their numbers."""
        self._names = names or {}
        self._places = Places(geography)
        self._trades = Trades(trades)
        self._language = language
        self.columns = tuple(
            Column(self.words(title), width, figures=name in _FIGURES)
            for name, title, width in COLUMNS
        )
        self._yes, self._no = self.words(_("Yes")), self.words(_("No"))
        # The same few names come again in every row.
        self._called = functools.lru_cache(NAMES)(self._name_of)
        self._commune = functools.lru_cache(NAMES)(self._commune_of)

    def words(self, text: Text | Name) -> str:
        """Return a sentence in the language of this wording."""
        return render(text, self._language, isolated=False)

    def cells(self, row: Registration) -> list[Cell]:
        """Return a registration as a row of a sheet."""
        return [self.cell(row, name) for name, _title, _width in COLUMNS]

    def cell(self, row: Registration, name: str) -> Cell:
        """Return what one column shows of a registration."""
        match name:
            case "status":
                came = row.status == "active" and row.checked_in_at
                return self._called("status", "checked_in" if came else row.status)
            case "age":
                return _age(row)
            case "commune":
                return self._commune(row.commune, row.wilaya)
            case "trade":
                return self._called("trade", row.trade or f"«{row.trade_words}")
            case "twin_of":
                return self._yes if row.twin_of else self._no
            case _:
                return self._cell(name, getattr(row, name))

    def happened(self, row: Registration, change: Change) -> str:
        """Return one line of a registration's history: when, who, what."""
        return self.words(
            _(
                "{when}, {who}: {what}",
                when=written(_local(change.at)),
                who=self._who(change.who),
                what=_DONE.get(change.what) or self._changed(row, change),
            )
        )

    def _changed(self, row: Registration, change: Change) -> Text:
        label = _LABELS.get(change.what, change.what)
        before, after = (
            written(self._stored(row, change.what, value)) or "—"
            for value in (change.before, change.after)
        )
        return _("{label}: {before} → {after}", label=label, before=before, after=after)

    def _stored(self, row: Registration, name: str, text: str) -> Cell:
        """Return a value of the history, which keeps all as text, as a cell."""
        match name:
            case _ if not text:
                return ""
            case "birth_date" | "age_on":
                return dt.date.fromisoformat(text)
            case "interest" | "phone_checked":
                return self._cell(name, text == "True")
            case "commune":
                return self._commune(text, row.wilaya)
            case _:
                return self._cell(name, text)

    def _cell(self, name: str, value: Any) -> Cell:
        match value:
            case bool():
                return self._yes if value else self._no
            case dt.datetime():
                return _local(value)
            case str() if value:
                return self._called(name, value)
            case _:
                plain: Cell = value
                return plain

    def _name_of(self, name: str, key: str) -> str:
        """Return what a stored text is called, or the text itself."""
        match name:
            case "code":
                return in_groups(key)
            case "phone":
                return national(key)
            case "wilaya" | "stop":
                return self.words(self._places.name(key))
            case "trade":
                return self.words(self._trades.shown(key))
            case "checked_in_by":
                return self._who(key)
            case _:
                found = _NAMED.get(name, {}).get(key)
                return self.words(found) if found else key

    def _commune_of(self, commune: str, wilaya: str) -> str:
        return self.words(self._places.town_name(commune, wilaya))

    def _who(self, who: str) -> str:
        if who == _PERSON:
            return self.words(_("the person"))
        if who.startswith(CLERK):
            number = who.removeprefix(CLERK)
            return self._names.get(number) or self.words(_("clerk {number}", number=number))
        return who


def written(cell: Cell) -> str:
    """Return a cell as it is written on a terminal: days as 05/10/2015."""
    match cell:
        case None:
            return ""
        case dt.datetime():
            return f"{cell:%d/%m/%Y %H:%M}"
        case dt.date():
            return f"{cell:%d/%m/%Y}"
        case _:
            return str(cell)


def _age(row: Registration) -> int | None:
    """Return the age on the day of signing up, as far as it is known."""
    if row.birth_date is None and row.age is None:
        return None
    return age_on(algiers_day(row.created_at), row.birth_date, row.age, row.age_on)


def _local(moment: dt.datetime) -> dt.datetime:
    """Return a moment as clocks in Algeria show it; spreadsheets know no time zones."""
    return moment.astimezone(ALGIERS).replace(tzinfo=None)
