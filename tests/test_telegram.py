"""What Telegram's updates mean, and how our messages look on Telegram's wire."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from actions.inbox import Unreadable
from actions.messages import (
    Address,
    Attachment,
    Button,
    Copy,
    Document,
    Inbound,
    Line,
    Outbound,
    Picture,
    Sender,
    Topic,
    Venue,
)
from bot.channels.base import Gone, Later, Refused
from bot.channels.telegram import TelegramChannel, make_bot, read_update
from bot.channels.telegram_html import to_html
from bot.state import State
from bot.text import Choice, _, say
from bot.turn import Turn

PERSON = {"id": 7, "is_bot": False, "first_name": "Yasmine", "language_code": "ar"}
PRIVATE = {"id": 7, "type": "private", "first_name": "Yasmine"}
OURSELVES = {"id": 42, "is_bot": True, "first_name": "Caravane"}
GROUP = {"id": -100, "type": "supergroup", "title": "Bureau"}


def update(kind: str = "message", chat: Any = PRIVATE, **content: Any) -> dict[str, Any]:
    message = {"message_id": 3, "date": 1444032000, "chat": chat, "from": PERSON, **content}
    return {"update_id": 11, kind: message}


def by_ourselves(raw: dict[str, Any]) -> dict[str, Any]:
    return raw | {"message": raw["message"] | {"from": OURSELVES}}


def read(raw: dict[str, Any]) -> Inbound:
    found = read_update(raw, None)
    assert isinstance(found, Inbound)
    return found


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (update(text="سلام"), "text"),
        (update(text="/start stop_05"), "command"),
        (update(text="/MENU@caravane_bot"), "command"),
        (update("edited_message", text="slm"), "edit"),
        (update(location={"latitude": 36.2, "longitude": 5.4}), "location"),
        (update("edited_message", location={"latitude": 36.2, "longitude": 5.4}), "ignored"),
        (update(contact={"phone_number": "0550000000", "first_name": "A"}), "contact"),
        (update(voice={"file_id": "a", "file_unique_id": "b", "duration": 3}), "unsupported"),
        (update(pinned_message={"message_id": 1, "date": 0, "chat": PRIVATE}), "ignored"),
        (update(chat=GROUP, text="salut"), "text"),
        (by_ourselves(update(chat=GROUP, text="salut")), "ignored"),
        (update(chat=GROUP, new_chat_members=[PERSON]), "ignored"),
        (update(chat=GROUP, left_chat_member=PERSON), "standing"),
        (update(chat=GROUP, migrate_to_chat_id=-1007), "standing"),
        (update("channel_post", chat={"id": -5, "type": "channel", "title": "x"}), "ignored"),
        ({"update_id": 11, "poll_of_the_future": {"a": 1}}, "ignored"),
    ],
)
def test_each_update_has_its_kind(raw: dict[str, Any], kind: str) -> None:
    assert read(raw).kind == kind


def test_what_is_written_in_a_group_says_who_where_and_to_what() -> None:
    said = read(
        update(
            chat=GROUP | {"is_forum": True},
            text="/take 12",
            message_thread_id=77,
            is_topic_message=True,
            reply_to_message=update(chat=GROUP, text="#12")["message"],
        )
    )
    assert (said.command, said.text, said.thread, said.answers) == ("take", "12", "77", "3")
    assert said.sender == Sender("7", "Yasmine")
    assert said.address == Address("telegram", "-100")


def test_a_command_may_have_its_words_on_the_next_line() -> None:
    said = read(update(chat=GROUP, text="/canned@caravane_bot add papiers\nBonjour\n---\nمرحبا"))
    assert (said.command, said.text) == ("canned", "add papiers\nBonjour\n---\nمرحبا")


def test_a_command_under_a_file_keeps_the_file() -> None:
    file = {"file_id": "f", "file_unique_id": "u", "file_name": "tour.csv", "file_size": 9}
    said = read(update(chat=GROUP, caption="/stops", document=file))
    assert (said.kind, said.command) == ("command", "stops")
    assert said.file == Attachment("f", "tour.csv", 9)
    assert not said.whole


RIGHTS = {
    **dict.fromkeys(
        (
            *("can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages"),
            *("can_manage_video_chats", "can_restrict_members", "can_promote_members"),
            *("can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
            "can_delete_stories",
        ),
        False,
    )
}


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ({"status": "member"}, "member"),
        ({"status": "administrator", "can_manage_topics": True, **RIGHTS}, "manager"),
        ({"status": "administrator", "can_manage_topics": False, **RIGHTS}, "administrator"),
        ({"status": "left"}, "gone"),
        ({"status": "kicked", "until_date": 0}, "gone"),
    ],
)
def test_what_became_of_the_assistant_in_a_group_is_read(
    status: dict[str, Any], became: str
) -> None:
    change = {
        "chat": GROUP,
        "from": PERSON,
        "date": 1444032000,
        "old_chat_member": {"status": "member", "user": OURSELVES},
        "new_chat_member": {"user": OURSELVES, **status},
    }
    said = read({"update_id": 11, "my_chat_member": change})
    assert (said.kind, said.command) == ("standing", became)
    other = read({"update_id": 12, "chat_member": change})
    assert (other.kind, other.command) == ("standing", "left" if became == "gone" else "came")


@pytest.mark.parametrize(
    ("owner", "own"), [({"user_id": 7}, True), ({"user_id": 8}, False), ({}, False)]
)
def test_a_card_is_the_senders_own_only_when_it_names_them(
    owner: dict[str, int], own: bool
) -> None:
    card = read(update(contact={"phone_number": "213550000001", "first_name": "A", **owner}))
    assert (card.kind, card.text, card.own) == ("contact", "213550000001", own)


def test_a_command_is_split_from_its_parameter() -> None:
    command = read(update(text="/start stop_05"))
    assert (command.command, command.text) == ("start", "stop_05")
    assert read(update(text="/MENU@caravane_bot")).command == "menu"


def test_words_under_a_picture_are_words() -> None:
    picture = {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}
    assert read(update(photo=[picture], caption="c'est où ?")).text == "c'est où ?"


def test_a_tap_carries_its_data_and_what_acknowledges_it() -> None:
    raw = {
        "update_id": 12,
        "callback_query": {
            "id": "77",
            "from": PERSON,
            "chat_instance": "1",
            "data": "ask:ask_next_stop",
            "message": {"message_id": 5, "date": 1444032000, "chat": PRIVATE},
        },
    }
    tap = read(raw)
    assert (tap.kind, tap.text, tap.tap, tap.locale) == ("button", "ask:ask_next_stop", "77", "ar")


def test_a_malformed_update_is_kept_as_it_came() -> None:
    raw = {"update_id": 13, "message": {"message_id": "x", "chat": 5}}
    assert read_update(raw, None) == Unreadable("telegram", "13", raw)


def test_what_people_and_facts_contain_can_not_become_markup() -> None:
    html = to_html([Line("<script>&", "title"), Line("a < b", "item"), Line("fin", "note")])
    assert html == "<b>&lt;script&gt;&amp;</b>\n\n• a &lt; b\n\n<i>fin</i>"


def channel() -> TelegramChannel:
    return TelegramChannel(make_bot("1:" + "a" * 30, "http://127.0.0.1:9"))


def written(message: Outbound) -> int:
    """Return a message's length as Telegram counts it, in UTF-16 units."""
    return len(to_html(message.lines).encode("utf-16-le")) // 2


