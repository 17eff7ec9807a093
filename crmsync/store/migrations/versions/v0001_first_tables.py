"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_INSTANT = sa.String(32)


def _text(name: str, *rest: sa.ForeignKey, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), *rest, nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, _INSTANT, nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _primary(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _of_run(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=f"fk_{table}_run_id")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    _create_run()
    _create_state()
    _create_journal()
    _create_finding()
    _create_memory()
    _create_history()


def _create_run() -> None:
    op.create_table(
        "run",
        _text("id"),
        _text("verb"),
        _text("status"),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        _text("plan_id", nullable=True),
        _text("approver", nullable=True),
        _text("note"),
        _text("counts"),
        _text("calls"),
        _number("exit_code", nullable=True),
        _number("moved"),
        _primary("run", "id"),
    )
    _index("run", "started_at")
    _index("run", "moved")


def _create_state() -> None:
    op.create_table(
        "link",
        _text("system"),
        _text("object"),
        _text("native_id"),
        _text("entity"),
        _text("key"),
        _text("how"),
        _text("run_id"),
        _instant("at"),
        _primary("link", "system", "object", "native_id"),
    )
    _index("link", "entity", "key")
    op.create_table(
        "base",
        _text("entity"),
        _text("key"),
        _text("system"),
        _text("digest"),
        _text("values"),
        _primary("base", "entity", "key", "system"),
    )


def _create_journal() -> None:
    op.create_table(
        "journal",
        _text("run_id"),
        _text("op_id"),
        _number("seq"),
        _text("change"),
        _text("entity"),
        _text("key"),
        _text("system"),
        _text("object"),
        _text("action"),
        _text("native_id", nullable=True),
        _text("state"),
        _text("pre_image", nullable=True),
        _text("held", nullable=True),
        _text("message"),
        _instant("at"),
        _primary("journal", "run_id", "op_id"),
        _of_run("journal"),
    )
    _index("journal", "state")
    _index("journal", "run_id", "seq")


def _create_finding() -> None:
    op.create_table(
        "finding",
        _text("run_id"),
        _number("seq"),
        _text("audit"),
        _text("severity"),
        _text("entity"),
        _text("system", nullable=True),
        _text("object", nullable=True),
        _text("id", nullable=True),
        _text("key", nullable=True),
        _text("field", nullable=True),
        _text("detail", nullable=True),
        sa.Column("amount", sa.Float(), nullable=True),
        _primary("finding", "run_id", "seq"),
        _of_run("finding"),
    )


def _create_memory() -> None:
    op.create_table(
        "identity", _text("system"), _text("id"), _instant("at"), _primary("identity", "system")
    )
    op.create_table(
        "seen_field",
        _text("system"),
        _text("object"),
        _text("field"),
        _instant("at"),
        _primary("seen_field", "system", "object", "field"),
    )
    op.create_table(
        "refused",
        _text("entity"),
        _text("key"),
        _text("system"),
        _text("field"),
        _text("digest"),
        _text("value"),
        _text("reason"),
        _text("run_id"),
        _primary("refused", "entity", "key", "system", "field", "digest"),
    )
    op.create_table(
        "lease",
        _text("name"),
        _text("holder"),
        _instant("since"),
        _number("fence"),
        _primary("lease", "name"),
    )


def _create_history() -> None:
    op.create_table(
        "event",
        _text("system"),
        _text("id"),
        _text("object"),
        _text("native_id"),
        _text("field"),
        _text("old", nullable=True),
        _text("new", nullable=True),
        _instant("at"),
        _text("by", nullable=True),
        _primary("event", "system", "id"),
    )
    _index("event", "system", "object", "native_id", "at")
    op.create_table(
        "activity",
        _text("system"),
        _text("native_id"),
        _text("kind"),
        _instant("at"),
        _text("subject_object", nullable=True),
        _text("subject_id", nullable=True),
        _text("owner_id", nullable=True),
        _text("outcome", nullable=True),
        _text("direction", nullable=True),
        _primary("activity", "system", "native_id"),
    )
    _index("activity", "system", "subject_object", "subject_id", "at")
    op.create_table(
        "owner",
        _text("system"),
        _text("native_id"),
        _text("email", nullable=True),
        _text("name", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _primary("owner", "system", "native_id"),
    )
