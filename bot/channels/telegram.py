"""Telegram: long polling with our own offset, and messages as its clients show them.

Only python-telegram-bot's `Bot`, `Update` and errors are used: its Application keeps state in
memory. Source of every limit: core.telegram.org/bots/api.
"""

from __future__ import annotations

import asyncio
import os
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
    CallbackQuery,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatMemberUpdated,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
    User,
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
from actions.messages import Address, Attachment, Deed, Inbound, Outbound, Sender
from bot.channels.base import Gone, Later, Refused, Standing
from bot.channels.qr import qr_png
from bot.channels.telegram_html import caption_pieces, text_pieces, to_html
from bot.introduction import Introduction

log = structlog.get_logger()

# Waits come as timedelta in python-telegram-bot's next version; without this it warns each time.
os.environ.setdefault("PTB_TIMEDELTA", "true")

NAME = "telegram"
#: How long Telegram holds an empty poll open, in seconds.
POLL = 25
ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
]
#: A bot may fetch files of this size at most, in bytes.
LARGEST_FILE = 20_000_000
#: What Telegram answers when a topic was deleted.
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")


#: `/take 12`, `/take@caravane_bot 12`, or a command with its words on the next line.
_COMMAND = re.compile(r"/([^\s@/]+)(?:@\w+)?(?=\s|$)")


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
        captioned = message.picture or message.image or message.document
        *first, last = (caption_pieces if captioned else text_pieces)(message.lines)
        bare = Outbound(
            close_keyboard=message.close_keyboard,
            topic=message.topic,
            thread=message.thread,
            answers=message.answers,
            language=message.language,
        )
        return [*(replace(bare, lines=p) for p in first), replace(message, lines=last)]

    async def send(self, address: Address, message: Outbound, number: int = 0) -> str:
        """Send one message; return Telegram's number for it, or nothing where none was written."""
        with _told_apart():
            return await self._send(int(address.id), message)

    async def open_topic(self, address: Address, title: str) -> int:
        """Make a topic in a group and return its number."""
        with _told_apart():
            return (await self._bot.create_forum_topic(int(address.id), title)).message_thread_id

    async def inspect(self, address: Address) -> Standing:
        """Return what the assistant is and may in a group."""
        with _told_apart():
            chat = await self._bot.get_chat(int(address.id))
            me = await self._bot.get_chat_member(int(address.id), self._bot_number())
        return Standing(
            topics=bool(chat.is_forum),
            administrator=isinstance(me, ChatMemberAdministrator | ChatMemberOwner),
            manages_topics=isinstance(me, ChatMemberAdministrator) and bool(me.can_manage_topics),
        )

    async def download(self, file: Attachment) -> bytes:
        """Return what is in a file somebody sent."""
        if file.size > LARGEST_FILE:
            raise Refused("file_too_large")
        with _told_apart():
            found = await self._bot.get_file(file.id)
            return bytes(await found.download_as_bytearray())

    async def _send(self, chat: int, message: Outbound) -> str:
        if message.deed:
            await self._do_to_topic(chat, int(message.thread), message.deed)
            return ""
        if message.menu:
            await self._offer(chat, message)
            return ""
        return str(await self._write(chat, message))

    async def _write(self, chat: int, message: Outbound) -> int:
        """Write a message; return its number."""
        place: dict[str, Any] = {
            "message_thread_id": int(message.thread) if message.thread else None,
            "reply_parameters": ReplyParameters(
                int(message.answers), allow_sending_without_reply=True
            )
            if message.answers
            else None,
        }
        if message.copy:
            copied = await self._bot.copy_message(
                chat, int(message.copy.chat), int(message.copy.message), **place
            )
            return copied.message_id
        if message.venue:
            sent = await self._bot.send_venue(
                chat,
                latitude=message.venue.latitude,
                longitude=message.venue.longitude,
                title=message.venue.title,
                address=message.venue.address,
                **place,
            )
            return sent.message_id
        text, markup = to_html(message.lines), _markup(message)
        looks: dict[str, Any] = {"parse_mode": ParseMode.HTML, "reply_markup": markup, **place}
        if message.picture or message.image:
            if message.picture:
                link = create_deep_linked_url(await self._username(), message.picture.start)
                # 20 ms that nobody else should wait
                drawn = await asyncio.to_thread(qr_png, link)
            else:
                drawn = b64decode(message.image)
            return (await self._bot.send_photo(chat, drawn, text, **looks)).message_id
        if message.document:
            held = message.document
            content = b64decode(held.content) if held.encoded else held.content.encode()
            sent = await self._bot.send_document(chat, content, text, filename=held.name, **looks)
            return sent.message_id
        return (await self._bot.send_message(chat, text, **looks)).message_id

    async def _do_to_topic(self, chat: int, thread: int, deed: Deed) -> None:
        """Close, open or remove a topic; one that is so already is well."""
        do = {
            "close": self._bot.close_forum_topic,
            "reopen": self._bot.reopen_forum_topic,
            "delete": self._bot.delete_forum_topic,
        }[deed]
        try:
            await do(chat, thread)
        except BadRequest as bad:
            told = bad.message.lower()
            if "topic_not_modified" not in told and not any(gone in told for gone in NO_TOPIC):
                raise

    async def _offer(self, chat: int, message: Outbound) -> None:
        """Offer commands to a member of a group, or to all of them."""
        scope = (
            BotCommandScopeChatMember(chat, int(message.menu_for))
            if message.menu_for
            else BotCommandScopeChat(chat)
        )
        await self._bot.set_my_commands(
            [BotCommand(name, about) for name, about in message.menu], scope=scope
        )

    def _bot_number(self) -> int:
        return int(self._bot.token.partition(":")[0])

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


