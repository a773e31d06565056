"""Where messages wait: gathers them into batches and keeps trying while the database is away."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TypeVar

from bot.dialogue.messages import Content, Flood, Incoming, Left, Unsupported
from bot.outages import LONG_SECONDS, insist
from bot.store.outbox import Letter
from bot.turns import Turns

LARGEST_BATCH = 128
"""More messages in one transaction make it longer, but hardly faster."""

Chat = tuple[str, str]
"""Channel and chat."""

Committed = asyncio.Future[list[Letter]]
"""What a message has led to, as soon as nothing can take it back."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many messages of one chat are read: so many at once, then so many in a second."""

    at_once: int = 200
    per_second: float = 2.0


PICTURES = Allowance(at_once=20, per_second=20 / 300)
"""Pictures cost more: an album is read, and five minutes later another one."""

TOO_MANY_PICTURES = Unsupported("too many pictures")


class _Verdict(Enum):
    HEARD = auto()
    TOLD = auto()
    IGNORED = auto()


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    is_flooded: bool = False


class Floods:
    """Who writes more than the allowance; such a chat is not heard until its bucket is full again.

    Times are seconds of one monotonic clock.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._buckets: OrderedDict[Chat, _Bucket] = OrderedDict()

    def __len__(self) -> int:
        """Count the chats that have written lately."""
        return len(self._buckets)

    def judge(self, chat: Chat, now: float) -> _Verdict:
        """Count a message, and say whether it is heard."""
        self._forget(now)
        most = float(self._allowance.at_once)
        bucket = self._buckets.setdefault(chat, _Bucket(most, now))
        if bucket.is_flooded:
            return _Verdict.IGNORED
        bucket.left = min(most, bucket.left + (now - bucket.at) * self._allowance.per_second)
        bucket.at = now
        self._buckets.move_to_end(chat)
        if bucket.left < 1:
            bucket.is_flooded = True
            return _Verdict.TOLD
        bucket.left -= 1
        return _Verdict.HEARD

    def hears(self, chat: Chat, now: float) -> bool:
        """Count a message, and tell whether it is heard."""
        return self.judge(chat, now) is _Verdict.HEARD

    def ignores(self, chat: Chat, now: float) -> bool:
        """Tell whether a chat is not heard."""
        self._forget(now)
        return (bucket := self._buckets.get(chat)) is not None and bucket.is_flooded

    def _forget(self, now: float) -> None:
        """Forget chats whose bucket is full: those that have not been counted for long enough."""
        filled = now - self._allowance.at_once / self._allowance.per_second
        while self._buckets and next(iter(self._buckets.values())).at <= filled:
            self._buckets.popitem(last=False)


@dataclass(slots=True)
class _Waiting:
    incoming: Incoming
    committed: Committed


class Intake:
    """Takes messages from channels, and tells when a message is safely committed.

    A batch holds at most one message of each chat: whoever writes a lot waits behind oneself,
    not in front of others. Whoever writes more than the allowance is told so, once.
    """

    def __init__(
        self,
        turns: Turns,
        database_thread: Executor,
        deliver: Callable[[Sequence[Letter]], None],
        *,
        allowance: Allowance | None = None,
        stricter: Mapping[str, Allowance] | None = None,
    ) -> None:
        self._turns = turns
        self._thread = database_thread
        self._deliver = deliver
        self._floods = Floods(allowance) if allowance is not None else None
        self._stricter = {name: Floods(each) for name, each in (stricter or {}).items()}
        """By channel, where it takes answers more slowly than people can write."""
        self._pictures = Floods(PICTURES)
        self.reassure: Callable[[Incoming], None] = lambda _incoming: None
        """Called for each chat that waits, once, if a batch takes long."""
        self._is_slow, self._reassured = False, set[Chat]()
        self._chats: dict[Chat, deque[_Waiting]] = {}
        self._arrival = asyncio.Event()
        self._is_stopping = False
        self._idle = asyncio.Event()
        self._idle.set()

    def admit(
        self, chat: Chat, content: T, *, is_picture: bool = False
    ) -> T | Flood | Unsupported | None:
        """Count a message against the allowance; gives what is to be handed in, if anything.

        A picture is to be asked about before it is fetched.
        """
        now = asyncio.get_running_loop().time()
        floods = self._floods_in(chat)
        verdict = _Verdict.HEARD if floods is None else floods.judge(chat, now)
        if verdict is _Verdict.TOLD:
            return Flood()
        if verdict is _Verdict.HEARD and is_picture:
            verdict = self._pictures.judge(chat, now)
        match verdict:
            case _Verdict.HEARD:
                return content
            case _Verdict.TOLD:
                return TOO_MANY_PICTURES
            case _Verdict.IGNORED:
                return None

    def ignores(self, chat: Chat) -> bool:
        """Tell whether nothing is read of a chat at the moment."""
        floods = self._floods_in(chat)
        return floods is not None and floods.ignores(chat, asyncio.get_running_loop().time())

    def accept(self, incoming: Incoming, *, is_admitted: bool = False) -> Committed:
        """Hand in a message; the future gives the letters to this chat, once they are committed.

        One that `is_admitted` already, or came while the program was away, is not counted.

        Messages of a chat are carried out in the order in which they are handed in. A message that
        is not taken any more, because the program ends, gives a cancelled future.
        """
        loop = asyncio.get_running_loop()
        committed: Committed = loop.create_future()
        if self._is_stopping:
            committed.cancel()
            return committed
        chat = (incoming.channel, incoming.chat)
        if not is_admitted:
            content: Content | None = self.admit(chat, incoming.content)
            if content is None:
                committed.set_result([])
                return committed
            incoming = replace(incoming, content=content)
        self._chats.setdefault(chat, deque()).append(_Waiting(incoming, committed))
        if self._is_slow:
            self._tell_that_it_takes_long(incoming)
        self._idle.clear()
        self._arrival.set()
        return committed

    async def submit(self, incoming: Incoming) -> None:
        """Hand in a message and wait until what it led to is committed."""
        await self.accept(incoming)

    async def stop(self) -> None:
        """Take nothing more, and finish what was accepted; as long as the database is away, wait.

        `run` has to go on meanwhile.
        """
        self._is_stopping = True
        await self._idle.wait()

    async def run(self) -> None:
        """Work through what arrives, until cancelled.

        Raises what no message is to blame for, such as a damaged database; then nothing that waits
        is taken, and nothing more.
        """
        while True:
            await self._arrival.wait()
            self._arrival.clear()
            while batch := self._next_batch():
                try:
                    await self._carry_out(batch)
                except Exception:
                    self._give_up(batch)
                    raise
            self._idle.set()

    def _floods_in(self, chat: Chat) -> Floods | None:
        return self._stricter.get(chat[0], self._floods)

    def _give_up(self, batch: list[_Waiting]) -> None:
        """Leave what waits to the networks: their numbers were not noted, so they keep it."""
        self._is_stopping = True
        for waiting in (*batch, *(each for waits in self._chats.values() for each in waits)):
            waiting.committed.cancel()
        self._chats.clear()
        self._idle.set()

    def _next_batch(self) -> list[_Waiting]:
        batch = []
        for chat in list(self._chats)[:LARGEST_BATCH]:
            waiting = self._chats.pop(chat)
            batch.append(waiting.popleft())
            if waiting:
                self._chats[chat] = waiting  # behind everybody else
        return batch

    async def _carry_out(self, batch: list[_Waiting]) -> None:
        slow = asyncio.get_running_loop().call_later(LONG_SECONDS, self._be_slow, batch)
        letters = await self._until_committed([waiting.incoming for waiting in batch])
        slow.cancel()
        self._is_slow = False
        self._reassured.clear()
        self._deliver(letters)
        answers: defaultdict[Chat, list[Letter]] = defaultdict(list)
        for letter in letters:
            answers[letter.channel, letter.chat].append(letter)
        for waiting in batch:
            if not waiting.committed.done():
                chat = (waiting.incoming.channel, waiting.incoming.chat)
                is_read = not isinstance(waiting.incoming.content, Flood)
                waiting.committed.set_result(answers[chat] if is_read else [])

    def _be_slow(self, batch: list[_Waiting]) -> None:
        """Tell those who wait, each once, that it takes long: the database hangs."""
        self._is_slow = True
        for waiting in [*batch, *(waiting[0] for waiting in self._chats.values())]:
            self._tell_that_it_takes_long(waiting.incoming)

    def _tell_that_it_takes_long(self, incoming: Incoming) -> None:
        chat = (incoming.channel, incoming.chat)
        if chat not in self._reassured and not isinstance(incoming.content, Left):
            self._reassured.add(chat)
            self.reassure(incoming)

    async def _until_committed(self, batch: list[Incoming]) -> list[Letter]:
        loop = asyncio.get_running_loop()
        return await insist(lambda: loop.run_in_executor(self._thread, self._turns.take, batch))
