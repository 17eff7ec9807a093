"""Brings a store's tables up to what this version of crmsync needs.

The version row is read first, and Alembic, which is slow to import, only if there is something to do.
Must not know: what the tables are for.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, func, inspect, select, text
from sqlalchemy.sql import column, table

from crmsync.errors import StoreFailed
from crmsync.store.engine import reading, writing
from crmsync.store.tables import METADATA, VERSION_TABLE

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
"""Every migration, oldest first. The last one is what the code needs."""
_LOCK = 0x63726D  # "crm": the first of the two numbers of our advisory locks


def bring_up(engine: Engine, where: str) -> None:
    """Creates or migrates the tables if they are behind, in one transaction.

    StoreFailed if they are those of a newer crmsync, or if they belong to something else.
    """
    with reading(engine) as connection:
        behind = _is_behind(connection, where)
    if not behind:
        return
    with writing(engine) as connection:
        _wait_for_others(connection)
        if _is_behind(connection, where):
            upgrade(connection)


def upgrade(connection: Connection) -> None:
    """Runs the missing migrations inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "crmsync.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _is_behind(connection: Connection, where: str) -> bool:
    version = _version(connection)
    if version is None:
        _check_empty(connection, where)
        return True
    if version not in REVISIONS:
        raise StoreFailed(
            f"the state was written by a newer crmsync (its version is {version!r})",
            remedy="Install that version: pip install --upgrade crmsync",
            where=where,
        )
    return version != REVISIONS[-1]


def _version(connection: Connection) -> str | None:
    """The revision of the tables, None if there are none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    version: str | None = connection.scalar(
        select(column("version_num")).select_from(table(VERSION_TABLE))
    )
    return version


def _check_empty(connection: Connection, where: str) -> None:
    taken = sorted(set(inspect(connection).get_table_names()) & set(METADATA.tables))
    if taken:
        raise StoreFailed(
            f"the database holds tables of another program: {', '.join(taken)}",
            remedy="Give crmsync a file, or a database or schema, of its own.",
            where=where,
        )


def _wait_for_others(connection: Connection) -> None:
    """Lets one process migrate at a time; SQLite has taken its lock already."""
    if connection.dialect.name == "postgresql":
        schema = func.hashtext(text("current_schema()"))
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK, schema)))
