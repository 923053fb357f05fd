"""The simulator judged by an unmodified python-telegram-bot over real HTTP on loopback."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)
from telegram.error import BadRequest, Conflict, Forbidden

from bot.clock import ALGIERS
from bot.simulator.errors import BadRequestError
from bot.simulator.markup import parse_html
from tests.simulated import AMINE, TOKEN, YASMINE, Running, Trial, started

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    async with Running() as found:
        yield found


async def test_the_bot_learns_who_it_is(trial: Trial) -> None:
    me = await trial.bot.get_me()
    assert (me.id, me.is_bot, me.username) == (4711, True, "caravane_bot")
    assert await trial.bot.delete_webhook()
    assert (await trial.bot.get_webhook_info()).pending_update_count == 0
    chat = await trial.bot.get_chat(YASMINE)
    assert (chat.type, chat.first_name) == ("private", "ياسمين")


async def test_two_people_are_there_at_first(trial: Trial) -> None:
    state = (await trial.http.get("/_sim/state")).json()
    assert [(u["first_name"], u["language_code"]) for u in state["users"]] == [
        ("Amine", "fr"),
        ("ياسمين", "ar"),
    ]
    assert state["clock"]["algiers"].startswith("2015-10-05T09:00")


async def test_a_text_ends_a_long_poll(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    waits = Waits(trial, monkeypatch)
    poll = asyncio.create_task(trial.bot.get_updates(timeout=20))
    await waits.one()
    await trial.do(YASMINE, "text", text="/start stop_0912")
    (update,) = await poll
    assert update.message is not None and update.message.from_user is not None
    assert update.message.text == "/start stop_0912"
    assert update.message.from_user.language_code == "ar"
    assert update.message.date.astimezone(ALGIERS).date() == dt.date(2015, 10, 5)
    assert update.message.parse_entities(["bot_command"])


class Waits:
    """Knows how many requests wait at the simulator's bell, without guessing by time."""

    def __init__(self, trial: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
        self._arrivals: asyncio.Queue[None] = asyncio.Queue()
        bell = trial.simulator._bell
        wait = bell.wait

        async def noticed(seconds: float) -> None:
            self._arrivals.put_nowait(None)
            await wait(seconds)

        monkeypatch.setattr(bell, "wait", noticed)

    async def one(self) -> None:
        async with asyncio.timeout(10):
            await self._arrivals.get()


async def test_an_update_stays_until_the_offset_passes_it(trial: Trial) -> None:
    for text in ("un", "deux", "trois"):
        await trial.do(AMINE, "text", text=text)
    first = await trial.bot.get_updates(timeout=0, limit=2)
    again = await trial.bot.get_updates(timeout=0)
    assert [u.update_id for u in first] == [u.update_id for u in again][:2]
    rest = await trial.bot.get_updates(offset=first[-1].update_id + 1, timeout=0)
    assert [u.message.text for u in rest if u.message] == ["trois"]
    await trial.do(AMINE, "text", text="quatre")
    last = await trial.bot.get_updates(offset=-1, timeout=0)
    assert [u.message.text for u in last if u.message] == ["quatre"]
    assert len(await trial.bot.get_updates(timeout=0)) == 1


async def test_the_older_of_two_pollers_is_turned_away(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = Waits(trial, monkeypatch)
    older = asyncio.create_task(trial.bot.get_updates(timeout=20))
    await waits.one()
    async with Bot(TOKEN, base_url=f"{trial.base}/bot") as other:
        assert await other.get_updates(timeout=0) == ()
        with pytest.raises(Conflict, match="terminated by other getUpdates"):
            await older


async def test_stopping_ends_a_long_poll_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Running() as trial:
        waits = Waits(trial, monkeypatch)
        poll = asyncio.create_task(trial.bot.get_updates(timeout=50))
        changes = asyncio.create_task(trial.http.get("/_sim/changes?timeout=30"))
        await waits.one()
        await waits.one()
        async with asyncio.timeout(3):
            await trial.simulator.stop()
        assert await poll == ()
        assert (await changes).json()["changes"] == []


async def test_only_the_kinds_asked_for_arrive(trial: Trial) -> None:
    await trial.bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await trial.do(AMINE, "text", text="bonjour")
    assert await trial.updates() == []
    await trial.bot.get_updates(timeout=0, allowed_updates=[])
    await trial.do(AMINE, "text", text="bonjour")
    assert len(await trial.updates()) == 1


async def test_html_becomes_text_and_entities(trial: Trial) -> None:
    await started(trial)
    sent = await trial.bot.send_message(
        AMINE, "<b>🇩🇿 Sétif</b> &amp; <a href='https://example.org'>ici</a> ", parse_mode="HTML"
    )
    assert sent.text == "🇩🇿 Sétif & ici"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        ("bold", 0, 10),
        ("text_link", 13, 3),
    ]
    assert (await trial.shown(AMINE))["messages"][-1]["text"] == sent.text


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é</b>", "Unexpected end tag at byte offset 2"),
        ("<p>a</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("1 < 2", "Unclosed start tag at byte offset 2"),
        ("a <> b", 'Unsupported start tag "" at byte offset 2'),
        ('<a href="x>', "Unclosed start tag at byte offset 0"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused(html: str, reason: str) -> None:
    with pytest.raises(BadRequestError) as refused:
        parse_html(html)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_good_html_is_read() -> None:
    text, entities = parse_html(
        '&lt;&#1587;&#x633;&nbsp;<pre><code class="language-py">x</code></pre>'
    )
    assert text == "<سس&nbsp;x"
    assert entities == [{"type": "pre", "offset": 9, "length": 1, "language": "py"}]
    assert parse_html("<blockquote expandable>a</blockquote>")[1][0]["type"] == (
        "expandable_blockquote"
    )


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ({"text": " \n "}, "Message text is empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "Message text is empty"),
        ({"text": "ا" * 4097}, "Message is too long"),
        ({"text": "<b>", "parse_mode": "HTML"}, "Can't parse entities"),
        ({"text": "*a*", "parse_mode": "MarkdownV2"}, "Unsupported parse_mode"),
        ({"text": "a", "message_thread_id": 5}, "Message thread not found"),
        (
            {"text": "a", "reply_parameters": ReplyParameters(999)},
            "Message to be replied not found",
        ),
        (
            {
                "text": "a",
                "reply_markup": InlineKeyboardMarkup.from_button(
                    InlineKeyboardButton("x", url="nowhere")
                ),
            },
            "is invalid",
        ),
    ],
)
async def test_a_bad_message_is_refused(trial: Trial, sent: dict[str, Any], reason: str) -> None:
    await started(trial)
    with pytest.raises(BadRequest, match=reason):
        await trial.bot.send_message(AMINE, **sent)
    assert len((await trial.shown(AMINE))["messages"]) == 1


async def test_button_data_is_counted_in_bytes(trial: Trial) -> None:
    await started(trial)

    def keyboard(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup.from_button(InlineKeyboardButton("نعم", callback_data=data))

    await trial.bot.send_message(AMINE, "a", reply_markup=keyboard("ن" * 32))
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await trial.bot.send_message(AMINE, "a", reply_markup=keyboard("ن" * 33))


async def test_whom_the_bot_may_not_write_to(trial: Trial) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await trial.bot.send_message(1, "a")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await trial.bot.send_message(AMINE, "a")
    await trial.do(AMINE, "text", text="/start")
    await trial.do(AMINE, "block", blocked=True)
    with pytest.raises(Forbidden, match="Forbidden: bot was blocked by the user"):
        await trial.bot.send_message(AMINE, "a")
    await trial.do(AMINE, "text", status=409, text="a")
    await trial.do(AMINE, "block", blocked=False)
    await trial.bot.send_message(AMINE, "a")
    members = [u.my_chat_member for u in await trial.updates() if u.my_chat_member]
    assert [m.new_chat_member.status for m in members] == ["kicked", "member"]


async def test_a_press_is_answered_once(trial: Trial) -> None:
    await started(trial)
    row = [
        InlineKeyboardButton("Oui", callback_data="f:1:oui"),
        InlineKeyboardButton("?", url="https://example.org"),
    ]
    asked = await trial.bot.send_message(AMINE, "Q", reply_markup=InlineKeyboardMarkup([row]))
    await trial.do(AMINE, "press", status=409, message_id=asked.message_id, data="f:1:non")
    await trial.do(AMINE, "press", status=409, message_id=asked.message_id, text="?")
    await trial.do(AMINE, "press", status=404, message_id=999, data="f:1:oui")
    pressed = await trial.do(AMINE, "press", message_id=asked.message_id, text="Oui")
    (update,) = await trial.updates()
    query = update.callback_query
    assert query is not None and query.data == "f:1:oui" and query.message is not None
    assert query.id == pressed["callback_query_id"]
    assert query.message.message_id == asked.message_id
    assert await trial.bot.answer_callback_query(query.id, "Bien")
    with pytest.raises(BadRequest, match="Query is too old"):
        await trial.bot.answer_callback_query(query.id)


async def test_an_edit_without_a_keyboard_takes_it_away(trial: Trial) -> None:
    await started(trial)
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("a", callback_data="a"))
    sent = await trial.bot.send_message(AMINE, "un", reply_markup=keyboard)
    place: dict[str, Any] = {"chat_id": AMINE, "message_id": sent.message_id}
    with pytest.raises(BadRequest, match="Message is not modified"):
        await trial.bot.edit_message_text("un", reply_markup=keyboard, **place)
    edited = await trial.bot.edit_message_text("deux", **place)
    assert not isinstance(edited, bool)
    assert edited.text == "deux" and edited.reply_markup is None
    await trial.bot.edit_message_reply_markup(reply_markup=keyboard, **place)
    await trial.bot.edit_message_reply_markup(**place)
    await trial.do(AMINE, "press", status=409, message_id=sent.message_id, data="a")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await trial.bot.edit_message_text("x", chat_id=AMINE, message_id=999)
    theirs = (await trial.shown(AMINE))["messages"][0]["message_id"]
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await trial.bot.edit_message_text("x", chat_id=AMINE, message_id=theirs)
    assert await trial.bot.delete_message(AMINE, sent.message_id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await trial.bot.delete_message(AMINE, sent.message_id)


async def test_a_reply_keyboard_shares_place_and_number(trial: Trial) -> None:
    await started(trial)
    buttons = [
        [KeyboardButton("📍", request_location=True), KeyboardButton("☎", request_contact=True)]
    ]
    keyboard = ReplyKeyboardMarkup(buttons, one_time_keyboard=True)
    sent = await trial.bot.send_message(AMINE, "Où ?", reply_markup=keyboard)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await trial.bot.edit_message_text("x", chat_id=AMINE, message_id=sent.message_id)
    assert (await trial.shown(AMINE))["keyboard"]["keyboard"][0][0]["request_location"]
    await trial.do(AMINE, "location", latitude=36.19, longitude=5.41)
    assert (await trial.shown(AMINE))["keyboard"] is None
    await trial.do(AMINE, "contact")
    await trial.do(AMINE, "contact", phone_number="213661000000", first_name="Un ami")
    await trial.do(AMINE, "location", status=400, latitude=136, longitude=5)
    place, own, other = [u.message for u in await trial.updates() if u.message]
    assert place.location is not None and place.location.latitude == 36.19
    assert own.contact is not None and own.contact.user_id == AMINE
    assert other.contact is not None and other.contact.user_id is None
    await trial.bot.send_message(AMINE, "a", reply_markup=keyboard)
    await trial.bot.send_message(AMINE, "b", reply_markup=ReplyKeyboardRemove())
    assert (await trial.shown(AMINE))["keyboard"] is None


async def test_places_pictures_and_files_arrive(trial: Trial) -> None:
    await started(trial)
    venue = await trial.bot.send_venue(AMINE, 36.19, 5.41, "Place de la poste", "Sétif")
    assert venue.venue is not None and venue.venue.title == "Place de la poste"
    point = await trial.bot.send_location(AMINE, 36.19, 5.41)
    assert point.location is not None
    with pytest.raises(BadRequest, match="Address is empty"):
        await trial.bot.send_venue(AMINE, 36.19, 5.41, "Place", " ")
    photo = await trial.bot.send_photo(AMINE, PNG, caption="<i>c</i>", parse_mode="HTML")
    assert (photo.photo[0].width, photo.caption) == (1, "c")
    again = await trial.bot.send_photo(AMINE, photo.photo[0].file_id)
    assert again.photo[0].file_id == photo.photo[0].file_id
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await trial.bot.send_photo(AMINE, b"not a picture")
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await trial.bot.send_document(AMINE, "no-such-file")
    sent = await trial.bot.send_document(AMINE, b"{}", filename="données.json")
    assert sent.document is not None and sent.document.file_name == "données.json"
    kept = await trial.http.get(f"/_sim/files/{sent.document.file_id}")
    assert kept.content == b"{}"


async def test_each_person_sees_the_commands_in_their_language(trial: Trial) -> None:
    bot, scope = trial.bot, BotCommandScopeAllPrivateChats()
    await bot.set_my_commands([BotCommand("start", "Commencer")])
    await bot.set_my_commands([BotCommand("start", "ابدأ")], scope=scope, language_code="ar")
    assert [c.description for c in await bot.get_my_commands()] == ["Commencer"]
    assert (await trial.shown(AMINE))["commands"][0]["description"] == "Commencer"
    assert (await trial.shown(YASMINE))["commands"][0]["description"] == "ابدأ"
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.set_my_commands([BotCommand("Départ", "x")])
    await bot.set_my_name("القافلة", language_code="ar")
    await bot.set_my_description("وصف", language_code="ar")
    await bot.set_my_short_description("court")
    shown = await trial.shown(YASMINE)
    assert (shown["name"], shown["description"]) == ("القافلة", "وصف")
    assert (await trial.shown(AMINE))["name"] == "Caravane"
