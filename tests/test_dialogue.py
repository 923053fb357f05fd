"""Transcripts of conversations, over the real worker, sender and databases."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest

from actions.facts import load_programme
from actions.store import Store, StoreError
from actions.tables import Conversation, Event, Inbox
from bot.channels.base import Gone
from bot.dialogue import Dialogue
from bot.flows.eligibility import EligibilityFlow
from bot.settings import load_settings
from bot.text import Name, Say, say
from bot.text import Text as Sentence
from nlu.client import Entity, Understanding
from tests.conftest import FixedClock
from tests.talk import Talk, sure

SETIF = Entity("wilaya", "19", 5, 10)


class Echo:
    """Facts that answer with the name of what was asked."""

    def answer(self, intent: str, entities: tuple[Entity, ...], today: dt.date) -> list[Say]:
        asked = " ".join([intent, *(str(e.value) for e in entities)])
        return [say(Sentence("{x}", {"x": Name(f"[{asked}]", f"[{asked}]")}))]

    def near(self, latitude: float, longitude: float, today: dt.date) -> list[Say]:
        return self.answer("near", (Entity("place", f"{latitude},{longitude}", 0, 0),), today)

    def wilaya_named(self, text: str) -> str | None:
        return {"Sétif": "19", "05": "05"}.get(text)


HEARD = {
    "c'est quoi cette caravane ?": sure("ask_caravan_info"),
    "et à Sétif ?": Understanding((("ask_stop_in_wilaya", 0.9),), (SETIF,), "fr"),
    "c'est où exactement ?": sure("ask_stop_place_time"),
    "c'est où à Batna ?": sure("ask_stop_place_time", Entity("wilaya", "05", 13, 18)),
    "c'est quand à Sétif ? quels papiers il faut ?": sure("ask_stop_in_wilaya"),
    "c'est quand à Sétif ?": Understanding((("ask_stop_in_wilaya", 0.9),), (SETIF,), "fr"),
    "quels papiers il faut ?": sure("ask_documents"),
    "et pour les papiers, ou l'argent ?": Understanding(
        (("ask_documents", 0.45), ("ask_financing", 0.40))
    ),
    "24 ans ?": Understanding((("ask_age", 0.3), ("ask_diploma", 0.2)), (Entity("age", 24, 0, 6),)),
    "hmm hmm ?": Understanding((("ask_documents", 0.1), ("ask_financing", 0.09))),
    "age diplome": Understanding((("ask_age", 0.41), ("ask_diploma", 0.38))),
    "j'ai le droit ?": sure("check_my_eligibility"),
    "j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?": sure(
        "check_my_eligibility",
        Entity("age", 37, 5, 11),
        Entity("fact", "qualified", 18, 21),
        Entity("fact", "jobless", 31, 38),
    ),
    "لم أستفد أبدا": Understanding((("deny", 0.54),), (Entity("fact", "never_aided", 0, 8),)),
    "non je cherche depuis deux ans": Understanding((("ask_delays", 0.4), ("deny", 0.2))),
    "merci": sure("thank"),
    "ai-je le droit ? j'ai 24 ans": Understanding(
        (("ask_age", 0.7),), (Entity("age", 24, 21, 27),), "fr"
    ),
    "ai-je le droit ?": sure("check_my_eligibility"),
    "j'ai 24 ans": Understanding((("ask_age", 0.9),), (Entity("age", 24, 5, 11),), "fr"),
    "et l'endroit": Understanding((("ask_stop_place_time", 0.45), ("greet", 0.1))),
    "oui": sure("affirm"),
    "non": sure("deny"),
    "24": Understanding((("out_of_scope", 0.3),)),
    "ما هي الشروط؟": sure("ask_eligibility", language="ar"),
    "wach lazem": sure("ask_eligibility", language="dz-latn"),
}


@pytest.fixture
def dialogue() -> Dialogue:
    flow = EligibilityFlow(load_programme(load_settings().caravane_programme))
    return Dialogue(Echo(), {"check_my_eligibility": flow})


@pytest.fixture
def talk(store: Store, dialogue: Dialogue, clock: FixedClock) -> Talk:
    return Talk(store, dialogue, HEARD, clock)


async def begun(talk: Talk) -> Talk:
    await talk.commands("start")
    await talk.taps("Français")
    return talk


async def test_first_contact_says_what_it_is_in_both_languages_and_asks_for_one(
    talk: Talk,
) -> None:
    welcome = await talk.commands("start")
    assert "Caravane" in welcome
    assert "مساعد" in welcome
    assert len(talk.wire.sent) == 1
    assert "français" in (await talk.taps("Français")).lower()


async def test_a_first_message_that_is_a_question_is_answered_at_once(talk: Talk) -> None:
    answer = await talk.says("c'est quoi cette caravane ?")
    assert "[ask_caravan_info]" in answer
    assert "automatique" in answer
    assert any("العربية" in label for label in talk.buttons())


async def test_a_deep_link_is_followed_after_the_language_is_chosen(talk: Talk) -> None:
    await talk.commands("start", "stop_05")
    assert "ask_stop_in_wilaya 05" in await talk.taps("العربية")


@pytest.mark.parametrize("parameter", ["stop_5", "stop_05x", "../../etc", "ref_123"])
async def test_an_unknown_start_parameter_is_not_followed(talk: Talk, parameter: str) -> None:
    await begun(talk)
    assert "[" not in await talk.commands("start", parameter)


async def test_a_follow_up_that_only_names_a_wilaya_keeps_the_question(talk: Talk) -> None:
    await begun(talk)
    await talk.says("c'est où à Batna ?")
    assert await talk.says("et à Sétif ?") == "[ask_stop_place_time 19]"


async def test_a_follow_up_that_names_no_wilaya_keeps_the_wilaya(talk: Talk) -> None:
    await begun(talk)
    await talk.says("et à Sétif ?")
    assert await talk.says("c'est où exactement ?") == "[ask_stop_place_time 19]"


async def test_several_questions_in_one_message_are_each_answered(talk: Talk) -> None:
    await begun(talk)
    answer = await talk.says("c'est quand à Sétif ? quels papiers il faut ?")
    assert answer == "[ask_stop_in_wilaya 19]\n[ask_documents]"


async def test_people_are_answered_in_the_language_they_write(talk: Talk) -> None:
    await begun(talk)
    talk.clock.moment += dt.timedelta(minutes=2)
    for words, language in (("ما هي الشروط؟", "ar"), ("wach lazem", "fr")):
        await talk.says(words)
        assert talk.wire.sent[-1][1].language == language


async def test_a_doubt_becomes_did_you_mean_with_buttons(talk: Talk) -> None:
    await begun(talk)
    await talk.says("age diplome")
    assert talk.buttons()[:2] == ["L'âge", "Le diplôme"]
    assert await talk.taps("L'âge") == "[ask_age]"


async def test_two_misses_in_a_row_offer_the_menu_and_a_person(talk: Talk) -> None:
    await begun(talk)
    first = await talk.says("blorg")
    assert not talk.buttons()[0].startswith("Parler")
    second = await talk.says("zzz")
    assert first != second
    assert talk.buttons()[0].startswith("Parler")


async def test_the_check_asks_only_what_the_message_left_out(talk: Talk) -> None:
    await begun(talk)
    questions = [
        await talk.says("j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?"),
        await talk.taps("Oui"),
        await talk.taps("Non"),
        await talk.says("non"),
    ]
    outcome = await talk.says("oui")
    asked = " ".join(questions)
    assert "ANEM" in asked
    assert "âge" not in asked
    assert "CNAC" in outcome
    assert "2015" in outcome
    assert "❌" not in outcome


async def test_a_side_question_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    await begun(talk)
    first = await talk.says("j'ai le droit ?")
    aside = await talk.says("quels papiers il faut ?")
    assert aside.startswith("[ask_documents]")
    assert first.splitlines()[-1] in aside
    assert "1" not in await talk.says("24") or talk.buttons()


@pytest.mark.parametrize("unsure", ["et pour les papiers, ou l'argent ?", "hmm hmm ?"])
async def test_a_side_question_that_is_not_sure_is_not_answered_by_a_guess(
    talk: Talk, unsure: str
) -> None:
    await begun(talk)
    first = await talk.says("j'ai le droit ?")
    again = await talk.says(unsure)
    assert "[" not in again
    assert first.splitlines()[-1] in again
    assert "travail" in await talk.says("24 ans ?")


async def test_two_questions_on_the_side_are_both_answered(talk: Talk) -> None:
    await begun(talk)
    first = await talk.says("j'ai le droit ?")
    aside = await talk.says("c'est quand à Sétif ? quels papiers il faut ?")
    assert "[ask_stop_in_wilaya 19]" in aside
    assert "[ask_documents]" in aside
    assert first.splitlines()[-1] in aside


async def test_the_wish_to_begin_what_is_open_asks_its_question_once(talk: Talk) -> None:
    await begun(talk)
    first = await talk.says("j'ai le droit ?")
    assert (await talk.says("j'ai le droit ?")).count(first.splitlines()[-1]) == 1


async def test_a_message_about_another_field_is_no_yes_or_no_to_the_one_asked(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?")
    noted = await talk.says("لم أستفد أبدا")
    assert "ANEM" in noted
    state = talk.store.run(lambda s: s.query(Conversation).one().state)
    assert state["form"]["slots"]["aided"] is False
    assert "anem" not in state["form"]["slots"]


@pytest.mark.parametrize("words", ["je sais pas", "peut-être", "ma3labalich"])
async def test_not_knowing_is_not_a_no(talk: Talk, words: str) -> None:
    await begun(talk)
    await talk.says("j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?")
    await talk.says(words)
    await talk.taps("Non")
    await talk.taps("Non")
    outcome = await talk.taps("Oui")
    assert "ANEM" not in outcome
    assert "❔" in outcome


async def test_a_leading_no_decides_whatever_rasa_thinks(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    await talk.says("24")
    assert "ANEM" in await talk.says("non je cherche depuis deux ans")


async def test_a_number_in_a_question_is_not_an_age(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    aside = await talk.says("c'est où à Batna ?")
    assert "[ask_stop_place_time 05]" in aside
    assert "quel âge" in aside.lower()


async def test_a_subject_tapped_in_a_form_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    await begun(talk)
    documents = talk.button("Les papiers")
    again = talk.button("Ai-je le droit")
    await talk.says("j'ai le droit ?")
    await talk.says("24")
    assert "travail" in await talk.does(kind="button", text=documents)
    assert "travail" in await talk.does(kind="button", text=again)


async def test_a_form_kept_by_another_version_does_not_silence_the_conversation(
    talk: Talk,
) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")

    def age(session: Any) -> None:
        row = session.query(Conversation).one()
        old = {"name": "eligibility", "slots": {"shoe": 42}, "asking": "shoe", "colour": "red"}
        row.state = {**row.state, "form": old}

    talk.store.run(age)
    assert await talk.says("bonjour le monde")


async def test_thanks_in_a_form_are_answered_and_the_form_goes_on(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    thanked = await talk.says("merci")
    assert thanked.startswith("[thank]")
    assert "âge" in thanked


async def test_under_a_question_stand_its_answers_and_nothing_else(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    await talk.says("24")
    await talk.does(kind="unsupported")
    assert talk.buttons()[:2] == ["Oui", "Non"]
    assert len(talk.buttons()) == 3  # and the way back


async def test_a_check_asked_together_with_a_fact_keeps_the_fact(talk: Talk) -> None:
    await begun(talk)
    opened = await talk.says("ai-je le droit ? j'ai 24 ans")
    assert "âge" not in opened
    assert "travail" in opened


async def test_small_talk_does_not_lose_the_wilaya(talk: Talk) -> None:
    await begun(talk)
    await talk.says("et à Sétif ?")
    await talk.says("merci")
    assert await talk.says("c'est où exactement ?") == "[ask_stop_place_time 19]"


async def test_did_you_mean_keeps_the_wilaya(talk: Talk) -> None:
    await begun(talk)
    await talk.says("et à Sétif ?")
    await talk.says("et l'endroit")
    assert await talk.taps("Lieu et horaires") == "[ask_stop_place_time 19]"


async def test_an_old_button_says_where_things_stand(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?")
    old = talk.button("Non")
    await talk.taps("Oui")
    question = await talk.does(kind="button", text=old)
    assert "ancien" in question
    assert talk.buttons()[:2] == ["Oui", "Non"]


async def test_a_double_tap_counts_once(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai 37 ans et un CAP, je suis au chômage, j'ai le droit ?")
    button = talk.button("Oui")
    assert await talk.does(kind="button", text=button)
    assert await talk.does(kind="button", text=button) == ""


async def test_a_wrong_answer_is_explained_and_after_three_a_person_is_offered(
    talk: Talk,
) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    answers = [await talk.says("blorg") for _n in range(3)]
    assert all("24" in answer for answer in answers)
    assert "personne" in answers[2]
    assert "personne" not in answers[1]


async def test_stop_leaves_the_form_after_one_confirmation(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    asked = await talk.says("stop")
    assert "?" in asked
    assert "âge" in await talk.says("non")
    await talk.says("stop")
    await talk.says("oui")
    assert "[ask_documents]" in await talk.says("quels papiers il faut ?")
    assert "Question" not in await talk.says("oui")


async def test_a_corrected_message_is_answered_again_and_an_older_one_is_not(talk: Talk) -> None:
    await begun(talk)
    await talk.says("blorg", reference="50")
    corrected = await talk.does(kind="edit", text="quels papiers il faut ?", reference="50")
    assert "[ask_documents]" in corrected
    assert await talk.does(kind="edit", text="et à Sétif ?", reference="3") == ""


async def test_a_corrected_answer_in_a_form_replaces_the_first(talk: Talk) -> None:
    await begun(talk)
    await talk.says("j'ai le droit ?")
    await talk.says("24", reference="60")
    await talk.does(kind="edit", text="38", reference="60")
    state = talk.store.run(lambda s: s.query(Conversation).one().state)
    assert state["form"]["slots"]["age"] == 38


@pytest.mark.parametrize("kind", ["unsupported", "contact"])
async def test_what_is_not_text_gets_a_kind_word(talk: Talk, kind: str) -> None:
    await begun(talk)
    assert await talk.does(kind=kind)


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "\x00\x07", "\u202e\u200f", "?!…"])
async def test_a_message_without_words_gets_a_kind_word(talk: Talk, text: str) -> None:
    await begun(talk)
    assert "avec des mots" in await talk.says(text)


async def test_a_shared_location_is_answered(talk: Talk) -> None:
    await begun(talk)
    assert await talk.does(kind="location", latitude=36.2, longitude=5.4) == "[near 36.2,5.4]"


async def test_rasa_down_is_not_a_misunderstanding(talk: Talk) -> None:
    await begun(talk)
    talk.rasa_is_down = True
    down = await talk.says("quels papiers il faut ?")
    assert talk.buttons()
    assert await talk.says("Sétif") == "[ask_stop_in_wilaya 19]"
    assert "texte" not in down
    assert await talk.commands("menu")
    talk.rasa_is_down = False
    assert await talk.says("quels papiers il faut ?") == "[ask_documents]"
    kinds = [e.kind for e in talk.store.run(lambda s: s.query(Event).all())]
    assert kinds.count("nlu_unavailable") == 2
    assert "missed" not in kinds


async def test_a_flood_gets_one_word_and_then_silence_until_it_ends(talk: Talk) -> None:
    await begun(talk)
    for _n in range(30):
        talk.receive(text="quels papiers il faut ?")
    answers = await talk.says("quels papiers il faut ?")
    assert 15 <= answers.count("[ask_documents]") <= 21
    assert answers.count("vite") == 1
    talk.clock.moment += dt.timedelta(minutes=2)
    assert await talk.says("quels papiers il faut ?") == "[ask_documents]"
    assert talk.store.run(lambda s: s.query(Inbox).filter_by(status="new").count()) == 0


async def test_a_message_that_breaks_a_turn_is_set_aside_with_a_word_and_the_next_works(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(talk)
    whole = Dialogue.turn

    def broken(self: Dialogue, *given: object, **named: object) -> object:
        if given[2].text == "poison":  # type: ignore[attr-defined]
            raise RuntimeError("a fault of ours")
        return whole(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Dialogue, "turn", broken)
    monkeypatch.setattr("actions.inbox.ATTEMPTS", 1)
    assert "notre côté" in await talk.says("poison")
    assert await talk.says("quels papiers il faut ?") == "[ask_documents]"


async def test_a_database_that_fails_for_a_while_loses_nothing(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await begun(talk)
    talk.receive(text="quels papiers il faut ?")
    run, failures = talk.store.run, 2

    def failing(work: Any) -> Any:
        nonlocal failures
        if failures:
            failures -= 1
            raise StoreError("OperationalError: locked")
        return run(work)

    monkeypatch.setattr(talk.store, "run", failing)
    monkeypatch.setattr("bot.queues.DATABASE_PAUSE", 0)
    talk.worker.queued.clear()
    working = asyncio.create_task(talk.worker.run())
    await talk.worker.queued.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    await talk.settle()
    assert talk.wire.sent[-1][1].lines[0].text == "[ask_documents]"


async def test_someone_who_blocked_the_bot_is_left_alone(talk: Talk) -> None:
    await begun(talk)
    talk.wire.failures.append(Gone("blocked"))
    assert await talk.says("quels papiers il faut ?") == ""
    assert await talk.says("quels papiers il faut ?") == "[ask_documents]"


async def test_logs_hold_neither_words_nor_numbers(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await begun(talk)
    await talk.says("je m'appelle Zineb, 0661234567", locale="fr")
    await talk.does(kind="location", latitude=36.19, longitude=5.41)
    assert not any(word in caplog.text for word in ("Zineb", "0661234567", "36.19"))
