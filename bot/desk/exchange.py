"""One thing that happened in the desk's group, as its commands hand it to each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from actions import audit, cases, persons
from actions.messages import Address, Deed, Inbound, Language, Line, Outbound
from actions.store import Session
from actions.tables import Case, Conversation, Desk, Member
from bot.channels.base import Standing
from bot.clock import algiers_day
from bot.desk.board import Posting, in_case
from bot.desk.speaking import speaks, spoken
from bot.text import Say, Text, render_message, say
from bot.texting.writing import plain, written_for

__all__ = ["Command", "DeskExchange", "speaks", "spoken"]


@dataclass
class DeskExchange:
    """A message in the group, who wrote it, and the case it is about, if it is about one.

    An open case that nobody touches for `patience` is given back to the assistant.

    What is read and stored goes through `session`, in the turn's own transaction. `outgoing` is
    what leaves when it commits.
    """

    session: Session
    message: Inbound
    now: dt.datetime
    desk: Desk
    member: Member
    case: Case | None
    patience: dt.timedelta = dt.timedelta(hours=24)
    content: bytes | None = None
    standing: Standing | None = None
    stops_changed: bool = False
    outgoing: list[Posting] = field(default_factory=list)
    _talks: dict[int, Conversation] = field(default_factory=dict, init=False)

    @property
    def today(self) -> dt.date:
        """Return the day in Algiers."""
        return algiers_day(self.now)

    @property
    def language(self) -> Language:
        """Return the language of the member, or the desk's when they have chosen none."""
        return speaks(self.member.language or self.desk.language)

    @property
    def is_administrator(self) -> bool:
        """Whether the member may do what agents may not."""
        return self.member.role == "administrator"

    @property
    def group(self) -> Address:
        """Return the desk's group."""
        return Address(self.desk.channel, self.desk.chat)

    def tell(self, *says: Say | Text, to: Language | None = None) -> None:
        """Answer the member, where they wrote and as a reply to it."""
        for said in says:
            message = _written(said, to or self.language)
            here = replace(message, thread=self.message.thread, answers=self.message.reference)
            self.outgoing.append((self.group, here, cases.subject(self.case)))

    def tell_case(self, case: Case, *says: Say | Text) -> None:
        """Write into a case, in the desk's language; nothing while the case is not shown."""
        for said in says:
            self.add_to_case(case, _written(said, speaks(self.desk.language)))

    def add_to_case(self, case: Case, message: Outbound) -> None:
        """Put a message into a case; nothing while the case is not shown."""
        self.outgoing += in_case(self.session, self.desk, case, message)

    def tell_person(self, case: Case, *says: Say | Text) -> None:
        """Write to the person of a case, in their language, where they wrote last."""
        talk = self.reached(case)
        to = Address(talk.channel, talk.address)
        self._end_choices(talk)
        for said in says:
            message = said if isinstance(said, Say) else say(said)
            self.outgoing.append((to, written_for(to, message, spoken(talk)), cases.subject(case)))

    def send_person(self, case: Case, message: Outbound) -> None:
        """Send a member's words to the person of a case, where they wrote last.

        What is copied as it is, such as a picture, can't go by SMS: then it goes to the chat that
        the case is of.
        """
        own, talk = self.talk(case), self.reached(case)
        if message.copy and talk.channel != self.desk.channel:
            talk = own
        to = Address(talk.channel, talk.address)
        self._end_choices(talk)
        if to.number and talk is not own:  # it was written for a chat
            bare = (Line(plain(line.text, message.language)) for line in message.lines)
            message = Outbound(lines=tuple(bare), language=message.language)
        self.outgoing.append((to, message, cases.subject(case)))

    def _end_choices(self, talk: Conversation) -> None:
        """Let numbers offered before mean nothing any more: the next one answers staff."""
        if talk.state.get("options"):
            self.session.refresh(talk, with_for_update=True)
            talk.state = {**talk.state, "options": [], "rest": []}

    def reached(self, case: Case) -> Conversation:
        """Return the conversation in which the person of a case is written to."""
        return persons.reach(self.session, self.talk(case))

    def do_to_topic(self, case: Case, deed: Deed) -> None:
        """Close, open or remove the topic of a case, if it has one."""
        if case.thread and self.desk.topics:
            done = Outbound(deed=deed, thread=str(case.thread))
            self.outgoing.append((self.group, done, cases.subject(case)))

    def talk(self, case: Case) -> Conversation:
        """Return the conversation of a case, which nobody else may change until the turn ends."""
        if case.conversation_id not in self._talks:
            held = persons.hold(self.session, case.conversation_id)
            self._talks |= {talk.id: talk for talk in held}
        return self._talks[case.conversation_id]

    def note(self, what: str, case: Case | None = None, details: str = "") -> None:
        """Write down what the member did; `details` hold no words of people."""
        audit.note(self.session, self.member.user, what, self.now, case=case, details=details)


class Command:
    """What staff can do with a word after a slash; its buttons carry `desk-name:what`.

    `usage` is what may follow the name, the same in both languages. `everyone` is False where an
    administrator is needed. `hidden` ones are not in the command menu.
    """

    name = ""
    summary: Text
    usage = ""
    everyone = True
    hidden = False

    def run(self, x: DeskExchange, words: str) -> None:
        """Carry out the command; `words` are what follows it."""
        raise NotImplementedError

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Take a tap on one of its buttons."""


def _written(said: Say | Text, language: Language) -> Outbound:
    return render_message(say(said) if isinstance(said, Text) else said, language)
