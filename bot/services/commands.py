"""Every command of every conversation, and the use case that carries it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

from bot.domain.events import EventId
from bot.domain.ideas import AmendIdea, HandIn, WithdrawIdea
from bot.domain.links import AskForLink, AskToJoin, JoinChats, LeaveApart, PartChats
from bot.domain.people import JoinStaff, PersonId
from bot.domain.privacy import ForgetMe
from bot.domain.seats import SeatCommand
from bot.services import ideas, links, people, privacy, seats
from bot.services.acts import Actor, Result
from bot.services.books import Books
from bot.store.database import Transaction

Command = (
    SeatCommand
    | HandIn
    | AmendIdea
    | WithdrawIdea
    | JoinStaff
    | ForgetMe
    | AskForLink
    | AskToJoin
    | JoinChats
    | LeaveApart
    | PartChats
)

_SEATS = get_args(SeatCommand)


@dataclass(frozen=True)
class Office:
    """What the use cases need to know of the city that runs the program."""

    reference_prefix: str


def touched(tx: Transaction, command: Command, person: PersonId) -> Iterable[EventId]:
    """Name the events whose seats a command may change; they are locked beforehand.

    Chats that a command concerns beside its own are locked right here, before any event.
    """
    if isinstance(command, _SEATS):
        return (command.event,)
    if isinstance(command, ForgetMe):
        return privacy.events_of(tx, person)
    if isinstance(command, JoinChats | PartChats):
        return links.touched(tx, command, person)
    return ()


def lock(tx: Transaction, events: Iterable[EventId]) -> None:
    """Lock events by ascending id, so that no two batches wait for each other."""
    seats.lock(tx, sorted(set(events)))


def carry_out(books: Books, command: Command, actor: Actor, office: Office) -> Result[Any]:
    """Carry out a command whose events are locked; `books.balance` writes it in the end."""
    match command:
        case HandIn():
            return ideas.hand_in(books.tx, command, actor, office.reference_prefix)
        case AmendIdea():
            return ideas.amend(books.tx, command, actor)
        case WithdrawIdea():
            return ideas.withdraw(books.tx, command, actor)
        case JoinStaff():
            return people.join(books.tx, command, actor)
        case AskForLink():
            return links.give(books.tx, command, actor)
        case AskToJoin():
            return links.ask(books.tx, command, actor)
        case LeaveApart():
            return links.leave_apart(books.tx, command, actor)
        case PartChats():
            return links.part(books, command, actor)
        case JoinChats():
            return links.join(books, command, actor)
        case ForgetMe():
            books.balance()  # it reads what the commands before it have collected
            return privacy.forget(books.tx, command, actor)
        case _:
            return seats.carry_out_among(books, command, actor)
