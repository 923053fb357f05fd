"""The simulator's groups, as an unmodified python-telegram-bot sees them."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter

from bot.simulator.server import OPENING
from tests.simulated import AMINE, BOT, TOKEN, YASMINE, Running, Trial, started

EVERYTHING = ["message", "edited_message", "callback_query", "my_chat_member", "chat_member"]


@pytest.fixture(autouse=True)
def _waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
async def trial() -> AsyncIterator[Trial]:
    async with Running() as found:
        await found.bot.get_updates(timeout=0, allowed_updates=EVERYTHING)
        yield found


def message_of(update: Update) -> Message:
    assert update.message is not None
    return update.message


async def heard(trial: Trial) -> list[str]:
    """Return the words of the messages that reached the bot."""
    return [message_of(update).text or "" for update in await trial.updates()]


# --- who is there ------------------------------------------------------------------------------


async def test_the_bot_learns_that_it_was_added_and_made_an_administrator(trial: Trial) -> None:
    chat = await trial.group(bot="none")
    with pytest.raises(BadRequest, match="Chat not found"):
        await trial.bot.send_message(chat, "a")
    await trial.do(chat, "add", member_id=BOT)
    await trial.do(chat, "promote", member_id=BOT, can_manage_topics=False)
    came, told, raised = await trial.updates()
    assert came.my_chat_member is not None and raised.my_chat_member is not None
    assert came.my_chat_member.old_chat_member.status == "left"
    assert came.my_chat_member.new_chat_member.status == "member"
    assert came.my_chat_member.from_user.id == AMINE
    assert [user.id for user in message_of(told).new_chat_members] == [BOT]
    now = raised.my_chat_member.new_chat_member
    assert isinstance(now, ChatMemberAdministrator)
    assert (now.can_manage_topics, now.can_delete_messages) == (False, True)


@pytest.mark.parametrize("supergroup", [False, True])
async def test_a_removed_bot_may_not_write_any_more(trial: Trial, supergroup: bool) -> None:
    chat = await trial.group(bot="member", supergroup=supergroup)
    kind = "supergroup" if supergroup else "group"
    await trial.do(chat, "remove", member_id=BOT)
    gone = [u.my_chat_member for u in await trial.updates() if u.my_chat_member]
    assert [change.new_chat_member.status for change in gone] == ["kicked"]
    with pytest.raises(Forbidden, match=f"bot was kicked from the {kind} chat"):
        await trial.bot.send_message(chat, "a")
    await trial.do(chat, "add", member_id=BOT)
    assert await trial.bot.leave_chat(chat)
    with pytest.raises(Forbidden, match=f"bot is not a member of the {kind} chat"):
        await trial.bot.send_message(chat, "a")


@pytest.mark.parametrize("supergroup", [False, True])
async def test_people_read_that_the_bot_left_or_was_removed(trial: Trial, supergroup: bool) -> None:
    chat = await trial.group(bot="member", supergroup=supergroup)
    await trial.bot.leave_chat(chat)
    await trial.do(chat, "add", member_id=BOT)
    await trial.do(chat, "remove", member_id=BOT)
    shown = (await trial.shown(chat))["messages"]
    gone = [m for m in shown if "left_chat_member" in m]
    assert [m["from"]["id"] for m in gone] == [BOT, AMINE]
    assert [m["left_chat_member"]["id"] for m in gone] == [BOT, BOT]


async def test_an_administrator_bot_learns_who_comes_and_goes(trial: Trial) -> None:
    chat = await trial.group(people=[])
    await trial.do(chat, "add", member_id=YASMINE)
    await trial.do(chat, "remove", member_id=YASMINE)
    came, hello, left, bye = await trial.updates()
    assert came.chat_member is not None and left.chat_member is not None
    assert came.chat_member.new_chat_member.status == "member"
    assert message_of(hello).new_chat_members[0].id == YASMINE
    assert left.chat_member.new_chat_member.status == "kicked"
    gone = message_of(bye).left_chat_member
    assert gone is not None and gone.id == YASMINE
    await trial.do(chat, "text", status=409, user_id=YASMINE, text="a")
    await trial.do(chat, "demote", member_id=BOT)
    await trial.updates()
    await trial.do(chat, "add", member_id=YASMINE)
    (hello,) = await trial.updates()
    assert message_of(hello).new_chat_members, "a plain member is told by the service message only"


async def test_a_bot_that_did_not_ask_gets_no_members_updates(trial: Trial) -> None:
    chat = await trial.group(people=[])
    await trial.bot.get_updates(timeout=0, allowed_updates=["message", "my_chat_member"])
    await trial.do(chat, "add", member_id=YASMINE)
    (hello,) = await trial.updates()
    assert message_of(hello).new_chat_members


async def test_members_are_looked_up(trial: Trial) -> None:
    chat = await trial.group()
    assert (await trial.bot.get_chat_member(chat, AMINE)).status == "creator"
    assert (await trial.bot.get_chat_member(chat, YASMINE)).status == "member"
    assert (await trial.bot.get_chat_member(chat, BOT)).status == "administrator"
    with pytest.raises(BadRequest, match="Invalid user_id specified"):
        await trial.bot.get_chat_member(chat, 1)
    heads = await trial.bot.get_chat_administrators(chat)
    assert {head.user.id for head in heads} == {AMINE, BOT}
    assert await trial.bot.get_chat_member_count(chat) == 3
    seen = await trial.bot.get_chat(chat)
    assert (seen.type, seen.title, seen.is_forum) == ("supergroup", "Bureau", None)
    await trial.do(chat, "leave", user_id=YASMINE)
    assert (await trial.bot.get_chat_member(chat, YASMINE)).status == "left"


async def test_only_those_who_may_change_a_group(trial: Trial) -> None:
    chat = await trial.group()
    for deed, body in (
        ("remove", {"member_id": BOT}),
        ("demote", {"member_id": BOT}),
        ("topics", {"on": True}),
    ):
        refused = await trial.do(chat, deed, status=409, user_id=YASMINE, **body)
        assert refused == {"error": "not_an_administrator"}
    assert (await trial.do(chat, "add", status=409, member_id=BOT))["error"] == "already_there"
    refused = await trial.do(chat, "demote", status=409, member_id=AMINE)
    assert refused == {"error": "is_the_creator"}
    refused = await trial.do(AMINE, "topics", status=409, on=True)
    assert refused == {"error": "not_a_group"}


# --- what the bot hears ------------------------------------------------------------------------


async def test_a_member_bot_hears_only_what_is_meant_for_it(trial: Trial) -> None:
    chat = await trial.group(bot="member")
    own = await trial.bot.send_message(chat, "Bonjour")
    (theirs,) = (await trial.do(chat, "text", text="entre nous"))["message_ids"]
    await trial.do(chat, "text", text="/help")
    await trial.do(chat, "text", text="/help@Caravane_bot maintenant")
    await trial.do(chat, "text", text="/help@another_bot")
    await trial.do(chat, "text", text="merci", reply_to=own.message_id)
    await trial.do(chat, "text", text="de rien", reply_to=theirs)
    await trial.do(chat, "edit", message_id=theirs, text="toujours entre nous")
    assert await heard(trial) == ["/help", "/help@Caravane_bot maintenant", "merci"]
    assert not (await trial.bot.get_me()).can_read_all_group_messages
    await trial.do(chat, "promote", member_id=BOT)
    await trial.updates()
    await trial.do(chat, "text", text="pour tous")
    await trial.do(chat, "edit", message_id=theirs, text="corrigé")
    said, edited = await trial.updates()
    assert message_of(said).text == "pour tous"
    assert edited.edited_message is not None and edited.edited_message.text == "corrigé"


async def test_a_command_is_marked_and_its_writer_named(trial: Trial) -> None:
    chat = await trial.group()
    await trial.do(chat, "text", user_id=YASMINE, text="/take@caravane_bot 12")
    (update,) = await trial.updates()
    said = message_of(update)
    assert said.parse_entities(["bot_command"]) == {said.entities[0]: "/take@caravane_bot"}
    assert said.from_user is not None and said.from_user.id == YASMINE
    assert (said.chat.id, said.chat.type) == (chat, "supergroup")


async def test_buttons_in_a_group_tell_who_pressed(trial: Trial) -> None:
    chat = await trial.group(forum=True)
    topic = await trial.bot.create_forum_topic(chat, "Cas 1")
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Prendre", callback_data="t"))
    asked = await trial.bot.send_message(
        chat, "?", message_thread_id=topic.message_thread_id, reply_markup=keyboard
    )
    await trial.updates()
    await trial.do(chat, "press", user_id=YASMINE, message_id=asked.message_id, text="Prendre")
    (update,) = await trial.updates()
    query = update.callback_query
    assert query is not None and query.from_user.id == YASMINE
    assert isinstance(query.message, Message)
    assert query.message.message_thread_id == topic.message_thread_id
    assert await trial.bot.answer_callback_query(query.id)


# --- topics ------------------------------------------------------------------------------------


async def test_a_topic_is_made_closed_reopened_renamed_and_deleted(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group(forum=True)
    assert (await bot.get_chat(chat)).is_forum
    topic = await bot.create_forum_topic(chat, "Cas 7 · Sétif")
    thread = topic.message_thread_id
    assert (topic.name, topic.icon_color) == ("Cas 7 · Sétif", 7322096)
    sent = await bot.send_message(chat, "Bonjour", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    await trial.do(chat, "text", text="vu", thread=thread)
    made, seen = await trial.updates()
    assert message_of(made).forum_topic_created is not None
    assert message_of(seen).message_thread_id == thread
    root = message_of(seen).reply_to_message
    assert root is not None and root.forum_topic_created is not None
    assert await bot.edit_forum_topic(chat, thread, name="Cas 7")
    assert await bot.close_forum_topic(chat, thread)
    await trial.do(chat, "text", status=409, user_id=YASMINE, text="vu", thread=thread)
    await trial.do(chat, "text", text="la créatrice peut", thread=thread)
    for do in (bot.close_forum_topic(chat, thread), bot.edit_forum_topic(chat, thread, "Cas 7")):
        with pytest.raises(BadRequest, match="Topic_not_modified"):
            await do
    assert await bot.reopen_forum_topic(chat, thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.reopen_forum_topic(chat, thread)
    (shown,) = (await trial.shown(chat))["topics"]
    assert (shown["name"], shown["closed"]) == ("Cas 7", False)
    assert await bot.delete_forum_topic(chat, thread)
    after = await trial.shown(chat)
    assert after["topics"] == []
    assert not [m for m in after["messages"] if m.get("message_thread_id") == thread]
    with pytest.raises(BadRequest, match="Topic_id_invalid"):
        await bot.close_forum_topic(chat, thread)


@pytest.mark.parametrize("method", ["message", "photo", "document", "venue", "copy"])
async def test_nothing_goes_into_a_topic_that_is_gone(trial: Trial, method: str) -> None:
    bot, chat = trial.bot, await trial.group(forum=True)
    await started(trial)
    source = (await trial.shown(AMINE))["messages"][0]["message_id"]
    thread = (await bot.create_forum_topic(chat, "Cas 7")).message_thread_id
    png = base64.b64decode(await a_picture(trial))

    async def send(thread: int) -> Any:
        where: dict[str, Any] = {"message_thread_id": thread}
        if method == "photo":
            return await bot.send_photo(chat, png, **where)
        if method == "document":
            return await bot.send_document(chat, b"\x00\xff", filename="a.xlsx", **where)
        if method == "venue":
            return await bot.send_venue(chat, 36.19, 5.41, "Poste", "Sétif", **where)
        if method == "copy":
            return await bot.copy_message(chat, AMINE, source, **where)
        return await bot.send_message(chat, "a", **where)

    sent = await send(thread)
    number = sent.message_id
    shown = next(m for m in (await trial.shown(chat))["messages"] if m["message_id"] == number)
    assert (shown["message_thread_id"], shown["is_topic_message"]) == (thread, True)
    await trial.do(chat, "delete_topic", thread=thread)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await send(thread)


async def a_picture(trial: Trial) -> str:
    """Return a picture somebody sent, in base64."""
    await trial.do(YASMINE, "other", kind="photo")
    photo = (await trial.shown(YASMINE))["messages"][-1]["photo"][-1]
    content = (await trial.http.get(f"/_sim/files/{photo['file_id']}")).content
    return base64.b64encode(content).decode()


async def test_topics_need_a_forum_and_the_right(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group()
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(chat, "Cas 1")
    await trial.do(chat, "topics", on=True)
    await trial.do(chat, "open_topic", name="Divers")
    await trial.do(chat, "promote", member_id=BOT, can_manage_topics=False)
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(chat, "Cas 1")
    (topic,) = (await trial.shown(chat))["topics"]
    with pytest.raises(BadRequest, match="Not enough rights to close or open the topic"):
        await bot.close_forum_topic(chat, topic["message_thread_id"])
    await trial.do(chat, "close_topic", thread=topic["message_thread_id"])
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(chat, "a", message_thread_id=topic["message_thread_id"])
    await trial.do(chat, "topics", on=False)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(chat, "a", message_thread_id=topic["message_thread_id"])


async def test_topics_opened_and_closed_by_hand_are_told(trial: Trial) -> None:
    chat = await trial.group(forum=True)
    view = await trial.do(chat, "open_topic", user_id=YASMINE, name="Divers")
    thread = view["topics"][0]["message_thread_id"]
    await trial.do(chat, "close_topic", thread=thread)
    await trial.do(chat, "close_topic", status=409, thread=thread)
    await trial.do(chat, "reopen_topic", thread=thread)
    made, closed, reopened = map(message_of, await trial.updates())
    assert made.forum_topic_created is not None and made.message_thread_id == thread
    assert closed.forum_topic_closed is not None and closed.message_thread_id == thread
    assert reopened.forum_topic_reopened is not None
    await trial.do(chat, "delete_topic", status=404, thread=999)


async def test_an_answer_stays_in_the_topic_of_what_it_answers(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group(forum=True)
    thread = (await bot.create_forum_topic(chat, "Cas 1")).message_thread_id
    (number,) = (await trial.do(chat, "text", text="?", thread=thread))["message_ids"]
    sent = await bot.send_message(chat, "!", reply_parameters=ReplyParameters(number))
    assert sent.message_thread_id == thread
    assert sent.reply_to_message is not None and sent.reply_to_message.text == "?"
    await trial.updates()
    await trial.do(chat, "text", text="merci", reply_to=sent.message_id)
    (update,) = await trial.updates()
    assert message_of(update).message_thread_id == thread
    general = await bot.send_message(chat, "pour tous")
    assert general.message_thread_id is None


# --- files and copies --------------------------------------------------------------------------


async def test_a_document_of_a_member_is_fetched(trial: Trial) -> None:
    chat = await trial.group()
    content = "wilaya;lieu\nSétif;Poste\n".encode()
    await trial.do(
        chat,
        "file",
        name="arrêts.csv",
        mime_type="text/csv",
        content=base64.b64encode(content).decode(),
        caption="/import",
    )
    (update,) = await trial.updates()
    said = message_of(update)
    assert said.document is not None
    assert (said.document.file_name, said.document.file_size) == ("arrêts.csv", len(content))
    assert said.parse_caption_entities(["bot_command"])
    file = await trial.bot.get_file(said.document.file_id)
    assert bytes(await file.download_as_bytearray()) == content
    assert file.file_path is not None
    path = file.file_path.rpartition("/documents/")[2]
    stranger = await trial.http.get(f"/file/bot4711:wrong/documents/{path}")
    assert (stranger.status_code, stranger.json()["description"]) == (401, "Unauthorized")
    assert (await trial.http.get(f"/file/bot{TOKEN}/documents/none")).status_code == 404
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await trial.bot.get_file("no-such-file")
    for bad in ({"content": "é"}, {"content": ""}, {"kind": "photo", "content": "aaaa"}):
        await trial.do(chat, "file", status=400, **bad)


async def test_a_file_of_more_than_a_megabyte_goes_through(trial: Trial) -> None:
    chat = await trial.group()
    large = base64.b64encode(bytes(1_200_000)).decode()
    await trial.do(chat, "file", name="a.csv", content=large)
    await trial.do(chat, "file", status=413, name="a.csv", content=large * 3)


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "sticker", "video"])
async def test_what_a_person_sends_is_copied_to_the_desk(trial: Trial, kind: str) -> None:
    bot, chat = trial.bot, await trial.group(forum=True)
    thread = (await bot.create_forum_topic(chat, "Cas 1")).message_thread_id
    await trial.updates()
    await trial.do(AMINE, "other", kind=kind)
    (update,) = await trial.updates()
    number = message_of(update).message_id
    copied = await bot.copy_message(chat, AMINE, number, message_thread_id=thread)
    shown = (await trial.shown(chat))["messages"][-1]
    assert shown["message_id"] == copied.message_id and shown["from"]["is_bot"]
    assert shown[kind] == (await trial.shown(AMINE))["messages"][-1][kind]
    held = shown[kind][-1] if kind == "photo" else shown[kind]
    assert (await bot.get_file(held["file_id"])).file_size == held["file_size"]


async def test_words_places_and_cards_are_copied_whole(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group(forum=True)
    thread = (await bot.create_forum_topic(chat, "Cas 1")).message_thread_id
    await trial.do(AMINE, "text", text="voyez https://caravane.dz")
    await trial.do(AMINE, "location", latitude=36.19, longitude=5.41)
    await trial.do(AMINE, "contact")
    await bot.send_message(AMINE, "<b>gras</b>", parse_mode="HTML")
    await bot.send_venue(AMINE, 36.19, 5.41, "Poste", "Sétif")
    theirs = (await trial.shown(AMINE))["messages"]
    for message in theirs:
        await bot.copy_message(chat, AMINE, message["message_id"], message_thread_id=thread)
    copies = (await trial.shown(chat))["messages"][-len(theirs) :]
    held = ("text", "entities", "location", "contact", "venue")
    for message, copied in zip(theirs, copies, strict=True):
        assert [copied.get(name) for name in held] == [message.get(name) for name in held]
        assert (copied["from"]["id"], copied["message_thread_id"]) == (BOT, thread)


async def test_what_cannot_be_copied(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group()
    with pytest.raises(BadRequest, match="Message to copy not found"):
        await bot.copy_message(chat, chat, 999)
    joined = (await trial.shown(chat))["messages"][-1]
    assert "new_chat_members" in joined
    with pytest.raises(BadRequest, match="Message can't be copied"):
        await bot.copy_message(chat, chat, joined["message_id"])


async def test_others_messages_are_deleted_only_with_the_right(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group(bot="member")
    own = await bot.send_message(chat, "a")
    (theirs,) = (await trial.do(chat, "text", text="/b"))["message_ids"]
    assert await bot.delete_message(chat, own.message_id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(chat, theirs)
    await trial.do(chat, "promote", member_id=BOT)
    other = await bot.send_message(chat, "c")
    assert await bot.delete_messages(chat, [theirs, other.message_id, 999])
    assert not [m for m in (await trial.shown(chat))["messages"] if "text" in m]


@pytest.mark.parametrize(
    ("method", "body", "words"),
    [
        ("sendMessage", {"reply_parameters": [1]}, "object expected as reply parameters"),
        ("sendMessage", {"reply_parameters": {"message_id": [1]}}, ""),
        ("sendMessage", {"message_thread_id": "deux"}, ""),
        ("deleteMessages", {"message_ids": []}, "message identifiers are not specified"),
        ("deleteMessages", {"message_ids": 5}, "expected an Array of message identifiers"),
        ("deleteMessages", {"message_ids": [[1]]}, "message identifier must be a Number"),
        ("deleteMessages", {"message_ids": [1] * 101}, "too many message identifiers specified"),
        ("setMyCommands", {"scope": {"type": []}}, "can't parse BotCommandScope: Unsupported type"),
    ],
)
async def test_what_makes_no_sense_is_refused_or_passed_over(
    trial: Trial, method: str, body: dict[str, Any], words: str
) -> None:
    call = {"chat_id": await trial.group(), "text": "a", "commands": [], **body}
    answer = (await trial.http.post(f"/bot{TOKEN}/{method}", json=call)).json()
    assert answer["ok"] == (not words)
    assert answer.get("description", "").startswith(f"Bad Request: {words}" if words else "")


async def test_a_number_beyond_all_numbers_counts_as_none(trial: Trial) -> None:
    chat = await trial.group()
    body = f'{{"chat_id": {chat}, "text": "a", "message_thread_id": 1e999}}'
    headers = {"content-type": "application/json"}
    answer = await trial.http.post(f"/bot{TOKEN}/sendMessage", content=body, headers=headers)
    assert answer.json()["ok"]


async def test_groups_and_topics_need_a_name(trial: Trial) -> None:
    chat = await trial.group(forum=True)
    for name in ("", "  "):
        assert (await trial.do(chat, "open_topic", status=400, name=name))["error"] == "bad_request"
        new = {"title": name, "creator_id": AMINE}
        assert (await trial.http.post("/_sim/groups", json=new)).status_code == 400
    view = await trial.do(chat, "open_topic", name=" Divers ")
    assert view["topics"][0]["name"] == "Divers"


# --- limits, moving, menus, restarts -----------------------------------------------------------


async def test_a_group_takes_twenty_messages_a_minute(trial: Trial) -> None:
    chat = await trial.group()
    await started(trial)
    for number in range(20):
        await trial.bot.send_message(chat, str(number))
    with pytest.raises(RetryAfter) as refused:
        await trial.bot.send_message(chat, "trop")
    after = refused.value.retry_after
    assert isinstance(after, dt.timedelta) and 0 < after.total_seconds() <= 60
    await trial.bot.send_message(AMINE, "une personne, elle, reçoit")
    later = (OPENING + dt.timedelta(minutes=2)).isoformat()
    assert (await trial.http.post("/_sim/clock", json={"now": later})).status_code == 200
    await trial.bot.send_message(chat, "une minute plus tard")
    await trial.do(chat, "limit", per_minute=0)
    for number in range(25):
        await trial.bot.send_message(chat, str(number))


async def test_a_group_becomes_a_supergroup_with_another_number(trial: Trial) -> None:
    bot, old = trial.bot, await trial.group(supergroup=False)
    assert str(old).startswith("-4")
    view = await trial.do(old, "upgrade")
    new = view["chat"]["id"]
    assert str(new).startswith("-100")
    away, here = map(message_of, await trial.updates())
    assert (away.chat.id, away.migrate_to_chat_id) == (old, new)
    assert (here.chat.id, here.migrate_from_chat_id) == (new, old)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old, "a")
    assert moved.value.new_chat_id == new
    assert (await trial.do(old, "text", status=409, text="a"))["error"] == "group_moved"
    assert (await bot.get_chat_member(new, BOT)).status == "administrator"
    assert (await bot.send_message(new, "a")).chat.id == new
    assert (await trial.do(new, "upgrade", status=409))["error"] == "is_a_supergroup"


async def test_turning_topics_on_moves_a_basic_group(trial: Trial) -> None:
    old = await trial.group(supergroup=False)
    view = await trial.do(old, "topics", on=True)
    assert view["chat"]["is_forum"] and view["chat"]["id"] != old
    assert message_of((await trial.updates())[0]).migrate_to_chat_id == view["chat"]["id"]


async def test_a_member_sees_the_commands_closest_to_them(trial: Trial) -> None:
    bot, chat = trial.bot, await trial.group()

    async def seen(user: int) -> str:
        shown = (await trial.http.get(f"/_sim/chats/{chat}?user_id={user}")).json()["commands"]
        return str(shown[0]["description"]) if shown else ""

    async def offer(words: str, scope: BotCommandScope | None = None, language: str = "") -> None:
        await bot.set_my_commands(
            [BotCommand("help", words)], scope=scope, language_code=language or None
        )

    await offer("partout")
    assert await seen(AMINE) == await seen(YASMINE) == "partout"
    await offer("groupes", BotCommandScopeAllGroupChats())
    await offer("administrateurs", BotCommandScopeAllChatAdministrators())
    assert (await seen(AMINE), await seen(YASMINE)) == ("administrateurs", "groupes")
    await offer("ici", BotCommandScopeChat(chat))
    await offer("هنا", BotCommandScopeChat(chat), "ar")
    assert (await seen(AMINE), await seen(YASMINE)) == ("ici", "هنا")
    await offer("administrateurs ici", BotCommandScopeChatAdministrators(chat))
    await offer("elle", BotCommandScopeChatMember(chat, YASMINE))
    assert (await seen(AMINE), await seen(YASMINE)) == ("administrateurs ici", "elle")
    await bot.delete_my_commands(BotCommandScopeChatMember(chat, YASMINE))
    assert await seen(YASMINE) == "هنا"
    with pytest.raises(BadRequest, match="Chat not found"):
        await offer("x", BotCommandScopeChat(-1))


async def test_a_restart_keeps_groups_and_topics(tmp_path: Path) -> None:
    store = tmp_path / "phones.json"
    async with Running(store) as trial:
        chat = await trial.group(forum=True)
        thread = (await trial.bot.create_forum_topic(chat, "Cas 1")).message_thread_id
        await trial.bot.close_forum_topic(chat, thread)
        await trial.do(chat, "limit", per_minute=2)
        await trial.bot.send_message(chat, "a", message_thread_id=thread)
    async with Running(store) as trial:
        shown = await trial.shown(chat)
        assert (shown["topics"][0]["closed"], shown["per_minute"]) == (True, 2)
        assert shown["bot_member"]["can_manage_topics"]
        await trial.bot.send_message(chat, "b", message_thread_id=thread)
        with pytest.raises(RetryAfter):
            await trial.bot.send_message(chat, "c", message_thread_id=thread)
        await trial.do(chat, "topics", on=False)
        assert all("is_forum" not in m["chat"] for m in (await trial.shown(chat))["messages"])


async def test_phones_saved_before_there_were_groups_still_load(tmp_path: Path) -> None:
    store = tmp_path / "phones.json"
    async with Running(store) as trial:
        await trial.do(AMINE, "text", text="bonjour")
    saved = json.loads(store.read_text())
    for chat in saved["world"]["chats"]:
        chat["members"] = [int(number) for number in chat["members"]]
        for name in ("topics", "per_minute", "written", "moved_to"):
            del chat[name]
    store.write_text(json.dumps(saved))
    async with Running(store) as trial:
        await trial.do(AMINE, "text", text="encore")
        texts = [message["text"] for message in (await trial.shown(AMINE))["messages"]]
        assert texts == ["bonjour", "encore"]
