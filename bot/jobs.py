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

from bot.domain.deletions import ANNOUNCED_FOR, FollowedTime, Subject
from bot.domain.events import EventId
from bot.domain.outcomes import NothingFree
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
from bot.services.acts import Notice
from bot.services.facts import Snapshot
from bot.store import (
    access,
    conversations,
    deletions,
    dues,
    ideas,
    inbox,
    outbox,
    postponed,
    retention,
    undecrypted,
)
from bot.store.calendar import Events
from bot.store.database import Database, Transaction, is_damage, is_outage
from bot.turns import House, letters_for

log = logging.getLogger(__name__)

NIGHT = timedelta(hours=3)
"""The wall time from which the file may be rebuilt: hardly anybody writes."""

LATEST_NEWS = timedelta(days=1)
"""Longer after the start of an event nobody wants to hear that no seat became free."""

_ZONE = ZoneInfo("Europe/Berlin")
_REBUILT = "file rebuilt on day"


@dataclass(frozen=True)
class Round:
    """One round of all jobs; deletions go by `believed`, everything else by `now`."""

    database: Database
    house: House
    now: datetime
    believed: datetime


def due(database: Database, house: House, now: datetime) -> None:
    """Do everything that is due at this instant; called about once a minute.

    A job that fails is logged and does not hold up the others; the next round tries it again. Only
    what `is_damage` recognises is raised: on a damaged database nothing more is deleted.
    """
    try:
        this = Round(database, house, now, _followed(database, now))
    except Exception as error:  # noqa: BLE001  # the boundary at which jobs fail
        _report("follow the clock", error)
        return
    for name, job in JOBS.items():
        try:
            job(this)
        except Exception as error:  # noqa: BLE001  # the boundary at which jobs fail
            _report(name, error)
            if is_outage(error):
                return


def _report(name: str, error: Exception) -> None:
    """Log that a job failed, without the message: it may quote what somebody wrote."""
    if is_damage(error):
        raise error
    error_id = secrets.token_hex(4)
    log.error("job “%s” failed as %s: %s", name, error_id, type(error).__name__)


def _followed(database: Database, now: datetime) -> datetime:
    """Follow the clock a step further; if it has jumped, say so and do not believe it at once."""
    with database.transaction() as tx:
        before = deletions.followed(tx)
        if before is None:
            seen = min(deletions.last_message_at(tx) or now, now)
            before = FollowedTime(seen, seen)
        elif before.jumps_to(now):
            log.warning(
                "the clock is %d days ahead of the last look; deletions follow it slowly",
                (now - before.looked_at).days,
            )
        time = before.after(now)
        deletions.note(tx, time)
    return time.believed


def fill_gaps(this: Round) -> None:
    """Let lines move up in which seats no longer wait for a group, and tell those who did."""
    with this.database.transaction() as tx:
        waiting = dues.gaps(tx, this.now)
    for event in waiting:
        with this.database.transaction() as tx:
            told = seats.fill_gaps(tx, event, this.now)
            owed = letters_for(tx, told, _snapshot(tx, this), this.house.language, this.now)
            outbox.put(tx, owed, this.now, this.now)


def tell_who_waited(this: Round) -> None:
    """Tell those who still wait when an event begins that no seat became free, each once."""
    with this.database.transaction() as tx:
        begun = dues.waits_in_vain(tx, this.now - LATEST_NEWS, this.now)
    for event in begun:
        with this.database.transaction() as tx:
            seats.lock(tx, [event])
            told = [
                Notice(each.person, NothingFree(event, each.place, each.keeps))
                for each in dues.tell_in_vain(tx, event, this.now)
            ]
            owed = letters_for(tx, told, _snapshot(tx, this), this.house.language, this.now)
            outbox.put(tx, owed, this.now, this.now)


def send_accesses(this: Round) -> None:
    """Send access data to everybody who has a seat and was not sent them yet.

    That is once registration at their place has ended; whoever gets a seat later is sent them then.
    """
    with this.database.transaction() as tx:
        due = access.due(tx, this.now)
    for event in due:
        with this.database.transaction() as tx:
            _send_accesses(tx, this, event)


def _send_accesses(tx: Transaction, this: Round, event_id: EventId) -> None:
    seats.lock(tx, [event_id])
    recipients = access.send(tx, event_id, this.now)
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
                work(tx, this.believed)

    return forget


def forgets_after(
    subject: Subject, kept_since: Callable[[datetime], datetime]
) -> Callable[[Round], None]:
    """Make a job that deletes something after an event, and announces that some days before.

    `kept_since` says until when an event may have ended for its data to be deleted at an instant.
    """

    def forget(this: Round) -> None:
        ended, soon = kept_since(this.believed), kept_since(this.believed + ANNOUNCED_FOR)
        with this.database.transaction() as tx:
            due = retention.due(tx, subject, ended, soon)
            for event in deletions.announce(tx, subject, due, this.believed):
                log.warning(
                    "the %s of event %d will be deleted in %d days",
                    subject.value,
                    event,
                    ANNOUNCED_FOR.days,
                )
            if ripe := deletions.ripe(tx, subject, ended, this.believed):
                retention.forget(tx, subject, ripe)

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
    "tell who waited": tell_who_waited,
    "send access data": send_accesses,
    "forget unfinished answers": forgets(
        lambda tx, now: conversations.expire(tx, now - UNFINISHED_LAST)
    ),
    "forget needs": forgets_after(Subject.NEEDS, lambda now: now),
    "forget names": forgets_after(Subject.NAMES, lambda now: now - DETAILS_LAST),
    "forget consents": forgets_after(Subject.CONSENTS, _consents_from),
    "forget pictures": forgets(
        lambda tx, now: ideas.clear_pictures(tx, now - PICTURES_LAST),
        lambda tx, _now: ideas.make_room_for_pictures(tx),
    ),
    "forget messages": forgets(
        lambda tx, now: inbox.forget_before(tx, now - LETTERS_LAST),
        lambda tx, now: outbox.forget_before(tx, now - LETTERS_LAST),
        lambda tx, _now: retention.forget_letters_to_nobody(tx),
        lambda tx, now: undecrypted.drop_old(tx, now - UNDECRYPTED_LAST),
        lambda tx, now: postponed.drop_old(tx, now - UNDECRYPTED_LAST),
    ),
    "forget idle chats": forgets(lambda tx, now: retention.forget_idle(tx, now - IDLE_LAST)),
    "forget invitations": forgets(retention.forget_invitations),
    "clean up": clean_up,
}
"""Every job by its name, in the order of a round; the clean-up comes last."""
