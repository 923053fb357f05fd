"""`/review`: messages that were not understood, one at a time, for staff to say what they mean."""

from __future__ import annotations

from actions import members, review
from actions.review import Misread
from bot.desk.exchange import Command, DeskExchange
from bot.desk.meanings import KINDS, MEANINGS
from bot.text import Choice, Line, Say, Text, _, ngettext

#: Meanings offered at once: the likeliest, and a page of all.
LIKELIEST = 3
ON_A_PAGE, IN_A_ROW = 14, 2

_INTENTS = tuple(MEANINGS)


class Review(Command):
    """Shows the oldest message nobody has looked at; each choice shows the next."""

    name = "review"
    summary = _("Messages I did not understand")

    def run(self, x: DeskExchange, words: str) -> None:
        """Show the oldest."""
        _show_next(x, 0)

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Take the meaning of a message, or show more meanings, or leave it for later."""
        deed, _sep, rest = what.partition(":")
        number, _sep, choice = rest.partition(":")
        message = review.get(x.session, _number(number))
        if message is None:
            _show_next(x, _number(number))
        elif deed == "skip":
            _show_next(x, message.id)
        elif message.status != "new":
            _show_next(x, message.id, _said_already(x, message))
        elif deed == "more":
            x.tell(_page(message, _number(choice)))
        elif deed == "none":
            _label(x, message, "")
        elif deed == "as" and choice in MEANINGS:
            _label(x, message, choice)
        else:
            _show_next(x, message.id - 1)


def _label(x: DeskExchange, message: Misread, intent: str) -> None:
    """Label a message, unless somebody just did, and show the next."""
    number = message.id
    if review.label(x.session, number, intent, x.member.user, x.now):
        x.note("review", details=f"{number} {intent or 'nonsense'}")
        _show_next(x, number, _("Noted: {meaning}.", meaning=_meaning(intent)))
        return
    seen = review.get(x.session, number)
    _show_next(x, number, *([_said_already(x, seen)] if seen else []))


def _show_next(x: DeskExchange, after: int, *news: Text) -> None:
    lines: list[Line] = [(line, "plain") for line in news]
    message = review.next_after(x.session, after)
    if message:
        left = review.count(x.session)
        lines.append((ngettext("{n} message to look at", "{n} messages to look at", left), "title"))
        x.tell(Say((*lines, *_shown(message)), _choices(message)))
        return
    left = review.count(x.session) if after else 0
    if left:
        again = ngettext(
            "That was the last. {n} message was skipped: /review",
            "That was the last. {n} messages were skipped: /review",
            left,
        )
        lines.append((again, "plain"))
    else:
        lines.append((_("Every message has been looked at. Thank you!"), "plain"))
    x.tell(Say(tuple(lines)))


def _shown(message: Misread) -> list[Line]:
    lines: list[Line] = [(_("“{text}”", text=message.text), "plain")]
    if message.language in KINDS:
        lines.append((KINDS[message.language], "note"))
    return lines


def _choices(message: Misread) -> tuple[tuple[Choice, ...], ...]:
    ranked = sorted(message.ranking.items(), key=lambda likely: -likely[1])
    likeliest = [intent for intent, _sure in ranked if intent in MEANINGS][:LIKELIEST]
    return (
        *((_as(message, intent),) for intent in likeliest),
        (
            Choice(_("Something else…"), f"desk-review:more:{message.id}:0"),
            Choice(_("Nonsense"), f"desk-review:none:{message.id}"),
            Choice(_("Skip"), f"desk-review:skip:{message.id}"),
        ),
    )


def _page(message: Misread, page: int) -> Say:
    """Return a page of all the meanings there are."""
    pages = -(-len(_INTENTS) // ON_A_PAGE)
    page = min(page, pages - 1)
    some = _INTENTS[page * ON_A_PAGE :][:ON_A_PAGE]
    buttons = [_as(message, intent) for intent in some]
    rows = [tuple(buttons[n : n + IN_A_ROW]) for n in range(0, len(buttons), IN_A_ROW)]
    more = f"desk-review:more:{message.id}"
    turning = [
        *([Choice(_("◀ Before"), f"{more}:{page - 1}")] if page > 0 else []),
        *([Choice(_("After ▶"), f"{more}:{page + 1}")] if page < pages - 1 else []),
        Choice(_("Skip"), f"desk-review:skip:{message.id}"),
    ]
    return Say(tuple(_shown(message)), (*rows, tuple(turning)))


def _as(message: Misread, intent: str) -> Choice:
    return Choice(MEANINGS[intent], f"desk-review:as:{message.id}:{intent}")


def _said_already(x: DeskExchange, message: Misread) -> Text:
    """Say who has labelled a message before, and how."""
    if message.labelled_by == x.member.user:
        return _("You have said so already: {meaning}.", meaning=_meaning(message.label))
    member = members.find(x.session, x.desk.channel, message.labelled_by)
    who = member.name if member else _("Somebody else")
    return _("{name} was faster: {meaning}.", name=who, meaning=_meaning(message.label))


def _meaning(intent: str) -> Text:
    return MEANINGS.get(intent) or (_("{text}", text=intent) if intent else _("Nonsense"))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
