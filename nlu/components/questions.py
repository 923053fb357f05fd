"""Several questions in one message: where a second one may begin, and whether it does.

A message is cut where a sentence ends, before a word that adds (et, w, و, puis, زيد) or one that
asks (combien, kifach, متى), and only if each part, read alone, clearly asks something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

LIKELIEST = 3
"""How many of the message's likeliest intents on topic a question of it may have."""
PART_FROM = 0.7
"""Each part must be this sure of its intent: on three hands kept apart, 4 single messages in 100
were cut in two, 5 at 0.6; of 100 that ask several things, 60 were heard rightly, 63 at 0.6."""
MOST = 3
_MOST_CUTS = 6
_FEWEST_WORDS = 2

_ADDS = (
    *("et", "é", "puis", "pis", "aussi", "sinon", "w", "wa", "zid", "كما"),
    *("thani", "tani", "zidni", "و", "ثم", "زيد", "وزيد", "زيدلي", "كذلك", "وكذلك", "أيضا", "ايضا"),
)
_ASKS = (
    *("quand", "combien", "comment", "quel", "quels", "quelle", "quelles", "est-ce", "y"),
    *("kan", "cmt", "cb", "esk", "kel", "wach", "wesh", "ouach", "chhal", "ch7al", "kifach"),
    *("kifah", "kifech", "win", "wine", "wayn", "waktach", "wa9tach", "weqtach", "wektach"),
    *("chkoun", "3lach", "9adech", "winta", "واش", "شحال", "كيفاش", "كيفاه", "وين", "وقتاش"),
    *("وقتاه", "فوقاش", "شكون", "علاش", "قداش", "متى", "كيف", "كم", "هل", "أين", "اين", "ماذا"),
    *("ما", "لماذا"),
)
_CUT = re.compile(
    r"[?؟!.;؛\n]+\s*(?=\S)"
    rf"|(?<=\s)(?=(?:{'|'.join(map(re.escape, (*_ADDS, *_ASKS)))})(?=\s))"
    r"|(?<=\s)(?=و[\u0620-\u064a]{2})",
    re.IGNORECASE,
)

NOT_ASKED = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "out_of_scope"})
"""What accompanies a question more often than it is a second one."""
_ONE_CASE = frozenset(
    {
        *("check_my_eligibility", "ask_eligibility", "ask_age", "ask_employment_status"),
        *("ask_diploma", "ask_previous_beneficiary"),
    }
)
"""What one says of oneself and the question about it: two of them are one question."""


class Part(NamedTuple):
    """One question: its intent, how sure, and where it stands in the message."""

    intent: str
    confidence: float
    start: int
    end: int


def questions(
    text: str, ask: Callable[[int, int], tuple[str, float]], likely: Collection[str]
) -> list[Part]:
    """Return the questions of a message in their order; one, unless several are clearly asked.

    `ask(start, end)` gives the likeliest intent of that part of the message, and how sure it is.
    `likely` holds the likeliest intents of the whole: what it asks shows in it, too.
    """
    whole = Part(*ask(0, len(text)), 0, len(text))
    parts = _split(whole, text, ask, likely)
    if 1 < len(parts) < MOST:
        longest = max(parts, key=lambda part: part.end - part.start)
        others = [part for part in parts if part is not longest]
        finer = _split(longest, text, ask, likely)
        if len(finer) > 1 and all(_apart(a.intent, b.intent) for a in others for b in finer):
            parts = sorted([*others, *finer], key=lambda part: part.start)
    return parts


def _split(
    whole: Part, text: str, ask: Callable[[int, int], tuple[str, float]], likely: Collection[str]
) -> list[Part]:
    """Return the two questions that a part of a message holds, or the part itself."""
    best: list[Part] = [whole]
    least = PART_FROM
    for cut in _cuts(text, whole.start, whole.end):
        first = Part(*ask(whole.start, cut), whole.start, cut)
        if first.confidence < least or first.intent not in likely:
            continue
        second = Part(*ask(cut, whole.end), cut, whole.end)
        if second.confidence < least or second.intent not in likely:
            continue
        if _apart(first.intent, second.intent):
            best = [first, second]
            least = min(first.confidence, second.confidence)
    return best


def _apart(one: str, other: str) -> bool:
    """Return whether two intents are two questions."""
    if {one, other} & NOT_ASKED or one == other:
        return False
    return not {one, other} <= _ONE_CASE


def _cuts(text: str, start: int, end: int) -> Sequence[int]:
    """Return where a second question may begin, the likeliest places first."""
    found = []
    for match in _CUT.finditer(text, start, end):
        cut = match.end()
        if all(len(p.split()) >= _FEWEST_WORDS for p in (text[start:cut], text[cut:end])):
            found.append((match.end() == match.start(), cut))
    return [cut for _, cut in sorted(set(found))[:_MOST_CUTS]]
