"""`caravane nlu export`: what staff labelled, as Rasa reads it from nlu/data."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from actions import review
from actions.review import Misread
from actions.store import Store, StoreError
from bot.clerks.sheets import replacing
from bot.console import read_settings, stop
from bot.desk.meanings import KINDS
from bot.questions import OFF_TOPIC, plain

HEAD = """\
# Messages that were not understood, as the desk labelled them.
# One block an intent and a kind of language (fr, ar, dz-ar, dz-latn, mix); one message a line.
version: "3.1"
"""

app = typer.Typer(help="What people write and the assistant learns from.", no_args_is_help=True)


class Example(NamedTuple):
    """A message to learn from: what it means, its kind of language, its words."""

    intent: str
    kind: str
    text: str


@app.callback()
def _several_commands() -> None:
    """Let `export` be called by its name."""


@app.command()
def export(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write; printed if not given.")
    ] = None,
) -> None:
    """Write the messages labelled in /review as Rasa's training examples."""
    store = Store(read_settings().database())
    try:
        store.migrate()
        found = store.run(lambda s: examples(review.labelled(s)))
        if file is None:
            typer.echo(as_rasa_yaml(found), nl=False)
        else:
            with replacing(file) as opened:
                opened.write(as_rasa_yaml(found).encode())
    except StoreError as failed:
        stop(f"The database can't be used now: {failed}.")
    except OSError:
        stop(f"{file} can't be written: choose another folder.")
    finally:
        store.close()
    typer.echo(f"Labelled messages: {len(found)}", err=True)


def examples(messages: Iterable[Misread]) -> list[Example]:
    """Return what can be learned from labelled messages: each text once, as labelled last."""
    found: dict[str, Example] = {}
    for message in messages:
        text = _as_an_example(message.text)
        intent = message.label if message.status == "labelled" else OFF_TOPIC
        if plain(text):
            found[plain(text)] = Example(intent, _kind(message), text)
    return list(found.values())


def as_rasa_yaml(found: Iterable[Example]) -> str:
    """Return examples in the form of the files in nlu/data."""
    blocks: dict[tuple[str, str], list[str]] = {}
    kinds = list(KINDS)
    for example in sorted(found, key=lambda e: (e.intent, kinds.index(e.kind))):
        blocks.setdefault((example.intent, example.kind), []).append(example.text)
    if not blocks:
        return f"{HEAD}nlu: []\n"
    written = [
        f"\n  - intent: {intent}\n    metadata: {{lang: {kind}}}\n    examples: |\n"
        + "".join(f"      - {text}\n" for text in texts)
        for (intent, kind), texts in blocks.items()
    ]
    return f"{HEAD}nlu:\n{''.join(written)}"


def _kind(message: Misread) -> str:
    """Return the kind of language of a message; by its letters where it was not told."""
    if message.language in KINDS:
        return message.language
    return "ar" if re.search(r"[\u0620-\u064a]", message.text) else "fr"


def _as_an_example(text: str) -> str:
    """Return a text on one line, without what Rasa or YAML would read as more than words.

    Rasa takes square brackets for the mark of an entity; neither can hold invisible characters.
    """
    shown = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    return " ".join(shown.translate(str.maketrans("[]", "()")).split())
