"""A form in the dialogue: opened, answered, interrupted, gone on with."""

from __future__ import annotations

import re
from typing import Literal

from bot import forms, menu
from bot.exchange import Exchange, Flow
from bot.questions import decide
from bot.text import _, say
from nlu.client import Understanding

#: What a form takes as an answer, or as nothing, rather than as a question on the side.
NOT_A_QUESTION = frozenset({"greet", "thank", "affirm", "deny", "goodbye", "out_of_scope"})

#: What is answered in kind before the form goes on.
POLITE = frozenset({"greet", "thank"})

#: Questions about one condition: beside a check of all of them, they only state facts.
FACTS = frozenset({"ask_age", "ask_employment_status", "ask_diploma", "ask_previous_beneficiary"})

_WAY_OUT = ((menu.choice("talk_to_human"), menu.MENU_BUTTON),)


def open_form(x: Exchange, flow: Flow, text: str, heard: Understanding | None) -> None:
    """Begin a form with what the message already says; one that is open goes on."""
    if x.flow() is flow:
        go_on(x, flow)
        return
    x.state.form = forms.begin(flow.form, text, heard)
    go_on(x, flow, opening=True)


def go_on(x: Exchange, flow: Flow, *, opening: bool = False) -> None:
    """Ask the next question, or say the outcome when nothing is missing."""
    filled = x.state.form
    if filled is None:
        return
    question = forms.ask(flow.form, x.state, before=(flow.form.opening,) if opening else ())
    if question:
        x.say(question)
        return
    x.state.form = None
    x.say(*flow.outcome(filled.slots, x.today))
    x.count("form_done", intent=flow.form.name)


def ask_again(x: Exchange) -> None:
    """Ask the open question of the form again, after something else was said."""
    flow = x.flow()
    if flow:
        x.without_choices()  # under a question stand its answers, and nothing else
        go_on(x, flow)


def press(x: Exchange, data: str) -> None:
    """Take a tap on one of a form's buttons."""
    flow = x.flow()
    if flow is None:
        past(x)
        return
    match forms.press(flow.form, x.state, data):
        case True:
            go_on(x, flow)
        case False:
            past(x)
        case None:
            pass  # the same button twice: the question after it is already on its way


def past(x: Exchange) -> None:
    """Say that a button belongs to a step that is past, and where things stand."""
    if x.flow():
        x.say(say(menu.old_button()))
        ask_again(x)
    else:
        x.say(say(menu.old_button(), choices=menu.MENU))


def take_text(x: Exchange, flow: Flow) -> Literal["taken", "aside"]:
    """Take a text as an answer, or as a wrong one; say when it is a question on the side."""
    filled = x.state.form
    text = x.message.text
    heard = x.heard.questions[0][1] if x.heard.questions else Understanding(())
    if filled is None:
        return "aside"
    asked = filled.asking
    asks = re.search(r"[?؟]", text)
    stated = set() if asks else forms.take_facts(flow.form, filled, text, heard)
    if not stated and _question_aside(x, flow, heard, asks=bool(asks)):
        return "aside"
    # What speaks of another field does not also say yes or no to this one; nor does a question.
    answered = not (stated or asks) and forms.take_answer(flow.form, filled, text, heard)
    if forms.does_not_know(text):
        forms.skip(filled)
        x.say(say(_("No problem, we leave that one open.")))
    elif stated and asked not in stated:
        x.say(say(_("Noted, thank you.")))
    elif not (stated or answered):
        _wrong(x, flow)
        return "taken"
    go_on(x, flow)
    return "taken"


def _question_aside(x: Exchange, flow: Flow, heard: Understanding, *, asks: bool) -> bool:
    """Whether a text is politeness or a question on the side, not an answer to the form."""
    decision = decide(heard, offered=menu.OFFERED)
    intent = decision.intents[0] if decision.verdict == "answer" else ""
    asked = flow.form.field(x.state.form.asking) if x.state.form else None
    about_this = asked is not None and intent == asked.about and not asks
    a_question = intent not in {"", *NOT_A_QUESTION} and x.flows.get(intent) is not flow
    return intent in POLITE or (a_question and not about_this)


def _wrong(x: Exchange, flow: Flow) -> None:
    """Explain what is wanted with an example; after some tries, offer a person as well."""
    filled = x.state.form
    asked = flow.form.field(filled.asking) if filled else None
    if filled is None or asked is None:
        go_on(x, flow)
        return
    filled.tries += 1
    x.say(say(menu.understanding_down_briefly() if x.heard.unavailable else asked.wrong))
    if filled.tries >= forms.PATIENCE:
        x.say(say(_("You can also leave this and ask a person."), choices=_WAY_OUT))
    go_on(x, flow)
