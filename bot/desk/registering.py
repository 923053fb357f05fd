"""`/register`: somebody signed up by staff, in their own chat or from a signed sheet of paper.

In their own chat the consent is asked before anything else: what staff wrote stays in the message
they wrote it in, and is read once the person has agreed. From paper nothing is stored before a yes
under the summary; until then the sheet is the member's message and nothing else, read again then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from actions import cases, consents, conversations, inbox, outbox, registrations
from actions.codes import shown as in_groups
from actions.messages import Address, Inbound, Outbound
from actions.messages import Line as Written
from actions.registrations import Registration
from actions.tables import Case, Consent, Conversation
from bot.desk.cards import subject, tell_about
from bot.desk.exchange import Command, DeskExchange, speaks, spoken
from bot.desk.on_paper import PaperForm, Sheet
from bot.desk.replying import reply, tell_taken
from bot.exchange import Exchange
from bot.flows.registration.flow import NAME, RegistrationFlow
from bot.forms import steps
from bot.knowledge import Facts
from bot.questions import plain
from bot.state import State
from bot.text import Choice, Line, Name, Say, Text, _, say
from bot.texting import writing
from bot.turn import Heard, Turn

EXAMPLE = "/register Amina Benali, 14/05/1991, El Eulma Sétif, 0661 23 45 67"
_PAPER = frozenset(map(plain, ("paper", "papier", "ورق", "ورقة", "الورق", "ورقي")))


class Register(Command):
    """Opens the form in a person's chat, or takes a sheet of paper."""

    name = "register"
    summary = _("Sign somebody up, in their chat or from paper")
    usage = "[… | paper …]"

    def __init__(
        self, facts: Facts, signing_up: RegistrationFlow, draw: Callable[[int], int]
    ) -> None:
        """`draw(n)` gives a random whole number below n, for the codes."""
        self._facts = facts
        self._signing_up = signing_up
        self._draw = draw
        self._paper = PaperForm(facts, signing_up)

    def run(self, x: DeskExchange, words: str) -> None:
        """Open the form for the person of a case, show the sheet, or check one."""
        self._facts.refresh(x.session)
        if _sheet_in(words) is not None:
            self._take_sheet(x, words)
        elif x.case:
            self._open(x, x.case, words)
        else:
            x.tell(
                say(
                    _("In a case, the form opens in the person's chat: {example}", example=EXAMPLE),
                    _("With a signed sheet of paper: {example}", example="/register paper"),
                )
            )

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Take the yes or the no to a sheet; it is read once more from the message it came in."""
        self._facts.refresh(x.session)
        deed, _sep, number = what.partition(":")
        body = _sheet_in(inbox.text_of(x.session, x.group.channel, number))
        if not body:
            self._say_where_it_stands(x)
            return
        if deed == "no":
            inbox.empty(x.session, x.group.channel, number)
            outbox.empty(x.session, x.group.key, x.message.reference)
            x.tell(_("All right: nothing is kept of this sheet."))
            return
        sheet = self._paper.read(body, x.today)
        twins = [] if sheet.wrong else self._twins(x, sheet)
        if sheet.wrong:
            self._refuse(x, number, sheet)
        elif deed == "again" and len(twins) == 1:
            self._change(x, number, sheet, twins[0])
        elif deed == "yes" and not twins:
            self._register(x, number, sheet, None)
        elif deed == "other":
            self._register(x, number, sheet, twins[0] if twins else None)
        else:
            self._ask(x, number, sheet)

    # -- in the person's own chat

    def _open(self, x: DeskExchange, case: Case, facts: str) -> None:
        """Open the form in the chat of a case's person; the case stays open."""
        own, talk = x.talk(case), x.reached(case)
        if case.status == "closed":
            tell_taken(x, case)
            return
        turn = self._turn(x, talk, facts)
        form = turn.state.form
        if form is None or form.name != NAME:
            x.tell(_("The form can't be opened now. The person would read:"), *turn.says)
            return
        mine = registrations.of_conversation(x.session, talk.id)
        first, *others = _messages(turn, talk)
        if not reply(x, case, first):
            return
        for message in others:
            x.send_person(case, message)
        talk.state, talk.updated_at = turn.state.to_json(), x.now
        own.owner = talk.owner = "bot"
        x.note("register", case)
        is_open = self._signing_up.form.is_open(form.slots)
        lines = [_("The pre-registration is open in their chat.")]
        if mine:
            lines.append(
                _("Already signed up here: {names}.", names=tuple(row.given_name for row in mine))
            )
        if facts and talk.channel != x.group.channel:
            lines.append(_("By SMS they give all their answers themselves, also those you gave."))
        elif facts and is_open:
            lines.append(_("They had agreed before: they give their answers themselves."))
        elif facts:
            lines.append(_("What you gave is filled in once they agree; nothing is kept before."))
        lines.append(_("They answer the assistant now. When you write, they are with you again."))
        x.tell(say(*lines))

    def _turn(self, x: DeskExchange, talk: Conversation, facts: str) -> Turn:
        """Return the turn that opens the form in somebody's chat."""
        language = speaks(talk.language) if talk.language else None
        turn = Turn(State.from_json(dict(talk.state)), language, guess=spoken(talk))
        # The form remembers the message that opened it: what it says is read after the consent.
        read = bool(facts) and talk.channel == x.group.channel
        number = x.message.external_id if read else ""
        person = Exchange(
            session=x.session,
            talk=talk,
            knowledge=self._facts,
            flows={"preregister": self._signing_up},
            services=(),
            message=Inbound(number, Address(talk.channel, talk.address), "ignored"),
            heard=Heard(),
            now=x.now,
            turn=turn,
        )
        turn.state.pending = ""
        steps.open_form(person, self._signing_up, "", None, anyway=True)
        form = turn.state.form
        if form and form.name == NAME:
            if number and not self._signing_up.form.is_open(form.slots):
                form.origin = number
            why = _("To sign you up, the desk opens the pre-registration here; you answer to me.")
            turn.says.insert(0, say(why))
        return turn

    # -- from paper

    def _take_sheet(self, x: DeskExchange, words: str) -> None:
        """Show an empty sheet, or what one that is filled in comes to."""
        body, number = _sheet_in(words), x.message.external_id
        if not body:
            self._show_empty(x)
            return
        sheet = self._paper.read(body, x.today)
        if sheet.wrong:
            self._refuse(x, number, sheet)
        else:
            self._ask(x, number, sheet)

    def _show_empty(self, x: DeskExchange) -> None:
        lines: list[Line] = [
            (_("For someone who signed the agreement on paper"), "title"),
            (_("Copy the next message and fill in each line, for example:"), "plain"),
            *((line, "item") for line in self._paper.examples()),
            (_("The last line may stay empty. Never give the identity number."), "note"),
        ]
        x.tell(Say(tuple(lines)))
        # As it is to be typed: marks of direction would keep it from being a command.
        sheet = f"/register paper\n{self._paper.template(x.language)}"
        empty = Outbound((Written(sheet),), language=x.language, thread=x.message.thread)
        x.outgoing.append((x.group, empty, cases.subject(x.case)))

    def _refuse(self, x: DeskExchange, number: str, sheet: Sheet) -> None:
        """Say what is wrong, and keep nothing: the member has the message to correct it in."""
        inbox.empty(x.session, x.group.channel, number)
        lines: list[Line] = [
            (_("Nothing is kept yet. Put this right, and send the whole sheet again:"), "title"),
            *((line, "item") for line in sheet.wrong),
        ]
        x.tell(Say(tuple(lines)))

    def _ask(self, x: DeskExchange, number: str, sheet: Sheet) -> None:
        """Show what would be stored, and ask for a yes."""

        def button(label: Text, deed: str) -> tuple[Choice, ...]:
            return (Choice(label, f"desk-register:{deed}:{number}"),)

        lines: list[Line] = [(_("Is everything right?"), "title")]
        for field in self._signing_up.form.fields:
            shown = field.shown(sheet.slots) if field.shown and field.name in sheet.slots else None
            if shown and field.label:
                line = _("{label}: {value}", label=field.label, value=shown)
                lines.append((line, "item"))
        if self._signing_up.details(sheet.slots, x.today).interest:
            outside = _("The age is outside the rules: the name is noted all the same.")
            lines.append((outside, "plain"))
        twins = self._twins(x, sheet)
        for twin in twins:
            name = f"{twin.given_name} {twin.family_name}"
            same = _(
                "Signed up already with this phone and this birth date: {name}, {code}.",
                name=Name(name, name),
                code=in_groups(twin.code),
            )
            lines.append((same, "plain"))
        signed = _("With your yes you say that the signed agreement is in your hands.")
        lines.append((signed, "note"))
        if twins:
            same_person = [button(_("It is the same person: put this there"), "again")]
            rows = [
                *(same_person if len(twins) == 1 else ()),
                button(_("It is somebody else: sign them up"), "other"),
            ]
        else:
            rows = [button(_("✅ Confirm"), "yes")]
        x.tell(Say(tuple(lines), (*rows, button(_("✖ Give up"), "no"))))

    def _twins(self, x: DeskExchange, sheet: Sheet) -> list[Registration]:
        details = self._signing_up.details(sheet.slots, x.today)
        return registrations.same_people(x.session, details.phone, details.birth_date)

    def _register(
        self, x: DeskExchange, number: str, sheet: Sheet, twin: Registration | None
    ) -> None:
        talk = x.talk(x.case) if x.case else None
        row = registrations.register(
            x.session,
            self._signing_up.details(sheet.slots, x.today),
            x.now,
            self._draw,
            consent=_consent(x, talk.id if talk else None),
            conversation=talk.id if talk else None,
            who=f"clerk:{x.member.user}",
            twin_of=twin.id if twin else None,
        )
        conversations.count_event(x.session, "registered", x.now)
        headline = (
            _("I have noted your name, {name}.", name=row.given_name)
            if row.interest
            else _("You are pre-registered, {name}!", name=row.given_name)
        )
        self._done(x, number, row, _("Signed up: {name}", name=_name(row)), headline)

    def _change(self, x: DeskExchange, number: str, sheet: Sheet, row: Registration) -> None:
        """Put what a sheet says into the registration that the person has already."""
        who = f"clerk:{x.member.user}"
        if row.conversation_id is None and x.case:
            registrations.move(x.session, row, x.talk(x.case).id, x.now, who=who)
        details = self._signing_up.details(sheet.slots, x.today)
        details = replace(details, phone_checked=row.phone_checked)
        changed = registrations.change(x.session, row, details, x.now, who=who)
        consents.replace(x.session, row, _consent(x, row.conversation_id).id)
        x.stops_changed |= "stop" in changed
        headline = _("It is changed.")
        self._done(x, number, row, _("Changed: {name}", name=_name(row)), headline)

    def _done(
        self, x: DeskExchange, number: str, row: Registration, done: Text, headline: Text
    ) -> None:
        """Give the code to staff, and the receipt to the person where there is a chat."""
        shown = registrations.shown_to_clerks(row)
        inbox.empty(x.session, x.group.channel, number)
        outbox.set_subject(x.session, x.group.key, x.message.reference, shown)
        x.note("registered", x.case)
        lines: list[Line] = [
            (done, "title"),
            (_("Code {code}", code=in_groups(row.code)), "plain"),
        ]
        talk = x.talk(x.case) if x.case and x.case.conversation_id == row.conversation_id else None
        if x.case and talk and _reaches(x, talk):
            x.tell_person(x.case, *self._signing_up.receipts.receipt(row, headline))
            lines.append((_("They have the receipt in their chat."), "note"))
        else:
            lines.append((_("Write the code down for them: it is asked for at the stand."), "note"))
        tell_about(x, subject(x, row), Say(tuple(lines)))

    def _say_where_it_stands(self, x: DeskExchange) -> None:
        """Answer a tap under a sheet that was taken, or given up, before."""
        about = outbox.subject_of(x.session, x.group.key, x.message.reference)
        row = registrations.shown(x.session, about)
        if row is None:
            x.tell(_("Nothing is kept of this sheet any more. Send it again if it is needed."))
            return
        done = _("This is done already: {name}, {code}.", name=_name(row), code=in_groups(row.code))
        tell_about(x, subject(x, row), done)


