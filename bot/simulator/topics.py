"""The topics of a group: made, renamed, closed and removed, by the bot or by hand."""

from __future__ import annotations

from bot.simulator.chats import Chat, Json, Topic
from bot.simulator.privacy import deliver
from bot.simulator.world import World

#: Telegram's own colours of a topic's icon. Source: core.telegram.org/bots/api#createforumtopic
COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
LONGEST_NAME = 128


def place(chat: Chat, thread: int | None, quoted: Json | None) -> Json:
    """Return what tells where a message stands: its topic, and what it answers.

    In a topic, a message that answers no other answers the one that made the topic. In a
    supergroup without topics, answers to one message form a thread as well.
    """
    if chat.is_forum and thread is not None:
        if quoted is None or quoted.get("message_thread_id") != thread:
            quoted = without_reply(chat.topics[thread].first)
        return {
            "message_thread_id": thread,
            "is_topic_message": True,
            "reply_to_message": quoted,
        }
    if quoted is None:
        return {}
    if chat.type != "supergroup":
        return {"reply_to_message": quoted}
    root = quoted.get("message_thread_id") or quoted["message_id"]
    return {"message_thread_id": root, "reply_to_message": quoted}


def without_reply(data: Json) -> Json:
    """Return a message as it is quoted: a quoted one quotes nothing."""
    return {key: value for key, value in data.items() if key != "reply_to_message"}


def make(world: World, chat: Chat, by: Json, name: str, colour: int = COLOURS[0]) -> Topic:
    """Make a topic; its number is that of the service message that says so."""
    name = name[:LONGEST_NAME]
    made = {"name": name, "icon_color": colour}
    message = world.add_message(chat, by, {"forum_topic_created": made})
    number = message.data["message_id"]
    message.data.update(message_thread_id=number, is_topic_message=True)
    topic = Topic(number, name, colour, by["id"], message.data)
    chat.topics[number] = topic
    _announce(world, chat, message.data)
    return topic


def rename(world: World, chat: Chat, by: Json, topic: Topic, name: str) -> None:
    """Give a topic another name."""
    topic.name = name[:LONGEST_NAME]
    _tell(world, chat, by, topic, {"forum_topic_edited": {"name": topic.name}})


def close(world: World, chat: Chat, by: Json, topic: Topic) -> None:
    """Close a topic: only those who manage topics may write in it."""
    topic.closed = True
    _tell(world, chat, by, topic, {"forum_topic_closed": {}})


def reopen(world: World, chat: Chat, by: Json, topic: Topic) -> None:
    """Open a closed topic."""
    topic.closed = False
    _tell(world, chat, by, topic, {"forum_topic_reopened": {}})


def delete(world: World, chat: Chat, topic: Topic) -> None:
    """Remove a topic with all that was written in it; no bot is told."""
    del chat.topics[topic.id]
    for number, message in list(chat.messages.items()):
        if message.data.get("message_thread_id") == topic.id:
            del chat.messages[number]
    world.tell("topic_deleted", chat.id, message_thread_id=topic.id)
    world.tell("group", chat.id)


def _tell(world: World, chat: Chat, by: Json, topic: Topic, body: Json) -> None:
    here = place(chat, topic.id, None)
    _announce(world, chat, world.add_message(chat, by, {**here, **body}).data)


def _announce(world: World, chat: Chat, data: Json) -> None:
    deliver(world, chat, "message", data)
    world.tell("message", chat.id, message=data)
    world.tell("group", chat.id)
