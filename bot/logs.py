"""Logs: our own identifiers only, never a name, a number or a word someone wrote."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

import structlog


def where(failed: BaseException) -> str:
    """Return the file and line an error came from: its message may hold what people wrote."""
    frame = traceback.extract_tb(failed.__traceback__)[-1:]
    return f"{Path(frame[0].filename).name}:{frame[0].lineno}" if frame else "unknown"


#: Their request lines carry the bot's token, their debug lines what people wrote.
QUIET = ("httpx", "httpcore", "telegram", "uvicorn", "alembic", "sqlalchemy", "asyncio")


def configure_logs(level: str) -> None:
    """Write one line an event to standard error; libraries speak only when something is wrong."""
    logging.basicConfig(level=level.upper(), format="%(message)s")
    for library in QUIET:
        logging.getLogger(library).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
