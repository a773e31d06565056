"""Reading a request: a query, a form or JSON, in whichever way the Bot API takes it."""

from __future__ import annotations

import orjson
from aiohttp import web

from tests.telegram.givens import Given, Upload
from tests.telegram.refusals import Refusal, bad_request

LARGEST_BYTES = 50 * 1024 * 1024
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


async def read(request: web.BaseRequest) -> Given:
    """Give the parameters and files of a request, or refuse."""
    given = Given(dict(request.query))
    if request.content_length and request.content_length > LARGEST_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    if request.method != "POST" or not request.can_read_body:
        return given
    if request.content_type == "application/json":
        given.values |= _read_json(await request.read())
    elif request.content_type in _FORMS:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                body, kind = value.file.read(), value.content_type
                value.file.close()
                given.files[name] = Upload(value.filename, body, kind)
            elif isinstance(value, str):
                given.values[name] = value
            else:
                given.files[name] = Upload(name, bytes(value), "application/octet-stream")
    else:
        await request.read()
    return given


def _read_json(body: bytes) -> dict[str, object]:
    try:
        values = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(values, dict):
        raise bad_request("can't parse JSON object")
    return values
