"""The Bot API's methods by name; each takes the world and the parameters of one call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.simulator import filing, forum, membership, menus, sending
from bot.simulator.chats import Json
from bot.simulator.errors import BadRequestError
from bot.simulator.params import Params
from bot.simulator.world import World

Method = Callable[[World, Params], Any]

_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
#: Telegram forgets an unanswered press after some minutes.
_QUERY_LIVES = 15 * 60
_LONGEST_ANSWER = 200


def get_me(world: World, _params: Params) -> Json:
    """Tell the bot who it is."""
    return {
        **world.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def delete_webhook(world: World, params: Params) -> bool:
    """Do nothing but drop what waits, when asked: there is never a webhook here."""
    if params.flag("drop_pending_updates"):
        world.updates.pending.clear()
        world.tell("updates")
    return True


def get_webhook_info(world: World, _params: Params) -> Json:
    """Tell how many updates wait."""
    waiting = len(world.updates.pending)
    return {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}


def get_chat(world: World, params: Params) -> Json:
    """Tell all about a chat."""
    chat = world.readable(params.text("chat_id"))
    gifts = ("unlimited", "limited", "unique")
    accepted = {f"{kind}_gifts": True for kind in gifts}
    accepted.update(premium_subscription=True, gifts_from_channels=True)
    return {
        **chat.data,
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": accepted,
    }


def answer_callback_query(world: World, params: Params) -> bool:
    """End the wait of a pressed button, with a few words or none; once only."""
    query = world.queries.pop(params.text("callback_query_id"), None)
    if query is None or world.now() - query["date"] > _QUERY_LIVES:
        raise BadRequestError(
            "query is too old and response timeout expired or query ID is invalid"
        )
    text = params.text("text")
    if len(text) > _LONGEST_ANSWER:
        raise BadRequestError("MESSAGE_TOO_LONG")
    alert = params.flag("show_alert")
    world.tell("answered", query["chat_id"], query_id=query["id"], text=text, alert=alert)
    return True


def send_chat_action(world: World, params: Params) -> bool:
    """Show the person that the bot is at work."""
    chat = world.reachable(params.text("chat_id"))
    action = params.text("action")
    if action not in _ACTIONS:
        raise BadRequestError("wrong parameter action in request")
    world.tell("action", chat.id, action=action)
    return True


def about_for(world: World, name: str, language: str) -> str:
    """Return the bot's name or description as a person of this language reads it."""
    return world.about.get(f"{name}|{language[:2]}") or world.about.get(f"{name}|") or ""


def _setter(name: str, longest: int) -> Method:
    def set_about(world: World, params: Params) -> bool:
        value = params.text(name)
        if len(value) > longest:
            raise BadRequestError(f"BOT_{name.upper()}_TOO_LONG")
        world.about[f"{name}|{menus.read_language(params)}"] = value
        world.tell("about")
        return True

    return set_about


def _getter(name: str) -> Method:
    def get_about(world: World, params: Params) -> Json:
        value = about_for(world, name, menus.read_language(params))
        return {name: value or (world.bot["first_name"] if name == "name" else "")}

    return get_about


#: The keys are lower case: Telegram reads a method's name in any case.
METHODS: dict[str, Method] = {
    "getme": get_me,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "getchat": get_chat,
    "answercallbackquery": answer_callback_query,
    "sendchataction": send_chat_action,
    "setmycommands": menus.set_my_commands,
    "getmycommands": menus.get_my_commands,
    "deletemycommands": menus.delete_my_commands,
    "setmyname": _setter("name", 64),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description", 512),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description", 120),
    "getmyshortdescription": _getter("short_description"),
    "sendmessage": sending.send_message,
    "sendlocation": sending.send_location,
    "sendvenue": sending.send_venue,
    "sendphoto": sending.send_photo,
    "senddocument": sending.send_document,
    "editmessagetext": sending.edit_message_text,
    "editmessagereplymarkup": sending.edit_message_reply_markup,
    "deletemessage": sending.delete_message,
    "deletemessages": sending.delete_messages,
    "copymessage": sending.copy_message,
    "getfile": filing.get_file,
    "createforumtopic": forum.create_forum_topic,
    "editforumtopic": forum.edit_forum_topic,
    "closeforumtopic": forum.close_forum_topic,
    "reopenforumtopic": forum.reopen_forum_topic,
    "deleteforumtopic": forum.delete_forum_topic,
    "getchatmember": membership.get_chat_member,
    "getchatadministrators": membership.get_chat_administrators,
    "getchatmembercount": membership.get_chat_member_count,
    "leavechat": membership.leave_chat,
}
