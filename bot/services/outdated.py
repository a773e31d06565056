"""A consent with a new wording is given anew before anybody who waits is seated on the old one.

Source: docs/decisions/0007-who-cannot-be-seated-is-passed-over.md
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.events import EventId, PlaceId
from bot.domain.outcomes import AgreedAnew, AskedAnew, ConsentMissing, NotThere, Seated, TooLate
from bot.domain.seats import AgreeAnew, Outdated
from bot.services.acts import Actor, Notice
from bot.services.ledger import Ledger
from bot.services.lines import CONFIRMED, in_line, seated, serve
from bot.store import companions, consents, outdated, seats
from bot.store.consents import Given
from bot.store.database import Transaction


def ask_anew(tx: Transaction, event: EventId, now: datetime) -> tuple[Notice, ...]:
    """Look at what those who wait have agreed to, after an event was changed, and ask them."""
    seats.lock_events(tx, [event])
    ledger = Ledger.open(tx, event, now)
    for place in ledger.places:
        review(ledger, place)
    serve(ledger)
    return ledger.close()


def review(ledger: Ledger, place_id: PlaceId) -> None:
    """Mark who has to agree anew, and who has to no more; those who have to are told, once."""
    if not ledger.waiting(place_id):
        return
    wanted = _wanted(ledger, place_id)
    for group in outdated.line(ledger.tx, ledger.event.id, place_id):
        lacks = not group.has(wanted)
        if lacks == (group.outdated is not None):
            continue
        outdated.mark(ledger.tx, group.held.registration, Outdated.TOLD if lacks else None)
        if lacks and not ledger.has_begun and not ledger.event.cancelled:
            ledger.note("asked to agree anew", group.held)
            ledger.tell(group.held.person, AskedAnew(in_line(ledger, group.held)))


def agree_anew(
    ledger: Ledger, command: AgreeAnew, actor: Actor
) -> AgreedAnew | Seated | NotThere | TooLate | ConsentMissing:
    """Record what was agreed to; the group stands in the line as if it had never been asked."""
    event, held = ledger.event, ledger.held_as(command.registration)
    if held is None:
        return NotThere(event.id)
    if held.state is CONFIRMED:
        return seated(ledger, held)
    if ledger.has_begun:
        return TooLate(event.id)
    given = [Given(each, held.person, held.registration, actor.now) for each in command.agreements]
    given += [
        Given(each, held.person, held.registration, actor.now, number, for_child=True)
        for number, each in command.for_children
        if number in {companion.id for companion in companions.of(ledger.tx, held.registration)}
    ]
    wanted = _wanted(ledger, held.place)
    group = outdated.agreed(ledger.tx, event.id, held)
    if group.has(wanted):
        return AgreedAnew(in_line(ledger, held))  # said twice
    group = group.with_more(given)
    if not group.has(wanted):
        slug = next(slug for slug, version in sorted(wanted) if not group.has({(slug, version)}))
        return ConsentMissing(event.id, held.place, slug)
    consents.add(ledger.tx, event.id, given)
    outdated.mark(ledger.tx, held.registration, None)
    ledger.note("agreed anew", held)
    return AgreedAnew(in_line(ledger, held))


def _wanted(ledger: Ledger, place_id: PlaceId) -> frozenset[tuple[str, str]]:
    place = ledger.event.place_by_id(place_id)
    return frozenset((each.slug, each.version) for each in (place.consents if place else ()))
