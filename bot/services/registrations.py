"""One's own registrations: seen, changed, withdrawn, and another one on the same phone."""

from __future__ import annotations

import re

from actions import registrations
from actions.codes import read_code
from actions.codes import shown as in_groups
from actions.registrations import PERSON, Registration
from bot import menu
from bot.clock import algiers_day
from bot.exchange import Exchange, Service
from bot.flows.registration.flow import NAME, RegistrationFlow
from bot.flows.registration.slots import slots_of
from bot.forms import steps
from bot.forms.correcting import field_named, field_to_correct
from bot.forms.fields import read_everywhere
from bot.state import FormState
from bot.text import Choice, Name, Say, _, say
from nlu.client import Entity, Understanding


class OwnRegistrations(Service):
    """Shows people what they signed up with, and lets them change or withdraw it."""

    prefix = "mine"
    intents = frozenset({"registration_status", "edit_registration"})
    commands = frozenset({"moi", "me"})

    def __init__(self, flow: RegistrationFlow) -> None:
        self._flow = flow

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Show the registration, or begin to change it."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        if intent == "edit_registration" and mine:
            if len(mine) == 1:
                self._edit(x, mine[0], text)
            else:
                x.say(_which(mine, "edit"))
            return
        self._show(x, mine)

    def takes(self, x: Exchange) -> bool:
        """Take a registration's code, or a correction told by its verb and a field's name."""
        text = x.message.text
        mine = registrations.of_conversation(x.session, x.talk.id) if read_code(text) else []
        if any(row.code == read_code(text) for row in mine):
            self._show(x, mine)
            return True
        if re.search(r"[?؟]", text) or not field_to_correct(self._flow.form, text):
            return False
        mine = registrations.of_conversation(x.session, x.talk.id)
        if mine:
            self.asked(x, "edit_registration", (), text)
        return bool(mine)

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Show what is there."""
        self._show(x, registrations.of_conversation(x.session, x.talk.id))

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a tap: show, edit, withdraw, another."""
        action, _sep, code = what.partition(":")
        mine = registrations.of_conversation(x.session, x.talk.id)
        row = next((r for r in mine if r.code == code), None)
        match action:
            case "another":
                steps.open_form(x, self._flow, "", None, anyway=True)
            case "edit" if row:
                self._edit(x, row, "")
            case "withdraw" if row:
                self._ask_to_withdraw(x, row)
            case "withdrawn" if row:
                self.confirmed(x, code, yes=True)
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
        registrations.withdraw(x.session, row, x.now, who=PERSON)
        if x.state.form and x.state.form.editing == row.code:
            x.close_form()
        x.count("withdrawn")
        x.say(
            say(
                _("Your registration is withdrawn, and its reminders with it."),
                _("To erase everything I hold about you: /supprimer"),
                choices=menu.MENU,
            )
        )

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
        for row in mine:
            lines = self._flow.receipts.summary(row)
            if row.checked_in_at:
                day = algiers_day(row.checked_in_at)
                came = _("You came to the stand on {day}.", day=day)
                lines.append((came, "item"))
            head = _("Your registration, code {code}", code=in_groups(row.code))
            note = _("Received here. The agency decides, and tells you itself.")
            x.say(
                Say(
                    ((head, "title"), *lines, (note, "note")),
                    (
                        (
                            Choice(_("✏ Change"), f"mine:edit:{row.code}"),
                            Choice(_("✖ Withdraw"), f"mine:withdraw:{row.code}"),
                        ),
                        (Choice(_("Sign up someone else"), "mine:another"),),
                    ),
                )
            )

    def _edit(self, x: Exchange, row: Registration, text: str) -> None:
        """Open the form with the registration in it, at the field named if one is."""
        filled = FormState(NAME, slots=slots_of(row, x.today), editing=row.code)
        steps.begin(x, self._flow, filled)
        field = field_named(self._flow.form, text) if text else None
        if field is None:
            steps.go_on(x, self._flow)
            return
        heard = x.heard.questions[0][1] if x.heard.questions else Understanding(())
        same = {f.name for f in self._flow.form.fields if f.group == field.group}
        stated = read_everywhere(self._flow.form, steps.given(x, text, heard))
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


def _which(mine: list[Registration], action: str) -> Say:
    rows = tuple(
        (Choice(Name(row.given_name, row.given_name), f"mine:{action}:{row.code}"),) for row in mine
    )
    return say(_("Whose registration?"), choices=rows)
