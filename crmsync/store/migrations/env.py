"""Runs the migrations inside the connection and the transaction that the store hands over."""

from __future__ import annotations

from alembic import context

from crmsync.store.tables import METADATA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
