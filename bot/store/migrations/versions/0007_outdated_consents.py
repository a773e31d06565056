"""Know whose consent has got a new wording while they waited, and what they were told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("registrations", sa.Column("outdated", sa.Text))


def downgrade() -> None:
    op.drop_column("registrations", "outdated")
