"""/who, /find, /checkin, /export and /erase: people, as the desk's group sees them."""

from __future__ import annotations

import csv
import io
import json
from base64 import b64decode
from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions import privacy, registrations, retention
from actions.codes import shown
from actions.store import Store
from actions.tables import Conversation, Misread, Outbox
from bot.clerks.telling import WITHDRAWN
from bot.desk.people import MOST_FOUND
from bot.text import _
from tests.bureau import FARIDA, KARIM, LILA
from tests.conftest import FixedClock
from tests.counter import Counter, bare, fr
from tests.talk import KEEP, Talk


@pytest.fixture
async def counter(store: Store, clock: FixedClock) -> Counter:
    made = Counter(store, clock)
    await made.opens()
    return made


@pytest.fixture(params=[True, False], ids=["topics", "replies"])
async def either(request: pytest.FixtureRequest, store: Store, clock: FixedClock) -> Counter:
    """The counter in a group with topics, and in one without."""
    made = Counter(store, clock, topics=request.param)
    await made.opens()
    return made


# Who


async def test_in_a_case_who_shows_the_person_and_what_they_signed_up_with(
    either: Counter,
) -> None:
    row = either.enrolled(number="7")
    await either.case_of("7")
    told = bare(await either.commands(KARIM, "who", **either.here()))
    assert "Français" in told
    assert "lundi 5 octobre 2015" in told
    assert shown(row.code) in told
    assert "Amina Benali" in told
    assert "0661 23 45 67" in told
    assert "TS" in told


async def test_who_says_that_nobody_signed_up_and_which_cases_there_were(counter: Counter) -> None:
    amina = await counter.case_of("7")
    await counter.commands(KARIM, "close réglé", **counter.here())
    await amina.says("votre service est nul")
    told = bare(await counter.commands(KARIM, "who", **counter.here(2)))
    assert fr(_("Nobody signed up from this chat.")) in told
    assert "#1, lundi 5 octobre 2015" in told
    assert fr(_("ended by the desk")) in told


async def test_outside_a_case_who_takes_a_code_or_a_number(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.case_of("7")
    assert "Amina Benali" in await counter.commands(LILA, f"who {shown(row.code)}")
    arabic = row.code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert "Amina Benali" in await counter.commands(LILA, f"who {arabic}")
    assert "Amina Benali" in await counter.commands(LILA, "who #1")
    assert "99" in await counter.commands(LILA, "who 99")
    assert "huit chiffres" in await counter.commands(LILA, "who 1234567890")
    assert "/who 12" in bare(await counter.commands(LILA, "who"))


async def test_the_history_is_told_in_short_with_the_names_of_members(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.commands(LILA, f"checkin {row.code}")
    await counter.presses(LILA, "Est là")
    with counter.store.begin() as session:
        again = registrations.by_code(session, row.code)
        assert again is not None
        for n in range(6):
            details = registrations.Details.of(again)
            changed = details.__class__(**{**details.__dict__, "commune": f"Aïn {n}"})
            registrations.change(session, again, changed, counter.clock.now(), who="person")
    told = bare(await counter.commands(KARIM, f"who {row.code}"))
    assert "Aïn 4 → Aïn 5" in told
    assert "El Eulma → Aïn 0" not in told
    assert "Lila" in told
    assert "502" not in told and "503" not in told


# Find


@pytest.fixture
async def crowd(counter: Counter) -> Counter:
    """Some people of whom names and numbers are alike."""
    people = [
        ("Élodie", "Aït-Hamou"),
        ("أمينة", "بن يوسف"),
        ("Amina", "Benali"),
        ("Yasmine", "Benalia"),
        ("عبد القادر", "العلمي"),
    ]
    for n, (given_name, family_name) in enumerate(people):
        counter.enrolled(
            number=str(70 + n),
            given_name=given_name,
            family_name=family_name,
            phone=f"+2135500000{n:02}",
        )
    return counter


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("elodie", "Élodie"),
        ("ÉLODIE ait", "Élodie"),
        ("hamou", "Élodie"),
        ("امينه", "أمينة"),
        ("أَمِينَة", "أمينة"),
        ("القادر", "عبد القادر"),
        ("0550 00 00 02", "Amina"),
        ("+213 550-00-00-02", "Amina"),
        ("٠٥٥٠٠٠٠٠٠٢", "Amina"),
    ],
)
async def test_somebody_is_found_however_it_is_spelt(crowd: Counter, words: str, who: str) -> None:
    assert f"{who}" in await crowd.commands(KARIM, f"find {words}")


