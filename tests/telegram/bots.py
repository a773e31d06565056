"""A bot, with everything that Telegram remembers about it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from tests.telegram.accounts import Account
from tests.telegram.chats import Message
from tests.telegram.queues import Queue
from tests.telegram.refusals import Json


@dataclass
class Webhook:
    """Where updates are sent, and how that went."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    error_date: int = 0
    error: str = ""


@dataclass
class Query:
    """A button that somebody has tapped, and what the bot said to it."""

    id: str
    person_id: int
    message: Message | None
    asked_at: float
    answer: Json | None = None


@dataclass(eq=False)
class Bot(Account):
    """A bot and its settings."""

    token: str = ""
    queue: Queue = field(default_factory=lambda: Queue(1))
    webhook: Webhook | None = None
    poll: asyncio.Future[None] | None = None
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    short_descriptions: dict[str, str] = field(default_factory=dict)
    queries: dict[str, Query] = field(default_factory=dict)
    last_conflict_at: float = -1e9
    last_poll: tuple[int, float] = (0, -1e9)
    webhook_set_at: float = -1e9

    def full_json(self) -> Json:
        """Give what getMe tells."""
        return self.as_json() | {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
            "has_topics_enabled": False,
            "allows_users_to_create_topics": False,
            "can_manage_bots": False,
        }