def test_a_long_answer_is_cut_between_paragraphs_with_the_buttons_at_its_end() -> None:
    lines = tuple(Line(f"{n} " + "كلمة " * 100, "item") for n in range(20))
    parts = channel().parts(Outbound(lines, ((Button("Menu", "menu"),),)))
    assert len(parts) > 1
    assert [bool(p.buttons) for p in parts] == [False] * (len(parts) - 1) + [True]
    assert tuple(line for p in parts for line in p.lines) == lines
    assert all(written(part) <= 4096 for part in parts)


def test_a_paragraph_longer_than_a_message_loses_nothing() -> None:
    parts = channel().parts(Outbound((Line("&😀" * 3000),)))
    assert "".join(line.text for p in parts for line in p.lines) == "&😀" * 3000
    assert all(written(part) <= 4096 for part in parts)


def test_a_paragraph_is_cut_between_words() -> None:
    parts = channel().parts(Outbound((Line("كلمة " * 2000),)))
    assert len(parts) > 1
    assert all(line.text.endswith("كلمة ") for part in parts for line in part.lines)


@pytest.mark.parametrize(
    "more",
    [
        Outbound(picture=Picture("c_12345678")),
        Outbound(document=Document("données.txt", "x")),
        Outbound(picture=Picture("c_12345678"), ask_contact="Mon numéro", ask_location="Ici"),
    ],
)
def test_what_is_too_long_for_a_caption_goes_before_it_as_text(more: Outbound) -> None:
    lines = tuple(Line(f"{n} & " + "كلمة " * 60, "item") for n in range(20))
    whole = replace(more, lines=lines, buttons=((Button("Menu", "menu"),),))
    *texts, last = channel().parts(whole)
    assert 1 <= len(texts) <= 2
    assert tuple(line for part in (*texts, last) for line in part.lines) == lines
    assert last == replace(whole, lines=last.lines) and last.lines
    assert all(part == Outbound(part.lines) for part in texts)
    assert written(last) <= 1024
    assert all(written(part) <= 4096 for part in texts)


