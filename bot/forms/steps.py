"""How a form moves: opened, filled, asked on, gone back, corrected, shown, sent, stopped."""

from __future__ import annotations

import datetime as dt

from bot import menu
from bot.exchange import Exchange, Flow
from bot.forms import brief, fields
from bot.forms.fields import Field, Given, Slots
from bot.state import FormState, Slot
from bot.text import Choice, Line, Name, Say, Text, _, say
from nlu.client import Understanding

GO_ON = Choice(_("▶ Go on"), "form-go-on")
STOP = Choice(_("✖ Stop"), "form-stop")
#: A form left for longer than this is offered again before an answer to it is expected.
LATER = dt.timedelta(hours=3)


def open_form(
    x: Exchange, flow: Flow, text: str, heard: Understanding | None, *, anyway: bool = False
) -> None:
    """Begin a form with what the message already says; one that is open goes on.

    `anyway` opens it even where the flow would first say something else.
    """
    if x.state.waiting and x.state.waiting.name == flow.form.name:
        x.close_form()  # the one opened over it is given up for it
    if x.state.form and x.flow() is flow and not x.state.form.editing:
        resume(x)
        return
    if not flow.may_open(x, anyway=anyway):
        return
    filled = begin(x, flow, FormState(flow.form.name, origin=x.message.external_id))
    if heard:
        take(x, flow, fields.read_everywhere(flow.form, given(x, text, heard)))
    if x.state.form is filled:
        go_on(x, flow, opening=True)


def begin(x: Exchange, flow: Flow, filled: FormState) -> FormState:
    """Put a form into the state, with what the flow knows already; one that is open waits."""
    current = x.state.form
    if current and not current.editing and x.state.waiting is None:
        current.paused = True
        x.state.waiting = current
    x.state.form = filled
    flow.begun(x, filled)
    return filled


def given(x: Exchange, text: str, heard: Understanding) -> Given:
    """Return a text as the open form is given it."""
    return Given(text, heard, x.today, x.state.form.slots if x.state.form else {})


def take(x: Exchange, flow: Flow, found: Slots) -> None:
    """Fill slots, forget what they make untrue, remember the way back, tell the flow."""
    filled = x.state.form
    if filled is None or not found:
        return
    for name, value in found.items():
        field = flow.form.field(name)
        if field and (name not in filled.slots or filled.slots[name] != value):
            for cleared in set(field.clears) - set(found):
                filled.slots.pop(cleared, None)
        filled.slots[name] = value
        if field and name != flow.form.gate:
            filled.path = [*(n for n in filled.path if n != name), name]
    # A consent is not corrected by editing the message that gave it: it is withdrawn.
    in_words = x.message.kind in {"text", "edit"} and filled.asking != flow.form.gate
    filled.answered = filled.asking if in_words and filled.asking in found else ""
    filled.stage = "asking"
    filled.kept = {}
    filled.paused = False
    flow.took(x, frozenset(found))


def go_on(x: Exchange, flow: Flow, *, opening: bool = False) -> None:
    """Ask the next question, show all answers before they are sent, or say the outcome."""
    filled = x.state.form
    if filled is None or filled.name != flow.form.name or filled.paused:
        return  # the form closed itself, and another one that waited is back
    filled.at = x.now.isoformat()
    missing = flow.form.missing(filled.slots)
    if filled.stage in ("twin", "code"):
        flow.settle(x, filled)
    elif missing:
        filled.stage = "asking"
        # A field being corrected may stand behind others that are still to be asked.
        asked = next((f for f in missing if f.name == filled.asking), missing[0])
        before = (flow.form.opening,) if opening and flow.form.opening else ()
        x.say(fields.question(flow.form, x.state, asked, before=before))
    elif flow.form.summary:
        filled.stage, filled.asking = "summary", ""
        x.state.number += 1
        x.say(_summary(x, flow, filled))
    else:
        finish(x, flow)


def finish(x: Exchange, flow: Flow) -> None:
    """Let the flow say, or store, what all the answers come to."""
    filled = x.state.form
    flow.finish(x)
    if x.state.form is not filled:
        x.count("form_done", intent=flow.form.name)


def ask_again(x: Exchange) -> None:
    """Ask the open question of the form again, after something else was said."""
    flow, filled = x.flow(), x.state.form
    if flow is None or filled is None:
        return
    if filled.paused:
        offer_to_go_on(x)
        return
    x.without_choices()  # under a question stand its answers, and nothing else
    go_on(x, flow)


def pause(x: Exchange) -> None:
    """Let the open form wait while something else is talked about."""
    if x.state.form:
        x.state.form.paused = True


def pause_if_old(x: Exchange) -> None:
    """Let a form wait that was left long ago: what is written now may be about anything."""
    filled = x.state.form
    if filled and filled.at and x.now - dt.datetime.fromisoformat(filled.at) > LATER:
        filled.paused = True


def offer_to_go_on(x: Exchange) -> None:
    """Say where the form was left, and offer to go on with it."""
    flow, filled = x.flow(), x.state.form
    if flow is None or filled is None:
        return
    filled.paused = True
    asked = next(iter(flow.form.missing(filled.slots)), None)
    place, total = flow.form.place(filled.slots, asked) if asked else (0, 0)
    where = (
        _("You were at question {place} of {total}. Shall we go on?", place=place, total=total)
        if place
        else _("You had begun something here. Shall we go on?")
    )
    x.say(say(where, choices=((GO_ON, STOP),)))


def resume(x: Exchange) -> None:
    """Go on with a form that was left."""
    flow, filled = x.flow(), x.state.form
    if flow is None or filled is None:
        past(x)
        return
    filled.paused = False
    go_on(x, flow)


