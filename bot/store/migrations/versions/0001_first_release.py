"""Create everything that the first release stores."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, primary_key=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("person_id", ID),
        sa.Column("actor_id", ID),
        sa.Column("event_id", ID),
        sa.Column("registration_id", ID),
        sa.Column("idea_id", ID),
        sa.Column("details", sa.JSON, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", ID, primary_key=True),
        sa.Column("slug", sa.Text, nullable=False, unique=True),
        sa.Column("keyword", sa.Text, nullable=False, unique=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("starts_at", INSTANT, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("cancelled", sa.Boolean, nullable=False),
        sa.Column("arrivals", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "inbox",
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("update_id", sa.Text, primary_key=True),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("set_aside", sa.Text),
    )
    op.create_table(
        "invitations",
        sa.Column("code_hash", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", ID, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON(none_as_null=True)),
        sa.Column("bulk", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text),
        sa.CheckConstraint("state in ('waiting', 'sent', 'failed')", name="state"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["channel", "chat", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "persons",
        sa.Column("id", ID, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("unreachable_since", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conversations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("chat", sa.Text, nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False, index=True),
        sa.Column("language", sa.Text),
        sa.Column("state", sa.JSON(none_as_null=True)),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.UniqueConstraint("channel", "chat"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "identities",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False, index=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.UniqueConstraint("channel", "address"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pictures",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False, index=True),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
    )
    op.create_table(
        "places",
        sa.Column("id", ID, primary_key=True),
        sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("capacity", sa.Integer),
        sa.Column("tolerated", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("waiting", sa.Integer, nullable=False),
        sa.Column("deadline", INSTANT, nullable=False),
        sa.Column("access", sa.Text),
        sa.Column("access_sent_at", INSTANT),
        sa.UniqueConstraint("event_id", "slug"),
        sa.CheckConstraint("taken >= 0 and waiting >= 0", name="counts"),
        sa.CheckConstraint(
            "capacity is null or taken <= capacity or taken <= tolerated", name="seats"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "staff",
        sa.Column(
            "person_id", ID, sa.ForeignKey("persons.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("since", INSTANT, nullable=False),
    )
    op.create_table(
        "ideas",
        sa.Column("id", ID, primary_key=True),
        sa.Column("reference", sa.Text, nullable=False, unique=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), index=True),
        sa.Column("event_id", ID, sa.ForeignKey("events.id"), index=True),
        sa.Column("origin", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("pillar", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("picture_id", sa.Text, sa.ForeignKey("pictures.id")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("run", sa.Text, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "registrations",
        sa.Column("id", ID, primary_key=True),
        sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("place_id", ID, sa.ForeignKey("places.id"), nullable=False),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), nullable=False, index=True),
        sa.Column("arrival_number", sa.Integer, nullable=False),
        sa.Column("arrived_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("party_size", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("contact_kind", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("run", sa.Text, unique=True),
        sa.UniqueConstraint("event_id", "arrival_number"),
        sa.CheckConstraint(
            "state in ('confirmed', 'waiting', 'cancelled', 'moved')",
            name="state",
        ),
        sa.CheckConstraint("party_size >= 1", name="party_size"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_registrations_line",
        "registrations",
        ["place_id", "arrived_at", "arrival_number"],
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "uq_registrations_confirmed",
        "registrations",
        ["event_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'confirmed'"),
        sqlite_where=sa.text("state = 'confirmed'"),
    )
    op.create_index(
        "uq_registrations_waiting",
        "registrations",
        ["event_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "companions",
        sa.Column("id", ID, primary_key=True),
        sa.Column(
            "registration_id", ID, sa.ForeignKey("registrations.id"), nullable=False, index=True
        ),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("child", sa.Boolean, nullable=False),
        sa.Column("consent", sa.Text),
        sa.Column("code_hash", sa.Text, unique=True),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consents",
        sa.Column("id", ID, primary_key=True),
        sa.Column("person_id", ID, sa.ForeignKey("persons.id"), index=True),
        sa.Column("registration_id", ID, sa.ForeignKey("registrations.id"), index=True),
        sa.Column(
            "companion_id", ID, sa.ForeignKey("companions.id", ondelete="SET NULL"), index=True
        ),
        sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("wording", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    for table in (
        "consents",
        "companions",
        "registrations",
        "ideas",
        "staff",
        "places",
        "pictures",
        "identities",
        "conversations",
        "persons",
        "outbox",
        "invitations",
        "inbox",
        "events",
        "counters",
        "audit",
    ):
        op.drop_table(table)
