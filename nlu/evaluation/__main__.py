"""Commands: report, gate, rivals and curve; see `--help` of each."""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from nlu.components.ideas import Ideas
from nlu.components.intent import read_ideas, said_by
from nlu.evaluation import curve, gate, history, rivals, several
from nlu.evaluation.examples import Example, read, some
from nlu.evaluation.judging import (
    FOLDS,
    Judged,
    UnreadableModelError,
    by_cross_validation,
    by_model,
)
from nlu.evaluation.racing import RIVALS
from nlu.evaluation.thresholds import IN_USE

REFUSED = 3
"""Exit code of `gate` where the candidate may not be put in service; 2 is argparse's."""


def tell(text: str) -> None:
    """Tell whoever waits, apart from what a command prints."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def judge_both(
    candidate: Path, in_service: Path | None, held_out: Sequence[Example], forced: str = ""
) -> tuple[gate.Verdict, list[Judged]]:
    """Return the verdict on `candidate`, and what it made of the held-out messages.

    A model in service that is missing or that this code can't load lets the candidate through if
    it understands enough alone.
    """
    try:
        new = by_model(candidate, held_out)
    except UnreadableModelError as error:
        return gate.unreadable(str(error), forced), []
    if in_service is None:
        return gate.compare(new, None, forced=forced), new
    try:
        old, note = by_model(in_service, held_out), ""
    except UnreadableModelError as error:
        old, note = None, f"nothing to compare with: {error}"
    return gate.compare(new, old, forced=forced, note=note), new


def do_gate(chosen: argparse.Namespace) -> int:
    """Judge the candidate against the model in service, print, and add a line to the history."""
    held_out = read(chosen.held_out)
    verdict, _ = judge_both(chosen.candidate, chosen.in_service, held_out, chosen.force or "")
    sys.stdout.write("\n".join(gate.told(verdict)) + "\n")
    line = history.line(
        _now(),
        history.shortened(chosen.candidate),
        len(read(chosen.data)),
        verdict.candidate,
        verdict=verdict.word,
        reason=verdict.reason,
    )
    history.append(chosen.history, line)
    return 0 if verdict.may_serve else REFUSED


def do_report(chosen: argparse.Namespace) -> int:
    """Judge the model and, by cross-validation, its training data; write the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # matplotlib's, about what it imports itself
        from nlu.evaluation import report  # noqa: PLC0415 - matplotlib, which others spare
    every, lexicon = _taught(chosen)
    verdict, judged = judge_both(chosen.candidate, chosen.in_service, read(chosen.held_out))
    if verdict.candidate is None:
        tell(verdict.reason)
        return 1
    examples = some(every, chosen.messages)
    cross = (
        by_cross_validation(examples, lexicon, number=chosen.folds, tell=tell)
        if chosen.folds > 1
        else []
    )
    found = report.Findings(
        time=_now(),
        model=history.shortened(chosen.candidate),
        messages=len(every),
        held_out=judged,
        cross=cross,
        heard=several.by_model(chosen.candidate, several.read(chosen.several)),
        in_use=IN_USE,
        verdict=verdict,
        rivals=rivals.read(chosen.rivals),
        curve=curve.load(chosen.curve),
        history=history.read(chosen.history),
    )
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    chosen.out.write_text(report.write(found), encoding="utf-8")
    sys.stdout.write(f"{chosen.out}\n")
    return 0


def do_rivals(chosen: argparse.Namespace) -> int:
    """Run rivals, then ablations, keeping each outcome as soon as it is known."""
    for name in chosen.only if chosen.only is not None else tuple(RIVALS):
        tell(name)
        outcome = rivals.race(
            name,
            RIVALS[name].says,
            chosen.data,
            chosen.held_out,
            messages=chosen.messages,
            limit=chosen.limit,
        )
        rivals.keep(chosen.rivals, "rivals", outcome)
        tell(outcome["stopped"] or f"{outcome['accuracy']:.1%} in {outcome['seconds_to_train']} s")
    if chosen.ablations:
        examples, lexicon = _taught(chosen)
        examples = some(examples, chosen.messages)
        rivals.ablate(
            examples,
            lexicon,
            said_by([e.text for e in examples]),
            lambda outcome: rivals.keep(chosen.rivals, "ablations", outcome),
            tell=tell,
        )
    sys.stdout.write(f"{chosen.rivals}\n")
    return 0


def do_curve(chosen: argparse.Namespace) -> int:
    """Draw the learning curve's points and write them as JSON."""
    examples, lexicon = _taught(chosen)
    examples, held_out = some(examples, chosen.messages), read(chosen.held_out)
    found = curve.points(
        examples,
        said_by([e.text for e in examples]),
        held_out,
        said_by([e.text for e in held_out]),
        lexicon,
        tell=tell,
    )
    curve.save(chosen.curve, found)
    sys.stdout.write(f"{chosen.curve}\n")
    return 0


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", default="nlu/data", help="training messages")
    shared.add_argument("--held-out", default="nlu/heldout", help="messages never learned")
    shared.add_argument("--ideas", default="nlu/lexicon/ideas.yml", help="the lexicon of ideas")
    shared.add_argument("--history", type=Path, default=Path("models/history.jsonl"))
    kept = Path("docs/understanding")
    shared.add_argument("--rivals", type=Path, default=kept / "rivals.json")
    shared.add_argument("--curve", type=Path, default=kept / "curve.json")
    few = argparse.ArgumentParser(add_help=False)
    few.add_argument(
        "--messages", type=int, metavar="N", help="learn at most so many messages, at random"
    )
    whole = argparse.ArgumentParser(prog="nlu.evaluation", description=__doc__)
    commands = whole.add_subparsers(required=True)

    made = commands.add_parser("report", parents=[shared, few], help="judge and write the page")
    made.add_argument("--candidate", type=Path, default=Path("models/nlu.tar.gz"))
    made.add_argument("--in-service", type=Path, help="a model to compare with")
    made.add_argument("--several", type=Path, default=Path("nlu/heldout_several.yml"))
    made.add_argument("--folds", type=int, default=FOLDS, help="0: no cross-validation")
    made.add_argument("--out", type=Path, default=kept / "index.html")
    made.set_defaults(do=do_report)

    asked = commands.add_parser(
        "gate", parents=[shared], help=f"exit code 0: may be put in service; {REFUSED}: refused"
    )
    asked.add_argument("--candidate", type=Path, required=True)
    asked.add_argument("--in-service", type=Path, required=True)
    asked.add_argument("--force", metavar="REASON", type=_reason, help="put it in service anyway")
    asked.set_defaults(do=do_gate)

    raced = commands.add_parser("rivals", parents=[shared, few], help="run rivals and ablations")
    raced.add_argument("--only", nargs="*", choices=tuple(RIVALS), help="these rivals; none: none")
    raced.add_argument("--limit", type=float, default=rivals.LIMIT, help="seconds, to each rival")
    raced.add_argument("--no-ablations", dest="ablations", action="store_false")
    raced.set_defaults(do=do_rivals)

    drawn = commands.add_parser("curve", parents=[shared, few], help="judge parts of the data")
    drawn.set_defaults(do=do_curve)
    return whole


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("say why")
    return text.strip()


def _taught(chosen: argparse.Namespace) -> tuple[list[Example], Ideas]:
    return read(chosen.data), read_ideas(chosen.ideas)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(sep=" ", timespec="minutes")


def main() -> int:
    """Run the command asked for and return its exit code."""
    chosen = parser().parse_args()
    code: int = chosen.do(chosen)
    return code


if __name__ == "__main__":
    sys.exit(main())
