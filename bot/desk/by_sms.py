"""What staff write to people who have SMS only: as their phone gets it, and asked about if long.

A reply that is not sent at once waits where it is, in the member's own message: its words are read
from there when somebody says yes, whichever process runs by then.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_decimal

from actions import cases, held
from actions.held import Held, Status
from actions.messages import Outbound
from actions.tables import Case
from bot.channels.sms import segments
from bot.channels.sms.channel import LONGEST
from bot.desk import replying
from bot.desk.exchange import Command, DeskExchange
from bot.desk.speaking import spoken
from bot.text import Choice, Line, Name, Say, Text, _, ngettext, render
from bot.texting import writing

NAME = "sms"
#: Segments that a reply takes before staff are asked: as many as an answer of the assistant may.
MOST = segments.MOST
#: Letters named that make a text dear.
SHOWN = 6
SEND_ALL_THE_SAME = _("Send all the same")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Texted:
    """Words as a phone gets them."""

    text: str

    @property
    def segments(self) -> int:
        """Return how many SMS it takes."""
        return segments.segments(self.text)

    @property
    def is_long(self) -> bool:
        """Whether staff are asked before it is sent."""
        return self.segments > MOST[segments.coding(self.text)]

    @property
    def is_too_long(self) -> bool:
        """Whether no gateway takes it in one."""
        return self.segments > LONGEST


def texted(words: str) -> Texted:
    """Return words as a phone gets them: no emoji, and French in the letters all phones have.

    Where there is any Arabic the letters stay: it travels in another coding, which has them all.
    """
    bare = segments.without_decoration(words)
    spelled = segments.in_gsm(bare)
    return Texted(spelled if segments.coding(spelled) == "gsm" else bare)


def cost(count: int, price: Decimal) -> Name:
    """Return what segments cost, in dinars as Algerians write them: 45 DA, 1 234,50 DA."""
    amount = (count * price).quantize(_CENT, ROUND_HALF_UP)
    form = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    number = format_decimal(amount, form, locale="fr_DZ").replace("\u202f", "\u00a0")
    return Name(f"{number}\u00a0DA", f"{number}\u00a0دج")


def takes(text: Texted, price: Decimal) -> Text:
    """Say how many SMS a text takes, and what they cost where that is known."""
    sms = ngettext("{n} text message", "{n} text messages", text.segments)
    return _("{sms}, {cost}", sms=sms, cost=cost(text.segments, price)) if price else sms


def hints(text: Texted) -> list[Text]:
    """Say what would make a long text shorter."""
    coding = segments.coding(text.text)
    over = segments.length(text.text) - segments.room(MOST[coding], coding)
    most = ngettext("{n} text message", "{n} text messages", MOST[coding])
    fewer = ngettext(
        "With {n} character less it would be {most}.",
        "With {n} characters less it would be {most}.",
        max(over, 1),
        most=most,
    )
    dear = [c for c in text.text if segments.coding(c) == "ucs2"]
    if not dear or 2 * len(dear) > sum(c.isalpha() for c in text.text):
        return [fewer]
    named = list(dict.fromkeys(dear))
    shown = (*named[:SHOWN], *("…",) * (len(named) > SHOWN))
    without = Texted(segments.in_gsm("".join(c for c in text.text if c not in named)))
    mixed = _(
        "These make each SMS hold 67 characters in place of 153: {letters}. Without them: {sms}.",
        letters=Name(*[" ".join(shown)] * 2),
        sms=ngettext("{n} text message", "{n} text messages", without.segments),
    )
    return [mixed, fewer]


def too_long(text: Texted) -> Text:
    """Say that a text is longer than what is sent at once."""
    return _(
        "Not sent: it would take {n} SMS, and {most} is the most. Make it shorter, or write "
        "several messages.",
        n=text.segments,
        most=LONGEST,
    )


class BySms(Command):
    """Sends what staff write to people who have SMS only; its buttons say yes or no to long ones.

    `price` is that of a segment in dinars, 0 where it is not known.
    """

    name = NAME
    summary = _("Replies that go by SMS")
    hidden = True

    def __init__(self, price: Decimal) -> None:
        self._price = price

    def run(self, x: DeskExchange, words: str) -> None:
        """Say how it is used: nobody need type it."""
        x.tell(_("In a case, what you write goes to the person."))

    def said(self, x: DeskExchange, case: Case) -> None:
        """Send what a member wrote in a case, corrected perhaps, or ask first when it is long."""
        if x.message.kind not in {"text", "edit"} or not x.message.whole:
            x.tell(
                _(
                    "Not sent: this person writes by SMS, which carries text only. Say it in "
                    "words, or call them."
                )
            )
            return
        if not replying.may_answer(x, case):
            return
        reply = _written(x, case)
        text = _words_of(x, case, reply, x.message.text)
        if not text.text:
            x.tell(_("Not sent: by SMS nothing is left of it. Write it in words."))
        elif text.is_long:
            self._hold(x, case, reply, text)
        elif replying.reply(x, case, _sms(x, case, text)) and x.message.kind == "edit":
            # A question about the words before these is answered with it.
            _note(x, case, reply, "sent")

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Send a reply that was held back, or give it up; both once."""
        deed, _sep, rest = what.partition(":")
        number, _sep, event = rest.partition(":")
        case = cases.get(x.session, int(number)) if number.isdecimal() else None
        if case is None:
            x.tell(_("This case is no more: the person had it erased."))
            return
        replies = held.replies(x.session, case)
        reply = next((one for one in replies.values() if one.event == event), None)
        if reply is None:
            x.tell(_("These words were corrected since then: the newer ones count."))
        elif reply.status == "sent":
            x.tell(_("This was sent already."))
        elif reply.status == "dropped":
            x.tell(_("This was given up. Write it again to send it."))
        elif deed == "send":
            self._send(x, case, reply)
        else:
            _note(x, case, reply, "dropped")
            x.tell(_("All right: it is not sent."))

    def _hold(self, x: DeskExchange, case: Case, reply: Held, text: Texted) -> None:
        """Keep in mind that it did not reach the person, and ask, unless it never can."""
        _note(x, case, reply, "held")
        if text.is_too_long:
            x.tell(too_long(text))
            return
        title = _("Not sent yet: {takes}.", takes=takes(text, self._price))
        lines: list[Line] = [(title, "title")]
        if text.text != x.message.text.strip():
            lines.append((_("On their phone:"), "note"))
            lines.append((_("{text}", text=text.text), "plain"))
        lines += [(hint, "note") for hint in hints(text)]
        behind = f"{case.id}:{reply.event}"
        yes = Choice(SEND_ALL_THE_SAME, f"desk-{NAME}:send:{behind}")
        no = Choice(_("Don't send"), f"desk-{NAME}:drop:{behind}")
        x.tell(Say(tuple(lines), ((yes, no),)))

    def _send(self, x: DeskExchange, case: Case, reply: Held) -> None:
        words = held.words(x.session, x.group.channel, reply.event)
        text = _words_of(x, case, reply, words)
        if not words:
            x.tell(_("These words are kept no more. Write them again to send them."))
        elif replying.reply(x, case, _sms(x, case, text)):
            _note(x, case, reply, "sent")
            x.tell(_("Sent: {takes}.", takes=takes(text, self._price)))


def _written(x: DeskExchange, case: Case) -> Held:
    """Return what a member wrote; a correction replaces words that have not arrived."""
    reply = Held(x.message.reference, x.message.external_id)
    if x.message.kind != "edit":
        return reply
    earlier = held.replies(x.session, case).get(reply.message)
    arrived = earlier is None or earlier.status == "sent" or earlier.corrected
    return replace(reply, corrected=arrived)


def _sms(x: DeskExchange, case: Case, text: Texted) -> Outbound:
    return writing.message(text.text, spoken(x.reached(case)))


def _words_of(x: DeskExchange, case: Case, reply: Held, words: str) -> Texted:
    """Return the words of a reply for a phone; of a correction, saying that it is one."""
    if not reply.corrected:
        return texted(words)
    told = _("✏️ Corrected: {text}", text=words)
    return texted(render(told, spoken(x.reached(case)), isolated=False))


def _note(x: DeskExchange, case: Case, reply: Held, status: Status) -> None:
    held.note(x.session, x.member.user, case, replace(reply, status=status), x.now)
