"""Telegram: long polling with our own offset, and messages as its clients show them.

Only python-telegram-bot's `Bot`, `Update` and errors are used: its Application keeps state in
memory. Source of every limit: core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.constants import ChatType, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.helpers import create_deep_linked_url
from telegram.request import HTTPXRequest

from actions.inbox import Unreadable
from actions.messages import Address, Inbound, Outbound
from bot.channels.base import Gone, Later, Refused
from bot.channels.qr import qr_png
from bot.channels.telegram_html import caption_pieces, text_pieces, to_html
from bot.introduction import Introduction

log = structlog.get_logger()

# Waits come as timedelta in python-telegram-bot's next version; without this it warns each time.
os.environ.setdefault("PTB_TIMEDELTA", "true")

NAME = "telegram"
#: How long Telegram holds an empty poll open, in seconds.
POLL = 25
ALLOWED_UPDATES = [Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY]


def make_bot(token: str, api_url: str) -> Bot:
    """Return a bot that talks to the Bot API server at `api_url`.

    A proxy named in the environment is used for Telegram's own server only: a server of one's own
    is near, and the proxy would be asked for loopback addresses as well.
    """

    base = api_url.rstrip("/")
    request = HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=5,
        write_timeout=5,
        read_timeout=10,
        pool_timeout=5,
        httpx_kwargs={
            "trust_env": "api.telegram.org" in api_url,
            "verify": base.startswith("https"),  # loading certificates nobody asks for takes time
        },
    )
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=request,
        get_updates_request=request,
    )


class TelegramChannel:
    """The Telegram wire of one bot."""

    name = NAME

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._name: str | None = None
        #: Names this bot's stream of updates; another bot's numbers are not ours.
        self.stream = f"{NAME}:{bot.token.partition(':')[0]}"

    async def listen(self) -> None:
        """End a webhook that an earlier program set: Telegram gives no updates beside one."""
        await self._bot.delete_webhook()

    async def fetch(self, offset: int) -> tuple[list[Inbound | Unreadable], int]:
        """Wait for updates from `offset` on; return them with the offset that comes after.

        The raw call is used because one update that python-telegram-bot can't read would
        otherwise fail the whole batch, and be asked for again for ever. Its name is in small
        letters, which the Bot API allows, because the library warns of raw calls it has itself.
        """
        raw: Sequence[dict[str, Any]] = await self._bot.do_api_request(
            "getupdates",
            api_kwargs={
                "offset": offset,
                "timeout": POLL,
                "limit": 100,
                "allowed_updates": ALLOWED_UPDATES,
            },
            read_timeout=POLL + 10,
        )
        numbered = [u for u in raw if isinstance(u, dict) and isinstance(u.get("update_id"), int)]
        messages = [read_update(update, self._bot) for update in numbered]
        # Not the highest ever seen: a server may begin its numbers anew, and lower.
        return messages, max((u["update_id"] + 1 for u in numbered), default=offset)

    async def acknowledge(self, message: Inbound) -> None:
        """Stop the little clock on a tapped button; missing it is no harm."""
        if message.tap:
            try:
                await self._bot.answer_callback_query(message.tap)
            except TelegramError as failed:
                log.debug("tap_not_acknowledged", error=type(failed).__name__)

    def parts(self, message: Outbound) -> list[Outbound]:
        """Cut at paragraphs so that each piece, written out, fits one message.

        What a message has beside its lines goes with the last piece, except that each of them
        closes a keyboard: the last can't when it has buttons.
        """
        captioned = message.picture or message.document
        *first, last = (caption_pieces if captioned else text_pieces)(message.lines)
        bare = Outbound(close_keyboard=message.close_keyboard, language=message.language)
        return [*(replace(bare, lines=p) for p in first), replace(message, lines=last)]

    async def send(self, address: Address, message: Outbound) -> str:
        """Send one message; return Telegram's number for it."""
        try:
            return str((await self._send(int(address.id), message)).message_id)
        except RetryAfter as wait:
            raise Later(_seconds(wait), "rate_limited", asked=True) from None
        except Forbidden:
            raise Gone("blocked") from None
        except ChatMigrated:
            raise Gone("migrated") from None
        except BadRequest as bad:
            if "chat not found" in bad.message.lower():
                raise Gone("chat_not_found") from None
            raise Refused(f"bad_request: {bad.message}") from None
        except InvalidToken:
            raise Later(60, "invalid_token") from None
        except NetworkError:
            raise Later(2, "network") from None
        except TelegramError as other:
            raise Later(10, type(other).__name__) from None

    async def _send(self, chat: int, message: Outbound) -> Message:
        if message.venue:
            return await self._bot.send_venue(
                chat,
                latitude=message.venue.latitude,
                longitude=message.venue.longitude,
                title=message.venue.title,
                address=message.venue.address,
            )
        text, markup = to_html(message.lines), _markup(message)
        if message.picture:
            link = create_deep_linked_url(await self._username(), message.picture.start)
            drawn = await asyncio.to_thread(qr_png, link)  # 20 ms that nobody else should wait
            return await self._bot.send_photo(
                chat, drawn, text, parse_mode=ParseMode.HTML, reply_markup=markup
            )
        if message.document:
            return await self._bot.send_document(
                chat,
                message.document.content.encode(),
                text,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                filename=message.document.name,
            )
        return await self._bot.send_message(
            chat, text, parse_mode=ParseMode.HTML, reply_markup=markup
        )

    async def _username(self) -> str:
        """Return the bot's name in links, asked for when first needed: it may start offline."""
        if self._name is None:
            self._name = (await self._bot.get_me()).username or ""
        return self._name

    async def introduce(self, introductions: Mapping[str, Introduction]) -> None:
        """Set what people see before they write, by language code; '' is for every other one."""
        for code, shown in introductions.items():
            await self._bot.set_my_short_description(shown.short, language_code=code)
            await self._bot.set_my_description(shown.long, language_code=code)
            await self._bot.set_my_commands(
                [BotCommand(name, about) for name, about in shown.commands], language_code=code
            )


