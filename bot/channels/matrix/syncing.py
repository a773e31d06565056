"""The sync loop: asks the homeserver for what is new; its token is kept only after the commits.

What the homeserver leaves out, because too much has happened, is fetched room by room, oldest
first. Whatever comes a second time is recognised by the inbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakValueDictionary

from nio import (
    Event,
    MessageDirection,
    RoomInfo,
    RoomKeyEvent,
    RoomMemberEvent,
    RoomMessagesResponse,
    SyncResponse,
)

from bot.activities import until_the_first_ends
from bot.channels.matrix.accounts import Account
from bot.channels.matrix.devices import Device
from bot.channels.matrix.failures import InvalidToken, MatrixError, Refused, SlowDown
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.portions import SLOW_SECONDS, Portion, Portions
from bot.channels.matrix.receiving import Heard, Receiver
from bot.channels.matrix.reports import Reports
from bot.delivery.paces import pause
from bot.intake import Committed
from bot.store import matrix
from bot.store.database import Transaction

log = logging.getLogger(__name__)

WAIT_MILLISECONDS = 25_000
KEEP_SECONDS = 1.0
"""The token is kept so often; what was carried out since then is recognised if it comes again."""

LOOK_SECONDS = 1.0
MOST_ATTEMPTS = 6
MOST_EVENTS = 100

_NOTHING: dict[str, Any] = {"types": []}


def _filter(limit: int) -> dict[str, Any]:
    room = {"timeline": {"limit": limit}, "ephemeral": _NOTHING, "account_data": _NOTHING}
    return {"presence": _NOTHING, "account_data": _NOTHING, "room": room}


FIRST, USUAL = _filter(0), _filter(MOST_EVENTS)
"""At the first start of all, what was said before is none of the bot's business."""


