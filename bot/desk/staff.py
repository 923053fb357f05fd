"""`/staff`: who works at the desk, and which of them are administrators."""

from __future__ import annotations

from collections.abc import Callable

from actions import figures, members
from actions.members import Role
from actions.tables import Member
from bot.desk.board import LANGUAGES
from bot.desk.exchange import Command, DeskExchange, speaks
from bot.desk.replying import colleague
from bot.questions import plain
from bot.text import Line, Say, Text, _, ngettext

#: Members that one answer names: a phone's screen holds no more.
SHOWN = 40
ROLES: dict[str, Text] = {"administrator": _("administrator"), "agent": _("agent")}

_SPELLINGS: dict[Role, str] = {
    "administrator": "admin administrator administrateur administratrice مسؤول مسؤولة مدير مديرة",
    "agent": "agent agente عون عونة",
}
_ROLES = {plain(word): role for role, words in _SPELLINGS.items() for word in words.split()}
_EXAMPLES = "/staff admin @karim · /staff agent @karim"


class Staff(Command):
    """Lists the members to everyone; administrators say who else is one."""

    name = "staff"
    summary = _("Who works at the desk")
    usage = "[admin @… | agent @…]"

    def __init__(self, named: Callable[[str], bool]) -> None:
        """`named` tells who is an administrator by the settings, whatever is said here."""
        self._named = named

    def run(self, x: DeskExchange, words: str) -> None:
        """List the members, or change the role of one."""
        if not words.strip():
            x.tell(_board(x))
            return
        given, _space, who = words.strip().partition(" ")
        role = _ROLES.get(plain(given))
        if not x.is_administrator:
            x.tell(_("That needs an administrator. /staff shows who is one."))
        elif role is None or not who.strip():
            x.tell(_("I can't read that. Write it like this: {examples}", examples=_EXAMPLES))
        else:
            member = colleague(x, who)
            if member:
                self._give(x, member, role)

    def _give(self, x: DeskExchange, member: Member, role: Role) -> None:
        """Give a member a role; at least one administrator stays."""
        if member.role == role:
            x.tell(_is_already(member))
        elif role == "agent" and self._named(member.user):
            x.tell(
                _(
                    "{name} is an administrator by the settings of the assistant, and stays one.",
                    name=member.name,
                )
            )
        elif role == "agent" and len(_administrators(x)) == 1:
            x.tell(
                _(
                    "There is no other administrator: make somebody else one first. {examples}",
                    examples="/staff admin @…",
                )
            )
        else:
            member.role = role
            x.note("role", details=f"{member.user} {role}")
            x.tell(_board(x, _is(member)))


def _board(x: DeskExchange, *news: Text) -> Say:
    lines: list[Line] = [(line, "plain") for line in news]
    found = members.listed(x.session, x.desk.channel)
    held = figures.held(x.session)
    lines.append(
        (ngettext("{n} person at the desk", "{n} people at the desk", len(found)), "title")
    )
    lines += [(_line(x, member, held[member.id]), "item") for member in found[:SHOWN]]
    left = len(found) - SHOWN
    if left > 0:
        lines.append((ngettext("and {n} more", "and {n} more", left), "plain"))
    if x.is_administrator:
        lines.append((_("To change them: {examples}", examples=_EXAMPLES), "note"))
    return Say(tuple(lines))


def _line(x: DeskExchange, member: Member, held: int) -> Text:
    called = f"{member.name} (@{member.username})" if member.username else member.name
    return _(
        "{name} · {role} · {language} · {cases}",
        name=called,
        role=ROLES[member.role],
        language=LANGUAGES[speaks(member.language or x.desk.language)],
        cases=ngettext("{n} case", "{n} cases", held) if held else _("no case"),
    )


def _administrators(x: DeskExchange) -> list[Member]:
    return list(members.listed(x.session, x.desk.channel, "administrator"))


def _is(member: Member) -> Text:
    return _("{name} is now: {role}.", name=member.name, role=ROLES[member.role])


def _is_already(member: Member) -> Text:
    return _("{name} is already: {role}.", name=member.name, role=ROLES[member.role])
