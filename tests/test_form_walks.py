"""Random walks through the pre-registration: answers, corrections, questions, taps, restarts."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.phones import national
from actions.store import Store
from actions.tables import Consent, Conversation, Inbox, Registration
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.signing_up import ALL_OF_AMINA, bare, someone
from tests.talk import Talk

Understand = Callable[[str], Understanding]

SAYS = st.sampled_from(
    [
        *("je veux m'inscrire", "oui", "non", "envoyer", "stop", "retour", "passer", "menu"),
        *("continuer", "Amina Benali", "عبد القادر بن يوسف", "14/05/1991", "24 ans", "16 ans"),
        *("El Eulma, Sétif", "Batna", "wilaya 99", "0661 23 45 67", "025 41 23 45", "12345678"),
        *("inscrit à l'ANEM", "au chômage", "étudiant", "TS en électricité", "savoir-faire"),
        *("fibre optique", "plomberie", "change ma wilaya", "baddel l'âge", "صحح الاسم"),
        *("change mon téléphone : 0771 11 22 33", "quels papiers pour le dossier ?", "merci"),
        *("وقتاش تجي القافلة لسطيف", "est-ce que j'ai le droit d'en profiter ?", "je sais pas"),
        *("où en est mon inscription ?", "annuler mon inscription", "effacez mes données"),
        *("31/02/1995", "??", "blorg"),
        ALL_OF_AMINA,
    ]
)
ACTS = st.one_of(
    st.tuples(st.just("says"), SAYS),
    st.tuples(st.just("taps"), st.integers(0, 11)),
    st.tuples(st.just("taps"), st.integers(0, 11)),
    st.tuples(st.just("taps an old button"), st.integers(0, 60)),
    st.tuples(st.just("repeats"), st.none()),
    st.tuples(st.just("edits"), SAYS),
    st.tuples(st.just("starts again"), st.none()),
    st.tuples(st.just("waits"), st.integers(1, 100)),
    st.tuples(st.just("shares a number"), st.booleans()),
    st.tuples(st.just("shares a place"), st.sampled_from([(36.15, 5.69), (48.85, 2.35)])),
    st.tuples(st.just("sends a photo"), st.none()),
)
#: What a form may hold before the consent: nothing that a person said.
BEFORE_CONSENT = {"stop_day"}
#: A right answer to each question.
ANSWERS = {
    "consent": "oui",
    "born": "14/05/1991",
    "given_name": "Amina Benali",
    "family_name": "Benali",
    "wilaya": "El Eulma, Sétif",
    "commune": "El Eulma",
    "phone": "0661 23 45 67",
    "situation": "inscrit à l'ANEM",
    "anem": "oui",
    "qualification": "savoir-faire",
    "qualification_trade": "passer",
    "trade": "fibre optique",
    "stop": "je ne sais pas encore",
    "birth_date": "passer",
}
#: Fields of the form that are stored under the same name, just as they were said.
STORED_AS_SAID = (
    "given_name",
    "family_name",
    "wilaya",
    "commune",
    "phone",
    "qualification",
    "stop",
)
#: More steps than the form has questions, and a few to find the way back to it.
ENOUGH = 25
_chats = itertools.count(1000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """One database for all walks: they are of different people, who may meet as doubles."""
    folder: Path = tmp_path_factory.mktemp("walks")
    opened = Store(f"sqlite:///{folder}/walks.db")
    opened.migrate()
    yield opened
    opened.close()


@dataclass
class Walk:
    """One person's walk, and what must hold after each step of it."""

    talk: Talk
    clock: FixedClock
    rows: int = 0
    buttons: list[str] = field(default_factory=list)

    async def step(self, act: str, value: Any) -> None:
        """Do one thing, and look whether all is as it must be."""
        before, sent = self.form(), len(self.talk.wire.sent)
        await self._do(act, value)
        self.buttons += [
            button.data
            for _to, message in self.talk.wire.sent[sent:]
            for row in message.buttons
            for button in row
        ]
        if act in {"says", "shares a number", "shares a place", "sends a photo"}:
            assert len(self.talk.wire.sent) > sent, "nothing was answered"
        self._nothing_failed()
        self._there_is_a_way_on()
        self._nothing_without_consent()
        self._stored_once_as_shown(before)
        self._no_consent_without_its_use()

    async def reaches_the_end(self) -> None:
        """Answer rightly from wherever the walk has led; it must lead to a registration."""
        for _step in range(ENOUGH):
            if any(row.status == "active" for row in self._registrations()):
                return
            await self.step("says", self._right_words())
        raise AssertionError(f"no way on from {self.form()}")

    def _right_words(self) -> str:
        form = self.form()
        if not form:
            return "je veux m'inscrire"
        if form["name"] != "registration":
            return "stop" if self.talk.buttons()[:1] != ["Oui, arrêter"] else "oui"
        if form["paused"]:
            return "continuer"
        words = {"summary": "envoyer", "twin": "non", "code": "98765432"}
        return words.get(form["stage"]) or ANSWERS[form["asking"]]

    async def _do(self, act: str, value: Any) -> None:
        talk = self.talk
        match act:
            case "says":
                await talk.says(value)
            case "taps":
                offered = [b.data for _to, m in talk.wire.sent[-3:] for r in m.buttons for b in r]
                if offered:
                    await talk.does(kind="button", text=offered[value % len(offered)])
            case "taps an old button":
                if self.buttons:
                    await talk.does(kind="button", text=self.buttons[value % len(self.buttons)])
            case "repeats":
                await talk.comes_again()
            case "edits":
                await talk.edits(value)
            case "starts again":
                await talk.commands("start")
            case "waits":
                self.clock.moment += dt.timedelta(hours=value)
                self.clock.moment = min(self.clock.moment, dt.datetime(2015, 10, 20, tzinfo=dt.UTC))
            case "shares a number":
                await talk.does(kind="contact", text="213661234567", own=value)
            case "shares a place":
                await talk.does(kind="location", latitude=value[0], longitude=value[1])
            case _:
                await talk.does(kind="unsupported")

    def form(self, which: str = "form") -> dict[str, Any]:
        """Return the form kept for this person, or the one that waits behind it."""
        row = self.talk.store.run(
            lambda s: s.query(Conversation).filter_by(address=self.talk.chat).first()
        )
        return (row.state.get(which) if row else None) or {}

    def _nothing_failed(self) -> None:
        key = f"telegram:{self.talk.chat}"
        open_rows = self.talk.store.run(
            lambda s: s.query(Inbox).filter(Inbox.key == key, Inbox.status != "done").count()
        )
        assert open_rows == 0, "a message was not answered"

    def _there_is_a_way_on(self) -> None:
        form = self.form()
        if form and not form["paused"]:
            assert form["asking"] or form["stage"] in ("summary", "twin", "code")

    def _nothing_without_consent(self) -> None:
        form = self.form()
        if form.get("name") == "registration" and form["slots"].get("consent") is not True:
            assert set(form["slots"]) <= BEFORE_CONSENT

    def _stored_once_as_shown(self, before: dict[str, Any]) -> None:
        mine = self._registrations()
        assert len(mine) <= self.rows + 1, "one step stored two registrations"
        if len(mine) > self.rows:
            row = mine[-1]
            assert before["stage"] in ("summary", "twin", "code")
            shown = bare(self._last_summary())
            name = (row.given_name, row.family_name)
            for value in (*name, national(row.phone)):
                assert value in shown
            for field in STORED_AS_SAID:
                assert before["slots"][field] == getattr(row, field), field
            assert row.consent_id
        self.rows = len(mine)

    def _no_consent_without_its_use(self) -> None:
        """A consent is of a registration, or of a form that is still open."""
        unused = self.talk.store.run(
            lambda s: (
                s.query(Consent)
                .join(Conversation)
                .filter(Conversation.address == self.talk.chat, Consent.purpose == "registration")
                .filter(
                    ~s.query(Registration).filter(Registration.consent_id == Consent.id).exists()
                )
                .count()
            )
        )
        forms = [self.form(), self.form("waiting")]
        assert unused <= sum(f.get("name") == "registration" for f in forms)

    def _registrations(self) -> list[Registration]:
        return self.talk.store.run(
            lambda s: list(
                s.query(Registration)
                .join(Conversation)
                .filter(Conversation.address == self.talk.chat)
                .order_by(Registration.id)
            )
        )

    def _last_summary(self) -> str:
        for _to, message in reversed(self.talk.wire.sent):
            if any(b.data.endswith(":send") for row in message.buttons for b in row):
                return "\n".join(line.text for line in message.lines)
        raise AssertionError("nothing was shown before it was stored")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(walk=st.lists(ACTS, min_size=5, max_size=20), at_once=st.booleans())
def test_every_walk_through_the_form_leads_to_one_registration_as_shown(
    store: Store, understand: Understand, walk: list[tuple[str, Any]], at_once: bool
) -> None:
    async def go() -> None:
        clock = FixedClock()
        chat = next(_chats)
        person = Walk(someone(store, understand, clock, chat=str(chat), seed=chat), clock)
        begun = ["je veux m'inscrire", "oui", *([ALL_OF_AMINA] if at_once else [])]
        for act in [*(("says", words) for words in begun), *walk]:
            await person.step(*act)
        await person.reaches_the_end()

    asyncio.run(go())
