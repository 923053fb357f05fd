"""One turn of the desk: what happened in its group, and what comes of it.

Plain synchronous functions, as the dialogue's: no network, and one database session passed in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from actions import audit, cases, members
from actions.messages import Address, Copy, Inbound, Outbound
from actions.messages import Line as Written
from actions.store import Session
from actions.tables import Case, Desk, Member
from bot.channels.base import Standing
from bot.desk.board import Posting, in_case
from bot.desk.by_sms import BySms
from bot.desk.exchange import Command, DeskExchange
from bot.desk.replying import reply
from bot.desk.setup import DeskCommand, Help, menu_of
from bot.desk.speaking import speaks, spoken
from bot.text import Text, _, render, render_message, say

TROUBLES: dict[str, Text] = {
    "gone": _("I was taken out of the staff group: put me back, and make me an administrator."),
    "member": _(
        "I am no administrator of the staff group any more: what staff write there does not reach "
        "me. Make me an administrator again."
    ),
    "administrator": _(
        "In the staff group I may not manage topics any more: give me that right again."
    ),
}


@dataclass(frozen=True)
class Looked:
    """What was fetched for a message in a group before its turn."""

    content: bytes | None = None
    standing: Standing | None = None


@dataclass(frozen=True)
class DeskTurn:
    """What leaves when the turn commits; with `stops_changed` reminders are looked at again."""

    outgoing: tuple[Posting, ...] = ()
    stops_changed: bool = False


class StaffDesk:
    """The desk, whatever group it is in."""

    def __init__(
        self,
        commands: Sequence[Command],
        *,
        administrators: Callable[[str], bool],
        patience: dt.timedelta,
        anyone_may_open: bool = False,
        sms_price: Decimal = Decimal(0),
    ) -> None:
        """`administrators` tells who is one whatever the group says.

        With `anyone_may_open`, as in the simulator, so is whoever opens the first desk. `sms_price`
        is what a segment costs, in dinars.
        """
        self._by_sms = BySms(sms_price)
        everything: list[Command] = [DeskCommand(self._menus), self._by_sms, *commands]
        everything.append(Help(everything))
        self._commands = {command.name: command for command in everything}
        self._administrators = administrators
        self._patience = patience
        self._anyone_may_open = anyone_may_open

    @property
    def names(self) -> frozenset[str]:
        """Return the commands there are."""
        return frozenset(self._commands)

    def looks_at(self, message: Inbound) -> tuple[bool, bool]:
        """Return whether a message's file, and whether its group, are to be looked at first."""
        is_command = message.address.is_group and message.kind == "command"
        wants_file = is_command and message.file is not None and message.command == "stops"
        return wants_file, is_command and message.command == "desk"

    def turn(
        self, session: Session, message: Inbound, looked: Looked, now: dt.datetime
    ) -> DeskTurn:
        """Return what a message in a group leads to."""
        desk = members.desk(session, message.address.channel)
        if message.kind == "standing":
            return DeskTurn(tuple(self._standing(session, desk, message, now)))
        if message.sender is None or message.kind == "ignored":
            return DeskTurn()
        here = desk is not None and desk.chat == message.address.id
        if not here:
            if (message.kind, message.command) != ("command", "desk"):
                return DeskTurn()
            if not self._may_open(session, desk, message):
                return DeskTurn(tuple(_stays_shut(message)))
            desk = self._open(session, message, looked, now)
        assert desk is not None  # noqa: S101 - it is this group's, or was just opened
        member = self._member(session, message, now)
        if not here:
            member.role = "administrator"
            audit.note(session, member.user, "desk", now)
        x = DeskExchange(
            session=session,
            message=message,
            now=now,
            desk=desk,
            member=member,
            case=_case_of(session, desk, message),
            patience=self._patience,
            content=looked.content,
            standing=looked.standing,
        )
        self._handle(x)
        return DeskTurn(tuple(x.outgoing), x.stops_changed)

    def _handle(self, x: DeskExchange) -> None:
        match x.message.kind:
            case "command":
                self._command(x)
            case "button":
                self._button(x)
            case "edit" if x.case and _corrects(x, x.case):
                self._answers(x, x.case)
            case "edit":
                pass
            case _ if x.case:
                self._answers(x, x.case)

    def _answers(self, x: DeskExchange, case: Case) -> None:
        """Pass on what a member wrote to the person of a case."""
        talk = x.reached(case)
        if Address(talk.channel, talk.address).number:
            self._by_sms.said(x, case)
        elif x.message.kind == "edit":
            _corrected(x, case)
        else:
            _said(x, case)

    def _command(self, x: DeskExchange) -> None:
        command = self._commands.get(x.message.command)
        if command is None:
            x.tell(_("I don't know this command. /help shows what you can do."))
        elif not command.everyone and not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        else:
            command.run(x, x.message.text)
            if command.name == "staff" and x.message.text:  # who may do what has changed
                x.outgoing += [(x.group, offered, "") for offered in self._menus(x)]

    def _button(self, x: DeskExchange) -> None:
        name, _sep, what = x.message.text.removeprefix("desk-").partition(":")
        command = self._commands.get(name)
        if command is None or not x.message.text.startswith("desk-"):
            x.tell(_("This button leads nowhere any more. /help shows what you can do."))
        elif not command.everyone and not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        else:
            command.pressed(x, what)

    def _may_open(self, session: Session, desk: Desk | None, message: Inbound) -> bool:
        """Whether who writes may make this group the desk."""
        sender = message.sender
        if sender is None or message.text.lower() != "here":
            return False
        return self._administrators(sender.id) or (self._anyone_may_open and desk is None)

    def _open(self, session: Session, message: Inbound, looked: Looked, now: dt.datetime) -> Desk:
        standing = looked.standing or Standing(False, False, False)
        return members.open_desk(
            session,
            message.address,
            now,
            topics=standing.topics and standing.manages_topics,
            language=speaks(message.locale[:2]),
        )

    def _member(self, session: Session, message: Inbound, now: dt.datetime) -> Member:
        assert message.sender is not None  # noqa: S101 - seen to by the caller
        member = members.seen(session, message.address.channel, message.sender, now)
        if self._administrators(member.user):
            member.role = "administrator"
        return member

    def _menus(self, x: DeskExchange) -> list[Outbound]:
        """Return the command menus of the group: everyone's, and the administrators' own."""
        every = list(self._commands.values())
        language = x.desk.language
        agents = menu_of([c for c in every if c.everyone], language)
        whole = menu_of(every, language)
        channel = x.desk.channel
        return [
            Outbound(menu=agents),
            *(
                Outbound(menu=whole, menu_for=member.user)
                for member in members.listed(x.session, channel, "administrator")
            ),
        ]

    def _standing(
        self, session: Session, desk: Desk | None, message: Inbound, now: dt.datetime
    ) -> list[Posting]:
        """Follow what became of the assistant, of the group, or of a member."""
        ours = desk is not None and desk.chat == message.address.id
        match message.command:
            case "left" if ours and message.sender:
                return _leaves(session, message, now)
            case "moved" if desk and ours:
                members.move(session, desk, message.text)
            case "gone" | "member" | "administrator" | "manager" if desk and ours:
                return self._trouble(session, desk, message.command)
            case "member" | "administrator" | "manager":
                return _invited(message)
        return []

    def _trouble(self, session: Session, desk: Desk, became: str) -> list[Posting]:
        """Tell the administrators in private that the desk can't work as it did."""
        worse = became in {"gone", "member"} or (became == "administrator" and desk.topics)
        trouble = became if worse else ""
        if trouble == desk.trouble:
            return []
        desk.trouble = trouble
        if not trouble:
            return []
        return [
            (
                Address(desk.channel, member.user),
                render_message(say(TROUBLES[trouble]), speaks(member.language or desk.language)),
                "",
            )
            for member in members.listed(session, desk.channel, "administrator")
        ]


