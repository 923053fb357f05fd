"""/staff and /langue: who works at the desk, who may do what, and how each is spoken to."""

from __future__ import annotations

import pytest

from actions import audit, cases, members
from actions.messages import Language, Sender
from actions.store import Store
from actions.tables import Member
from bot.desk.board import LANGUAGES
from bot.desk.desk import StaffDesk
from bot.desk.languages import MemberLanguage, MemberLanguageAsWell
from bot.desk.staff import ROLES, SHOWN, Staff
from bot.text import Text, _, render
from tests.conftest import FixedClock
from tests.deskroom import KARIM, NADIA, PATIENCE, Group

LILA = Sender("3", "Lila", "lila_dz")
FORBIDDEN = _("That needs an administrator. /staff shows who is one.")


@pytest.fixture
def group(store: Store, clock: FixedClock) -> Group:
    """A desk of Nadia, whom the settings name, and of Karim and Lila, who are agents."""
    named = frozenset({NADIA.id}).__contains__
    made = Group(store, clock, Staff(named), MemberLanguage(), MemberLanguageAsWell())
    for who in (NADIA, KARIM, LILA):
        made.writes("/langue fr", by=who)
    return made


def said(text: Text, language: Language = "fr") -> str:
    return render(text, language)


def member(store: Store, who: Sender) -> Member:
    found = store.run(lambda s: members.find(s, "telegram", who.id))
    assert found is not None
    return found


def role(store: Store, who: Sender) -> str:
    return member(store, who).role


def deeds(store: Store, what: str) -> list[tuple[str, str]]:
    """Return who did something, and its details."""
    noted = store.run(lambda s: audit.listed(s, most=100))
    return [(deed.who, deed.details) for deed in noted if deed.what == what]


def line_of(answer: str, who: Sender) -> str:
    (line,) = [line for line in answer.splitlines() if who.name in line]
    return line


# Who works here


def test_everyone_sees_who_works_here_in_which_role_and_language(
    store: Store, group: Group
) -> None:
    group.writes("/langue ar", by=LILA)
    answer = group.writes("/staff", by=KARIM)
    assert said(ROLES["administrator"]) in line_of(answer, NADIA)
    assert said(ROLES["agent"]) in line_of(answer, KARIM)
    assert "@lila_dz" in line_of(answer, LILA)
    assert render(LANGUAGES["ar"], "fr") in line_of(answer, LILA)
    assert render(LANGUAGES["fr"], "fr") in line_of(answer, KARIM)


def test_the_open_cases_of_each_are_counted(store: Store, group: Group, clock: FixedClock) -> None:
    number, karim = group.has_a_case().id, member(store, KARIM).id
    with store.begin() as session:
        case = cases.get(session, number)
        assert case and cases.take(session, case, karim, clock.now(), PATIENCE)
    answer = group.writes("/staff")
    assert " 1 " in line_of(answer, KARIM)
    assert said(_("no case")) in line_of(answer, LILA)


def test_who_left_is_no_longer_listed(store: Store, group: Group, clock: FixedClock) -> None:
    with store.begin() as session:
        row = members.find(session, "telegram", KARIM.id)
        assert row
        members.leave(session, row, clock.now())
    assert KARIM.name not in group.writes("/staff")


def test_of_a_large_desk_the_rest_is_counted(store: Store, group: Group, clock: FixedClock) -> None:
    with store.begin() as session:
        for n in range(SHOWN):
            members.seen(session, "telegram", Sender(str(100 + n), f"Zohra {n}"), clock.now())
    answer = group.writes("/staff")
    assert f"{SHOWN + 3} " in answer.splitlines()[0]
    assert len([line for line in answer.splitlines() if " · " in line and "/" not in line]) == SHOWN


# Who may do what


def test_an_administrator_makes_another_and_takes_it_back(store: Store, group: Group) -> None:
    answer = group.writes("/staff admin @lila_dz")
    assert role(store, LILA) == "administrator"
    assert said(ROLES["administrator"]) in line_of(answer.split("\n", 1)[1], LILA)
    group.writes("/staff agent lila")
    assert role(store, LILA) == "agent"
    assert deeds(store, "role") == [("1", "3 administrator"), ("1", "3 agent")]


