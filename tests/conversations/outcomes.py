"""What conversations leave in the database, in words that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text

from bot.store.database import Transaction

_SEATS = text("""
    select event.slug as event, place.slug as place, registration.*
    from registrations registration
    join places place on place.id = registration.place_id
    join events event on event.id = registration.event_id
    order by registration.id
""")
_COMPANIONS = text("select * from companions order by registration_id, rank, id")
_CONSENTS = text("""
    select consent.*, companion.rank from consents consent
    left join companions companion on companion.id = consent.companion_id
    order by consent.id
""")
_IDEAS = text("""
    select event.slug as event, idea.* from ideas idea
    left join events event on event.id = idea.event_id
    order by idea.id
""")


def left(tx: Transaction) -> Iterator[str]:
    """Say what there is, without the words of people or of a language."""
    for row in tx.execute(_SEATS).mappings():
        given = _given(row, "name", "organisation", "needs")
        yield (
            f"{row['event']}/{row['place']}: number {row['arrival_number']}, {row['state']}, "
            f"party of {row['party_size']}, by {row['contact_kind']}{given}"
        )
    for row in tx.execute(_COMPANIONS).mappings():
        yield f"companion {row['rank']}: {'child' if row['child'] else 'adult'}, {row['consent']}"
    for row in tx.execute(_CONSENTS).mappings():
        whose = "" if row["person_id"] else ", nobody's"
        yield f"consent: {row['slug']} {row['version']}, {row['state']}{whose}"
    for row in tx.execute(_IDEAS).mappings():
        about = [row[key] for key in ("kind", "pillar", "event", "origin", "state") if row[key]]
        yield f"{row['reference']}: {', '.join(about)}{_given(row, 'text', 'name', 'organisation')}"


def _given(row: Mapping[Any, Any], *columns: str) -> str:
    return "".join(f", with {column}" for column in columns if row[column])
