"""Those who wait and agreed to a wording that has changed since, and what they were told of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select, update

from bot.domain.consents import ConsentState
from bot.domain.events import EventId, PlaceId
from bot.domain.people import PersonId
from bot.domain.seats import CompanionId, Outdated, RegistrationId
from bot.store import tables
from bot.store.consents import Given
from bot.store.database import Transaction
from bot.store.lines import LARGEST
from bot.store.seats import WAITING, Held, held, held_columns, order_of

Version = tuple[str, str]
"""Slug and version of a consent."""

_ROW = tables.registrations.c
_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
_HELD = held_columns(tables.registrations)


@dataclass(frozen=True)
class Agreed:
    """A group in the line, and what was agreed to for its person (None) and for each child."""

    held: Held
    outdated: Outdated | None
    versions: dict[CompanionId | None, frozenset[Version]]

    def has(self, wanted: AbstractSet[Version]) -> bool:
        """Tell whether everybody for whom it is needed agreed to these very wordings."""
        return all(wanted <= given for given in self.versions.values())

    def with_more(self, given: Iterable[Given]) -> Agreed:
        """Add what is agreed to right now."""
        versions = dict(self.versions)
        for each in given:
            if each.companion in versions:
                version = (each.agreement.slug, each.agreement.version)
                versions[each.companion] |= {version}
        return replace(self, versions=versions)


def line(tx: Transaction, event: EventId, place: PlaceId) -> list[Agreed]:
    """List everybody who waits for a place, in their order, with what they agreed to."""
    return _read(tx, (_ROW.place_id == place) & (_ROW.state == WAITING), event)


def agreed(tx: Transaction, event: EventId, group: Held) -> Agreed:
    """Read what one group has agreed to."""
    [found] = _read(tx, _ROW.id == group.registration, event)
    return found


def passed_over(tx: Transaction, place: PlaceId, largest: int) -> list[Held]:
    """List those who are not told yet that seats for at most `largest` people were free."""
    told = (_ROW.place_id == place) & (_ROW.state == WAITING) & (_ROW.outdated == Outdated.TOLD)
    rows = select(*_HELD).where(told, _ROW.party_size <= min(largest, LARGEST))
    found = tx.execute(rows.order_by(*order_of(tables.registrations)))
    return [group for row in found if (group := held(row))]


def mark(tx: Transaction, registration: RegistrationId, outdated: Outdated | None) -> None:
    """Keep what somebody was told, or that nothing is outdated any more."""
    tx.execute(
        update(tables.registrations).where(_ROW.id == registration).values(outdated=outdated)
    )


def _read(tx: Transaction, which: ColumnElement[bool], event: EventId) -> list[Agreed]:
    given, companions = _given(tx, which, event), _companions(tx, which)
    rows = select(*_HELD, _ROW.outdated).where(which)
    found = []
    for *values, outdated in tx.execute(rows.order_by(*order_of(tables.registrations))):
        if (group := held(values)) is None:
            continue
        others = companions[group.registration]
        asked: list[CompanionId | None] = [number for number, child in others if child]
        if group.party_size > len(others):  # the person is not seated already
            asked.append(None)
        versions = {number: frozenset(given[group.person, number]) for number in asked}
        found.append(Agreed(group, None if outdated is None else Outdated(outdated), versions))
    return found


def _given(
    tx: Transaction, which: ColumnElement[bool], event: EventId
) -> dict[tuple[PersonId, CompanionId | None], set[Version]]:
    rows = tx.execute(
        select(_CONSENT.person_id, _CONSENT.companion_id, _CONSENT.slug, _CONSENT.version).where(
            _CONSENT.event_id == event,
            _CONSENT.state == ConsentState.GIVEN,
            _CONSENT.companion_id.is_(None) | _CONSENT.for_child,
            _CONSENT.person_id.in_(select(_ROW.person_id).where(which)),
        )
    )
    given: dict[tuple[PersonId, CompanionId | None], set[Version]] = defaultdict(set)
    for person, companion, slug, version in rows:
        given[person, companion].add((slug, version))
    return given


def _companions(
    tx: Transaction, which: ColumnElement[bool]
) -> dict[RegistrationId, list[tuple[CompanionId, bool]]]:
    rows: Iterable[Sequence[Any]] = tx.execute(
        select(_COMPANION.registration_id, _COMPANION.id, _COMPANION.child).where(
            _COMPANION.registration_id.in_(select(_ROW.id).where(which))
        )
    )
    companions: dict[RegistrationId, list[tuple[CompanionId, bool]]] = defaultdict(list)
    for registration, number, child in rows:
        companions[registration].append((number, child))
    return companions
