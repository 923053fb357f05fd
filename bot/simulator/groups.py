"""What people do with a group: who is in it, who may what, and what kind of group it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.simulator.chats import Chat, Json, User
from bot.simulator.errors import ImpossibleError
from bot.simulator.privacy import deliver
from bot.simulator.world import World

#: Far from every person's number, and of the length real ones have.
_FIRST_GROUP_ID = -4_700_000_000
_FIRST_SUPERGROUP_ID = -1_002_700_000_000

#: What an administrator may, unless told otherwise; those that can be chosen here.
RIGHTS = {"can_manage_topics": True, "can_delete_messages": True, "can_pin_messages": True}
_OTHER_RIGHTS = {
    "can_be_edited": False,
    "is_anonymous": False,
    "can_manage_chat": True,
    "can_manage_video_chats": True,
    "can_restrict_members": True,
    "can_promote_members": False,
    "can_change_info": True,
    "can_invite_users": True,
    "can_post_stories": False,
    "can_edit_stories": False,
    "can_delete_stories": False,
}


def create(
    world: World,
    title: str,
    creator: User,
    people: Iterable[User],
    *,
    supergroup: bool,
    forum: bool,
) -> Chat:
    """Make a group of people, without the bot; topics need a supergroup."""
    kind = "supergroup" if supergroup or forum else "group"
    data: Json = {"id": _new_id(world, kind), "type": kind, "title": title}
    if forum:
        data["is_forum"] = True
    members: dict[int, Json] = {creator.data["id"]: {"status": "creator", "is_anonymous": False}}
    for person in people:
        members.setdefault(person.data["id"], {"status": "member"})
    chat = Chat(data, members, started=True)
    world.chats[chat.id] = chat
    _announce(world, chat, creator.data, {f"{kind}_chat_created": True})
    return chat


def member(world: World, chat: Chat, user_id: int) -> Json:
    """Return somebody's place in a chat as a ChatMember."""
    return {"user": who(world, user_id), **chat.standing(user_id)}


def who(world: World, user_id: int) -> Json:
    """Return a person, or the bot."""
    return world.bot if user_id == world.bot_id else world.user(user_id).data


def add(world: World, chat: Chat, by: User, user_id: int) -> None:
    """Add a person or the bot; any member may."""
    require_member(chat, by)
    added = who(world, user_id)
    if chat.has(user_id):
        raise ImpossibleError("already_there")
    place(world, chat, by.data, user_id, {"status": "member"})
    _announce(world, chat, by.data, {"new_chat_members": [added]})


def remove(world: World, chat: Chat, by: User, user_id: int) -> None:
    """Remove somebody, or leave when it is oneself."""
    removed = who(world, user_id)
    themselves = user_id == by.data["id"]
    if not chat.has(user_id):
        raise ImpossibleError("not_there")
    if not themselves:
        require_head(chat, by)
        if chat.standing(user_id)["status"] == "creator":
            raise ImpossibleError("is_the_creator")
    gone: Json = {"status": "left"} if themselves else {"status": "kicked", "until_date": 0}
    body = {"left_chat_member": removed}
    if user_id == world.bot_id and chat.type == "group":
        # Only in a basic group does a bot still read that it was removed.
        _announce(world, chat, by.data, body)
        place(world, chat, by.data, user_id, gone)
        return
    place(world, chat, by.data, user_id, gone)
    _announce(world, chat, by.data, body)


def leave(world: World, chat: Chat) -> None:
    """Let the bot leave by itself; those who stay read that it did."""
    place(world, chat, world.bot, world.bot_id, {"status": "left"})
    _announce(world, chat, world.bot, {"left_chat_member": world.bot})


def promote(world: World, chat: Chat, by: User, user_id: int, rights: Mapping[str, bool]) -> None:
    """Make somebody an administrator, or change what one may."""
    _require_other(chat, by, user_id)
    place(world, chat, by.data, user_id, administrator(chat, rights))


