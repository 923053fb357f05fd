"""The variables of an answer kept ready: which there are, and what they become."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: The given name of the person, their stop with its days, and the hours of the desk.
VARIABLES = ("name", "stop", "hours")

_VARIABLE = re.compile(r"\{([^{}\n]*)\}")
#: A name that is not known goes with the comma, the space and the Arabic vocative before it.
_CALLED = re.compile(r"(?:[ \t]+يا)?[,،]?[ \t]*\{name\}")
_LEFT_OVER = re.compile(r"^[ \t]*[,،:;][ \t]*(\w?)", re.MULTILINE)


def unknown(text: str) -> list[str]:
    """Return what stands in braces and is no variable, each once, braces included."""
    found = dict.fromkeys(m[0] for m in _VARIABLE.finditer(text) if m[1] not in VARIABLES)
    return list(found)


def variables(text: str) -> frozenset[str]:
    """Return the variables that a text holds."""
    return frozenset(m[1] for m in _VARIABLE.finditer(text)) & frozenset(VARIABLES)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with its variables filled in.

    Without a name, "Bonjour {name}, …" becomes "Bonjour, …" and "{name}, votre …" "Votre …".
    """
    if not values.get("name") and "name" in variables(text):
        text = _LEFT_OVER.sub(lambda m: m[1].upper(), _CALLED.sub("", text)).strip()
    return _VARIABLE.sub(lambda m: values.get(m[1], m[0]), text)
