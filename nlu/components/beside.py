"""Work done in a second process while this one goes on."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_FORK = get_context("fork")
"""The second process begins with all that this one holds, and imports nothing again."""


class Beside(Generic[T]):
    """`work(*given)`, begun in a second process.

    A process rather than a thread: scikit-learn's linear machines share one source of randomness,
    and would learn something else each time. It ends by itself if this one is killed.
    """

    def __init__(self, work: Callable[..., T], *given: Any) -> None:
        self._answer, sending = _FORK.Pipe(duplex=False)
        self._process = _FORK.Process(target=_send, args=(sending, work, given), daemon=True)
        self._process.start()
        sending.close()

    def result(self) -> T:
        """Wait for what the work returns; raises `RuntimeError` if it failed, which it tells."""
        try:
            result: T = self._answer.recv()
        except EOFError:
            raise RuntimeError("the work of the second process failed") from None
        finally:
            self._process.join()
        return result


def _send(sending: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    sending.send(work(*given))