async def test_of_several_found_each_has_a_button_and_who_is_called_so_comes_first(
    crowd: Counter,
) -> None:
    found = bare(await crowd.commands(KARIM, "find benali"))
    assert found.index("Amina Benali") < found.index("Yasmine Benalia")
    card = bare(await crowd.presses(KARIM, "2"))
    assert "Yasmine Benalia" in card
    assert "0550 00 00 03" in card


async def test_a_code_finds_a_withdrawn_registration_too(crowd: Counter) -> None:
    row = crowd.registrations()[2]
    with crowd.store.begin() as session:
        again = registrations.by_code(session, row.code)
        assert again is not None
        registrations.withdraw(session, again, crowd.clock.now(), who="person")
    told = await crowd.commands(KARIM, f"find {row.code}")
    assert "Amina" in told
    assert "⚠" in told
    assert "(" in bare(await crowd.commands(KARIM, "find benali"))


async def test_more_than_fit_are_counted(counter: Counter) -> None:
    for n in range(MOST_FOUND + 3):
        counter.enrolled(number=str(n + 10), phone=f"+2135500000{n:02}")
    found = bare(await counter.commands(KARIM, "find benali"))
    assert found.count("Amina Benali") == MOST_FOUND
    assert "13" in found
    assert "3" in found.splitlines()[-2]


async def test_who_is_not_there_is_not_found_and_two_letters_are_too_few(crowd: Counter) -> None:
    for words in ("", "be", "ab ci", "%%%", "___", "zzz", "12 34"):
        told = bare(await crowd.commands(KARIM, f"find {words}"))
        assert "/find benali" in told
        assert "Amina" not in told


async def test_a_button_under_what_was_erased_says_so(crowd: Counter) -> None:
    await crowd.commands(KARIM, "find benali")
    with crowd.store.begin() as session:
        row = registrations.get(session, crowd.registrations()[2].id)
        assert row is not None
        privacy.erase_registration(session, row)
    told = await crowd.does(KARIM, kind="button", text=f"desk-find:{crowd.registrations()[-1].id}")
    assert "عبد القادر" in told
    gone = await crowd.does(KARIM, kind="button", text="desk-find:999")
    assert fr(_("This registration is there no more.")) in bare(gone)
    assert gone == await crowd.does(KARIM, kind="button", text="desk-find:9" * 5)


# Check-in


async def test_a_person_is_checked_in_once_and_the_second_is_told_by_whom(
    counter: Counter,
) -> None:
    row = counter.enrolled(number="7")
    assert "Amina Benali" in await counter.commands(KARIM, f"checkin {shown(row.code)}")
    assert "Amina Benali est là" in bare(await counter.presses(KARIM, "Est là"))
    again = bare(await counter.presses(LILA, "Est là"))
    assert "9:00" in again or "09:0" in again
    assert "Karim" in again
    assert counter.registrations()[0].checked_in_by == "clerk:502"
    await counter.commands(LILA, f"checkin {row.code}")
    assert [b for m in counter.to_group()[-1:] for r in m.buttons for b in r] == []


async def test_in_a_case_of_one_registration_the_code_may_be_left_out(counter: Counter) -> None:
    await counter.case_of("7")
    nobody = bare(await counter.commands(KARIM, "checkin", **counter.here()))
    assert "/checkin 4715 2084" in nobody
    counter.enrolled(number="7")
    assert "Amina Benali" in await counter.commands(KARIM, "checkin", **counter.here())
    assert "Amina Benali est là" in bare(await counter.presses(KARIM, "Est là"))


async def test_who_withdrew_meanwhile_is_not_checked_in(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.commands(KARIM, f"checkin {row.code}")
    with counter.store.begin() as session:
        again = registrations.by_code(session, row.code)
        assert again is not None
        registrations.withdraw(session, again, counter.clock.now(), who="person")
    assert fr(WITHDRAWN) in bare(await counter.presses(KARIM, "Est là"))


async def test_clerks_stay_unnamed_in_what_a_person_is_shown(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.commands(KARIM, f"checkin {row.code}")
    await counter.presses(KARIM, "Est là")
    with counter.store.begin() as session:
        talk = session.query(Conversation).filter_by(address="7").one()
        held = json.dumps(privacy.held(session, talk), ensure_ascii=False)
    assert "clerk" in held
    assert "502" not in held and "Karim" not in held


# Export


async def test_an_administrator_gets_the_sheet_of_a_stop(counter: Counter) -> None:
    counter.enrolled(number="7")
    counter.enrolled(number="8", given_name="Karim", stop="05", phone="+213550000000")
    await counter.commands(FARIDA, "export Sétif csv")
    (document,) = [m.document for m in counter.to_group() if m.document]
    assert document.name.endswith(".csv")
    text = b64decode(document.content).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text), delimiter=";")
    assert len(header) > 10
    assert [row[3] for row in rows] == ["Amina"]


