"""/stats: the figures that staff read, the picture with them, and the file to be published."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from base64 import b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions import cases, conversations, inbox
from actions.figures import Between
from actions.messages import LANGUAGES, Address, Inbound, Language, Outbound
from actions.store import Store
from bot.channels.telegram_html import caption_pieces
from bot.clock import ALGIERS
from bot.desk import stats
from bot.desk.open_figures import TITLES, cell
from bot.desk.stats import DAYS, Stats, period_given, stretch
from bot.menu import SUBJECTS
from bot.text import Text, _, render
from tests.conftest import MONDAY, FixedClock
from tests.deskroom import KARIM, Group
from tests.enrolled import chat, enrol
from tests.talk import FACTS

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@pytest.fixture
def group(store: Store, clock: FixedClock) -> Group:
    return Group(store, clock, Stats(FACTS.geography))


def count(store: Store, kind: str, *moments: dt.datetime, intent: str = "") -> None:
    with store.begin() as session:
        for moment in moments:
            conversations.count_event(session, kind, moment, intent=intent)


def fr(text: Text) -> str:
    return render(text, "fr")


def told(label: Text, value: int | str) -> str:
    """Return a line of the answer as it is read in French."""
    return fr(_("{label}: {value}", label=label, value=value))


def rows(sent: Outbound) -> list[list[str]]:
    """Return what is in the file of an answer."""
    assert sent.document
    raw = sent.document.content.encode()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("", "week"),
        ("  ", "week"),
        ("day", "day"),
        ("Jour", "day"),
        ("يوم", "day"),
        ("week", "week"),
        ("semaine", "week"),
        ("أسبوع", "week"),
        ("اسبوع", "week"),
        ("MONTH", "month"),
        ("mois", "month"),
        ("شهر", "month"),
        ("open", "open"),
        ("year", None),
        ("week month", None),
    ],
)
def test_periods_are_read_in_three_languages(words: str, wanted: str | None) -> None:
    assert period_given(words) == wanted


@given(st.text())
def test_any_words_ask_for_some_figures_or_are_refused(words: str) -> None:
    assert period_given(words) in {*DAYS, "open", None}


@given(st.dates(dt.date(2015, 1, 1), dt.date(2099, 12, 31)), st.sampled_from([*DAYS.values()]))
def test_days_end_today_and_leave_no_gap(today: dt.date, days: int) -> None:
    found = stretch(today, days)
    assert (found.last, (found.last - found.first).days + 1) == (today, days)
    assert found.edges[0] == dt.datetime.combine(found.first, dt.time(), ALGIERS)
    assert found.edges[-1] == dt.datetime.combine(today + DAY, dt.time(), ALGIERS)
    steps = {after - before for before, after in zip(found.edges, found.edges[1:], strict=False)}
    assert len(steps) == 1
    assert len(found.labels) == len(found.edges) - 1
    assert len(set(found.labels)) == len(found.labels)


def test_a_week_is_told_unless_something_else_is_asked_for(store: Store, group: Group) -> None:
    count(store, "answered", MONDAY, MONDAY - 6 * DAY, MONDAY - 7 * DAY)
    assert told(stats.ANSWERED, 2) in group.writes("/stats").splitlines()
    assert told(stats.ANSWERED, 1) in group.writes("/stats jour").splitlines()
    assert told(stats.ANSWERED, 3) in group.writes("/stats شهر").splitlines()


def test_each_figure_is_told(store: Store, group: Group) -> None:
    count(store, "answered", MONDAY, MONDAY, intent="ask_age")
    count(store, "button", MONDAY, intent="ask_taxes")
    count(store, "suggested", *[MONDAY] * 4)
    count(store, "missed", *[MONDAY] * 5)
    count(store, "handed_over", *[MONDAY] * 6, intent="asked")
    count(store, "checked_in", *[MONDAY] * 7)
    with store.begin() as session:
        for n in range(8):
            message = Inbound(str(n), Address("telegram", "7"), "text", "bonjour")
            inbox.receive(session, message, MONDAY)
        for number, minutes in (("1", 10), ("2", 30)):
            talk = chat(session, number)
            case = cases.begin(session, talk, MONDAY, why="asked", patience=DAY)
            case.answered_at = MONDAY + minutes * MINUTE
        enrol(session)
        enrol(session, given_name="Lina", stop="05")
        enrol(session, given_name="Omar", stop="05")
    lines = group.writes("/stats").splitlines()
    assert [line.rpartition(" ")[2] for line in lines[1:6]] == ["8", "3", "4", "5", "6"]
    assert "20 minutes" in lines[6]
    assert [line.rpartition(" ")[2] for line in lines[7:9]] == ["3", "7"]
    assert lines[10:] == ["Batna : 2", "Sétif : 1"]


def test_before_the_first_case_there_is_no_waiting_time(store: Store, group: Group) -> None:
    assert fr(_("no case yet")) in group.writes("/stats")
    group.has_a_case()
    assert fr(_("no answer yet")) in group.writes("/stats")


def test_stops_beyond_the_first_few_are_told_together(store: Store, group: Group) -> None:
    stops = ["01", "02", "03", "04", "05", "06", ""]
    with store.begin() as session:
        for n, stop in enumerate(stops):
            for _again in range(len(stops) - n):
                enrol(session, number=str(n), stop=stop)
    lines = group.writes("/stats").splitlines()
    assert [int(line.rpartition(" ")[2]) for line in lines[-5:]] == [7, 6, 5, 4, 3 + 2 + 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_comes_with_the_words_where_they_were_asked_for(
    store: Store, clock: FixedClock, language: Language
) -> None:
    group = Group(store, clock, Stats(FACTS.geography), language=language)
    group.has_a_case()
    with store.begin() as session:
        for n, code in enumerate([*FACTS.geography.wilayas][:20]):
            enrol(session, number=str(n), stop=code)
    group.writes("/stats month", in_case=True)
    (sent,) = group.shown
    assert b64decode(sent.image).startswith(b"\x89PNG\r\n\x1a\n")
    assert (sent.thread, sent.language) == ("77", language)
    assert sent.answers
    assert len(caption_pieces(sent.lines)) == 1
    assert Outbound.from_json(json.loads(json.dumps(sent.to_json()))) == sent


def test_a_button_tells_another_period(store: Store, group: Group) -> None:
    count(store, "answered", MONDAY, MONDAY - 20 * DAY)
    group.writes("/stats")
    assert len(group.labels()) == 4
    month = group.button(fr(_("Month")))
    assert told(stats.ANSWERED, 2) in group.taps_on(month, by=KARIM).splitlines()
    assert told(stats.ANSWERED, 2) in group.taps_on(month).splitlines()
    assert "/stats month" in group.taps_on("desk-stats:century")


def test_words_that_can_not_be_read_get_an_example(group: Group) -> None:
    assert "/stats week" in group.writes("/stats 2015")
    assert group.shown[0].image == ""


# To be published


@pytest.fixture
def busy(store: Store) -> Store:
    """Much asked of the financing, little of the taxes; many from Sétif, one from Batna."""
    count(store, "answered", *[MONDAY] * 12, intent="ask_financing")
    count(store, "button", *[MONDAY] * 3, intent="ask_taxes")
    count(store, "answered", *[MONDAY] * 2, intent="ask_age")
    with store.begin() as session:
        for n in range(6):
            enrol(session, number=str(n))
        enrol(session, number="9", wilaya="05", given_name="Karim")
    return store


def test_small_counts_are_hidden_in_the_words_and_in_the_file(busy: Store, group: Group) -> None:
    said = group.writes("/stats open", by=KARIM)
    (sent,) = group.shown
    by_code = {(row[0], row[1]): row[3] for row in rows(sent)[1:]}
    asked, people = fr(TITLES["questions"]), fr(TITLES["registrations"])
    assert by_code[asked, "ask_financing"] == "12"
    assert by_code[asked, "ask_taxes"] == by_code[asked, "ask_age"] == "<5"
    assert by_code[asked, ""] == "14–20"
    assert (by_code[people, "19"], by_code[people, "05"]) == ("6", "<5")
    assert by_code[people, ""] == "7–10"
    assert told(SUBJECTS["ask_financing"], 12) in said.splitlines()
    assert told(SUBJECTS["ask_taxes"], fr(_("fewer than {n}", n=5))) in said.splitlines()
    assert len(caption_pieces(sent.lines)) == 1


def test_the_file_tells_nothing_of_anyone(busy: Store, group: Group) -> None:
    group.writes("/stats open")
    (sent,) = group.shown
    assert sent.document and sent.document.name == "caravane-2015-10-05.csv"
    for secret in ("Amina", "Karim", "Benali", "661234567", "El Eulma"):
        assert secret not in sent.document.content


def test_one_more_among_a_few_changes_nothing_that_is_published(busy: Store, group: Group) -> None:
    before = group.writes("/stats open"), rows(group.shown[0])
    count(busy, "answered", MONDAY, intent="ask_age")
    assert (group.writes("/stats open"), rows(group.shown[0])) == before


def test_before_anything_happened_there_is_a_file_all_the_same(group: Group) -> None:
    group.writes("/stats open")
    assert [row[3] for row in rows(group.shown[0])[1:]] == ["0"] * len(TITLES)


@pytest.mark.parametrize(
    ("count", "written"),
    [
        (Between(0, 0), "0"),
        (Between(5, 5), "5"),
        (Between(1, 4), "<5"),
        (Between(6, 9), "6–9"),
        (Between(123456, 123456), "123456"),
    ],
)
def test_counts_are_written_so_that_programs_read_them(count: Between, written: str) -> None:
    assert cell(count) == written
