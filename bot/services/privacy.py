"""What people may demand of their data: to see it, to take it along, to have it erased."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from bot.domain.consents import ConsentState
from bot.domain.events import EventId
from bot.domain.outcomes import Cancelled, SeatOutcome, Smaller, TooLate
from bot.domain.people import PersonId
from bot.domain.privacy import ForgetMe, Forgotten, ForgottenElsewhere, Holdings, Report
from bot.domain.seats import Cancel, CompanionId, WithdrawConsent
from bot.services import seats
from bot.services.acts import Actor, Notice, Result
from bot.services.companions import part
from bot.services.ledger import Ledger
from bot.services.lines import serve
from bot.store import audit, companions, conversations, events, links, privacy, reports
from bot.store.database import Transaction
from bot.store.privacy import Counting


def report(tx: Transaction, person: PersonId) -> Report:
    """Give everything that is known about a person, for nobody but that person."""
    return reports.report(tx, person)


def holdings(tx: Transaction, person: PersonId) -> Holdings:
    """Count what is known about a person."""
    return report(tx, person).holdings


def as_json(tx: Transaction, person: PersonId) -> bytes:
    """Write everything that is known about a person as a file; its keys are those of `Report`."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps(report(tx, person), option=options)


def events_of(tx: Transaction, person: PersonId) -> list[EventId]:
    """Name the events whose seats an erasure changes."""
    own = {held.event for held in privacy.counting(tx, person)}
    others = {event for event, _companion in privacy.accompanying(tx, person)}
    return sorted(own | others)


def forget(tx: Transaction, command: ForgetMe, actor: Actor) -> Result[Forgotten]:
    """Give back seats and places in line, so that the line moves up, and erase the person.

    The events of `events_of` are locked. At an event that has begun a seat stays taken, without a
    name, unless it needs a consent: nobody is filmed who does not agree any more.
    """
    person = actor.person
    results = [
        result for held in privacy.counting(tx, person) for result in _give_back(tx, held, actor)
    ]
    notices = [*_leave_groups(tx, actor), *(told for result in results for told in result.notices)]
    given_back = sum(isinstance(result.outcome, Cancelled) for result in results)
    given_back += sum(isinstance(notice.what, Smaller) for notice in notices)
    elsewhere = list(_elsewhere(tx, actor))
    erased = privacy.erase(tx, person, actor.now, ideas_too=command.ideas_too)
    entry = audit.Entry(at=actor.now, what="person forgotten", person=person, actor=person)
    audit.record(tx, [entry])
    outcome = Forgotten(given_back, erased.ideas_kept, erased.ideas_deleted, erased.consents_kept)
    others = (notice for notice in notices if notice.person != person)
    return Result(outcome, (*others, *elsewhere))


def _elsewhere(tx: Transaction, actor: Actor) -> Iterator[Notice]:
    """Tell every other chat of the person, which is forgotten too: it may not have been them."""
    if actor.chat is None:
        return
    chats = conversations.in_chats(tx, links.chats(tx, actor.person))
    for key, conversation in chats.items():
        if key != (actor.channel, actor.chat):
            what = ForgottenElsewhere(actor.channel)
            yield Notice(actor.person, what, key, conversation.language or "")


def _give_back(tx: Transaction, held: Counting, actor: Actor) -> Iterator[Result[SeatOutcome]]:
    result = seats.carry_out(tx, Cancel(held.event, held.registration), actor)
    yield result
    if isinstance(result.outcome, TooLate):
        place = events.load(tx, held.event).place_by_id(held.place)
        for terms in place.consents if place is not None else ():
            withdraw = WithdrawConsent(held.event, held.registration, terms.slug)
            yield seats.carry_out(tx, withdraw, actor)


def _leave_groups(tx: Transaction, actor: Actor) -> Iterator[Notice]:
    """Take the person out of the groups of other people with whom they would have come."""
    for event, companion in privacy.accompanying(tx, actor.person):
        ledger = Ledger.open(tx, event, actor.now, person=actor.person, actor=actor.person)
        serve(ledger)  # time alone may have changed where the group is
        _leave_group(ledger, companion)
        serve(ledger)
        yield from ledger.close()


def _leave_group(ledger: Ledger, number: CompanionId) -> None:
    found = privacy.companion(ledger.tx, number)
    if found is None:
        return
    if found.counts and not ledger.event.is_over(ledger.now):
        ledger.note("companion declined", found.held, companion=number)
        ledger.tell(found.held.person, part(ledger, found.held, found.companion))
        return
    privacy.blank_companion(ledger.tx, number)
    if found.companion.consent is not None:
        companions.answer(ledger.tx, number, ConsentState.WITHDRAWN)
