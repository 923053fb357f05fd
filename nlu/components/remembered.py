"""What a function gives for the words and letters that come again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

_MOST = 4096
_LONGEST = 20
"""A longer word hardly comes twice, and what is kept of it may be long."""


class Remembered(dict[K, V]):
    """The results of `work_out`, each worked out when it is first asked for: `results[key]`.

    Of 4,096 at most, all are forgotten when there is one more. Looking one up in a dictionary that
    fills itself is faster than calling a function that has a cache, and `str.translate` takes it.
    """

    def __init__(self, work_out: Callable[[K], V]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, key: K) -> V:
        result = self._work_out(key)
        if not isinstance(key, str) or len(key) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[key] = result
        return result
