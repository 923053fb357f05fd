"""The clerks' commands, as typed on a terminal, over both databases and the product's facts."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from actions import inbox, outbox, registrations, reminders
from actions.messages import LANGUAGES, Address, Inbound, Line, Outbound
from actions.registrations import Details
from actions.store import Session, Store
from actions.tables import Base, Registration
from bot.clerks.columns import COLUMNS
from bot.cli import app
from bot.settings import HOUSE
from bot.text import Text, render
from tests.conftest import MONDAY
from tests.enrolled import AMINA, chat, enrol

DAY = dt.timedelta(days=1)
ARABIC = re.compile(r"[\u0600-\u06ff]")


class Desk:
    """A clerk at a terminal, on the machine of an assistant that has this database."""

    def __init__(self, store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242424242:test-token-of-no-real-bot")
        monkeypatch.setenv("DATABASE_URL", database_url)

    def types(self, *words: str, answer: str = "") -> Result:
        return CliRunner().invoke(app, list(words), input=answer)

    def reads(self, *words: str, answer: str = "") -> str:
        """Return what a command that succeeds prints."""
        ended = self.types(*words, answer=answer)
        assert ended.exit_code == 0, ended.output
        return ended.stdout

    def refused(self, *words: str) -> str:
        """Return the one sentence of a command that can't be done."""
        ended = self.types(*words)
        assert ended.exit_code == 1, ended.output
        assert ended.stderr.count("\n") == 1
        assert "Traceback" not in ended.output
        return ended.stderr.strip()

    def enrol(self, now: dt.datetime = MONDAY, **how: object) -> Registration:
        return self.store.run(lambda s: enrol(s, now, **how))  # type: ignore[arg-type]


@pytest.fixture
def desk(store: Store, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(store, database_url, monkeypatch)


def codes_in(printed: str) -> list[str]:
    return [a + b for a, b in re.findall(r"^(\d{4}) (\d{4})\b", printed, re.MULTILINE)]


def everything(store: Store) -> str:
    with store.engine.connect() as connection:
        rows = [connection.execute(t.select()).all() for t in Base.metadata.sorted_tables]
    return "\n".join(str([str(value) for value in row]) for some in rows for row in some)


# The list


@pytest.fixture
def three(desk: Desk) -> dict[str, str]:
    """Amina in Sétif, Karim in Batna and Lina, who withdrew; and their codes."""
    rows = {
        "Amina": desk.enrol(),
        "Karim": desk.enrol(MONDAY + DAY, given_name="Karim", wilaya="05", stop="05"),
        "Lina": desk.enrol(MONDAY + 2 * DAY, given_name="Lina", wilaya="58", stop="47"),
    }
    with desk.store.begin() as session:
        lina = session.get_one(Registration, rows["Lina"].id)
        registrations.withdraw(session, lina, MONDAY + 2 * DAY, who="person")
    return {row.code: name for name, row in rows.items()}


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ([], ["Amina", "Karim", "Lina"]),
        (["--wilaya", "19"], ["Amina"]),
        (["--wilaya", "5"], ["Karim"]),
        (["--wilaya", "٠٥"], ["Karim"]),
        (["--wilaya", "sétif"], ["Amina"]),
        (["--wilaya", "سطيف"], ["Amina"]),
        (["--stop", "BATNA"], ["Karim"]),
        (["--stop", "El Meniaa"], ["Lina"]),  # since 2019; in 2015 it was a part of Ghardaïa
        (["--since", "2015-10-06"], ["Karim", "Lina"]),
        (["--until", "06/10/2015"], ["Amina", "Karim"]),
        (["--since", "٢٠١٥-١٠-٠٦", "--until", "2015-10-06"], ["Karim"]),
        (["--status", "withdrawn"], ["Lina"]),
        (["--status", "active"], ["Amina", "Karim"]),
        (["--status", "checked_in"], []),
        (["--most", "2"], ["Amina", "Karim"]),
    ],
)
def test_the_list_shows_whom_the_filters_leave(
    desk: Desk, three: dict[str, str], filters: list[str], names: list[str]
) -> None:
    printed = desk.reads("registrations", "list", *filters)
    assert [three[code] for code in codes_in(printed)] == names
    for name in names:
        assert name in printed


def test_a_list_cut_short_says_how_many_there_are(desk: Desk, three: dict[str, str]) -> None:
    cut = desk.reads("registrations", "list", "--most", "2").splitlines()
    whole = desk.reads("registrations", "list").splitlines()
    assert "3" in cut[-2]
    assert "--most" in cut[-1]
    assert "3" in whole[-1]


