"""`caravane audit`: what staff did, as whoever answers for the desk reads it on a terminal."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from actions import audit, canned, members
from actions.messages import LANGUAGES, Address, Language, Sender
from actions.store import Store
from actions.tables import Action, Case
from bot.clerks.deeds import Deeds
from bot.cli import app
from bot.clock import ALGIERS
from bot.desk import sweeping
from bot.text import _, render
from tests.conftest import MONDAY
from tests.talk import FACTS

HOUSE = Path(__file__).parent.parent
DAY = dt.timedelta(days=1)
FARIDA, KARIM = Sender("501", "Farida"), Sender("502", "Karim")
ARABIC = re.compile(r"[\u0621-\u064a]")
#: Each kind of deed with details as the desk notes them, and what has to be read of them.
DEEDS: dict[str, tuple[str, str]] = {
    "desk": ("", ""),
    "left": ("", ""),
    "take": ("", ""),
    "reply": ("", ""),
    "note": ("", ""),
    "close": ("", ""),
    "back": ("", ""),
    "given_back": ("", ""),
    "checkin": ("", ""),
    "register": ("", ""),
    "registered": ("", ""),
    "erase": ("", ""),
    "export": ("37 .csv 19", "37"),
    "transfer": ("502", "Karim"),
    "canned_sent": ("horaires 4711", "horaires"),
    "canned_added": ("horaires", "horaires"),
    "canned_changed": ("horaires", "horaires"),
    "canned_removed": ("horaires", "horaires"),
    "role": ("502 administrator", "Karim"),
    "language": ("ar", ""),
    "hours": ("sun mon tue 08:00-16:30", "08:00-16:30"),
    "day_off": ("2015-11-01", "2015"),
    "day_on": ("2015-11-01", "2015"),
    "notice_added": ("ask_age 2015-10-20", "2015"),
    "notice_removed": ("3", "3"),
    "review": ("12 ask_age", "12"),
    "stop_announced": ("19 06", ""),
    "stop_cancelled": ("19", ""),
}


class Terminal:
    """A terminal on the machine of an assistant that has this database, and a desk."""

    def __init__(self, store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242424242:test-token-of-no-real-bot")
        monkeypatch.setenv("DATABASE_URL", database_url)
        with store.begin() as session:
            group = Address("telegram", "-1001")
            members.open_desk(session, group, MONDAY, topics=True, language="fr")
            for who in (FARIDA, KARIM):
                members.seen(session, "telegram", who, MONDAY)

    def noted(
        self,
        what: str,
        details: str = "",
        *,
        who: str = FARIDA.id,
        at: dt.datetime = MONDAY,
        case: int | None = None,
    ) -> None:
        about = Case(id=case) if case else None
        self.store.run(lambda s: audit.note(s, who, what, at, case=about, details=details))

    def types(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["audit", *words])

    def reads(self, *words: str) -> list[str]:
        """Return the lines of a command that succeeds."""
        ended = self.types(*words)
        assert ended.exit_code == 0, ended.output
        return ended.stdout.splitlines()


@pytest.fixture
def terminal(store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(store, database_url, monkeypatch)


def in_words(what: str, details: str, language: Language = "fr") -> str:
    """Return a deed as it is read."""
    deeds = Deeds(FACTS.geography, {"502": "Karim"}.get)  # type: ignore[arg-type]
    told = deeds.told(Action(what=what, details=details, who="501"))
    return render(told, language, isolated=False)


def test_a_line_says_when_in_algiers_who_and_what(terminal: Terminal) -> None:
    terminal.noted("take", at=dt.datetime(2015, 10, 4, 23, 30, tzinfo=dt.UTC), case=12)
    (line,) = terminal.reads()
    assert "05/10/2015 00:30" in line
    assert FARIDA.name in line
    assert "12" in line.partition(FARIDA.name)[2]
    assert "take" not in line


def test_who_left_and_the_job_that_gives_cases_back_have_names(terminal: Terminal) -> None:
    with terminal.store.begin() as session:
        row = members.find(session, "telegram", KARIM.id)
        assert row
        members.leave(session, row, MONDAY)
    terminal.noted("left", who=KARIM.id)
    terminal.noted("given_back", who=sweeping.WHO, case=3)
    terminal.noted("take", who="999")
    left, given_back, strange = terminal.reads()
    assert KARIM.name in left
    assert render(_("the assistant"), "fr") in given_back
    assert "999" in strange


def test_a_day_leaves_out_what_was_before_it_in_algiers(terminal: Terminal) -> None:
    midnight = dt.datetime(2015, 10, 6, tzinfo=ALGIERS)
    for n, at in enumerate(
        (MONDAY, midnight - dt.timedelta(seconds=1), midnight, MONDAY + 2 * DAY)
    ):
        terminal.noted("notice_removed", str(70 + n), at=at)
    for day in ("2015-10-06", "06/10/2015", "٢٠١٥-١٠-٠٦"):
        assert [line[-2:] for line in terminal.reads("--since", day)] == ["72", "73"]
    assert len(terminal.reads()) == 4


def test_a_case_leaves_out_the_others(terminal: Terminal) -> None:
    terminal.noted("take", case=12)
    terminal.noted("reply", case=13)
    terminal.noted("hours", "fri closed")
    terminal.noted("close", case=12)
    assert len(terminal.reads("--case", "12")) == 2
    assert all("12" in line for line in terminal.reads("--case", "12"))


def test_of_many_the_newest_are_printed_and_the_rest_is_said_to_be_there(
    terminal: Terminal,
) -> None:
    for n in range(5):
        terminal.noted("notice_removed", str(70 + n))
    *lines, last = terminal.reads("--most", "3")
    assert [line[-2:] for line in lines] == ["72", "73", "74"]
    assert "--most" in last
    assert len(terminal.reads("--most", "5")) == 5


def test_nothing_noted_is_said(terminal: Terminal) -> None:
    assert terminal.reads() == [render(_("Nothing was noted."), "fr")]


def test_what_is_no_day_is_refused_in_one_sentence(terminal: Terminal) -> None:
    ended = terminal.types("--since", "yesterday")
    assert ended.exit_code == 1
    assert ended.stderr.count("\n") == 1
    assert "yesterday" in ended.stderr


def test_every_line_can_be_read_in_both_languages(terminal: Terminal) -> None:
    terminal.noted("stop_announced", "19")
    assert "Sétif" in terminal.reads("--language", "fr")[0]
    assert "سطيف" in terminal.reads("--language", "ar")[0]


# In words


@pytest.mark.parametrize("what", DEEDS)
def test_every_deed_is_told_in_words(what: str) -> None:
    details, read = DEEDS[what]
    for language in LANGUAGES:
        told = in_words(what, details, language)
        assert read in told
        assert told != f"{what} {details}".strip()


def test_details_are_told_by_their_names() -> None:
    assert "Sétif" in in_words("stop_cancelled", "06 19")
    assert "Béjaïa" in in_words("stop_cancelled", "06 19")
    assert "novembre" in in_words("day_off", "2015-11-01")
    assert render(_("Nonsense"), "fr") in in_words("review", "12 nonsense")
    assert render(_("Sunday"), "fr") in in_words("hours", "sun fri closed")
    assert render(_("The age"), "fr") in in_words("notice_added", "ask_age 2015-10-20")
    assert in_words("notice_added", "all 2015-10-20") != in_words("notice_added", "2015-10-20")


@pytest.mark.parametrize(
    ("what", "details"),
    [("juggled", "3 balls"), ("juggled", ""), ("hours", "whenever"), ("review", "12 old_intent")],
)
def test_what_another_version_noted_is_printed_as_it_is(what: str, details: str) -> None:
    assert in_words(what, details) == f"{what} {details}".strip()


@given(st.sampled_from([*DEEDS]), st.text(max_size=120))
def test_no_details_at_all_end_the_list(what: str, details: str) -> None:
    assert in_words(what, details)


def test_whatever_the_desk_notes_has_words() -> None:
    """Found where it is noted, so that no new deed stays without a sentence."""
    noted = {canned.SENT}
    for path in (HOUSE / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("x"), "note"), args=[what, *_case]):
                    noted |= _words_in(what)
                case ast.Call(
                    func=ast.Attribute(ast.Name("audit"), "note"), args=[_s, _w, what, _n]
                ):
                    noted |= _words_in(what)
    assert {"take", "given_back", "close", "back"} <= noted
    assert noted - set(DEEDS) == set()


def _words_in(argument: ast.expr) -> set[str]:
    """Return the words an argument may be: it may choose between two."""
    chosen = (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
    return {str(part.value) for part in chosen if isinstance(part, ast.Constant)}
