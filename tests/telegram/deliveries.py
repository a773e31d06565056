"""Updates on their way to a webhook: in lines, at most so many at once, again until they arrive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from itertools import islice
from random import Random
from typing import Any

import aiohttp
import orjson

from tests.telegram.answering import Answering
from tests.telegram.bots import Bot, Webhook
from tests.telegram.givens import Given
from tests.telegram.queues import Update
from tests.telegram.refusals import Refusal
from tests.telegram.routes import Route, Weather

_SUCCESSES = range(200, 300)
_NOT_IN_ANSWERS = ("get", "deletewebhook", "setwebhook", "close", "logout")


class Deliveries:
    """Sends updates to webhooks."""

    def __init__(self, answering: Answering) -> None:
        self._answering, self._records = answering, answering.records
        self.weather = Weather()
        self._random: Random = self._records.random
        self._routes: dict[int, Route] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    def look(self, bot: Bot) -> None:
        """Send what may be sent now; runs in the loop of the server."""
        hook = bot.webhook
        if hook is None:
            return
        route = self._routes.setdefault(bot.id, Route(bot))
        with self._records.changed:
            loaded = 2 * hook.max_connections  # as many as WebhookActor.cpp looks at
            waiting = list(islice(bot.queue.waiting.values(), loaded))
        if self.weather.shuffles:
            self._random.shuffle(waiting)
        seen: set[object] = set()
        for update in waiting:
            if len(route.under_way) >= hook.max_connections:
                return
            line = update.line if self.weather.in_lines else update.id
            free = line not in route.busy_lines and line not in seen
            seen.add(line)
            if free and route.not_before.get(update.id, 0) <= time.monotonic():
                route.busy_lines.add(line)
                route.under_way.add(update.id)
                self._spawn(self._deliver(route, hook, update, line))

    async def close(self) -> None:
        """Give up everything that is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def _spawn(self, work: Any) -> None:  # noqa: ANN401 - a coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, route: Route, hook: Webhook, update: Update, line: object) -> None:
        weather, bot = self.weather, route.bot
        if weather.delay_seconds:
            await asyncio.sleep(weather.delay_seconds * self._random.random())
        if self._random.random() < weather.losses and not route.failures[update.id]:
            error, retry_after = "Connection timed out", 0.0
        else:
            error, retry_after = await self._send(bot, hook, update)
            if self._random.random() < weather.duplicates:
                await self._send(bot, hook, update)
        if error:
            retry_after = retry_after or self._pause(route, update)
            route.not_before[update.id] = time.monotonic() + retry_after
            asyncio.get_running_loop().call_later(retry_after + 0.002, self.look, bot)
            hook.error, hook.error_date = error, self._records.now()
        else:
            with self._records.changed:
                bot.queue.forget([update.id])
                self._records.changed.notify_all()
            route.not_before.pop(update.id, None)
            route.failures.pop(update.id, None)
        route.busy_lines.discard(line)
        route.under_way.discard(update.id)
        self.look(bot)

    def _pause(self, route: Route, update: Update) -> float:
        """Wait: not at all the first time, then twice as long each time (WebhookActor.cpp)."""
        failures = route.failures[update.id]
        route.failures[update.id] += 1
        if not failures:
            return 0.001
        pause = self.weather.retry_seconds * 2.0 ** min(failures, 20)
        return min(pause, self.weather.longest_retry_seconds)

    async def _send(self, bot: Bot, hook: Webhook, update: Update) -> tuple[str, float]:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip, deflate"}
        if hook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret
        try:
            async with (
                asyncio.timeout(self.weather.timeout_seconds),
                self._opened().post(
                    hook.url, data=update.body, headers=headers, ssl=False, allow_redirects=False
                ) as response,
            ):
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return f"Can't connect to the webhook: {type(error).__name__}", 0
        if response.status not in _SUCCESSES:
            reason = f"Wrong response from the webhook: {response.status} {response.reason}"
            return reason, _seconds(response.headers)
        await self._carry_out(bot, body)
        return "", 0

    async def _carry_out(self, bot: Bot, body: bytes) -> None:
        """Carry out the method that an answer may hold; nobody learns what becomes of it."""
        try:
            values = orjson.loads(body) if body[:1] == b"{" else {}
        except orjson.JSONDecodeError:
            return
        method = str(values.pop("method", ""))
        if not method or method.lower().startswith(_NOT_IN_ANSWERS):
            return
        given = Given(values)
        status, description = 200, "in the answer to a webhook"
        try:
            await self._answering.perform(bot, method, given)
        except Refusal as refusal:
            status, description = refusal.status, refusal.description
        self._answering.note(method, given, status, description)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        return self._session


def _seconds(headers: Mapping[str, str]) -> float:
    try:
        return min(float(headers.get("Retry-After", 0)), 3_600)
    except ValueError:
        return 0
