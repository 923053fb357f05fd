"""Staff change the tour: in words or with a file, seen before and after, told to those who wait."""

from __future__ import annotations

import csv
import datetime as dt
import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import delete, select

from actions.messages import LANGUAGES, Address, Attachment, Inbound, Language, Sender
from actions.store import Session, Store, StoreError
from actions.tables import Action, Base, Destination, Member, Outbox, StopChange, Subscription
from actions.tables import Desk as DeskRow
from actions.timetable import Timetable
from bot.assistant import make_reminders
from bot.desk.exchange import DeskExchange
from bot.desk.stop_given import Given, UnclearError, stop_given, table_given
from bot.desk.tour import StopCommand, StopsCommand
from bot.desk.uploads import MOST_LINES, UnreadableError, rows_of
from bot.housekeeping import Housekeeper
from bot.knowledge import Facts
from bot.reminders import BATCH, Reminders
from bot.text import Say, Text, render, say
from tests.conftest import FixedClock
from tests.house import KEEP, House, at
from tests.signing_up import bare
from tests.talk import FACTS
from tests.test_stops import buttons, told

BATNA = "05 2015-10-12 2015-10-13 “place du 1er Novembre” 09:00-16:00"
GROUP = Address("telegram", "-100")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class Listening(DeskExchange):
    """Keeps what is answered as it is marked in the code, in English."""

    said: list[Say] = field(default_factory=list)

    def tell(self, *says: Say | Text, to: Language | None = None) -> None:
        super().tell(*says, to=to)
        self.said.extend(say(one) if isinstance(one, Text) else one for one in says)


