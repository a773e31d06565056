"""Know who was sent the access data of a place, instead of whether it was sent at all."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("registrations", "companions"):
        op.add_column(table, sa.Column("access_sent_at", sa.DateTime(timezone=True)))
    # Whoever came later never got it, and is sent it now.
    op.execute(
        "UPDATE registrations SET access_sent_at ="
        " (SELECT access_sent_at FROM places WHERE places.id = registrations.place_id)"
        " WHERE state = 'confirmed' AND arrived_at <="
        " (SELECT access_sent_at FROM places WHERE places.id = registrations.place_id)"
    )


def downgrade() -> None:
    for table in ("registrations", "companions"):
        op.drop_column(table, "access_sent_at")
