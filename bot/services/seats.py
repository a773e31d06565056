"""Seats: the one door to everything that changes who sits where, or reads it.

Each use case re-reads under the lock on the event, decides and writes, in the transaction that it
is given. `carry_out` and `enter` expect that the caller holds the lock (a batch locks all events at
once); what staff and the clock do takes it by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain.events import EventId
from bot.domain.outcomes import SeatOutcome
from bot.domain.people import PersonId
from bot.domain.seats import (
    AddCompanions,
    AgreeAnew,
    Amend,
    AnswerForCompanion,
    Cancel,
    CancelCompanion,
    GroupCommand,
    LeaveGroup,
    PassOn,
    Register,
    Registration,
    RenameCompanion,
    RenewCode,
    SeatCommand,
    TakeFree,
    WithdrawConsent,
    WithdrawOne,
)
from bot.services import registrations
from bot.services.acts import Actor, Result
from bot.services.answers import answer, leave_group
from bot.services.books import Books
from bot.services.cancellations import amend, cancel
from bot.services.capacities import change_capacity, fill_gaps, move_back
from bot.services.companions import cancel_companion, rename_companion, renew_code
from bot.services.consents import withdraw, withdraw_one
from bot.services.ledger import Ledger
from bot.services.lines import serve
from bot.services.newcomers import add_companions
from bot.services.outdated import agree_anew, ask_anew
from bot.services.registrations import Registered
from bot.services.splits import take_free
from bot.services.successions import pass_on
from bot.store import rosters, seats
from bot.store.database import Transaction

__all__ = [
    "ask_anew",
    "carry_out",
    "carry_out_among",
    "change_capacity",
    "enter",
    "fill_gaps",
    "lock",
    "move_back",
    "registrations_at",
    "registrations_of",
]


def lock(tx: Transaction, event_ids: Iterable[EventId]) -> None:
    """Lock events, by ascending id like everybody who locks several; keep them until the end."""
    seats.lock_events(tx, event_ids)


def carry_out(tx: Transaction, command: SeatCommand, actor: Actor) -> Result[SeatOutcome]:
    """Carry out what one person decided; the event of the command is locked."""
    books = Books(tx, [actor.person])
    result = carry_out_among(books, command, actor)
    books.balance()
    return result


def carry_out_among(books: Books, command: SeatCommand, actor: Actor) -> Result[SeatOutcome]:
    """Carry out what one of several people decided; `books.balance` writes it in the end."""
    if not isinstance(command, Register):
        books.balance()  # it may read what the commands before it have collected
    ledger = books.ledger(command.event, actor)
    serve(ledger)  # time alone may have freed seats
    outcome = _carry_out(ledger, command, actor)
    serve(ledger)
    return Result(outcome, ledger.notices())


def enter(
    tx: Transaction, command: Register, actor: Actor, arrived_at: datetime
) -> Result[Registered]:
    """Register somebody who called or wrote to the city at `arrived_at`; the event is locked."""
    ledger = Ledger.open(tx, command.event, actor.now, actor=actor.person)
    serve(ledger)
    outcome = registrations.enter(ledger, command, actor, arrived_at)
    serve(ledger)
    return Result(outcome, ledger.close())


def registrations_of(tx: Transaction, person: PersonId) -> list[Registration]:
    """List a person's registrations, cancelled ones too, the newest last."""
    return rosters.of(tx, person)


def registrations_at(tx: Transaction, event: EventId) -> list[Registration]:
    """List who is seated or waits at an event, in order of arrival."""
    return rosters.at(tx, event)


def _carry_out(ledger: Ledger, command: SeatCommand, actor: Actor) -> SeatOutcome:
    match command:
        case Register():
            return registrations.register(ledger, command, actor)
        case Cancel():
            return cancel(ledger, command)
        case CancelCompanion():
            return cancel_companion(ledger, command)
        case WithdrawConsent():
            return withdraw(ledger, command, actor)
        case WithdrawOne():
            return withdraw_one(ledger, command, actor)
        case Amend():
            return amend(ledger, command)
        case AnswerForCompanion():
            return answer(ledger, command, actor)
        case _:
            return _change_group(ledger, command, actor)


def _change_group(ledger: Ledger, command: GroupCommand, actor: Actor) -> SeatOutcome:
    match command:
        case AgreeAnew():
            return agree_anew(ledger, command, actor)
        case LeaveGroup():
            return leave_group(ledger, command, actor)
        case AddCompanions():
            return add_companions(ledger, command, actor)
        case RenameCompanion():
            return rename_companion(ledger, command)
        case RenewCode():
            return renew_code(ledger, command)
        case PassOn():
            return pass_on(ledger, command)
        case TakeFree():
            return take_free(ledger, command, actor)
