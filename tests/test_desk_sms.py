"""The desk and people who write by SMS: a case like any other, answered in paid text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import delivery, spending
from actions.delivery import Report
from actions.figures import FEW
from actions.spending import Budget
from actions.store import Session, Store
from actions.tables import Conversation, Inbox, Outbox
from bot.channels.base import Refused
from bot.channels.sms import segments
from bot.desk.by_sms import MOST, cost, hints, texted
from bot.desk.delivery import Delivery
from bot.desk.settings import DeskSettings
from bot.intake import UNDELIVERED
from bot.text import render
from tests.bureau import FARIDA, HEARD, KARIM, LILA, Bureau
from tests.conftest import FixedClock
from tests.talk import Talk, Wire
from tests.test_desk import place

NUMBER = "+213550123456"
PRICE = Decimal("2.5")
LONG = "Votre dossier est complet, la réponse vient par courrier. " * 6
LONG_ARABIC = "ملفك كامل وسيصلك الجواب عبر البريد. " * 8


class Meeting:
    """The staff in their group, and somebody with an old phone."""

    def __init__(
        self,
        store: Store,
        clock: FixedClock,
        *,
        topics: bool = True,
        budget: Budget | None = None,
        started_again: bool = False,
    ) -> None:
        self.store, self.clock = store, clock
        self.case = 1
        self.budget = budget or Budget(price=PRICE)
        self.bureau = Bureau(store, clock, topics=topics, settings=DeskSettings(budget=self.budget))
        self.bureau._number = 500 * started_again
        self.phone = Talk(
            store,
            self.bureau.dialogue,
            HEARD,
            clock,
            chat=NUMBER,
            wire=Wire("sms"),
            desk=self.bureau.desk,
            budget=self.budget,
        )

    async def begins(self) -> None:
        """Let the desk open, and the person ask for somebody there."""
        await self.bureau.opens()
        await self.texts("AGENT")

    async def texts(self, words: str) -> str:
        """Let the person write; return what the group reads then."""
        before = len(self.bureau.wire.sent)
        await self.phone.says(words)
        await self.settle()
        return self.bureau.read(before)

    async def writes(self, who: str, words: str, **more: Any) -> str:
        """Let a member write in the case; return what the group reads then."""
        return await self._after(
            self.bureau.says(who, words, **place(self.bureau, self.case), **more)
        )

    async def taps(self, who: str, label: str) -> str:
        """Let a member tap the newest button of that label."""
        return await self._after(self.bureau.taps(who, label))

    async def commands(self, who: str, line: str) -> str:
        return await self._after(self.bureau.commands(who, line, **place(self.bureau, self.case)))

    async def _after(self, deed: Any) -> str:
        before = len(self.bureau.wire.sent)
        await deed
        await self.settle()
        return self.bureau.read(before)

    async def settle(self) -> None:
        await self.phone.settle()
        await self.bureau.settle()

    def sms(self) -> list[str]:
        """Return every SMS the person got."""
        return ["\n".join(line.text for line in sent.lines) for _to, sent in self.phone.wire.sent]

    def labels(self) -> list[str]:
        """Return the labels under the newest message of the group."""
        newest = self.bureau.to_group()[-1]
        return [button.label for row in newest.buttons for button in row]


@pytest.fixture
def meeting(store: Store, clock: FixedClock) -> Meeting:
    return Meeting(store, clock)


# -- a case like any other


@pytest.mark.parametrize("topics", [True, False], ids=["topics", "replies"])
async def test_a_case_says_that_its_person_writes_by_sms_and_never_the_number(
    store: Store, clock: FixedClock, topics: bool
) -> None:
    meeting = Meeting(store, clock, topics=topics)
    await meeting.begins()
    await meeting.texts("mon dossier est perdu")
    read = meeting.bureau.read()
    assert "Écrit par SMS : ce que vous envoyez part en 📱 SMS, texte seul" in read
    assert "👤 mon dossier est perdu" in read
    titles = meeting.bureau.wire.topics if topics else read.splitlines()
    assert any("#1" in title and "📱 SMS" in title for title in titles)
    shown = [*meeting.bureau.to_group(), *meeting.bureau.wire.topics]
    assert not any(NUMBER[-5:] in str(message) for message in shown)


async def test_the_case_of_somebody_on_telegram_says_nothing_of_sms(meeting: Meeting) -> None:
    await meeting.bureau.opens()
    await meeting.bureau.person("7").says("je veux parler à quelqu'un")
    assert "Demande une personne" in meeting.bureau.read()
    assert "SMS" not in meeting.bureau.read() + "".join(meeting.bureau.wire.topics)


@pytest.mark.parametrize("topics", [True, False], ids=["topics", "replies"])
async def test_what_staff_write_arrives_as_a_phone_shows_it(
    store: Store, clock: FixedClock, topics: bool
) -> None:
    meeting = Meeting(store, clock, topics=topics)
    await meeting.begins()
    before = len(meeting.bureau.to_group())
    assert "Lila a ce dossier" in await meeting.writes(LILA, "Ça dépend de la forêt… 👍")
    assert meeting.sms()[-1] == "Ça dépend de la foret..."
    assert len(meeting.bureau.to_group()) == before + 1  # that it was sent goes without saying
    await meeting.writes(LILA, "مرحبا 👋 رقمك Çelik")
    assert meeting.sms()[-1] == "مرحبا رقمك Çelik"


async def test_staff_reach_phones_late_in_the_evening(meeting: Meeting) -> None:
    await meeting.begins()
    meeting.clock.moment = meeting.clock.moment.replace(hour=23)
    await meeting.writes(LILA, "Je suis encore là")
    assert meeting.sms()[-1] == "Je suis encore là"


async def test_what_is_no_text_is_not_sent_and_said_so(meeting: Meeting) -> None:
    await meeting.begins()
    before = len(meeting.sms())
    for kind, words in (("unsupported", ""), ("location", ""), ("text", "voyez la photo")):
        read = await meeting.writes(LILA, words, kind=kind, whole=False)
        assert "qui ne porte que du texte" in read
    assert "il n'en reste rien" in await meeting.writes(LILA, "👍👍")
    assert len(meeting.sms()) == before
    assert meeting.bureau.case().status == "waiting"


async def test_what_a_phone_sends_that_is_no_text_is_said_in_the_case(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, "Bonjour")
    await meeting.phone.does(kind="unsupported")
    await meeting.settle()
    assert "autre chose que du texte" in meeting.bureau.read()
    assert NUMBER not in str(meeting.bureau.to_group())


# -- long replies


async def test_a_long_reply_is_sent_once_when_somebody_says_so(meeting: Meeting) -> None:
    await meeting.begins()
    before = len(meeting.sms())
    read = await meeting.writes(LILA, LONG + "ça")
    assert "Pas encore envoyé : 3 SMS, 7,50 DA." in read.replace("\u00a0", " ")
    assert f"Sur son téléphone :\n{LONG}ca" in read
    assert "Avec 44 caractères de moins, ce serait 2 SMS." in read
    assert (len(meeting.sms()), meeting.bureau.case().status) == (before, "waiting")
    assert meeting.labels() == ["Envoyer quand même", "Ne pas envoyer"]
    read = await meeting.taps(KARIM, "Envoyer quand même")
    assert "Envoyé : 3 SMS, 7,50 DA." in read.replace("\u00a0", " ")
    assert meeting.sms()[-1] == f"{LONG}ca"
    sent = len(meeting.sms())
    assert "déjà envoyé" in await meeting.taps(KARIM, "Envoyer quand même")
    assert "déjà envoyé" in await meeting.taps(KARIM, "Ne pas envoyer")
    assert len(meeting.sms()) == sent


async def test_a_long_reply_that_nobody_wants_is_not_sent(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG)
    before = meeting.sms()
    assert "ce n'est pas envoyé" in await meeting.taps(LILA, "Ne pas envoyer")
    assert "abandonné" in await meeting.taps(LILA, "Envoyer quand même")
    assert meeting.sms() == before


async def test_without_a_price_no_cost_is_told(store: Store, clock: FixedClock) -> None:
    meeting = Meeting(store, clock, budget=Budget())
    await meeting.begins()
    read = await meeting.writes(LILA, LONG)
    assert "Pas encore envoyé : 3 SMS." in read and "DA" not in read


async def test_arabic_is_asked_about_from_four_sms_on(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG_ARABIC[:201].strip())
    assert segments.segments(meeting.sms()[-1]) == 3
    read = await meeting.writes(LILA, LONG_ARABIC[:230].strip())
    assert "Pas encore envoyé : 4 SMS" in read and "ce serait 3 SMS" in read
    assert "67 caractères" not in read and "Sur son téléphone" not in read


async def test_a_few_dear_letters_in_a_long_text_are_named(meeting: Meeting) -> None:
    await meeting.begins()
    read = await meeting.writes(LILA, LONG[:250] + " عون")
    assert "67 caractères au lieu de 153" in read and "ع و ن" in read and "Sans eux : 2 SMS" in read


async def test_a_restart_changes_nothing_about_a_question(
    meeting: Meeting, store: Store, clock: FixedClock
) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG)
    asked = meeting.bureau.to_group()[-1]
    later = Meeting(store, clock, started_again=True)
    button = asked.buttons[0][0]
    assert len(button.data.encode()) <= 64
    for _press in range(2):
        await later.bureau.does(LILA, kind="button", text=button.data, thread=asked.thread)
        await later.settle()
    assert later.sms().count(LONG.strip()) == 1


async def test_more_than_ten_sms_are_refused(meeting: Meeting) -> None:
    await meeting.begins()
    before = meeting.sms()
    read = await meeting.writes(LILA, "x" * 1531)
    assert "il faudrait 11 SMS, et 10 est le maximum" in read and meeting.labels() == []
    assert meeting.sms() == before
    await meeting.writes(LILA, "x" * 1530)
    await meeting.taps(LILA, "Envoyer quand même")
    assert meeting.sms()[-1] == "x" * 1530


async def test_a_colleague_who_does_not_have_the_case_sends_nothing(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG)
    await meeting.commands(KARIM, "take 1")
    before = meeting.sms()
    assert "Karim a ce dossier" in await meeting.taps(LILA, "Envoyer quand même")
    assert "Karim a ce dossier" in await meeting.writes(LILA, LONG)
    assert meeting.sms() == before
    await meeting.taps(KARIM, "Envoyer quand même")
    assert meeting.sms()[-1] == LONG.strip()


async def test_words_that_were_erased_are_not_sent(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG)
    with meeting.store.begin() as session:
        for row in session.query(Inbox).filter_by(channel="telegram"):
            row.payload = {}
    before = meeting.sms()
    assert "plus conservés" in await meeting.taps(LILA, "Envoyer quand même")
    assert meeting.sms() == before


async def test_who_shortens_a_long_reply_sends_it_like_new_words(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, LONG, reference="700")
    await meeting.writes(LILA, "Dossier complet.", kind="edit", reference="700")
    assert meeting.sms()[-1] == "Dossier complet."
    sent = len(meeting.sms())
    assert "corrigés depuis" in await meeting.taps(LILA, "Envoyer quand même")
    assert len(meeting.sms()) == sent
    await meeting.writes(LILA, "Dossier incomplet.", kind="edit", reference="700")
    assert meeting.sms()[-1] == "Corrigé : Dossier incomplet."


async def test_a_long_correction_says_that_it_is_one(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, "Dossier complet", reference="700")
    read = await meeting.writes(LILA, LONG, kind="edit", reference="700")
    assert "Pas encore envoyé" in read
    await meeting.taps(LILA, "Envoyer quand même")
    assert meeting.sms()[-1] == f"Corrigé : {LONG.strip()}"


# -- answers kept ready, and the form


async def test_an_answer_kept_ready_is_seen_as_the_phone_gets_it(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.commands(FARIDA, "canned add bref\nC'est reçu, à bientôt !\n---\nوصل، شكرا.")
    read = await meeting.commands(LILA, "canned bref")
    assert "C'est recu, à bientot !" in read and "Cela fait" not in read
    await meeting.taps(LILA, "Envoyer")
    assert meeting.sms()[-1] == "C'est recu, à bientot !"


async def test_a_long_answer_kept_ready_says_what_it_takes_first(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.commands(FARIDA, f"canned add long\n{LONG}\n---\n{LONG_ARABIC}")
    read = await meeting.commands(LILA, "canned long")
    assert "Cela fait 3 SMS, 7,50 DA." in read.replace("\u00a0", " ")
    send = meeting.bureau.to_group()[-1].buttons[0][0]
    assert send.label == "Envoyer quand même"
    for told in ("Envoyé : « long »", "déjà été envoyée"):
        press = {"kind": "button", "text": send.data, "reference": "700"}
        read = await meeting.bureau.does(LILA, thread=meeting.bureau.thread(1), **press)
        assert told in read
    await meeting.settle()
    assert meeting.sms().count(LONG.strip()) == 1


async def test_an_answer_that_grew_is_looked_at_again(meeting: Meeting) -> None:
    await meeting.begins()
    words = "x" * 250
    await meeting.commands(FARIDA, f"canned add heures\n{words} {{hours}}\n---\nمواقيتنا {{hours}}")
    assert "Cela fait" not in await meeting.commands(LILA, "canned heures")
    await meeting.commands(FARIDA, "hours sun 8:00-12:00")
    before = meeting.sms()
    read = await meeting.taps(LILA, "Envoyer")
    assert "a changé" in read and "Cela fait 3 SMS" in read
    assert meeting.sms() == before


async def test_the_form_that_staff_open_has_numbers_for_buttons(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.commands(LILA, "register")
    assert "\n1 " in meeting.sms()[-1]
    with meeting.store.begin() as session:
        talk = session.query(Conversation).filter_by(address=NUMBER).one()
        assert talk.owner == "bot" and talk.state["options"]


# -- no more SMS


async def test_who_wrote_stop_gets_nothing_more_and_the_case_says_so(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.writes(LILA, "Bonjour")
    await meeting.writes(LILA, LONG)
    assert "⛔ La personne a écrit STOP" in await meeting.texts("STOP")
    assert "STOP" not in await meeting.texts("stop")
    farewell = meeting.sms()
    assert "ne veut plus de SMS (STOP)" in await meeting.writes(LILA, "Et alors ?")
    assert "ne veut plus de SMS (STOP)" in await meeting.taps(LILA, "Envoyer quand même")
    assert "a clos le dossier" in await meeting.commands(LILA, "close")
    await meeting.commands(LILA, "take 1")
    meeting.case = 2
    assert meeting.sms() == farewell
    assert "✅ La personne a écrit START" in await meeting.texts("START")
    assert not any("Le bureau a mis fin" in sms for sms in meeting.sms())
    await meeting.writes(LILA, "Vous revoilà")
    assert meeting.sms()[-1] == "Vous revoilà"


async def test_stop_without_a_case_tells_staff_nothing(meeting: Meeting) -> None:
    await meeting.bureau.opens()
    before = len(meeting.bureau.to_group())
    await meeting.texts("STOP")
    await meeting.texts("START")
    assert len(meeting.bureau.to_group()) == before


# -- what does not arrive


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(a_month=4), "les SMS de ce mois sont épuisés"),
        (Budget(a_day=4), "les SMS de ce jour sont épuisés"),
    ],
)
async def test_a_reply_beyond_the_limits_is_said_in_its_case(
    store: Store, clock: FixedClock, budget: Budget, told: str
) -> None:
    meeting = Meeting(store, clock, budget=budget)
    await meeting.begins()
    store.run(lambda s: spending.spend(s, 4, clock.now()))
    read = await meeting.writes(LILA, "Bonjour, je vous écoute")
    assert told in read and "Il commençait ainsi : « Bonjour, je vous écoute »" in read
    assert "Bonjour, je vous écoute" not in meeting.sms()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("sms_limit_person", "tous les SMS auxquels il a droit"),
        ("number", "aucun SMS ne peut être envoyé à ce numéro"),
        ("relay_422", "le message a été refusé"),
    ],
)
async def test_a_reply_that_is_refused_is_said_in_its_case(
    meeting: Meeting, reason: str, told: str
) -> None:
    await meeting.begins()
    await meeting.writes(LILA, "Bonjour")
    meeting.phone.wire.failures.append(Refused(reason))
    assert told in await meeting.writes(LILA, "Vous êtes là ?")


def report(meeting: Meeting, words: str, status: delivery.Status) -> int:
    """Let the gateway report on an SMS, as its intake does; return how many words leave."""

    def record(session: Session) -> int:
        rows = session.query(Outbox).filter_by(channel="sms").all()
        row = next(row for row in reversed(rows) if words in str(row.payload))
        failed = delivery.record(session, "sms", Report(row.id, status))
        told = Delivery(meeting.bureau.board)
        return told.failed(session, failed, UNDELIVERED, meeting.clock.now()) if failed else 0

    return meeting.store.run(record)


async def test_an_sms_that_the_network_could_not_bring_is_said_in_its_case(
    meeting: Meeting,
) -> None:
    await meeting.begins()
    await meeting.writes(LILA, "Votre rendez-vous est demain")
    assert report(meeting, "rendez-vous", "accepted") == 0
    before = len(meeting.bureau.wire.sent)
    assert report(meeting, "rendez-vous", "failed") == 1
    assert report(meeting, "rendez-vous", "failed") == 0
    await meeting.settle()
    read = meeting.bureau.read(before)
    assert "le réseau n'a pas pu remettre ce SMS" in read
    assert "« Votre rendez-vous est demain »" in read


# -- figures


async def test_the_figures_tell_of_sms(meeting: Meeting) -> None:
    await meeting.bureau.opens()
    assert "SMS" not in await meeting.bureau.commands(KARIM, "stats")
    await meeting.texts("AGENT")
    await meeting.writes(LILA, "Premier")
    await meeting.writes(LILA, "Second")
    report(meeting, "Premier", "delivered")
    report(meeting, "Second", "failed")
    meeting.store.run(lambda s: spending.spend(s, 495, meeting.clock.now()))
    sent = meeting.store.run(lambda s: spending.spent(s, meeting.clock.now())).month
    for who in (KARIM, FARIDA):
        read = (await meeting.bureau.commands(who, "stats day")).replace("\u00a0", " ")
        lines = read[read.index("SMS de ce mois") :].splitlines()
        assert lines[1] == f"Envoyés : {sent} segments sur 10 000"
        assert lines[2] == f"Coût : {cost(sent, PRICE).fr}".replace("\u00a0", " ")
        assert lines[3] == "Reçus : 1"
        assert lines[4].startswith("Parmi les envoyés : 1 remis, 1 en échec, ")
    meeting.clock.moment += dt.timedelta(days=31)
    assert "SMS de ce mois" not in await meeting.bureau.commands(KARIM, "stats")


async def test_what_is_published_says_nothing_of_sms(meeting: Meeting) -> None:
    await meeting.begins()
    await meeting.bureau.commands(KARIM, "stats open")
    published = meeting.bureau.to_group()[-1]
    assert published.document and f"<{FEW + 1}" in published.document.content
    shown = published.document.content + "".join(line.text for line in published.lines)
    assert "SMS" not in shown and NUMBER[-6:] not in shown


# -- texts


@given(st.text(min_size=1))
def test_any_words_are_written_in_one_coding_and_no_longer_than_they_were(words: str) -> None:
    bare = segments.without_decoration(words)
    text = texted(words)
    assert text.segments <= segments.segments(bare) or segments.coding(text.text) == "gsm"
    assert text.is_long == (text.segments > MOST[segments.coding(text.text)])
    for hint in hints(text):
        assert render(hint, "fr") and render(hint, "ar")


@given(st.integers(0, 600))
def test_what_a_hint_says_is_too_much_is_too_much(count: int) -> None:
    text = texted("a" * count)
    if text.is_long:
        over = int(hints(text)[0].count)
        assert not texted("a" * (count - over)).is_long
        assert texted("a" * (count - over + 1)).is_long


# -- a clerk's day


async def test_the_story_of_a_clerk(store: Store, clock: FixedClock) -> None:
    meeting = Meeting(store, clock, budget=Budget(price=PRICE, a_month=1000))
    await meeting.bureau.opens()
    await meeting.commands(FARIDA, "canned add papiers\nApportez la carte.\n---\nأحضر البطاقة.")
    assert "📱 SMS" in await meeting.texts("AGENT")
    assert "Lila a ce dossier" in await meeting.commands(LILA, "take 1")
    assert "Une personne du bureau" in meeting.sms()[-1]
    assert "👤 j ai perdu mon code" in await meeting.texts("j ai perdu mon code")
    assert await meeting.writes(LILA, "Je le cherche") == ""
    assert meeting.sms()[-1] == "Je le cherche"
    await meeting.writes(LILA, LONG)
    await meeting.taps(LILA, "Envoyer quand même")
    assert meeting.sms()[-1] == LONG.strip()
    await meeting.commands(LILA, "canned papiers")
    await meeting.taps(LILA, "Envoyer")
    assert meeting.sms()[-1] == "Apportez la carte."
    report(meeting, "Apportez", "failed")
    await meeting.settle()
    assert "« Apportez la carte. »" in meeting.bureau.read()
    store.run(lambda s: spending.spend(s, 800, clock.now()))
    for _again in range(2):
        await meeting.writes(LILA, "Vous avez reçu ?")
    told = meeting.bureau.read()
    assert told.count("des 1000 segments de ce mois sont partis. @farida") == 1
    assert "⛔ La personne a écrit STOP" in await meeting.texts("STOP")
    assert "START" in await meeting.writes(LILA, "Pardon")
    await meeting.texts("START")
    await meeting.texts("merci")
    store.run(lambda s: spending.spend(s, 1000, clock.now()))
    read = await meeting.writes(LILA, "Au revoir")
    assert "les SMS de ce mois sont épuisés" in read
    assert meeting.bureau.read().count("⛔ SMS") == 1
    assert "a clos le dossier" in await meeting.commands(LILA, "close appelé")
