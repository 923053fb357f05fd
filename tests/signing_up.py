"""The whole dialogue over the product's own facts, for tests that sign people up."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable

from actions.privacy import Retention
from actions.store import Store
from actions.tables import Registration
from bot.assistant import make_dialogue
from bot.dialogue import Dialogue
from nlu.client import Understanding
from tests.conftest import FixedClock
from tests.talk import FACTS, Talk

KEEP = Retention(texts=dt.timedelta(days=90), registrations=dt.timedelta(days=365))
CLERK = "99"

#: Everything in one message.
ALL_OF_AMINA = (
    "Amina Benali, 14/05/1991, El Eulma Sétif, 0661 23 45 67, inscrite à l'ANEM, "
    "TS en électricité, fibre optique"
)


def product(seed: int = 1) -> Dialogue:
    """Return the product's dialogue; its codes come from a seed."""
    return make_dialogue(FACTS, KEEP, frozenset({CLERK}), random.Random(seed).randrange)


def someone(
    store: Store,
    understand: Callable[[str], Understanding],
    clock: FixedClock,
    *,
    chat: str = "7",
    locale: str = "fr",
    seed: int = 1,
) -> Talk:
    """Return one person's side of a conversation with the product."""
    return Talk(store, product(seed), understand, clock, chat=chat, locale=locale)


async def signed_up(talk: Talk, facts: str = ALL_OF_AMINA) -> str:
    """Sign someone up in as few messages as it takes; return what the receipt says."""
    await talk.says("je veux m'inscrire")
    await talk.says("oui")
    await talk.says(facts)
    return await talk.taps("Envoyer")


def bare(text: str) -> str:
    """Return a text without the marks that isolate directions, and with plain spaces."""
    return re.sub(r"[\u2066-\u2069\u200e\u200f]", "", text).replace("\u00a0", " ")


def registrations(store: Store) -> list[Registration]:
    """Return every registration, the oldest first."""
    return store.run(lambda s: list(s.query(Registration).order_by(Registration.id)))


def code_in(receipt: str) -> str:
    """Return the code that a receipt shows, without its space."""
    found = re.search(r"\b(\d{4}) (\d{4})\b", receipt)
    assert found, receipt
    return found[1] + found[2]
