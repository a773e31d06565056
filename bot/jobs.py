"""What the clock does: the line moves up, access data goes out, what is no longer needed goes away.

Each job runs in a transaction of its own and does nothing when it is run again. Deletion periods
stand in `domain/privacy.py`, from where the privacy notice takes them too.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.events import EventId
from bot.domain.privacy import (
    CONSENTS_LAST_YEARS,
    DETAILS_LAST,
    IDLE_LAST,
    LETTERS_LAST,
    PICTURES_LAST,
    UNDECRYPTED_LAST,
    UNFINISHED_LAST,
)
from bot.flows import notices
from bot.services import letters, seats
from bot.services.facts import Snapshot
from bot.store import conversations, dues, ideas, inbox, outbox, retention, undecrypted
from bot.store.calendar import Events
from bot.store.database import Database, Transaction, is_outage
from bot.turns import House, letters_for

log = logging.getLogger(__name__)

NIGHT = timedelta(hours=3)
"""The wall time from which the file may be rebuilt: hardly anybody writes."""

_ZONE = ZoneInfo("Europe/Berlin")
_REBUILT = "file rebuilt on day"


@dataclass(frozen=True)
class Round:
    """One round of all jobs."""

    database: Database
    house: House
    now: datetime


def due(database: Database, house: House, now: datetime) -> None:
    """Do everything that is due at this instant; called about once a minute.

    A job that fails is logged and does not hold up the others; the next round tries it again.
    """
    this = Round(database, house, now)
    for name, job in JOBS.items():
        try:
            job(this)
        except Exception as error:  # noqa: BLE001  # the boundary at which jobs fail
            # Without the message: it may quote what somebody wrote.
            error_id = secrets.token_hex(4)
            log.error("job “%s” failed as %s: %s", name, error_id, type(error).__name__)
            if is_outage(error):
                return


def fill_gaps(this: Round) -> None:
    """Let lines move up in which seats no longer wait for a group, and tell those who did."""
    with this.database.transaction() as tx:
        waiting = dues.gaps(tx, this.now)
    for event in waiting:
        with this.database.transaction() as tx:
            told = seats.fill_gaps(tx, event, this.now)
            owed = letters_for(tx, told, _snapshot(tx, this), this.house.language, this.now)
            outbox.put(tx, owed, this.now, this.now)


def send_accesses(this: Round) -> None:
    """Send access data to everybody who has a seat, once registration at their place has ended."""
    with this.database.transaction() as tx:
        unsent = dues.accesses(tx, this.now)
    for event in unsent:
        with this.database.transaction() as tx:
            _send_accesses(tx, this, event)


def _send_accesses(tx: Transaction, this: Round, event_id: EventId) -> None:
    seats.lock(tx, [event_id])
    recipients = dues.send_accesses(tx, event_id, this.now)
    event = _snapshot(tx, this).by_id[event_id]
    replies = [
        (each.person, notices.access(event, each.registration, this.now)) for each in recipients
    ]
    owed = letters.addressed(tx, replies, this.house.language)
    outbox.put(tx, owed, this.now, this.now)


def _snapshot(tx: Transaction, this: Round) -> Snapshot:
    return Snapshot(tx, Events(), this.house.city, (), this.now)


def forgets(*works: Callable[[Transaction, datetime], object]) -> Callable[[Round], None]:
    """Make a job of functions that delete something in one transaction."""

    def forget(this: Round) -> None:
        with this.database.transaction() as tx:
            for work in works:
                work(tx, this.now)

    return forget


def clean_up(this: Round) -> None:
    """Let no bytes of what was deleted stay in the file; it is rebuilt once a night."""
    today = (this.now.astimezone(_ZONE) - NIGHT).date().toordinal()
    with this.database.transaction() as tx:
        rebuild = this.database.is_sqlite and dues.last_day(tx, _REBUILT) < today
    if this.database.clean_up(rebuild=rebuild) and rebuild:
        with this.database.transaction() as tx:
            dues.note_day(tx, _REBUILT, today)


def _consents_from(now: datetime) -> datetime:
    return datetime(now.year - CONSENTS_LAST_YEARS, 1, 1, tzinfo=UTC)


JOBS: dict[str, Callable[[Round], None]] = {
    "fill gaps": fill_gaps,
    "send access data": send_accesses,
    "forget unfinished answers": forgets(
        lambda tx, now: conversations.expire(tx, now - UNFINISHED_LAST)
    ),
    "forget needs": forgets(retention.forget_needs),
    "forget names": forgets(lambda tx, now: retention.forget_details(tx, now - DETAILS_LAST)),
    "forget consents": forgets(lambda tx, now: retention.forget_consents(tx, _consents_from(now))),
    "forget pictures": forgets(lambda tx, now: ideas.clear_pictures(tx, now - PICTURES_LAST)),
    "forget messages": forgets(
        lambda tx, now: inbox.forget_before(tx, now - LETTERS_LAST),
        lambda tx, now: outbox.forget_before(tx, now - LETTERS_LAST),
        lambda tx, _now: retention.forget_letters_to_nobody(tx),
        lambda tx, now: undecrypted.drop_old(tx, now - UNDECRYPTED_LAST),
    ),
    "forget idle chats": forgets(lambda tx, now: retention.forget_idle(tx, now - IDLE_LAST)),
    "forget invitations": forgets(retention.forget_invitations),
    "clean up": clean_up,
}
"""Every job by its name, in the order of a round; the clean-up comes last."""
