"""Every table, the same for SQLite and PostgreSQL; queries live in the module of their subject."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; an instant without a zone is a programming error."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every instant its zone back, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


Id = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in a column that is called INTEGER."""


def _id() -> Column[Any]:
    """Make a column that numbers the rows; no number is given twice, even after a deletion."""
    return Column("id", Id, primary_key=True)


def _table(name: str, *parts: SchemaItem) -> Table:
    return Table(
        name,
        metadata,
        *parts,
        sqlite_autoincrement="id"
        in {
            part.name
            for part in parts
            if isinstance(part, Column) and isinstance(part.type, BigInteger)
        },
    )


# People

persons = _table(
    "persons",
    _id(),
    Column("created_at", Instant, nullable=False),
    Column("unreachable_since", Instant),
)

identities = _table(
    "identities",
    _id(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    UniqueConstraint("channel", "address"),
)

staff = _table(
    "staff",
    Column("person_id", Id, ForeignKey("persons.id"), primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False),
    Column("since", Instant, nullable=False),
)

invitations = _table(
    "invitations",
    Column("code_hash", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)

links = _table(
    "links",
    Column("code_hash", Text, primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("asked_by", Id, index=True),
)

joinings = _table(
    "joinings",
    _id(),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("former", Id, nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("person_since", Instant, nullable=False),
    Column("former_since", Instant, nullable=False),
    Column("moved", JSON, nullable=False),
)

# Conversations: what came in, where each one stands, what goes out

conversations = _table(
    "conversations",
    _id(),
    Column("channel", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("language", Text),
    Column("state", JSON(none_as_null=True)),
    Column("updated_at", Instant, nullable=False),
    UniqueConstraint("channel", "chat"),
)

inbox = _table(
    "inbox",
    Column("channel", Text, primary_key=True),
    Column("update_id", Text, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Column("set_aside", Text),
)

outbox = _table(
    "outbox",
    _id(),
    Column("channel", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("payload", JSON(none_as_null=True)),
    Column("bulk", Boolean, nullable=False, default=False),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", Text),
    CheckConstraint("state in ('waiting', 'sent', 'failed')", name="state"),
)
Index(
    "ix_outbox_waiting",
    outbox.c.channel,
    outbox.c.chat,
    outbox.c.id,
    postgresql_where=text("state = 'waiting'"),
    sqlite_where=text("state = 'waiting'"),
)

groups = _table(
    "groups",
    Column("channel", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("explained_at", Instant, nullable=False),
)

leases = _table(
    "leases",
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("beats", Integer, nullable=False),
)

# Events and seats

events = _table(
    "events",
    _id(),
    Column("slug", Text, nullable=False, unique=True),
    Column("keyword", Text, nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("definition", JSON, nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("zone", Text, nullable=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("arrivals", Integer, nullable=False, default=0),
)

places = _table(
    "places",
    _id(),
    Column("event_id", Id, ForeignKey("events.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("capacity", Integer),
    Column("tolerated", Integer, nullable=False, default=0),
    Column("taken", Integer, nullable=False, default=0),
    Column("waiting", Integer, nullable=False, default=0),
    Column("deadline", Instant, nullable=False),
    Column("access", Text),
    Column("access_sent_at", Instant),  # until 0008; to be dropped by the next release
    UniqueConstraint("event_id", "slug"),
    CheckConstraint("taken >= 0 and waiting >= 0", name="counts"),
    CheckConstraint("capacity is null or taken <= capacity or taken <= tolerated", name="seats"),
)

registrations = _table(
    "registrations",
    _id(),
    Column("event_id", Id, ForeignKey("events.id"), nullable=False),
    Column("place_id", Id, ForeignKey("places.id"), nullable=False),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("arrival_number", Integer, nullable=False),
    Column("arrived_at", Instant, nullable=False),
    Column("behind", Integer),
    Column("state", Text, nullable=False),
    Column("party_size", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("contact_kind", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
    Column("missed_at", Instant),
    Column("outdated", Text),
    Column("access_sent_at", Instant),
    Column("run", Text, unique=True),
    UniqueConstraint("event_id", "arrival_number"),
    CheckConstraint(
        "state in ('confirmed', 'waiting', 'cancelled', 'moved')",
        name="state",
    ),
    CheckConstraint("party_size >= 1", name="party_size"),
)
for _state in ("confirmed", "waiting"):
    Index(
        f"uq_registrations_{_state}",
        registrations.c.event_id,
        registrations.c.person_id,
        unique=True,
        postgresql_where=text(f"state = '{_state}'"),
        sqlite_where=text(f"state = '{_state}'"),
    )
Index(
    "ix_registrations_line",
    registrations.c.place_id,
    registrations.c.arrival_number,
    postgresql_where=text("state = 'waiting'"),
    sqlite_where=text("state = 'waiting'"),
)

companions = _table(
    "companions",
    _id(),
    Column("registration_id", Id, ForeignKey("registrations.id"), nullable=False, index=True),
    Column("rank", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("child", Boolean, nullable=False),
    Column("consent", Text),
    Column("code_hash", Text, unique=True),
    Column("access_sent_at", Instant),
)

consents = _table(
    "consents",
    _id(),
    Column("person_id", Id, ForeignKey("persons.id"), index=True),
    Column("registration_id", Id, ForeignKey("registrations.id"), index=True),
    Column("companion_id", Id, ForeignKey("companions.id", ondelete="SET NULL"), index=True),
    Column("for_child", Boolean, nullable=False, default=False),
    Column("event_id", Id, ForeignKey("events.id"), nullable=False),
    Column("slug", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("wording", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
)

# Ideas

ideas = _table(
    "ideas",
    _id(),
    Column("reference", Text, nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("persons.id"), index=True),
    Column("event_id", Id, ForeignKey("events.id"), index=True),
    Column("origin", Text),
    Column("kind", Text, nullable=False),
    Column("pillar", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("picture_id", Text, ForeignKey("pictures.id")),
    Column("state", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("run", Text, unique=True),
)

pictures = _table(
    "pictures",
    Column("id", Text, primary_key=True),
    Column("person_id", Id, ForeignKey("persons.id"), nullable=False, index=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

counters = _table(
    "counters",
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

deletions = _table(
    "deletions",
    Column("event_id", Id, ForeignKey("events.id"), primary_key=True, autoincrement=False),
    Column("subject", Text, primary_key=True),
    Column("announced_at", Instant, nullable=False),
)

# What was taken and cannot be carried out yet: a picture has to be fetched first

postponed = _table(
    "postponed",
    _id(),
    Column("channel", Text, nullable=False),
    Column("update_id", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("channel", "update_id"),
)

# What happened, without personal data: ids, field names, times

audit = _table(
    "audit",
    _id(),
    Column("at", Instant, nullable=False),
    Column("what", Text, nullable=False),
    Column("person_id", Id),
    Column("actor_id", Id),
    Column("event_id", Id),
    Column("registration_id", Id),
    Column("idea_id", Id),
    Column("details", JSON, nullable=False),
)

# Matrix: the device of the bot, and what it has to keep to read and to write; secrets are sealed

matrix_devices = _table(
    "matrix_devices",
    Column("user_id", Text, primary_key=True),
    Column("device_id", Text, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("seeds", LargeBinary),
    Column("since", Text),
    Column("opened_by", Text, nullable=False),
)

matrix_keys = _table(
    "matrix_keys",
    Column("user_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

matrix_undecrypted = _table(
    "matrix_undecrypted",
    Column("event_id", Text, primary_key=True),
    Column("room_id", Text, nullable=False),
    Column("sender", Text, nullable=False, index=True),
    Column("event", JSON, nullable=False),
    Column("asked", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
)
