"""What a page may ask a phone to do: the bodies of `/_sim` calls, checked, and carried out."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from bot.simulator import people
from bot.simulator.errors import ImpossibleError
from bot.simulator.world import Chat, User, World

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


class Say(Deed):
    """A text, perhaps an answer to a message."""

    text: Words
    reply_to: int | None = None


class Edit(Deed):
    """A new text for one's own message."""

    message_id: int
    text: Words


class Press(Deed):
    """A tap on a button, named by its data or its label."""

    message_id: int
    data: Name = ""
    text: Annotated[str, Field(max_length=256)] = ""


class Location(Deed):
    """Where someone is."""

    latitude: float
    longitude: float


class Contact(Deed):
    """One's own card; with a number, someone else's."""

    phone_number: Annotated[str, Field(pattern=r"^(\+?\d{6,15})?$")] = ""
    first_name: Name = ""


class Other(Deed):
    """Something that is not words."""

    kind: Name


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
    "block": Block,
}


def do(world: World, chat: Chat, user: User, body: Deed) -> Any:
    """Carry out a deed; returns what the page may need to follow it."""
    match body:
        case Say():
            sent = people.say(world, chat, user, body.text, reply_to=body.reply_to)
            return {"message_ids": [message.data["message_id"] for message in sent]}
        case Edit():
            message = people.edit(world, chat, user, body.message_id, body.text)
        case Press():
            query_id = people.press(
                world, chat, user, body.message_id, data=body.data, label=body.text
            )
            return {"callback_query_id": query_id}
        case Location():
            message = people.share_location(world, chat, user, body.latitude, body.longitude)
        case Contact():
            message = people.share_contact(
                world, chat, user, phone_number=body.phone_number, first_name=body.first_name
            )
        case Other():
            message = people.send_other(world, chat, user, body.kind)
        case Block():
            people.set_blocked(world, chat, user, body.blocked)
            return {"blocked": chat.blocked}
        case _:
            raise ImpossibleError("no_such_deed", status=404)
    return {"message_ids": [message.data["message_id"]]}
