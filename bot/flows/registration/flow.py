"""The pre-registration: consent, questions, summary, one registration, its receipt."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

from actions import consents, persons, registrations
from actions.codes import read_code
from actions.codes import shown as in_groups
from actions.eligibility import Standing, standing
from actions.facts import Programme
from actions.geography import Geography
from actions.privacy import Retention
from actions.registrations import PERSON, Details, Registration
from actions.timetable import Timetable
from bot import menu
from bot.answers.stop_lines import wilaya_name
from bot.exchange import Exchange, Flow
from bot.flows.registration import one_message
from bot.flows.registration.ages import about_age
from bot.flows.registration.notice import notice
from bot.flows.registration.one_message import OneMessage
from bot.flows.registration.places import Places
from bot.flows.registration.questions import make_fields, read_contact
from bot.flows.registration.receipt import Receipts, reminder_question
from bot.flows.registration.situations import Trades, settled
from bot.flows.registration.slots import age_of, details_of
from bot.flows.registration.stops import Stops
from bot.forms import brief, steps
from bot.forms.fields import Answer, Form, Reading, Slots, Wrong, read_everywhere
from bot.state import FormState
from bot.text import Choice, Name, Say, Text, _, say
from nlu.client import Understanding

NAME = "registration"
#: Wrong codes after which someone is taken for another person.
TRIES = 3
NEARBY = 3
_NOT_YET = Answer("", _("I don't know yet"))


class RegistrationFlow(Flow):
    """Signs people up; `draw(n)` gives a random whole number below n, for the codes."""

    def __init__(
        self,
        programme: Programme,
        geography: Geography,
        timetable: Timetable,
        keep: Retention,
        draw: Callable[[int], int],
    ) -> None:
        self._programme = programme
        self._keep = keep
        self._draw = draw
        self._places = places = Places(geography)
        trades = Trades(programme.convention.trades)
        self._stops = Stops(timetable, geography)
        papers = programme.applying.papers.to_register.items
        self.receipts = Receipts(
            places, trades, self._stops, tuple(Name(p.fr, p.ar) for p in papers)
        )
        fields = make_fields(
            places, trades, self._stops_near, self._stops.told, self._own_stop_lost
        )
        self.form = Form(NAME, None, fields, gate="consent", summary=True)
        self._one_message = OneMessage(geography, places, trades)

    def may_open(self, x: Exchange, *, anyway: bool) -> bool:
        """Whether there is something to sign up for, and nobody here who already has."""
        if not self._stops.to_come(x.today):
            x.say(
                say(
                    _("There is no stop to come that I know of, so I can't sign you up for one."),
                    _("For what exists today, ask the agency nearest to your home."),
                    choices=((menu.choice("ask_agency"), menu.choice("ask_how_to_apply")),),
                )
            )
            return False
        mine = registrations.of_conversation(x.session, x.talk.id)
        if mine and not anyway:
            x.say(_already_here(mine))
            return False
        return anyway or not self._says_too_young(x)

    def _says_too_young(self, x: Exchange) -> bool:
        """Whether the wish itself tells of an age that nothing is taken at; says why."""
        ages = [int(e.value) for e in x.understood.entities if e.name == "age"]
        told_before = x.state.said.get("born")
        ages += [told_before] if isinstance(told_before, int) else []
        if not ages or self.standing_at(ages[0], x.today) not in ("minor", "too_old"):
            return False
        told = about_age(self.standing_at(ages[0], x.today), self._programme.eligibility)
        if told:
            x.say(told)
        x.state.said = {}
        return True

    def open_with(self, x: Exchange, text: str) -> None:
        """Open the form with facts all in one message, taken once the consent is given.

        `text` is what follows the keyword. In a form that is open its facts are taken at once.
        Whoever writes any wants somebody signed up: another person, where there is one already.
        """
        filled = x.state.form
        mine = x.flow() is self and filled is not None and not filled.editing
        if filled is None or not mine:
            steps.open_form(x, self, text, x.understood, anyway=bool(text))
        elif self.form.is_open(filled.slots):
            filled.paused = False
            self._take_whole(x, text, x.understood)
            steps.go_on(x, self)
        else:
            filled.origin = x.message.external_id  # the newer text is the one to be taken
            steps.resume(x)

    def standing_at(self, age: int, today: dt.date) -> Standing:
        """Return how an age stands to the rules on a day."""
        rules, newer = self._programme.eligibility, self._programme.agency.ages_since_2022
        return standing(age, rules, newer, today)

    def begun(self, x: Exchange, filled: FormState) -> None:
        """Show the notice; offer the wilaya that was spoken of."""
        if filled.editing:
            return
        filled.slots["stop_day"] = x.today.isoformat()
        organisers = self._programme.caravan.organisers.names
        names = tuple(Name(o.fr, o.ar) for o in organisers)
        x.say(notice(names, self._keep, by_sms=bool(x.number)))

    def took(self, x: Exchange, names: frozenset[str]) -> None:
        """Store the consent, judge the age, find the stop."""
        filled = x.state.form
        if filled is None:
            return
        slots = filled.slots
        if "consent" in names:
            self._consented(x, filled)
        if x.state.form is filled and names & {"born", "birth_date"}:
            self._judge_age(x, filled)
        if "anem" in names:
            slots["situation"] = settled(str(slots["situation"]), slots["anem"])
        if names & {"situation", "anem"}:
            self._judge_situation(x, str(slots.get("situation")))
        if x.state.form is filled and "wilaya" in names and "stop" not in slots:
            stop = self._stops.of(str(slots["wilaya"]), x.today)
            if stop:
                slots["stop"] = stop.wilaya

    def finish(self, x: Exchange) -> None:
        """Store the registration, or the changes to it, once; ask first when it may be a double."""
        filled = x.state.form
        if filled is None or self._stop_is_over(x, filled):
            return
        details = self.details(filled.slots, x.today)
        if filled.editing:
            self._save(x, filled, details)
            return
        twins = self._twins(x, filled)
        if twins and not filled.slots.get("someone_else"):
            filled.stage = "twin"
            self.settle(x, filled)
        else:
            self._register(x, filled, details, twins[0] if twins else None)

    def _stop_is_over(self, x: Exchange, filled: FormState) -> bool:
        """Whether the stop chosen has passed while the form was left; then asks for another."""
        filled.slots["stop_day"] = x.today.isoformat()
        coming = {stop.wilaya for stop in self._stops.to_come(x.today)}
        if filled.slots["stop"] in {"", *coming}:
            return False
        cancelled = self._stops.is_cancelled(str(filled.slots.pop("stop")))
        x.say(
            say(
                _("That stop is cancelled. Choose another one.")
                if cancelled
                else _("That stop is over by now. Choose another one.")
            )
        )
        steps.go_on(x, self)
        return True

    def stopped(self, x: Exchange, filled: FormState) -> None:
        """Take back the consent to a form that is given up."""
        if not filled.editing:
            consents.forget(x.session, int(filled.slots.get("consent_id") or 0))

    def contact(self, number: str, *, own: bool) -> Reading:
        """Read a shared contact card."""
        return read_contact(number, own=own)

    def located(self, latitude: float, longitude: float) -> Reading:
        """Read a shared place."""
        return self._places.located(latitude, longitude)

    def settle(self, x: Exchange, filled: FormState) -> None:
        """Ask whether an earlier registration is theirs, or for its code."""
        x.state.number += 1

        def button(label: Text, what: str) -> Choice:
            return Choice(label, f"form:{NAME}:double:{x.state.number}:{what}")

        if filled.stage == "code":
            x.say(
                say(
                    _("Then write me the code you were given: eight digits."),
                    choices=((button(_("I don't have it"), "other"),),),
                )
            )
            return
        x.say(
            say(
                _("Someone has signed up already with this phone and this birth date. Is it you?"),
                choices=(
                    (button(_("Yes, it is me"), "me"),),
                    (button(_("No, someone else"), "other"),),
                ),
            )
        )

    def pressed(self, x: Exchange, filled: FormState, what: str) -> None:
        """Take the answer to "is it you?"."""
        if what == "me":
            self._it_is_me(x, filled)
        else:
            self._someone_else(x, filled)

    def answered(self, x: Exchange, filled: FormState, text: str) -> bool:
        """Take a yes, a no, or a code; after some wrong codes go on as someone else."""
        if filled.stage == "twin":
            said = x.yes_or_no
            if said == "affirm":
                self._it_is_me(x, filled)
            elif said == "deny":
                self._someone_else(x, filled)
            return bool(said)
        code = read_code(text)
        if code is None:
            return bool(re.fullmatch(r"[\d\s]{6,12}", text)) and self._wrong_code(x, filled)
        twin = next((t for t in self._twins(x, filled) if t.code == code), None)
        if twin is None or x.state.wrong_codes >= TRIES:
            return self._wrong_code(x, filled)
        self._mine_again(x, filled, twin)
        return True

    def _wrong_code(self, x: Exchange, filled: FormState) -> bool:
        """Say that a code is wrong; after some, go on as someone else, in this chat for ever."""
        x.state.wrong_codes += 1
        if x.state.wrong_codes >= TRIES:
            self._someone_else(x, filled)
        else:
            x.say(say(_("That is not the code I know.")))
            self.settle(x, filled)
        return True

    def sent_already(self, x: Exchange) -> bool:
        """Show the code again to someone who taps "send" twice."""
        mine = registrations.of_conversation(x.session, x.talk.id)
        if x.number and len(mine) > 1:
            x.say(say(_("It is sent already.")))  # on a shared phone no code is shown unasked
        elif mine:
            x.say(say(_("It is sent already. Your code: {code}", code=in_groups(mine[-1].code))))
        return bool(mine)

    def _it_is_me(self, x: Exchange, filled: FormState) -> None:
        """Believe one's own chat, or a number that Telegram vouches for; else ask for the code."""
        twins = self._twins(x, filled)
        own = [twin for twin in twins if self._is_theirs(x, twin)]
        sure = own or (twins if filled.slots.get("phone_checked") else [])
        if len(sure) == 1:
            self._mine_again(x, filled, sure[0])
        elif x.state.wrong_codes >= TRIES:
            self._someone_else(x, filled)
        else:
            filled.stage = "code"
            self.settle(x, filled)

    def _someone_else(self, x: Exchange, filled: FormState) -> None:
        filled.slots["someone_else"] = True
        filled.stage = "summary"
        self.finish(x)

    def _mine_again(self, x: Exchange, filled: FormState, twin: Registration) -> None:
        details = self.details(filled.slots, x.today)
        if not self._is_theirs(x, twin):
            registrations.move(x.session, twin, x.talk.id, x.now, who=PERSON)
        registrations.change(x.session, twin, details, x.now, who=PERSON)
        consents.replace(x.session, twin, int(filled.slots["consent_id"] or 0))
        self._receive(x, twin, _("Here you are again: I put the new answers there."))

    def _is_theirs(self, x: Exchange, row: Registration) -> bool:
        """Whether a registration is managed from this chat, or from another one of its person."""
        return persons.are_one(x.session, x.talk.id, row.conversation_id)

    def _twins(self, x: Exchange, filled: FormState) -> list[Registration]:
        details = self.details(filled.slots, x.today)
        return registrations.same_people(x.session, details.phone, details.birth_date)

    def _register(
        self, x: Exchange, filled: FormState, details: Details, twin: Registration | None
    ) -> None:
        consent = consents.by_id(x.session, int(filled.slots["consent_id"] or 0))
        row = registrations.register(
            x.session,
            details,
            x.now,
            self._draw,
            consent=consent,
            conversation=x.talk.id,
            who=PERSON,
            twin_of=twin.id if twin else None,
        )
        x.count("registered")
        headline = (
            _("I have noted your name, {name}.", name=row.given_name)
            if row.interest
            else _("You are pre-registered, {name}!", name=row.given_name)
        )
        self._receive(x, row, headline)

    def _receive(self, x: Exchange, row: Registration, headline: Text) -> None:
        x.close_form()
        x.state.said = {}
        self._show(x, row, headline)
        if row.stop:
            x.say(reminder_question(row))
            x.state.pending = f"remind:{row.stop}:{row.code}"

    def _show(self, x: Exchange, row: Registration, headline: Text) -> None:
        """Show the receipt; by SMS there is no picture, and only the next question has choices."""
        receipt, picture = self.receipts.receipt(row, headline)
        if x.number:
            x.say(replace(receipt, choices=()))
        else:
            x.say(receipt, picture)

    def _save(self, x: Exchange, filled: FormState, details: Details) -> None:
        row = registrations.by_code(x.session, filled.editing)
        x.close_form()
        if row is None or not self._is_theirs(x, row) or row.status != "active":
            x.say(say(_("That registration is no longer there."), choices=menu.MENU))
            return
        if details.birth_date is None and details.age == row.age:
            details = replace(details, age_on=row.age_on)  # an age said then has grown since
        others = registrations.same_people(x.session, details.phone, details.birth_date)
        row.twin_of = next((other.id for other in others if other.id != row.id), row.twin_of)
        changed = registrations.change(x.session, row, details, x.now, who=PERSON)
        x.turn.stops_changed |= "stop" in changed
        headline = _("It is changed.") if changed else _("Nothing changed.")
        x.say(*self.receipts.receipt(row, headline)[:1])

    def _consented(self, x: Exchange, filled: FormState) -> None:
        if filled.slots["consent"] is not True:
            x.close_form()
            x.state.said = {}
            x.say(
                say(
                    _("All right: I note nothing. All my answers stay open to you."),
                    choices=menu.MENU,
                )
            )
            return
        consent = consents.give(
            x.session, "registration", x.turn.reader, x.now, conversation=x.talk.id
        )
        filled.slots["consent_id"] = consent.id
        filled.slots |= {k: v for k, v in x.state.said.items() if k not in filled.slots}
        if x.state.wilaya:
            filled.slots["wilaya_spoken_of"] = x.state.wilaya
        if x.number:
            self._take_number(x, filled)
        self._take_what_opened_it(x)
        if x.state.form is filled and "born" in filled.slots:
            self._judge_age(x, filled)

    def _take_number(self, x: Exchange, filled: FormState) -> None:
        """Take the number they write from, which the gateway vouches for, if a form may hold it."""
        reading = read_contact(x.number, own=True)
        if reading and not isinstance(reading, Wrong):
            filled.slots |= reading

    def _take_what_opened_it(self, x: Exchange) -> None:
        """Take what the message that opened the form says, and say what of it can't be true."""
        if x.heard.recalled is None:
            return
        text, heard = x.heard.recalled
        if x.number and one_message.is_one(text):
            self._take_whole(x, text, heard)
        else:
            steps.take(x, self, read_everywhere(self.form, steps.given(x, text, heard)))

    def _take_whole(self, x: Exchange, text: str, heard: Understanding) -> None:
        found, wrong = self._one_message.read(steps.given(x, text, heard))
        x.say(*(say(why) for why in wrong))
        steps.take(x, self, found)

    def _judge_age(self, x: Exchange, filled: FormState) -> None:
        """Say kindly what an age opens; where it opens nothing, stop and keep nothing."""
        place = self.standing_at(age_of(filled.slots, x.today), x.today)
        if place in ("minor", "too_old"):
            x.close_form()
            if filled.editing:
                x.say(
                    say(_("At that age I can't sign anyone up: your registration stays as it was."))
                )
                return
            self.stopped(x, filled)
            x.state.said = {}
            x.forget_since(filled.origin)
        told = about_age(place, self._programme.eligibility)
        if told:
            x.say(told)

    def _judge_situation(self, x: Exchange, situation: str) -> None:
        """Say kindly where the rules ask for something else; the agency decides, so go on."""
        if x.today >= self._programme.agency.ages_since_2022.as_of:
            return  # whether these conditions still hold is not known
        if situation == "employed":
            x.say(
                say(
                    _(
                        "The scheme asks for people without a paid job. You can leave your name "
                        "all the same, and ask about it at the stop."
                    )
                )
            )
        elif situation == "student":
            x.say(
                say(
                    _(
                        "The scheme opens when studies end. You can leave your name all the same, "
                        "and ask about it at the stop."
                    )
                )
            )

    def details(self, slots: Slots, today: dt.date) -> Details:
        """Return what the slots of a filled form come to on a day."""
        place = self.standing_at(age_of(slots, today), today)
        return details_of(slots, today, interest=place not in ("open", "manager"))

    def _own_stop_lost(self, slots: Slots) -> Text | None:
        """Ask for another stop than the one of the wilaya one lives in, when that is no more."""
        home = str(slots.get("wilaya") or "")
        match home and self._stops.timing(home, self._stop_day(slots)):
            case "past":
                return _(
                    "The caravan has already been to {wilaya}. At which other stop will you come?",
                    wilaya=wilaya_name(self._stops.wilaya(home)),
                )
            case "cancelled":
                return _(
                    "The stop in {wilaya} is cancelled. At which other stop will you come?",
                    wilaya=wilaya_name(self._stops.wilaya(home)),
                )
            case _:
                return None

    def _stops_near(self, slots: Slots) -> tuple[Answer, ...]:
        """Return the stop of one's own wilaya, the nearest others, and "not yet"."""
        home = str(slots.get("wilaya") or "")
        codes = self._stops.near(home, self._stop_day(slots), NEARBY) if home else []
        answers = [Answer(code, wilaya_name(self._stops.wilaya(code))) for code in codes]
        return (*answers, _NOT_YET)

    def _stop_day(self, slots: Slots) -> dt.date:
        return dt.date.fromisoformat(str(slots["stop_day"]))


def _already_here(mine: list[Registration]) -> Say:
    choices = (
        (Choice(_("See or change it"), "mine:show"),),
        (Choice(_("Sign up someone else"), "mine:another"),),
    )

    def signed_up(letters: int) -> Text:
        names = tuple(brief.clipped(row.given_name, letters) for row in mine)
        return _("Already signed up here: {names}.", names=names)

    whole = say(
        _("Already signed up here: {names}.", names=tuple(row.given_name for row in mine)),
        choices=choices,
    )
    few = brief.fitting(signed_up, [choice for row in choices for choice in row])
    return replace(whole, brief=(few,))