def _sheet_in(words: str) -> str | None:
    """Return what follows the word "paper"; None where the words do not begin with it."""
    first = (words.split(maxsplit=1) or [""])[0]
    return words.lstrip()[len(first) :] if plain(first) in _PAPER else None


def _consent(x: DeskExchange, conversation: int | None) -> Consent:
    return consents.give(
        x.session, "registration", x.language, x.now, conversation=conversation, on_paper=True
    )


def _name(row: Registration) -> Name:
    name = f"{row.given_name} {row.family_name}"
    return Name(name, name)


def _messages(turn: Turn, talk: Conversation) -> list[Outbound]:
    """Return what opens the form, with numbers for buttons where somebody has SMS only."""
    to = Address(talk.channel, talk.address)
    if not to.number:
        return turn.messages()
    why, *asked = turn.says  # apart, so that the numbers stand under the question
    written = writing.write(asked, turn.reader)
    turn.state.options = [list(option) for option in written.options]
    turn.state.rest = list(written.rest)
    return [writing.written_for(to, why, turn.reader), *written.messages]


def _reaches(x: DeskExchange, talk: Conversation) -> bool:
    key = Address(talk.channel, talk.address).key
    return not (outbox.is_gone(x.session, key) or outbox.has_stopped(x.session, key))
