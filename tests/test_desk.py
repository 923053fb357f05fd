"""The staff desk: a person handed over, answered, and given back, as all of them see it."""

from __future__ import annotations

import datetime as dt

import pytest

from actions.store import Store
from actions.tables import Action, Misread
from bot.channels.base import Gone, Refused
from bot.desk.settings import DeskSettings
from tests.bureau import FARIDA, KARIM, LILA, Bureau
from tests.conftest import FixedClock

ASKS = "je veux parler à quelqu'un"


@pytest.fixture(params=[True, False], ids=["topics", "replies"])
def bureau(request: pytest.FixtureRequest, store: Store, clock: FixedClock) -> Bureau:
    return Bureau(store, clock, topics=request.param)


def place(bureau: Bureau, case: int = 1) -> dict[str, str]:
    """Return how a member writes into a case: in its topic, or as a reply to a message of it."""
    if bureau.wire.standing.topics:
        return {"thread": bureau.thread(case)}
    return {"answers": str(number_of_last(bureau, f"#{case}"))}


def number_of_last(bureau: Bureau, words: str) -> int:
    """Return the number of the last message in the group that holds some words."""
    for number in range(len(bureau.wire.sent), 0, -1):
        to, sent = bureau.wire.sent[number - 1]
        if to.is_group and any(words in line.text for line in sent.lines):
            return number
    raise AssertionError(words)


