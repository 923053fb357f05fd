"""The staff's group in the running product: its members write and tap, its topics are read."""

from __future__ import annotations

import base64
import time
from collections.abc import Sequence
from typing import Any

from tests.product import PATIENCE, Product


class Group:
    """A group with the assistant in it, driven over the simulator's HTTP side."""

    def __init__(self, product: Product, chat: int) -> None:
        self._http = product.connect()
        self.chat = chat
        self.people: dict[str, int] = {}
        self.bot = int(self._get("state")["bot"]["id"])

    @classmethod
    def new(
        cls,
        product: Product,
        title: str = "Bureau",
        *,
        forum: bool = True,
        supergroup: bool = True,
        people: Sequence[str] = ("Karim",),
        language: str = "fr",
        bot: str = "administrator",
    ) -> Group:
        """Make a group of new people; the first of them is its creator.

        `bot` says what the assistant is in it: an `administrator` with every right that matters
        here, a `member`, or `none`. With `forum` topics are on, and the group is a supergroup.
        """
        group = cls(product, 0)
        numbers = [
            group.post("users", first_name=name, language_code=language)["id"] for name in people
        ]
        made = group.post(
            "groups",
            title=title,
            creator_id=numbers[0],
            people=numbers[1:],
            supergroup=supergroup,
            forum=forum,
        )
        group.chat = made["chat"]["id"]
        group.people = dict(zip(people, numbers, strict=True))
        if bot != "none":
            group.does("add", member_id=group.bot)
        if bot == "administrator":
            group.does("promote", member_id=group.bot)
        return group

    def member(self, name: str) -> Member:
        """Return one of the people made with the group, or added to it."""
        return Member(self, self.people[name])

    def joins(self, name: str, language: str = "fr") -> Member:
        """Give somebody new a phone and add them to the group."""
        number = self.post("users", first_name=name, language_code=language)["id"]
        self.people[name] = number
        self.does("add", member_id=number)
        return Member(self, number)

    def does(self, deed: str, **body: Any) -> Any:
        """Let the creator do something to the group, such as `demote` or `close_topic`.

        Returns the group afterwards; after `upgrade` this object speaks of the new group.
        """
        shown = self.post(f"chats/{self.chat}/{deed}", **body)
        self.chat = shown["chat"]["id"]
        return shown

    def view(self) -> Any:
        """Return the group's settings: `members`, `bot_member`, `topics`, `per_minute`."""
        return self._get(f"chats/{self.chat}")

    def topics(self) -> dict[str, int]:
        """Return the topics by name, oldest first; those of one name count once."""
        return {topic["name"]: topic["message_thread_id"] for topic in self.view()["topics"]}

    def topic(self, words: str) -> int:
        """Wait for a topic whose name holds some words; return its number."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            after = self._get("state")["seq"]
            for name, thread in reversed(self.topics().items()):
                if words in name:
                    return thread
            self._get(f"changes?after={after}&timeout=25")
        raise AssertionError(f"no topic {words!r} among {list(self.topics())}")

    def is_closed(self, thread: int) -> bool:
        """Return whether a topic is closed."""
        (found,) = (t for t in self.view()["topics"] if t["message_thread_id"] == thread)
        return bool(found["closed"])

    def messages(self, thread: int | None = None) -> list[dict[str, Any]]:
        """Return what was written in a topic, or in `General` (all, without topics)."""
        shown: list[dict[str, Any]] = self.view()["messages"]
        return [m for m in shown if _topic_of(m) == thread]

    def texts(self, thread: int | None = None) -> list[str]:
        """Return the words of what was written there."""
        return [_words(m) for m in self.messages(thread) if _words(m)]

    def waits_for(self, text: str, thread: int | None = None) -> str:
        """Wait for the assistant's message that holds some words, or find it among those there."""
        after = self.seq()
        for message in reversed(self.messages(thread)):
            if message["from"]["is_bot"] and text in _words(message):
                return _words(message)
        return self.next_answer(after, text, thread)

    def next_answer(self, after: int, text: str, thread: int | None) -> str:
        """Wait for what the assistant writes or changes after a change of that number."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            told = self._get(f"changes?after={after}&timeout=25")
            for change in told["changes"]:
                message = change.get("message")
                here = message is not None and change["chat_id"] == self.chat
                theirs = here and message["from"]["is_bot"] and _topic_of(message) == thread
                if theirs and text in _words(message):
                    return _words(message)
            after = told["seq"]
        raise AssertionError(f"no {text!r} among {self.texts(thread)}")

    def seq(self) -> int:
        """Return the number of the last change."""
        return int(self._get("state")["seq"])

    def _get(self, path: str) -> Any:
        answer = self._http.get(f"/_sim/{path}")
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        """Do something over HTTP."""
        answer = self._http.post(f"/_sim/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()


class Member:
    """Somebody in the group."""

    def __init__(self, group: Group, number: int) -> None:
        self._group, self.number = group, number

    def says(
        self,
        text: str,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        until: str | None = None,
    ) -> str:
        """Write something; with `until`, return the assistant's next message that holds it."""
        return self._does("text", thread, until, text=text, reply_to=reply_to)

    def command(
        self,
        line: str,
        *,
        thread: int | None = None,
        reply_to: int | None = None,
        until: str | None = "",
    ) -> str:
        """Write a command, such as `take 12`, and return the assistant's next message there."""
        return self._does("text", thread, until, text=f"/{line}", reply_to=reply_to)

    def taps(self, label: str, *, thread: int | None = None, until: str | None = None) -> str:
        """Tap the newest button of that label there; answers and changed messages count."""
        for message in reversed(self._group.messages(thread)):
            rows = message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in (b for row in rows for b in row):
                if label in button["text"]:
                    number = message["message_id"]
                    data = button["callback_data"]
                    return self._does("press", thread, until, message_id=number, data=data)
        raise AssertionError(f"no button {label!r}")

    def sends_document(
        self,
        name: str,
        content: bytes,
        caption: str = "",
        *,
        thread: int | None = None,
        until: str | None = None,
    ) -> str:
        """Send a file with what is in it, perhaps with a command below it."""
        held = base64.b64encode(content).decode()
        return self._does("file", thread, until, name=name, content=held, caption=caption)

    def sends(self, kind: str, *, thread: int | None = None, until: str | None = None) -> str:
        """Send a `photo`, `voice`, `sticker`, `video` or `document`, whatever is in it."""
        return self._does("other", thread, until, kind=kind)

    def _does(self, deed: str, thread: int | None, until: str | None, **body: Any) -> str:
        group = self._group
        after = group.seq()
        where = {"thread": thread} if thread is not None and deed != "press" else {}
        body = {name: value for name, value in body.items() if value is not None}
        group.post(f"chats/{group.chat}/{deed}", user_id=self.number, **where, **body)
        return "" if until is None else group.next_answer(after, until, thread)


def _topic_of(message: dict[str, Any]) -> int | None:
    return message["message_thread_id"] if message.get("is_topic_message") else None


def _words(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")
