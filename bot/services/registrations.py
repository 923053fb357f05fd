"""One's own registrations: seen, changed, withdrawn, and another one on the same phone."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import registrations
from actions.codes import read_code
from actions.codes import shown as in_groups
from actions.registrations import PERSON, Registration
from bot import menu
from bot.clock import algiers_day
from bot.exchange import Exchange, Service
from bot.flows.registration.flow import NAME, RegistrationFlow
from bot.flows.registration.slots import slots_of
from bot.forms import brief, steps
from bot.forms.correcting import field_named, field_to_correct
from bot.forms.fields import Field, read_everywhere
from bot.services import proofs
from bot.state import FormState
from bot.text import Choice, Name, Say, _, say
from nlu.client import Entity, Understanding

#: The letters of a first name where several are told.
LONGEST_NAME = 16


class OwnRegistrations(Service):
    """Shows people what they signed up with, and lets them change or withdraw it.

    Where a phone number is all that is known of who writes, and several people signed up with it,
    each is asked for by first name, and the birth year is to be told before anything is shown.
    """

    prefix = "mine"
    intents = frozenset({"registration_status", "edit_registration"})
    commands = frozenset({"moi", "me", "preinsc"})

    def __init__(self, flow: RegistrationFlow) -> None:
        self._flow = flow

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Show the registration, or begin to change it."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        if intent == "edit_registration" and mine:
            if len(mine) == 1:
                self._do(x, "edit", mine[0], text)
            else:
                x.say(_which(mine, "edit"))
            return
        self._show(x, mine)

    def takes(self, x: Exchange) -> bool:
        """Take a registration's code, or a correction told by its verb and a field's name."""
        text = x.message.text
        mine = registrations.of_conversation(x.session, x.talk.id) if read_code(text) else []
        coded = next((row for row in mine if row.code == read_code(text)), None)
        if coded:
            self._show(x, [coded] if x.number else mine)
            return True
        if re.search(r"[?؟]", text) or not field_to_correct(self._flow.form, text):
            return False
        mine = registrations.of_conversation(x.session, x.talk.id)
        if mine:
            self.asked(x, "edit_registration", (), text)
        return bool(mine)

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Show what is there, or sign up with what was written after the command."""
        if command == "preinsc":
            self._flow.open_with(x, text)
        else:
            self._show(x, registrations.of_conversation(x.session, x.talk.id))

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap: show, edit, withdraw, another."""
        action, _sep, code = what.partition(":")
        mine = registrations.of_conversation(x.session, x.talk.id)
        row = next((r for r in mine if r.code == code), None)
        match action:
            case "another":
                steps.open_form(x, self._flow, "", None, anyway=True)
            case "show" | "edit" | "withdraw" | "withdrawn" if row:
                self._do(x, action, row)
            case "keep":
                x.state.pending = ""
                x.say(say(_("All right, it stays as it is.")))
            case _:
                self._show(x, mine)

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Withdraw a registration after a yes."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        row = next((r for r in mine if r.code == what), None)
        if not yes or row is None:
            x.say(say(_("All right, it stays as it is.")))
            return
        self._do(x, "withdrawn", row)

    def replied(self, x: Exchange, what: str) -> bool:
        """Take a yes or a no, or a birth year where that was asked."""
        asked, _sep, rest = what.partition(":")
        if asked != "year":
            return super().replied(x, what)
        action, code, field = rest.split(":")
        mine = registrations.of_conversation(x.session, x.talk.id)
        row = next((r for r in mine if r.code == code), None)
        year = proofs.year_in(x.message.text, x.today)
        if row is None or year is None:
            return False
        if proofs.is_refused(x, "wrong_years"):
            x.say(_too_many_years())
        elif year in proofs.birth_years(row):
            proofs.prove(x, row)
            self._do(x, action, row, field=field)
        elif proofs.miss(x, "wrong_years"):
            x.say(say(_("That is not the year I have.")))
            self._ask_for_year(x, action, row, field)
        else:
            x.say(_too_many_years())
        return True

    def _do(
        self, x: Exchange, action: str, row: Registration, text: str = "", field: str = ""
    ) -> None:
        """Show, change or withdraw a registration; first ask whose it is on a shared phone.

        What to change is said by the `text`, or is the `field` of that name.
        """
        named = field_named(self._flow.form, text) if text else self._flow.form.field(field)
        several = len(registrations.of_conversation(x.session, x.talk.id)) > 1
        changes = x.number and action != "show"  # a sender can be forged, and writes blindly
        shared = several and on_a_phone(x, [row])
        if (changes or shared) and not proofs.is_proved(x, row):
            self._ask_for_year(x, action, row, named.name if named else "")
            return
        match action:
            case "edit":
                self._edit(x, row, text, named)
            case "withdraw":
                self._ask_to_withdraw(x, row)
            case "withdrawn":
                self._withdraw(x, row)
            case _:
                self._tell(x, row)

    def _ask_for_year(self, x: Exchange, action: str, row: Registration, field: str) -> None:
        if proofs.is_refused(x, "wrong_years"):
            x.say(_too_many_years())
            return
        x.state.pending = f"mine:year:{action}:{row.code}:{field}"
        name = brief.clipped(row.given_name, LONGEST_NAME)
        x.say(say(_("In which year was {name} born? For example: 1993", name=name)))

    def _withdraw(self, x: Exchange, row: Registration) -> None:
        registrations.withdraw(x.session, row, x.now, who=PERSON)
        if x.state.form and x.state.form.editing == row.code:
            x.close_form()
        x.count("withdrawn")
        done = _("Your registration is withdrawn, and its reminders with it.")
        said = say(done, _("To erase everything I hold about you: /supprimer"), choices=menu.MENU)
        x.say(replace(said, brief=(done, _("To erase everything: ERASE"))))

    def _begun(self, x: Exchange) -> bool:
        """Whether a registration is being filled in, and not sent yet."""
        return any(
            form.name == NAME and not form.editing
            for form in (x.state.form, x.state.waiting)
            if form is not None
        )

    def _show(self, x: Exchange, mine: list[Registration]) -> None:
        if not mine and self._begun(x):
            x.say(say(_("Your registration is not sent yet.")))
            return
        if not mine:
            x.say(
                say(
                    _("You have not signed up here."),
                    choices=((menu.choice("preregister"), menu.choice("ask_how_to_apply")),),
                )
            )
            return
        if len(mine) > 1 and on_a_phone(x, mine):
            x.say(_which(mine, "show"))
            return
        for row in mine:
            self._do(x, "show", row)

    def _tell(self, x: Exchange, row: Registration) -> None:
        lines = self._flow.receipts.summary(row)
        if row.checked_in_at:
            day = algiers_day(row.checked_in_at)
            came = _("You came to the stand on {day}.", day=day)
            lines.append((came, "item"))
        head = _("Your registration, code {code}", code=in_groups(row.code))
        note = _("Received here. The agency decides, and tells you itself.")
        change = Choice(_("✏ Change"), f"mine:edit:{row.code}")
        withdraw = Choice(_("✖ Withdraw"), f"mine:withdraw:{row.code}")
        another = Choice(_("Sign up someone else"), "mine:another")
        few = self._flow.receipts.in_few_words(row, (change, withdraw, another))
        x.say(
            Say(
                ((head, "title"), *lines, (note, "note")),
                ((change, withdraw), (another,)),
                brief=(few,),
                more=True,
            )
        )

    def _edit(self, x: Exchange, row: Registration, text: str, field: Field | None) -> None:
        """Open the form with the registration in it, at the field named if one is."""
        filled = FormState(NAME, slots=slots_of(row, x.today), editing=row.code)
        steps.begin(x, self._flow, filled)
        if field is None:
            steps.go_on(x, self._flow)
            return
        heard = x.heard.questions[0][1] if x.heard.questions else Understanding(())
        same = {f.name for f in self._flow.form.fields if f.group == field.group}
        stated = read_everywhere(self._flow.form, steps.given(x, text, heard)) if text else {}
        new = {k: v for k, v in stated.items() if k in same}
        if new:
            steps.take(x, self._flow, new)
            steps.go_on(x, self._flow)
        else:
            steps.correct(x, self._flow, field)

    def _ask_to_withdraw(self, x: Exchange, row: Registration) -> None:
        x.state.pending = f"mine:{row.code}"
        x.say(
            say(
                _(
                    "Withdraw the registration of {name}, code {code}?",
                    name=Name(row.given_name, row.given_name),
                    code=in_groups(row.code),
                ),
                choices=(
                    (
                        Choice(_("Yes, withdraw"), f"mine:withdrawn:{row.code}"),
                        Choice(_("No, keep it"), "mine:keep"),
                    ),
                ),
            )
        )


def on_a_phone(x: Exchange, rows: list[Registration]) -> bool:
    """Whether several may share what these are seen from: a phone, or a chat joined with one."""
    return bool(x.number) or any(row.conversation_id != x.talk.id for row in rows)


def _which(mine: list[Registration], action: str) -> Say:
    def short(row: Registration) -> Name:
        return Name(*[brief.clipped(row.given_name, LONGEST_NAME)] * 2)

    rows = tuple(
        (Choice(Name(*[row.given_name] * 2), f"mine:{action}:{row.code}", short(row)),)
        for row in mine
    )
    return say(_("Whose registration?"), choices=rows)


def _too_many_years() -> Say:
    return say(
        _("That was not right three times, so I show nothing until tomorrow. A person helps: AGENT")
    )
