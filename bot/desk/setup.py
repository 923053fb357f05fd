"""Making a group the desk, and looking whether it can be one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from actions.messages import Outbound
from bot.channels.base import Standing
from bot.desk.exchange import Command, DeskExchange, speaks
from bot.text import Line, Say, Text, _, render


def shortcomings(standing: Standing) -> list[Text]:
    """Return what is missing in a group's set-up for it to be a good desk, in words."""
    missing = []
    if not standing.administrator:
        missing.append(
            _(
                "I am not an administrator here, so I only read commands and replies to me: make "
                "me an administrator in the group's settings."
            )
        )
    if not standing.topics:
        missing.append(
            _(
                "Topics are off: each case would have a topic of its own. Turn them on in the "
                "group's settings; without them, reply to the messages of a case."
            )
        )
    elif not standing.manages_topics:
        missing.append(
            _("I may not manage topics: give me that right, so that each case has a topic.")
        )
    return missing


class DeskCommand(Command):
    """`/desk here` makes this group the desk, `/desk check` looks at its set-up."""

    name = "desk"
    usage = "here | check"
    summary = _("Make this group the desk, or check its set-up")

    def __init__(self, menus: Callable[[DeskExchange], list[Outbound]]) -> None:
        """`menus` gives the commands to be offered in the group."""
        self._menus = menus

    def run(self, x: DeskExchange, words: str) -> None:
        """Look at the group once more, as it may have changed; `here` was done on the way."""
        if x.standing is None:
            x.tell(_("I can't look at the group's set-up now. Try again in a minute."))
            return
        x.desk.topics = x.standing.topics and x.standing.manages_topics
        missing = shortcomings(x.standing)
        lines: list[Line] = []
        if words.lower() == "here":
            lines.append((_("This group is the desk now."), "title"))
            what = _("What people ask staff comes here. /help shows what you can do.")
            lines.append((what, "plain"))
            x.outgoing += [(x.group, offered, "") for offered in self._menus(x)]
        lines += [(text, "item") for text in missing]
        if not missing:
            good = _("Everything is as it should be: topics on, and I may manage them.")
            lines.append((good, "plain"))
        x.tell(Say(tuple(lines)))


def menu_of(commands: Sequence[Command], language: str) -> tuple[tuple[str, str], ...]:
    """Return the commands as Telegram's menu shows them."""
    return tuple((c.name, render(c.summary, speaks(language))) for c in commands if not c.hidden)


class Help(Command):
    """What staff can do, in their language."""

    name = "help"
    summary = _("What you can do here")

    def __init__(self, commands: Sequence[Command]) -> None:
        self._commands = commands

    def run(self, x: DeskExchange, words: str) -> None:
        """List the commands, those of administrators apart."""
        lines: list[Line] = [
            (_("The desk"), "title"),
            (
                _("In a case, what you write goes to the person.")
                if x.desk.topics
                else _("Reply to a message of a case, and the person gets what you write."),
                "plain",
            ),
        ]
        shown = [command for command in self._commands if not command.hidden]
        lines += [_line(command) for command in shown if command.everyone]
        lines.append((_("For administrators"), "title"))
        lines += [_line(command) for command in shown if not command.everyone]
        x.tell(Say(tuple(lines)))


def _line(command: Command) -> Line:
    used = f"/{command.name} {command.usage}".strip()
    return _("{command}: {what}", command=used, what=command.summary), "item"
