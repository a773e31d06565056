"""Whose a keyword is: that of one event ahead; an event that is over gives it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from bot.domain.events import Event
from bot.store.database import Transaction
from bot.store.tables import events

_c = events.c


class KeywordTaken(Exception):
    """Another event already has this keyword."""

    def __init__(self, event: str, keyword: str, other: str) -> None:
        super().__init__(event, keyword, other)
        self.event = event
        self.keyword = keyword
        self.other = other


def taken(tx: Transaction, event: Event, now: datetime | None) -> str:
    """Take the keyword of an event, and give it; what is over gets one that nobody types.

    Raises KeywordTaken if an event that is not over has it.
    """
    others = [
        row
        for row in tx.execute(
            select(_c.id, _c.slug, _c.keyword, _c.ends_at).where(_c.slug != event.slug)
        )
        if row.keyword.casefold() == event.keyword.casefold()
    ]
    for other in others:
        if _is_over(event.ends_at, now):
            return _former(event.keyword, event.slug)
        if not _is_over(other.ends_at, now):
            raise KeywordTaken(event.slug, event.keyword, other.slug)
        former = _former(other.keyword, other.slug)
        tx.execute(update(events).where(_c.id == other.id).values(keyword=former))
    return event.keyword


def _is_over(ends_at: datetime, now: datetime | None) -> bool:
    return now is not None and ends_at <= now


def _former(keyword: str, slug: str) -> str:
    return f"{keyword} ({slug})"