@contextmanager
def _told_apart() -> Iterator[None]:
    """Turn every way in which Telegram refuses into one of the three the sender knows."""
    try:
        yield
    except RetryAfter as wait:
        raise Later(_seconds(wait), "rate_limited", asked=True) from None
    except Forbidden:
        raise Gone("blocked") from None
    except ChatMigrated:
        raise Later(2, "migrated") from None  # the group itself tells of its new number
    except BadRequest as bad:
        told = bad.message.lower()
        if "chat not found" in told:
            raise Gone("chat_not_found") from None
        if any(gone in told for gone in NO_TOPIC):
            raise Refused("no_topic") from None
        raise Refused(f"bad_request: {bad.message}") from None
    except InvalidToken:
        raise Later(60, "invalid_token") from None
    except NetworkError:
        raise Later(2, "network") from None
    except TelegramError as other:
        raise Later(10, type(other).__name__) from None


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
    if chat is None or chat.type == ChatType.CHANNEL:
        return Inbound(external_id, address, "ignored")
    group = chat.type != ChatType.PRIVATE
    if update.callback_query:
        return _read_tap(update.callback_query, external_id, address, group=group)
    if group and (change := update.my_chat_member or update.chat_member):
        return _read_standing(change, external_id, address, own=bool(update.my_chat_member))
    if message is None:
        return Inbound(external_id, address, "ignored")
    edited = update.edited_message is not None
    said = _read_message(message, external_id, address, edited=edited)
    return _read_in_group(message, said) if group else said


def _read_tap(query: CallbackQuery, external_id: str, address: Address, *, group: bool) -> Inbound:
    under = query.message
    thread = under.message_thread_id if isinstance(under, Message) else None
    return Inbound(
        external_id,
        address,
        "button",
        text=query.data or "",
        reference=str(under.message_id) if under else "",
        tap=query.id,
        locale=query.from_user.language_code or "",
        sender=_sender(query.from_user) if group else None,
        thread=str(thread or "") if group else "",
    )


def _read_standing(
    change: ChatMemberUpdated, external_id: str, address: Address, *, own: bool
) -> Inbound:
    """Read what became of the assistant in a group, or of somebody else."""
    now = change.new_chat_member
    there = now.status not in {ChatMember.LEFT, ChatMember.BANNED} and not (
        isinstance(now, ChatMemberRestricted) and not now.is_member
    )
    said = Inbound(external_id, address, "standing", sender=_sender(change.from_user))
    if not own:
        return replace(said, sender=_sender(now.user), command="came" if there else "left")
    if isinstance(now, ChatMemberAdministrator):
        return replace(said, command="manager" if now.can_manage_topics else "administrator")
    return replace(said, command="member" if there else "gone")


def _read_in_group(message: Message, said: Inbound) -> Inbound:
    """Add who wrote in a group and where; read what happened to the group itself."""
    if message.migrate_to_chat_id:
        moved = str(message.migrate_to_chat_id)
        return replace(said, kind="standing", command="moved", text=moved)
    person = message.left_chat_member or message.from_user
    if person is None or (person.is_bot and message.sender_chat is None):
        return replace(said, kind="ignored")
    here = replace(
        said,
        sender=_sender(person),
        thread=str(message.message_thread_id or "") if message.is_topic_message else "",
        answers=str(message.reply_to_message.message_id) if message.reply_to_message else "",
    )
    if message.left_chat_member:
        return replace(here, kind="standing", command="left")
    if message.document:
        held = message.document
        file = Attachment(held.file_id, held.file_name or "", held.file_size or 0)
        here = replace(here, file=file)
    return here


def _sender(person: User) -> Sender:
    return Sender(str(person.id), person.full_name, person.username or "")


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
            return _read_words(replace(said, whole=False), message.caption, edited=edited)
        return said if message.effective_attachment else replace(said, kind="ignored")
    return _read_words(said, message.text, edited=edited)


def _read_words(said: Inbound, text: str, *, edited: bool) -> Inbound:
    if edited:
        return replace(said, kind="edit", text=text)
    command = _COMMAND.match(text)
    if command:
        rest = text[command.end() :].strip()
        return replace(said, kind="command", command=command[1].lower(), text=rest)
    return replace(said, kind="text", text=text)


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
