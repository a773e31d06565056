"""Delivery: sends what the outbox holds, in order within each chat, and tries again."""

from bot.delivery.attempts import Attempt, Away, Gone, Later, Rejected, Sender, Sent
from bot.delivery.deliveries import Delivery
from bot.delivery.dispatches import Limits
from bot.delivery.paces import ChatLimit
from bot.delivery.records import HELD, LEASE
from bot.store.outbox import AHEAD

__all__ = [
    "AHEAD",
    "HELD",
    "LEASE",
    "Attempt",
    "Away",
    "ChatLimit",
    "Delivery",
    "Gone",
    "Later",
    "Limits",
    "Rejected",
    "Sender",
    "Sent",
]
