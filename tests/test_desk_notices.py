"""/notice: a few words of the desk under the answers about a subject, until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from actions import audit, notices
from actions.store import Store
from bot.clock import ALGIERS
from bot.desk.notices import Notices
from bot.dialogue import Dialogue
from bot.flows.eligibility import EligibilityFlow
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.deskroom import KARIM, Group
from tests.talk import FACTS, Talk, sure

FORMS = frozenset({"check_my_eligibility", "preregister"})
NOTICE = "Le stand ferme à midi.\n---\nيغلق الجناح عند منتصف النهار."
HEARD = {
    "quels papiers ?": sure("ask_documents"),
    "quels délais ?": sure("ask_delays"),
    "quels papiers ? quels délais ?": sure("ask_documents"),
    "j'ai le droit ?": sure("check_my_eligibility"),
    "ما هي الوثائق": sure("ask_documents", language="ar"),
    "hhhh": Understanding((("ask_age", 0.1),)),
}


@pytest.fixture
def group(store: Store, clock: FixedClock) -> Group:
    return Group(store, clock, Notices(FORMS))


@pytest.fixture
def talk(store: Store, clock: FixedClock) -> Talk:
    flows = {"check_my_eligibility": EligibilityFlow(FACTS.programme)}
    return Talk(store, Dialogue(FACTS, flows), HEARD, clock)


async def test_a_notice_stands_under_the_answers_about_its_subject(
    group: Group, talk: Talk
) -> None:
    group.writes(f"/notice Les papiers 2015-10-20\n{NOTICE}")
    answered = await talk.says("quels papiers ?")
    assert answered.count("ℹ Le stand ferme à midi.") == 1
    assert "Source" in answered.partition("ℹ")[0]
    assert "ℹ" not in await talk.says("quels délais ?")
    assert "ℹ يغلق الجناح عند منتصف النهار." in await talk.says("ما هي الوثائق")


async def test_a_notice_for_every_answer_is_said_once_a_turn(group: Group, talk: Talk) -> None:
    group.writes(f"/notice الكل ٢٠١٥-١٠-٢٠\n{NOTICE}")
    answered = await talk.says("quels papiers ? quels délais ?")
    assert answered.count("ℹ Le stand ferme à midi.") == 1
    assert "ℹ" in await talk.says("quels délais ?")
    assert "ℹ" not in await talk.says("hhhh")


async def test_a_form_asks_without_notices(group: Group, talk: Talk) -> None:
    group.writes(f"/notice all 2015-10-20\n{NOTICE}")
    assert "ℹ" not in await talk.says("j'ai le droit ?")
    aside = await talk.says("quels délais ?")
    assert aside.count("ℹ") == 1
    assert "ℹ" not in aside.rpartition("\n")[2]


async def test_a_notice_holds_until_the_end_of_its_day(
    group: Group, talk: Talk, clock: FixedClock
) -> None:
    group.writes(f"/notice ask_documents 20/10/2015\n{NOTICE}")
    clock.moment = dt.datetime(2015, 10, 20, 23, 50, tzinfo=ALGIERS)
    assert "ℹ" in await talk.says("quels papiers ?")
    clock.moment = dt.datetime(2015, 10, 21, 0, 1, tzinfo=ALGIERS)
    assert "ℹ" not in await talk.says("quels papiers ?")
    assert "pas en ce moment" in group.writes("/notice")


def test_everybody_sees_the_notices_and_administrators_remove_them(
    group: Group, store: Store
) -> None:
    group.writes(f"/notice الوثائق 2015-10-20\n{NOTICE}")
    shown = group.writes("/notice", by=KARIM)
    assert "1. Les papiers, jusqu'au mardi 20 octobre 2015 : Le stand ferme à midi." in shown
    assert group.labels() == []
    group.writes("/notice")
    remove = group.button("Retirer 1")
    assert "administrateur" in group.taps_on(remove, by=KARIM)
    assert "est retiré" in group.taps_on(remove)
    assert "déjà été retiré" in group.taps_on(remove)
    assert store.run(lambda s: notices.current(s, dt.date(2015, 10, 5))) == []
    deeds = store.run(lambda s: audit.listed(s, most=5))
    assert [(d.what, d.details) for d in deeds] == [
        ("notice_added", "ask_documents 2015-10-20"),
        ("notice_removed", remove.rpartition(":")[2]),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/notice Les papiers\n" + NOTICE, "le dernier jour"),
        ("/notice 2015-10-20\n" + NOTICE, "Je ne connais pas de sujet"),
        ("/notice Les vacances 2015-10-20\n" + NOTICE, "« Les vacances »"),
        ("/notice Les papiers 2015-10-04\n" + NOTICE, "est passé"),
        ("/notice Les papiers 2015-10-20", "en français et en arabe"),
        ("/notice Les papiers 2015-10-20\nLe stand ferme.", "en français et en arabe"),
        ("/notice Les papiers 2015-10-20\n" + "x" * 301 + "\n---\nنعم", "300 lettres"),
        ("/notice M'inscrire 2015-10-20\n" + NOTICE, "ouvre un formulaire"),
        ("/notice preregister 2015-10-20\n" + NOTICE, "ouvre un formulaire"),
    ],
)
def test_what_can_not_be_added_is_refused_kindly(
    group: Group, store: Store, text: str, why: str
) -> None:
    assert why in group.writes(text)
    assert store.run(lambda s: notices.current(s, dt.date(2015, 1, 1))) == []


def test_only_administrators_add_notices(group: Group, store: Store) -> None:
    assert "administrateur" in group.writes(f"/notice all 2015-10-20\n{NOTICE}", by=KARIM)
    assert store.run(lambda s: notices.current(s, dt.date(2015, 1, 1))) == []


@pytest.fixture
def asked(store: Store) -> Iterator[list[str]]:
    """What is asked of the notices while a test runs."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM notice" in statement:
            statements.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    yield statements
    event.remove(store.engine, "before_cursor_execute", note)


async def test_an_answer_asks_for_its_notices_once(talk: Talk, asked: list[str]) -> None:
    await talk.says("quels papiers ?")
    assert len(asked) == 1
