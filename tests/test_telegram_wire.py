"""The Telegram channel over real HTTP: what it sends as the phone shows it, and what it hears."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import segno

from actions.messages import Address, Button, Document, Inbound, Line, Outbound, Picture
from bot.channels.base import Gone, Later, Refused
from bot.channels.telegram import TelegramChannel, make_bot
from tests.simulated import AMINE, TOKEN, YASMINE, Running, Trial, started

TO_AMINE = Address("telegram", str(AMINE))
CODE = Picture("c_12345678")


class Wire:
    """The channel under test, and the phones at its other end."""

    def __init__(self, trial: Trial, channel: TelegramChannel) -> None:
        self.trial, self.channel = trial, channel

    async def send(self, message: Outbound) -> dict[str, Any]:
        """Send a message to Amine; return it as his phone shows it."""
        number = await self.channel.send(TO_AMINE, message)
        shown: dict[str, Any] = (await self.trial.shown(AMINE))["messages"][-1]
        assert str(shown["message_id"]) == number
        return shown

    async def keyboard(self) -> Any:
        """Return what stands below Amine's input field."""
        return (await self.trial.shown(AMINE))["keyboard"]

    async def heard(self) -> Inbound:
        """Return the one thing that was done since the last time."""
        (message,), _ = await self.channel.fetch(0)
        assert isinstance(message, Inbound)
        await self.trial.updates()
        return message

    async def file(self, file_id: str) -> bytes:
        """Return a file that was sent."""
        return (await self.trial.http.get(f"/_sim/files/{file_id}")).content


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with Running() as trial:
        await started(trial)
        bot = make_bot(TOKEN, trial.base)
        yield Wire(trial, TelegramChannel(bot))
        await bot.request.shutdown()


