"""`/notice`: a few words added to the answers about a subject, until a day."""

from __future__ import annotations

import functools
from collections.abc import Collection

from actions import notices
from actions.messages import LANGUAGES
from actions.notices import Notice
from bot import menu
from bot.desk.exchange import Command, DeskExchange
from bot.desk.given import both_languages, day_given, in_both_languages
from bot.desk.meanings import MEANINGS
from bot.questions import plain
from bot.text import Choice, Line, Name, Say, Text, _, render, say

#: Letters of a notice in each language: it stands under an answer, and is not one.
LONGEST = 300

_ALL = frozenset(map(plain, ("all", "tout", "tous", "toutes", "الكل", "كل")))
_EXAMPLE = (
    "/notice {subject} 2015-10-20\n"
    "Le stand ferme à midi le 20 octobre.\n---\n"
    "يغلق الجناح عند منتصف النهار يوم 20 أكتوبر."
)


class Notices(Command):
    """Shows the notices that hold now; administrators add and remove them."""

    name = "notice"
    summary = _("A few words under the answers, for some days")
    usage = "[all 2015-10-20 …]"

    def __init__(self, forms: Collection[str]) -> None:
        """`forms` are the subjects that open a form: its questions carry no notices."""
        self._forms = forms

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the notices, or add one."""
        if not words.strip():
            x.tell(_board(x))
        elif not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        else:
            self._add(x, words.strip())

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Remove a notice."""
        deed, _sep, rest = what.partition(":")
        number = int(rest) if rest.isdecimal() and len(rest) < 19 else 0
        if not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        elif deed == "remove" and notices.remove(x.session, number):
            x.note("notice_removed", details=str(number))
            x.tell(_board(x, _("The notice is removed.")))
        else:
            x.tell(_board(x, _("This notice was removed already.")))

    def _add(self, x: DeskExchange, words: str) -> None:
        first, _newline, body = words.partition("\n")
        named, _space, day = first.strip().rpartition(" ")
        until = day_given(day)
        if until is None:
            x.tell(say(_("Begin with a subject and the last day of the notice."), _example(x)))
            return
        subject = _subjects().get(plain(named))
        both = both_languages(body)
        if subject is None:
            x.tell(
                say(
                    _(
                        "I know no subject “{name}”. These there are: {subjects}.",
                        name=named,
                        subjects=tuple(n for i, n in menu.SUBJECTS.items() if i not in self._forms),
                    ),
                    _("“all” stands for every answer."),
                )
            )
        elif subject in self._forms:
            x.tell(_("“{name}” opens a form, and forms carry no notices.", name=MEANINGS[subject]))
        elif until < x.today:
            x.tell(_("{day} is past.", day=until))
        elif both is None:
            x.tell(say(in_both_languages(), _example(x)))
        elif any(len(text) > LONGEST for text in both):
            x.tell(_("A notice has at most {n} letters in each language.", n=LONGEST))
        else:
            notices.add(x.session, subject, *both, until=until, now=x.now)
            x.note("notice_added", details=f"{subject or 'all'} {until}")
            x.tell(_board(x, _("The notice is under the answers from now on.")))


@functools.cache
def _subjects() -> dict[str, str]:
    """Return the subjects by their names in both languages and their intents."""
    names = {
        plain(render(text, language)): intent
        for intent, text in MEANINGS.items()
        for language in LANGUAGES
    }
    return dict.fromkeys(_ALL, "") | names | {intent: intent for intent in MEANINGS}


def _example(x: DeskExchange) -> Text:
    subject = render(MEANINGS["ask_next_stop"], x.language, isolated=False)
    return _("For example:\n{example}", example=_EXAMPLE.format(subject=subject))


def _board(x: DeskExchange, *news: Text) -> Say:
    lines: list[Line] = [(line, "plain") for line in news]
    found = notices.current(x.session, x.today)
    lines.append((_("Notices under the answers"), "title"))
    if not found:
        lines.append((_("There is none now."), "plain"))
    for n, notice in enumerate(found, start=1):
        line = _(
            "{n}. {subject}, until {day}: {text}",
            n=n,
            subject=_about(notice),
            day=notice.until,
            text=Name(notice.fr, notice.ar),
        )
        lines.append((line, "plain"))
    if not x.is_administrator:
        return Say(tuple(lines))
    lines.append((_example(x), "note"))
    buttons = [
        Choice(_("✖ Remove {n}", n=n), f"desk-notice:remove:{notice.id}")
        for n, notice in enumerate(found, start=1)
    ]
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    return Say(tuple(lines), rows)


def _about(notice: Notice) -> Text:
    if not notice.subject:
        return _("Every answer")
    return MEANINGS.get(notice.subject) or _("{text}", text=notice.subject)
