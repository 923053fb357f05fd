"""Random walks of a person, two agents and an administrator through the hand-over."""

from __future__ import annotations

import asyncio
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import cases
from actions.store import Store
from actions.tables import Case, Conversation, Inbox, Outbox
from bot.channels.base import Gone, Later
from tests.bureau import FARIDA, KARIM, LILA, Bureau
from tests.conftest import FixedClock
from tests.talk import Talk

PEOPLE = ("7", "8")
CODE = "mon code est 1234"
STAFF = st.sampled_from([KARIM, LILA, FARIDA])
NUMBERS = st.integers(1, 3)
ACTS = st.one_of(
    st.tuples(
        st.just("person"),
        st.sampled_from(PEOPLE),
        st.sampled_from(
            [
                *("je veux parler à quelqu'un", "votre service est nul", "menu", "blorg", "oui"),
                *("c'est quoi la caravane", CODE),
            ]
        ),
    ),
    st.tuples(st.just("photo"), st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.just("enough"), st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.just("take"), STAFF, NUMBERS),
    st.tuples(st.just("reply"), STAFF, NUMBERS),
    st.tuples(st.just("note"), STAFF, NUMBERS),
    st.tuples(st.just("transfer"), STAFF, NUMBERS),
    st.tuples(st.just("close"), STAFF, NUMBERS),
    st.tuples(st.just("back"), STAFF, NUMBERS),
    st.tuples(st.just("leaves"), STAFF, st.none()),
    st.tuples(st.just("waits"), st.integers(1, 60), st.none()),
    st.tuples(st.just("blocks"), st.sampled_from(PEOPLE), st.none()),
    st.tuples(st.just("bad line"), st.none(), st.none()),
    st.tuples(st.just("topic deleted"), NUMBERS, st.none()),
)
_DATABASES = itertools.count()


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=st.lists(ACTS, max_size=25), topics=st.booleans())
def test_whatever_happens_one_speaks_and_nothing_is_lost(
    tmp_path: Path, acts: list[tuple[str, Any, Any]], topics: bool
) -> None:
    store = Store(f"sqlite:///{tmp_path}/{next(_DATABASES)}.db")
    store.migrate()
    try:
        asyncio.run(walk(store, acts, topics=topics))
    finally:
        store.close()


async def walk(store: Store, acts: list[tuple[str, Any, Any]], *, topics: bool) -> None:
    bureau = Bureau(store, FixedClock(), topics=topics)
    await bureau.opens()
    talks = {chat: bureau.person(chat) for chat in PEOPLE}
    for number, (act, who, what) in enumerate(acts):
        if act in {"person", "photo", "enough"}:
            await do_as_person(
                bureau, talks[who], act, f"{what} {number}" if what == CODE else what
            )
        else:
            await do_around(bureau, act, who, what)
        check(store)
    bureau.wire.failures.clear()
    bureau.wire.fails_to.clear()
    bureau.clock.moment += dt.timedelta(days=3)
    await bureau.sweeps()
    for chat, talk in talks.items():
        assert owner(store, chat) == "bot", "untouched for days, and still staff's"
        assert "caravane" in await talk.says("c'est quoi la caravane")
    check(store)
    with store.begin() as session:
        assert session.query(Inbox).filter(Inbox.status != "done").count() == 0
        stuck = session.query(Outbox).filter(Outbox.status == "queued").all()
        assert [row.payload for row in stuck if row.reply and not row.key.endswith("501")] == []


async def do_as_person(bureau: Bureau, talk: Talk, act: str, words: Any) -> None:
    before, mine = len(bureau.wire.sent), owner(bureau.store, talk.chat)
    if act == "enough":
        await talk.does(kind="button", text="desk:enough")
    elif act == "photo":
        await talk.does(kind="unsupported", whole=False)
        assert mine == "bot" or any(m.copy for m in bureau.to_group(before))
    else:
        answer = await talk.says(words)
        if mine == "staff" and words != "menu":
            assert words in bureau.read(before), "what is said to staff does not reach them"
            assert "caravane" not in answer, "the assistant answers over staff"


async def do_around(bureau: Bureau, act: str, who: Any, what: Any) -> None:
    match act:
        case "take" | "close" | "back":
            await bureau.commands(who, f"{act} {what}")
        case "transfer":
            await bureau.commands(who, f"transfer {what} @lila")
        case "reply" | "note":
            await answer_case(bureau, act, who, what)
        case "leaves":
            await bureau.does(who, kind="standing", command="left")
        case "waits":
            bureau.clock.moment += dt.timedelta(hours=who)
            await bureau.sweeps()
        case "blocks":
            bureau.wire.fails_to[who] = [Gone("blocked")]
        case "bad line":
            bureau.wire.failures.append(Later(0, "network"))
        case _:
            thread = bureau.store.run(lambda s: cases.thread_of(s, who))
            bureau.wire.lost_topics |= {str(thread)} if thread else set()


async def answer_case(bureau: Bureau, act: str, who: str, number: int) -> None:
    """Write into a case as far as there is one with a topic; without topics, as a reply."""
    with bureau.store.begin() as session:
        case = session.get(Case, number)
        thread = str(case.thread) if case else ""
        key = f"telegram:{bureau.group.id}"
        about = session.query(Outbox).filter_by(key=key, subject=f"case:{number}").first()
        answers = about.provider_id if about else ""
    if bureau.wire.standing.topics and thread not in {"", "0"}:
        where = {"thread": thread}
    elif answers:
        where = {"answers": answers}
    else:
        return
    if act == "reply":
        await bureau.says(who, "bonjour", **where)
    else:
        await bureau.commands(who, "note rappeler", **where)


def owner(store: Store, chat: str) -> str:
    with store.begin() as session:
        talk = session.query(Conversation).filter_by(address=chat).first()
        return talk.owner if talk else "bot"


def check(store: Store) -> None:
    """Hold what must always be true."""
    with store.begin() as session:
        for talk in session.query(Conversation).all():
            mine = session.query(Case).filter_by(conversation_id=talk.id)
            opened = mine.filter(Case.status != "closed").all()
            assert len(opened) <= 1, "two open cases for one person"
            if talk.owner == "staff":
                assert len(opened) == 1, "staff own a conversation without a case"
        for case in session.query(Case).all():
            assert (case.status == "taken") == (case.taken_by is not None) or (
                case.status == "closed"
            )
