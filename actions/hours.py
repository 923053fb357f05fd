"""Hours in Algeria: its time zone, and when nobody is written to unasked."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

ALGIERS = ZoneInfo("Africa/Algiers")
#: Nothing that is not an answer leaves between these hours.
QUIET_FROM, QUIET_UNTIL = dt.time(21, 0), dt.time(8, 0)


def is_quiet(moment: dt.datetime) -> bool:
    """Return whether a moment falls in quiet hours."""
    return not QUIET_UNTIL <= moment.astimezone(ALGIERS).time() < QUIET_FROM


def not_at_night(moment: dt.datetime) -> dt.datetime:
    """Return the moment itself, or the next 8:00 in Algiers when it falls in quiet hours."""
    if not is_quiet(moment):
        return moment
    local = moment.astimezone(ALGIERS)
    day = local.date() + dt.timedelta(days=local.time() >= QUIET_FROM)
    return dt.datetime.combine(day, QUIET_UNTIL, ALGIERS)
