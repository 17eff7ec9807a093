"""Records that became records of another object."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("alias", sa.Column("new_object", sa.String(), nullable=False, server_default=""))
