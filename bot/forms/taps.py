"""What people tap or share while a form is open."""

from __future__ import annotations

from bot.exchange import Exchange, Flow
from bot.forms import steps
from bot.forms.fields import Field, Press, Reading, Wrong
from bot.forms.words import explain
from bot.text import Say, _


def press(x: Exchange, data: str) -> None:
    """Take a tap on one of a form's buttons."""
    flow, filled = x.flow(), x.state.form
    pressed = Press.read(data, flow.form.name) if flow else None
    if flow is None or filled is None or pressed is None:
        if not _sent_already(x, data):
            steps.past(x)
        return
    asked = flow.form.field(pressed.field)
    if pressed.number == x.state.number:
        filled.paused = False
        if pressed.field == "summary" and filled.stage == "summary":
            _press_summary(x, flow, pressed.what)
        elif asked is None and filled.stage in ("twin", "code"):
            flow.pressed(x, filled, pressed.what)
        elif asked is None:
            steps.past(x)
        else:
            _press_question(x, flow, asked, pressed)
        return
    answer = pressed.value(asked, filled.slots) if asked else None
    if asked is None or answer is None or filled.slots.get(asked.name) != answer.value:
        steps.past(x)
    # Else the same button twice: the question after it is already on its way.


def _sent_already(x: Exchange, data: str) -> bool:
    """Answer a second tap on the button that sent a form, if that is what it is."""
    for flow in x.flows.values():
        pressed = Press.read(data, flow.form.name)
        if pressed and (pressed.field, pressed.what) == ("summary", "send"):
            return flow.sent_already(x)
    return False


def _press_question(x: Exchange, flow: Flow, asked: Field, pressed: Press) -> None:
    filled = x.state.form
    if filled is None or asked.name != filled.asking:
        steps.past(x)
        return
    match pressed.what:
        case "back":
            steps.back(x, flow)
        case "skip":
            steps.skip(x, flow)
        case "where":
            how = _("Tap the button at the bottom of your screen to share where you are.")
            x.say(Say(((how, "plain"),), ask_location=asked.location))
        case "p+" | "p-":
            filled.page = max(filled.page + (1 if pressed.what == "p+" else -1), 0)
            steps.go_on(x, flow)
        case _:
            answer = pressed.value(asked, filled.slots)
            if answer is None:
                steps.past(x)
                return
            steps.take(x, flow, {asked.name: answer.value})
            steps.go_on(x, flow)


def _press_summary(x: Exchange, flow: Flow, what: str) -> None:
    field, filled = flow.form.field(what), x.state.form
    if what == "send":
        steps.finish(x, flow)
    elif what == "fix" and filled:
        steps.ask_what_is_wrong(x, flow, filled)
    elif what == "quit":
        steps.ask_to_stop(x)
    elif field:
        steps.correct(x, flow, field)
    else:
        steps.past(x)


def share_contact(x: Exchange) -> bool:
    """Take a shared phone number where a form asks for one; return whether it did."""
    flow, asked = _asked(x)
    if flow is None or asked is None or asked.contact is None:
        return False
    _take_reading(x, flow, flow.contact(x.message.text, own=x.message.own))
    return True


def share_location(x: Exchange, latitude: float, longitude: float) -> bool:
    """Take a shared place (degrees) where a form asks for one; return whether it did."""
    flow, asked = _asked(x)
    if flow is None or asked is None or asked.location is None:
        return False
    _take_reading(x, flow, flow.located(latitude, longitude))
    return True


def _asked(x: Exchange) -> tuple[Flow | None, Field | None]:
    flow, filled = x.flow(), x.state.form
    return flow, flow.form.field(filled.asking) if flow and filled else None


def _take_reading(x: Exchange, flow: Flow, reading: Reading) -> None:
    if reading is None or isinstance(reading, Wrong):
        explain(x, flow, reading)
        return
    steps.take(x, flow, reading)
    steps.go_on(x, flow)
