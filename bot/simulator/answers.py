"""Answers in JSON, in ASCII as Telegram writes them: half an emoji cannot break them."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


def as_json(data: Any, status: int = 200, **headers: str) -> Response:
    """Return the data as an answer."""
    body = json.dumps(data, separators=(",", ":"))
    return Response(body, status, headers, media_type="application/json")
