"""Ideas, their pictures, and the numbers that their references count up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    delete,
    desc,
    func,
    insert,
    select,
    true,
    update,
)

from bot.domain.events import EventId
from bot.domain.ideas import (
    AmendIdea,
    HandIn,
    Idea,
    IdeaAmended,
    IdeaId,
    IdeaKind,
    IdeaState,
    Origin,
    PictureId,
    Pillar,
)
from bot.domain.people import PersonId
from bot.store.database import Transaction, insert_unless_there
from bot.store.tables import counters, events, ideas, pictures

FROM_ONE_PERSON = 3
"""So many ideas of one person stand among the newest."""

LOOKED_AT = 500
"""Among so many the newest are chosen, so that a turn never reads all."""

_COUNT_UP = (
    update(counters)
    .where(counters.c.name == bindparam("counter"))
    .values(value=counters.c.value + 1)
    .returning(counters.c.value)
)


def next_number(tx: Transaction, series: str) -> int:
    """Count up a series that begins at 1; a number is never given twice."""
    number = tx.execute(_COUNT_UP, {"counter": series}).scalar_one_or_none()
    if number is None:
        tx.execute(insert_unless_there(counters, tx.dialect.name), [{"name": series, "value": 0}])
        number = tx.execute(_COUNT_UP, {"counter": series}).scalar_one()
    return int(number)


@dataclass(frozen=True)
class Entry:
    """Under which reference, by whom, in which run of a conversation and when it came in."""

    reference: str
    person: PersonId
    run: str | None
    at: datetime


def add(tx: Transaction, idea: HandIn, entry: Entry) -> IdeaId:
    """Store an idea as received."""
    return IdeaId(
        tx.execute(
            insert(ideas)
            .values(
                reference=entry.reference,
                person_id=entry.person,
                event_id=idea.event,
                origin=idea.origin.value if idea.origin else None,
                kind=idea.kind.value,
                pillar=idea.pillar.value,
                text=idea.text,
                name=idea.name,
                organisation=idea.organisation,
                picture_id=idea.picture,
                state=IdeaState.RECEIVED.value,
                created_at=entry.at,
                run=entry.run,
            )
            .returning(ideas.c.id)
        ).scalar_one()
    )


def of_person(tx: Transaction, person: PersonId) -> list[Idea]:
    """List somebody's ideas, the newest first."""
    rows = tx.execute(_IDEAS.where(ideas.c.person_id == person).order_by(ideas.c.id.desc()))
    return [_idea(row) for row in rows]


