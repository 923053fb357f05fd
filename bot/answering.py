"""Free texts: what they ask, in the light of what was asked before, and the answers."""

from __future__ import annotations

from bot import menu
from bot.exchange import Exchange
from bot.forms import steps
from bot.forms.words import FACTS, NOT_A_QUESTION
from bot.misreading import misread
from bot.noticing import add_notices
from bot.questions import Decision, decide, plain
from bot.text import _, say
from nlu.client import Entity, Understanding

#: A text, what was understood of it, and what to do about it.
Question = tuple[str, Understanding, Decision]

#: A later message that names only a wilaya, or leaves it out, keeps to these questions.
ABOUT_A_STOP = ("ask_stop_in_wilaya", "ask_stop_place_time")
#: What makes an earlier wilaya no longer the one spoken of; other subjects leave it as it was.
ABOUT_THE_TOUR = (*ABOUT_A_STOP, "ask_next_stop", "ask_tour_schedule")
#: A message that names a wilaya and at most this many other words only names a wilaya.
FEW_WORDS = 2


def free_text(x: Exchange) -> None:
    """Answer each question of the message, or the message as a whole when it asks one thing."""
    place = x.knowledge.wilaya_named(x.message.text)
    if place:
        # A name alone is asked about, whatever Rasa makes of it.
        text, heard = x.heard.questions[0]
        x.state.misses = 0
        entity = Entity("wilaya", place, 0, len(text))
        answer(x, "ask_stop_in_wilaya", (entity,), text, heard)
        x.count("answered", heard, "ask_stop_in_wilaya")
        return
    whole, clear = _asked(x)
    form = next((intent for intent, _wilaya_asked in clear if intent in x.flows), None)
    if form:
        # The form takes the facts of the whole message; the other questions are answered first.
        text, heard, decision = whole
        clear = {k: asked for k, asked in clear.items() if k[0] not in {form, *FACTS}}
        clear[form, ""] = (text, heard, Decision("answer", (form,)))
    for text, heard, decision in clear.values() if form or len(clear) > 1 else [whole]:
        match decision.verdict:
            case "answer":
                x.state.misses = 0
                answer(x, decision.intents[0], heard.entities, text, heard)
                x.count("answered", heard)
            case "suggest":
                x.say(
                    menu.did_you_mean(decision.intents, _wilaya(heard.entities) or x.state.wilaya)
                )
                x.count("suggested", heard)
                misread(x, text, heard)
            case _:
                x.state.misses += 1
                _missed(x)
                x.count("missed", heard)
                misread(x, text, heard)


def _asked(x: Exchange) -> tuple[Question, dict[tuple[str, str], Question]]:
    """Return the whole message as one question, and those of its parts that ask something clearly.

    A part goes by its intent and its wilaya: what is asked twice is answered once.
    """
    whole, *parts = [(text, u, decide(u, offered=menu.OFFERED)) for text, u in x.heard.questions]
    clear = {
        (decision.intents[0], _wilaya(heard.entities)): (text, heard, decision)
        for text, heard, decision in parts
        if decision.verdict == "answer" and decision.intents[0] not in NOT_A_QUESTION
    }
    return whole, clear


def _missed(x: Exchange) -> None:
    """Say that a message was not understood; the second time in a row, find a person."""
    again = x.state.misses >= 2
    if not (again and any(service.missed(x) for service in x.services)):
        x.say(menu.missed(again=again))


def without_rasa(x: Exchange) -> None:
    """Answer what can be read without Rasa: the name of a wilaya; say so for the rest."""
    code = x.knowledge.wilaya_named(x.message.text)
    if code:
        answer(x, "ask_stop_in_wilaya", (Entity("wilaya", code, 0, 0),))
    else:
        x.say(menu.understanding_down())


def aside(x: Exchange) -> None:
    """Answer what is asked in the middle of a form, then go on with the form."""
    form = x.state.form
    if not x.heard.questions or any(service.takes(x) for service in x.services):
        steps.ask_again(x)
        return
    whole, clear = _asked(x)
    several = {k: asked for k, asked in clear.items() if k[0] not in x.flows}
    opened = False
    for text, heard, decision in several.values() if len(several) > 1 else [whole]:
        if decision.verdict != "answer":
            x.say(say(_("I did not understand. Say it in other words, or write MENU.")))
            x.count("missed", heard)
            continue
        intent = decision.intents[0]
        if x.service(intent=intent):
            steps.pause(x)
        answer(x, intent, heard.entities, text, heard)
        x.count("answered", heard)
        opened = opened or intent in x.flows
    if x.state.form is form and not opened:
        steps.ask_again(x)


def answer(
    x: Exchange,
    intent: str,
    entities: tuple[Entity, ...],
    text: str = "",
    heard: Understanding | None = None,
) -> None:
    """Answer an intent, from a text or (without one) from a button."""
    intent, entities = _in_context(x, intent, entities, text)
    if intent in ABOUT_THE_TOUR:
        x.state.topic, x.state.wilaya = intent, _wilaya(entities)
    service = x.service(intent=intent)
    form, said = x.state.form, len(x.turn.says)
    match intent:
        case "change_language":
            x.say(menu.choose_language())
        case _ if intent in x.flows:
            steps.open_form(x, x.flows[intent], text, heard)
        case _ if service:
            service.asked(x, intent, entities, text)
        case _:
            x.say(*x.knowledge.answer(intent, entities, x.today))
    if intent not in x.flows and x.state.form is form:
        add_notices(x, intent, said)


def _wilaya(entities: tuple[Entity, ...]) -> str:
    return next((str(e.value) for e in entities if e.name == "wilaya"), "")


def _in_context(
    x: Exchange, intent: str, entities: tuple[Entity, ...], text: str
) -> tuple[str, tuple[Entity, ...]]:
    """Complete a follow-up: a wilaya alone keeps the question, a question keeps the wilaya."""
    state = x.state
    if not text or intent not in ABOUT_A_STOP or state.topic not in ABOUT_A_STOP:
        return intent, entities
    wilayas = [e for e in entities if e.name == "wilaya"]
    if not wilayas:
        kept = (Entity("wilaya", state.wilaya, 0, 0),) if state.wilaya else ()
        return intent, (*entities, *kept)
    rest = text
    for wilaya in wilayas:
        rest = rest.replace(text[wilaya.start : wilaya.end], " ")
    return (state.topic if len(plain(rest).split()) <= FEW_WORDS else intent), entities
