"""The neutral messages every room speaks: frozen, no channel's types, no imports of ours."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Language = Literal["fr", "ar"]
LANGUAGES: tuple[Language, ...] = ("fr", "ar")

#: What a person did. `unsupported` is a sticker, a voice note, a photo: anything we cannot read.
#: `edit` is a text that replaces an earlier one of theirs. `ignored` asks for no answer.
Kind = Literal["text", "command", "button", "location", "contact", "edit", "unsupported", "ignored"]

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


@dataclass(frozen=True)
class Inbound:
    """One thing a person did, as a channel understood it.

    `external_id` is the channel's own identifier of the event (an update's number), unique per
    channel; `text` is what they wrote, a command's argument, or a button's data; `reference` is
    the channel's identifier of the message meant: the one written, edited, or tapped on; `tap`
    is what a channel needs to acknowledge a tap; `locale` is the language code of their client.
    A `contact` has the number on the card as its text; `own` says that the channel vouches for it
    being the sender's.
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

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Inbound:
        """Rebuild a stored message; what another version kept and we don't know is dropped."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        return cls(**{**known, "address": Address(**data["address"])})


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
    """A text file handed over with the lines: its name and what it holds."""

    name: str
    content: str


@dataclass(frozen=True)
class Outbound:
    """One message on the wire, rendered, in no channel's format.

    `buttons` are rows of choices; `ask_location` and `ask_contact` offer the person a button that
    shares where they are, or their own number; `close_keyboard` takes such a button away again. A
    message holds lines or a venue, not both: one row is one message sent; a picture or a document
    has the lines under it.
    """

    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()
    venue: Venue | None = None
    ask_location: str = ""
    ask_contact: str = ""
    close_keyboard: bool = False
    picture: Picture | None = None
    document: Document | None = None
    language: Language = "fr"

    def to_json(self) -> dict[str, Any]:
        """Return the form kept in the outbox."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outbound:
        """Rebuild the message `to_json` wrote."""
        venue, picture = data.get("venue"), data.get("picture")
        document = data.get("document")
        return cls(
            lines=tuple(Line(**line) for line in data.get("lines", ())),
            buttons=tuple(tuple(Button(**b) for b in row) for row in data.get("buttons", ())),
            venue=Venue(**venue) if venue else None,
            ask_location=data.get("ask_location", ""),
            ask_contact=data.get("ask_contact", ""),
            close_keyboard=data.get("close_keyboard", False),
            picture=Picture(**picture) if picture else None,
            document=Document(**document) if document else None,
            language=data.get("language", "fr"),
        )
