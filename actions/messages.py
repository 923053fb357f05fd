"""The neutral messages every room speaks: frozen, no channel's types, no imports of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Language = Literal["fr", "ar"]
LANGUAGES: tuple[Language, ...] = ("fr", "ar")

#: What a person did. `unsupported` is a sticker, a voice note, a photo: anything we cannot read.
#: `edit` is a text that replaces an earlier one of theirs. `ignored` asks for no answer. `standing`
#: tells of a group: what became of the assistant or of a member there.
Kind = Literal[
    "text",
    "command",
    "button",
    "location",
    "contact",
    "edit",
    "unsupported",
    "ignored",
    "standing",
]

Style = Literal["plain", "title", "item", "note"]


@dataclass(frozen=True)
class Address:
    """Where a person is reached: a channel's name and its own identifier for them."""

    channel: str
    id: str

    @property
    def key(self) -> str:
        """The one string that names this address in queues and limits, `telegram:4711`."""
        return f"{self.channel}:{self.id}"

    @property
    def is_group(self) -> bool:
        """Whether several people read here: Telegram's groups have numbers below zero.

        Source: core.telegram.org/bots/api, chat identifiers.
        """
        return self.id.startswith("-")

    @property
    def number(self) -> str:
        """The phone number in E.164 that it is, or nothing; Telegram's have no plus sign."""
        return self.id if self.id.startswith("+") else ""


@dataclass(frozen=True)
class Sender:
    """Who did something in a group: the channel's identifier of the person and their names."""

    id: str
    name: str
    username: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that came with a message: what the channel fetches it by, its name, its bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Inbound:
    """One thing a person did, as a channel understood it.

    `external_id` is the channel's own identifier of the event (an update's number), unique per
    channel; `text` is what they wrote, a command's argument, or a button's data; `reference` is
    the channel's identifier of the message meant: the one written, edited, or tapped on; `tap`
    is what a channel needs to acknowledge a tap; `locale` is the language code of their client.
    A `contact` has the number on the card as its text; `own` says that the channel vouches for it
    being the sender's. `whole` says that the text is all there is: a picture's words are not.

    In a group, `sender` is who did it, `thread` the topic it is in, `answers` the identifier of the
    message it replies to, `file` what hangs on it. A `standing` has as its command what came to
    be: the assistant is a `member`, may write as `administrator` or `manager` (of topics as well),
    or is `gone`; the group has `moved` to the one in the text; the sender `came` or `left`.
    """

    external_id: str
    address: Address
    kind: Kind
    text: str = ""
    command: str = ""
    reference: str = ""
    tap: str = ""
    locale: str = ""
    latitude: float | None = None
    longitude: float | None = None
    own: bool = False
    whole: bool = True
    sender: Sender | None = None
    thread: str = ""
    answers: str = ""
    file: Attachment | None = None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Inbound:
        """Rebuild a stored message; what another version kept and we don't know is dropped."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        sender, file = data.get("sender"), data.get("file")
        known |= {
            "address": Address(**data["address"]),
            "sender": Sender(**sender) if sender else None,
            "file": Attachment(**file) if file else None,
        }
        return cls(**known)


@dataclass(frozen=True)
class Line:
    """One rendered paragraph of an answer; the channel decides how a style looks."""

    text: str
    style: Style = "plain"


@dataclass(frozen=True)
class Button:
    """A choice under a message. `data` comes back as the text of an `Inbound` of kind button."""

    label: str
    data: str


@dataclass(frozen=True)
class Venue:
    """A place on a map: its title and address already in the reader's language."""

    title: str
    address: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Picture:
    """A QR code to show above the lines.

    `start` is what the assistant is started with by who scans it; the channel knows its link.
    """

    start: str


@dataclass(frozen=True)
class Document:
    """A file handed over with the lines: its name and what it holds.

    The content is text, or any bytes in base64 when it is `encoded`.
    """

    name: str
    content: str
    encoded: bool = False


@dataclass(frozen=True)
class Copy:
    """A message of any kind to be copied as it is, from another chat of the same channel."""

    chat: str
    message: str


@dataclass(frozen=True)
class Topic:
    """The topic of a case, to be made under its title where there is none yet."""

    case: int
    title: str


#: What is done to a case's topic in place of a message.
Deed = Literal["close", "reopen", "delete"]


@dataclass(frozen=True)
class Outbound:
    """One message on the wire, rendered, in no channel's format.

    `buttons` are rows of choices; `ask_location` and `ask_contact` offer the person a button that
    shares where they are, or their own number; `close_keyboard` takes such a button away again. A
    message holds lines or a venue, not both: one row is one message sent; a picture, an `image`
    (a PNG in base64) or a document has the lines under it; a `copy` stands alone.

    In a group, `topic` is the case it belongs to, or `thread` the topic's own identifier, and
    `answers` the message it replies to. A `deed` is done to the topic and writes nothing. `menu`
    are commands to be offered to `menu_for` (a member, or everyone where that is empty).
    """

    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    venue: Venue | None = None
    ask_location: str = ""
    ask_contact: str = ""
    close_keyboard: bool = False
    picture: Picture | None = None
    document: Document | None = None
    image: str = ""
    copy: Copy | None = None
    topic: Topic | None = None
    thread: str = ""
    answers: str = ""
    deed: Deed | None = None
    menu: tuple[tuple[str, str], ...] = ()
    menu_for: str = ""
    language: Language = "fr"

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in the outbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outbound:
        """Rebuild the message `to_json` wrote."""
        nested: dict[str, Callable[..., Any]] = {
            **{"venue": Venue, "picture": Picture, "document": Document},
            **{"copy": Copy, "topic": Topic},
        }
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        known |= {k: make(**data[k]) if data.get(k) else None for k, make in nested.items()}
        known["lines"] = tuple(Line(**line) for line in data.get("lines", ()))
        known["buttons"] = tuple(tuple(Button(**b) for b in row) for row in data.get("buttons", ()))
        known["menu"] = tuple((name, about) for name, about in data.get("menu", ()))
        return cls(**known)