def test_a_short_caption_is_one_message() -> None:
    receipt = Outbound((Line("Votre code", "title"),), picture=Picture("c_12345678"))
    assert channel().parts(receipt) == [receipt]
    bare = Outbound(picture=Picture("c_12345678"))
    assert channel().parts(bare) == [bare]


def test_a_paragraph_longer_than_a_caption_still_fits() -> None:
    parts = channel().parts(Outbound((Line("&" * 1500),), document=Document("a.txt", "x")))
    assert [part.document is not None for part in parts] == [False] * (len(parts) - 1) + [True]
    assert "".join(line.text for part in parts for line in part.lines) == "&" * 1500
    assert written(parts[-1]) <= 1024


class CountingBot:
    token = "123:secret"

    async def do_api_request(self, *_given: Any, **_named: Any) -> list[Any]:
        return [{"update_id": 500, "message": None}, {"no": "number"}, "rubbish"]


async def test_the_offset_follows_a_server_that_begins_its_numbers_anew() -> None:
    wire = TelegramChannel(CountingBot())  # type: ignore[arg-type]
    messages, after = await wire.fetch(1_790_000_000)
    assert after == 501
    assert len(messages) == 1


@pytest.mark.parametrize("date", [10**20, -(10**18), "soon", None])
def test_an_impossible_date_is_stepped_over(date: Any) -> None:
    found = read_update(update(text="x") | {"message": {"message_id": 1, "date": date}}, None)
    assert isinstance(found, Unreadable | Inbound)


class FailingBot:
    token = "123:secret"

    def __init__(self, failure: TelegramError) -> None:
        self.failure = failure

    async def send_message(self, *_given: Any, **_named: Any) -> None:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (RetryAfter(10072), Later),
        (Forbidden("Forbidden: bot was blocked by the user"), Gone),
        (ChatMigrated(-1001), Later),
        (BadRequest("Chat not found"), Gone),
        (BadRequest("Message is too long"), Refused),
        (TimedOut(), Later),
        (NetworkError("down"), Later),
        (InvalidToken(), Later),
    ],
)
async def test_every_failure_is_one_of_three(
    failure: TelegramError, raised: type[Exception]
) -> None:
    broken = TelegramChannel(FailingBot(failure))  # type: ignore[arg-type]
    with pytest.raises(raised) as caught:
        await broken.send(Address("telegram", "7"), Outbound((Line("x"),)))
    if isinstance(failure, RetryAfter):
        assert isinstance(caught.value, Later)
        assert caught.value.seconds == 10072


def test_all_a_message_holds_survives_the_outbox() -> None:
    whole = Outbound(
        (Line("Votre code", "title"),),
        ((Button("Menu", "menu"),),),
        venue=Venue("Place de la poste", "Sétif", 36.19, 5.41),
        ask_location="Ici",
        ask_contact="Mon numéro",
        close_keyboard=True,
        picture=Picture("c_12345678"),
        document=Document("données.txt", "ا"),
        image="aGVs",
        copy=Copy("7", "3"),
        topic=Topic(12, "#12"),
        thread="5",
        answers="6",
        deed="close",
        menu=(("take", "Prendre"),),
        menu_for="7",
        language="ar",
    )
    assert Outbound.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert Outbound.from_json({}) == Outbound()


def test_what_closes_a_keyboard_is_not_joined_with_what_has_buttons() -> None:
    menu = say(_("Menu"), choices=((Choice(_("Menu"), "menu"),),))
    closing = replace(say(_("Thank you.")), close_keyboard=True)
    turn = Turn(State(), "fr", says=[closing, menu])
    assert [(m.close_keyboard, bool(m.buttons)) for m in turn.messages()] == [
        (True, False),
        (False, True),
    ]
