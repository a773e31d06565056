"""Everything that Telegram's servers remember, behind one lock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from random import Random

from tests.telegram.accounts import Account, Person
from tests.telegram.bots import Bot, Query
from tests.telegram.chats import Chat, Message
from tests.telegram.files import Files
from tests.telegram.queues import Queue
from tests.telegram.refusals import Json

QUERY_SECONDS, CONFLICT_SECONDS = 900.0, 3.0
KEPT_QUERIES = 50_000


class Records:
    """People, bots, chats, files; whoever reads or writes them holds `changed`."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = Random(seed)  # noqa: S311 - ids, not secrets
        self.changed = threading.Condition(threading.RLock())
        self.people: dict[str, Person] = {}
        self.bots: dict[str, Bot] = {}
        self.groups: dict[int, Chat] = {}
        self.private: dict[tuple[int, int], Chat] = {}
        self.files = Files(self.random)
        self.defects: list[str] = []
        self.query_seconds, self.conflict_seconds = QUERY_SECONDS, CONFLICT_SECONDS
        self.slows_down_the_hasty = False
        self.wake: Callable[[Bot], None] = lambda _: None
        self._revision = 0

    def now(self) -> int:
        """Give the date that stands in messages."""
        return int(time.time())

    def next_revision(self) -> int:
        """Give a number to what is newly shown, across all chats."""
        self._revision += 1
        return self._revision

    def new_bot(self, name: str, username: str) -> Bot:
        """Open an account for a bot, with a token of the right form."""
        bot_id = 123_456_789 + len(self.bots)
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        token = f"{bot_id}:AA{''.join(self.random.choices(letters, k=33))}"
        queue = Queue(self.random.randrange(100_000_000, 900_000_000))
        bot = Bot(bot_id, name, username=username, is_bot=True, token=token, queue=queue)
        self.bots[token] = bot
        return bot

    def person(self, name: str, language: str) -> Person:
        """Open an account for somebody, or find it."""
        if name not in self.people:
            number = len(self.people) + 1
            self.people[name] = Person(
                5_000_000_000 + self.random.randrange(1_000) + 1_000 * number,
                name.capitalize(),
                language=language,
                phone_number=f"4915112{number:06}",
            )
        return self.people[name]

    def private_chat(self, bot: Bot, person: Person) -> Chat:
        """Find the chat of a person with a bot, or open it."""
        key = (bot.id, person.id)
        if key not in self.private:
            chat = Chat(person.id, "private", person=person, bots={bot.id: "member"})
            self.private[key] = self.begin(chat)
        return self.private[key]

    def begin(self, chat: Chat) -> Chat:
        """Give a new chat its first numbers."""
        chat.last_id = self.random.randrange(100, 9_000)
        chat.instance = self.random.randrange(-(1 << 62), 1 << 62)
        return chat

    def post(self, message: Message) -> Message:
        """Put a message into its chat: with the next number, and the date of now."""
        chat = message.chat
        chat.last_id += 1
        message.id, message.date = chat.last_id, self.now()
        message.revision = self.next_revision()
        chat.keep(message)
        self.changed.notify_all()
        return message

    def draft(self, chat: Chat, sender: Account, content: Json) -> Message:
        """Give a message that has no number yet."""
        return Message(0, chat, sender, 0, content)

    def tell(self, bot: Bot, kind: str, line: tuple[str, int], content: Json) -> None:
        """Put an update into a bot's queue, and wake whoever waits for it."""
        if bot.queue.push(kind, line, content) is not None:
            self.wake(bot)

    def tell_message(self, bot: Bot, message: Message, *, edited: bool = False) -> None:
        """Tell a bot about a message."""
        kind = "edited_message" if edited else "message"
        self.tell(bot, kind, ("chat", message.chat.id), message.as_json())

    def tell_membership(self, bot: Bot, chat: Chat, person: Person, status: str) -> None:
        """Change what the bot is in a chat, and tell it."""
        before, chat.bots[bot.id] = chat.bots.get(bot.id, "left"), status
        update = {
            "chat": chat.as_json(),
            "from": person.as_json(),
            "date": self.now(),
            "old_chat_member": _member(bot, before),
            "new_chat_member": _member(bot, status),
        }
        self.tell(bot, "my_chat_member", ("membership", chat.id), update)

    def ask(self, bot: Bot, person: Person, message: Message, data: str) -> Query:
        """Tell a bot that a button was tapped."""
        query = Query(str(self.random.getrandbits(62)), person.id, message, time.monotonic())
        bot.queries[query.id] = query
        if len(bot.queries) > KEPT_QUERIES:
            del bot.queries[next(iter(bot.queries))]
        update: Json = {"id": query.id, "from": person.as_json(), "message": message.as_json()}
        if message.id not in message.chat.messages:
            gone = {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}
            update["message"] = gone
        update |= {"chat_instance": str(message.chat.instance), "data": data}
        self.tell(bot, "callback_query", ("person", person.id), update)
        return query

    def expire_queries(self, bot: Bot) -> None:
        """Let every button that was tapped so far be too old to be answered."""
        for query in bot.queries.values():
            query.asked_at = -1e9

    def bot(self, bot_id: int) -> Bot:
        """Find a bot by its id."""
        return next(bot for bot in self.bots.values() if bot.id == bot_id)


def _member(bot: Bot, status: str) -> Json:
    member: Json = {"user": bot.as_json(), "status": status}
    return member | ({"until_date": 0} if status == "kicked" else {})
