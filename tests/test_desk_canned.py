"""/canned: answers kept ready, seen as the person would read them before they are sent."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import audit, canned, cases
from actions.messages import Language
from actions.store import Session, Store
from actions.tables import Conversation
from bot.desk.canned import CannedAnswers
from bot.desk.filling import fill, unknown
from bot.text import Text, _
from tests.conftest import FixedClock
from tests.deskroom import KARIM, PERSON, Group
from tests.enrolled import enrol

FR = "Bonjour {name}, voici les papiers.\n\nÀ bientôt."
AR = "مرحبا {name}، هذه هي الوثائق."
ADD = f"/canned add papiers\n{FR}\n---\n{AR}"


class Stops:
    """Says which stop people are told of, as long as there is one."""

    def __init__(self) -> None:
        self.told: Text | None = _("{date}", date="Blida, 12 octobre")

    def __call__(self, session: Session, talk: Conversation, day: dt.date) -> Text | None:
        return self.told


@pytest.fixture
def stops() -> Stops:
    return Stops()


@pytest.fixture
def group(store: Store, clock: FixedClock, stops: Stops) -> Group:
    return Group(store, clock, CannedAnswers(stops))


def sent(group: Group) -> list[str]:
    """Return what went to the person, without what the desk says of itself."""
    texts = ["\n".join(line.text for line in message.lines) for message in group.sent]
    return [text for text in texts if "papiers" in text or "الوثائق" in text]


def test_an_answer_is_kept_in_both_languages(group: Group, store: Store) -> None:
    assert "« papiers » est enregistrée" in group.writes(ADD)
    answer = store.run(lambda s: canned.named(s, "papiers"))
    assert answer is not None and (answer.fr, answer.ar) == (FR, AR)
    shown = group.writes("/canned Papiers", by=KARIM)
    assert FR in shown and "هذه هي الوثائق" in shown
    assert "Envoyer" not in group.labels()


def test_an_answer_is_sent_into_a_case_after_it_was_seen(group: Group, store: Store) -> None:
    case = group.has_a_case()
    group.writes(ADD)
    group.writes("/canned", by=KARIM, in_case=True)
    seen = group.taps("papiers", by=KARIM, in_case=True)
    assert "La personne lirait :\nBonjour, voici les papiers.\n\nÀ bientôt." in seen
    assert sent(group) == []
    assert "Envoyé : « papiers »" in group.taps("Envoyer", by=KARIM, in_case=True)
    assert sent(group) == ["Bonjour, voici les papiers.\n\nÀ bientôt."]
    now = store.run(lambda s: cases.get(s, case.id))
    assert now is not None and now.answered_at is not None


def test_a_person_is_written_to_in_their_language(group: Group) -> None:
    group.has_a_case("ar")
    group.writes(ADD)
    group.writes("/canned papiers", in_case=True)
    group.taps("Envoyer", in_case=True)
    assert sent(group) == ["مرحبا، هذه هي الوثائق."]
    assert group.sent[-1].language == "ar"


def test_a_second_tap_sends_nothing_twice(group: Group) -> None:
    group.has_a_case()
    group.writes(ADD)
    group.writes("/canned papiers", in_case=True)
    send = group.button("Envoyer")
    group.taps_on(send, in_case=True, reference="500")
    assert "déjà été envoyée" in group.taps_on(send, in_case=True, reference="500")
    assert len(sent(group)) == 1
    group.taps_on(send, in_case=True, reference="501")
    assert len(sent(group)) == 2


def test_an_answer_that_changed_since_is_shown_again(group: Group, clock: FixedClock) -> None:
    group.has_a_case()
    group.writes(ADD)
    group.writes("/canned papiers", in_case=True)
    send = group.button("Envoyer")
    clock.moment += dt.timedelta(minutes=1)
    group.writes("/canned edit papiers\nD'autres papiers.\n---\nوثائق أخرى.")
    shown = group.taps_on(send, in_case=True)
    assert "a changé" in shown and "D'autres papiers." in shown
    assert sent(group) == []
    group.writes("/canned remove papiers")
    assert "n'existe plus" in group.taps_on(send, in_case=True)


def test_a_closed_case_gets_no_answer(group: Group, store: Store, clock: FixedClock) -> None:
    case = group.has_a_case()
    group.writes(ADD)
    group.writes("/canned papiers", in_case=True)
    send = group.button("Envoyer")
    with store.begin() as session:
        again = cases.get(session, case.id)
        assert again is not None
        cases.close(session, again, clock.now(), by="staff")
    assert "Envoyé" not in group.taps_on(send, in_case=True)
    assert sent(group) == []


def test_the_name_someone_signed_up_with_is_used(group: Group, store: Store) -> None:
    group.has_a_case()
    store.run(lambda s: enrol(s, number=PERSON.id, given_name="Amine"))
    group.writes(ADD)
    assert "Bonjour Amine, voici" in group.writes("/canned papiers", in_case=True)
    store.run(lambda s: enrol(s, number=PERSON.id, given_name="Sara", phone="+213661234568"))
    assert "Bonjour, voici" in group.writes("/canned papiers", in_case=True)


def test_the_hours_and_the_stop_are_filled_in(group: Group) -> None:
    group.has_a_case()
    group.writes(
        "/canned add rdv\nÉtape {stop}. Bureau {hours}.\n---\nالمحطة {stop}. المكتب {hours}."
    )
    shown = group.writes("/canned rdv", in_case=True)
    assert "Étape Blida, 12 octobre. Bureau du dimanche au jeudi de 08:00 à 16:30." in shown


def test_without_a_stop_an_answer_that_names_it_can_not_be_sent(group: Group, stops: Stops) -> None:
    group.has_a_case()
    group.writes("/canned add rdv\nÀ {stop}.\n---\nفي {stop}.")
    group.writes("/canned rdv", in_case=True)
    send = group.button("Envoyer")
    stops.told = None
    assert "pas d'arrêt" in group.writes("/canned rdv", in_case=True)
    assert "Envoyer" not in group.labels()
    assert "pas d'arrêt" in group.taps_on(send, in_case=True)
    assert group.sent == []


def test_many_answers_come_in_pages(group: Group) -> None:
    assert "pas encore" in group.writes("/canned")
    for n in range(30):
        group.writes(f"/canned add r{n:02}\nOui.\n---\nنعم.")
    group.writes("/canned")
    assert group.labels() == [*(f"r{n:02}" for n in range(12)), "Suivant ▶"]
    group.taps("Suivant")
    group.taps("Suivant")
    assert group.labels() == [*(f"r{n:02}" for n in range(24, 30)), "◀ Précédent"]
    group.taps_on("desk-canned:page:99")
    assert "r29" in group.labels()


def test_only_administrators_change_answers(group: Group, store: Store) -> None:
    for text in (ADD, "/canned edit papiers\na\n---\nب", "/canned remove papiers"):
        assert "administrateur" in group.writes(text, by=KARIM)
    assert store.run(canned.listed) == []
    group.writes(ADD)
    group.writes("/canned edit papiers\nOui.\n---\nنعم.")
    group.writes("/canned remove papiers")
    assert [(d.what, d.details) for d in store.run(lambda s: audit.listed(s, most=5))] == [
        ("canned_added", "papiers"),
        ("canned_changed", "papiers"),
        ("canned_removed", "papiers"),
    ]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("/canned add papiers\nBonjour", "en français et en arabe"),
        ("/canned add papiers\nBonjour\n---\nSalut", "en français et en arabe"),
        ("/canned add papiers", "en français et en arabe"),
        ("/canned add", "un seul mot"),
        ("/canned add remove\nOui\n---\nنعم", "un seul mot"),
        ("/canned add " + "x" * 25 + "\nOui\n---\nنعم", "un seul mot"),
        ("/canned add papiers\n" + "x" * 1001 + "\n---\nنعم", "1000 lettres"),
        ("/canned add papiers\nÀ {nom}\n---\nنعم {name}", "{nom}"),
        ("/canned edit papiers\nOui\n---\nنعم", "/canned add papiers"),
    ],
)
def test_what_can_not_be_kept_is_refused_kindly(
    group: Group, store: Store, text: str, why: str
) -> None:
    assert why in group.writes(text)
    assert store.run(canned.listed) == []


def test_an_answer_that_is_there_is_not_written_over(group: Group) -> None:
    group.writes(ADD)
    assert "existe déjà" in group.writes("/canned add PAPIERS\nOui\n---\nنعم")
    assert FR in group.writes("/canned papiers")


def test_words_in_angle_brackets_are_words(group: Group) -> None:
    group.has_a_case()
    group.writes("/canned add html\n<b>papiers</b> & co\n---\n<b>الوثائق</b>")
    group.writes("/canned html", in_case=True)
    group.taps("Envoyer", in_case=True)
    assert sent(group) == ["<b>papiers</b> & co"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Bonjour {name}, votre dossier.", "Bonjour, votre dossier."),
        ("{name}, votre dossier est prêt.", "Votre dossier est prêt."),
        ("Merci, {name}.", "Merci."),
        ("Merci {name} !\nÀ bientôt.", "Merci !\nÀ bientôt."),
        ("السلام عليكم يا {name}، ملفكم جاهز.", "السلام عليكم، ملفكم جاهز."),
        ("{name}، ملفكم جاهز.", "ملفكم جاهز."),
    ],
)
def test_a_name_that_is_not_known_leaves_no_hole(text: str, left: str) -> None:
    assert fill(text, {"name": ""}) == left


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_read_again(text: str, value: str) -> None:
    assert fill("{hours}", {"hours": value}) == value
    assert unknown("{name}{stop}{hours}") == []
    assert fill(text.replace("{", ""), {}) == text.replace("{", "")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_list_is_in_the_language_of_the_desk(
    store: Store, clock: FixedClock, language: Language
) -> None:
    shown = Group(store, clock, CannedAnswers(Stops()), language=language).writes("/canned")
    assert ("أجوبة جاهزة" in shown) == (language == "ar")