def newest(tx: Transaction, limit: int) -> list[Idea]:
    """List the newest ideas that were not taken back, few of each person.

    Whoever hands in thirty within a minute hides nobody else's; all of them are in the export.
    """
    newest = (
        select(ideas.c.id, ideas.c.person_id)
        .where(ideas.c.state == IdeaState.RECEIVED.value)
        .order_by(ideas.c.id.desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    # The ideas of those who were erased have no person, and count one by one.
    person = func.coalesce(newest.c.person_id, -newest.c.id)
    rank = func.row_number().over(partition_by=person, order_by=newest.c.id.desc())
    ranked = select(newest.c.id, rank.label("rank")).subquery()
    shown = select(ranked.c.id).where(ranked.c.rank <= FROM_ONE_PERSON)
    rows = tx.execute(_IDEAS.where(ideas.c.id.in_(shown)).order_by(ideas.c.id.desc()).limit(limit))
    return [_idea(row) for row in rows]


def received(tx: Transaction, reference: str) -> Idea | None:
    """Find an idea that was not taken back."""
    standing = ideas.c.state == IdeaState.RECEIVED.value
    row = tx.execute(_IDEAS.where(standing, ideas.c.reference == reference)).one_or_none()
    return None if row is None else _idea(row)


def counts(tx: Transaction) -> dict[tuple[IdeaKind, Pillar], int]:
    """Count the ideas that were not taken back, by kind and pillar."""
    rows = tx.execute(
        select(ideas.c.kind, ideas.c.pillar, func.count())
        .where(ideas.c.state == IdeaState.RECEIVED.value)
        .group_by(ideas.c.kind, ideas.c.pillar)
    )
    return {(IdeaKind(kind), Pillar(pillar)): count for kind, pillar, count in rows}


def amend(tx: Transaction, change: AmendIdea, person: PersonId) -> IdeaAmended | None:
    """Change somebody's own idea that was not taken back; None if there is no such idea."""
    own = (
        ideas.c.id == change.idea,
        ideas.c.person_id == person,
        ideas.c.state == IdeaState.RECEIVED.value,
    )
    found = tx.execute(
        select(ideas.c.reference, ideas.c.text, ideas.c.picture_id).where(*own).with_for_update()
    ).one_or_none()
    if found is None:
        return None
    new: dict[str, Any] = {
        "text": change.text,
        "pillar": change.pillar.value if change.pillar else None,
        "name": change.name,
        "picture_id": change.picture,
    }
    new = {column: value for column, value in new.items() if value is not None}
    if change.name == "":
        new["organisation"] = ""
    if new:
        tx.execute(update(ideas).where(*own).values(**new))
    if change.picture is not None and found.picture_id not in {None, change.picture}:
        tx.execute(delete(pictures).where(pictures.c.id == found.picture_id))
    return IdeaAmended(change.idea, found.reference, change.text or found.text)


def withdraw(tx: Transaction, idea: IdeaId, person: PersonId) -> str | None:
    """Take back somebody's own idea with its content; gives its reference, or None."""
    found = tx.execute(
        select(ideas.c.reference, ideas.c.picture_id)
        .where(
            ideas.c.id == idea,
            ideas.c.person_id == person,
            ideas.c.state == IdeaState.RECEIVED.value,
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        return None
    tx.execute(
        update(ideas)
        .where(ideas.c.id == idea)
        .values(state=IdeaState.WITHDRAWN.value, text="", name="", organisation="", picture_id=None)
    )
    if found.picture_id is not None:
        tx.execute(delete(pictures).where(pictures.c.id == found.picture_id))
    return str(found.reference)


MOST_OF_ONE_PERSON = 3
"""So many pictures of one person are kept for ideas that are not handed in yet."""

MOST_OF_ALL = 2000
"""Of all people together: no more than two gigabytes."""

_TAKEN = pictures.c.id.in_(select(ideas.c.picture_id).where(ideas.c.picture_id.is_not(None)))


@dataclass(frozen=True)
class NewPicture:
    """A picture that somebody sent, cleaned."""

    id: PictureId
    person: PersonId
    media_type: str
    content: bytes
    at: datetime


def keep_picture(tx: Transaction, picture: NewPicture) -> None:
    """Store a picture until an idea takes it or it is cleared away; the older ones make room."""
    tx.execute(
        insert(pictures).values(
            id=picture.id,
            person_id=picture.person,
            media_type=picture.media_type,
            content=picture.content,
            created_at=picture.at,
        )
    )
    _make_room(tx, pictures.c.person_id == picture.person, MOST_OF_ONE_PERSON)


def make_room_for_pictures(tx: Transaction) -> int:
    """Delete the oldest pictures that no idea has taken, if there are very many; says how many."""
    return _make_room(tx, true(), MOST_OF_ALL)


def _make_room(tx: Transaction, which: ColumnElement[bool], most: int) -> int:
    newest = desc(pictures.c.created_at), desc(pictures.c.id)
    beyond = select(pictures.c.id).where(which, ~_TAKEN).order_by(*newest).offset(most)
    too_many = list(tx.execute(beyond).scalars())
    if too_many:
        tx.execute(delete(pictures).where(pictures.c.id.in_(too_many)))
    return len(too_many)


@dataclass(frozen=True)
class Pictured:
    """The picture of an idea."""

    reference: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def filename(self) -> str:
        """Name the file after the idea, and after nobody."""
        return f"{self.reference}.{'png' if self.media_type == 'image/png' else 'jpg'}"


def picture_of(tx: Transaction, idea: IdeaId) -> Pictured | None:
    """Give the picture of an idea that was not taken back."""
    row = tx.execute(_PICTURED.where(ideas.c.id == idea)).one_or_none()
    return None if row is None else Pictured(*row)


def pictured(tx: Transaction, event: EventId | None) -> Iterator[Pictured]:
    """Give the pictures of all ideas that were not taken back, one at a time."""
    found = _PICTURED if event is None else _PICTURED.where(ideas.c.event_id == event)
    for row in tx.execute(found, execution_options={"yield_per": 1}):
        yield Pictured(*row)


_PICTURED = (
    select(ideas.c.reference, pictures.c.media_type, pictures.c.content)
    .join(pictures, pictures.c.id == ideas.c.picture_id)
    .where(ideas.c.state == IdeaState.RECEIVED.value)
    .order_by(ideas.c.id)
)


def has_picture(tx: Transaction, picture: PictureId, person: PersonId) -> bool:
    """Tell whether this picture is still there, and belongs to this person."""
    own = select(pictures.c.id).where(pictures.c.id == picture, pictures.c.person_id == person)
    return tx.execute(own).one_or_none() is not None


def clear_pictures(tx: Transaction, before: datetime) -> int:
    """Delete pictures that no idea has taken; says how many."""
    return tx.execute(delete(pictures).where(pictures.c.created_at < before, ~_TAKEN)).rowcount


_IDEAS: Select[Any] = select(ideas, events.c.slug.label("event_slug")).select_from(
    ideas.outerjoin(events, ideas.c.event_id == events.c.id)
)


def _idea(row: Row[Any]) -> Idea:
    return Idea(
        id=IdeaId(row.id),
        reference=row.reference,
        kind=IdeaKind(row.kind),
        pillar=Pillar(row.pillar),
        text=row.text,
        state=IdeaState(row.state),
        created_at=row.created_at,
        name=row.name,
        organisation=row.organisation,
        has_picture=row.picture_id is not None,
        event_slug=row.event_slug or "",
        origin=Origin(row.origin) if row.origin else None,
    )