def _case_of(session: Session, desk: Desk, message: Inbound) -> Case | None:
    """Return the case of a message: that of its topic, or of the message it replies to."""
    if desk.topics and message.thread:
        return cases.in_thread(session, message.thread)
    if message.kind == "button":
        return cases.behind(session, message.address.key, message.reference)
    if message.answers:
        return cases.behind(session, message.address.key, message.answers)
    return None


def _said(x: DeskExchange, case: Case) -> None:
    """Send what a member wrote, of whatever kind, to the person."""
    message = x.message
    if message.kind == "text" and message.whole:
        words = Written(f"👥 {message.text}")
        said = Outbound(lines=(words,), language=spoken(x.reached(case)))
    elif x.reached(case).channel == message.address.channel:
        said = Outbound(copy=Copy(message.address.id, message.reference))
    else:
        x.tell(_("Only text reaches this person: write it in words."))
        return
    reply(x, case, said)


def _corrects(x: DeskExchange, case: Case) -> bool:
    """Whether a member corrected words of theirs to the person of a case."""
    return case.status != "closed" and x.message.text[:1] not in {"", "/"}


def _corrected(x: DeskExchange, case: Case) -> None:
    """Send the correction of what a member wrote in a case."""
    language = spoken(x.reached(case))
    corrected = render(_("✏️ Corrected: {text}", text=x.message.text), language)
    reply(x, case, Outbound(lines=(Written(corrected),), language=language))


def _leaves(session: Session, message: Inbound, now: dt.datetime) -> list[Posting]:
    """Put the cases of a member who left the group back into the queue."""
    assert message.sender is not None  # noqa: S101 - seen to by the caller
    member = members.find(session, message.address.channel, message.sender.id)
    desk = members.desk(session, message.address.channel)
    if member is None or desk is None:
        return []
    told: list[Posting] = []
    for case in cases.held_by(session, member.id):
        if cases.give_back(session, case, now, case.due_at - case.touched_at):
            text = _("{name} has left; this case waits again.", name=member.name)
            told += _note_in(session, desk, case, text)
    members.leave(session, member, now)
    audit.note(session, member.user, "left", now)
    return told


def _note_in(session: Session, desk: Desk, case: Case, text: Text) -> list[Posting]:
    return in_case(session, desk, case, render_message(say(text), speaks(desk.language)))


def _invited(message: Inbound) -> list[Posting]:
    """Say what to do, in a group the assistant was just added to."""
    hello = _(
        "Hello! To make this group the staff desk, an administrator named in my settings writes: "
        "/desk here"
    )
    return [_told(message, hello, "")]


def _stays_shut(message: Inbound) -> list[Posting]:
    """Refuse to make a group the desk."""
    if message.text.lower() != "here":
        how = _("This group is not the desk. An administrator writes: /desk here")
        return [_told(message, how, message.reference)]
    refusal = _(
        "Only an administrator named in my settings can make a group the desk. Your number, for "
        "CARAVANE_ADMINISTRATORS: {number}",
        number=message.sender.id if message.sender else "",
    )
    return [_told(message, refusal, message.reference)]


def _told(message: Inbound, text: Text, answers: str) -> Posting:
    said = render_message(say(text), speaks(message.locale[:2]))
    return message.address, replace(said, thread=message.thread, answers=answers), ""