async def test_the_sheet_is_an_excel_file_unless_csv_is_asked_for(counter: Counter) -> None:
    counter.enrolled(number="7")
    await counter.commands(FARIDA, "export")
    (document,) = [m.document for m in counter.to_group() if m.document]
    assert document.name == "caravane-2015-10-05.xlsx"
    assert b64decode(document.content).startswith(b"PK")


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("", True),
        ("19 csv", True),
        ("csv ١٩", True),
        ("étape sétif", True),
        ("wilaya 19", True),
        ("wilaya 05", False),
        ("depuis 2015-10-05", True),
        ("depuis 06/10/2015", False),
        ("05", False),
        ("nulle part", False),
        ("depuis hier", False),
    ],
)
async def test_a_sheet_is_narrowed_as_on_the_command_line(
    counter: Counter, words: str, sent: bool
) -> None:
    counter.enrolled(number="7")
    told = await counter.commands(FARIDA, f"export {words}")
    assert told
    assert bool([m for m in counter.to_group() if m.document]) == sent


async def test_an_agent_gets_no_sheet_and_erases_nobody(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    for line in ("export", f"erase {row.code}"):
        assert "administrateur" in await counter.commands(KARIM, line)
    assert not [m for m in counter.to_group() if m.document]
    told = await counter.does(KARIM, kind="button", text=f"desk-erase:code:{row.code}")
    assert "administrateur" in told
    assert counter.registrations()


async def test_a_sheet_too_long_for_a_turn_is_said_with_what_helps(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.exporting.MOST_ROWS", {".xlsx": 1, ".csv": 2})
    for n in (7, 8):
        counter.enrolled(number=str(n), phone=f"+21355000000{n}")
    told = bare(await counter.commands(FARIDA, "export"))
    assert "/export csv" in told
    await counter.commands(FARIDA, "export csv")
    assert [m.document.name for m in counter.to_group() if m.document] == [
        "caravane-2015-10-05.csv"
    ]


async def test_a_sheet_that_was_sent_is_not_kept(counter: Counter) -> None:
    counter.enrolled(number="7")
    await counter.commands(FARIDA, "export csv")
    counter.store.run(lambda s: retention.sweep(s, counter.clock.now(), KEEP))
    with counter.store.begin() as session:
        kept = session.query(Outbox).filter_by(subject=registrations.SHEET).one()
        assert kept.payload == {}


# Erase


async def words_about_amina(counter: Counter) -> Talk:
    """Let Amina be seen wherever staff may see her; return her side of the chat."""
    row = counter.enrolled(number="7")
    amina = await counter.case_of("7")
    await amina.says("mon nom est Amina Benali")
    await counter.commands(KARIM, "take", **counter.here())
    await counter.says(KARIM, "Bonjour Amina", **counter.here())
    await counter.says(LILA, "Amina a appelé", **counter.here())
    await counter.commands(KARIM, "who", **counter.here())
    await counter.commands(KARIM, f"find {row.code}")
    counter.enrolled(number="8", given_name="Yasmine", phone="+213550000008")
    await counter.commands(KARIM, "find benali")
    await counter.commands(FARIDA, "export csv")
    with counter.store.begin() as session:
        session.add(
            Misread(
                conversation_id=counter.chat_number("7"),
                at=counter.clock.now(),
                text="Amina",
                language="fr",
                ranking={},
            )
        )
    assert "Amina" in counter.everything()
    return amina


async def test_everything_about_a_person_is_erased_with_the_case_and_its_topic(
    either: Counter,
) -> None:
    await words_about_amina(either)
    thread = either.thread(1)
    await either.commands(FARIDA, "erase", **either.here())
    before = len(either.wire.sent)
    told = bare(await either.presses(FARIDA, "Oui, tout effacer"))
    assert "1 inscription" in told
    assert "Amina" not in told and "Amina" not in either.everything()
    assert "661234567" not in either.everything()
    assert either.wire.sent[before:][-1][1].thread == ""
    deeds = [(m.deed, m.thread) for _to, m in either.wire.sent[before:] if m.deed]
    assert deeds == ([("delete", thread)] if either.wire.standing.topics else [])
    assert [row.given_name for row in either.registrations()] == ["Yasmine"]
    again = await either.does(FARIDA, kind="button", text="desk-erase:case:1")
    assert fr(_("Nothing of it is left: it is erased already.")) in bare(again)


async def test_nothing_is_erased_without_a_yes(counter: Counter) -> None:
    counter.enrolled(number="7")
    await counter.case_of("7")
    await counter.commands(FARIDA, "erase", **counter.here())
    assert "rien" in await counter.presses(FARIDA, _("No, keep it"))
    assert len(counter.registrations()) == 1
    assert counter.case().status == "waiting"


async def test_a_registration_is_erased_by_its_code_and_its_chat_stays(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.commands(FARIDA, f"erase {shown(row.code)}")
    assert "1 inscription" in await counter.presses(FARIDA, _("Yes, the registration"))
    assert counter.registrations() == []
    assert counter.chat_number("7")
    assert "Amina" not in counter.everything()
    again = bare(await counter.presses(FARIDA, _("Yes, the registration")))
    assert fr(_("Nothing of it is left: it is erased already.")) in again


async def test_what_a_case_shows_of_a_registration_goes_with_it(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.case_of("7")
    await counter.commands(KARIM, "who", **counter.here())
    await counter.commands(FARIDA, f"erase {row.code}")
    await counter.presses(FARIDA, _("Yes, the registration"))
    assert "Amina" not in counter.everything()
    assert counter.case().status == "waiting"


async def test_without_topics_a_reply_to_the_card_in_a_case_reaches_the_person(
    store: Store, clock: FixedClock
) -> None:
    counter = Counter(store, clock, topics=False)
    await counter.opens()
    counter.enrolled(number="7")
    await counter.case_of("7")
    await counter.commands(KARIM, "who", **counter.here())
    await counter.says(KARIM, "Tout est là", answers=str(len(counter.wire.sent)))
    assert "👥 Tout est là" in [
        line.text for to, m in counter.wire.sent if to.id == "7" for line in m.lines
    ]


async def test_a_code_leads_to_the_whole_chat_where_it_is_one_persons(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.case_of("7")
    await counter.commands(FARIDA, f"erase {row.code}")
    counter.enrolled(number="7", given_name="Lina", phone="+213550000009")
    asked = await counter.presses(FARIDA, _("Yes, and the chat too"))
    assert "Amina" in asked  # it is not one person's any more, so it is asked again
    assert len(counter.registrations()) == 2
    with counter.store.begin() as session:
        lina = session.merge(counter.registrations()[1])
        privacy.erase_registration(session, lina)
    await counter.commands(FARIDA, f"erase {row.code}")
    await counter.presses(FARIDA, _("Yes, and the chat too"))
    with counter.store.begin() as session:
        assert session.query(Conversation).filter_by(address="7").count() == 0


async def test_who_erases_themselves_is_gone_from_the_group_as_well(counter: Counter) -> None:
    amina = await words_about_amina(counter)
    thread = counter.thread(1)
    await amina.commands("menu")
    await amina.commands("supprimer")
    await amina.taps("Oui, tout effacer")
    amina.sweep()
    held = counter.everything()
    assert "Amina" not in held
    assert ("delete", thread) in [(m.deed, m.thread) for _to, m in counter.wire.sent]


async def test_a_person_is_shown_their_cases_and_what_was_not_understood(
    counter: Counter,
) -> None:
    amina = await words_about_amina(counter)
    with counter.store.begin() as session:
        talk = session.query(Conversation).filter_by(address="7").one()
        held = privacy.held(session, talk)
    assert [(case["why"], case["status"]) for case in held["cases"]] == [("asked", "taken")]
    assert [message["text"] for message in held["not_understood"]] == ["Amina"]
    await amina.commands("menu")
    await amina.commands("mesdonnees")
    pages = [m.document for to, m in counter.wire.sent if to.id == "7" and m.document]
    for title in (_("Cases at the desk"), _("Messages I did not understand")):
        assert f"<h2>{escape(fr(title))}</h2>" in pages[0].content


async def test_what_staff_write_of_others_is_left(counter: Counter) -> None:
    await counter.case_of("7")
    await counter.case_of("8")
    for case in (1, 2):
        await counter.says(KARIM, f"pour le dossier {case}", **counter.here(case))
    await counter.commands(FARIDA, "erase", **counter.here(1))
    await counter.presses(FARIDA, "Oui, tout effacer")
    held = counter.everything()
    assert "pour le dossier 1" not in held
    assert "pour le dossier 2" in held


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(words=st.text(max_size=40))
def test_any_words_are_searched_for_without_harm(store: Store, words: str) -> None:
    """Whatever is typed is compared as letters, never as a pattern."""
    from bot.desk.people import _STEADY  # noqa: PLC0415
    from bot.questions import plain  # noqa: PLC0415

    orders = ["".join(_STEADY.findall(word)) for word in plain(words).split()]
    with store.begin() as session:
        assert list(registrations.names_with(session, orders)) == []