def test_columns_line_up_in_both_scripts(desk: Desk) -> None:
    desk.enrol(given_name="عبد القادر", family_name="بن عليّ")
    desk.enrol(given_name="Mohammed El Amine Abderrahmane Noureddine", phone="+213550000000")
    printed = [
        unicodedata.normalize("NFC", line)
        for line in desk.reads("registrations", "list").splitlines()
    ]
    bare = ["".join(c for c in line if unicodedata.category(c) != "Mn") for line in printed]
    assert bare[1].index("0661 23 45 67") == bare[2].index("0550 00 00 00")
    assert "…" in bare[2]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--wilaya", "Atlantide"], "Atlantide"),
        (["--stop", "99"], "99"),
        (["--since", "2015-02-31"], "2015-02-31"),
        (["--until", "hier"], "hier"),
        (["--until", "9999-12-31"], "9999-12-31"),
        (["--since", "2015-10-09", "--until", "2015-10-01"], "2015-10-09"),
    ],
)
def test_what_is_no_wilaya_and_no_day_is_refused_by_name(
    desk: Desk, words: list[str], named: str
) -> None:
    assert named in desk.refused("registrations", "list", *words)


# One registration


def test_one_registration_is_shown_with_who_did_what_and_when(desk: Desk) -> None:
    made = desk.enrol()
    with desk.store.begin() as session:
        row = session.get_one(Registration, made.id)
        talk = session.get_one(type(chat(session)), row.conversation_id)
        details = Details.of(row)
        changed = Details(**{**vars(details), "situation": "student", "stop": "", "trade": ""})
        registrations.change(session, row, changed, MONDAY + DAY, who="clerk:99")
    printed = desk.reads("registrations", "show", made.code)
    for words in ("Amina Benali", "0661 23 45 67", "El Eulma", "Sétif", talk.address):
        assert words in printed
    history = printed.split("\n\n")[1].splitlines()
    assert len(history) == 4
    assert history[0].startswith("05/10/2015 09:00")
    assert all(line.startswith("06/10/2015 09:00") and "99" in line for line in history[1:])
    assert "jobless_anem" not in printed
    assert "student" not in printed


def test_a_code_is_taken_however_it_is_written(desk: Desk) -> None:
    code = desk.enrol().code
    arabic = code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for written in (code, f"{code[:4]} {code[4:]}", f"{code[:4]}-{code[4:]}", arabic):
        assert "Amina" in desk.reads("registrations", "show", written)


@pytest.mark.parametrize(
    "command", [["registrations", "show"], ["checkin", "--by", "Karim"], ["erase", "--yes"]]
)
def test_a_code_that_is_wrong_or_unknown_is_refused(desk: Desk, command: list[str]) -> None:
    code = desk.enrol(draw=lambda n: 4715208).code
    wrong_digit = desk.refused(*command, "47152085")
    assert "47152085" in wrong_digit
    assert "bonjour" in desk.refused(*command, "bonjour")
    assert desk.refused(*command, "0000 0000") not in {wrong_digit, ""}
    assert "Amina" in desk.reads("registrations", "show", code)


def test_what_people_wrote_can_not_move_the_cursor_of_the_terminal(desk: Desk) -> None:
    made = desk.enrol(trade="", trade_words="couture\x1b[2J\u202e")
    printed = desk.reads("registrations", "show", made.code)
    assert "couture" in printed
    assert "\x1b" not in printed
    assert "\u202e" not in printed


# Sheets


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_holds_names_and_never_keys(desk: Desk, tmp_path: Path, language: str) -> None:
    desk.enrol()
    desk.enrol(
        given_name="=HYPERLINK(1)",
        birth_date=None,
        age=24,
        age_on=MONDAY.date(),
        trade="",
        trade_words="ورشة خياطة",
        situation="other",
        qualification="none",
        qualification_trade="",
        stop="",
    )
    path = tmp_path / "list.csv"
    desk.reads("registrations", "export", str(path), "--language", language)
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles, first, second = csv.reader(file, delimiter=";")
    row = dict(zip([name for name, _title, _width in COLUMNS], first, strict=True))
    assert len(set(titles)) == len(COLUMNS)
    assert row["birth_date"] == "1991-05-14"
    assert (row["age"], row["phone"]) == ("24", "0661 23 45 67")
    assert row["created_at"] == "2015-10-05 09:00"
    assert row["wilaya"] == {"fr": "Sétif", "ar": "سطيف"}[language]
    assert row["stop"] == row["wilaya"]
    assert row["trade"] == {"fr": "fibre optique", "ar": "الألياف البصرية"}[language]
    assert "'=HYPERLINK(1)" in second
    assert "ورشة خياطة" in second
    keys = {"jobless_anem", "ts", "fibre", "other", "none", "active", "True", "False"}
    assert keys.isdisjoint(first + second)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_holds_whom_the_filters_leave(
    desk: Desk, three: dict[str, str], tmp_path: Path, language: str
) -> None:
    path = tmp_path / "LIST.XLSX"
    told = desk.reads(
        "registrations", "export", str(path), "--wilaya", "05", "--language", language
    )
    assert str(path) in told
    with zipfile.ZipFile(path) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "Karim" in sheet
    assert "Amina" not in sheet
    assert ("rightToLeft" in sheet) == (language == "ar")


