"""Remember what came from which chat when two were joined, so that it can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "joinings",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("former", Id, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("former_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_joinings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joinings")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_joinings_person_id"), "joinings", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_joinings_person_id"), "joinings")
    op.drop_table("joinings")
