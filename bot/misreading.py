"""Texts that were not understood, kept for staff to say what they mean."""

from __future__ import annotations

import functools

from actions import review
from actions.anonymous import anonymous
from bot.exchange import Exchange
from bot.questions import plain
from nlu.client import Understanding

#: Longer texts tell a story more than they ask something, and of whom.
LONGEST = 300


def misread(x: Exchange, text: str, heard: Understanding) -> None:
    """Keep a text that was not understood, without what is personal in it.

    Not in the middle of a form, where it may be a name, and not twice while it waits.
    """
    if x.state.form or len(text) > LONGEST:
        return
    kept = anonymous(text)
    if not kept:
        return
    others = review.waiting(x.session)
    if len(others) < review.MOST_WAITING and plain(kept) not in map(_plain, others):
        review.keep(
            x.session,
            x.talk.id,
            kept,
            language=heard.language,
            ranking=heard.ranking,
            now=x.now,
        )


@functools.lru_cache(review.MOST_WAITING)
def _plain(waiting: str) -> str:
    """Read a waiting text as `plain` does, once for all the messages it is compared with."""
    return plain(waiting)
