"""${message}

Rules for a migration:
- Its name is the next number, four digits (`--rev-id`), and `HEAD` in `bot/store/schema.py` says so.
- Programs of the previous version go on running while it runs: first add, remove one release later.
- It runs on SQLite and PostgreSQL. Types are spelt out here, never imported from the program.
- A new column has a default in the database or may be empty. Nothing that reads all rows of a large
  table under a lock.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
