"""What staff did, in words: each kind of deed that the desk notes, with its details."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from actions.geography import Geography
from actions.tables import Action
from bot.answers.stop_lines import WEEKDAYS, wilaya_name
from bot.desk.board import LANGUAGES
from bot.desk.meanings import MEANINGS
from bot.desk.staff import ROLES
from bot.text import Name, Text, _, ngettext

_DAYS = {name[:3]: told for name, told in WEEKDAYS.items()}
_PLAIN: Mapping[str, Text] = {
    "desk": _("made the group the desk"),
    "left": _("left the group"),
    "take": _("took the case"),
    "reply": _("answered the person"),
    "note": _("kept a note in the case"),
    "close": _("closed the case"),
    "back": _("gave the person back to the assistant"),
    "checkin": _("noted that the person came"),
    "register": _("opened the pre-registration in the person's chat"),
    "registered": _("entered a registration from paper"),
    "erase": _("erased somebody's data"),
    "given_back": _("put the case back into the queue: nobody had touched it"),
}


class Deeds:
    """Writes deeds out; `name_of` gives the name of a member by the channel's identifier."""

    def __init__(self, geography: Geography, name_of: Callable[[str], str]) -> None:
        self._geography = geography
        self._name_of = name_of

    def told(self, deed: Action) -> Text:
        """Return a deed in words; one that is not known is given as it was noted."""
        try:
            what = _PLAIN.get(deed.what) or self._with_details(deed.what, deed.details)
        except (KeyError, ValueError):  # noted by another version
            what = None
        what = what or _("{text}", text=f"{deed.what} {deed.details}".strip())
        return _("{what}, case {n}", what=what, n=str(deed.case_id)) if deed.case_id else what

    def _with_details(self, what: str, details: str) -> Text | None:
        match what:
            case "transfer":
                return _("handed the case to {name}", name=self._name_of(details))
            case "canned_sent":
                return _("sent the answer kept ready “{name}”", name=details.partition(" ")[0])
            case "canned_added":
                return _("added the answer kept ready “{name}”", name=details)
            case "canned_changed":
                return _("changed the answer kept ready “{name}”", name=details)
            case "canned_removed":
                return _("removed the answer kept ready “{name}”", name=details)
            case "role":
                user, role = details.split()
                return _("made {name}: {role}", name=self._name_of(user), role=ROLES[role])
            case "export":
                n, kind = details.split()[:2]
                file = kind.lstrip(".").upper()
                return ngettext(
                    "took {n} registration out as a file, {file}",
                    "took {n} registrations out as a file, {file}",
                    int(n),
                    file=file,
                )
            case "language":
                return _("chose a language: {language}", language=LANGUAGES[details])
            case _:
                return self._of_the_programme(what, details)

    def _of_the_programme(self, what: str, details: str) -> Text | None:
        """Return a deed that changes what people are told."""
        match what:
            case "hours":
                days, hours = details.rsplit(" ", 1)
                return _hours(days, hours)
            case "day_off":
                return _("closed the desk on {day}", day=dt.date.fromisoformat(details))
            case "day_on":
                return _("opened the desk again on {day}", day=dt.date.fromisoformat(details))
            case "notice_added":
                subject, until = details.split()
                return _notice(subject, dt.date.fromisoformat(until))
            case "notice_removed":
                return _("removed notice {n}", n=details)
            case "review":
                number, meaning = details.split()
                told = _("Nonsense") if meaning == "nonsense" else MEANINGS[meaning]
                return _("labelled message {n}: {meaning}", n=number, meaning=told)
            case "stop_announced":
                return _("announced the stop: {wilayas}", wilayas=self._wilayas(details))
            case "stop_cancelled":
                return _("cancelled the stop: {wilayas}", wilayas=self._wilayas(details))
            case _:
                return None

    def _wilayas(self, codes: str) -> tuple[Name, ...]:
        return tuple(wilaya_name(self._geography.wilayas[code]) for code in codes.split())


def _hours(days: str, hours: str) -> Text:
    names = tuple(_DAYS[day] for day in days.split())
    if hours == "closed":
        return _("closed the desk: {days}", days=names)
    return _("opened the desk {hours}: {days}", hours=hours, days=names)


def _notice(subject: str, day: dt.date) -> Text:
    if subject == "all":
        return _("added a notice under every answer, until {day}", day=day)
    return _("added a notice about “{subject}”, until {day}", subject=MEANINGS[subject], day=day)
