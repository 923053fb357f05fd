"""The Bot API's methods for a group's topics, with its checks and its words."""

from __future__ import annotations

from bot.simulator import topics
from bot.simulator.chats import Chat, Json, Topic
from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params
from bot.simulator.world import World


def create_forum_topic(world: World, params: Params) -> Json:
    """Make a topic."""
    chat = _forum(world, params)
    if not chat.may(world.bot_id, "can_manage_topics"):
        raise BadRequestError("not enough rights to create a topic")
    name = params.text("name").strip()
    if not name:
        raise BadRequestError("title must be non-empty")
    colour = params.integer("icon_color", topics.COLOURS[0])
    if colour not in topics.COLOURS:
        raise BadRequestError("invalid icon color specified")
    topic = topics.make(world, chat, world.bot, name, colour)
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": topic.icon_color}


def edit_forum_topic(world: World, params: Params) -> bool:
    """Rename a topic."""
    chat, topic = _editable(world, params, "edit the topic")
    name = params.text("name").strip()
    if name and name == topic.name:
        raise BadRequestError("TOPIC_NOT_MODIFIED")
    if name:
        topics.rename(world, chat, world.bot, topic, name)
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    """Close an open topic."""
    chat, topic = _editable(world, params, "close or open the topic")
    if topic.closed:
        raise BadRequestError("TOPIC_NOT_MODIFIED")
    topics.close(world, chat, world.bot, topic)
    return True


def reopen_forum_topic(world: World, params: Params) -> bool:
    """Open a closed topic."""
    chat, topic = _editable(world, params, "close or open the topic")
    if not topic.closed:
        raise BadRequestError("TOPIC_NOT_MODIFIED")
    topics.reopen(world, chat, world.bot, topic)
    return True


def delete_forum_topic(world: World, params: Params) -> bool:
    """Remove a topic with all that was written in it."""
    chat, topic = _editable(world, params, "delete the topic", "can_delete_messages")
    topics.delete(world, chat, topic)
    return True


def _forum(world: World, params: Params) -> Chat:
    chat = world.reachable(params.text("chat_id"))
    if not chat.is_forum:
        raise BadRequestError("the chat is not a forum")
    return chat


def _editable(
    world: World, params: Params, deed: str, right: str = "can_manage_topics"
) -> tuple[Chat, Topic]:
    chat = _forum(world, params)
    thread = params.integer("message_thread_id")
    if thread <= 0:
        raise BadRequestError("invalid message thread identifier specified")
    topic = chat.topics.get(thread)
    if topic is None:
        raise BadRequestError("TOPIC_ID_INVALID")
    if topic.creator != world.bot_id and not chat.may(world.bot_id, right):
        raise BadRequestError(f"not enough rights to {deed}")
    return chat, topic
