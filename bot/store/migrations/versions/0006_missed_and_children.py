"""Know who was told that no seat became free, and which consents were given for a child."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registrations", sa.Column("missed_at", sa.DateTime(timezone=True)))
    op.add_column(
        "consents",
        sa.Column("for_child", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE consents SET for_child = true WHERE companion_id IN"
        " (SELECT id FROM companions WHERE child)"
    )


def downgrade() -> None:
    op.drop_column("consents", "for_child")
    op.drop_column("registrations", "missed_at")
