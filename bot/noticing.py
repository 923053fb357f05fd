"""Notices of the desk under the answers they belong to."""

from __future__ import annotations

from dataclasses import replace

from actions import notices
from bot.exchange import Exchange
from bot.text import Line, Name, Text, _


def add_notices(x: Exchange, intent: str, said: int) -> None:
    """Add the notices about an intent to its answer: the first text said since `said` there were.

    Each is shown once a turn, however many questions are answered in it.
    """
    answer = next((n for n, s in enumerate(x.turn.says) if n >= said and s.lines), None)
    if answer is None:
        return
    shown = [line for said_before in x.turn.says for line in said_before.lines]
    lines: list[Line] = []
    brief: list[Text] = []
    for notice in notices.about(x.session, intent, x.today):
        text = Name(notice.fr, notice.ar)
        line: Line = (_("ℹ {text}", text=text), "note")
        if line not in shown:
            lines.append(line)
            brief.append(_("Notice: {text}", text=text))
    if lines:
        told = x.turn.says[answer]
        few = (*told.brief, *brief) if told.brief else ()
        x.turn.says[answer] = replace(told, lines=(*told.lines, *lines), brief=few)
