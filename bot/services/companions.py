"""Companions: they come along, they agree for themselves, and one of them may stay at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.consents import ConsentState
from bot.domain.outcomes import (
    CodeRenewed,
    CompanionCode,
    InLine,
    NotThere,
    Renamed,
    Seated,
    Smaller,
    Split,
    TooLate,
    Uninvited,
)
from bot.domain.people import PersonId
from bot.domain.seats import (
    CancelCompanion,
    Companion,
    CompanionId,
    RegistrationId,
    RegistrationState,
    RenameCompanion,
    RenewCode,
)
from bot.services import codes
from bot.services.arrivals import Taken
from bot.services.ledger import Ledger
from bot.services.lines import change, leave
from bot.store import companions, registrations
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
        now_codes, now_given = bring(ledger, person, now, come)
        rest_codes, rest_given = bring(ledger, person, rest, wait, len(come))
        split = Split(replace(now, codes=now_codes), replace(rest, codes=rest_codes))
        return split, now_given + rest_given
    all_codes, given = bring(ledger, person, outcome, group)
    return replace(outcome, codes=all_codes), given


def cancel_companion(ledger: Ledger, command: CancelCompanion) -> Smaller | NotThere | TooLate:
    """Let the seat of one companion pass on."""
    found = _own(ledger, command.registration, command.companion)
    if found is None:
        return NotThere(ledger.event.id)
    if ledger.is_too_late:
        return TooLate(ledger.event.id)
    ledger.note_in_time(ledger.event.starts_at)
    held, companion = found
    uninvite(ledger, held, [companion])
    return part(ledger, held, companion)


def uninvite(ledger: Ledger, held: Held, group: Sequence[Invited]) -> None:
    """Tell those who have agreed in a chat of their own that their seat is given back."""
    by = registrations.details(ledger.tx, held.registration).name
    for companion in group:
        person = companions.answered_by(ledger.tx, companion.id)
        if person is not None and person != held.person and not ledger.has_told(person, Uninvited):
            ledger.tell(person, Uninvited(ledger.event.id, companion.name, by))


def rename_companion(ledger: Ledger, command: RenameCompanion) -> Renamed | NotThere | TooLate:
    """Correct a misspelt name, until the event is over."""
    found = _own(ledger, command.registration, command.companion)
    if found is None:
        return NotThere(ledger.event.id)
    if ledger.event.is_over(ledger.now):
        return TooLate(ledger.event.id)
    held, companion = found
    companions.rename(ledger.tx, companion.id, command.name)
    ledger.note("companion renamed", held, companion=companion.id)
    return Renamed(held.registration, ledger.event.id, command.name)


def renew_code(ledger: Ledger, command: RenewCode) -> CodeRenewed | NotThere | TooLate:
    """Give a code once more to somebody who has not answered; the former one ends."""
    found = _own(ledger, command.registration, command.companion)
    if found is None or found[1].consent is not ConsentState.PENDING:
        return NotThere(ledger.event.id)
    if ledger.event.is_over(ledger.now):
        return TooLate(ledger.event.id)
    held, companion = found
    code = codes.new()
    companions.renew_code(ledger.tx, companion.id, codes.digest(code))
    ledger.note("code renewed", held, companion=companion.id)
    return CodeRenewed(held.registration, ledger.event.id, CompanionCode(companion.name, code))


def _own(
    ledger: Ledger, registration: RegistrationId, number: CompanionId
) -> tuple[Held, Invited] | None:
    held = ledger.held_as(registration)
    group = companions.of(ledger.tx, held.registration) if held is not None else []
    companion = next((each for each in group if each.id == number), None)
    return None if held is None or companion is None else (held, companion)


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


def bring(
    ledger: Ledger,
    person: PersonId,
    target: Seated | InLine,
    group: Sequence[Companion],
    rank: int = 0,
) -> tuple[tuple[CompanionCode, ...], list[Given]]:
    """Store those who come with a registration, behind the first `rank` of them."""
    place = ledger.event.place_by_id(target.place)
    asks = place is not None and bool(place.consents)
    own_codes = [codes.new() if asks and not each.child else None for each in group]
    ids = companions.add(
        ledger.tx,
        target.registration,
        [
            NewCompanion(number, each.name, each.child, _consent(each, asks=asks), _hash(code))
            for number, (each, code) in enumerate(zip(group, own_codes, strict=True), rank)
        ],
    )
    given = [
        Given(agreement, person, target.registration, ledger.now, companion, for_child=True)
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