def read_update(raw: dict[str, Any], bot: Bot | None) -> Inbound | Unreadable:
    """Return what a person did, or `Unreadable` for an update of no known shape."""
    external_id = str(raw["update_id"])
    try:
        update = Update.de_json(raw, bot)
        return _read(update, external_id)
    except Exception:  # whatever it holds, it is kept and stepped over
        return Unreadable(NAME, external_id, raw)


def _read(update: Update, external_id: str) -> Inbound:
    chat = update.effective_chat
    address = Address(NAME, str(chat.id if chat else 0))
    message = update.edited_message or update.message
    if update.callback_query and chat and chat.type == ChatType.PRIVATE:
        query = update.callback_query
        return Inbound(
            external_id,
            address,
            "button",
            text=query.data or "",
            reference=str(query.message.message_id) if query.message else "",
            tap=query.id,
            locale=query.from_user.language_code or "",
        )
    if message is None or chat is None or chat.type != ChatType.PRIVATE:
        return Inbound(external_id, address, "ignored")
    return _read_message(message, external_id, address, edited=update.edited_message is not None)


def _read_message(message: Message, external_id: str, address: Address, *, edited: bool) -> Inbound:
    person = message.from_user
    said = Inbound(
        external_id,
        address,
        "unsupported",
        reference=str(message.message_id),
        locale=(person.language_code or "") if person else "",
    )
    if message.location:
        where = message.location
        if edited:  # a live location that moves is one question, not a hundred
            return replace(said, kind="ignored")
        return replace(said, kind="location", latitude=where.latitude, longitude=where.longitude)
    if message.contact:
        card = message.contact
        own = person is not None and card.user_id == person.id
        return replace(said, kind="contact", text=card.phone_number, own=own)
    if message.text is None:
        # Words under a picture are words; joining a chat or pinning is nothing to answer.
        if message.caption:
            return replace(said, kind="edit" if edited else "text", text=message.caption)
        return said if message.effective_attachment else replace(said, kind="ignored")
    if edited:
        return replace(said, kind="edit", text=message.text)
    if message.text.startswith("/"):
        command, _, rest = message.text[1:].partition(" ")
        name = command.partition("@")[0].lower()
        return replace(said, kind="command", command=name, text=rest.strip())
    return replace(said, kind="text", text=message.text)


def _seconds(wait: RetryAfter) -> float:
    after = wait.retry_after
    return float(after) if isinstance(after, int | float) else after.total_seconds()


def _markup(
    message: Outbound,
) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """Return the one keyboard a message can have."""
    if message.ask_contact or message.ask_location:
        return _reply_keyboard(message)
    if message.buttons:
        return InlineKeyboardMarkup(
            [
                [InlineKeyboardButton(b.label, callback_data=b.data) for b in row]
                for row in message.buttons
            ]
        )
    return ReplyKeyboardRemove() if message.close_keyboard else None


def _reply_keyboard(message: Outbound) -> ReplyKeyboardMarkup:
    """Ask for a number or a place; the message's buttons become words to send by a tap."""
    rows = [[KeyboardButton(b.label) for b in row] for row in message.buttons]
    if message.ask_location:
        rows.insert(0, [KeyboardButton(message.ask_location, request_location=True)])
    if message.ask_contact:
        rows.insert(0, [KeyboardButton(message.ask_contact, request_contact=True)])
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)
