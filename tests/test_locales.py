"""The catalogues: complete, alike in their placeholders, and holding every sentence of the code."""

from __future__ import annotations

import ast
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from actions.messages import LANGUAGES
from bot.text import DOMAIN, LOCALES

HOUSE = Path(__file__).parent.parent
KEYWORDS = {"_": None, "ngettext": (1, 2)}
PLURAL_FORMS = {"fr": 2, "ar": 6}
#: Forms in which Arabic says the number by the word itself: zero, one, two.
SAID_BY_THE_WORD = {"ar": 3, "fr": 1}


def sentences() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(HOUSE / "bot", [("**.py", "python")], keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def catalogue(language: str) -> Catalog:
    text = (LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po").read_bytes()
    return read_po(io.BytesIO(text), locale=language)


def messages(language: str) -> list[Message]:
    return [m for m in catalogue(language) if m.id]


def forms(message: Message) -> tuple[str, ...]:
    """Return every form of a translation: one, or one for each plural class."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_code_is_translated(language: str) -> None:
    translated = {m.id: m for m in messages(language)}
    missing = []
    for sentence in sentences():
        key = tuple(sentence) if isinstance(sentence, tuple | list) else sentence
        found = translated.get(key)
        forms = (
            [found.string] if found and isinstance(found.string, str) else found and found.string
        )
        if not forms or not all(forms) or (found and found.fuzzy):
            missing.append(key)
    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_holds_nothing_the_code_no_longer_says(language: str) -> None:
    said = {tuple(s) if isinstance(s, tuple | list) else s for s in sentences()}
    assert [m.id for m in messages(language) if m.id not in said] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language: str) -> None:
    wrong = []
    for m in messages(language):
        if isinstance(m.id, str):
            if placeholders(str(m.string)) != placeholders(m.id):
                wrong.append(m.id)
            continue
        for n, form in enumerate(forms(m)):
            expected = placeholders(m.id[-1])
            without_number = [p for p in expected if p != "n"]
            allowed = [expected]
            if n < SAID_BY_THE_WORD[language]:
                allowed.append(without_number)
            if placeholders(form) not in allowed:
                wrong.append(m.id[0])
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_all_the_forms_of_the_language(language: str) -> None:
    plurals = [m for m in messages(language) if not isinstance(m.id, str)]
    assert plurals
    assert {len(forms(m)) for m in plurals} == {PLURAL_FORMS[language]}


def test_arabic_sentences_are_in_arabic_script() -> None:
    own_name = {"Français"}
    latin = [
        m.id
        for m in messages("ar")
        for form in forms(m)
        if re.search(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", str(m.id)))
        and not re.search(r"[\u0621-\u064a]", form)
        and form not in own_name
    ]
    assert latin == []


def test_every_marked_sentence_can_be_extracted() -> None:
    """Babel skips f-strings and makes rubbish of joined ones; each argument must be plain."""
    odd = []
    for path in (HOUSE / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            count = {"_": 1, "ngettext": 2}.get(node.func.id, 0)
            for argument in node.args[:count]:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    odd.append(f"{path.name}:{node.lineno}")
    assert odd == []
