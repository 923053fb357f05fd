"""Who speaks to a person: a case taken, answered, and given back to the assistant.

The owner of the conversation is changed in the commit that queues what is said.
"""

from __future__ import annotations

from dataclasses import replace

from actions import cases, members, outbox
from actions.messages import Address, Outbound
from actions.tables import Case, Member
from bot import menu
from bot.desk.exchange import DeskExchange
from bot.desk.handover import BACK_IN_FEW_WORDS
from bot.text import Choice, Say, Text, _, say


def take(x: DeskExchange, case: Case, *, aloud: bool = True) -> bool:
    """Take a case for the member; the loser is told who has it. Returns whether it is theirs."""
    if case.status == "taken" and case.taken_by == x.member.id:
        if aloud:
            x.tell(_("You have this case already."))
        return True
    talk = x.talk(case)
    if not cases.take(x.session, case, x.member.id, x.now, x.patience):
        tell_taken(x, case)
        return False
    arrives = talk.owner != "staff" or case.answered_at is None
    talk.owner = "staff"
    x.note("take", case)
    if arrives:
        here = _("A person from the desk is with you now: what you write goes to them.")
        said = say(here, _("To come back to me, the assistant, write “menu”."))
        _tell_unless_stopped(x, case, replace(said, brief=(here, BACK_IN_FEW_WORDS)))
    x.tell_case(case, _("✋ {name} has this case.", name=x.member.name))
    return True


def take_over(x: DeskExchange, case: Case, member: Member) -> bool:
    """Give a case to a member, whoever had it; return whether it could be."""
    talk = x.talk(case)
    if not cases.transfer(x.session, case, member.id, x.now, x.patience):
        tell_taken(x, case)
        return False
    talk.owner = "staff"
    x.note("transfer", case, details=member.user)
    x.tell_case(case, _("➡ {name} has this case now.", name=member.name))
    return True


def reply(x: DeskExchange, case: Case, message: Outbound) -> bool:
    """Send a member's words to the person of a case, taking it if it waits.

    Returns whether the words are on their way.
    """
    if not may_answer(x, case) or not take(x, case, aloud=False):
        return False
    x.talk(case).owner = "staff"
    case.follows = True
    if case.answered_at is None:
        case.answered_at = x.now
    cases.touch(x.session, case, x.now, x.patience)
    x.note("reply", case)
    x.send_person(case, message)
    return True


def may_answer(x: DeskExchange, case: Case) -> bool:
    """Whether a member's words can go to the person of a case; says why where they can't.

    A case that a colleague has is theirs to answer. What can't be delivered is said at once where
    that is known.
    """
    key = _address(x, case).key
    x.session.refresh(case)
    if case.status == "closed":
        x.tell(_("This case is closed, and nothing was sent. /take opens it again."))
    elif outbox.is_gone(x.session, key):
        x.tell(_("Not sent: the person can't be reached. They may have blocked the assistant."))
    elif outbox.has_stopped(x.session, key):
        x.tell(
            _(
                "Not sent: they asked for no more SMS (STOP). Call them, or wait until they write "
                "START."
            )
        )
    elif case.status == "taken" and case.taken_by != x.member.id:
        tell_taken(x, case)
    else:
        return True
    return False


def finish(x: DeskExchange, case: Case, *, by: str, reason: str = "") -> bool:
    """Close a case and let the assistant speak again; a second closing says that it was closed."""
    talk = x.talk(case)
    if not cases.close(x.session, case, x.now, by=by, reason=reason):
        x.tell(_("This case is closed already."))
        return False
    talk.owner = "bot"
    x.note("back" if by == "back" else "close", case)
    _tell_unless_stopped(x, case, farewell())
    x.tell_case(case, _("✅ {name} closed the case.", name=x.member.name))
    x.do_to_topic(case, "close")
    return True


def _tell_unless_stopped(x: DeskExchange, case: Case, said: Say) -> None:
    """Tell a person something, unless it would wait for them to want SMS again."""
    if not outbox.has_stopped(x.session, _address(x, case).key):
        x.tell_person(case, said)


def _address(x: DeskExchange, case: Case) -> Address:
    talk = x.reached(case)
    return Address(talk.channel, talk.address)


def farewell() -> Say:
    """Tell a person that the assistant speaks again."""
    return say(
        _("The desk has ended this conversation. I am the assistant again: ask me anything."),
        choices=menu.MENU,
    )


def tell_taken(x: DeskExchange, case: Case) -> None:
    """Say who has a case, or that it is closed."""
    x.session.refresh(case)
    if case.status == "closed":
        x.tell(_("This case is closed. /take opens it again."))
        return
    holder = x.session.get(Member, case.taken_by) if case.taken_by else None
    name: str | Text = holder.name if holder else _("somebody else")
    over = Choice(_("Take it over"), f"desk-transfer:{case.id}")
    x.tell(say(_("{name} has this case.", name=name), choices=((over,),)))


def colleague(x: DeskExchange, text: str) -> Member | None:
    """Return the one member of a name; says why when there is none or several."""
    found = members.named(x.session, x.desk.channel, text)
    if len(found) == 1:
        return found[0]
    if found:
        x.tell(_("Several have this name: write their @name."))
    else:
        x.tell(_("I know nobody here of this name. /staff shows who there is."))
    return None
