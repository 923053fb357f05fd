"""Handing a person over to staff, and what they write while staff look after them.

Who answers is one field of the conversation, its owner, changed in the commit that queues what is
said. Its four states, the assistant or staff with the desk open or closed, have words of their own.
"""

from __future__ import annotations

from dataclasses import replace

from actions import cases, members, opening, registrations
from actions.messages import Address, Outbound
from actions.tables import Case, Desk
from bot import menu
from bot.desk.board import Board
from bot.desk.hours import when_open
from bot.desk.settings import DeskSettings
from bot.exchange import Exchange, Service
from bot.questions import word_that_always_works
from bot.text import Choice, Say, Text, _, say
from nlu.client import Entity

#: Words and commands with which people come back to the assistant.
BACK = frozenset({"menu", "cancel"})
BACK_COMMANDS = frozenset({"menu", "start", "annuler", "cancel", "stop"})
ENOUGH = Choice(_("✖ No longer needed"), "desk:enough")
BACK_IN_FEW_WORDS = _("MENU: back to the assistant.")


class HandOver(Service):
    """Opens cases, and passes on what people write in them."""

    prefix = "desk"
    intents = frozenset({"talk_to_human", "complaint"})

    def __init__(
        self, board: Board, settings: DeskSettings, staff_commands: frozenset[str] = frozenset()
    ) -> None:
        """`staff_commands` are told to be for the group, when a member writes them here."""
        self._board = board
        self._settings = settings
        self.commands = staff_commands

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Hand over to staff someone who asks for a person, or complains."""
        if not self._hand_over(x, "complaint" if intent == "complaint" else "asked"):
            x.say(*x.knowledge.answer(intent, entities, x.today))

    def missed(self, x: Exchange) -> bool:
        """Hand over someone who was not understood again; return whether there are staff."""
        return self._hand_over(x, "missed")

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Tell a member of staff where their commands work, and anyone else what does here."""
        member = members.find(x.session, x.talk.channel, x.talk.address)
        if member and member.left_at is None:
            x.say(say(_("This command works in the staff group.")))
        else:
            x.say(menu.help_())

    def pressed(self, x: Exchange, what: str) -> None:
        """Take back the wish for a person."""
        case = cases.of_conversation(x.session, x.talk.id)
        desk = members.only_desk(x.session)
        if case is None or not cases.close(x.session, case, x.now, by="person"):
            x.say(say(_("All right: nobody waits for you any more."), choices=menu.MENU))
            return
        x.talk.owner = "bot"
        if desk:
            over = _("The person needs nobody any more: the case is closed.")
            x.turn.postings += self._board.says(x.session, desk, case, over)
            x.turn.postings += _shut(desk, case)
        x.say(say(_("All right. I am the assistant again: ask me anything."), choices=menu.MENU))

    def holds(self, x: Exchange) -> bool:
        """Pass on what is meant for staff; return whether that is all there is to do."""
        if x.talk.owner != "staff" and not x.state.at_desk:
            return False
        case = cases.of_conversation(x.session, x.talk.id)
        desk = members.only_desk(x.session) if case else None
        if case is None or desk is None:
            x.talk.owner, x.state.at_desk = "bot", False
            return False
        x.state.at_desk = True
        if x.talk.owner != "staff":
            return self._leaves_a_word(x, desk, case)
        if self._comes_back(x):
            self._back(x, desk, case)
            return True
        if x.message.kind in {"command", "button"} or self._answers_the_assistant(x):
            return False  # said to the assistant itself
        self._pass_on(x, desk, case)
        self._say_closed_once(x)
        return True

    def _leaves_a_word(self, x: Exchange, desk: Desk, case: Case) -> bool:
        """Show staff what someone writes who waits for the desk to open; the assistant answers."""
        if not case.follows or x.state.form or x.message.kind in {"command", "button", "ignored"}:
            return False
        if word_that_always_works(x.message.text) or x.state.pending:
            return False
        self._pass_on(x, desk, case)
        if x.message.kind in {"text", "edit", "location"}:
            return False
        x.say(say(_("Passed on to the desk.")))
        return True

    def _comes_back(self, x: Exchange) -> bool:
        match x.message.kind:
            case "command":
                return x.message.command in BACK_COMMANDS
            case "button":
                return x.message.text == "menu"
            case "text":
                return word_that_always_works(x.message.text) in BACK
        return False

    def _answers_the_assistant(self, x: Exchange) -> bool:
        """Whether a text is the yes or no that a command of theirs was answered with."""
        return bool(x.state.pending) and x.message.kind == "text" and bool(x.yes_or_no)

    def _back(self, x: Exchange, desk: Desk, case: Case) -> None:
        """Let the assistant speak again; the case stays open for staff to answer."""
        x.talk.owner, case.follows = "bot", False
        went = _("The person went back to the assistant. What you write still reaches them.")
        x.turn.postings += self._board.says(x.session, desk, case, went)
        x.say(
            say(
                _("I am the assistant again. Your question stays with the desk."),
                choices=(*menu.MENU, (ENOUGH,)),
            )
        )

    def _pass_on(self, x: Exchange, desk: Desk, case: Case) -> None:
        if x.message.kind != "ignored":
            x.turn.postings += self._board.wrote(x.session, desk, case, x.message)
            cases.touch(x.session, case, x.now, self._settings.patience)

    def _say_closed_once(self, x: Exchange) -> None:
        """Tell someone who writes to staff after hours when they will be read."""
        calendar = opening.load(x.session)
        opens = calendar.next_opening(x.now)
        until = opens.isoformat() if opens else "never"
        if calendar.is_open(x.now) or x.state.told_closed == until:
            return
        x.state.told_closed = until
        passed_on = _("Your message is with the desk.")
        hours = when_open(calendar, x.now)
        said = say(passed_on, hours, _("To come back to me, the assistant, write “menu”."))
        x.say(replace(said, brief=(passed_on, hours, BACK_IN_FEW_WORDS)))

    def _hand_over(self, x: Exchange, why: str) -> bool:
        """Open a case, or come back to the one that is open; return whether there is a desk."""
        desk = members.only_desk(x.session)
        if desk is None or desk.trouble == "gone":
            return False
        calendar = opening.load(x.session)
        is_open = calendar.is_open(x.now)
        case = cases.of_conversation(x.session, x.talk.id)
        if case is None:
            case = self._begin(x, desk, why)
        elif why == "missed" and not is_open:
            return False  # it is with the desk already: the menu helps more than saying so again
        else:
            again = _("The person asks for you again.")
            x.turn.postings += self._board.says(x.session, desk, case, again)
            cases.touch(x.session, case, x.now, self._settings.patience)
        case.follows = x.state.at_desk = True
        x.talk.owner = "staff" if is_open else "bot"
        x.state.misses = 0
        x.say(_told(why, when_open(calendar, x.now), is_open=is_open))
        return True

    def _begin(self, x: Exchange, desk: Desk, why: str) -> Case:
        shown = cases.shown_lately(x.session, x.now) < self._settings.topics_an_hour
        mine = registrations.of_conversation(x.session, x.talk.id)
        case = cases.begin(
            x.session,
            x.talk,
            x.now,
            why=why,
            patience=self._settings.patience,
            origin=x.message.reference,
            wilaya=x.state.wilaya or next((row.wilaya for row in mine), ""),
            shown=shown,
        )
        x.count("handed_over", intent=why)
        x.talk.language = x.talk.language or x.turn.reader  # to be told to staff
        if shown:
            x.turn.postings += self._board.opening(x.session, desk, case)
        return case


