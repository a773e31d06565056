"""Joining two chats: a one-time code from one, typed in the other, makes two people one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.events import Event, EventId
from bot.domain.links import (
    CODE_LASTS,
    AskForLink,
    Belongings,
    ChatsJoined,
    Claim,
    JoinChats,
    JoinedElsewhere,
    Joining,
    JoiningChanged,
    LinkGiven,
    LinkOfOneself,
    LinkRefusal,
    LinkUnknown,
    joining,
    networks,
)
from bot.domain.people import PersonId
from bot.domain.seats import RegistrationId, RegistrationState, WithdrawConsent
from bot.services import codes
from bot.services.acts import Actor, Notice, Result
from bot.services.books import Books
from bot.services.companions import uninvite
from bot.services.consents import withdraw
from bot.services.ledger import Ledger
from bot.services.lines import leave, serve
from bot.store import audit, companions, events, links, people
from bot.store.database import Transaction
from bot.store.seats import Held


class DecidedTogether(Exception):
    """Both people decide something in the same batch; each message has to be taken alone."""


def give(tx: Transaction, _command: AskForLink, actor: Actor) -> Result[LinkGiven]:
    """Make a code for the chats of a person; it is shown only here."""
    code = codes.new()
    links.keep(tx, actor.person, codes.digest(code), actor.now + CODE_LASTS)
    return Result(LinkGiven(code))


def found(tx: Transaction, code: str, person: PersonId, now: datetime) -> Joining | LinkRefusal:
    """Find out what happens if this person joins the chat that a code (its hash) is from."""
    other = links.giver(tx, code, now)
    if other is None:
        return LinkUnknown()
    if other == person:
        return LinkOfOneself()
    return joining(*_belongings(tx, (person, other), now))


def touched(tx: Transaction, command: JoinChats, person: PersonId) -> list[EventId]:
    """Lock all chats of both people, and name the events that the other one brings along."""
    other = command.read.other
    links.lock_chats(tx, (person, other))
    return links.events_of(tx, other)


def join(
    books: Books, command: JoinChats, actor: Actor
) -> Result[ChatsJoined | JoiningChanged | LinkRefusal]:
    """Join two people if that still means what was read; their events and chats are locked."""
    tx, person, other = books.tx, actor.person, command.read.other
    if books.decides(other):
        raise DecidedTogether
    books.balance()
    concerned = links.events_of(tx, other)
    notices = list(_served(tx, concerned, actor))  # time alone may have freed seats
    now = found(tx, command.code, person, actor.now)
    if now != command.read or not isinstance(now, Joining):
        changed = JoiningChanged() if isinstance(now, Joining) else now
        return Result(changed, tuple(notices))
    elsewhere = links.chats(tx, other)
    one, former = _belongings(tx, (person, other), actor.now)
    for event in concerned:
        notices += _give_up(tx, event, now, actor)
    links.forget(tx, (person, other))
    links.unite(tx, person, other)
    entry = audit.Entry(
        at=actor.now, what=links.JOINED, person=person, actor=person, details={"former": other}
    )
    audit.record(tx, [entry])
    notices += _served(tx, concerned, actor)
    told = JoinedElsewhere(networks(former, one), now.role)
    return Result(
        ChatsJoined(now.networks),
        (
            *(Notice(person, told, chat) for chat in elsewhere),
            *(replace(each, person=person) if each.person == other else each for each in notices),
        ),
    )


def _served(tx: Transaction, concerned: Iterable[EventId], actor: Actor) -> Iterator[Notice]:
    """Let the lines move, as before and after everything that changes seats."""
    for event in concerned:
        ledger = Ledger.open(tx, event, actor.now, actor=actor.person)
        serve(ledger)
        yield from ledger.close()


def _give_up(tx: Transaction, event: EventId, what: Joining, actor: Actor) -> tuple[Notice, ...]:
    """Give up what one person cannot have at an event: without a consent, or twice."""
    ledger = Ledger.open(tx, event, actor.now)
    for each in what.withdrawals:
        if each.event == event:
            ledger.turn_to(replace(actor, person=each.person))
            command = WithdrawConsent(event, RegistrationId(0), each.slug)
            withdraw(ledger, command, replace(actor, person=each.person))
    for double in what.doubles:
        if double.dropped.event == event:
            ledger.turn_to(replace(actor, person=double.dropped.person))
            held = ledger.held_as(double.dropped.registration)
            if held is not None:
                uninvite(ledger, held, companions.of(tx, held.registration))
                leave(ledger, held, RegistrationState.CANCELLED, "registered twice")
    return ledger.close()


def _belongings(
    tx: Transaction, both: tuple[PersonId, PersonId], now: datetime
) -> tuple[Belongings, Belongings]:
    held = links.claims(tx, both)
    known = {event.id: event for event in events.several(tx, {event for event, _held in held})}
    claims = [_claim(known[event], each, now) for event, each in held]
    one, other = (_of(tx, person, claims) for person in both)
    return one, other


def _of(tx: Transaction, person: PersonId, claims: Sequence[Claim]) -> Belongings:
    return Belongings(
        person=person,
        channels=tuple(links.channels(tx, person)),
        claims=tuple(claim for claim in claims if claim.person == person),
        stances=tuple(links.stances(tx, person)),
        ideas=links.ideas(tx, person),
        role=people.role(tx, person),
    )


def _claim(event: Event, held: Held, now: datetime) -> Claim:
    place, is_over = event.place_by_id(held.place), event.is_over(now)
    asks = tuple(terms.slug for terms in place.consents) if place is not None else ()
    return Claim(
        registration=held.registration,
        arrived_at=held.arrived_at,
        arrival_number=held.arrival_number,
        party_size=held.party_size,
        event=event.id,
        place=held.place,
        person=held.person,
        state=held.state,
        asks=() if is_over else asks,
        is_over=is_over,
    )
