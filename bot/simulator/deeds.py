"""What a page may ask a phone to do: the bodies of `/_sim` calls, checked, and carried out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.simulator import attachments, people
from bot.simulator.chats import Chat, User
from bot.simulator.errors import ImpossibleError
from bot.simulator.people import Where
from bot.simulator.world import World

_LONGEST_TEXT = 20_000

Words = Annotated[str, Field(max_length=_LONGEST_TEXT)]
Name = Annotated[str, Field(max_length=64)]


class Deed(BaseModel):
    """What someone does; without `user_id` it is the chat's first member."""

    model_config = ConfigDict(extra="forbid")
    user_id: int | None = None


class NewUser(BaseModel):
    """Someone with a phone; `language_code` is their Telegram's, free to be any or none."""

    model_config = ConfigDict(extra="forbid")
    first_name: Annotated[str, Field(min_length=1, max_length=64)]
    last_name: Name = ""
    language_code: Annotated[str, Field(pattern=r"^([a-z]{2,3}(-[A-Za-z]{2,4})?)?$")] = "fr"
    phone_number: Annotated[str, Field(pattern=r"^(\d{8,15})?$")] = ""


class Sending(Deed):
    """Something sent into a chat: in a group perhaps into a topic, perhaps as an answer."""

    thread: int | None = None
    reply_to: int | None = None

    @property
    def where(self) -> Where:
        """Return where in the chat it goes."""
        return Where(self.thread, self.reply_to)


class Say(Sending):
    """A text."""

    text: Words


class Edit(Deed):
    """A new text for one's own message."""

    message_id: int
    text: Words


class Press(Deed):
    """A tap on a button, named by its data or its label."""

    message_id: int
    data: Name = ""
    text: Annotated[str, Field(max_length=256)] = ""


class Location(Sending):
    """Where someone is."""

    latitude: float
    longitude: float


class Contact(Sending):
    """One's own card; with a number, someone else's."""

    phone_number: Annotated[str, Field(pattern=r"^(\+?\d{6,15})?$")] = ""
    first_name: Name = ""


class Other(Sending):
    """Something that is not words."""

    kind: Name


class SendFile(Sending):
    """A file with its content in base64, and words below it."""

    kind: Literal["document", "photo", "voice", "video"] = "document"
    name: Annotated[str, Field(min_length=1, max_length=255)] = "file"
    mime_type: Annotated[str, Field(max_length=100)] = "application/octet-stream"
    content: str
    caption: Words = ""


class Block(Deed):
    """Whether the bot may write."""

    blocked: bool


class Moment(BaseModel):
    """A moment for the clock; without an offset it is Algeria's time."""

    now: dt.datetime


DEEDS: dict[str, type[Deed]] = {
    "text": Say,
    "edit": Edit,
    "press": Press,
    "location": Location,
    "contact": Contact,
    "other": Other,
    "file": SendFile,
    "block": Block,
}


def do(world: World, chat: Chat, user: User, body: Deed) -> Any:
    """Carry out a deed; returns what the page may need to follow it."""
    match body:
        case Say():
            sent = people.say(world, chat, user, body.text, body.where)
            return {"message_ids": [message.data["message_id"] for message in sent]}
        case Edit():
            message = people.edit(world, chat, user, body.message_id, body.text)
        case Press():
            query_id = people.press(
                world, chat, user, body.message_id, data=body.data, label=body.text
            )
            return {"callback_query_id": query_id}
        case Location():
            message = people.share_location(
                world, chat, user, body.latitude, body.longitude, where=body.where
            )
        case Contact():
            message = people.share_contact(
                world,
                chat,
                user,
                phone_number=body.phone_number,
                first_name=body.first_name,
                where=body.where,
            )
        case Other():
            message = attachments.send_other(world, chat, user, body.kind, body.where)
        case SendFile():
            message = attachments.send_file(
                world,
                chat,
                user,
                body.kind,
                name=body.name,
                mime_type=body.mime_type,
                content=body.content,
                caption=body.caption,
                where=body.where,
            )
        case Block():
            people.set_blocked(world, chat, user, body.blocked)
            return {"blocked": chat.blocked}
        case _:
            raise ImpossibleError("no_such_deed", status=404)
    return {"message_ids": [message.data["message_id"]]}
