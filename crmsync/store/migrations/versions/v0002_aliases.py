"""Records that were merged away, and the ones in their place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = ("system", "object", "old_id", "new_id", "entity", "why", "run_id")
    op.create_table(
        "alias",
        *(sa.Column(name, sa.String(), nullable=False) for name in names),
        sa.Column("at", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("system", "object", "old_id", name="pk_alias"),
    )