def ask_to_stop(x: Exchange) -> None:
    """Ask whether to stop and forget the answers."""
    if x.state.form is None:
        past(x)
        return
    x.state.pending = "stop"
    x.state.number += 1
    yes = Choice(_("Yes, stop"), f"form-stop:{x.state.number}")
    x.say(say(_("Stop here, and forget these answers?"), choices=((yes, GO_ON),)))


def stop(x: Exchange) -> None:
    """Stop and forget the answers."""
    flow, filled = x.flow(), x.state.form
    if flow and filled:
        flow.stopped(x, filled)
    x.close_form()
    x.say(say(_("All right, we stop here; I have forgotten these answers.")))
    if x.state.form:
        offer_to_go_on(x)
    else:
        x.say(menu.menu())


def press_stop(x: Exchange, number: str) -> None:
    """Take a tap on "stop": the first asks, the second one stops if nothing came between."""
    if not number:
        ask_to_stop(x)
    elif x.state.form and number == str(x.state.number):
        stop(x)
    else:
        past(x)


def past(x: Exchange) -> None:
    """Say that a button belongs to a step that is past, and where things stand."""
    if x.flow():
        x.say(say(menu.old_button()))
        ask_again(x)
    else:
        x.say(say(menu.old_button(), choices=menu.MENU))


def correct(x: Exchange, flow: Flow, field: Field) -> None:
    """Ask a field again, because the person wants to change it."""
    filled = x.state.form
    if filled is None:
        return
    first, filled.kept = _forget(flow, filled, field)
    filled.paused, filled.at = False, x.now.isoformat()
    x.without_choices()
    x.say(say(_("All right, we correct this:")))
    x.say(fields.question(flow.form, x.state, first))


def take_back(x: Exchange) -> None:
    """Forget what the last text answered, because it is written anew."""
    flow, filled = x.flow(), x.state.form
    field = flow.form.field(filled.answered) if flow and filled and filled.answered else None
    if flow and filled and field:
        for name in (field.name, *field.clears):
            filled.slots.pop(name, None)
        filled.asking, filled.answered, filled.stage = field.name, "", "asking"


def back(x: Exchange, flow: Flow) -> None:
    """Ask the last answered question again."""
    filled = x.state.form
    if filled is None:
        return
    if filled.kept:
        filled.slots, filled.kept, filled.asking = filled.slots | filled.kept, {}, ""
        go_on(x, flow)
        return
    while filled.path:
        field = flow.form.field(filled.path.pop())
        if field and field.name in filled.slots:
            first, _forgotten = _forget(flow, filled, field)
            x.say(fields.question(flow.form, x.state, first))
            return
    x.say(say(_("This is the first question.")))
    go_on(x, flow)


def skip(x: Exchange, flow: Flow) -> None:
    """Leave the question asked without an answer, where the form allows it."""
    filled = x.state.form
    asked = flow.form.field(filled.asking) if filled else None
    if asked and asked.optional:
        take(x, flow, {asked.name: None})
    elif asked:
        x.say(say(_("I need this one to go on.")))
    go_on(x, flow)


def _forget(flow: Flow, filled: FormState, field: Field) -> tuple[Field, dict[str, Slot]]:
    """Forget the answers of a field's step; return its first field, to be asked, and them."""
    same = [f for f in flow.form.fields if f.group == field.group]
    names = [name for one in same for name in (one.name, *one.clears) if name in filled.slots]
    forgotten = {name: filled.slots.pop(name) for name in dict.fromkeys(names)}
    filled.stage = "asking"
    return same[0], forgotten


def _summary(x: Exchange, flow: Flow, filled: FormState) -> Say:
    """Show every answer, with a button to correct each step and one to send."""

    def data(what: str) -> str:
        return f"form:{flow.form.name}:summary:{x.state.number}:{what}"

    lines: list[Line] = [(_("Is everything right?"), "title")]
    few: list[Text | Name] = []
    for field in flow.form.fields:
        value = field.shown(filled.slots) if field.shown and field.name in filled.slots else None
        if value is None or field.label is None:
            continue
        lines.append((_("{label}: {value}", label=field.label, value=value), "item"))
        few.append((field.shown_brief and field.shown_brief(filled.slots)) or value)
    send, leave = Choice(_("✅ Send"), data("send")), Choice(_("✖ Stop"), data("quit"))
    if not x.number:
        changes = _changes(x, flow, filled)
        rows = [tuple(changes[n : n + 2]) for n in range(0, len(changes), 2)]
        return Say(tuple(lines), ((send,), *rows, (leave,)))

    def right(letters: int) -> Text:
        answers = brief.listed([brief.shortened(one, letters) for one in few])
        return _("Right? {answers}", answers=answers)

    # Every choice is a number there: what is wrong is asked next.
    choices = (send, Choice(_("Correct"), data("fix")), leave)
    return Say(tuple(lines), (choices,), brief=(brief.fitting(right, choices),), more=True)


def ask_what_is_wrong(x: Exchange, flow: Flow, filled: FormState) -> None:
    """Ask which of the answers shown is to be corrected."""
    changes = _changes(x, flow, filled)
    x.say(say(_("What shall we correct?"), choices=tuple((change,) for change in changes)))


def _changes(x: Exchange, flow: Flow, filled: FormState) -> list[Choice]:
    """Return a button to correct each step that was answered."""
    buttons: dict[str, Choice] = {}
    for field in flow.form.fields:
        shown = field.shown(filled.slots) if field.shown and field.name in filled.slots else None
        if shown is None or field.label is None:
            continue
        label = field.step_label or field.label
        data = f"form:{flow.form.name}:summary:{x.state.number}:{field.name}"
        buttons.setdefault(field.group, Choice(_("✏ {label}", label=label), data, label))
    return list(buttons.values())
