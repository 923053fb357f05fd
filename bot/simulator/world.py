"""What exists: people, chats, messages, and what the bot has not been told yet. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict

from bot.clock import Clock
from bot.simulator.chats import Chat, File, Json, Message, User
from bot.simulator.errors import BadRequestError, ForbiddenError, ImpossibleError, MovedError
from bot.simulator.faults import Fault, read_fault
from bot.simulator.updates import UpdateQueue

#: Real ids outgrew 32 bits; so do ours, or a column too small would be found out too late.
FIRST_USER_ID = 7_000_000_001
#: A phone shows its last messages; without a bound a long trial would fill the memory.
_KEPT_MESSAGES = 400
_KEPT_GROUP_MESSAGES = 1000
_KEPT_QUERIES = 1000
_KEPT_CHANGES = 2000
_KEPT_FILES = 8 * 1024 * 1024
_GAP = 1000


class World:
    """Everything the simulator knows, and the news of each change to it."""

    def __init__(self, *, bot: Json, clock: Clock, first_update_id: int = 1) -> None:
        self.bot = bot
        self.clock = clock
        self.users: dict[int, User] = {}
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue(first_update_id)
        self.queries: dict[str, Json] = {}
        self.commands: dict[str, list[Json]] = {}
        self.about: dict[str, str] = {}
        self.files: dict[str, File] = {}
        self.faults: list[Fault] = []
        self.last_id = 0
        self.changes: deque[Json] = deque(maxlen=_KEPT_CHANGES)
        self.last_change = 0
        self.on_change: Callable[[], None] = lambda: None

    def tell(self, kind: str, chat_id: int | None = None, **news: object) -> None:
        """Announce a change to the pages, the pollers and the store."""
        self.last_change += 1
        self.changes.append({"seq": self.last_change, "kind": kind, "chat_id": chat_id, **news})
        self.on_change()

    @property
    def bot_id(self) -> int:
        """Return the bot's number."""
        return int(self.bot["id"])

    def now(self) -> int:
        """Return the moment as Telegram writes it, in seconds."""
        return int(self.clock.now().timestamp())

    def new_id(self) -> int:
        """Return a number never given before: messages, queries and files share one row."""
        self.last_id += 1
        return self.last_id

    def chat(self, chat_id: int) -> Chat:
        """Return a chat for the people's side."""
        if chat_id not in self.chats:
            raise ImpossibleError("no_such_chat", status=404)
        return self.chats[chat_id]

    def user(self, user_id: int) -> User:
        """Return a person for the people's side."""
        if user_id not in self.users:
            raise ImpossibleError("no_such_user", status=404)
        return self.users[user_id]

    def reachable(self, chat_id: str) -> Chat:
        """Return a chat the bot may write to, or raise what Telegram answers."""
        chat = self.known(chat_id)
        if chat.is_group:
            if chat.moved_to is not None:
                raise MovedError(chat.moved_to)
            self._require_presence(chat)
        elif not chat.started:
            raise ForbiddenError("bot can't initiate conversation with a user")
        elif chat.blocked:
            raise ForbiddenError("bot was blocked by the user")
        return chat

    def readable(self, chat_id: str) -> Chat:
        """Return a chat the bot may look at: even a private one that blocked it."""
        chat = self.known(chat_id)
        if chat.type == "supergroup":
            self._require_presence(chat)
        return chat

    def known(self, chat_id: str) -> Chat:
        """Return a chat named by a call of the bot; a group only if it was ever there."""
        if not chat_id:
            raise BadRequestError("chat_id is empty")
        number = int(chat_id) if chat_id.removeprefix("-").isdecimal() else 0
        chat = self.chats.get(number)
        if chat is None or (chat.is_group and self.bot_id not in chat.members):
            raise BadRequestError("chat not found")
        return chat

    def _require_presence(self, chat: Chat) -> None:
        status = chat.standing(self.bot_id)["status"]
        if status == "kicked":
            raise ForbiddenError(f"bot was kicked from the {chat.type} chat")
        if status == "left":
            raise ForbiddenError(f"bot is not a member of the {chat.type} chat")

    def add_message(self, chat: Chat, sender: Json, body: Json) -> Message:
        """Write a message into a chat."""
        head = {"message_id": self.new_id(), "from": sender, "chat": chat.data, "date": self.now()}
        message = Message({**head, **body})
        chat.messages[message.data["message_id"]] = message
        while len(chat.messages) > (_KEPT_GROUP_MESSAGES if chat.is_group else _KEPT_MESSAGES):
            del chat.messages[next(iter(chat.messages))]
        return message

    def add_query(self, query: Json) -> None:
        """Remember a button press until it is answered."""
        self.queries[query["id"]] = {"date": self.now(), **query}
        while len(self.queries) > _KEPT_QUERIES:
            del self.queries[next(iter(self.queries))]

    def add_file(self, file_id: str, file: File) -> None:
        """Keep a file's content for the page and the bot, forgetting the oldest ones."""
        self.files[file_id] = file
        while sum(len(f.content) for f in self.files.values()) > _KEPT_FILES:
            del self.files[next(iter(self.files))]

    def take_fault(self, method: str, chat_id: str) -> Fault | None:
        """Return the fault this call meets, counting it down."""
        fault = next((f for f in self.faults if f.meets(method, chat_id)), None)
        if fault is not None:
            fault.count -= 1
            if fault.count == 0:
                self.faults.remove(fault)
            self.tell("faults")
        return fault

    def to_json(self) -> Json:
        """Return all that a restart must know."""
        return {
            "bot": self.bot,
            "users": [asdict(user) for user in self.users.values()],
            "chats": [chat.to_json() for chat in self.chats.values()],
            "updates": self.updates.to_json(),
            "queries": self.queries,
            "commands": self.commands,
            "about": self.about,
            "files": {file_id: vars(file) for file_id, file in self.files.items()},
            "faults": [fault.to_json() for fault in self.faults],
            "last_id": self.last_id,
        }

    @classmethod
    def from_json(cls, data: Json, *, clock: Clock) -> World:
        """Rebuild the world `to_json` wrote."""
        world = cls(bot=data["bot"], clock=clock)
        for user in data["users"]:
            world.users[user["data"]["id"]] = User(**user)
        for kept in data["chats"]:
            world.chats[kept["data"]["id"]] = Chat.from_json(kept)
        world.updates = UpdateQueue.from_json(data["updates"])
        world.queries = data["queries"]
        world.commands = data["commands"]
        world.about = data["about"]
        world.files = {file_id: File(**file) for file_id, file in data["files"].items()}
        world.faults = [read_fault(fault) for fault in data["faults"]]
        world.last_id = data["last_id"] + _GAP  # those given after the last save are unknown
        return world
