"""The Bot API's methods about who is in a chat."""

from __future__ import annotations

from bot.simulator import groups
from bot.simulator.chats import Chat, Json
from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params
from bot.simulator.world import World


def get_chat_member(world: World, params: Params) -> Json:
    """Tell what somebody is in a chat, the bot itself included."""
    chat = _with_members(world, params)
    number = params.integer("user_id")
    if number not in world.users and number != world.bot_id:
        raise BadRequestError("invalid user_id specified")
    return groups.member(world, chat, number)


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    """Tell who the administrators of a group are."""
    chat = _with_members(world, params)
    if not chat.is_group:
        raise BadRequestError("there are no administrators in the private chat")
    return [groups.member(world, chat, number) for number in chat.present() if chat.is_head(number)]


def get_chat_member_count(world: World, params: Params) -> int:
    """Tell how many are in a chat, the bot too."""
    chat = _with_members(world, params)
    return len(chat.present()) if chat.is_group else 2


def leave_chat(world: World, params: Params) -> bool:
    """Leave a group."""
    chat = world.reachable(params.text("chat_id"))
    if not chat.is_group:
        raise BadRequestError("chat member status can't be changed in private chats")
    groups.leave(world, chat)
    return True


def _with_members(world: World, params: Params) -> Chat:
    """Return a chat whose members the bot may see: in a group, it must be there."""
    chat = world.readable(params.text("chat_id"))
    return world.reachable(params.text("chat_id")) if chat.is_group else chat
