"""/register: somebody signed up by staff, in their own chat or from a signed sheet of paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.codes import shown
from actions.messages import LANGUAGES, Language
from actions.store import Store
from actions.tables import Change, Consent, Inbox, Registration
from bot.desk.on_paper import EXAMPLES, PaperForm
from bot.flows.registration.flow import RegistrationFlow
from bot.text import _, render
from nlu.client import Understanding
from tests.bureau import FARIDA, KARIM, LILA
from tests.conftest import FixedClock
from tests.counter import Counter, bare, fr
from tests.talk import FACTS, KEEP, Talk

Understand = Callable[[str], Understanding]

GIVEN = "Amina Benali, 14/05/1991, El Eulma Sétif, 0661 23 45 67, fibre optique"
SHEET = """\
Prénom : Amina
Nom : Benali
Naissance : 14/05/1991
Wilaya : Sétif
Commune : El Eulma
Téléphone : 0661 23 45 67
Situation : sans emploi, inscrite à l'ANEM
Diplôme : TS en électricité
Projet : fibre optique"""
ARABIC = """\
الاسم : أمينة
اللقب : بن علي
تاريخ الميلاد : ١٤ ماي ١٩٩١
الولاية : سطيف
البلدية : العلمة
الهاتف : ٠٦٦١٢٣٤٥٦٧
الوضعية : بطالة مسجلة في لانام
المؤهل : تقني سامي في الكهرباء
المشروع : الألياف البصرية"""
TODAY = dt.date(2015, 10, 5)


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


@pytest.fixture(scope="module")
def paper() -> PaperForm:
    flow = RegistrationFlow(
        FACTS.programme, FACTS.geography, FACTS.timetable, KEEP, lambda below: 0
    )
    return PaperForm(FACTS, flow)


def sheet(**changed: str) -> str:
    """Return Amina's sheet with some lines changed, or left out where they are empty."""
    lines = dict(line.split(" : ") for line in SHEET.split("\n"))
    lines |= changed
    return "\n".join(f"{label} : {value}" for label, value in lines.items() if value)


def only(counter: Counter) -> Registration:
    (row,) = counter.registrations()
    return row


async def asks(counter: Counter, understand: Understand) -> Talk:
    """Let someone whose words are really understood ask for a person."""
    person = counter.guest("7", understand)
    await person.says("je veux parler à quelqu'un")
    return person


# In the person's chat


async def test_the_form_opens_in_the_chat_and_staffs_facts_are_read_after_the_consent(
    either: Counter, understand: Understand
) -> None:
    amina = await asks(either, understand)
    await either.commands(KARIM, f"register {GIVEN}", **either.here())
    assert either.owner("7") == "bot"
    assert either.case().status == "taken"
    assert "Vos données" in "\n".join(
        line.text for to, m in either.wire.sent if to.id == "7" for line in m.lines
    )
    asked = bare(await amina.taps("J'accepte"))
    assert "situation" in asked
    await amina.says("sans emploi, inscrite à l'ANEM")
    await amina.says("TS en électricité")
    await amina.taps("Envoyer")
    row = only(either)
    assert (row.given_name, row.family_name, row.commune) == ("Amina", "Benali", "El Eulma")
    assert (row.phone, row.trade, row.birth_date) == (
        "+213661234567",
        "fibre",
        dt.date(1991, 5, 14),
    )
    assert row.conversation_id == either.chat_number("7")
    assert not either.store.run(lambda s: s.query(Consent).one()).on_paper


async def test_nothing_of_what_staff_gave_is_in_the_form_before_the_consent(
    counter: Counter, understand: Understand
) -> None:
    amina = await asks(counter, understand)
    await counter.commands(KARIM, f"register {GIVEN}", **counter.here())
    with counter.store.begin() as session:
        inbox = [str(row.payload) for row in session.query(Inbox)]
    assert sum("0661 23 45 67" in payload for payload in inbox) == 1
    assert "661234567" not in counter.everything()
    await amina.taps("Non, merci")
    assert "+213661234567" not in counter.everything()
    assert counter.registrations() == []


