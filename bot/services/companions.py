"""Companions: they come along, they agree for themselves, and one of them may stay at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consents import ConsentState
from bot.domain.events import PlaceId
from bot.domain.outcomes import CompanionCode, NotThere, Smaller, Split, TooLate
from bot.domain.people import PersonId
from bot.domain.seats import CancelCompanion, Companion, RegistrationId, RegistrationState
from bot.services import codes
from bot.services.arrivals import Taken
from bot.services.ledger import Ledger
from bot.services.lines import change, leave
from bot.store import companions
from bot.store.companions import Invited, NewCompanion
from bot.store.consents import Given
from bot.store.seats import Held


def accompany(
    ledger: Ledger, person: PersonId, outcome: Taken, group: Sequence[Companion]
) -> tuple[Taken, list[Given]]:
    """Store the companions of a newcomer; give their codes, and the consents for children."""
    if isinstance(outcome, Split):
        now, rest = outcome.seated, outcome.in_line
        come, wait = group[: now.party_size - 1], group[now.party_size - 1 :]
        now_codes, now_given = _bring(ledger, person, now.registration, now.place, come)
        rest_codes, rest_given = _bring(ledger, person, rest.registration, rest.place, wait)
        split = Split(replace(now, codes=now_codes), replace(rest, codes=rest_codes))
        return split, now_given + rest_given
    all_codes, given = _bring(ledger, person, outcome.registration, outcome.place, group)
    return replace(outcome, codes=all_codes), given


def cancel_companion(ledger: Ledger, command: CancelCompanion) -> Smaller | NotThere | TooLate:
    """Let the seat of one companion pass on."""
    held = ledger.held_as(command.registration)
    group = companions.of(ledger.tx, held.registration) if held is not None else []
    companion = next((each for each in group if each.id == command.companion), None)
    if held is None or companion is None:
        return NotThere(ledger.event.id)
    if ledger.has_begun:
        return TooLate(ledger.event.id)
    return part(ledger, held, companion)


def part(ledger: Ledger, held: Held, companion: Invited) -> Smaller:
    """Take one companion out of a group; the last of a waiting rest ends its wait."""
    companions.remove(ledger.tx, companion.id)
    left = held.party_size - 1
    if left:
        change(ledger, held, size=left)
        ledger.reckon(held.place, held.state, -1, held.person)
    else:
        leave(ledger, held, RegistrationState.CANCELLED, "cancelled")
    ledger.note("companion left", held, companion=companion.id)
    return Smaller(held.registration, ledger.event.id, companion.name, left)


def _bring(
    ledger: Ledger,
    person: PersonId,
    registration: RegistrationId,
    place_id: PlaceId,
    group: Sequence[Companion],
) -> tuple[tuple[CompanionCode, ...], list[Given]]:
    place = ledger.event.place_by_id(place_id)
    asks = place is not None and bool(place.consents)
    own_codes = [codes.new() if asks and not each.child else None for each in group]
    ids = companions.add(
        ledger.tx,
        registration,
        [
            NewCompanion(rank, each.name, each.child, _consent(each, asks=asks), _hash(code))
            for rank, (each, code) in enumerate(zip(group, own_codes, strict=True))
        ],
    )
    given = [
        Given(agreement, person, registration, ledger.now, companion, for_child=True)
        for each, companion in zip(group, ids, strict=True)
        if each.child  # nobody consents for another adult
        for agreement in each.agreements
    ]
    named = zip(group, own_codes, strict=True)
    return tuple(CompanionCode(each.name, code) for each, code in named if code), given


def _consent(companion: Companion, *, asks: bool) -> ConsentState | None:
    if not asks:
        return None
    return ConsentState.GIVEN if companion.child else ConsentState.PENDING


def _hash(code: str | None) -> str | None:
    return None if code is None else codes.digest(code)
