"""May a new model replace the one in service? Both judge the messages that no model learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nlu.evaluation.examples import KINDS
from nlu.evaluation.judging import Judged
from nlu.evaluation.measures import Figures, Share, figures

MOST_LOST_BY_KIND = 1.0
"""Points of accuracy a kind of language may lose: nobody's language pays for another's."""
MOST_LOST_ON_REFUSAL = 2.0
"""Points by which fewer messages off topic, or more on topic, may be refused."""
LEAST_ALONE = 0.5
"""The accuracy, 0 to 1, a model needs where there is none in service to compare it with."""

_ROUNDING = 1e-9

Word = Literal["accepted", "refused", "forced"]


@dataclass(frozen=True)
class Change:
    """One figure of the model in service and of the candidate."""

    name: str
    before: Share
    after: Share

    @property
    def points(self) -> float:
        """Return by how many percentage points the candidate is higher."""
        return 100.0 * (self.after.value - self.before.value)


@dataclass(frozen=True)
class Verdict:
    """What was decided, why, and what changes.

    `reasons` say why the candidate was, or without force would have been, refused; `note` what
    else is worth knowing; `better` and `worse` hold each message that changed, as (in service,
    candidate).
    """

    word: Word
    candidate: Figures | None
    reasons: tuple[str, ...] = ()
    note: str = ""
    forced: str = ""
    changes: tuple[Change, ...] = ()
    better: tuple[tuple[Judged, Judged], ...] = ()
    worse: tuple[tuple[Judged, Judged], ...] = ()

    @property
    def may_serve(self) -> bool:
        """Return whether the candidate may be put in service."""
        return self.word != "refused"

    @property
    def reason(self) -> str:
        """Return all that was said about the decision, in one line."""
        forced = f"forced: {self.forced}" if self.forced else ""
        return "; ".join(text for text in (forced, *self.reasons, self.note) if text)


def compare(
    candidate: Sequence[Judged],
    in_service: Sequence[Judged] | None,
    *,
    forced: str = "",
    note: str = "",
) -> Verdict:
    """Return whether `candidate` may replace `in_service`, both having judged the same messages.

    `in_service` is None when that model is missing or can't be read; `note` then says which.
    `forced` is the reason why the candidate is wanted in service whatever it loses.
    """
    now = figures(candidate)
    if in_service is None:
        alone = now.accuracy.value
        few = f"it understands {alone:.1%} only of the messages on topic"
        reasons: tuple[str, ...] = () if alone >= LEAST_ALONE else (few,)
        return Verdict(_word(reasons, forced), now, reasons, note, forced)
    changes = _changes(figures(in_service), now)
    reasons = tuple(text for change in changes if (text := _loss(change)))
    pairs = list(zip(in_service, candidate, strict=True))
    return Verdict(
        _word(reasons, forced),
        now,
        reasons,
        note,
        forced,
        changes,
        tuple((old, new) for old, new in pairs if new.right and not old.right),
        tuple((old, new) for old, new in pairs if old.right and not new.right),
    )


def unreadable(why: str, forced: str = "") -> Verdict:
    """Return the verdict on a candidate that can't be read: refused, even by force."""
    note = "a model that can't be read is never put in service" if forced else ""
    return Verdict("refused", None, (why,), note)


_FOREIGN = "off topic, refused"
_REAL = "on topic, refused"


def _changes(before: Figures, after: Figures) -> tuple[Change, ...]:
    return (
        *(Change(kind, before.kinds[kind], after.kinds[kind]) for kind in KINDS),
        Change("all on topic", before.accuracy, after.accuracy),
        Change(_FOREIGN, before.foreign_refused, after.foreign_refused),
        Change(_REAL, before.real_refused, after.real_refused),
    )


def _loss(change: Change) -> str:
    """Return in words what a change loses too much of, or ''."""
    lost = change.points if change.name == _REAL else -change.points
    shares = f"{change.before.value:.1%} to {change.after.value:.1%}"
    if change.name in KINDS and lost > MOST_LOST_BY_KIND + _ROUNDING:
        return f"{KINDS[change.name]}: {lost:.1f} points of accuracy lost ({shares})"
    if change.name in (_FOREIGN, _REAL) and lost > MOST_LOST_ON_REFUSAL + _ROUNDING:
        return f"{change.name}: {lost:.1f} points worse ({shares})"
    return ""


def _word(reasons: Sequence[str], forced: str) -> Word:
    if not reasons:
        return "accepted"
    return "forced" if forced else "refused"


def told(verdict: Verdict) -> list[str]:
    """Return the verdict as lines to print: by kind, what got better and worse, the decision."""
    lines = []
    if verdict.changes:
        lines.append(f"{'':<28}  in service  candidate  points")
        for change in verdict.changes:
            name = KINDS.get(change.name, change.name)
            before, after = change.before.value, change.after.value
            lines.append(f"{name:<28}  {before:>10.1%}  {after:>9.1%}  {change.points:>+6.1f}")
    elif verdict.candidate:
        lines += [
            f"{KINDS[kind]:<28}  {share.value:>10.1%}"
            for kind, share in verdict.candidate.kinds.items()
        ]
    for title, pairs in (("Better", verdict.better), ("Worse", verdict.worse)):
        if pairs:
            lines += ["", f"{title}: {len(pairs)}"]
            lines += [
                f"  {' '.join(new.text.split())[:70]}"
                f"  ({new.intent}: {_found(old)}, now {_found(new)})"
                for old, new in pairs
            ]
    lines += ["", f"Verdict: {verdict.word}"]
    lines += [f"  {text}" for text in verdict.reason.split("; ") if text]
    return lines


def _found(judged: Judged) -> str:
    return f"{judged.found or 'nothing'} {judged.confidence:.2f}"