async def test_of_a_minor_not_even_what_staff_wrote_is_kept(
    counter: Counter, understand: Understand
) -> None:
    amina = await asks(counter, understand)
    await counter.commands(KARIM, "register Lina Benali, 14/05/2003, Sétif", **counter.here())
    await amina.taps("J'accepte")
    with counter.store.begin() as session:
        assert not [row for row in session.query(Inbox) if "Lina" in str(row.payload)]


async def test_staff_take_the_person_back_by_writing(
    counter: Counter, understand: Understand
) -> None:
    amina = await asks(counter, understand)
    await counter.commands(KARIM, "register", **counter.here())
    await amina.taps("J'accepte")
    assert "14/05/1993" in bare(await amina.says("c'est quoi la caravane"))
    await counter.says(KARIM, "Je suis là", **counter.here())
    assert counter.owner("7") == "staff"
    await amina.says("14/05/1991")
    assert "14/05/1991" in counter.read()


async def test_a_case_of_a_colleague_or_a_closed_one_opens_no_form(counter: Counter) -> None:
    await counter.case_of("7")
    await counter.commands(LILA, "take", **counter.here())
    assert "Lila" in await counter.commands(KARIM, "register", **counter.here())
    assert counter.owner("7") == "staff"
    await counter.commands(LILA, "close", **counter.here())
    assert "/take" in bare(await counter.commands(KARIM, "register", **counter.here()))


async def test_a_yes_meant_for_the_consent_does_not_answer_an_older_question(
    counter: Counter, understand: Understand
) -> None:
    amina = await asks(counter, understand)
    await amina.commands("supprimer")
    await counter.commands(KARIM, "register", **counter.here())
    assert "14/05/1993" in bare(await amina.says("oui"))
    assert counter.chat_number("7")


async def test_after_the_tour_staff_are_told_that_the_form_can_not_open(
    counter: Counter, clock: FixedClock
) -> None:
    await counter.case_of("7")
    clock.moment = clock.moment.replace(year=2016)
    before = len([m for to, m in counter.wire.sent if to.id == "7"])
    told = bare(await counter.commands(KARIM, "register", **counter.here()))
    assert fr(_("The form can't be opened now. The person would read:")) in told
    assert len([m for to, m in counter.wire.sent if to.id == "7"]) == before


async def test_outside_a_case_it_is_said_how_to_register(counter: Counter) -> None:
    told = bare(await counter.commands(KARIM, "register Amina Benali"))
    assert "/register paper" in told


# From paper


async def test_a_sheet_is_shown_then_stored_after_a_yes(counter: Counter) -> None:
    shown_first = bare(await counter.commands(KARIM, f"register paper\n{SHEET}"))
    assert "Amina" in shown_first and "14 mai 1991" in shown_first
    assert counter.registrations() == []
    done = bare(await counter.presses(KARIM, _("✅ Confirm")))
    row = only(counter)
    assert shown(row.code) in done
    assert (row.given_name, row.family_name) == ("Amina", "Benali")
    assert (row.birth_date, row.wilaya, row.commune) == (dt.date(1991, 5, 14), "19", "El Eulma")
    assert (row.phone, row.phone_checked) == ("+213661234567", False)
    assert (row.situation, row.qualification) == ("jobless_anem", "ts")
    assert (row.qualification_trade, row.trade, row.stop) == ("électricité", "fibre", "19")
    assert row.conversation_id is None
    with counter.store.begin() as session:
        consent = session.query(Consent).one()
        assert consent.on_paper and consent.id == row.consent_id
        assert [change.who for change in session.query(Change)] == ["clerk:502"]


async def test_a_sheet_in_arabic_is_read(counter: Counter) -> None:
    await counter.commands(KARIM, f"register ورق\n{ARABIC}")
    await counter.presses(KARIM, _("✅ Confirm"))
    row = only(counter)
    assert (row.given_name, row.family_name) == ("أمينة", "بن علي")
    assert (row.wilaya, row.commune, row.phone) == ("19", "El Eulma", "+213661234567")
    assert (row.situation, row.qualification, row.trade) == ("jobless_anem", "ts", "fibre")


