"""Digits: people write them in Latin or in Arabic-Indic form, as their keyboard has them."""

from __future__ import annotations

import unicodedata


def latin_digits(text: str) -> str:
    """Return a text with every decimal digit, of whatever script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