@pytest.mark.parametrize(
    "words", ["administrateur Karim", "ADMIN karim", "admin  2", "مسؤول Karim"]
)
def test_roles_and_names_are_read_as_they_are_written(
    store: Store, group: Group, words: str
) -> None:
    group.writes(f"/staff {words}")
    assert role(store, KARIM) == "administrator"


def test_an_agent_changes_no_role(store: Store, group: Group) -> None:
    for words in ("admin karim", "agent nadia", "admin", "what"):
        assert group.writes(f"/staff {words}", by=KARIM) == said(FORBIDDEN)
    assert (role(store, KARIM), role(store, NADIA)) == ("agent", "administrator")
    assert deeds(store, "role") == []


def test_a_new_administrator_may_do_the_same_at_once(store: Store, group: Group) -> None:
    group.writes("/staff admin karim")
    group.writes("/staff admin lila", by=KARIM)
    assert role(store, LILA) == "administrator"


def test_who_the_settings_name_stays_an_administrator(store: Store, group: Group) -> None:
    group.writes("/staff admin karim")
    answer = group.writes("/staff agent nadia", by=KARIM)
    assert role(store, NADIA) == "administrator"
    assert NADIA.name in answer
    assert deeds(store, "role") == [("1", "2 administrator")]


def test_the_last_administrator_can_not_step_down(store: Store, clock: FixedClock) -> None:
    group = Group(store, clock, Staff(lambda user: False))
    group.writes("/staff")
    assert "/staff admin" in group.writes("/staff agent nadia")
    assert role(store, NADIA) == "administrator"
    group.writes("/staff", by=KARIM)
    group.writes("/staff admin karim")
    group.writes("/staff agent karim", by=KARIM)
    assert role(store, KARIM) == "agent"


def test_a_role_someone_has_already_is_no_deed(store: Store, group: Group) -> None:
    answer = group.writes("/staff agent karim")
    assert KARIM.name in answer
    assert deeds(store, "role") == []


@pytest.mark.parametrize("words", ["admin", "boss karim", "karim", "admin@karim"])
def test_what_can_not_be_read_gets_an_example(store: Store, group: Group, words: str) -> None:
    assert "/staff admin @karim" in group.writes(f"/staff {words}")


def test_a_name_nobody_has_is_said_to_be_unknown(store: Store, group: Group) -> None:
    assert "/staff" in group.writes("/staff admin @nobody")
    assert deeds(store, "role") == []


# How each is spoken to


@pytest.mark.parametrize(
    ("words", "language"),
    [("ar", "ar"), ("Arabe", "ar"), ("العربية", "ar"), ("français", "fr"), ("FR", "fr")],
)
def test_a_member_is_answered_in_their_language_from_then_on(
    store: Store, group: Group, words: str, language: Language
) -> None:
    other: Language = "fr" if language == "ar" else "ar"
    group.writes(f"/langue {other}", by=KARIM)
    assert group.writes(f"/langue {words}", by=KARIM) == said(
        _("Good: we speak English."), language
    )
    assert group.shown[0].language == language
    assert member(store, KARIM).language == language
    assert member(store, LILA).language == "fr"
    assert deeds(store, "language")[-1] == ("2", language)


@pytest.mark.parametrize("command", ["/langue", "/language", "/langue tamazight"])
def test_without_a_language_one_is_asked_for_by_a_tap(
    store: Store, group: Group, command: str
) -> None:
    group.writes(command, by=KARIM)
    assert len(group.labels()) == 2
    group.taps("العربية", by=LILA)
    assert (member(store, LILA).language, member(store, KARIM).language) == ("ar", "fr")


def test_the_same_language_twice_is_one_deed(store: Store, group: Group) -> None:
    before = len(deeds(store, "language"))
    group.writes("/language ar", by=KARIM)
    group.writes("/langue ar", by=KARIM)
    assert len(deeds(store, "language")) == before + 1


def test_both_names_of_the_command_are_known_to_the_desk() -> None:
    desk = StaffDesk(
        [MemberLanguage(), MemberLanguageAsWell()],
        administrators=frozenset().__contains__,
        patience=PATIENCE,
    )
    assert {"langue", "language"} <= desk.names
