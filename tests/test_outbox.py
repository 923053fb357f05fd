"""What goes out: in order, within Telegram's limits, each failure with its own consequence."""

from __future__ import annotations

import datetime as dt

from actions import inbox, outbox
from actions.messages import Address, Button, Inbound, Line, Outbound, Venue
from actions.store import Store
from actions.tables import Outbox
from tests.conftest import MONDAY

WALL = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
GROUP = Address("telegram", "-100")
AMINE, YASMINE = Address("telegram", "1"), Address("telegram", "2")


def text(words: str) -> Outbound:
    return Outbound((Line(words),))


def queue(store: Store, address: Address, words: str, **how: object) -> None:
    store.run(lambda s: outbox.queue(s, address, text(words), MONDAY, **how))  # type: ignore[arg-type]


def claim(store: Store, wall: dt.datetime = WALL, now: dt.datetime = MONDAY) -> outbox.Post | None:
    return store.run(lambda s: outbox.claim(s, "telegram", now, wall))


def said(post: outbox.Post | None) -> str:
    assert post is not None
    return post.message.lines[0].text


def sent(store: Store, post: outbox.Post | None, wall: dt.datetime = WALL) -> None:
    assert post is not None
    store.run(lambda s: outbox.sent(s, post, "99", wall))


def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    message = Outbound(
        (Line("سلام", "title"), Line("Bonjour")),
        ((Button("Oui", "a"), Button("لا", "b")),),
        Venue("Place", "Sétif", 36.1, 5.4),
        "où ?",
        "ar",
    )
    store.run(lambda s: outbox.queue(s, AMINE, message, MONDAY))
    post = claim(store)
    assert post is not None
    assert post.message == message


def test_one_chat_gets_its_messages_in_order_one_a_second(store: Store) -> None:
    queue(store, AMINE, "first")
    queue(store, AMINE, "second")
    first = claim(store)
    assert said(first) == "first"
    assert claim(store) is None
    sent(store, first)
    assert claim(store, WALL + SECOND / 2) is None
    assert said(claim(store, WALL + SECOND)) == "second"


def test_a_wait_asked_by_telegram_parks_one_chat_and_never_the_others(store: Store) -> None:
    queue(store, AMINE, "first")
    queue(store, AMINE, "second")
    queue(store, YASMINE, "hers")
    parked = claim(store)
    assert parked is not None
    hours = 10_072.0
    assert store.run(lambda s: outbox.later(s, parked, hours, WALL, asked=True))
    hers = claim(store)
    assert said(hers) == "hers"
    sent(store, hers)
    assert claim(store, WALL + dt.timedelta(seconds=hours) / 2) is None
    assert said(claim(store, WALL + dt.timedelta(seconds=hours))) == "first"


def test_news_leaves_room_for_replies_within_thirty_messages_a_second(store: Store) -> None:
    for n in range(outbox.PER_SECOND + 1):
        queue(store, Address("telegram", str(n)), "news", reply=False)
    for _n in range(outbox.PER_SECOND):
        sent(store, claim(store))
    assert claim(store) is None
    queue(store, Address("telegram", "someone else"), "answer")
    assert said(claim(store)) == "answer"
    assert claim(store) is None
    assert said(claim(store, WALL + SECOND)) == "news"


def test_replies_go_before_broadcasts(store: Store) -> None:
    queue(store, AMINE, "news", reply=False)
    queue(store, YASMINE, "answer")
    assert said(claim(store)) == "answer"


def test_a_reminder_leaves_when_its_day_has_come(store: Store) -> None:
    due = MONDAY + dt.timedelta(days=3)
    queue(store, AMINE, "tomorrow!", due_at=due)
    queue(store, AMINE, "answer")
    answer = claim(store)
    assert said(answer) == "answer"
    sent(store, answer)
    assert claim(store, WALL + SECOND) is None
    assert said(claim(store, WALL + SECOND, now=due)) == "tomorrow!"


def test_someone_who_blocked_the_bot_gets_nothing_until_they_write_again(store: Store) -> None:
    queue(store, AMINE, "first")
    queue(store, AMINE, "second")
    post = claim(store)
    assert post is not None
    store.run(lambda s: outbox.gone(s, post, "blocked", WALL))
    assert claim(store, WALL + SECOND) is None
    assert {row.status for row in store.run(lambda s: s.query(Outbox).all())} == {"gone"}
    queue(store, AMINE, "a reminder", reply=False)
    assert claim(store, WALL + SECOND) is None
    back = Inbound("1", AMINE, "text", text="je suis revenu")
    store.run(lambda s: inbox.receive(s, back, MONDAY))
    queue(store, AMINE, "welcome back")
    assert said(claim(store, WALL + SECOND)) == "welcome back"


def test_a_message_nobody_takes_is_given_up_and_counted_not_dropped(store: Store) -> None:
    queue(store, AMINE, "hello")
    wall, again = WALL, True
    while again:
        post = claim(store, wall)
        assert post is not None
        mine = post
        again = store.run(lambda s, p=mine, w=wall: outbox.later(s, p, 1, w, asked=False))  # type: ignore[misc]
        wall += 2 * SECOND
    assert store.run(lambda s: outbox.undelivered(s, MONDAY - SECOND)) == 1


def test_a_refused_message_does_not_hold_up_the_next(store: Store) -> None:
    queue(store, AMINE, "bad")
    queue(store, AMINE, "good")
    bad = claim(store)
    assert bad is not None
    store.run(lambda s: outbox.refused(s, bad, "bad_request"))
    assert said(claim(store)) == "good"


def test_a_sender_that_died_between_sending_and_recording_repeats_one_message(store: Store) -> None:
    queue(store, AMINE, "hello")
    dead = claim(store)
    assert claim(store, WALL + outbox.LEASE / 2) is None
    again = claim(store, WALL + outbox.LEASE)
    assert said(dead) == said(again) == "hello"


def test_a_group_gets_twenty_messages_a_minute_and_the_rest_wait_in_order(store: Store) -> None:
    for number in range(25):
        queue(store, GROUP, str(number))
    queue(store, AMINE, "a person's")
    left: list[str] = []
    while (post := claim(store)) and not left[20:]:
        left.append(said(post))
        sent(store, post)
    assert left == [*map(str, range(20)), "a person's"]
    assert claim(store, WALL + 59 * SECOND) is None
    assert said(claim(store, WALL + 60 * SECOND)) == "20"


def test_what_is_for_a_group_waits_while_the_assistant_is_out_of_it(store: Store) -> None:
    queue(store, GROUP, "first")
    queue(store, GROUP, "second")
    out = claim(store)
    assert out is not None
    store.run(lambda s: outbox.gone(s, out, "blocked", WALL))
    assert claim(store) is None
    back = Inbound("1", GROUP, "standing", command="manager")
    store.run(lambda s: inbox.receive(s, back, MONDAY))
    assert said(claim(store)) == "first"