def _told(why: str, hours: Text, *, is_open: bool) -> Say:
    """Say what happens now, and how to come back."""
    first: dict[str, tuple[Text, ...]] = {
        "complaint": (_("I am sorry that it went badly."),),
        "missed": (_("I still don't understand, sorry."),),
    }
    if is_open:
        lines = (
            _("I pass you on to a person from the desk: they answer you here."),
            hours,
            _("To come back to me, the assistant, write “menu”."),
        )
        said = say(*first.get(why, ()), *lines, choices=((ENOUGH, menu.MENU_BUTTON),))
        few = (_("A person from the desk will answer you here."), hours, BACK_IN_FEW_WORDS)
        return replace(said, brief=few)
    lines = (
        _("I have told the desk, but nobody is there now."),
        hours,
        _("Write your question: they will read it then. Until then I go on answering."),
    )
    said = say(*first.get(why, ()), *lines, choices=((ENOUGH, menu.MENU_BUTTON),))
    told = _("I have told the desk; nobody is there now. Write your question.")
    return replace(said, brief=(told, hours))


def _shut(desk: Desk, case: Case) -> list[tuple[Address, Outbound, str]]:
    """Return what closes the topic of a case."""
    if not (desk.topics and case.thread):
        return []
    shut = Outbound(deed="close", thread=str(case.thread))
    return [(Address(desk.channel, desk.chat), shut, cases.subject(case))]