class Syncer:
    """Asks for what is new and hands it in, until cancelled."""

    def __init__(
        self, account: Account, device: Device, receiver: Receiver, reports: Reports
    ) -> None:
        self._account = account
        self._client = device.client
        self._database = device.database
        self._undecrypted = device.undecrypted
        self._courtesies = device.courtesies
        self._invitations = Invitations(device.client)
        self._receiver = receiver
        self._reports = reports
        self._portions = Portions(receiver.is_fetching)
        self._order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self.is_ready = asyncio.Event()
        """Set as soon as it is known who is in which room."""
        self._kept: str | None = None
        self._has_begun = asyncio.Event()
        """Set as soon as everything is read for which a key came while the bot was away."""
        self._is_due, self._is_tended = asyncio.Event(), asyncio.Event()
        self._is_tended.set()

    async def run(self) -> None:
        """Sync, until cancelled; raises InvalidToken if the homeserver does not know the bot."""
        user_id = self._account.user_id
        self._kept = await self._database.insist(lambda tx: matrix.since(tx, user_id))
        await self._undecrypted.load()
        try:
            await until_the_first_ends(
                self._sync(), self._tend_regularly(), self._keep_regularly(), self._ask_regularly()
            )
        finally:
            await self._portions.break_off()

    async def _sync(self) -> None:
        since, is_first = self._kept, True
        while True:
            response = await self._answer(since, is_first=is_first)
            self.is_ready.set()
            portion = self._portions.add(response.next_batch)
            await self._let_keys_be_tended()  # so that answers reach devices that are new
            await self._begin(portion, response, since, is_late=is_first)
            self._has_begun.set()
            await self._portions.wait()
            if self._kept is None:
                await self._keep()  # without any token, a crash would lose what comes next
            since, is_first = response.next_batch, False

    async def _answer(self, since: str | None, *, is_first: bool) -> SyncResponse:
        async def ask() -> SyncResponse:
            response: SyncResponse = await self._client.sync(
                timeout=0 if is_first else WAIT_MILLISECONDS,
                sync_filter=FIRST if since is None else USUAL,
                since=since,
                full_state=is_first,
            )
            return response

        return await self._reports.insist(ask)

    async def _begin(
        self, portion: Portion, response: SyncResponse, since: str | None, *, is_late: bool
    ) -> None:
        for room_id in response.rooms.invite:
            portion.start_patiently(self._invitations.accept(room_id))
        for room_id, info in response.rooms.join.items():
            missed = await self._missed(room_id, info, since)
            events = [Heard(room_id, event, is_late) for event in [*missed, *info.timeline.events]]
            if events:
                portion.start(self._in_order(room_id, events), room_id)
        for room_id, info in response.rooms.leave.items():
            own = [event for event in info.timeline.events if self._is_own(event)]
            own_events = [Heard(room_id, each) for each in own]
            portion.start(self._in_order(room_id, own_events), room_id)
        if is_late or any(isinstance(each, RoomKeyEvent) for each in response.to_device_events):
            self._begin_late(portion, is_late=is_late)

    def _begin_late(self, portion: Portion, *, is_late: bool) -> None:
        """Begin with what was kept because its key was missing, and can be read now."""
        for room_id, event in self._undecrypted.readable():
            portion.start(self._read_late(Heard(room_id, event, is_late)), room_id)

    async def _missed(self, room_id: str, info: RoomInfo, since: str | None) -> list[Event]:
        """Fetch what the homeserver has left out of the timeline of a room, oldest first."""
        if not info.timeline.limited or since is None:
            return []
        if any(self._comes(event) for event in info.timeline.events):
            return []  # what was said before the bot came was not said to it
        found: list[Event] = []
        start: str | None = info.timeline.prev_batch
        while start is not None:
            page = await self._page(room_id, start, since)
            found += page.chunk if page is not None else []
            start = page.end if page is not None and page.chunk else None
        return found[::-1]

    async def _page(self, room_id: str, start: str, end: str) -> RoomMessagesResponse | None:
        async def ask() -> RoomMessagesResponse | None:
            try:
                page: RoomMessagesResponse = await self._client.room_messages(
                    room_id, start, end, MessageDirection.back, limit=MOST_EVENTS
                )
            except Refused:
                return None  # the bot is no longer there
            return page

        return await self._reports.insist(ask)

    def _is_own(self, event: Event) -> bool:
        return isinstance(event, RoomMemberEvent) and event.state_key == self._account.user_id

    def _comes(self, event: Event) -> bool:
        return self._is_own(event) and event.prev_membership != event.membership == "join"

    async def _in_order(self, room_id: str, events: list[Heard]) -> None:
        """Hand in what was said in a room, behind everything that was said there before."""
        read = ""
        committed = []
        with self._courtesies.typing(room_id):
            async with self._order.setdefault(room_id, asyncio.Lock()):
                for heard in events:
                    message = await self._taken(heard)
                    if message is not None:
                        committed.append(message)
                        read = heard.event.event_id if not self._is_own(heard.event) else read
            await asyncio.gather(*committed)
        if read:
            self._courtesies.read(room_id, read)

    async def _read_late(self, heard: Heard) -> None:
        await self._in_order(heard.room_id, [heard])
        await self._undecrypted.drop(heard.event.event_id)

    async def _taken(self, heard: Heard) -> Committed | None:
        """Hand an event in; a reaction whose message cannot be fetched stops nobody for long."""
        for attempt in range(1, MOST_ATTEMPTS + 1):
            try:
                return await self._receiver.take(heard)
            except InvalidToken:
                raise
            except MatrixError as error:
                log.info("an event has to wait: %s", error)
                seconds = error.seconds if isinstance(error, SlowDown) else 0.0
                await asyncio.sleep(max(seconds, pause(attempt)))
        return None

    async def _let_keys_be_tended(self) -> None:
        """Look after the keys; if that is slow, nobody waits for it."""
        self._is_due.set()
        if not self._is_tended.is_set():
            return  # it is slow already
        self._is_tended.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(SLOW_SECONDS):
                await self._is_tended.wait()

    async def _tend_regularly(self) -> None:
        while True:
            await self._is_due.wait()
            self._is_due.clear()
            await self._tend()
            self._is_tended.set()

    async def _tend(self) -> None:
        """Look after the keys; what does not succeed is due again the next time."""
        try:
            await self._account.tend()
        except InvalidToken:
            raise
        except MatrixError as error:
            log.info("the keys have to wait: %s", error)

    async def _keep_regularly(self) -> None:
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            await self._keep()

    async def _keep(self) -> None:
        done = self._portions.done
        if done is not None and done != self._kept:
            await self._client.flush()  # keys that have come up to here do not come again
            await self._database.insist(self._move_on(done))
            self._kept = done

    def _move_on(self, token: str) -> Callable[[Transaction], None]:
        return lambda tx: matrix.move_on(tx, self._account.user_id, token)

    async def _ask_regularly(self) -> None:
        """Ask people to send again what cannot be read, if its key does not come."""
        await self._has_begun.wait()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for room_id, event in self._undecrypted.overdue():
                committed = self._receiver.ask_again(Heard(room_id, event))
                if committed is not None:
                    await committed
                await self._undecrypted.asked(room_id)