def pixels(png: bytes) -> list[list[bool]]:
    """Read a PNG of one bit a pixel; True is black."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, data = 8, b""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (1, 0), "black and white"
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += size + 12
    raw, stride = zlib.decompress(data), (width + 7) // 8
    row, rows = bytes(stride), []
    for start in range(0, len(raw), stride + 1):
        kind, line = raw[start], raw[start + 1 : start + 1 + stride]
        assert kind in {0, 2}, "as it is, or added to the row above"
        row = bytes(
            (a + b) % 256 for a, b in zip(line, row if kind else bytes(stride), strict=True)
        )
        rows.append([not row[x // 8] >> (7 - x % 8) & 1 for x in range(width)])
    assert len(rows) == height
    return rows


async def test_a_picture_is_the_code_of_a_link_that_starts_this_bot(wire: Wire) -> None:
    shown = await wire.send(
        Outbound(
            (Line("رمزك < 7", "title"), Line("C-1234")),
            ((Button("صحح", "fix"),),),
            picture=CODE,
        )
    )
    assert shown["caption"] == "رمزك < 7\n\nC-1234"
    assert shown["caption_entities"][0]["type"] == "bold"
    assert shown["reply_markup"]["inline_keyboard"] == [[{"text": "صحح", "callback_data": "fix"}]]
    (size,) = shown["photo"]
    assert 400 <= size["width"] == size["height"] <= 600
    drawn = pixels(await wire.file(size["file_id"]))
    wanted = segno.make_qr("https://t.me/caravane_bot?start=c_12345678", error="m")
    modules = [[bool(dark) for dark in row] for row in wanted.matrix_iter(border=4)]
    scale = len(drawn) // len(modules)
    assert drawn == [
        [modules[y // scale][x // scale] for x in range(len(drawn))] for y in range(len(drawn))
    ]


async def test_the_bots_name_is_asked_for_once_and_again_after_a_failure(wire: Wire) -> None:
    await wire.trial.fault(method="getMe", error_code=502)
    with pytest.raises(Later):
        await wire.channel.send(TO_AMINE, Outbound(picture=CODE))
    assert "photo" in await wire.send(Outbound(picture=CODE))
    await wire.trial.fault(method="getMe", error_code=502)
    assert "photo" in await wire.send(Outbound(picture=CODE))


@pytest.mark.parametrize("name", ["données.json", "بياناتي.txt"])
async def test_a_document_arrives_as_it_was_written(wire: Wire, name: str) -> None:
    content = "الاسم: ياسمين\nWilaya: Sétif 😀\r\n"
    shown = await wire.send(
        Outbound(
            (Line("Vos données"),),
            ((Button("Menu", "menu"),),),
            document=Document(name, content),
        )
    )
    assert shown["document"]["file_name"] == name
    assert (await wire.file(shown["document"]["file_id"])).decode() == content
    assert shown["caption"] == "Vos données"
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Menu"


async def test_a_file_of_the_bot_is_never_a_page_of_ours(wire: Wire) -> None:
    page = Document("page.html", "<script>alert(1)</script>")
    shown = await wire.send(Outbound(document=page))
    answer = await wire.trial.http.get(f"/_sim/files/{shown['document']['file_id']}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_asking_for_a_number_and_a_place_makes_buttons_of_words_beside_them(
    wire: Wire,
) -> None:
    await wire.send(
        Outbound(
            (Line("Votre numéro ?"),),
            ((Button("Retour", "back"), Button("Annuler", "cancel")), (Button("Aide", "help"),)),
            ask_contact="📱 Mon numéro",
            ask_location="📍 Ma position",
        )
    )
    keyboard = await wire.keyboard()
    assert keyboard["resize_keyboard"] and keyboard["one_time_keyboard"]
    rows = [[b["text"] for b in row] for row in keyboard["keyboard"]]
    assert rows == [["📱 Mon numéro"], ["📍 Ma position"], ["Retour", "Annuler"], ["Aide"]]
    assert keyboard["keyboard"][0][0]["request_contact"]
    assert keyboard["keyboard"][1][0]["request_location"]


async def test_a_keyboard_goes_when_used_or_closed_not_when_something_is_typed(
    wire: Wire,
) -> None:
    asked = Outbound((Line("Numéro ?"),), ((Button("Retour", "back"),),), ask_contact="Le mien")
    await wire.send(asked)
    await wire.trial.do(AMINE, "text", text="0550 00 00 01")
    assert await wire.keyboard()
    await wire.send(Outbound((Line("Menu"),), ((Button("A", "a"),),), close_keyboard=True))
    assert await wire.keyboard(), "a message with buttons can't close it"
    await wire.send(Outbound((Line("Merci"),), close_keyboard=True))
    assert await wire.keyboard() is None
    await wire.send(asked)
    await wire.trial.do(AMINE, "text", text="Retour")
    assert await wire.keyboard() is None
    await wire.send(asked)
    await wire.trial.do(AMINE, "contact")
    assert await wire.keyboard() is None


@pytest.mark.parametrize("extra", [{"picture": CODE}, {"document": Document("a.txt", "a")}])
async def test_a_picture_or_a_file_closes_a_keyboard_too(wire: Wire, extra: Any) -> None:
    await wire.send(Outbound((Line("Numéro ?"),), ask_contact="Le mien"))
    await wire.send(Outbound((Line("Merci"),), close_keyboard=True, **extra))
    assert await wire.keyboard() is None


async def test_a_long_last_word_with_buttons_closes_a_keyboard_before_them(wire: Wire) -> None:
    await wire.send(Outbound((Line("Numéro ?"),), ask_contact="Le mien"))
    long = Outbound((Line("x" * 3000), Line("y" * 3000)), ((Button("Menu", "menu"),),))
    for part in wire.channel.parts(Outbound(long.lines, long.buttons, close_keyboard=True)):
        shown = await wire.send(part)
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Menu"
    assert await wire.keyboard() is None


async def test_whose_card_it_is(wire: Wire) -> None:
    await wire.trial.do(AMINE, "contact")
    own = await wire.heard()
    assert (own.kind, own.text, own.own) == ("contact", "213550000001", True)
    yasmine = (await wire.trial.shown(YASMINE))["user"]["phone_number"]
    for number in (yasmine, "213661000000"):
        await wire.trial.do(AMINE, "contact", phone_number=number, first_name="Un ami")
        card = await wire.heard()
        assert (card.kind, card.text, card.own) == ("contact", number, False)


async def test_a_scanned_code_starts_the_bot_with_what_it_carries(wire: Wire) -> None:
    await wire.trial.do(YASMINE, "text", text="/start c_12345678")
    scanned = await wire.heard()
    assert (scanned.kind, scanned.command, scanned.text) == ("command", "start", "c_12345678")


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("sendPhoto", Outbound((Line("a"),), picture=CODE)),
        ("sendDocument", Outbound((Line("a"),), document=Document("a.txt", "a"))),
    ],
)
@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ({"error_code": 429, "seconds": 7}, Later),
        ({"error_code": 403}, Gone),
        ({"error_code": 400}, Gone),
        ({"error_code": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED"}, Refused),
        ({"error_code": 500}, Later),
        ({"kind": "hang_up"}, Later),
    ],
)
async def test_pictures_and_files_fail_in_the_same_three_ways(
    wire: Wire, method: str, message: Outbound, fault: dict[str, Any], raised: type[Exception]
) -> None:
    await wire.trial.fault(method=method, **fault)
    with pytest.raises(raised) as caught:
        await wire.channel.send(TO_AMINE, message)
    if fault.get("error_code") == 429:
        assert isinstance(caught.value, Later) and caught.value.asked
        assert caught.value.seconds == 7
    assert "caption" in await wire.send(message)
