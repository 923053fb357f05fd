"""The people's side over HTTP, under `/_sim`: what the page and the tests do with the phones."""

from __future__ import annotations

import asyncio
import base64
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from actions.messages import Language
from bot.clock import ALGIERS, SettableClock
from bot.simulator import people
from bot.simulator.answers import as_json
from bot.simulator.bell import Bell
from bot.simulator.bodies import LARGEST_BODY, LARGEST_FILE_BODY, read_object
from bot.simulator.chats import Chat, Json, User
from bot.simulator.deeds import DEEDS, Moment, NewUser, do
from bot.simulator.errors import ImpossibleError
from bot.simulator.faults import read_fault
from bot.simulator.group_deeds import GROUP_DEEDS, NewGroup, do_in_group, group_view, make_group
from bot.simulator.menus import commands_for
from bot.simulator.methods import about_for
from bot.simulator.texts import page_texts
from bot.simulator.world import World

_LONGEST_WAIT = 30.0
_MOST_USERS = 100
_MOST_GROUPS = 50
_MOST_FAULTS = 100
_MOST_PENDING = 100_000
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


class Phones:
    """Answers the page."""

    def __init__(self, *, world: World, clock: SettableClock, bell: Bell) -> None:
        self._world = world
        self._clock = clock
        self._bell = bell

    def routes(self) -> list[Route]:
        """Return the routes, to be mounted at `/_sim`."""
        return [
            Route("/state", self.state),
            Route("/users", self.add_user, methods=["POST"]),
            Route("/groups", self.add_group, methods=["POST"]),
            Route("/chats/{chat_id}", self.chat),
            Route("/chats/{chat_id}/{deed}", self.do, methods=["POST"]),
            Route("/updates", self.inject, methods=["POST"]),
            Route("/clock", self.set_clock, methods=["POST"]),
            Route("/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route("/changes", self.changes),
            Route("/texts", self.texts),
            Route("/files/{file_id}", self.file),
        ]

    async def state(self, _request: Request) -> Response:
        """Return who is there, the clock, the faults, and the number of the last change."""
        world = self._world
        return as_json(
            {
                "bot": world.bot,
                "users": [self._user(user) for user in world.users.values()],
                "groups": [group_view(world, c) for c in world.chats.values() if c.is_group],
                "clock": self._moment(),
                "faults": [fault.to_json() for fault in world.faults],
                "pending": len(world.updates.pending),
                "seq": world.last_change,
            }
        )

    async def add_user(self, request: Request) -> Response:
        """Give someone a phone."""
        new = NewUser.model_validate(await read_object(request))
        if len(self._world.users) >= _MOST_USERS:
            raise ImpossibleError("too_many_users")
        user = people.add_user(
            self._world,
            new.first_name,
            new.language_code,
            last_name=new.last_name,
            phone=new.phone_number,
        )
        return as_json(self._user(user), 201)

    async def add_group(self, request: Request) -> Response:
        """Make a group of people; the bot is added by one of them."""
        new = NewGroup.model_validate(await read_object(request))
        if sum(chat.is_group for chat in self._world.chats.values()) >= _MOST_GROUPS:
            raise ImpossibleError("too_many_groups")
        return as_json(group_view(self._world, make_group(self._world, new)), 201)

    async def chat(self, request: Request) -> Response:
        """Return a chat as its phone shows it; `user_id` chooses whose phone in a group."""
        chat = self._chat(request)
        asked = request.query_params.get("user_id", "")
        user = self._person(chat, int(asked) if asked.isdecimal() else None)
        language = user.data.get("language_code", "")
        return as_json(
            {
                **(group_view(self._world, chat) if chat.is_group else {}),
                "chat": chat.data,
                "bot": self._world.bot,
                "user": self._user(user),
                "name": about_for(self._world, "name", language) or self._world.bot["first_name"],
                "description": about_for(self._world, "description", language),
                "commands": commands_for(self._world, chat, user.data["id"], language),
                "messages": [message.data for message in chat.messages.values()],
                "keyboard": chat.keyboard,
                "started": chat.started,
                "blocked": chat.blocked,
                "seq": self._world.last_change,
            }
        )

    async def do(self, request: Request) -> Response:
        """Do what the person does; the deeds are in `deeds` and, for groups, `group_deeds`."""
        chat = self._chat(request)
        deed = request.path_params["deed"]
        model = DEEDS.get(deed) or GROUP_DEEDS.get(deed)
        if model is None:
            raise ImpossibleError("no_such_deed", status=404)
        self._require_room()
        largest = LARGEST_FILE_BODY if deed == "file" else LARGEST_BODY
        body = model.model_validate(await read_object(request, largest))
        user = self._person(chat, body.user_id)
        act = do if deed in DEEDS else do_in_group
        return as_json(act(self._world, chat, user, body))

    async def inject(self, request: Request) -> Response:
        """Put an update as it is into the bot's queue, however malformed."""
        self._require_room()
        number = self._world.updates.put_raw(await read_object(request))
        self._world.tell("updates")
        return as_json({"update_id": number})

    async def set_clock(self, request: Request) -> Response:
        """Set the simulated time."""
        moment = Moment.model_validate(await read_object(request)).now
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ALGIERS)
        if not _FIRST_YEAR < moment.year < _LAST_YEAR:
            raise ImpossibleError("bad_moment", status=400)
        self._clock.set(moment)
        self._world.tell("clock", clock=self._moment())
        return as_json(self._moment())

    async def faults(self, request: Request) -> Response:
        """Return the faults to come; add one, or take all away."""
        world = self._world
        if request.method == "POST":
            fault = read_fault(await read_object(request))
            if len(world.faults) >= _MOST_FAULTS:
                raise ImpossibleError("too_many_faults")
            world.faults.append(fault)
        elif request.method == "DELETE":
            world.faults.clear()
        if request.method != "GET":
            world.tell("faults")
        return as_json([fault.to_json() for fault in world.faults])

    async def changes(self, request: Request) -> Response:
        """Wait for what happens after change `after`; `lost` means: read everything anew."""
        world = self._world
        after = _whole(request.query_params.get("after"), world.last_change)
        timeout = min(float(_whole(request.query_params.get("timeout"), 25)), _LONGEST_WAIT)
        loop = asyncio.get_running_loop()
        ends = loop.time() + timeout
        while after == world.last_change and not self._bell.closed and loop.time() < ends:
            await self._bell.wait(ends - loop.time())
        news = [change for change in world.changes if change["seq"] > after]
        lost = after > world.last_change or (bool(news) and news[0]["seq"] > after + 1)
        return as_json(
            {
                "seq": world.last_change,
                "lost": lost,
                "changes": [] if lost else news,
                "pending": len(world.updates.pending),
            }
        )

    async def texts(self, request: Request) -> Response:
        """Return the page's own sentences in a language."""
        asked = request.query_params.get("lang")
        language: Language = "ar" if asked == "ar" else "fr"
        if asked not in get_args(Language):
            raise ImpossibleError("no_such_language", status=404)
        return as_json(page_texts(language))

    async def file(self, request: Request) -> Response:
        """Return a file somebody sent, as bytes to save and never to show as a page."""
        file = self._world.files.get(request.path_params["file_id"])
        if file is None:
            raise ImpossibleError("no_such_file", status=404)
        return Response(base64.b64decode(file.content), media_type="application/octet-stream")

    def _chat(self, request: Request) -> Chat:
        chat_id = request.path_params["chat_id"]  # a group's is negative
        digits = chat_id.removeprefix("-")
        return self._world.chat(int(chat_id) if digits.isascii() and digits.isdigit() else 0)

    def _require_room(self) -> None:
        if len(self._world.updates.pending) >= _MOST_PENDING:
            raise ImpossibleError("bot_asleep", status=507)

    def _person(self, chat: Chat, user_id: int | None) -> User:
        if user_id is None:
            user_id = next((n for n in chat.members if n in self._world.users), 0)
        return self._world.user(user_id)

    def _user(self, user: User) -> Json:
        chat = self._world.chats[user.data["id"]]
        last = next(reversed(chat.messages.values()), None)
        return {
            **user.data,
            "phone_number": user.phone_number,
            "chat_id": chat.id,
            "blocked": chat.blocked,
            "last_message": last.data if last else None,
        }

    def _moment(self) -> Json:
        now = self._clock.now()
        return {"now": now.isoformat(), "algiers": now.astimezone(ALGIERS).isoformat()}


def _whole(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdecimal() else default
