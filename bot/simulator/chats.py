"""The things a world is made of: people, chats of any type, their messages, topics and files."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

Json = dict[str, Any]

#: How many messages Telegram lets a bot write into one group in a minute.
#: Source: core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
GROUP_LIMIT = 20

_GONE = {"left", "kicked"}
_HEADS = {"administrator", "creator"}


@dataclass
class User:
    """A person: what Telegram tells the bot, and the number it does not."""

    data: Json
    phone_number: str


@dataclass
class Message:
    """A message as the bot sees it, and the reply keyboard it never sees again."""

    data: Json
    reply_markup: Json | None = None


@dataclass
class Topic:
    """A topic of a group; `first` is the service message that made it, which each answers."""

    id: int
    name: str
    icon_color: int
    creator: int
    first: Json
    closed: bool = False


@dataclass
class Chat:
    """A chat of any type; `keyboard` is what stands below its input field.

    `members` holds everyone who was ever there, the bot too, each with what Telegram calls a
    ChatMember but for its user. The rest is a group's: its topics, how many messages the bot may
    write in a minute (0: no limit), when it wrote, and where the group moved.
    """

    data: Json
    members: dict[int, Json]
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None
    started: bool = False
    blocked: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    per_minute: int = GROUP_LIMIT
    written: list[int] = field(default_factory=list)
    moved_to: int | None = None

    @property
    def id(self) -> int:
        """Return the identifier bots write to."""
        return int(self.data["id"])

    @property
    def type(self) -> str:
        """Return `private`, `group` or `supergroup`."""
        return str(self.data["type"])

    @property
    def is_group(self) -> bool:
        """Return whether several people are in it."""
        return self.type != "private"

    @property
    def is_forum(self) -> bool:
        """Return whether topics are on."""
        return bool(self.data.get("is_forum"))

    def standing(self, user_id: int) -> Json:
        """Return what somebody is here: a ChatMember without its user."""
        return self.members.get(user_id, {"status": "left"})

    def has(self, user_id: int) -> bool:
        """Return whether somebody is here now."""
        return self.standing(user_id)["status"] not in _GONE

    def is_head(self, user_id: int) -> bool:
        """Return whether somebody is an administrator or the creator."""
        return self.standing(user_id)["status"] in _HEADS

    def may(self, user_id: int, right: str) -> bool:
        """Return whether somebody has one of an administrator's rights."""
        standing = self.standing(user_id)
        return standing["status"] == "creator" or bool(standing.get(right))

    def present(self) -> list[int]:
        """Return who is here, the bot too."""
        return [number for number in self.members if self.has(number)]

    def to_json(self) -> Json:
        """Return all that a restart must know."""
        return {
            **vars(self),
            "messages": [vars(message) for message in self.messages.values()],
            "topics": [asdict(topic) for topic in self.topics.values()],
        }

    @classmethod
    def from_json(cls, kept: Json) -> Chat:
        """Rebuild the chat `to_json` wrote; before there were groups, members were a list."""
        messages = [Message(**message) for message in kept["messages"]]
        topics = [Topic(**topic) for topic in kept.get("topics", [])]
        for data in (*(m.data for m in messages), *(t.first for t in topics)):
            data["chat"] = kept["data"]  # one thing, so that a change is seen in all
        members = kept["members"]
        if isinstance(members, list):
            members = {number: {"status": "member"} for number in members}
        return cls(
            **{
                **kept,
                "members": {int(number): standing for number, standing in members.items()},
                "messages": {message.data["message_id"]: message for message in messages},
                "topics": {topic.id: topic for topic in topics},
            }
        )


@dataclass
class File:
    """A file somebody sent, kept for the page and the bot; `content` is base64."""

    name: str
    mime_type: str
    content: str
