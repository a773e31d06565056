"""Letters in hand, by chat: which of them may go next. Knows neither time nor network."""

from __future__ import annotations

from bisect import insort
from collections import OrderedDict, deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.store.outbox import Letter


@dataclass(slots=True)
class _Queue:
    """What one chat is owed; busy while one of its letters is being sent, or while it rests."""

    replies: deque[Letter] = field(default_factory=deque)
    bulk: deque[Letter] = field(default_factory=deque)
    is_busy: bool = False


class Queues:
    """One queue for each chat, and two lines in which chats wait for their turn.

    Chats with a reply stand in one line, chats with nothing but bulk letters in the other. A chat
    stands in line once, however much it is owed, and never while it is busy.
    """

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}
        self._with_reply: OrderedDict[str, None] = OrderedDict()
        self._with_bulk: OrderedDict[str, None] = OrderedDict()

    def __len__(self) -> int:
        """Count the chats that are owed something, or are busy."""
        return len(self._queues)

    def add(self, letter: Letter) -> None:
        """Put a letter into the queue of its chat, in the order of ids; some go first."""
        queue = self._queues.setdefault(letter.chat, _Queue())
        pile = queue.bulk if letter.bulk else queue.replies
        if "first" in letter.payload:
            pile.appendleft(letter)
        elif pile and letter.id < pile[-1].id:
            insort(pile, letter, key=_number)
        else:
            pile.append(letter)
        self._line_up(letter.chat, queue)

    def take(self, *, bulk: bool) -> Letter | None:
        """Take the next letter out; its chat is busy until it is freed."""
        line = self._with_bulk if bulk else self._with_reply
        if not line:
            return None
        chat, _ = line.popitem(last=False)
        queue = self._queues[chat]
        queue.is_busy = True
        return (queue.bulk if bulk else queue.replies).popleft()

    def has_ready(self, *, bulk: bool) -> bool:
        """Tell whether a letter of this kind could be taken out."""
        return bool(self._with_bulk if bulk else self._with_reply)

    def free(self, chat: str) -> None:
        """Let a chat stand in line again, behind the others."""
        queue = self._queues[chat]
        queue.is_busy = False
        if queue.replies or queue.bulk:
            self._line_up(chat, queue)
        else:
            del self._queues[chat]

    def empty(self, chat: str) -> list[Letter]:
        """Take out everything that waits for a busy chat."""
        queue = self._queues[chat]
        letters = [*queue.replies, *queue.bulk]
        queue.replies.clear()
        queue.bulk.clear()
        return letters

    def discard(self, numbers: Collection[int]) -> None:
        """Drop letters that are owed no more; those that are not here do not matter."""
        for chat, queue in list(self._queues.items()):
            queue.replies = _without(queue.replies, numbers)
            queue.bulk = _without(queue.bulk, numbers)
            if not queue.is_busy:
                self._with_reply.pop(chat, None)
                self._with_bulk.pop(chat, None)
                self.free(chat)

    def _line_up(self, chat: str, queue: _Queue) -> None:
        if queue.is_busy:
            return
        if queue.replies:
            self._with_bulk.pop(chat, None)
            self._with_reply.setdefault(chat)
        else:
            self._with_bulk.setdefault(chat)


def _number(letter: Letter) -> int:
    return letter.id


def _without(letters: Iterable[Letter], numbers: Collection[int]) -> deque[Letter]:
    return deque(letter for letter in letters if letter.id not in numbers)
