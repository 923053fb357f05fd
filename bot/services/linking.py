"""One person on two channels: a phone number and a chat joined, by a shared contact or a code.

A number alone never joins anything: either Telegram vouches for it, or whoever writes in the chat
has read a code on that phone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from actions import (
    cases,
    conversations,
    members,
    outbox,
    pairings,
    persons,
    phones,
    privacy,
    reminders,
)
from actions.digits import latin_digits
from actions.messages import Address
from actions.phones import PhoneError
from actions.tables import Conversation
from bot.desk.board import Board
from bot.desk.speaking import spoken
from bot.desk.titles import named
from bot.exchange import Exchange, Service
from bot.forms import steps
from bot.state import State
from bot.text import Choice, Text, _, say
from bot.texting.writing import written_for

SMS = "sms"
#: A text with so many digits was meant to be a number or a code.
FEWEST_DIGITS = 3
#: What the outbox calls the word to a number that it was joined with a chat.
SUBJECT = "linked"

_REFUSED: dict[pairings.Refusal, Text] = {
    "wrong": _("That is not the code I sent. Look at the SMS again, and write it here."),
    "dead": _("Three wrong codes: this one is dead. For another, write /sms"),
    "expired": _("That code is too old: it was good for 10 minutes. For another, write /sms"),
    "used": _("That code was used already. For another, write /sms"),
}


class Linking(Service):
    """Joins what somebody writes on Telegram and by SMS, and parts it again.

    `draw(n)` gives a random whole number below n.
    """

    prefix = "link"
    commands = frozenset({"sms", "lier", "lien"})

    def __init__(self, board: Board, draw: Callable[[int], int]) -> None:
        self._board = board
        self._draw = draw

    def holds(self, x: Exchange) -> bool:
        """Look at a contact somebody shared; return whether nobody else has a use for it.

        To a number that a chat once showed, its first SMS is answered with how to join the two.
        """
        if x.message.kind == "contact" and x.message.own:
            return self._shown(x)
        first = x.number and x.message.kind == "text" and x.turn.language is None
        if first and pairings.is_vouched(x.session, x.message.address.key):
            x.say(say(_("You write on Telegram too? LIEN joins the two.")))
        return False

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Begin to join, with a number, with a code, or from the phone itself."""
        digits = _digits(text)
        if x.number and not x.talk.person:
            self._tell_code(x)
        elif not digits or x.number:
            self._begin(x)
        elif len(digits) == len(str(pairings.FIRST_CODE)):
            self._use(x, digits)
        else:
            self._take_number(x, text)

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap: part the two, or not."""
        self.confirmed(x, "part", yes=what == "part")

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Part the two after a yes."""
        if not yes:
            x.say(say(_("All right, it stays as it is.")))
        elif persons.part(x.session, x.talk.id):
            x.count("parted")
            x.say(
                say(_("Done: what you write here and what you write there are two things again."))
            )
        else:
            x.say(say(_("Nothing is joined here.")))

    def replied(self, x: Exchange, what: str) -> bool:
        """Take a number or a code where one was asked for, else a yes or a no."""
        if what == "part":
            return super().replied(x, what)
        digits = _digits(x.message.text)
        if len(digits) < FEWEST_DIGITS:
            if x.yes_or_no != "deny":
                return False
            x.say(say(_("All right, it stays as it is.")))
        elif what == "number":
            self._take_number(x, x.message.text)
        elif len(digits) == len(str(pairings.FIRST_CODE)):
            self._use(x, digits)
        else:
            x.state.pending = "link:code"
            x.say(say(_("The code has eight digits. Write it here.")))
        return True

    def _shown(self, x: Exchange) -> bool:
        """Join the number that Telegram says is theirs, or remember it until it writes."""
        try:
            number = phones.mobile(f"+{x.message.text.removeprefix('+')}")
        except PhoneError:
            return False
        wanted = _asks_for_contact(x) or x.talk.owner == "staff"
        address = Address(SMS, number)
        other = conversations.find(x.session, address)
        if other is None:
            pairings.vouch(x.session, x.talk.id, address.key, x.now)
            if not wanted:
                x.say(say(_("Noted. Once you write by SMS from that number, LIEN joins the two.")))
        elif persons.are_one(x.session, x.talk.id, other.id):
            if not wanted:
                x.say(say(_already(number)))
        else:
            self._join(x, other)
        if not wanted:
            steps.ask_again(x)
        return not wanted

    def _begin(self, x: Exchange) -> None:
        """Ask for a number; where something is joined already, whether to part it."""
        mates = persons.others(x.session, x.talk)
        if not mates:
            x.state.pending = "link:number"
            ask = _("From which number do you write SMS? For example: 0661234567. I send a code.")
            x.say(say(ask))
            return
        x.state.pending = "link:part"
        numbers = [mate.address for mate in mates if mate.channel == SMS]
        joined = (
            _("This number is joined with a Telegram account, which sees what you write.")
            if x.number or not numbers
            else _already(numbers[0])
        )
        part, keep = Choice(_("Part them"), "link:part"), Choice(_("No"), "link:keep")
        x.say(say(joined, choices=((part, keep),)))

    def _take_number(self, x: Exchange, text: str) -> None:
        """Send a code to a number, which only who has the phone can read."""
        number = phones.mobile_in(text)
        if number is None:
            x.state.pending = "link:number"
            x.say(say(_("That is no Algerian mobile number. For example: 0661234567")))
            return
        address = Address(SMS, number)
        shown = phones.national(number)
        other = conversations.find(x.session, address)
        if other and persons.are_one(x.session, x.talk.id, other.id):
            x.say(say(_already(number)))
            return
        if outbox.has_stopped(x.session, address.key):
            x.say(
                say(_("{number} wants no SMS. To change that, write START from it.", number=shown))
            )
            return
        code = pairings.ask(x.session, x.talk.id, address.key, x.now, self._draw, by_phone=False)
        if code is None:
            x.say(say(_too_many()))
            return
        x.state.pending = "link:code"
        told = say(
            _(
                "Your Caravane code: {code}. Write it to the assistant on Telegram within 10 "
                "minutes. You asked for none? Then do nothing.",
                code=code,
            )
        )
        message = written_for(address, told, x.turn.reader)
        x.turn.postings.append((address, message, pairings.SUBJECT))
        sent = _(
            "I have sent a code to {number} by SMS. Write it here within 10 minutes.", number=shown
        )
        x.say(say(sent))

    def _tell_code(self, x: Exchange) -> None:
        """Answer a phone with a code to be written on Telegram."""
        key = x.message.address.key
        code = pairings.ask(x.session, x.talk.id, key, x.now, self._draw, by_phone=True)
        if code is None:
            x.say(say(_too_many()))
            return
        x.turn.subject = pairings.SUBJECT
        how = _(
            "Code {code}, good for 10 minutes. On Telegram, write to the Caravane assistant: "
            "/sms {code}",
            code=code,
        )
        x.say(say(how))

    def _use(self, x: Exchange, code: str) -> None:
        """Join what a code stands for, or say kindly what is wrong with it."""
        used = pairings.use(x.session, x.talk.id, code, x.now)
        if not isinstance(used, pairings.Joined):
            x.state.pending = "link:code" if used == "wrong" else ""
            x.say(say(_REFUSED[used]))
            return
        if used.key:
            address = Address(SMS, used.key.removeprefix(f"{SMS}:"))
            other = conversations.load(x.session, address, x.now)
        else:
            other = x.session.get_one(Conversation, used.asked_by)
        self._join(x, other)

    def _join(self, x: Exchange, other: Conversation) -> None:
        """Make a phone's conversation and this chat one person's, and tell both."""
        persons.link(x.session, x.talk.id, other.id)
        other.language = other.language or x.turn.reader
        _bring(x, other)
        self._one_case(x, other)
        reminders.write_anew(x.session, x.talk.id)
        x.turn.stops_changed = True
        x.count("linked")
        shown = phones.national(other.address)
        x.say(say(_("What you write by SMS from {number} is here too from now on.", number=shown)))
        address = Address(other.channel, other.address)
        if not outbox.has_stopped(x.session, address.key):
            told = say(
                _(
                    "Caravane: this number is now joined with a Telegram account, which sees what "
                    "you write here. Not you? Write LIEN."
                )
            )
            message = written_for(address, told, spoken(other))
            x.turn.postings.append((address, message, SUBJECT))

    def _one_case(self, x: Exchange, other: Conversation) -> None:
        """Leave one case open for the person, and let it say who speaks to them."""
        kept, desk = cases.of_conversation(x.session, x.talk.id), members.only_desk(x.session)
        for case in privacy.cases_of(x.session, x.talk.id):
            if kept is None or case.id == kept.id or case.status == "closed":
                continue
            cases.close(x.session, case, x.now, by=SUBJECT)
            if desk:
                goes_on = _(
                    "This person writes in {case} as well: it goes on there.", case=named(kept)
                )
                x.turn.postings += self._board.says(x.session, desk, case, goes_on)
        x.state.at_desk |= kept is not None
        cases.bring_owner(x.session, x.talk, [other])


def _bring(x: Exchange, other: Conversation) -> None:
    """Bring the form that was begun by SMS; the one that is open here goes before it."""
    mine, form = x.state, State.from_json(dict(other.state)).form
    if form and mine.form is None:
        carried = persons.carried(mine.to_json(), other.state, other.channel, x.talk.channel)
        x.turn.state = State.from_json(carried)
        steps.pause(x)
    elif form and mine.form and mine.waiting is None and form.name != mine.form.name:
        mine.waiting = replace(form, paused=True, origin="")
    elif form:
        flow = next((f for f in x.flows.values() if f.form.name == form.name), None)
        if flow:
            flow.stopped(x, form)
    other.state = persons.emptied(other.state)


def _asks_for_contact(x: Exchange) -> bool:
    """Whether the open form asks for just that."""
    flow, filled = x.flow(), x.state.form
    asked = flow.form.field(filled.asking) if flow and filled else None
    return asked is not None and asked.contact is not None


def _already(number: str) -> Text:
    return _("{number} and this chat are joined already.", number=phones.national(number))


def _too_many() -> Text:
    return _("I have sent as many codes as I may in a day. Ask again tomorrow.")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", latin_digits(text))