async def test_a_person_is_handed_over_answered_and_given_back(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says("c'est quoi la caravane")
    told = await amina.says(ASKS)
    assert "une personne du bureau" in told
    assert "menu" in told
    assert bureau.owner("7") == "staff"
    opening = bureau.read()
    assert "#1" in opening
    assert "c'est quoi la caravane" in opening
    assert ASKS in opening
    await amina.says("mon dossier est perdu")
    assert "mon dossier est perdu" in bureau.read()
    assert "a ce dossier" in await bureau.taps(KARIM, "Prendre")
    before = len(amina.wire.sent)
    await bureau.says(KARIM, "Donnez-moi votre code", **place(bureau))
    sent = [m for to, m in bureau.wire.sent[before:] if to.id == "7"]
    assert [line.text for m in sent for line in m.lines] == ["👥 Donnez-moi votre code"]
    assert await amina.says("12345678") == ""
    assert "12345678" in bureau.read()
    await bureau.commands(KARIM, "close réglé", **place(bureau))
    assert bureau.owner("7") == "bot"
    assert bureau.case().status == "closed"
    assert "caravane" in await amina.says("c'est quoi la caravane")


async def test_only_one_of_two_takes_a_case_and_the_other_is_told_who(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.person("7").says(ASKS)
    await bureau.commands(KARIM, "take 1")
    assert "Karim" in await bureau.commands(LILA, "take 1")
    assert bureau.case().taken_by is not None


async def test_the_assistant_is_silent_while_staff_own_the_case(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    assert await amina.says("c'est quoi la caravane") == ""
    assert await amina.does(kind="unsupported", whole=False) == ""
    assert await amina.does(kind="location", latitude=36.7, longitude=3.0) == ""
    copies = [m.copy for m in bureau.to_group() if m.copy]
    assert [copy.chat for copy in copies] == ["7", "7"]


async def test_an_edit_appears_as_an_edit(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await amina.says("a Blida")
    await amina.edits("a Médéa")
    assert (
        "✏️ Corrigé : \u2068a Médéa\u2069" in bureau.read() or "✏️ Corrigé : a Médéa" in bureau.read()
    )


@pytest.mark.parametrize("word", ["menu", "القائمة"])
async def test_menu_brings_the_assistant_back_and_the_question_stays(
    bureau: Bureau, word: str
) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await amina.says(word)
    assert bureau.owner("7") == "bot"
    assert bureau.case().status == "waiting"
    assert "caravane" in await amina.says("c'est quoi la caravane")
    before = len(bureau.wire.sent)
    await amina.says("encore une question")
    assert "encore une question" not in bureau.read(before)


async def test_someone_who_needs_nobody_any_more_closes_the_case(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await amina.taps("Plus besoin")
    assert bureau.case().status == "closed"
    assert bureau.owner("7") == "bot"
    assert "Personne n'attend" in await bureau.commands(KARIM, "queue")


async def test_outside_hours_people_are_told_when_the_desk_opens_and_may_leave_their_question(
    bureau: Bureau,
) -> None:
    await bureau.opens()
    bureau.clock.moment = dt.datetime(2015, 10, 9, 21, 0, tzinfo=dt.UTC)  # a Friday night
    amina = bureau.person("7")
    told = await amina.says(ASKS)
    assert "dimanche" in told
    assert bureau.owner("7") == "bot"
    assert "caravane" in await amina.says("c'est quoi la caravane")
    assert "c'est quoi la caravane" in bureau.read()


async def test_someone_writing_to_staff_after_hours_is_told_once(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await bureau.commands(KARIM, "take 1")
    bureau.clock.moment = dt.datetime(2015, 10, 9, 21, 0, tzinfo=dt.UTC)
    assert "dimanche" in await amina.says("vous êtes là ?")
    assert await amina.says("allo") == ""


async def test_a_note_never_reaches_the_person(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    before = len(bureau.wire.sent)
    await bureau.commands(KARIM, "note elle est timide", **place(bureau))
    assert [to.id for to, _sent in bureau.wire.sent[before:] if to.id == "7"] == []


async def test_a_colleague_does_not_answer_over_the_one_who_has_the_case(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await bureau.commands(KARIM, "take 1")
    before = len(bureau.wire.sent)
    assert "Karim" in await bureau.says(LILA, "moi je sais", **place(bureau))
    assert [to.id for to, _sent in bureau.wire.sent[before:] if to.id == "7"] == []
    await bureau.taps(LILA, "Le reprendre")
    before = len(bureau.wire.sent)
    await bureau.says(LILA, "moi je sais", **place(bureau))
    assert [to.id for to, _sent in bureau.wire.sent[before:] if to.id == "7"] == ["7"]


async def test_a_case_is_handed_to_a_colleague(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.person("7").says(ASKS)
    await bureau.says(LILA, "bonjour tout le monde")
    await bureau.commands(KARIM, "take 1")
    await bureau.commands(KARIM, "transfer 1 @lila")
    assert "Lila" in await bureau.commands(KARIM, "take 1")
    assert "Je ne connais personne" in await bureau.commands(KARIM, "transfer 1 @nobody")


async def test_a_reply_to_a_closed_case_is_said_to_be_so_and_take_opens_it_again(
    bureau: Bureau,
) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    here = place(bureau)
    await bureau.commands(KARIM, "close 1")
    before = len(bureau.wire.sent)
    assert "clos" in await bureau.says(KARIM, "encore un mot", **here)
    assert [to.id for to, _sent in bureau.wire.sent[before:] if to.id == "7"] == []
    assert "clos" in await bureau.commands(LILA, "close 1")
    await bureau.commands(KARIM, "take 1")
    assert bureau.case(2).status == "taken"
    assert bureau.owner("7") == "staff"


async def test_the_queue_shows_who_waits_first_and_how_long(bureau: Bureau) -> None:
    await bureau.opens()
    for chat in ("7", "8", "9"):
        await bureau.person(chat).says(ASKS)
        bureau.clock.moment += dt.timedelta(minutes=20)
    await bureau.commands(KARIM, "take 1")
    told = await bureau.commands(KARIM, "queue")
    assert "2 dossiers attendent" in told
    assert told.index("#2") < told.index("#3") < told.index("#1")
    assert "minutes" in told


async def test_more_newcomers_than_wanted_wait_in_the_queue(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock, settings=DeskSettings(topics_an_hour=1))
    await bureau.opens()
    await bureau.person("7").says(ASKS)
    before = len(bureau.wire.sent)
    await bureau.person("8").says(ASKS)
    assert bureau.to_group(before) == []
    assert len(bureau.wire.topics) == 1
    assert "#2" in await bureau.commands(KARIM, "queue")
    await bureau.commands(KARIM, "take 2")
    assert len(bureau.wire.topics) == 2
    assert ASKS in bureau.read(before)


async def test_an_untouched_case_is_given_back_with_a_word_to_both(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await bureau.commands(KARIM, "take 1")
    before = len(bureau.wire.sent)
    bureau.clock.moment += dt.timedelta(hours=25)
    await bureau.sweeps()
    assert bureau.owner("7") == "bot"
    assert bureau.case().status == "waiting"
    told = [m for to, m in bureau.wire.sent[before:] if to.id == "7"]
    assert "désolé" in told[0].lines[0].text
    assert "⏳" in bureau.read(before)
    sent = len(bureau.wire.sent)
    await bureau.sweeps()
    assert len(bureau.wire.sent) == sent


async def test_a_conversation_without_a_case_is_found_and_given_back(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says("c'est quoi la caravane")
    own(bureau, "7", "staff")
    await bureau.sweeps()
    assert bureau.owner("7") == "bot"


def own(bureau: Bureau, chat: str, owner: str) -> None:
    from sqlalchemy import text  # noqa: PLC0415

    change = text("UPDATE conversation SET owner = :owner WHERE address = :chat")
    bureau.store.run(lambda s: s.execute(change, {"owner": owner, "chat": chat}))


@pytest.mark.parametrize(
    ("failure", "words"),
    [(Gone("blocked"), "a bloqué"), (Refused("bad_request: x"), "a été refusé")],
)
async def test_a_reply_that_is_not_delivered_is_said_in_the_case(
    bureau: Bureau, failure: Gone | Refused, words: str
) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    await bureau.commands(KARIM, "take 1")
    bureau.wire.fails_to["7"] = [failure]
    assert words in await bureau.says(KARIM, "bonjour", **place(bureau))
    if isinstance(failure, Gone):
        assert "injoignable" in await bureau.says(KARIM, "encore", **place(bureau))


async def test_a_topic_deleted_by_hand_is_made_again(store: Store, clock: FixedClock) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says(ASKS)
    bureau.wire.lost_topics.add(bureau.thread(1))
    before = len(bureau.wire.sent)
    await amina.says("vous êtes là ?")
    assert "vous êtes là ?" in bureau.read(before)
    assert len(bureau.wire.topics) == 2


async def test_without_the_right_to_topics_a_case_is_told_in_the_group(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    bureau.wire.no_topics = Refused("bad_request: not enough rights to create a topic")
    await bureau.person("7").says(ASKS)
    assert "#1" in bureau.read()
    assert {m.thread for m in bureau.to_group()} == {""}


async def test_a_group_that_becomes_a_supergroup_keeps_working(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.does(FARIDA, kind="standing", command="moved", text="-100777")
    amina = bureau.person("7")
    await amina.says(ASKS)
    assert bureau.wire.sent[-1][0].id == "-100777"
    assert bureau.case().status == "waiting"
    await bureau.does(KARIM, group="-100777", kind="command", command="take", text="1")
    assert bureau.case().status == "taken"


@pytest.mark.parametrize("became", ["gone", "member"])
async def test_administrators_are_told_in_private_when_the_desk_can_not_work(
    bureau: Bureau, became: str
) -> None:
    await bureau.opens()
    before = len(bureau.wire.sent)
    await bureau.does(FARIDA, kind="standing", command=became)
    told = [m for to, m in bureau.wire.sent[before:] if to.id == FARIDA]
    assert len(told) == 1
    assert "groupe du bureau" in told[0].lines[0].text


async def test_people_are_not_promised_staff_when_the_assistant_was_removed(
    bureau: Bureau,
) -> None:
    await bureau.opens()
    await bureau.does(FARIDA, kind="standing", command="gone")
    assert "seul" in await bureau.person("7").says(ASKS)
    assert bureau.owner("7") == "bot"


async def test_the_cases_of_someone_who_left_wait_again(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.person("7").says(ASKS)
    await bureau.commands(KARIM, "take 1")
    await bureau.does(KARIM, kind="standing", command="left")
    assert bureau.case().status == "waiting"
    assert bureau.owner("7") == "staff"


async def test_another_group_is_not_the_desk(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.person("7").says(ASKS)
    before = len(bureau.wire.sent)
    await bureau.does(LILA, group="-2", kind="command", command="take", text="1")
    await bureau.does(LILA, group="-2", text="bonjour")
    assert bureau.wire.sent[before:] == []
    assert bureau.case().status == "waiting"
    told = await bureau.does(LILA, group="-2", kind="command", command="desk", text="here")
    assert "Seul un administrateur" in told
    assert LILA in told


async def test_commands_in_private_are_told_to_belong_to_the_group(bureau: Bureau) -> None:
    await bureau.opens()
    await bureau.says(KARIM, "salut")
    assert "dans le groupe du bureau" in await bureau.person(KARIM).commands("take", "1")
    assert "groupe du bureau" not in await bureau.person("7").commands("take", "1")


async def test_unknown_commands_and_cases_have_kind_words(bureau: Bureau) -> None:
    await bureau.opens()
    assert "/help" in await bureau.commands(KARIM, "clsoe 1")
    assert "pas de dossier" in await bureau.commands(KARIM, "take 99")
    assert "Quel dossier" in await bureau.commands(KARIM, "take")
    assert "Quel dossier" in await bureau.commands(KARIM, "close")


async def test_words_among_staff_outside_a_case_are_left_alone(bureau: Bureau) -> None:
    await bureau.opens()
    before = len(bureau.wire.sent)
    await bureau.says(KARIM, "on mange à midi ?")
    assert bureau.wire.sent[before:] == []


async def test_check_says_what_is_missing(store: Store, clock: FixedClock) -> None:
    bureau = Bureau(store, clock, topics=False)
    assert "sujets sont désactivés" in await bureau.opens()


async def test_without_a_desk_nobody_is_promised(store: Store, clock: FixedClock) -> None:
    bureau = Bureau(store, clock)
    assert "seul" in await bureau.person("7").says(ASKS)


async def test_the_group_is_written_to_in_its_language_and_the_person_in_theirs(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.does(FARIDA, kind="command", command="desk", text="here", locale="ar")
    await bureau.person("7").says("نحب نهدر مع واحد")
    assert "يطلب التحدث مع شخص" in bureau.read()


async def test_what_nobody_labelled_is_forgotten_with_the_texts_and_deeds_a_year_later(
    store: Store, clock: FixedClock
) -> None:
    bureau = Bureau(store, clock)
    await bureau.opens()
    amina = bureau.person("7")
    await amina.says("blorg blorg")
    assert kept(store) == (1, 1)
    bureau.clock.moment += dt.timedelta(days=91)
    amina.sweep()
    assert kept(store) == (0, 1)
    bureau.clock.moment += dt.timedelta(days=300)
    amina.sweep()
    assert kept(store) == (0, 0)


def kept(store: Store) -> tuple[int, int]:
    """Return how many unread messages and how many deeds are kept."""
    with store.begin() as session:
        return session.query(Misread).count(), session.query(Action).count()


async def test_the_second_miss_in_a_row_finds_a_person(bureau: Bureau) -> None:
    await bureau.opens()
    amina = bureau.person("7")
    assert "bureau" not in await amina.says("blorg blorg")
    assert "personne du bureau" in await amina.says("blorg encore")
    assert "n'a pas compris" in bureau.read()
    assert bureau.owner("7") == "staff"


async def test_a_complaint_goes_to_staff_with_a_word_of_regret(bureau: Bureau) -> None:
    await bureau.opens()
    told = await bureau.person("7").says("votre service est nul")
    assert "désolé" in told
    assert "Une réclamation" in bureau.read()
