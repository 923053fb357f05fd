"""What people may ask of a group over `/_sim`: the bodies, checked, and carried out."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from bot.simulator import groups, topics
from bot.simulator.chats import Chat, Json, Topic, User
from bot.simulator.deeds import Deed
from bot.simulator.errors import ImpossibleError
from bot.simulator.world import World

Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=topics.LONGEST_NAME)
]


class NewGroup(BaseModel):
    """A group to be made by a person, with others in it; the bot is added afterwards."""

    model_config = ConfigDict(extra="forbid")
    title: Title
    creator_id: int
    people: list[int] = []
    supergroup: bool = False
    forum: bool = False


class Add(Deed):
    """A person, or the bot, to be added."""

    member_id: int


class Remove(Deed):
    """A person, or the bot, to be removed."""

    member_id: int


class Leave(Deed):
    """Leaving by oneself."""


class Promote(Deed):
    """Somebody to be made an administrator, and what one may then."""

    member_id: int
    can_manage_topics: bool = True
    can_delete_messages: bool = True
    can_pin_messages: bool = True


class Demote(Deed):
    """Somebody who is to be an administrator no more."""

    member_id: int


class Topics(Deed):
    """Whether each topic has its own place."""

    on: bool


class Upgrade(Deed):
    """Making a supergroup of a group."""


class Limit(Deed):
    """How many messages a minute the bot may write; 0 lifts the limit."""

    per_minute: Annotated[int, Field(ge=0, le=1000)]


class OpenTopic(Deed):
    """A new topic."""

    name: Title


class RenameTopic(Deed):
    """Another name for a topic."""

    thread: int
    name: Title


class CloseTopic(Deed):
    """A topic to be closed."""

    thread: int


class ReopenTopic(Deed):
    """A closed topic to be opened."""

    thread: int


class DeleteTopic(Deed):
    """A topic to be removed with all that is in it."""

    thread: int


GROUP_DEEDS: dict[str, type[Deed]] = {
    "add": Add,
    "remove": Remove,
    "leave": Leave,
    "promote": Promote,
    "demote": Demote,
    "topics": Topics,
    "upgrade": Upgrade,
    "limit": Limit,
    "open_topic": OpenTopic,
    "rename_topic": RenameTopic,
    "close_topic": CloseTopic,
    "reopen_topic": ReopenTopic,
    "delete_topic": DeleteTopic,
}


def make_group(world: World, new: NewGroup) -> Chat:
    """Make a group as asked."""
    return groups.create(
        world,
        new.title,
        world.user(new.creator_id),
        [world.user(number) for number in new.people],
        supergroup=new.supergroup,
        forum=new.forum,
    )


def do_in_group(world: World, chat: Chat, user: User, body: Deed) -> Any:
    """Carry out a deed; returns the group as it is then, another one if it has moved."""
    groups.require_member(chat, user)
    match body:
        case Add():
            groups.add(world, chat, user, body.member_id)
        case Remove():
            groups.remove(world, chat, user, body.member_id)
        case Leave():
            groups.remove(world, chat, user, user.data["id"])
        case Promote():
            rights = body.model_dump(include=set(groups.RIGHTS))
            groups.promote(world, chat, user, body.member_id, rights)
        case Demote():
            groups.demote(world, chat, user, body.member_id)
        case Topics():
            chat = groups.set_topics(world, chat, user, body.on)
        case Upgrade():
            chat = groups.upgrade(world, chat, user)
        case Limit():
            groups.set_limit(world, chat, body.per_minute)
        case _:
            _do_to_topic(world, chat, user, body)
    return group_view(world, chat)


def _do_to_topic(world: World, chat: Chat, user: User, body: Deed) -> None:
    match body:
        case OpenTopic():
            if not chat.is_forum:
                raise ImpossibleError("not_a_forum")
            topics.make(world, chat, user.data, body.name)
        case RenameTopic():
            topics.rename(world, chat, user.data, _topic(chat, user, body.thread), body.name)
        case CloseTopic() | ReopenTopic():
            _toggle(world, chat, user, body)
        case DeleteTopic():
            topics.delete(world, chat, _topic(chat, user, body.thread, "can_delete_messages"))


def group_view(world: World, chat: Chat) -> Json:
    """Return a group as its settings show it."""
    return {
        "chat": chat.data,
        "members": [groups.member(world, chat, number) for number in chat.present()],
        "bot_member": groups.member(world, chat, world.bot_id),
        "topics": [_shown(topic) for topic in chat.topics.values()] if chat.is_forum else [],
        "per_minute": chat.per_minute,
        "moved_to": chat.moved_to,
    }


def _shown(topic: Topic) -> Json:
    return {
        "message_thread_id": topic.id,
        "name": topic.name,
        "icon_color": topic.icon_color,
        "closed": topic.closed,
    }


def _toggle(world: World, chat: Chat, user: User, body: CloseTopic | ReopenTopic) -> None:
    topic = _topic(chat, user, body.thread)
    closing = isinstance(body, CloseTopic)
    if topic.closed == closing:
        raise ImpossibleError("topic_not_modified")
    (topics.close if closing else topics.reopen)(world, chat, user.data, topic)


def _topic(chat: Chat, user: User, thread: int, right: str = "can_manage_topics") -> Topic:
    if not chat.is_forum or thread not in chat.topics:
        raise ImpossibleError("no_such_topic", status=404)
    topic = chat.topics[thread]
    if topic.creator != user.data["id"] and not chat.may(user.data["id"], right):
        raise ImpossibleError("not_an_administrator")
    return topic
