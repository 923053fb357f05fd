"""What Telegram can't deliver goes by SMS to people known on both channels, once."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest
from sqlalchemy import select

from actions import cases, conversations, members, outbox, persons
from actions.messages import Address, Copy, Line, Outbound
from actions.store import Session, Store
from actions.tables import Outbox
from bot.channels.base import Gone, Later, Refused
from bot.channels.sms import segments
from bot.database import Database
from bot.desk.board import Board
from bot.desk.delivery import Delivery
from bot.sender import Sender
from tests.conftest import FixedClock
from tests.talk import FACTS, Wire

CHAT, PHONE = Address("telegram", "7"), Address("sms", "+213550123456")
GROUP = Address("telegram", "-100")
MINUTE = dt.timedelta(minutes=1)


class Post:
    """Two wires, and what is sent to somebody who has a chat and a phone."""

    def __init__(self, store: Store, clock: FixedClock, *, joined: bool = True) -> None:
        self.store, self.clock = store, clock
        self.telegram, self.sms = Wire(), Wire("sms")
        self._database = Database(store)
        self.case = store.run(lambda s: self._begin(s, joined=joined))

    def _begin(self, session: Session, *, joined: bool) -> int:
        now = self.clock.now()
        members.open_desk(session, GROUP, now, topics=False, language="fr")
        chat, phone = (conversations.load(session, at, now) for at in (CHAT, PHONE))
        if joined:
            persons.link(session, chat.id, phone.id)
        case = cases.begin(session, chat, now, why="asked", patience=dt.timedelta(hours=24))
        return case.id

    def queue(self, text: str, subject: str, *, in_minutes: int = 0, reply: bool = True) -> None:
        """Put a message on its way to the chat."""
        now = self.clock.now()
        message = Outbound((Line(text),))
        due = now + in_minutes * MINUTE
        self.store.run(
            lambda s: outbox.queue(s, CHAT, message, now, due_at=due, reply=reply, subject=subject)
        )

    def answers(self, text: str) -> None:
        """Let staff answer in the case."""
        self.queue(text, f"case:{self.case}")

    async def sends(self) -> None:
        """Let both senders do all there is to do."""
        for wire in (self.telegram, self.sms, self.telegram):
            sender = Sender(
                self._database,
                wire,
                self.clock,
                asyncio.Event(),
                Delivery(Board(FACTS.geography)),
            )
            while post := await sender.claim():
                await sender.send(post)
                self._a_second_passes()

    def _a_second_passes(self) -> None:
        """Let the waits of the machine's time be over."""
        from sqlalchemy import text  # noqa: PLC0415

        self.store.run(lambda s: s.execute(text("UPDATE outbox SET sent_at = NULL")))

    def waits_are_over(self) -> None:
        from sqlalchemy import text  # noqa: PLC0415

        self.store.run(lambda s: s.execute(text("UPDATE destination SET parked_until = NULL")))

    def texted(self) -> list[str]:
        """Return the SMS that were sent."""
        assert all(to == PHONE for to, _sent in self.sms.sent)
        return ["\n".join(line.text for line in sent.lines) for _to, sent in self.sms.sent]

    def told(self) -> str:
        """Return what staff were told."""
        sent = [sent for to, sent in self.telegram.sent if to == GROUP]
        return "\n".join(line.text for message in sent for line in message.lines)

    def statuses(self) -> list[tuple[str, str]]:
        with self.store.begin() as session:
            rows = session.scalars(select(Outbox).order_by(Outbox.id))
            return [(row.channel, row.status) for row in rows if row.key != GROUP.key]


@pytest.fixture
def post(store: Store, clock: FixedClock) -> Post:
    return Post(store, clock)


async def test_a_reply_of_staff_goes_by_sms_to_who_blocked_the_bot_and_staff_know(
    post: Post,
) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.answers("👥 Apportez votre carte d’identité.")
    await post.sends()
    assert post.texted() == ["Apportez votre carte d'identité."]
    assert "par SMS" in post.told()
    assert "bloqué" not in post.told()


