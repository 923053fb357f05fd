"""The menus of commands: set for a scope and a language, seen by whom they fit best."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.chats import Chat, Json
from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params
from bot.simulator.world import World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
#: What names each scope beside its type.
_SCOPES: dict[str, tuple[str, ...]] = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}


def set_my_commands(world: World, params: Params) -> bool:
    """Set the menu of commands for a scope and a language."""
    commands = params.json("commands", "commands")
    if not isinstance(commands, list) or len(commands) > 100:
        raise BadRequestError("can't parse commands: expected an Array of BotCommand")
    world.commands[_menu(world, params)] = [_command(command) for command in commands]
    world.tell("commands")
    return True


def get_my_commands(world: World, params: Params) -> list[Json]:
    """Return the menu set for exactly this scope and language."""
    return world.commands.get(_menu(world, params), [])


def delete_my_commands(world: World, params: Params) -> bool:
    """Remove the menu of a scope and a language."""
    world.commands.pop(_menu(world, params), None)
    world.tell("commands")
    return True


def commands_for(world: World, chat: Chat, user_id: int, language: str) -> list[Json]:
    """Return the menu a person sees: the first that is set, from the closest scope outwards.

    Source: core.telegram.org/bots/api#determining-list-of-commands
    """
    for scope in _scopes_of(chat, user_id):
        for code in (language[:2], ""):
            if found := world.commands.get(f"{scope}|{code}"):
                return found
    return []


def read_language(params: Params) -> str:
    """Return the language a call is about, '' for every other one."""
    code = params.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise BadRequestError("invalid language code specified")
    return code


def _scopes_of(chat: Chat, user_id: int) -> list[str]:
    if not chat.is_group:
        return [f"chat:{chat.id}", "all_private_chats", "default"]
    head = chat.is_head(user_id)
    return [
        f"chat_member:{chat.id}:{user_id}",
        *([f"chat_administrators:{chat.id}"] if head else []),
        f"chat:{chat.id}",
        *(["all_chat_administrators"] if head else []),
        "all_group_chats",
        "default",
    ]


def _menu(world: World, params: Params) -> str:
    scope = params.json("scope", "BotCommandScope") or {"type": "default"}
    kind = str(scope.get("type")) if isinstance(scope, dict) else ""
    if kind not in _SCOPES:
        raise BadRequestError("can't parse BotCommandScope: Unsupported type specified")
    parts = [kind]
    for name in _SCOPES[kind]:
        if name not in scope:
            raise BadRequestError(f"can't parse BotCommandScope: Can't find field \"{name}\"")
        parts.append(str(scope[name]))
    if "chat_id" in scope:
        chat = world.known(str(scope["chat_id"]))
        if chat.is_group:
            world.reachable(str(scope["chat_id"]))
    return f"{':'.join(parts)}|{read_language(params)}"


def _command(command: Any) -> Json:
    name = str(command.get("command", "")) if isinstance(command, dict) else ""
    if not _COMMAND.fullmatch(name):
        raise BadRequestError("BOT_COMMAND_INVALID")
    description = str(command.get("description", "")).strip()
    if not 1 <= len(description) <= 256:
        raise BadRequestError("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
