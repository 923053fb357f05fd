"""Request bodies: bounded, in any of the forms Bot API clients send."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from bot.simulator.params import Params, Upload

LARGEST_BODY = 1024 * 1024
#: What people send in base64 is a third longer than the file itself.
LARGEST_FILE_BODY = 4 * 1024 * 1024


class TooLargeError(Exception):
    """The body is larger than the simulator reads."""


class UnreadableError(Exception):
    """The body is not what its content type says."""


async def read_body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """Return the whole body, raising `TooLargeError` as soon as it is too large."""
    if int(request.headers.get("content-length") or 0) > largest:
        raise TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise TooLargeError
    return bytes(body)


async def read_object(request: Request, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """Return a JSON object; an empty body is an empty one."""
    body = await read_body(request, largest)
    if not body:
        return {}
    try:
        data = json.loads(body, parse_constant=_refuse)
    except ValueError as unreadable:
        raise UnreadableError from unreadable
    if not isinstance(data, dict):
        raise UnreadableError
    return data


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's, not JSON's


async def read_params(request: Request) -> Params:
    """Return the parameters of a Bot API call from its address and its body."""
    values: dict[str, Any] = dict(request.query_params)
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type == "application/json":
        return Params({**values, **await read_object(request)})
    body = await read_body(request)
    if content_type == "multipart/form-data":
        return await _multipart(request, body, values)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True)
    except ValueError as unreadable:
        raise UnreadableError from unreadable
    return Params({**values, **dict(pairs)})


async def _multipart(request: Request, body: bytes, values: dict[str, Any]) -> Params:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    uploads = {}
    try:
        async with Request(request.scope, receive).form() as form:
            for name, value in form.items():
                if isinstance(value, UploadFile):
                    kind = value.content_type or "application/octet-stream"
                    content = await value.read()
                    uploads[name] = Upload(value.filename or "file", kind, content)
                else:
                    values[name] = value
    except (MultiPartException, ValueError) as unreadable:
        raise UnreadableError from unreadable
    return Params(values, uploads)
