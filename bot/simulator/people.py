"""What people do with their phones, each deed an update for the bot."""

from __future__ import annotations

from dataclasses import dataclass

from bot.simulator import topics
from bot.simulator.chats import Chat, Json, Message, User
from bot.simulator.errors import ImpossibleError
from bot.simulator.groups import require_member
from bot.simulator.markup import clean, units, with_found
from bot.simulator.privacy import deliver
from bot.simulator.world import FIRST_USER_ID, World

_LONGEST_TEXT = 4096
_EDITABLE_FOR = 48 * 3600


@dataclass(frozen=True)
class Where:
    """Where in a chat something is sent: a topic, and the message it answers."""

    thread: int | None = None
    reply_to: int | None = None


NOWHERE = Where()


def add_user(
    world: World, first_name: str, language_code: str, *, last_name: str = "", phone: str = ""
) -> User:
    """Give someone a phone; their private chat with the bot is there but not started."""
    number = FIRST_USER_ID + len(world.users)
    data: Json = {"id": number, "is_bot": False, "first_name": first_name}
    if last_name:
        data["last_name"] = last_name
    if language_code:
        data["language_code"] = language_code
    user = User(data, phone or f"2135500{number - FIRST_USER_ID + 1:05d}")
    world.users[number] = user
    names: Json = {key: data[key] for key in ("first_name", "last_name") if key in data}
    world.chats[number] = Chat(
        {"id": number, "type": "private", **names}, {number: {"status": "member"}}
    )
    world.tell("people")
    return user


def say(world: World, chat: Chat, user: User, text: str, where: Where = NOWHERE) -> list[Message]:
    """Send a text; like a phone, one that is too long goes out in several messages."""
    text = clean(text).strip()
    if not text:
        raise ImpossibleError("empty_text", status=400)
    return [send(world, chat, user, _text(part), where) for part in _parts(text)]


def edit(world: World, chat: Chat, user: User, message_id: int, text: str) -> Message:
    """Change one's own text."""
    message = _message(chat, message_id)
    text = clean(text).strip()
    if message.data["from"]["id"] != user.data["id"] or "text" not in message.data:
        raise ImpossibleError("not_editable")
    if world.now() - message.data["date"] > _EDITABLE_FOR:
        raise ImpossibleError("too_old")
    if not text or units(text) > _LONGEST_TEXT:
        raise ImpossibleError("bad_text", status=400)
    _writable(chat, user)
    message.data.pop("entities", None)
    message.data.update(_text(text), edit_date=world.now())
    deliver(world, chat, "edited_message", message.data)
    world.tell("message", chat.id, message=message.data)
    return message


def press(world: World, chat: Chat, user: User, message_id: int, *, data: str, label: str) -> str:
    """Tap a button below a message, named by its data or its label; returns the query's id."""
    message = _message(chat, message_id)
    rows = message.data.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    found = next((b for b in buttons if data and b.get("callback_data") == data), None)
    found = found or next((b for b in buttons if label and b["text"] == label), None)
    if found is None or "callback_data" not in found:
        raise ImpossibleError("no_such_button")
    _writable(chat, user)
    query = {
        "id": str(world.new_id() + (user.data["id"] << 32)),
        "from": user.data,
        "message": dict(message.data),
        "chat_instance": str(-chat.id),
        "data": found["callback_data"],
    }
    world.add_query({"id": query["id"], "chat_id": chat.id})
    world.updates.put("callback_query", query)
    world.tell("pressed", chat.id, query_id=query["id"])
    return str(query["id"])


def share_location(
    world: World,
    chat: Chat,
    user: User,
    latitude: float,
    longitude: float,
    *,
    where: Where = NOWHERE,
) -> Message:
    """Send where one is."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ImpossibleError("bad_location", status=400)
    place = {"latitude": latitude, "longitude": longitude}
    return send(world, chat, user, {"location": place}, where)


def share_contact(
    world: World,
    chat: Chat,
    user: User,
    *,
    phone_number: str = "",
    first_name: str = "",
    where: Where = NOWHERE,
) -> Message:
    """Send one's own card, or with a number someone else's: only one's own names its user."""
    card: Json = {"phone_number": phone_number or user.phone_number}
    card["first_name"] = first_name or user.data["first_name"]
    owner = next((u for u in world.users.values() if u.phone_number == card["phone_number"]), None)
    if owner is not None:
        card["user_id"] = owner.data["id"]
    return send(world, chat, user, {"contact": card}, where)


def set_blocked(world: World, chat: Chat, user: User, blocked: bool) -> None:
    """Block the bot or let it write again; the bot is told at once."""
    if chat.is_group:
        raise ImpossibleError("not_private")
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    chat.started = True
    member = {"status": "member", "user": world.bot}
    kicked = {"status": "kicked", "user": world.bot, "until_date": 0}
    old, new = (member, kicked) if blocked else (kicked, member)
    news = {"chat": chat.data, "from": user.data, "date": world.now()}
    news.update(old_chat_member=old, new_chat_member=new)
    world.updates.put("my_chat_member", news)
    world.tell("chat", chat.id)


def send(world: World, chat: Chat, user: User, body: Json, where: Where = NOWHERE) -> Message:
    """Write a message as a person; `body` is what is in it."""
    _writable(chat, user)
    chat.started = True
    message = world.add_message(chat, user.data, {**body, **_place(chat, user, where)})
    keyboard = chat.keyboard or {}
    if keyboard.get("force_reply") or (keyboard.get("one_time_keyboard") and _used(keyboard, body)):
        chat.keyboard = None
        world.tell("chat", chat.id)
    deliver(world, chat, "message", message.data)
    world.tell("message", chat.id, message=message.data)
    return message


def _place(chat: Chat, user: User, where: Where) -> Json:
    quoted, thread = None, where.thread
    if where.reply_to is not None:
        quoted = topics.without_reply(_message(chat, where.reply_to).data)
        if thread is None and quoted.get("is_topic_message"):
            thread = quoted["message_thread_id"]
    if thread is not None:
        topic = chat.topics.get(thread) if chat.is_forum else None
        if topic is None:
            raise ImpossibleError("no_such_topic", status=404)
        if topic.closed and not chat.may(user.data["id"], "can_manage_topics"):
            raise ImpossibleError("topic_closed")
    return topics.place(chat, thread, quoted)


def _used(keyboard: Json, body: Json) -> bool:
    """Whether a message is what one of the keyboard's buttons sends; typing is not using it."""
    return any(_sends(button, body) for row in keyboard["keyboard"] for button in row)


def _sends(button: Json, body: Json) -> bool:
    if button.get("request_contact"):
        return "contact" in body
    if button.get("request_location"):
        return "location" in body
    return bool(body.get("text") == clean(button["text"]).strip())


def _writable(chat: Chat, user: User) -> None:
    if chat.is_group:
        require_member(chat, user)
    elif not chat.has(user.data["id"]):
        raise ImpossibleError("not_a_member")
    if chat.blocked:
        raise ImpossibleError("blocked")


def _message(chat: Chat, message_id: int) -> Message:
    if message_id not in chat.messages:
        raise ImpossibleError("no_such_message", status=404)
    return chat.messages[message_id]


def _text(text: str) -> Json:
    entities = with_found(text, [])
    return {"text": text, "entities": entities} if entities else {"text": text}


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    part: list[str] = []
    size = 0
    for char in text:
        width = units(char)
        if size + width > _LONGEST_TEXT:
            parts.append("".join(part))
            part, size = [], 0
        part.append(char)
        size += width
    return [*parts, "".join(part)]
