"""What of a chat reaches the bot: all of it, or only what is meant for it.

Bots are in privacy mode unless their owner says otherwise. Source:
core.telegram.org/bots/features#privacy-mode
"""

from __future__ import annotations

import re

from bot.simulator.chats import Chat, Json
from bot.simulator.world import World

_COMMAND = re.compile(r"/\w+(?:@(\w+))?(?!\w)")
#: What people send; anything else is a service message, which every bot gets.
CONTENTS = (
    "text",
    "photo",
    "document",
    "voice",
    "video",
    "sticker",
    "location",
    "venue",
    "contact",
)


def deliver(world: World, chat: Chat, kind: str, data: Json) -> None:
    """Put a message into the bot's queue if it may read it; `kind` is that of the update."""
    if hears(world, chat, data):
        world.updates.put(kind, dict(data))


def hears(world: World, chat: Chat, data: Json) -> bool:
    """Return whether the bot gets a message of this chat."""
    if not chat.is_group:
        return True
    if not chat.has(world.bot_id):
        return False
    if chat.is_head(world.bot_id) or is_service(data):
        return True
    return _answers_bot(world, data) or _commands_bot(world, data)


def is_service(data: Json) -> bool:
    """Return whether a message tells what happened, rather than what somebody sent."""
    return not any(name in data for name in CONTENTS)


def _answers_bot(world: World, data: Json) -> bool:
    answered = data.get("reply_to_message")
    # Each message of a topic answers the one that made it, which is not meant as an answer.
    return bool(
        answered
        and answered["from"]["id"] == world.bot_id
        and "forum_topic_created" not in answered
    )


def _commands_bot(world: World, data: Json) -> bool:
    command = _COMMAND.match(str(data.get("text") or data.get("caption") or ""))
    if command is None:
        return False
    return command[1] is None or command[1].lower() == world.bot["username"].lower()
