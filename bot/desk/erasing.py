"""`/erase`: what is held about somebody, erased for good after one confirmation."""

from __future__ import annotations

from actions import cases, conversations, privacy, registrations
from actions.codes import shown as in_groups
from actions.registrations import Registration
from actions.tables import Conversation
from bot.clerks.asked import RefusedError, registration_given
from bot.clerks.telling import told_erased
from bot.desk.cards import tell_about
from bot.desk.exchange import Command, DeskExchange
from bot.text import Choice, Say, Text, _, say

_KEEP = Choice(_("No, keep it"), "desk-erase:no")
#: More digits than any case's number has.
_LONGEST_NUMBER = 18


class Erase(Command):
    """Erases a registration, or everything about the person of a chat."""

    name = "erase"
    summary = _("Erase what is held about somebody")
    usage = "[4715 2084]"
    everyone = False

    def run(self, x: DeskExchange, words: str) -> None:
        """Ask whether to erase a registration by its code, or the person of the case."""
        if words.strip():
            try:
                self._ask_about(x, registration_given(x.session, words))
            except RefusedError as refused:
                x.tell(refused.sentence)
        elif x.case:
            everything = Choice(_("Yes, erase all"), f"desk-erase:case:{x.case.id}")
            question = _(
                "Erase everything about this person: registrations, messages, reminders, and "
                "every case with its topic? It can't be undone."
            )
            x.tell(say(question, choices=((everything,), (_KEEP,))))
        else:
            example = "/erase 4715 2084"
            x.tell(_("Whose data? Write it in a case, or with a code: {example}", example=example))

    def pressed(self, x: DeskExchange, what: str) -> None:
        """Erase after the yes; a second yes says that nothing is left."""
        deed, _sep, which = what.partition(":")
        if deed == "no":
            x.tell(_("All right, I erase nothing."))
            return
        row = registrations.by_code(x.session, which) if deed in ("code", "chat") else None
        known = deed == "case" and which.isdecimal() and len(which) <= _LONGEST_NUMBER
        case = cases.get(x.session, int(which)) if known else None
        if case:
            self._erase_person(x, x.talk(case))
        elif row and deed == "code":
            erased = privacy.erase_registration(x.session, row)
            conversations.count_event(x.session, "erased", x.now)
            x.note("erase")
            x.tell(told_erased(erased))
        elif row:
            talk = privacy.sole_chat(x.session, row)
            if talk:
                self._erase_person(x, talk)
            else:
                self._ask_about(x, row)  # somebody else has signed up in that chat meanwhile
        else:
            x.tell(_("Nothing of it is left: it is erased already."))

    def _ask_about(self, x: DeskExchange, row: Registration) -> None:
        """Ask whether to erase a registration alone, or its chat too where that is one person's."""
        code, name = in_groups(row.code), f"{row.given_name} {row.family_name}"
        lines: list[Text] = [
            _("Erase the registration {code} of {name}? It can't be undone.", code=code, name=name)
        ]
        choices = [(Choice(_("Yes, the registration"), f"desk-erase:code:{row.code}"),)]
        if privacy.sole_chat(x.session, row):
            lines.append(_("Its chat can go with it: messages, reminders, and every case."))
            choices.append((Choice(_("Yes, and the chat too"), f"desk-erase:chat:{row.code}"),))
        elif row.conversation_id:
            lines.append(_("The chat stays: others signed up in it too."))
        said = Say(tuple((line, "plain") for line in lines), (*choices, (_KEEP,)))
        tell_about(x, registrations.shown_to_clerks(row), said)

    def _erase_person(self, x: DeskExchange, talk: Conversation) -> None:
        """Erase everything about a person; say how much outside their case, which is no more."""
        gone = x.case is not None and x.case.conversation_id == talk.id
        erased = privacy.erase(x.session, talk, x.now, answering=False)
        conversations.count_event(x.session, "erased", x.now)
        x.note("erase")
        tell_about(x, "", told_erased(erased), apart=gone)