async def test_a_reminder_goes_by_sms_when_telegram_answers_403(post: Post) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.queue("La caravane est à Sétif demain.", "reminder:1", reply=False)
    await post.sends()
    assert post.texted() == ["La caravane est à Sétif demain."]
    assert post.told() == ""


async def test_what_waits_for_later_goes_by_sms_at_its_hour_once_the_chat_is_gone(
    post: Post,
) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.queue("une réponse", "")
    post.queue("La caravane est à Sétif demain.", "reminder:1", in_minutes=60, reply=False)
    await post.sends()
    assert post.texted() == []
    post.clock.moment += 60 * MINUTE
    await post.sends()
    assert post.texted() == ["La caravane est à Sétif demain."]


async def test_news_that_telegram_refuses_go_by_sms(post: Post) -> None:
    post.telegram.fails_to["7"] = [Refused("bad_request: too odd")]
    post.queue("La date a changé.", "change:1", reply=False)
    await post.sends()
    assert post.texted() == ["La date a changé."]
    assert post.statuses() == [("sms", "sent")]


async def test_when_telegram_is_cut_for_a_quarter_of_an_hour_staff_replies_go_by_sms(
    post: Post,
) -> None:
    post.telegram.fails_to["7"] = [Later(2, "network")] * 9
    post.queue("une réponse", "")
    post.answers("Bonjour, ici le bureau.")
    for _try in range(5):
        await post.sends()
        assert post.texted() == []
        post.waits_are_over()
        post.clock.moment += 3 * MINUTE
    post.clock.moment += MINUTE
    await post.sends()
    assert post.texted() == ["Bonjour, ici le bureau."]
    assert post.statuses() == [("telegram", "queued"), ("sms", "sent")]


async def test_a_wait_that_telegram_asks_for_sends_nothing_by_sms(post: Post) -> None:
    post.telegram.fails_to["7"] = [Later(3600, "rate_limited", asked=True)] * 9
    post.answers("Bonjour, ici le bureau.")
    for _try in range(5):
        await post.sends()
        post.waits_are_over()
        post.clock.moment += 10 * MINUTE
    assert post.texted() == []


async def test_ordinary_answers_stay_on_telegram(post: Post) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.queue("La caravane est une tournée.", "")
    await post.sends()
    assert post.texted() == []
    assert post.statuses() == [("telegram", "gone")]


async def test_nothing_goes_by_sms_to_who_wrote_stop_and_staff_hear_that_it_failed(
    post: Post,
) -> None:
    post.store.run(lambda s: outbox.stop(s, PHONE.key, post.clock.now()))
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.answers("Bonjour, ici le bureau.")
    await post.sends()
    assert post.texted() == []
    assert "bloqué" in post.told()


async def test_nothing_goes_by_sms_to_a_number_that_is_not_known_to_be_theirs(
    store: Store, clock: FixedClock
) -> None:
    post = Post(store, clock, joined=False)
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.answers("Bonjour, ici le bureau.")
    await post.sends()
    assert post.texted() == []
    assert "bloqué" in post.told()


async def test_a_long_reply_is_cut_to_four_segments_and_staff_are_told(post: Post) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.answers("Voici la liste des papiers. " * 60)
    await post.sends()
    (text,) = post.texted()
    assert segments.segments(text) == 4
    assert "sans la fin" in post.told()


async def test_a_picture_can_not_go_by_sms(post: Post) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    copied = Outbound(copy=Copy(GROUP.id, "12"))
    post.store.run(
        lambda s: outbox.queue(s, CHAT, copied, post.clock.now(), subject=f"case:{post.case}")
    )
    await post.sends()
    assert post.texted() == []
    assert "bloqué" in post.told()


async def test_what_fails_by_sms_as_well_is_told_and_not_sent_again(post: Post) -> None:
    post.telegram.fails_to["7"] = [Gone("blocked")]
    post.sms.fails_to[PHONE.id] = [Refused("unknown_subscriber")]
    post.answers("Bonjour, ici le bureau.")
    await post.sends()
    assert post.texted() == []
    assert post.statuses() == [("sms", "refused")]
    assert "par SMS" in post.told()