def demote(world: World, chat: Chat, by: User, user_id: int) -> None:
    """Take an administrator's rights away."""
    _require_other(chat, by, user_id)
    if chat.is_head(user_id):
        place(world, chat, by.data, user_id, {"status": "member"})


def administrator(chat: Chat, rights: Mapping[str, bool]) -> Json:
    """Return an administrator's standing; in a basic group there are no topics to manage."""
    standing = {"status": "administrator", **_OTHER_RIGHTS, **RIGHTS, **rights}
    if chat.type == "group":
        del standing["can_manage_topics"]
    return standing


def set_topics(world: World, chat: Chat, by: User, on: bool) -> Chat:
    """Turn topics on or off; as in Telegram, a basic group is made a supergroup on the way."""
    require_head(chat, by)
    if on and chat.type == "group":
        chat = upgrade(world, chat, by)
    if on:
        chat.data["is_forum"] = True
    else:
        chat.data.pop("is_forum", None)
    world.tell("group", chat.id)
    return chat


def upgrade(world: World, chat: Chat, by: User) -> Chat:
    """Make a supergroup of a group: a new chat with the same people, and the old one is shut."""
    require_head(chat, by)
    if chat.type != "group":
        raise ImpossibleError("is_a_supergroup")
    data = {**chat.data, "id": _new_id(world, "supergroup"), "type": "supergroup"}
    members = {number: dict(chat.standing(number)) for number in chat.present()}
    new = Chat(data, members, started=True, per_minute=chat.per_minute)
    for standing in members.values():
        if standing["status"] == "administrator":
            standing["can_manage_topics"] = False
    world.chats[new.id] = new
    _announce(world, chat, by.data, {"migrate_to_chat_id": new.id})
    chat.moved_to = new.id
    chat.keyboard = None
    _announce(world, new, by.data, {"migrate_from_chat_id": chat.id})
    return new


def set_limit(world: World, chat: Chat, per_minute: int) -> None:
    """Set how many messages a minute the bot may write here; 0 lifts the limit."""
    chat.per_minute = per_minute
    chat.written.clear()
    world.tell("group", chat.id)


def place(world: World, chat: Chat, by: Json, user_id: int, standing: Json) -> None:
    """Change somebody's place in a group, and tell the bot what it may know of it."""
    old = member(world, chat, user_id)
    reads_members = chat.is_head(world.bot_id)
    chat.members[user_id] = standing
    news = {"chat": chat.data, "from": by, "date": world.now()}
    news.update(old_chat_member=old, new_chat_member=member(world, chat, user_id))
    if user_id == world.bot_id:
        world.updates.put("my_chat_member", news)
    elif reads_members:
        world.updates.put("chat_member", news)
    world.tell("group", chat.id)


def require_member(chat: Chat, user: User) -> None:
    """Refuse who is not in a group, and everyone in one that has moved."""
    if not chat.is_group:
        raise ImpossibleError("not_a_group")
    if chat.moved_to is not None:
        raise ImpossibleError("group_moved")
    if not chat.has(user.data["id"]):
        raise ImpossibleError("not_a_member")


def require_head(chat: Chat, user: User) -> None:
    """Refuse who is neither an administrator nor the creator."""
    require_member(chat, user)
    if not chat.is_head(user.data["id"]):
        raise ImpossibleError("not_an_administrator")


def _require_other(chat: Chat, by: User, user_id: int) -> None:
    require_head(chat, by)
    if not chat.has(user_id):
        raise ImpossibleError("not_there")
    if chat.standing(user_id)["status"] == "creator":
        raise ImpossibleError("is_the_creator")


def _new_id(world: World, kind: str) -> int:
    first = _FIRST_GROUP_ID if kind == "group" else _FIRST_SUPERGROUP_ID
    return first - world.new_id()


def _announce(world: World, chat: Chat, by: Json, body: Json) -> None:
    message = world.add_message(chat, by, body)
    deliver(world, chat, "message", message.data)
    world.tell("message", chat.id, message=message.data)
    world.tell("group", chat.id)
