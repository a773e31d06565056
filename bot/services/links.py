"""Joining two chats: a one-time code from one, typed in the other, makes two people one.

Whoever types the code reads what happens and says yes; then the chat that gave it is asked,
and reads and says the same. Nothing is joined by one of them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.events import Event, EventId
from bot.domain.links import (
    CODE_LASTS,
    AskForLink,
    AskToJoin,
    Belongings,
    ChatsJoined,
    ChatsParted,
    Claim,
    JoinChats,
    JoinedElsewhere,
    Joining,
    JoiningAsked,
    JoiningChanged,
    JoiningWanted,
    LeaveApart,
    LeftApart,
    LinkGiven,
    LinkOfOneself,
    LinkRefusal,
    LinkUnknown,
    PartChats,
    PartingTooLate,
    Wanted,
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
from bot.store import audit, companions, events, joinings, links, people
from bot.store.database import Transaction
from bot.store.seats import Held


class DecidedTogether(Exception):
    """Two chats that are concerned decide in the same batch; each message has to be taken alone."""


def give(tx: Transaction, _command: AskForLink, actor: Actor) -> Result[LinkGiven]:
    """Make a code for the chats of a person; it is shown only here."""
    code = codes.new()
    links.keep(tx, actor.person, codes.digest(code), actor.now + CODE_LASTS)
    return Result(LinkGiven(code))


def found(tx: Transaction, code: str, person: PersonId, now: datetime) -> Joining | LinkRefusal:
    """Find out what happens if this person joins the chat that a code (its hash) is from."""
    other = links.giver(tx, code, now, person)
    if other is None:
        return LinkUnknown()
    if other == person:
        return LinkOfOneself()
    return joining(*_belongings(tx, (person, other), now))


def wanted(tx: Transaction, person: PersonId, now: datetime) -> Wanted | None:
    """Find out whether the code of a person was typed, and what happens if they agree."""
    asked = links.asked(tx, person, now)
    if asked is None:
        return None
    code, asker = asked
    read = joining(*_belongings(tx, (person, asker), now))
    return Wanted(code, read) if isinstance(read, Joining) else None


def ask(
    tx: Transaction, command: AskToJoin, actor: Actor
) -> Result[JoiningAsked | JoiningChanged | LinkRefusal]:
    """Ask all chats of the person who was given a code whether these two shall be joined."""
    now = found(tx, command.code, actor.person, actor.now)
    if not isinstance(now, Joining):
        return Result(now)
    if now != command.read:
        return Result(JoiningChanged())
    links.ask(tx, command.code, actor.person, actor.now + CODE_LASTS)
    request = wanted(tx, now.other, actor.now)
    if request is None:
        return Result(LinkUnknown())
    told = JoiningWanted(request.read.chat)
    notices = (Notice(now.other, told, chat) for chat in links.chats(tx, now.other))
    return Result(JoiningAsked(now.networks), tuple(notices))


def leave_apart(tx: Transaction, command: LeaveApart, actor: Actor) -> Result[LeftApart]:
    """Join nothing, and tell whoever has typed the code."""
    asked = links.asked(tx, actor.person, actor.now)
    if asked is None or asked[0] != command.code:
        return Result(LeftApart())
    asker = asked[1]
    links.forget(tx, [actor.person])
    chats = links.chats(tx, asker)
    return Result(LeftApart(), tuple(Notice(asker, LeftApart(), chat) for chat in chats))


def part(books: Books, command: PartChats, actor: Actor) -> Result[ChatsParted | PartingTooLate]:
    """Undo the latest joining, unless it is another one by now; every other chat is told."""
    tx, person = books.tx, actor.person
    if books.decides_twice(person):
        raise DecidedTogether  # the other chat may be somebody else's in a moment
    books.balance()
    found = joinings.latest(tx, person, actor.now)
    if found is None or found.number != command.number:
        return Result(PartingTooLate())
    chats = links.chats(tx, person)
    former = joinings.part(tx, found.number, actor.now)
    links.forget(tx, (person, former))
    entry = audit.Entry(
        at=actor.now, what=links.PARTED, person=person, actor=person, details={"former": former}
    )
    audit.record(tx, [entry])
    others = (chat for chat in chats if chat != (actor.channel, actor.chat))
    return Result(ChatsParted(), tuple(Notice(person, ChatsParted(), chat) for chat in others))


def touched(tx: Transaction, command: JoinChats | PartChats, person: PersonId) -> list[EventId]:
    """Lock all chats of both people, and name the events whose seats change hands."""
    if isinstance(command, PartChats):
        links.lock_chats(tx, [person])
        return links.events_of(tx, person)
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
    request = wanted(tx, person, actor.now)
    if request is None or request.code != command.code:
        return Result(LinkUnknown(), tuple(notices))
    now = request.read
    if now != command.read:
        return Result(JoiningChanged(), tuple(notices))
    elsewhere = [
        chat
        for each in (person, other)
        for chat in links.chats(tx, each)
        if chat != (actor.channel, actor.chat)
    ]
    one, former = _belongings(tx, (person, other), actor.now)
    for event in concerned:
        notices += _give_up(tx, event, now, actor)
    links.forget(tx, (person, other))
    joinings.keep(tx, person, other, actor.now)
    links.unite(tx, person, other)
    entry = audit.Entry(
        at=actor.now, what=links.JOINED, person=person, actor=person, details={"former": other}
    )
    audit.record(tx, [entry])
    notices += _served(tx, concerned, actor)
    told = JoinedElsewhere(networks(former, one))
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
        since=links.since(tx, person),
        name=links.name(tx, person),
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
        behind=held.behind,
    )
