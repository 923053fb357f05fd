"""/review: messages that were not understood, labelled by staff, and what is learned of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from actions import audit, review
from actions.messages import LANGUAGES
from actions.store import Store
from actions.tables import Misread
from bot.answers import ANSWERS
from bot.answers.stops import STOP_ANSWERS
from bot.desk.meanings import KINDS, MEANINGS
from bot.desk.review import Review
from bot.dialogue import Dialogue
from bot.exporting import app, as_rasa_yaml, examples
from bot.flows.eligibility import EligibilityFlow
from bot.text import render
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.deskroom import KARIM, NADIA, Group
from tests.enrolled import chat
from tests.talk import FACTS, Talk, sure

HOUSE = Path(__file__).parent.parent
MISSED = Understanding((("ask_age", 0.2), ("greet", 0.1), ("ask_agency", 0.05)), (), "dz-latn")
HEARD = {
    "age diplome": Understanding((("ask_age", 0.41), ("ask_diploma", 0.38)), (), "fr"),
    "wach hada 0661234567": MISSED,
    "Wach hada, 0771234567 !": MISSED,
    "j'ai le droit ?": sure("check_my_eligibility"),
    "bonjour": sure("greet"),
    "0661234567": MISSED,
    "x " * 151: MISSED,
}


def training_data() -> dict[str, dict[str, list[str]]]:
    """Return the examples in nlu/data, by intent and kind of language."""
    found: dict[str, dict[str, list[str]]] = {}
    for path in sorted((HOUSE / "nlu" / "data").glob("*.yml")):
        for intent, kind, texts in blocks(path.read_text(encoding="utf-8")):
            found.setdefault(intent, {})[kind] = texts
    return found


def blocks(written: str) -> Iterator[tuple[str, str, list[str]]]:
    """Give the blocks of a file of examples, as Rasa reads them."""
    read = yaml.safe_load(written)
    assert read["version"] == "3.1"
    for block in read["nlu"]:
        assert set(block) == {"intent", "metadata", "examples"}
        lines = block["examples"].splitlines()
        assert all(line.startswith("- ") for line in lines)
        yield block["intent"], block["metadata"]["lang"], [line[2:] for line in lines]


@pytest.fixture
def talk(store: Store, clock: FixedClock) -> Talk:
    flows = {"check_my_eligibility": EligibilityFlow(FACTS.programme)}
    return Talk(store, Dialogue(FACTS, flows), HEARD, clock)


@pytest.fixture
def group(store: Store, clock: FixedClock) -> Group:
    return Group(store, clock, Review())


def misread(store: Store, *texts: str, language: str = "fr", ranking: object = None) -> list[int]:
    """Keep some texts of somebody; return their numbers."""
    with store.begin() as session:
        talk = chat(session)
        rows = [
            Misread(
                conversation_id=talk.id,
                at=talk.created_at,
                text=text,
                language=language,
                ranking=ranking or {"greet": 0.1, "ask_age": 0.3, "old": 0.5, "deny": 0.2},
            )
            for text in texts
        ]
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def status(store: Store, number: int) -> tuple[str, str, str]:
    row = store.run(lambda s: review.get(s, number))
    assert row is not None
    return row.status, row.label, row.labelled_by


async def test_what_is_not_understood_is_kept_without_the_person(talk: Talk, store: Store) -> None:
    await talk.says("wach hada 0661234567")
    await talk.says("age diplome")
    await talk.says("bonjour")
    first, second = store.run(lambda s: s.query(Misread).order_by(Misread.id).all())
    assert (first.text, first.language) == ("wach hada numéro", "dz-latn")
    assert first.ranking == {"ask_age": 0.2, "greet": 0.1, "ask_agency": 0.05}
    assert second.text == "age diplome"


async def test_the_same_words_wait_once(talk: Talk, store: Store) -> None:
    await talk.says("wach hada 0661234567")
    await talk.says("Wach hada, 0771234567 !")
    assert store.run(review.waiting) == ["wach hada numéro"]


async def test_long_texts_and_bare_numbers_are_not_kept(talk: Talk, store: Store) -> None:
    await talk.says("x " * 151)
    await talk.says("0661234567")
    assert store.run(review.waiting) == []


async def test_what_is_written_in_a_form_is_not_kept(talk: Talk, store: Store) -> None:
    await talk.says("j'ai le droit ?")
    await talk.says("Karim Benali")
    assert store.run(review.waiting) == []


def test_staff_label_one_after_the_other_the_oldest_first(group: Group, store: Store) -> None:
    one, two = misread(store, "combien d'ans", "hhhh")
    shown = group.writes("/review", by=KARIM)
    assert "2 messages à voir" in shown and "« combien d'ans »" in shown and "Français" in shown
    assert group.labels() == [
        *("L'âge", "Un non", "Un bonjour"),
        *("Autre chose…", "Sans aucun sens", "Passer"),
    ]
    shown = group.taps("L'âge", by=KARIM)
    assert "Noté : L'âge." in shown and "« hhhh »" in shown
    assert "Tous les messages ont été vus" in group.taps("Sans aucun sens", by=KARIM)
    assert status(store, one) == ("labelled", "ask_age", "2")
    assert status(store, two) == ("nonsense", "", "2")
    deeds = store.run(lambda s: audit.listed(s, most=5))
    assert [d.details for d in deeds] == [f"{one} ask_age", f"{two} nonsense"]


def test_two_members_never_label_the_same(group: Group, store: Store) -> None:
    one, two = misread(store, "combien d'ans", "hhhh")
    group.writes("/review", by=KARIM)
    for_karim = group.button("L'âge")
    group.writes("/review", by=NADIA)
    for_nadia = group.button("Un non")
    group.taps_on(for_karim, by=KARIM)
    shown = group.taps_on(for_nadia, by=NADIA)
    assert "Karim a été plus rapide : L'âge." in shown and "« hhhh »" in shown
    assert "Vous l'avez déjà dit : L'âge." in group.taps_on(for_karim, by=KARIM)
    assert status(store, one) == ("labelled", "ask_age", "2")
    assert status(store, two)[0] == "new"


def test_of_two_who_choose_at_once_one_is_counted(store: Store, clock: FixedClock) -> None:
    [one] = misread(store, "combien d'ans")
    with store.begin() as session:
        assert review.label(session, one, "ask_age", "1", clock.now())
    with store.begin() as session:
        assert not review.label(session, one, "deny", "2", clock.now())
    assert status(store, one) == ("labelled", "ask_age", "1")


def test_a_message_may_be_left_for_later(group: Group, store: Store) -> None:
    misread(store, "combien d'ans", "hhhh")
    group.writes("/review")
    assert "« hhhh »" in group.taps("Passer")
    assert "C'était le dernier. 1 message est resté de côté" in group.taps("Sans aucun sens")
    assert "« combien d'ans »" in group.writes("/review")


def test_any_meaning_can_be_chosen_from_the_whole_list(group: Group, store: Store) -> None:
    [one] = misread(store, "c koi sa", ranking={})
    group.writes("/review")
    group.taps("Autre chose")
    seen = set(group.labels())
    while "Suivant ▶" in group.labels():
        group.taps("Suivant")
        seen |= set(group.labels())
    assert {render(name, "fr", isolated=False) for name in MEANINGS.values()} <= seen
    group.taps("Hors de notre sujet")
    assert status(store, one) == ("labelled", "out_of_scope", "1")


@pytest.mark.parametrize(
    "what", ["", "as", "as:1:nothing", "as:99:ask_age", "more:1:99", "none:x", "skip:٣", "what:1"]
)
def test_an_odd_button_does_nothing_odd(group: Group, store: Store, what: str) -> None:
    [one] = misread(store, "combien d'ans")
    assert group.taps_on(f"desk-review:{what.replace('1', str(one), 1)}")
    assert status(store, one)[0] == "new"


def test_every_intent_has_a_name_in_both_languages() -> None:
    assert set(MEANINGS) == set(training_data())
    assert set(ANSWERS) | set(STOP_ANSWERS) <= set(MEANINGS)
    for language in LANGUAGES:
        names = [render(name, language) for name in MEANINGS.values()]
        assert len(set(names)) == len(names)


def test_the_kinds_of_language_are_those_of_the_training_data() -> None:
    assert {kind for kinds in training_data().values() for kind in kinds} == set(KINDS)


def test_what_was_labelled_is_written_as_rasa_reads_it(store: Store, clock: FixedClock) -> None:
    texts = ["chhal", "kifach", "hhhh", "waiting", '[x](y) #1: "z"', "Chhal ?", "non"]
    numbers = misread(store, *texts, language="dz-latn")
    [arabic] = misread(store, "شحال", language="")
    said = ["ask_age", "ask_delays", "", None, "ask_age", "ask_financing", "deny"]
    with store.begin() as session:
        for number, intent in [*zip(numbers, said, strict=True), (arabic, "ask_age")]:
            if intent is not None:
                review.label(session, number, intent, "1", clock.now())
    written = as_rasa_yaml(examples(store.run(review.labelled)))
    assert list(blocks(written)) == [
        ("ask_age", "ar", ["شحال"]),
        ("ask_age", "dz-latn", ['(x)(y) #1: "z"']),
        ("ask_delays", "dz-latn", ["kifach"]),
        ("ask_financing", "dz-latn", ["Chhal ?"]),
        ("deny", "dz-latn", ["non"]),
        ("out_of_scope", "dz-latn", ["hhhh"]),
    ]


@given(st.lists(st.text()))
def test_whatever_people_write_can_be_read_again(texts: list[str]) -> None:
    found = examples(
        Misread(text=text, language="mix", status="labelled", label="greet") for text in texts
    )
    read = [t for _intent, _kind, block in blocks(as_rasa_yaml(found)) for t in block]
    assert read == [example.text for example in found]


def test_the_command_writes_a_file_or_prints(
    store: Store, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", store.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242424242:test-token-of-no-real-bot")
    monkeypatch.setenv("CARAVANE_DATA", str(tmp_path))
    runner, file = CliRunner(), tmp_path / "desk.yml"
    nothing = runner.invoke(app, ["export"])
    assert list(blocks(nothing.stdout)) == []
    [one] = misread(store, "combien d'ans")
    store.run(lambda s: review.label(s, one, "ask_age", "1", clock.now()))
    printed = runner.invoke(app, ["export"])
    assert list(blocks(printed.stdout)) == [("ask_age", "fr", ["combien d'ans"])]
    assert runner.invoke(app, ["export", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8") == printed.stdout
    lost = runner.invoke(app, ["export", str(tmp_path / "no" / "desk.yml")])
    assert lost.exit_code == 1 and "can't be written" in lost.stderr