def test_a_long_list_is_written_whole_and_once(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.clerks.commands.PAGE", 3)
    made = [desk.enrol(number=str(n)).code for n in range(7)]
    path = tmp_path / "list.csv"
    desk.reads("registrations", "export", str(path))
    written = re.findall(r"(?m)^\W*(\d{4}) (\d{4});", path.read_text(encoding="utf-8-sig"))
    assert [a + b for a, b in written] == made


@pytest.mark.parametrize("name", ["list.ods", "list", "list.xlsx.zip"])
def test_other_kinds_of_file_are_refused(desk: Desk, tmp_path: Path, name: str) -> None:
    sentence = desk.refused("registrations", "export", str(tmp_path / name))
    assert ".xlsx" in sentence
    assert ".csv" in sentence
    assert list(tmp_path.glob("list*")) == []


@pytest.mark.parametrize(
    "command", [["registrations", "export"], ["export-person", "--chat", "4711"]]
)
def test_a_file_that_can_not_be_written_is_said_to_be_so(
    desk: Desk, tmp_path: Path, command: list[str]
) -> None:
    desk.enrol()
    name = "list.csv" if "registrations" in command else "amina.json"
    nowhere, folder = tmp_path / "nowhere" / name, tmp_path / name
    folder.mkdir()
    assert str(nowhere) in desk.refused(*command, str(nowhere))
    assert str(folder) in desk.refused(*command, str(folder))
    assert list(folder.iterdir()) == []


def test_a_terminal_sees_the_progress_of_an_export(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    desk.enrol()
    shown, terminal = pty.openpty()
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "registrations", "export", str(tmp_path / "list.csv")],
        cwd=HOUSE,
        env={**os.environ, "DATABASE_URL": database_url},
        stdout=terminal,
        check=False,
    )
    os.close(terminal)
    printed = os.read(shown, 10_000).decode()
    os.close(shown)
    assert ended.returncode == 0
    assert "100%" in printed
    assert "%" not in desk.reads("registrations", "export", str(tmp_path / "again.csv"))


# Check-in


def test_the_clerk_is_told_who_has_come(desk: Desk) -> None:
    made = desk.enrol()
    printed = desk.reads("checkin", made.code, "--by", "Karim")
    for words in ("Amina Benali", "1991", "El Eulma", "Sétif", "fibre optique"):
        assert words in printed
    row = desk.store.run(lambda s: s.get_one(Registration, made.id))
    assert row.checked_in_by == "Karim"
    assert row.checked_in_at
    assert row.checked_in_at > MONDAY


def test_a_second_check_in_says_when_and_by_whom_the_first_was(desk: Desk) -> None:
    made = desk.enrol()
    with desk.store.begin() as session:
        row = session.get_one(Registration, made.id)
        registrations.check_in(session, row, MONDAY + DAY, who="clerk:99")
    printed = desk.reads("checkin", made.code, "--by", "Nadia")
    assert "2015" in printed.splitlines()[-1]
    assert "09:00" in printed.splitlines()[-1]
    assert "99" in printed.splitlines()[-1]
    assert "Nadia" not in desk.reads("registrations", "show", made.code)


def test_who_has_withdrawn_is_not_checked_in(desk: Desk) -> None:
    made = desk.enrol()
    with desk.store.begin() as session:
        row = session.get_one(Registration, made.id)
        registrations.withdraw(session, row, MONDAY, who="person")
    ended = desk.types("checkin", made.code, "--by", "Karim")
    assert ended.exit_code == 1
    assert "Amina" in ended.stdout
    assert ended.stderr.count("\n") == 1
    row = desk.store.run(lambda s: s.get_one(Registration, made.id))
    assert row.checked_in_at is None


def test_the_login_name_is_who_checks_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk.enrol()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "samira")
    desk.reads("checkin", made.code)
    assert desk.store.run(lambda s: s.get_one(Registration, made.id)).checked_in_by == "samira"


# Requests on paper


def amina_and_her_words(session: Session) -> Registration:
    """Sign Amina up, with what she wrote, what she was told and a reminder."""
    row = enrol(session)
    who = Address("telegram", "4711")
    inbox.receive(session, Inbound("1", who, "text", "c'est Amina Benali"), MONDAY)
    outbox.queue(session, who, Outbound((Line("bienvenue Amina"),)), MONDAY)
    reminders.subscribe(
        session, row.conversation_id or 0, "19", "", MONDAY, consent=None, registration=row.id
    )
    return row


