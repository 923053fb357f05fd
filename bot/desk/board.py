"""What stands in a case: who it is about, what they write, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from actions import cases, inbox, members, registrations
from actions.codes import shown as in_groups
from actions.geography import Geography
from actions.messages import Address, Copy, Inbound, Outbound, Topic
from actions.messages import Line as Written
from actions.store import Session
from actions.tables import Case, Conversation, Desk
from bot.answers.stop_lines import wilaya_name
from bot.clock import ALGIERS
from bot.desk.speaking import speaks
from bot.desk.titles import BY_SMS, named, title
from bot.text import Choice, Line, Name, Say, Text, _, ngettext, render_message

#: Where a message goes, what it is, and what it is about.
Posting = tuple[Address, Outbound, str]

#: Of what a person wrote before, so many messages are shown when a case opens.
LAST = 6
LANGUAGES = {"fr": Name("Français", "الفرنسية"), "ar": Name("Arabe", "العربية")}
REASONS = {
    "asked": _("Asks for a person"),
    "missed": _("The assistant did not understand"),
    "complaint": _("A complaint"),
    "staff": _("Begun by the desk"),
}


class Board:
    """Writes into the cases of a desk, in the desk's language."""

    def __init__(self, geography: Geography) -> None:
        self._geography = geography

    def opening(self, session: Session, desk: Desk, case: Case) -> list[Posting]:
        """Return what a case opens with: why, who, and what they wrote."""
        talk = session.get_one(Conversation, case.conversation_id)
        lines: list[Line] = [
            (_("{why} · case {case}", why=REASONS[case.why], case=named(case)), "title")
        ]
        lines += [(text, "item") for text in self._about(session, case, talk)]
        lines += [(text, "plain") for text in self._written(session, talk)]
        how = (
            _("Write here to answer; /note keeps a word among us; /close ends it.")
            if desk.topics
            else _("Reply to a message of the case to answer; /note keeps a word among us.")
        )
        lines.append((how, "note"))
        take = (
            ((Choice(_("✋ Take"), f"desk-take:{case.id}"),),) if case.status == "waiting" else ()
        )
        message = render_message(Say(tuple(lines), take), speaks(desk.language))
        return in_case(session, desk, case, message, headed=True)

    def says(self, session: Session, desk: Desk, case: Case, *texts: Text) -> list[Posting]:
        """Return a word to staff about a case."""
        lines: tuple[Line, ...] = tuple((text, "note") for text in texts)
        return in_case(session, desk, case, render_message(Say(lines), speaks(desk.language)))

    def wrote(self, session: Session, desk: Desk, case: Case, message: Inbound) -> list[Posting]:
        """Return what a person sent, as it appears in their case."""
        words = message.text
        if message.kind == "edit":
            corrected = _("✏️ Corrected: {text}", text=words)
            said = render_message(Say(((corrected, "plain"),)), speaks(desk.language))
        elif message.kind == "text" and message.whole:
            said = Outbound(lines=(Written(f"👤 {words}"),), language=speaks(desk.language))
        elif message.address.channel == desk.channel:
            said = Outbound(copy=Copy(message.address.id, message.reference))
        else:
            other = _("👤 They sent something that is no text: it can't be shown here.")
            said = render_message(Say(((other, "plain"),)), speaks(desk.language))
        return in_case(session, desk, case, said)

    def wilaya(self, code: str) -> Text | Name | None:
        """Return the name of a wilaya, if there is one of that code."""
        found = self._geography.wilayas.get(code)
        return wilaya_name(found) if found else None

    def _about(self, session: Session, case: Case, talk: Conversation) -> list[Text]:
        language = LANGUAGES.get(str(talk.state.get("spoken") or talk.language))
        about = [_("Language: {language}", language=language)] if language else []
        if Address(talk.channel, talk.address).number:
            about.append(_("Writes by SMS: what you send goes as {sms}, text only", sms=BY_SMS))
        wilaya = self.wilaya(case.wilaya)
        if wilaya:
            about.append(_("Wilaya: {wilaya}", wilaya=wilaya))
        for row in registrations.of_conversation(session, talk.id):
            name = f"{row.given_name} {row.family_name}"
            about.append(_("Registration {code}: {name}", code=in_groups(row.code), name=name))
        return about

    def _written(self, session: Session, talk: Conversation) -> list[Text]:
        key = Address(talk.channel, talk.address).key
        return [
            _("👤 {time}: {text}", time=at.astimezone(ALGIERS).time(), text=text)
            for at, text in inbox.last_texts(session, key, LAST)
        ]


def stopped(session: Session, talk: Conversation) -> list[Posting]:
    """Return what the open case of somebody who wrote STOP says; nothing where there is none."""
    return _said_of(
        session,
        talk,
        _(
            "⛔ They wrote STOP: no SMS reaches them now, and what was on its way is taken back. "
            "Call them, or wait until they write START."
        ),
    )


def started(session: Session, talk: Conversation) -> list[Posting]:
    """Return what the open case of somebody who wrote START says; nothing where there is none."""
    return _said_of(session, talk, _("✅ They wrote START: SMS reach them again."))


def _said_of(session: Session, talk: Conversation, text: Text) -> list[Posting]:
    case = cases.of_conversation(session, talk.id)
    desk = members.only_desk(session) if case else None
    if case is None or desk is None:
        return []
    said = render_message(Say(((text, "note"),)), speaks(desk.language))
    return in_case(session, desk, case, said)


def in_case(
    session: Session, desk: Desk, case: Case, message: Outbound, *, headed: bool = False
) -> list[Posting]:
    """Return a message as it is put into a case; nothing while the case is not shown.

    Without topics every message says which case it is of, unless it is `headed` already.
    """
    if not case.shown:
        return []
    group, about = Address(desk.channel, desk.chat), cases.subject(case)
    if desk.topics:
        topic = Topic(case.id, title(session, case))
        return [(group, replace(message, topic=topic), about)]
    head = Written(title(session, case), "title")
    if headed:
        return [(group, message, about)]
    if message.copy:
        return [(group, Outbound(lines=(head,)), about), (group, message, about)]
    return [(group, replace(message, lines=(head, *message.lines)), about)]


def waited(since: dt.datetime, now: dt.datetime) -> Text:
    """Say how long something has lasted, in the largest unit that says enough."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return _("less than a minute")
    if minutes < 90:
        return ngettext("{n} minute", "{n} minutes", minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("{n} hour", "{n} hours", hours)
    return ngettext("{n} day", "{n} days", hours // 24)