async def test_in_a_case_the_person_gets_the_receipt_and_the_registration(
    either: Counter,
) -> None:
    await either.case_of("7")
    await either.commands(KARIM, f"register paper\n{SHEET}", **either.here())
    await either.presses(KARIM, _("✅ Confirm"))
    row = only(either)
    assert row.conversation_id == either.chat_number("7")
    mine = [m for to, m in either.wire.sent if to.id == "7"]
    assert any(shown(row.code) in line.text for m in mine for line in m.lines)
    assert any(m.picture and m.picture.start == f"c_{row.code}" for m in mine)


async def test_a_second_yes_says_what_was_done_and_keeps_one_registration(
    counter: Counter,
) -> None:
    await counter.commands(KARIM, f"register paper\n{SHEET}")
    await counter.presses(KARIM, _("✅ Confirm"))
    again = bare(await counter.presses(LILA, _("✅ Confirm")))
    assert shown(only(counter).code) in again
    assert "Amina Benali" in again


async def test_the_sheet_waits_for_its_yes_through_a_restart(
    store: Store, clock: FixedClock, counter: Counter
) -> None:
    await counter.commands(KARIM, f"register paper\n{SHEET}")
    number, (_to, under) = len(counter.wire.sent), counter.wire.sent[-1]
    started_anew = Counter(store, clock)
    started_anew._number = counter._number
    data = under.buttons[0][0].data
    await started_anew.presses_data(LILA, data, number, under)
    assert only(counter).given_name == "Amina"


async def test_a_sheet_given_up_is_kept_nowhere(counter: Counter) -> None:
    await counter.commands(KARIM, f"register paper\n{SHEET}")
    await counter.presses(KARIM, _("✖ Give up"))
    held = counter.everything()
    assert "Benali" not in held and "0661" not in held
    await counter.presses(KARIM, _("✅ Confirm"))
    assert counter.registrations() == []


async def test_a_sheet_that_is_stored_is_gone_with_its_registration(counter: Counter) -> None:
    await counter.commands(KARIM, f"register paper\n{SHEET}")
    await counter.presses(KARIM, _("✅ Confirm"))
    code = only(counter).code
    await counter.commands(FARIDA, f"erase {code}")
    await counter.presses(FARIDA, _("Yes, the registration"))
    held = counter.everything()
    assert "Benali" not in held and "661234567" not in held


async def test_what_is_missing_or_wrong_is_said_line_by_line_and_nothing_is_kept(
    counter: Counter,
) -> None:
    lines = sheet(Naissance="31/02/1991", Téléphone="033 30 20 10", Wilaya="Narnia", Projet="")
    told = bare(await counter.commands(KARIM, f"register paper\n{lines}\nCouleur : bleu\nbonjour"))
    assert "14/05/1993" in told
    assert "fixe" in told
    assert "fibre optique" in told
    assert ("11" in told and "12" not in told) or "Ligne" in told
    held = counter.everything()
    assert "Benali" not in held
    assert counter.registrations() == []
    assert not [b for row in counter.to_group()[-1].buttons for b in row]


async def test_the_empty_sheet_can_be_copied_filled_in_and_sent(counter: Counter) -> None:
    await counter.commands(KARIM, "register paper")
    empty = counter.to_group()[-1].lines[0].text
    assert empty.startswith("/register paper\n")
    command, *labels = empty.split("\n")
    values = [EXAMPLES[name].fr for name in EXAMPLES]
    filled = "\n".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
    await counter.commands(KARIM, f"{command.removeprefix('/')}\n{filled}")
    await counter.presses(KARIM, _("✅ Confirm"))
    assert only(counter).trade == "fibre"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_read_in_the_language_it_was_shown_in(
    paper: PaperForm, language: Language
) -> None:
    labels = paper.template(language).split("\n")
    values = [render(example, language) for example in EXAMPLES.values()]
    filled = "\n".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))
    read = paper.read(filled, TODAY)
    assert read.wrong == ()
    assert (read.slots["wilaya"], read.slots["trade"]) == ("19", "fibre")


