"""Everything that is stored about one person, read for that person and nobody else."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Select, case, func, or_, select, tuple_

from bot.domain.people import PersonId
from bot.domain.privacy import (
    CompanionOfRecord,
    CompanionRecord,
    ConsentRecord,
    ConversationRecord,
    HistoryRecord,
    IdeaRecord,
    IdentityRecord,
    LetterRecord,
    PictureRecord,
    RegistrationRecord,
    Report,
)
from bot.store import events, tables
from bot.store.database import Transaction
from bot.store.links import JOINED, PARTED
from bot.store.privacy import chats_of
from bot.store.seats import CONFIRMED, WAITING

_PERSON = tables.persons.c
_STAFF = tables.staff.c
_IDENTITY = tables.identities.c
_CONVERSATION = tables.conversations.c
_REGISTRATION = tables.registrations.c
_COMPANION = tables.companions.c
_CONSENT = tables.consents.c
_IDEA = tables.ideas.c
_PICTURE = tables.pictures.c
_LETTER = tables.outbox.c
_AUDIT = tables.audit.c
_EVENT = tables.events.c
_COUNTS = _REGISTRATION.state.in_([CONFIRMED, WAITING])


def report(tx: Transaction, person: PersonId) -> Report:
    """Read everything about a person."""
    row = tx.execute(
        select(_PERSON.created_at, _PERSON.unreachable_since, _STAFF.role, _STAFF.since)
        .select_from(tables.persons.outerjoin(tables.staff))
        .where(_PERSON.id == person)
    ).one_or_none()
    if row is None:
        return Report(person)
    identities = [
        IdentityRecord(*identity)
        for identity in tx.execute(
            select(_IDENTITY.channel, _IDENTITY.address)
            .where(_IDENTITY.person_id == person)
            .order_by(_IDENTITY.id)
        )
    ]
    return Report(
        person,
        *row,
        identities=tuple(identities),
        conversations=tuple(
            ConversationRecord(*conversation)
            for conversation in tx.execute(_CONVERSATIONS.where(_CONVERSATION.person_id == person))
        ),
        registrations=_registrations(tx, person),
        companion_of=tuple(
            CompanionOfRecord(*companion)
            for companion in tx.execute(
                _COMPANION_OF.where(
                    _CONSENT.person_id == person, _REGISTRATION.person_id != person
                ).distinct()
            )
        ),
        consents=tuple(
            ConsentRecord(*consent)
            for consent in tx.execute(_CONSENTS.where(_CONSENT.person_id == person))
        ),
        ideas=tuple(
            IdeaRecord(*idea) for idea in tx.execute(_IDEAS.where(_IDEA.person_id == person))
        ),
        pictures=tuple(
            PictureRecord(*picture)
            for picture in tx.execute(_PICTURES.where(_PICTURE.person_id == person))
        ),
        messages=_letters(tx, person),
        history=_history(tx, person),
    )


_COMPANION_OF = select(_EVENT.slug, _COMPANION.name, _COMPANION.consent).select_from(
    tables.consents.join(tables.companions, _CONSENT.companion_id == _COMPANION.id)
    .join(tables.registrations, _COMPANION.registration_id == _REGISTRATION.id)
    .join(tables.events, _REGISTRATION.event_id == _EVENT.id)
)
_CONVERSATIONS = select(
    _CONVERSATION.channel,
    _CONVERSATION.chat,
    _CONVERSATION.language,
    _CONVERSATION.updated_at,
    _CONVERSATION.state,
).order_by(_CONVERSATION.id)
_CONSENTS = (
    select(
        _EVENT.slug,
        _CONSENT.slug,
        _CONSENT.version,
        _CONSENT.language,
        _CONSENT.wording,
        _CONSENT.state,
        _CONSENT.given_at,
        _CONSENT.withdrawn_at,
        case((_CONSENT.for_child, func.coalesce(_COMPANION.name, ""))),
    )
    .select_from(
        tables.consents.join(tables.events, _CONSENT.event_id == _EVENT.id).outerjoin(
            tables.companions, _CONSENT.companion_id == _COMPANION.id
        )
    )
    .order_by(_CONSENT.id)
)
_IDEAS = (
    select(
        _IDEA.reference,
        _EVENT.slug,
        _IDEA.origin,
        _IDEA.kind,
        _IDEA.pillar,
        _IDEA.text,
        _IDEA.name,
        _IDEA.organisation,
        _IDEA.state,
        _IDEA.created_at,
        _IDEA.picture_id,
    )
    .select_from(tables.ideas.outerjoin(tables.events, _IDEA.event_id == _EVENT.id))
    .order_by(_IDEA.id)
)
_PICTURES = select(
    _PICTURE.id, _PICTURE.media_type, func.length(_PICTURE.content), _PICTURE.created_at
).order_by(_PICTURE.created_at, _PICTURE.id)
_REGISTRATIONS: Select[Any] = (
    select(tables.registrations, tables.places.c.slug.label("place"), _COUNTS.label("counts"))
    .select_from(
        tables.registrations.join(tables.places, tables.places.c.id == _REGISTRATION.place_id)
    )
    .order_by(_REGISTRATION.id)
)
_HISTORY = (
    select(_AUDIT.at, _AUDIT.what, _AUDIT.person_id, _AUDIT.actor_id, _EVENT.slug, _AUDIT.details)
    .select_from(tables.audit.outerjoin(tables.events, _AUDIT.event_id == _EVENT.id))
    .order_by(_AUDIT.id)
)


def _registrations(tx: Transaction, person: PersonId) -> tuple[RegistrationRecord, ...]:
    rows = tx.execute(_REGISTRATIONS.where(_REGISTRATION.person_id == person)).all()
    companions: dict[int, list[CompanionRecord]] = defaultdict(list)
    brought = tx.execute(
        select(_COMPANION.registration_id, _COMPANION.name, _COMPANION.child, _COMPANION.consent)
        .where(_COMPANION.registration_id.in_([row.id for row in rows]))
        .order_by(_COMPANION.rank, _COMPANION.id)
    )
    for registration, *companion in brought:
        companions[registration].append(CompanionRecord(*companion))
    about = {event.id: event for event in events.several(tx, {row.event_id for row in rows})}
    return tuple(
        RegistrationRecord(
            event=about[row.event_id].slug,
            event_title=about[row.event_id].title.texts,
            place=row.place,
            arrival_number=row.arrival_number,
            arrived_at=row.arrived_at,
            state=row.state,
            counts=bool(row.counts),
            party_size=row.party_size,
            channel=row.channel,
            name=row.name,
            contact_kind=row.contact_kind,
            contact=row.contact,
            organisation=row.organisation,
            needs=row.needs,
            companions=tuple(companions[row.id]),
        )
        for row in rows
    )


def _letters(tx: Transaction, person: PersonId) -> tuple[LetterRecord, ...]:
    rows = tx.execute(
        select(
            _LETTER.channel,
            _LETTER.chat,
            _LETTER.state,
            _LETTER.created_at,
            _LETTER.reason,
            _LETTER.payload,
        )
        .where(tuple_(_LETTER.channel, _LETTER.chat).in_(chats_of(person)))
        .order_by(_LETTER.id)
    )
    return tuple(LetterRecord(*row) for row in rows)


def _history(tx: Transaction, person: PersonId) -> tuple[HistoryRecord, ...]:
    own = _numbers(tx, person)
    rows = tx.execute(_HISTORY.where(or_(_AUDIT.person_id.in_(own), _AUDIT.actor_id.in_(own))))
    return tuple(
        HistoryRecord(at, what, actor in own, event, details)
        for at, what, _person, actor, event, details in rows
    )


def _numbers(tx: Transaction, person: PersonId) -> set[int]:
    """List the numbers under which a person is in the log: chats that were joined had others."""
    numbers, new = set[int](), {int(person)}
    while new:
        numbers |= new
        about = select(_AUDIT.what, _AUDIT.details).where(
            _AUDIT.what.in_([JOINED, PARTED]), _AUDIT.person_id.in_(new)
        )
        joined = Counter[int]()
        for what, details in tx.execute(about):
            joined[details["former"]] += 1 if what == JOINED else -1
        new = {former for former, count in joined.items() if count > 0} - numbers
    return numbers
