"""Let the line be ordered by arrival numbers, whatever the clocks of machines say."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX, WAITING = "ix_registrations_line", sa.text("state = 'waiting'")

# Whoever stands before an earlier number was entered by hand, or is the rest of a group: they
# keep their place in the line, behind the last who arrived in the order of the numbers.
BEHIND = """
    WITH ordered AS (
        SELECT id, event_id, arrival_number, arrived_at, max(arrived_at) OVER (
            PARTITION BY event_id ORDER BY arrival_number
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS latest FROM registrations
    ), in_order AS (SELECT * FROM ordered WHERE latest IS NULL OR arrived_at >= latest)
    UPDATE registrations SET behind = coalesce((
        SELECT max(in_order.arrival_number) FROM in_order
        WHERE in_order.event_id = registrations.event_id
        AND in_order.arrived_at <= registrations.arrived_at
    ), 0) WHERE id IN (SELECT id FROM ordered WHERE arrived_at < latest)
"""


def upgrade() -> None:
    op.add_column("registrations", sa.Column("behind", sa.Integer))
    op.execute(BEHIND)
    _index("place_id", "arrival_number")


def downgrade() -> None:
    _index("place_id", "arrived_at", "arrival_number")
    op.drop_column("registrations", "behind")


def _index(*columns: str) -> None:
    op.drop_index(INDEX, "registrations")
    op.create_index(
        INDEX, "registrations", list(columns), postgresql_where=WAITING, sqlite_where=WAITING
    )
