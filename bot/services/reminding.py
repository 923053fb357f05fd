"""Wishing for a reminder, with or without a registration, and ending it."""

from __future__ import annotations

import re

from actions import consents, persons, registrations, reminders
from actions.geography import Geography
from actions.tables import Subscription
from bot import menu
from bot.answers.stop_lines import printed_days, wilaya_name
from bot.clock import ALGIERS
from bot.exchange import Exchange, Service
from bot.questions import plain
from bot.reminders import Reminders
from bot.text import Choice, Say, Text, _, say
from nlu.client import Entity

#: More digits than any row's number has.
LONGEST_NUMBER = 18
_CANCEL = re.compile(
    r"annul|arret|stop|supprim|desactiv|plus de rappel|حبس|الغ|نلغي|نحي|بلا تذكير|habes|7abes|na7i"
    r"|nelghi"
)
_REMINDER = re.compile(
    r"rappel|rapel|alert|notif|تذكير|تذكر|تنبيه|اشعار|نوتيف|تفكير|tadkir|tafkir|reminder|tfakr|تفكر"
)


class Reminding(Service):
    """Asks for a yes, keeps it, and says what will be sent when."""

    prefix = "remind"
    intents = frozenset({"subscribe_reminder"})
    commands = frozenset({"rappel"})

    def __init__(self, planned: Reminders, geography: Geography) -> None:
        self._planned = planned
        self._geography = geography

    def asked(self, x: Exchange, intent: str, entities: tuple[Entity, ...], text: str) -> None:
        """Ask in which wilaya, or whether to remind of its stop."""
        named = next((str(e.value) for e in entities if e.name == "wilaya"), "")
        mine = registrations.of_conversation(x.session, x.talk.id)
        if x.number and len({row.stop for row in mine}) > 1:
            mine = []  # on a shared phone, nobody is told where another one goes
        wilaya = named or (mine[0].stop if mine else "") or x.state.wilaya
        if wilaya not in self._geography.wilayas:
            x.state.pending = "remind:where"
            x.say(say(_("Remind you of which stop? Write me the name of your wilaya.")))
            return
        code = mine[0].code if mine and mine[0].stop == wilaya else ""
        wishes = reminders.of_conversation(x.session, x.talk.id)
        signed_up = mine[0].id if code else None
        same = (w for w in wishes if w.wilaya == wilaya and w.registration_id == signed_up)
        planned = next(same, None)
        stop = self._planned.stop(wilaya, x.today)
        if planned and stop:
            x.say(self._promise(planned, printed_days(stop) is not None, x))
            return
        self._offer(x, wilaya, code)

    def commanded(self, x: Exchange, command: str, text: str) -> None:
        """Do the same from a command."""
        code = x.knowledge.wilaya_named(text) if text else None
        self.asked(x, "", (Entity("wilaya", code, 0, 0),) if code else (), text)

    def takes(self, x: Exchange) -> bool:
        """Take a wish to end the reminders, told in words."""
        words = plain(x.message.text)
        if not (_CANCEL.search(words) and _REMINDER.search(words)):
            return False
        if not self.cancelled(x):
            x.say(say(_("No reminder is planned here.")))
        return True

    def cancelled(self, x: Exchange) -> bool:
        """End every reminder of the chat."""
        wishes = reminders.of_conversation(x.session, x.talk.id)
        for wish in wishes:
            reminders.end(x.session, wish, x.now)
        if wishes:
            x.say(say(_("Done: I send you no more reminders.")))
        return bool(wishes)

    def pressed(self, x: Exchange, what: str) -> None:
        """Take a yes, a no, or the end of a reminder."""
        said, _sep, rest = what.partition(":")
        if said == "end":
            self._end(x, rest)
            return
        wilaya, _sep, code = rest.partition(":")
        if wilaya in self._geography.wilayas:
            self._decide(x, wilaya, code, yes=said == "yes")

    def confirmed(self, x: Exchange, what: str, *, yes: bool) -> None:
        """Take a yes or a no in words."""
        wilaya, _sep, code = what.partition(":")
        self._decide(x, wilaya, code, yes=yes)

    def replied(self, x: Exchange, what: str) -> bool:
        """Take a yes or a no, or the name of a wilaya where that was asked."""
        if what != "where":
            return super().replied(x, what)
        named = [str(e.value) for e in x.understood.entities if e.name == "wilaya"]
        code = next(iter(named), None) or x.knowledge.wilaya_named(x.message.text)
        if code in self._geography.wilayas:
            self._offer(x, code, "")
        return code in self._geography.wilayas

    def _offer(self, x: Exchange, wilaya: str, code: str) -> None:
        name = wilaya_name(self._geography.wilayas[wilaya])
        stop = self._planned.stop(wilaya, x.today)
        if stop is None:
            x.say(
                say(
                    _(
                        "There is no stop to come for {wilaya}, so there is nothing to remind you "
                        "of.",
                        wilaya=name,
                    ),
                    choices=((menu.choice("ask_next_stop"), menu.choice("ask_tour_schedule")),),
                )
            )
            return
        x.state.pending = f"remind:{wilaya}:{code}"
        x.say(
            say(
                _(
                    "Shall I write to you about the stop in {wilaya}, the evening before?",
                    wilaya=name,
                ),
                choices=(
                    (
                        Choice(_("🔔 Yes, remind me"), f"remind:yes:{wilaya}:{code}"),
                        Choice(_("No"), f"remind:no:{wilaya}:{code}"),
                    ),
                ),
            )
        )

    def _decide(self, x: Exchange, wilaya: str, code: str, *, yes: bool) -> None:
        row = registrations.by_code(x.session, code) if code else None
        theirs = row and persons.are_one(x.session, x.talk.id, row.conversation_id)
        mine = row if row and theirs and row.status == "active" else None
        if not yes:
            for wish in reminders.of_registration(x.session, mine.id) if mine else ():
                reminders.end(x.session, wish, x.now)
            x.say(say(_("All right, no reminder.")))
            return
        if code and mine is None:
            x.say(say(_("That registration is no longer there.")))
            return
        stop = self._planned.stop(wilaya, x.today)
        if stop is None:
            self._offer(x, wilaya, code)
            return
        consent = consents.give(x.session, "reminder", x.turn.reader, x.now, conversation=x.talk.id)
        wish = reminders.subscribe(
            x.session,
            x.talk.id,
            stop.wilaya,
            self._planned.told(stop.wilaya),
            x.now,
            consent=consent.id,
            registration=mine.id if mine else None,
        )
        if wish.consent_id != consent.id:
            consents.forget(x.session, consent.id)  # a second yes to the same wish
        self._planned.begin(x.session, wish, x.now)
        x.turn.stops_changed = True
        days = printed_days(stop)
        x.say(self._promise(wish, days is not None, x))

    def _promise(self, wish: Subscription, dated: bool, x: Exchange) -> Say:
        name = wilaya_name(self._geography.wilayas[wish.wilaya])
        stop = self._planned.stop(wish.wilaya, x.today)
        first = stop.certain_days.first if stop and stop.certain_days else None
        line: Text
        if first is None or not dated:
            line = _(
                "Done. No date is announced for {wilaya} yet: I write to you when it is, then the "
                "evening before.",
                wilaya=name,
            )
        else:
            due = reminders.due_at(first, x.now)
            line = (
                _(
                    "Done: I write to you on {day} at {time}.",
                    day=due.astimezone(ALGIERS).date(),
                    time=due.astimezone(ALGIERS).time(),
                )
                if due
                else _(
                    "The stop in {wilaya} has begun, so there is nothing left to remind you of.",
                    wilaya=name,
                )
            )
        end = Choice(_("🔕 Stop the reminders"), f"remind:end:{wish.id}")
        return say(line, choices=((end,),))

    def _end(self, x: Exchange, number: str) -> None:
        known = number.isdecimal() and len(number) <= LONGEST_NUMBER
        wish = reminders.by_number(x.session, x.talk.id, int(number)) if known else None
        if wish is None or wish.ended_at:
            x.say(say(_("That reminder has ended already.")))
            return
        reminders.end(x.session, wish, x.now)
        x.say(say(_("Done: no more reminders about this stop.")))
