"""Many citizens on Matrix who write to one bot at once, at little expense.

Their messages are encrypted beforehand, and one watcher sees all answers: a second device of the
bot's account, which has no keys. So neither they nor their syncs are what is measured; afterwards
they read what they were told.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

from aiohttp import ClientSession, TCPConnector

from tests.bench.matrix_bots import Bot
from tests.bench.matrix_people import PATIENCE_SECONDS, Json, Person
from tests.matrix.homeservers import Account, Homeserver

FIRST = ("!cancel", "!start", "!cancel", "!help")
"""Ends the greeting, and opens the way for everything else."""

MOVING_AT_ONCE = 8
SENDING_AT_ONCE = 16
_SYNC = "/_matrix/client/v3/sync"
_NONE: Json = {"types": []}


def _filter(limit: int) -> str:
    timeline = {"limit": limit, "types": ["m.room.encrypted"]}
    room = {"timeline": timeline, "state": _NONE, "ephemeral": _NONE, "account_data": _NONE}
    return quote(json.dumps({"presence": _NONE, "account_data": _NONE, "room": room}))


@dataclass(frozen=True)
class Load:
    """What came of a load: seconds of each message until its answer, and altogether.

    `own_seconds` is how long the processor has worked for the load itself.
    """

    waits: list[float]
    seconds: float
    own_seconds: float

    @property
    def rate(self) -> float:
        """Give answers a second."""
        return len(self.waits) / self.seconds


class Crowd:
    """People, each alone in a room with the bot."""

    def __init__(self, homeserver: Homeserver, bot: Account, session: ClientSession) -> None:
        self.people: list[Person] = []
        self._homeserver, self._bot, self._session = homeserver, bot, session
        self._answers: defaultdict[str, asyncio.Queue[float]] = defaultdict(asyncio.Queue)
        self._is_watching = asyncio.Event()
        self._watching: asyncio.Task[None] | None = None

    @classmethod
    async def gathered(cls, homeserver: Homeserver, bot: Bot, number: int) -> Self:
        """Let so many people move in, and write until there is one answer to each message."""
        session = ClientSession(homeserver.url, connector=TCPConnector(limit=0))
        crowd = cls(homeserver, bot.account, session)
        places = asyncio.Semaphore(MOVING_AT_ONCE)

        async def moves_in() -> Person:
            async with places:
                person = await Person.moved_in(homeserver, bot.account.user_id)
                if bot.greets:
                    await person.reads(1)
                for text in FIRST:
                    await person.asks(text)
                return person

        crowd.people = await asyncio.gather(*(moves_in() for _ in range(number)))
        crowd._watching = asyncio.create_task(crowd._watch())
        await crowd._is_watching.wait()
        return crowd

    async def ends(self) -> None:
        """Close everything."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        await self._session.close()
        await asyncio.gather(*(person.client.close() for person in self.people))

    async def converses(self, texts: Sequence[Sequence[str]]) -> Load:
        """Let each person write these texts, the next when the last one is answered."""
        locked = [
            [await person.locked(text) for text in lines]
            for person, lines in zip(self.people, texts, strict=False)
        ]
        waits: list[float] = []

        async def converse(person: Person, messages: Sequence[Json]) -> None:
            for message in messages:
                begun = time.monotonic()
                await self._put(person, message)
                async with asyncio.timeout(PATIENCE_SECONDS):
                    waits.append(await self._answers[person.room_id].get() - begun)

        start, own = time.monotonic(), time.process_time()
        await asyncio.gather(*map(converse, self.people, locked))
        return Load(waits, time.monotonic() - start, time.process_time() - own)

    async def leaves_behind(self, texts: Sequence[Sequence[str]]) -> None:
        """Let each person write these texts, without waiting for anything."""
        places = asyncio.Semaphore(SENDING_AT_ONCE)

        async def send(person: Person, lines: Sequence[str]) -> None:
            for text in lines:
                async with places:
                    await self._put(person, await person.locked(text))

        await asyncio.gather(*map(send, self.people, texts))

    async def waits_for(self, numbers: Sequence[int]) -> float:
        """Wait until everybody has so many answers; gives when the last came (monotonic)."""
        last = 0.0
        for person, number in zip(self.people, numbers, strict=False):
            for _ in range(number):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    last = max(last, await self._answers[person.room_id].get())
        return last

    async def reads(self, numbers: Sequence[int]) -> list[list[str]]:
        """Let everybody read so many answers, in the order in which they came, and no more."""
        pairs = list(zip(self.people, numbers, strict=False))
        read = await asyncio.gather(*(person.reads(number) for person, number in pairs))
        for person, _ in pairs:
            await person.reads_no_more()
        return read

    async def _put(self, person: Person, message: Json) -> None:
        headers = {"Authorization": f"Bearer {person.client.access_token}"}
        async with self._session.put(person.address(), json=message, headers=headers) as answer:
            assert answer.ok, await answer.text()

    async def _watch(self) -> None:
        since = (await self._news(f"timeout=0&filter={_filter(0)}"))["next_batch"]
        self._is_watching.set()
        usual = _filter(1000)
        while True:
            news = await self._news(f"timeout=30000&since={since}&filter={usual}")
            since, now = news["next_batch"], time.monotonic()
            for room_id, room in news.get("rooms", {}).get("join", {}).items():
                for event in room["timeline"]["events"]:
                    if event["sender"] == self._bot.user_id:
                        self._answers[room_id].put_nowait(now)

    async def _news(self, question: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._bot.token}"}
        async with self._session.get(f"{_SYNC}?{question}", headers=headers) as answer:
            assert answer.ok, await answer.text()
            return await answer.json()  # type: ignore[no-any-return]
