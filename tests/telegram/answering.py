"""One request from beginning to end: who asks, what goes wrong, what is carried out."""

from __future__ import annotations

import asyncio
import re
import time

import orjson
from aiohttp import web

from tests.telegram import judges, requests
from tests.telegram.bots import Bot
from tests.telegram.calls import Call, Calls
from tests.telegram.faults import Fault, Faults
from tests.telegram.givens import Given
from tests.telegram.limits import Limits
from tests.telegram.methods.book import LIMITED, METHODS
from tests.telegram.polling import get_updates
from tests.telegram.records import Records
from tests.telegram.refusals import Refusal

_PATH = re.compile(r"/(?P<file>file/)?bot(?P<token>[^/]+)/(?P<rest>.+)")
_TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{30,}")
_OK = b'{"ok":true,"result":'


class Answering:
    """Answers requests, and keeps account of them."""

    def __init__(self, records: Records) -> None:
        self.records, self.calls = records, Calls()
        self.faults, self.limits, self.checks = Faults(), Limits(), True

    async def respond(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request over HTTP."""
        found = _PATH.fullmatch(request.path)
        if found is None or not _TOKEN.fullmatch(found["token"]):
            return _refused(Refusal(404, "Not Found"))
        bot = self.records.bots.get(found["token"])
        if bot is None:
            return _refused(Refusal(401, "Unauthorized"))
        if found["file"]:
            return await self._file(request, found["rest"])
        given = Given()
        try:
            given = await requests.read(request)
        except Refusal as refusal:
            self.note(found["rest"], given, refusal.status, refusal.description)
            return _refused(refusal)
        return await self._carry_out(request, bot, found["rest"], given)

    async def perform(self, bot: Bot, method: str, given: Given) -> bytes:
        """Carry out one method and give its result, or refuse."""
        name = method.lower()
        if name not in METHODS and name != "getupdates":
            if name in judges.models():
                self.records.defects.append(f"{method}: the stand-in does not know this method")
            raise Refusal(404, "Not Found: method not found")
        if self.checks:
            self._judge(method, given)
        if name == "getupdates":
            return await get_updates(self.records, bot, given)
        with self.records.changed:
            if name in LIMITED:
                self.limits.check(given.text("chat_id"))
            try:
                return orjson.dumps(METHODS[name](self.records, bot, given))
            except (LookupError, TypeError, ValueError, AssertionError) as error:
                self.records.defects.append(f"{method}: the stand-in failed: {error!r}")
                raise

    def _judge(self, method: str, given: Given) -> None:
        if faults := judges.faults_found(method.lower(), given):
            self.records.defects += [f"{method}: {each}" for each in faults]
            raise judges.refusal(faults, method.lower(), given)

    async def _carry_out(
        self, request: web.BaseRequest, bot: Bot, method: str, given: Given
    ) -> web.StreamResponse:
        fault = self.faults.take(method.lower(), given)
        if fault is not None and not fault.is_carried_out:
            self.note(method, given, fault.status if fault.body else 0, "a fault on purpose")
            return await _wrong(request, fault)
        try:
            result = await self.perform(bot, method, given)
        except Refusal as refusal:
            self.note(method, given, refusal.status, refusal.description)
            answer = _refused(refusal)
        except asyncio.CancelledError:
            self.note(method, given, 0, "cancelled")
            raise
        else:
            self.note(method, given, 0 if fault is not None and fault.is_closed else 200, "")
            answer = web.Response(body=_OK + result + b"}", content_type="application/json")
        if fault is None:
            return answer
        if fault.body is None and not fault.is_closed:
            await asyncio.sleep(fault.seconds)
            return answer
        return await _wrong(request, fault)

    async def _file(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        given = Given({"path": path})
        fault = self.faults.take("file", given)
        file = self.records.files.by_path(path)
        self.note("file", given, fault.status if fault else 200 if file else 404, "")
        if fault is not None:
            return await _wrong(request, fault)
        if file is None:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=file.content, content_type="application/octet-stream")

    def note(self, method: str, given: Given, status: int, description: str) -> None:
        with self.records.changed:
            values = {**given.values, **given.files}
            self.calls.add(Call(time.time(), method, values, status, description))
            self.records.changed.notify_all()


def _refused(refusal: Refusal) -> web.Response:
    response = web.Response(
        status=refusal.status,
        body=orjson.dumps(refusal.as_json()),
        content_type="application/json",
    )
    if seconds := refusal.parameters.get("retry_after"):
        response.headers["Retry-After"] = str(seconds)
    return response


async def _wrong(request: web.BaseRequest, fault: Fault) -> web.Response:
    await asyncio.sleep(fault.seconds)
    return _broken(request, fault)


def _broken(request: web.BaseRequest, fault: Fault) -> web.Response:
    if fault.is_closed and request.transport is not None:
        request.transport.abort()
    response = web.Response(
        status=fault.status, body=fault.body or b"", content_type=fault.media_type
    )
    if fault.retry_after:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response
