"""Know who has typed a code that joins two chats, until the other chat has agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "links", sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer, "sqlite"))
    )
    op.create_index(op.f("ix_links_asked_by"), "links", ["asked_by"])


def downgrade() -> None:
    op.drop_index(op.f("ix_links_asked_by"), "links")
    op.drop_column("links", "asked_by")
