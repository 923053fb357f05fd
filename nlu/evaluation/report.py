"""The page about how well messages are understood: one file of HTML that needs no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from nlu.evaluation import measures, pictures, several
from nlu.evaluation.curve import Point
from nlu.evaluation.examples import KINDS
from nlu.evaluation.gate import Verdict
from nlu.evaluation.history import Line
from nlu.evaluation.judging import Judged
from nlu.evaluation.markup import (
    Cell,
    Markup,
    Number,
    Words,
    escaped,
    page,
    paragraph,
    percent,
    picture,
    section,
    table,
)
from nlu.evaluation.measures import Figures, Share
from nlu.evaluation.rivals import WHOLE, Kept
from nlu.evaluation.several import Heard
from nlu.evaluation.thresholds import COSTS, Priced, Thresholds

TITLE = "How well messages are understood"
_WORST = 50
_COSTS_SAID = {
    "wrong_answer": "a real question gets the answer to another one",
    "asked_with": "“did you mean…?” offers the right choice",
    "asked_without": "“did you mean…?” offers three wrong choices",
    "real_refused": "a real question is told that it is off topic",
    "real_missed": "a real question is told that it was not understood",
    "foreign_answered": "a message off topic gets an answer",
    "foreign_asked": "a message off topic gets “did you mean…?”",
    "foreign_missed": "a message off topic is told that it was not understood",
    "foreign_refused": "a message off topic is told so",
}


@dataclass(frozen=True)
class Findings:
    """All that the page shows; empty sequences stand for what was not measured.

    `time` is shown as it is given; `model` is the shortened SHA-256 of its file; `messages` how
    many it was trained on; `held_out` and `cross` are what the model and cross-validation made of
    messages; `heard` what the model heard in messages of several questions; `in_use` the thresholds
    the assistant runs with now.
    """

    time: str
    model: str
    messages: int
    held_out: Sequence[Judged]
    cross: Sequence[Judged]
    heard: Sequence[Heard]
    in_use: Thresholds
    verdict: Verdict | None
    rivals: Kept
    curve: Sequence[Point]
    history: Sequence[Line]


def write(found: Findings) -> str:
    """Return the page."""
    parts = [
        _summary(found),
        _by_kind(found),
        _by_intent(found),
        _confusion(found),
        _calibration(found),
        _thresholds(found),
        _several(found.heard),
        _learning(found),
        _rivals(found.rivals.get("rivals", [])),
        _ablations(found.rivals.get("ablations", [])),
        _changes(found.verdict),
        _worst(found),
        _history(found.history),
    ]
    said = [
        section(anchor, title, content) for anchor, title, content in parts if content is not None
    ]
    links = "".join(
        f'<li><a href="#{anchor}">{escaped(title)}</a></li>'
        for anchor, title, content in parts
        if content is not None
    )
    contents = Markup(f'<nav aria-label="Contents"><ul>{links}</ul></nav>')
    return page(TITLE, [_opening(found), contents, *said])


_Part = tuple[str, str, list[Markup] | None]


def _opening(found: Findings) -> Markup:
    return Markup(
        paragraph(
            f"Model {found.model or 'without a file'}, trained on {found.messages:,} messages, "
            f"judged on {found.time}."
        )
        + paragraph(
            "The assistant reads a message and finds its intent, which is what the person wants, "
            "with a confidence between 0 and 1. A message that is none of the assistant's business "
            "is “off topic” and should be refused. Two tests say how well this works. Held-out "
            "messages are never learned and no choice is made on them. In cross-validation, the "
            "training messages are cut into five parts by who wrote them, and each part is judged "
            "by what was learned from the people of the other four."
        )
    )


def _interval(share: Share) -> Number:
    low, high = share.interval()
    return Number(f"{100 * low:.1f} to {100 * high:.1f} %")


def _both(found: Findings) -> tuple[Figures, Figures | None]:
    held_out = measures.figures(found.held_out)
    return held_out, measures.figures(found.cross) if found.cross else None


def _summary(found: Findings) -> _Part:
    held_out, cross = _both(found)

    def row(name: str, a: Share, b: Share | None) -> list[Cell]:
        cells: list[Cell] = [name, percent(a.value), _interval(a)]
        return [*cells, *([percent(b.value), _interval(b)] if b else [Number("–"), Number("–")])]

    rows = [
        row("On topic, understood", held_out.accuracy, cross.accuracy if cross else None),
        row(
            "On topic, right in the first three",
            held_out.in_three,
            cross.in_three if cross else None,
        ),
        row(
            "Off topic, found to be so",
            held_out.foreign_refused,
            cross.foreign_refused if cross else None,
        ),
        row(
            "On topic, taken for off topic",
            held_out.real_refused,
            cross.real_refused if cross else None,
        ),
        row("Language told rightly", held_out.language, cross.language if cross else None),
    ]
    head = ["", "held out", "95 % interval", "cross-validation", "95 % interval"]
    caption = (
        "The higher the better, but for messages taken for off topic; the assistant refuses only "
        "those it is surer of, see the thresholds. If the test were made again "
        "with other messages of the same people, 95 times in a hundred it would fall within the "
        "interval."
    )
    counts = f"{len(found.held_out):,} messages held out, {len(found.cross):,} cross-validated."
    return "summary", "In short", [table(caption, head, rows), paragraph(counts)]


def _by_kind(found: Findings) -> _Part:
    held_out, cross = _both(found)
    rows: list[list[Cell]] = []
    for kind, said in KINDS.items():
        a = held_out.kinds[kind]
        told = measures.language([j for j in found.held_out if j.kind == kind])
        row: list[Cell] = [said, Number(str(a.of)), percent(a.value), _interval(a)]
        if cross:
            b = cross.kinds[kind]
            row += [Number(f"{b.of:,}"), percent(b.value), _interval(b)]
        rows.append([*row, percent(told.value)])
    more = ["cross-validated", "understood", "95 % interval"] if cross else []
    head = ["kind", "held out", "understood", "95 % interval", *more, "language told"]
    caption = (
        "How many messages on topic there are of each kind of language, and the share in which the "
        "right intent was found; the last column is the share of held-out messages whose language "
        "was told rightly."
    )
    return "kinds", "By kind of language", [table(caption, head, rows)]


def _main(found: Findings) -> tuple[Sequence[Judged], str]:
    """Return the judged messages that details are counted on, and what they are called."""
    return (
        (found.cross, "by cross-validation")
        if found.cross
        else (found.held_out, "on held-out messages")
    )


def _by_intent(found: Findings) -> _Part:
    judged, said = _main(found)
    rows: list[list[Cell]] = [
        [
            r.intent,
            Number(f"{r.messages:,}"),
            percent(r.precision),
            percent(r.recall),
            percent(r.f1),
        ]
        for r in measures.by_intent(judged)
    ]
    caption = (
        f"The weakest first, {said}. Precision: of the messages in which the intent was found, "
        "how many have it. Recall: of the messages that have it, in how many it was found. F1 is "
        "high only when both are."
    )
    head = ["intent", "messages", "precision", "recall", "F1"]
    return "intents", "By intent", [table(caption, head, rows)]


def _confusion(found: Findings) -> _Part:
    judged, said = _main(found)
    names, counts = measures.confusion(judged)
    caption = (
        f"Each row is an intent that messages have, each column one they were taken for, {said}: "
        "all would be on the diagonal if nothing were mistaken. A mistake that befalls 2 % of its "
        "row or more shows its number of messages; colours of mistakes are strengthened."
    )
    return (
        "confusion",
        "What is taken for what",
        [picture(pictures.confusion(names, counts), caption)],
    )


def _calibration(found: Findings) -> _Part:
    judged, said = _main(found)
    bins = measures.calibration(judged)
    error = measures.calibration_error(bins)
    drawn = (
        "Dots on the dashed line mean that confidence can be taken at its word; below it, that the "
        "model is too sure. Bars show how many messages have each confidence."
    )
    caption = "Messages by confidence: the last two figures of a row should be alike."
    rows: list[list[Cell]] = [
        [
            f"{b.low:.1f} to {b.high:.1f}",
            Number(f"{b.messages:,}"),
            percent(b.confidence),
            percent(b.right),
        ]
        for b in bins
    ]
    head = ["confidence", "messages", "mean confidence", "right"]
    return (
        "calibration",
        "May confidence be believed?",
        [
            paragraph(
                f"On average, confidence is {100 * error:.1f} points away from how often it is "
                f"right (the expected calibration error, {said})."
            ),
            picture(pictures.calibration(bins), drawn),
            table(caption, head, rows),
        ],
    )


def _thresholds(found: Findings) -> _Part:
    if not found.cross:
        return "thresholds", "When to answer, ask back and refuse", None
    priced = Priced(found.cross)
    chosen = priced.cheapest(found.in_use.close)
    rows: list[list[Cell]] = []
    for name, at in (("cheapest", chosen), ("in use", found.in_use)):
        done = priced.outcomes(at)
        row: list[Cell] = [name, *(Number(f"{x:.2f}") for x in (at.answer, at.ask, at.refuse))]
        row.append(Number(f"{done.cost:.4f}"))
        shares = [getattr(done, field.name) for field in fields(done) if field.name != "cost"]
        rows.append([*row, *map(percent, shares)])
    head = ["thresholds", "answer", "ask", "refuse", "mean cost", "answered rightly"]
    head += ["answered wrongly", "asked back", "not understood", "refused"]
    head += ["off topic: answered", "off topic: asked back"]
    costs: list[list[Cell]] = [
        [_COSTS_SAID[field.name], Number(f"{getattr(COSTS, field.name):g}")]
        for field in fields(COSTS)
    ]
    curves = pictures.costs(
        priced.curves(chosen),
        {"answer": chosen.answer, "ask": chosen.ask, "refuse": chosen.refuse},
    )
    return (
        "thresholds",
        "When to answer, ask back and refuse",
        [
            paragraph(
                "A message is refused when its chance of being off topic reaches the third "
                "threshold; else it is answered when its intent reaches the first; else “did you "
                "mean…?” is asked when it reaches the second. What suits people best depends on "
                "what each mistake costs them, written below, and on how many messages are off "
                "topic: here as many as in the training data. The cheapest thresholds are searched "
                "by cross-validation."
            ),
            table(
                "The cheapest thresholds beside those the assistant runs with: the lower the mean "
                "cost, the better; shares are of messages on topic unless the column says "
                "otherwise.",
                head,
                rows,
            ),
            picture(
                curves,
                "The mean cost as one threshold moves and the two others stay at their best: a "
                "flat curve means that the exact value hardly matters.",
            ),
            table(
                "What each outcome costs the person who wrote, a right answer costing nothing and "
                "a wrong one costing 1.",
                ["outcome", "cost"],
                costs,
            ),
        ],
    )


def _several(heard: Sequence[Heard]) -> _Part:
    if not heard:
        return "several", "Several questions in one message", None
    counted = several.figures(heard)

    def row(name: str, share: Share) -> list[Cell]:
        return [name, Number(str(share.of)), percent(share.value), _interval(share)]

    rows = [
        row("several questions: all of them heard, nothing else", counted.heard),
        row(f"… each within {several.NEAR} word of where it begins", counted.placed),
        *(row(f"… heard, {KINDS[kind]}", share) for kind, share in counted.kinds.items()),
        row("several questions: cut, but not into just these", counted.misheard),
        row("one question, told at length: cut in two by mistake", counted.cut),
    ]
    caption = (
        "Held-out messages of two and three questions, and long ones of a single question that "
        "were written to invite a cut. Two things that people ask about their own case are heard "
        "as one question, which leaves a few of these messages out of reach."
    )
    head = ["messages", "how many", "share", "95 % interval"]
    return "several", "Several questions in one message", [table(caption, head, rows)]


def _learning(found: Findings) -> _Part:
    if not found.curve:
        return "learning", "Would more messages help?", None
    rows: list[list[Cell]] = [
        [
            Number(f"{p.messages:,}"),
            percent(p.accuracy),
            *(percent(p.kinds[kind]) for kind in KINDS),
            percent(p.foreign_refused),
        ]
        for p in found.curve
    ]
    head = ["messages learned", "all on topic", *KINDS.values(), "off topic, refused"]
    return (
        "learning",
        "Would more messages help?",
        [
            picture(
                pictures.learning(found.curve),
                "A curve that still climbs at its right end would climb on with more messages of "
                "that kind.",
            ),
            table(
                "Accuracy on held-out messages of models that learned a part of the training "
                "messages only, a model a row.",
                head,
                rows,
            ),
        ],
    )


def _rivals(outcomes: Sequence[Mapping[str, Any]]) -> _Part:
    if not outcomes:
        return "rivals", "Other ways to understand", None
    rows: list[list[Cell]] = []
    for o in outcomes:
        if o.get("stopped"):
            rows.append([o["says"], str(o["stopped"])])
            continue
        rows.append(
            [
                o["says"],
                Number(f"{o['messages']:,}"),
                percent(o["accuracy"]),
                *(percent(o["kinds"][kind]) for kind in KINDS),
                percent(o["foreign_refused"]),
                percent(o["real_refused"]),
                Number(f"{o['seconds_to_train']:,.0f} s"),
                Number(f"{o['seconds_to_load']:.1f} s"),
                Number(f"{o['milliseconds']:.1f} ms"),
                Number(f"{o['megabytes']:,} MB"),
            ]
        )
    head = ["way", "messages learned", "all on topic", *KINDS.values()]
    head += ["off topic, found to be so", "on topic, taken for off topic"]
    head += ["to train", "to load", "a message", "memory"]
    caption = (
        "Accuracy on held-out messages, a way a row. Some learned a part of the messages only, all "
        "of them the same part: at its pace there, DIET would take half a day over the whole. "
        "Times are of one core; a message's time is the median, within Rasa but for the two bare "
        "machines; memory is the most a process that loads and asks took, libraries included."
    )
    return "rivals", "Other ways to understand", [table(caption, head, rows)]


def _ablations(outcomes: Sequence[Mapping[str, Any]]) -> _Part:
    if not outcomes:
        return "ablations", "What each part brings", None
    whole = next((o["accuracy"] for o in outcomes if o["name"] == WHOLE), None)
    rows: list[list[Cell]] = [
        [
            o["name"],
            percent(o["accuracy"]),
            Number("–" if whole is None else f"{100 * (o['accuracy'] - whole):+.1f}"),
            *(percent(o["kinds"][kind]) for kind in KINDS),
            percent(o["foreign_refused"]),
            percent(o["real_refused"]),
        ]
        for o in outcomes
    ]
    head = ["what is judged", "all on topic", "points", *KINDS.values()]
    head += ["off topic, found to be so", "on topic, taken for off topic"]
    caption = (
        "By cross-validation, our own way with one part taken away, a part a row: what is lost "
        "against the first row is what the part brings."
    )
    return "ablations", "What each part brings", [table(caption, head, rows)]


def _changes(verdict: Verdict | None) -> _Part:
    title = "What changed against the model it was compared with"
    if verdict is None or not verdict.changes:
        return "changes", title, None
    rows: list[list[Cell]] = [
        [
            KINDS.get(c.name, c.name),
            percent(c.before.value),
            percent(c.after.value),
            Number(f"{c.points:+.1f}"),
        ]
        for c in verdict.changes
    ]
    said = f"Verdict: {verdict.word}." + (f" {verdict.reason}." if verdict.reason else "")
    parts = [
        paragraph(said),
        table(
            "Held-out messages understood by both models; the last column is the difference in "
            "points, which is good when above zero but for messages on topic refused.",
            ["", "before", "now", "points"],
            rows,
        ),
    ]
    for name, pairs in (("got better", verdict.better), ("got worse", verdict.worse)):
        if pairs:
            changed: list[list[Cell]] = [
                [
                    Words(new.text),
                    KINDS.get(new.kind, new.kind),
                    new.intent,
                    _found(old),
                    _found(new),
                ]
                for old, new in pairs
            ]
            caption = f"{len(pairs)} held-out messages that {name}, each with what was found in it."
            parts.append(table(caption, ["message", "kind", "is", "before", "now"], changed))
    return "changes", title, parts


def _worst(found: Findings) -> _Part:
    judged, said = _main(found)
    rows: list[list[Cell]] = [
        [
            Words(j.text),
            KINDS.get(j.kind, j.kind),
            j.intent,
            j.found,
            Number(f"{j.confidence:.2f}"),
        ]
        for j in measures.worst(judged, _WORST)
    ]
    caption = (
        f"The mistakes made with most confidence, {said}, the worst first; where the reader "
        "would side with the model, the label may be what is wrong."
    )
    head = ["message", "kind", "is", "taken for", "confidence"]
    return "worst", "The worst mistakes", [table(caption, head, rows)]


def _history(lines: Sequence[Line]) -> _Part:
    if not lines:
        return "history", "Models so far", None
    rows: list[list[Cell]] = [
        [
            line.time,
            line.model,
            Number(f"{line.messages:,}"),
            percent(line.accuracy),
            *(percent(line.kinds.get(kind, 0.0)) for kind in KINDS),
            percent(line.foreign_refused),
            percent(line.real_refused),
            line.verdict,
            line.reason,
        ]
        for line in reversed(lines)
    ]
    head = ["judged", "model", "messages", "all on topic", *KINDS.values()]
    head += ["off topic refused", "on topic refused", "verdict", "reason"]
    caption = "Models judged on held-out messages, the newest first."
    return "history", "Models so far", [table(caption, head, rows)]


def _found(judged: Judged) -> str:
    return f"{judged.found or 'nothing'} ({judged.confidence:.2f})"