def test_a_whole_chat_is_erased_and_counted(desk: Desk) -> None:
    desk.store.run(amina_and_her_words)
    printed = desk.reads("erase", "--chat", "4711", "--yes")
    held = everything(desk.store)
    for words in ("Amina", "Benali", "661234567", "4711"):
        assert words not in held
    assert re.findall(r"\d+", printed) == ["1", "1", "1", "1", "2"]


def test_a_code_erases_its_registration_and_with_everything_its_chat(desk: Desk) -> None:
    first = desk.store.run(amina_and_her_words)
    desk.reads("erase", first.code, "--yes")
    assert "661234567" not in everything(desk.store)
    assert "bienvenue Amina" in everything(desk.store)
    second = desk.enrol()
    desk.reads("erase", second.code, "--everything", "--yes")
    assert "Amina" not in everything(desk.store)
    assert "4711" not in everything(desk.store)


def test_everything_of_a_code_never_takes_what_is_someone_elses(desk: Desk) -> None:
    made = desk.store.run(amina_and_her_words)
    lina = desk.enrol(given_name="Lina", birth_date=dt.date(1993, 2, 3))
    printed = desk.reads("erase", made.code, "--everything", "--yes")
    assert len(printed.splitlines()) == 2  # what was erased, and that the chat was left out
    assert codes_in(desk.reads("registrations", "list")) == [lina.code]
    assert "bienvenue Amina" in everything(desk.store)


@pytest.mark.parametrize("answer", ["non\n", "n\n", "peut-être\n"])
def test_nothing_is_erased_without_a_yes(desk: Desk, answer: str) -> None:
    code = desk.enrol().code
    assert "Amina" in desk.reads("erase", code, answer=answer)
    assert codes_in(desk.reads("registrations", "list")) == [code]


@pytest.mark.parametrize("answer", ["oui\n", "o\n", "Yes\n", "نعم\n"])
def test_a_yes_in_any_language_erases(desk: Desk, answer: str) -> None:
    desk.reads("erase", desk.enrol().code, answer=answer)
    assert codes_in(desk.reads("registrations", "list")) == []


@pytest.mark.parametrize(
    ("command", "rest"), [("erase", ["--yes"]), ("export-person", ["amina.json"])]
)
def test_a_code_or_a_chat_has_to_be_given_and_not_both(
    desk: Desk, command: str, rest: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = desk.enrol().code
    assert "--chat" in desk.refused(command, code, *rest, "--chat", "4711")
    assert "888" in desk.refused(command, "--chat", "888", *rest)
    assert codes_in(desk.reads("registrations", "list")) == [code]
    assert list(tmp_path.glob("*.json")) == []


def test_all_that_is_held_is_written_as_json(desk: Desk, tmp_path: Path) -> None:
    made = desk.store.run(amina_and_her_words)
    by_code, by_chat, whole = (tmp_path / f"{name}.json" for name in ("code", "chat", "whole"))
    desk.reads("export-person", made.code, str(by_code))
    desk.reads("export-person", "--chat", "4711", str(by_chat))
    desk.reads("export-person", made.code, str(whole), "--everything")
    held = json.loads(by_code.read_text())
    assert held["registrations"][0]["family_name"] == AMINA.family_name
    assert [len(held[name]) for name in ("consents", "reminders")] == [1, 1]
    assert "bienvenue" not in by_code.read_text()
    assert "bienvenue Amina" in by_chat.read_text()
    assert json.loads(whole.read_text()) == json.loads(by_chat.read_text())


def test_a_person_is_not_exported_to_another_kind_of_file(desk: Desk, tmp_path: Path) -> None:
    code = desk.enrol().code
    assert ".json" in desk.refused("export-person", code, str(tmp_path / "amina.pdf"))
    assert ".json" in desk.refused("export-person", code)


# Whatever is wrong with the machine


def test_a_database_that_can_not_be_used_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "caravane.db").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "4242424242:test-token-of-no-real-bot")
    monkeypatch.setenv("CARAVANE_DATA", str(tmp_path))
    ended = CliRunner().invoke(app, ["registrations", "list"])
    assert ended.exit_code == 1
    assert ended.stderr.count("\n") == 1


def test_without_a_token_the_simulators_registrations_are_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARAVANE_DATA", str(tmp_path))
    store = Store(f"sqlite:///{tmp_path / 'simulator.db'}")
    store.migrate()
    made = store.run(enrol)
    store.close()
    printed = CliRunner().invoke(app, ["registrations", "list"]).stdout
    assert codes_in(printed) == [made.code]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_has_a_title_of_its_own(language: str) -> None:
    titles = [render(title, language) for _name, title, _width in COLUMNS]  # type: ignore[arg-type]
    assert all(isinstance(title, Text) for _name, title, _width in COLUMNS)
    assert len(set(titles)) == len(titles)
    assert all(bool(ARABIC.search(title)) == (language == "ar") for title in titles)
