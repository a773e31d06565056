"""Keep what the bot on Matrix must not lose: its device, its keys, its rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "matrix_devices",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("device_id", sa.Text, nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.Column("seeds", sa.LargeBinary),
        sa.Column("since", sa.Text),
        sa.Column("opened_by", sa.Text, nullable=False),
    )
    op.create_table(
        "matrix_keys",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "matrix_undecrypted",
        sa.Column("event_id", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("sender", sa.Text, nullable=False, index=True),
        sa.Column("event", sa.JSON, nullable=False),
        sa.Column("asked", sa.Boolean, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("matrix_undecrypted")
    op.drop_table("matrix_keys")
    op.drop_table("matrix_devices")