class Office:
    """The desk's commands on the tour, and a process that reminds people."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.store = house.store
        self.process()
        self.buttons: dict[str, str] = {}
        self.store.run(self._open)

    def _open(self, session: Session) -> None:
        session.add(DeskRow(channel="telegram", chat=GROUP.id, language="fr", opened_at=at(1, 9)))
        for user, role in (("1", "administrator"), ("2", "agent"), ("3", "administrator")):
            session.add(
                Member(channel="telegram", user=user, name="K", role=role, joined_at=at(1, 9))
            )

    def process(self) -> Housekeeper:
        """Start a process of its own, with the tour as the programme has it; all go on with it."""
        self.facts: Facts = replace(FACTS, timetable=Timetable(FACTS.timetable.base))
        reminders = make_reminders(self.facts)
        self.commands = {
            "stop": StopCommand(self.facts, reminders),
            "stops": StopsCommand(self.facts, reminders),
        }
        self.house.reminders = reminders
        self.house.housekeeper = Housekeeper(
            self.house.database, self.house.clock, reminders, KEEP, self.house.housekeeper.wake
        )
        return self.house.housekeeper

    def does(self, command: str, deed: str, words: str, user: str, **more: Any) -> str:
        def turn(session: Session) -> Listening:
            content = more.pop("content", None)
            message = Inbound(
                "1", GROUP, "command", words, command, sender=Sender(user, "K"), **more
            )
            x = Listening(
                session=session,
                message=message,
                now=self.house.clock.now(),
                desk=session.scalars(select(DeskRow)).one(),
                member=session.scalars(select(Member).where(Member.user == user)).one(),
                case=None,
                content=content,
            )
            getattr(self.commands[command], deed)(x, words)
            return x

        x = self.store.run(turn)
        self.stops_changed = x.stops_changed
        assert x.outgoing
        for _to, message, _subject in x.outgoing:
            assert all(len(b.data.encode()) <= 64 for row in message.buttons for b in row)
        self.buttons |= buttons(x.said)
        return told(x.said)

    def says(self, command: str, words: str = "", user: str = "1") -> str:
        """Write a command in the group; return what is answered."""
        return self.does(command, "run", words, user)

    def taps(self, label: str, user: str = "1") -> str:
        """Tap the newest button whose label begins like this."""
        data = next(data for name, data in self.buttons.items() if name.startswith(label))
        name, _sep, what = data.removeprefix("desk-").partition(":")
        return self.does(name, "pressed", what, user)

    def uploads(self, content: bytes | None, user: str = "1", name: str = "tour.csv") -> str:
        """Send a file with the words /stops."""
        file = Attachment("f", name, len(content or b""))
        return self.does("stops", "run", "", user, content=content, file=file)

    def begin_anew(self) -> None:
        """Forget everything, and start again in the morning of the 5th."""

        def forget(session: Session) -> None:
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(delete(table))

        self.store.run(forget)
        self.store.run(self._open)
        self.house.clock.moment = at(5, 9)
        self.process()

    def news(self) -> list[Outbox]:
        """Return the news of stops that was put on its way so far."""
        mine = Outbox.subject.startswith("change:")
        return self.store.run(
            lambda s: list(s.scalars(select(Outbox).where(mine).order_by(Outbox.id)))
        )

    def changes(self) -> list[str]:
        """Return the changes in force, with those replaced since."""
        return self.store.run(
            lambda s: [
                f"{row.wilaya} {row.status}"
                for row in s.scalars(select(StopChange).order_by(StopChange.id))
                if row.status in ("announced", "cancelled")
            ]
        )


@pytest.fixture
def office(store: Store) -> Iterator[Office]:
    house = House(store, FixedClock(at(5, 9)))
    yield Office(house)
    house.close()


# -- announce, move, cancel ----------------------------------------------------------------------


async def test_a_stop_is_announced_after_a_yes_and_told_to_who_waits_for_it(
    office: Office,
) -> None:
    house = office.house
    chat = house.chat()
    house.wish(chat, wilaya="05")
    house.wish(house.chat("8"), wilaya="19")
    assert await house.at(at(5, 10)) == []
    asked = office.says("stop", BATNA)
    assert "Before: " in asked
    assert "2015-10-12 to 2015-10-13, “place du 1er Novembre”, 09:00 to 16:00" in asked
    assert "1 person is told of it." in asked
    assert office.changes() == []
    assert await house.at(at(5, 11)) == []
    done = office.taps("✅")
    assert office.stops_changed
    assert "1 person is told of it." in done
    [news] = await house.at(at(5, 12))
    for part in ("Batna", "12 octobre", "place du 1er Novembre", "09:00"):
        assert part in bare(news)
    assert await house.at(at(5, 13)) == []
    [reminder] = await house.at(at(11, 18))
    assert "Rappel" in reminder
    assert office.store.run(lambda s: s.scalars(select(Action.what)).all()) == ["stop_announced"]


async def test_a_stop_that_moves_and_then_is_cancelled_is_told_each_time_once(
    office: Office,
) -> None:
    house = office.house
    house.wish(house.chat(), wilaya="19")
    await house.at(at(5, 10))
    assert "Change the stop" in office.says("stop", "سطيف ٢٠/١٠/٢٠١٥")
    office.taps("✅")
    [news] = await house.at(at(5, 11))
    assert "20 octobre" in bare(news)
    assert "place de la poste centrale" in bare(news)
    assert "Cancel the stop" in office.says("stop", "Sétif الغاء")
    assert "1 person" in office.taps("✅")
    [news] = await house.at(at(5, 12))
    assert "cancelled" in news or "annul" in news
    assert house.outbox() == []
    assert await house.at(at(19, 18)) == []
    office.says("stop", "19 2015-10-25")
    assert "1 person" in office.taps("✅")
    assert len(await house.at(at(20, 9))) == 1


async def test_at_night_it_is_said_that_people_are_told_in_the_morning(office: Office) -> None:
    house = office.house
    house.wish(house.chat(), wilaya="05")
    await house.at(at(5, 23))
    assert "Not at night" in office.says("stop", BATNA)
    office.taps("✅")
    assert await house.at(at(5, 23, 30)) == []
    assert len(await house.at(at(6, 8))) == 1


async def test_several_processes_tell_everyone_once(office: Office) -> None:
    house = office.house
    others = [office.process() for _n in range(2)]
    for n in range(25):
        house.wish(house.chat(str(n)), wilaya="05")
    await house.at(at(5, 10))
    assert "25 people are told of it." in office.says("stop", BATNA)
    office.taps("✅")
    house.clock.moment = at(5, 11)
    for process in (*others, house.housekeeper):
        await process.once()
    assert len(await house.sends()) == 25


async def test_whatever_staff_change_while_people_are_told_each_change_is_told_once(
    office: Office,
) -> None:
    house = office.house
    processes = [office.process() for _n in range(3)]
    people = 2 * BATCH + 5
    for n in range(people):
        house.wish(house.chat(str(n)), wilaya="05")
    await house.at(at(5, 10))
    for process in processes:
        await process.once()
    house.clock.moment = at(5, 11)
    done = Event()

    def tells(reminders: Reminders) -> None:
        while not done.wait(0.01):  # SQLite lets whoever asks next begin, not who waits longest
            with suppress(StoreError):  # two that wait for each other: the housekeeper looks again
                office.store.run(lambda s: reminders.sync(s, at(5, 11)))

    with ThreadPoolExecutor(len(processes)) as pool:
        busy = [pool.submit(tells, process.reminders) for process in processes]
        try:
            for words in ("05 2015-10-12", "05 2015-10-20", "05 2015-10-24"):
                office.says("stop", words)
                office.taps("✅")
        finally:
            done.set()  # else a failure here would wait for the threads for ever
        for thread in busy:
            thread.result()
    await house.housekeeper.once()
    told_of: dict[str, list[str]] = {}
    for row in office.news():
        told_of.setdefault(row.key, []).append(str(row.payload) + row.status)
    assert len(told_of) == people
    for messages in told_of.values():
        assert len(messages) <= 3
        assert "24 octobre" in messages[-1]
        assert [message.endswith("queued") for message in messages].count(True) == 1


async def test_a_process_that_starts_later_knows_the_tour_and_tells_nobody_again(
    office: Office,
) -> None:
    house = office.house
    house.wish(house.chat(), wilaya="05")
    await house.at(at(5, 10))
    office.says("stop", BATNA)
    office.taps("✅")
    assert len(await house.at(at(5, 11))) == 1
    office.process()
    assert await house.at(at(5, 12)) == []
    assert "2015-10-12" in office.says("stop", "05")


def test_before_the_yes_nothing_is_known_of_it_and_after_a_no_neither(office: Office) -> None:
    office.says("stop", BATNA)
    assert "date not announced" in office.says("stop", "05")
    assert "nothing changes" in office.taps("✖️")
    assert "not wanted" in office.taps("✅")
    assert office.changes() == []


def test_a_yes_given_twice_is_done_once(office: Office) -> None:
    office.says("stop", BATNA)
    office.taps("✅")
    assert "done already" in office.taps("✅", user="3")
    assert "done already" in office.taps("✖️")
    assert office.changes() == ["05 announced"]


def test_a_yes_survives_a_restart(office: Office) -> None:
    office.says("stop", BATNA)
    office.process()
    assert "It is done" in office.taps("✅")


def test_a_yes_to_what_changed_meanwhile_does_nothing(office: Office) -> None:
    office.says("stop", BATNA)
    mine = office.buttons.copy()
    office.says("stop", "05 2015-10-20", user="3")
    office.taps("✅", user="3")
    office.buttons = mine
    assert "changed since I asked" in office.taps("✅")
    assert office.changes() == ["05 announced"]
    assert "2015-10-20" in office.says("stop", "05")


def test_a_yes_that_comes_after_the_days_does_nothing(office: Office) -> None:
    office.says("stop", BATNA)
    office.house.clock.moment = at(14, 9)
    assert "past by now" in office.taps("✅")
    assert office.changes() == []


def test_a_button_nobody_can_make_sense_of_changes_nothing(office: Office) -> None:
    for what in ("yes:99-99", "yes:", "no:a-b", "maybe:1-1", "", f"yes:{'9' * 30}-1"):
        assert "no longer know" in office.does("stop", "pressed", what, "1")


def test_what_is_so_already_needs_no_yes(office: Office) -> None:
    office.says("stop", BATNA)
    office.taps("✅")
    assert "nothing to change" in office.says("stop", BATNA)


def test_only_the_place_or_the_hours_can_change(office: Office) -> None:
    office.says("stop", BATNA)
    office.taps("✅")
    asked = office.says("stop", "Batna 10h-17h")
    after = asked.partition("After:")[2]
    for part in ("2015-10-12", "place du 1er Novembre", "10:00 to 17:00"):
        assert part in after
    office.taps("✅")
    assert "10:00" in office.says("stop", "05")


def test_two_stops_on_the_same_days_are_pointed_out(office: Office) -> None:
    assert "⚠️" in office.says("stop", "05 2015-10-13 2015-10-14")
    assert "⚠️" not in office.says("stop", "05 2015-10-12 2015-10-13")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "Which stop?"),
        ("Atlantide 2015-10-12", "no wilaya “Atlantide”"),
        ("99 2015-10-12", "no wilaya “99”"),
        ("05 2015-10-32", "“2015-10-32” is no day"),
        ("05 2015-10-13 2015-10-12", "before the first"),
        ("05 2015-10-01 2015-10-04", "is past"),
        ("05 2051-10-12", "very long or very far"),
        ("05 2015-10-12 2015-12-12", "very long or very far"),
        ("05 2015-10-12 2015-10-13 2015-10-14", "one or two days"),
        ("05 2015-10-12 place de la gare", "I don't understand “place la gare”"),
        ("05 2015-10-12 “place", "A quote is missing"),
        ("05 2015-10-12 16:00-09:00", "are no hours"),
        ("05 2015-10-12 25:00", "are no hours"),
        ("05 “place”", "no day yet"),
        ("05 cancel 2015-10-12", "not both"),
        ("60 annuler", "no stop in"),
        (f"05 2015-10-12 “{'a' * 201}”", "too long"),
    ],
)
def test_what_is_not_clear_is_said_with_an_example(
    office: Office, words: str, problem: str
) -> None:
    answer = office.says("stop", words)
    assert problem in answer
    assert "/stop" in answer
    assert office.store.run(lambda s: s.scalars(select(StopChange)).all()) == []


# -- who is told ---------------------------------------------------------------------------------


async def test_the_number_shown_is_the_number_told(office: Office) -> None:
    house = office.house
    shared = house.chat("1")
    for name in ("Amine", "Yasmine"):
        house.wish(shared, house.register(shared, name, "05"), "05")
    house.wish(house.chat("2"), wilaya="05")
    ended = house.wish(house.chat("3"), wilaya="05")
    gone = house.chat("4")
    house.wish(gone, wilaya="05")
    moved = house.chat("5")
    house.wish(moved, house.register(moved, "Nour", "19"), "05")
    house.wish(house.chat("6"), wilaya="19")
    house.register(house.chat("7"), "Sami", "05")
    await house.at(at(5, 10))

    def meanwhile(session: Session) -> None:
        session.get_one(Subscription, ended).ended_at = at(5, 10)
        session.add(Destination(key="telegram:4", gone_at=at(5, 10)))

    office.store.run(meanwhile)
    assert "2 people are told of it." in office.says("stop", BATNA)
    assert "2 people are told of it." in office.taps("✅")
    assert len(await house.at(at(5, 11))) == 2


async def test_a_mistake_put_right_at_night_is_told_to_nobody(office: Office) -> None:
    house = office.house
    house.wish(house.chat(), wilaya="19")
    await house.at(at(5, 20))
    office.says("stop", "19 2015-10-20")
    assert "1 person" in office.taps("✅")
    await house.at(at(5, 22))
    assert "Nobody" in office.says("stop", "19 2015-10-14 2015-10-15")
    office.taps("✅")
    assert await house.at(at(6, 9)) == []


WISHES = st.lists(
    st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from(["05", "19", "60"]), st.booleans()),
    min_size=1,
    max_size=6,
)
MOVES = st.sampled_from(
    [
        *("05 2015-10-12", "05 2015-10-20", "05 cancel", "19 2015-10-14 2015-10-15"),
        *("19 annuler", "19 2015-10-09", "19 “la gare”", "60 2015-10-21", "60 cancel"),
    ]
)
HOURS = st.sampled_from([0, 1, 3, 12, 30])


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(wishes=WISHES, moves=st.lists(st.tuples(MOVES, HOURS, st.booleans()), max_size=5))
async def test_whoever_waits_and_whatever_moves_the_number_shown_is_the_number_told(
    office: Office, wishes: list[tuple[str, str, bool]], moves: list[tuple[str, int, bool]]
) -> None:
    office.begin_anew()
    house = office.house
    for chat, wilaya, signed_up in wishes:
        talk = house.chat(chat)
        house.wish(talk, house.register(talk, "A", wilaya) if signed_up else None, wilaya)
    await house.at(at(5, 17))
    for move, hours, sends in moves:
        house.clock.moment += dt.timedelta(hours=hours)
        await house.housekeeper.once()
        if sends:
            await house.sends()
        if "Shall I do it?" not in office.says("stop", move):
            continue
        before = {row.id for row in office.news()}
        done = office.taps("✅ Yes")
        shown = int(next((word for word in done.split() if word.isdecimal()), "0"))
        await house.housekeeper.once()
        told_now = {row.key for row in office.news() if row.id not in before}
        assert len(told_now) == shown


# -- the list ------------------------------------------------------------------------------------


def test_everyone_sees_the_stops_the_soonest_first_and_page_by_page(office: Office) -> None:
    office.says("stop", BATNA)
    office.taps("✅")
    office.says("stop", "12 cancel")
    office.taps("✅")
    first = office.says("stops", user="2")
    assert first.index("👉 41 Souk Ahras") < first.index("✅ 05 Batna") < first.index("📰 19 Sétif")
    assert first.index("📰 19 Sétif") < first.index("▫️ 40 Khenchela")
    assert "Skikda" not in first
    second = office.taps("➡️", user="2")
    assert "❌ 12 Tébessa" in second
    assert "Sétif" not in second
    assert first.splitlines()[1:3] == office.taps("⬅️", user="2").splitlines()[1:3]


def test_after_the_tour_the_list_is_empty_and_says_how_to_announce(office: Office) -> None:
    office.house.clock.moment = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    answer = office.says("stops")
    assert answer.startswith("0 stop")
    assert "/stop 05" in answer


# -- files ---------------------------------------------------------------------------------------

TITLES = ("wilaya", "premier jour", "dernier jour", "lieu", "horaires")
LINES = (
    ("05", "2015-10-12", "2015-10-13", "place du 1er Novembre; centre", "09:00-16:00"),
    ("Sétif", "20/10/2015", "", "", ""),
    ("الجلفة", "25/11/2015", "26/11/2015", "وسط المدينة", ""),
)


def as_csv(*lines: Sequence[object], titles: Sequence[str] = TITLES, delimiter: str = ";") -> str:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([titles, *lines])
    return written.getvalue()


def as_xlsx(*lines: Sequence[object], titles: Sequence[str] = TITLES) -> bytes:
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet
    for line in (titles, *lines):
        sheet.append(list(line))
    book.save(written)
    return written.getvalue()


async def test_a_file_changes_everything_in_it_after_one_yes(office: Office) -> None:
    house = office.house
    for chat, wilaya in (("1", "05"), ("1", "19"), ("2", "19"), ("3", "20")):
        house.wish(house.chat(chat), wilaya=wilaya)
    await house.at(at(5, 10))
    asked = office.uploads(as_csv(*LINES).encode())
    assert "3 stops would change" in asked
    assert "2 people are told of it." in asked
    assert office.changes() == []
    assert "It is done" in office.taps("✅")
    assert office.changes() == ["05 announced", "19 announced", "17 announced"]
    assert len(await house.at(at(5, 11))) == 3  # one of the two waits for two stops
    again = office.uploads(as_csv(*LINES).encode())
    assert "nothing to change" in again
    more = ("12", "2015-10-07", "", "", "")
    assert "3 stops stay as they are" in office.uploads(as_csv(*LINES, more).encode())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_however_excel_wrote_it(delimiter: str, encoding: str) -> None:
    rows = rows_of(as_csv(*LINES, delimiter=delimiter).encode(encoding))
    given = [stop for _line, stop in table_given(FACTS, rows).stops]
    assert [stop.wilaya for stop in given] == ["05", "19", "17"]
    assert given[0].place == "place du 1er Novembre; centre"
    assert given[1].first == day("2015-10-20")


def test_a_csv_in_the_windows_of_algeria_is_read_in_both_languages() -> None:
    arabic = as_csv(("سطيف", "20/10/2015"), titles=("الولاية", "أول يوم")).encode("cp1256")
    french = as_csv(("Sétif", "20/10/2015", "", "médiathèque"), titles=TITLES).encode("cp1252")
    for content in (arabic, french):
        [(_line, stop)] = table_given(FACTS, rows_of(content)).stops
        assert (stop.wilaya, stop.first) == ("19", day("2015-10-20"))
    assert stop.place == "médiathèque"


def test_an_excel_workbook_is_read_with_its_days_and_numbers() -> None:
    content = as_xlsx(
        (5, at(12, 0).replace(tzinfo=None), dt.date(2015, 10, 13), " la gare ", "9h-16h"),
        (19.0, "2015-10-20", None, None, dt.time(9)),
        (None, None, None, None, None),
        titles=("Wilaya", "First day", "Last day", "Place", "Hours"),
    )
    assert [stop for _line, stop in table_given(FACTS, rows_of(content)).stops] == [
        Given("05", day("2015-10-12"), day("2015-10-13"), "la gare", "09:00-16:00"),
        Given("19", day("2015-10-20"), None, "", "09:00"),
    ]


def test_what_is_wrong_is_said_by_line_and_nothing_is_kept(office: Office) -> None:
    lines = (
        LINES[0],
        ("Atlantide", "2015-10-12"),
        ("19", "2015-02-30"),
        ("19", ""),
        ("05", "2015-10-20"),
        ("12", "2015-10-01"),
        ("40", "2015-10-12", "2015-10-11"),
        ("04", "2015-10-12", "", "", "tôt"),
    )
    answer = office.uploads(as_csv(*lines).encode())
    assert "7 lines are not right" in answer
    assert "Nothing was changed" in answer
    told = [line for line in answer.splitlines() if line.startswith("Line ")]
    problems = ("Atlantide", "is no day", "first day is missing", "line 2 already", "is past",
                "before the first", "are no hours")  # fmt: skip
    for number, (line, problem) in enumerate(zip(told, problems, strict=True), start=3):
        assert line.startswith(f"Line {number}: ")
        assert problem in line
    assert office.store.run(lambda s: s.scalars(select(StopChange)).all()) == []


def test_a_column_that_says_nothing_of_a_stop_is_named(office: Office) -> None:
    content = as_csv(("05", "2015-10-12", "x"), titles=("wilaya", "date", "remarques")).encode()
    assert "do not read: remarques" in office.uploads(content)


def test_only_administrators_send_files(office: Office) -> None:
    assert "administrator" in office.uploads(as_csv(*LINES).encode(), user="2")
    assert office.store.run(lambda s: s.scalars(select(StopChange)).all()) == []


def test_a_file_that_could_not_be_fetched_is_asked_for_again(office: Office) -> None:
    assert "Send it again" in office.uploads(None)


def bomb() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    return written.getvalue()


def lying_bomb() -> bytes:
    """Return the bomb with a part that says it is small."""
    content = bytearray(bomb())
    for signature, at_ in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + at_
        content[start : start + 4] = struct.pack("<I", 1000)
    return bytes(content)


def far_cell() -> bytes:
    book, written = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet
    sheet["A1"], sheet["XFD1048576"] = "wilaya", "x"
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"hello", "names the columns"),
        (b"wilaya;lieu\n05;x", "names the columns"),
        (b"wilaya;wilaya;date\n05;05;2015-10-12", "names the columns"),
        (b"wilaya;date\n", "holds no stop"),
        (b"\x00\x01\x02binary", "no table"),
        (b"\xd0\xcf\x11\xe0 old", "old Excel"),
        (b"PK\x03\x04 not a zip", "no Excel workbook"),
        (as_xlsx()[:2000], "no Excel workbook"),
        (bomb(), "too large"),
        (lying_bomb(), "no Excel workbook"),
        (far_cell(), f"more than {MOST_LINES} lines"),
        (b"wilaya;date\n" + b"05;2015-10-12\n" * 501, f"more than {MOST_LINES} lines"),
        (b"x" * 1_000_001, "too large"),
        (b'wilaya;date\n"05' + b"5" * 200_000, "can't be read"),
    ],
)
def test_a_file_that_is_no_tour_is_refused_kindly(
    office: Office, content: bytes, problem: str
) -> None:
    answer = office.uploads(content)
    assert problem in answer
    assert office.changes() == []


# -- whatever is written -------------------------------------------------------------------------

QUOTED = st.sampled_from(['"{}"', "“{}”", "«{}»", "« {} »", "„{}”", '“{}"'])
PLACES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).filter(
    lambda text: not any(q in text for q in '"«»“”„‟″')
)
FORMS = st.sampled_from(["{:%Y-%m-%d}", "{:%d/%m/%Y}", "{:%d.%m.%Y}"])
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(
    wilaya=st.sampled_from(sorted(FACTS.geography.wilayas.values(), key=lambda w: w.code)),
    called=st.sampled_from(["code", "fr", "ar"]),
    first=st.dates(day("2015-10-05"), day("2017-01-01")),
    form=FORMS,
    place=PLACES,
    quoted=QUOTED,
    digits=st.sampled_from([{}, ARABIC_INDIC]),
    order=st.permutations(["days", "place", "hours"]),
)
def test_a_stop_is_read_in_any_order_with_any_quotes_and_digits(
    *,
    wilaya: Any,
    called: str,
    first: dt.date,
    form: str,
    place: str,
    quoted: str,
    digits: dict[int, int],
    order: list[str],
) -> None:
    last = first + dt.timedelta(1)
    parts = {
        "days": f"{form.format(first)} {form.format(last)}".translate(digits),
        "place": quoted.format(place),
        "hours": "09:00-16:30".translate(digits),
    }
    words = " ".join([getattr(wilaya, called), *(parts[name] for name in order)])
    assert stop_given(FACTS, words) == Given(wilaya.code, first, last, place, "09:00-16:30")


@given(st.text() | st.text('05/-: "“”hبم2015\n', max_size=40))
def test_any_words_are_understood_or_refused_in_a_sentence(words: str) -> None:
    try:
        assert stop_given(FACTS, words).wilaya in FACTS.geography.wilayas
    except UnclearError as unclear:
        assert all(render(unclear.sentence, language) for language in LANGUAGES)


@given(st.binary() | st.binary().map(lambda tail: b"wilaya;date\n" + tail))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    try:
        table = table_given(FACTS, rows_of(content))
    except (UnreadableError, UnclearError) as refused:
        assert all(render(refused.sentence, language) for language in LANGUAGES)
    else:
        assert all(stop.wilaya in FACTS.geography.wilayas for _line, stop in table.stops)
