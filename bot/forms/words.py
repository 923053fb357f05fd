"""Texts written while a form is open: answers, corrections, and questions on the side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot import menu
from bot.exchange import Exchange, Flow
from bot.forms import fields, steps
from bot.forms.correcting import corrects, field_to_correct, value_given
from bot.forms.fields import Field, Given, Reading, Slots, Wrong
from bot.questions import OFF_TOPIC, decide, does_not_know, is_talk, word_of_a_form
from bot.state import FormState
from bot.text import _, say

#: After this many wrong answers to one question, more than an example is offered.
PATIENCE = 3

#: What a form takes as an answer, or as nothing, rather than as a question on the side.
NOT_A_QUESTION = frozenset({"greet", "thank", "affirm", "deny", "goodbye", OFF_TOPIC})

#: What is answered in kind before the form goes on.
POLITE = frozenset({"greet", "thank"})

#: Questions about one condition: beside a check of all of them, they only state facts.
FACTS = frozenset({"ask_age", "ask_employment_status", "ask_diploma", "ask_previous_beneficiary"})

#: Questions that name a wilaya without saying that one lives there.
ABOUT_THE_TOUR = frozenset(
    {"ask_next_stop", "ask_stop_in_wilaya", "ask_stop_place_time", "ask_tour_schedule"}
)

Taken = Literal["taken", "aside"]
_WAY_OUT = ((menu.choice("talk_to_human"), menu.MENU_BUTTON),)


def take_text(x: Exchange, flow: Flow) -> Taken:
    """Take a text as an answer, or as a wrong one; say when it is a question on the side."""
    filled = x.state.form
    if filled is None:
        return "aside"
    if _word(x, flow):
        return "taken"
    text = x.message.text
    asked = flow.form.field(filled.asking)
    # A question that is not understood may be an answer with a doubt: « 24 ans ? »
    answers = asked is not None and not asked.open and not _decided(x)
    asks = bool(re.search(r"[?؟]", text)) and not answers
    given = steps.given(x, text, x.understood)
    found = {} if asks else fields.read_everywhere(flow.form, given)
    to_correct = None if asks else _to_correct(flow, filled, text)
    if to_correct:
        _correct(x, flow, to_correct, found)
        return "taken"
    if filled.stage in ("twin", "code") and not filled.paused:
        return "taken" if flow.answered(x, filled, text) else "aside"
    reading = _answer(asked, given, found) if asked and not asks else None
    stated, answer = _stated(flow, filled, asked, found, reading, corrects=corrects(text))
    if not stated and filled.paused and not answer:
        return _while_paused(x)
    if asks or _is_aside(x, flow, asked, reading, stated):
        return "aside"
    if not stated and filled.stage == "summary":
        _at_summary(x, flow)
        return "taken"
    if not stated and reading is None and x.flows.get(_decided(x)) is flow:
        steps.go_on(x, flow)  # they ask for what is open already
        return "taken"
    if not answer and stated and asked and asked.name not in stated:
        x.say(say(_("Noted, thank you.")))
    if not (stated or answer):
        _without_an_answer(x, flow, asked, reading)
        return "taken"
    steps.take(x, flow, {**stated, **answer})
    steps.go_on(x, flow)
    return "taken"


def _answer(asked: Field, given: Given, found: Slots) -> Reading:
    """Read a text as the answer to the question asked.

    What speaks of another field does not also say yes or no to this one.
    """
    own = asked.read_answer(given)
    return fields.read_answer(asked, given) if own is not None or not found else own


def _stated(
    flow: Flow,
    filled: FormState,
    asked: Field | None,
    found: Slots,
    reading: Reading,
    *,
    corrects: bool,
) -> tuple[Slots, Slots]:
    """Return what a text states of any field, and what it answers to the question asked.

    What was answered before stays as it is, unless the text corrects it. Where any words may be
    the answer, they are it, places and trades in them included, but for a list of several facts.
    """
    own = asked.group if asked else ""
    groups = {f.name: f.group for f in flow.form.fields}
    new = {
        name: value
        for name, value in found.items()
        if corrects or name not in filled.slots or groups.get(name) == own
    }
    if not isinstance(reading, Mapping):
        return new, {}
    if asked and asked.open:
        several = len({groups.get(name) for name in found}) > 1
        return (new, {}) if several else ({}, reading)
    return {name: value for name, value in new.items() if name not in reading}, reading


def _to_correct(flow: Flow, filled: FormState, text: str) -> Field | None:
    return field_to_correct(flow.form, text) if flow.form.is_open(filled.slots) else None


def _while_paused(x: Exchange) -> Taken:
    """Take a yes to go on, or a no; everything else is on the side."""
    match x.yes_or_no:
        case "affirm":
            steps.resume(x)
        case "deny":
            x.say(say(_("All right, it waits for you. Write “continue” whenever you like.")))
            x.say(menu.menu())
        case _ if _decided(x) in ("", OFF_TOPIC):
            steps.offer_to_go_on(x)
        case _:
            return "aside"
    return "taken"


def _decided(x: Exchange) -> str:
    """Return the intent of a text, if it is plain enough to be answered."""
    decision = decide(x.understood, offered=menu.OFFERED)
    return decision.intents[0] if decision.verdict == "answer" else ""


def _without_an_answer(x: Exchange, flow: Flow, asked: Field | None, reading: Reading) -> None:
    """Leave the question open for someone who does not know, where that may be; else explain."""
    if asked and flow.may_be_left_open and does_not_know(x.message.text):
        x.say(say(_("No problem, we leave that one open.")))
        steps.take(x, flow, {asked.name: None})
        steps.go_on(x, flow)
    else:
        explain(x, flow, reading)


def _word(x: Exchange, flow: Flow) -> bool:
    """Do what a word of every form says; return whether the text is one that means anything."""
    filled, word = x.state.form, word_of_a_form(x.message.text)
    if filled is None:
        return False
    match word:
        case "back" if not filled.paused:
            steps.back(x, flow)
        case "skip" if not filled.paused:
            steps.skip(x, flow)
        case "continue":
            steps.resume(x)
        case "correct" if filled.stage == "summary" and not filled.paused:
            steps.ask_what_is_wrong(x, flow, filled)
        case "send" if filled.stage == "summary" and not filled.paused:
            steps.finish(x, flow)
        case _:
            return False
    return True


def _at_summary(x: Exchange, flow: Flow) -> None:
    match x.yes_or_no:
        case "affirm":
            steps.finish(x, flow)
            return
        case "deny" if x.number and x.state.form:
            steps.ask_what_is_wrong(x, flow, x.state.form)
            return
        case "deny":
            x.say(say(_("What is wrong? Tap it, or write for example “change the phone”.")))
        case _:
            to_send = say(_("Send it with the button, or tap what is wrong."))
            x.say(replace(to_send, brief=(_("Answer 1 to send, or 2 to correct."),)))
    steps.go_on(x, flow)


def _correct(x: Exchange, flow: Flow, field: Field, found: Slots) -> None:
    """Change a field to the value given with the wish, or ask for it."""
    same = {f.name for f in flow.form.fields if f.group == field.group}
    new = {k: v for k, v in found.items() if k in same}
    if not new:
        value = value_given(field, x.message.text)
        reading = fields.read_answer(field, steps.given(x, value, x.understood)) if value else None
        new = dict(reading) if isinstance(reading, Mapping) else {}
    if not new:
        steps.correct(x, flow, field)
        return
    x.say(say(_("Corrected.")))
    steps.take(x, flow, new)
    steps.go_on(x, flow)


def _is_aside(
    x: Exchange, flow: Flow, asked: Field | None, reading: Reading, stated: Slots
) -> bool:
    """Whether a text is politeness or a question on the side, not an answer to the form.

    What can be read as an answer, right or wrong, is one. Where any words may be the answer, talk
    is not; but someone who says it a second time means it.
    """
    filled = x.state.form
    intent = _decided(x)
    if stated:
        return reading is None and intent in ABOUT_THE_TOUR and set(stated) <= {"wilaya", "commune"}
    about_this = asked is not None and intent == asked.about
    a_question = intent not in {"", *NOT_A_QUESTION} and x.flows.get(intent) is not flow
    if filled and asked and reading is not None:
        if not asked.open or filled.tries or not is_talk(x.message.text):
            return False
        filled.tries += 1
    return intent in POLITE or (a_question and not about_this)


def explain(x: Exchange, flow: Flow, reading: Reading) -> None:
    """Explain what is wanted with an example; after some tries, offer a person as well."""
    filled = x.state.form
    asked = flow.form.field(filled.asking) if filled else None
    if filled is None or asked is None:
        steps.go_on(x, flow)
        return
    filled.tries += 1
    if isinstance(reading, Wrong):
        x.say(say(reading.why))
    elif x.heard.unavailable and not asked.open:
        x.say(say(menu.understanding_down_briefly()))
    else:
        said = say(asked.wrong)
        x.say(replace(said, brief=(asked.wrong_brief,)) if asked.wrong_brief else said)
    if filled.tries >= PATIENCE:
        # Where choices are numbers, those of the question are the only ones.
        out = () if x.number else _WAY_OUT
        out_in_words = _("You can also leave this and write AGENT, to ask a person.")
        asking = say(_("You can also leave this and ask a person."), choices=out)
        x.say(replace(asking, brief=(out_in_words,)))
    steps.go_on(x, flow)
