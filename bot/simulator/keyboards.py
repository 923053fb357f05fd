"""Keyboards, checked as Telegram checks them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params

Keyboard = dict[str, Any]

#: A button below a message does exactly one of these.
_INLINE = ("callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat")
_MOST_BUTTONS = 100
_LONGEST_DATA = 64  # bytes, not letters: 32 Arabic ones


def read_markup(params: Params, chat_type: str) -> Keyboard | None:
    """Return the keyboard of a call, or None; raises what Telegram answers to a bad one."""
    markup = params.json("reply_markup", "reply keyboard markup")
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise BadRequestError("object expected as reply markup")
    if "inline_keyboard" in markup:
        return {"inline_keyboard": _inline(markup["inline_keyboard"])}
    if "keyboard" in markup:
        return {**markup, "keyboard": _reply(markup["keyboard"], chat_type)}
    if markup.get("remove_keyboard") is True or markup.get("force_reply") is True:
        return markup
    return None


def inline_only(markup: Keyboard | None) -> Keyboard | None:
    """Return the keyboard if it hangs below a message; a bot gets back no other."""
    return markup if markup and markup.get("inline_keyboard") else None


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequestError(f'field "{what}" must be of type Array of Array')
    if sum(len(row) for row in rows) > _MOST_BUTTONS:
        raise BadRequestError("reply markup is too long")
    return [row for row in rows if row]


def _inline(rows: Any) -> list[list[dict[str, Any]]]:
    return [[_inline_button(b) for b in row] for row in _rows(rows, "inline_keyboard")]


def _inline_button(button: Any) -> dict[str, Any]:
    where = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise BadRequestError(f"{where}InlineKeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise BadRequestError(f"{where}Button text must be non-empty")
    deed = next((name for name in _INLINE if button.get(name) is not None), None)
    if deed is None:
        raise BadRequestError(f"{where}Text buttons are unallowed in the inline keyboard")
    value = str(button[deed])
    if deed == "callback_data" and not 1 <= len(value.encode()) <= _LONGEST_DATA:
        raise BadRequestError("BUTTON_DATA_INVALID")
    if deed == "url" and not _is_link(value):
        raise BadRequestError(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return {"text": str(button["text"]), deed: value}


def _is_link(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https", "tg"} and bool(parts.netloc)


def _reply(rows: Any, chat_type: str) -> list[list[dict[str, Any]]]:
    return [[_reply_button(b, chat_type) for b in row] for row in _rows(rows, "keyboard")]


def _reply_button(button: Any, chat_type: str) -> dict[str, Any]:
    made = {"text": button} if isinstance(button, str) else button
    if not isinstance(made, dict):
        raise BadRequestError("can't parse keyboard button: KeyboardButton must be an Object")
    if not str(made.get("text") or "").strip():
        raise BadRequestError("can't parse keyboard button: Button text must be non-empty")
    if chat_type != "private" and made.get("request_contact"):
        raise BadRequestError("phone number can be requested in private chats only")
    if chat_type != "private" and made.get("request_location"):
        raise BadRequestError("location can be requested in private chats only")
    return made
