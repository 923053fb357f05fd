"""The topics of cases: made when something is to be written in one, made again when lost.

The database is the record, the topic a view. A crash between Telegram's answer and our writing it
down leaves an empty topic behind, and another one is made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from actions import cases, members
from actions.messages import Line, Outbound, Topic
from actions.outbox import Post
from actions.store import Session
from bot.channels.base import Channel, Later, Refused
from bot.database import Database


@dataclass
class Topics:
    """Finds the place in the group for each message of a case."""

    database: Database
    channel: Channel

    async def place(self, post: Post, topic: Topic) -> Outbound:
        """Return the message with its topic's number; raises what the channel does."""
        number = topic.case
        thread = await self.database.run(lambda s: cases.thread_of(s, number))
        if thread is None:
            raise Refused("erased")
        if thread == 0:
            try:
                thread = await self.channel.open_topic(post.address, topic.title)
            except Refused:
                # Topics were turned off, or the right to make them taken away.
                await self.database.run(self._without)
                return _headed(post.message, topic)
            made = thread
            await self.database.run(lambda s: cases.set_thread(s, number, made, was=0))
        return replace(post.message, topic=None, thread=str(thread))

    async def lost(self, topic: Topic, placed: Outbound) -> Later:
        """Forget a topic that is no more, so that it is made again; return when to try."""
        was = int(placed.thread)
        await self.database.run(lambda s: cases.set_thread(s, topic.case, 0, was=was))
        return Later(0, "no_topic", asked=True)

    def _without(self, session: Session) -> None:
        desk = members.desk(session, self.channel.name)
        if desk:
            desk.topics = False


def _headed(message: Outbound, topic: Topic) -> Outbound:
    """Return a message that says which case it is of, for a group without topics."""
    if message.copy:
        return replace(message, topic=None)
    head = Line(topic.title, "title")
    return replace(message, topic=None, lines=(head, *message.lines))