async def test_the_same_phone_and_birth_may_be_the_same_person(counter: Counter) -> None:
    row = counter.enrolled(number="7", commune="Aïn Arnat", family_name="Benali")
    asked = bare(await counter.commands(KARIM, f"register paper\n{SHEET}"))
    assert shown(row.code) in asked
    assert fr(_("✅ Confirm")) not in [b.label for r in counter.to_group()[-1].buttons for b in r]
    told = bare(await counter.presses(KARIM, _("It is the same person: put this there")))
    assert shown(row.code) in told
    now = only(counter)
    assert (now.commune, now.phone_checked) == ("El Eulma", True)
    with counter.store.begin() as session:
        consent = session.query(Consent).one()
        assert consent.on_paper and consent.id == now.consent_id


async def test_or_a_twin(counter: Counter) -> None:
    row = counter.enrolled(number="7")
    await counter.commands(KARIM, f"register paper\n{sheet(Prénom='Lina')}")
    await counter.presses(KARIM, _("It is somebody else: sign them up"))
    first, second = counter.registrations()
    assert (first.id, second.given_name, second.twin_of) == (row.id, "Lina", row.id)


async def test_a_double_that_came_between_the_sheet_and_the_yes_is_asked_about(
    counter: Counter,
) -> None:
    await counter.commands(KARIM, f"register paper\n{SHEET}")
    row = counter.enrolled(number="7")
    assert shown(row.code) in bare(await counter.presses(KARIM, _("✅ Confirm")))
    assert len(counter.registrations()) == 1


# Reading a sheet


@pytest.mark.parametrize(
    ("changed", "name", "value"),
    [
        ({"Naissance": "1/2/90"}, "born", "1990-02-01"),
        ({"Naissance": "25 ans"}, "born", 25),
        ({"Wilaya": "19"}, "wilaya", "19"),
        ({"Wilaya": "٩"}, "wilaya", "09"),
        ({"Wilaya": "El Eulma, Sétif", "Commune": ""}, "commune", "El Eulma"),
        ({"Commune": "Tizi N'Bechar"}, "commune", "Tizi N'Bechar"),
        ({"Téléphone": "+213 661-23-45-67"}, "phone", "+213661234567"),
        ({"Situation": "étudiante"}, "situation", "student"),
        ({"Situation": "au chômage", "ANEM": "non"}, "situation", "jobless"),
        ({"Diplôme": "rien"}, "qualification", "none"),
        ({"Projet": "couture traditionnelle"}, "trade", "«couture traditionnelle"),
        ({"Projet": "réseaux hertziens"}, "trade", "radio_networks"),
        ({"Étape": "pas encore", "Wilaya": "Sétif"}, "stop", None),
        ({"Étape": "je ne sais pas"}, "stop", ""),
        ({"Étape": "Béjaïa"}, "stop", "06"),
        ({"Prénom": "", "Nom": "", "Nom et prénom": "Amina BENALI"}, "family_name", "Benali"),
        ({"Prénom": "mohamed el amine"}, "given_name", "Mohamed El Amine"),
    ],
)
def test_a_line_is_read_as_people_write_it(
    paper: PaperForm, changed: dict[str, str], name: str, value: object
) -> None:
    read = paper.read(sheet(**changed), TODAY)
    assert (not read.wrong) == (value is not None)
    if value is not None:
        assert read.slots[name] == value


@pytest.mark.parametrize(
    "changed",
    [
        {"Naissance": "14/05/2001"},
        {"Naissance": "14/05/1920"},
        {"Situation": "au chômage"},
        {"Prénom": "A"},
        {"Nom": "Benali 2"},
        {"Étape": "Narnia"},
    ],
)
def test_a_line_that_can_not_be_is_refused(paper: PaperForm, changed: dict[str, str]) -> None:
    assert len(paper.read(sheet(**changed), TODAY).wrong) == 1


LABELS = [line.split(" : ")[0] for line in SHEET.split("\n")]


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lines=st.lists(
        st.tuples(st.sampled_from([*LABELS, "ANEM", "Étape", "x", ""]), st.text(max_size=30)),
        max_size=12,
    )
)
def test_any_sheet_is_read_or_refused_in_sentences(
    paper: PaperForm, lines: list[tuple[str, str]]
) -> None:
    text = "\n".join(f"{label}:{value}" for label, value in lines)
    read = paper.read(text, TODAY)
    if not read.wrong:
        assert set(EXAMPLES) <= set(read.slots)
    for sentence in read.wrong:
        assert fr(sentence)
