"""Tables of the face that say what a word means, one row for each distinct word: nothing is asked per record.

host      host, domain, free_mail, meant: what stands behind the @ of addresses, with its registrable domain, and the
          domain that was meant where a provider's name or an ending is misspelt
country   name, code: countries as they are written in the systems; no code where nobody knows them
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.countries import country_of
from crmsync.core.mapping import Entity
from crmsync.warehouse.engine import quoted
from crmsync.warehouse.wording import meant_by, registrable_of, words

if TYPE_CHECKING:
    from crmsync.warehouse.columns import Columns

_ADDRESSES = ("email", "domain")


def build_word_tables(columns: Columns) -> None:
    """Builds the two tables above from what the entities of the face hold."""
    import pyarrow as pa

    hosts = _distinct(columns, [_hosts(e, f.field) for e in columns.mapping.entities for f in e.fields
                                if f.type in _ADDRESSES])  # fmt: skip
    domains = [registrable_of(host) for host in hosts]
    free = words().free_mail
    table = {
        "host": pa.array(hosts, pa.string()),
        "domain": pa.array(domains, pa.string()),
        "free_mail": pa.array([domain in free for domain in domains], pa.bool_()),
        "meant": pa.array([meant_by(host) for host in hosts], pa.string()),
    }
    _keep(columns, "host", pa.table(table))
    names = _distinct(
        columns, [_countries(e) for e in columns.mapping.entities if e.field_named("country")]
    )
    codes = pa.array([country_of(name) for name in names], pa.string())
    _keep(columns, "country", pa.table({"name": pa.array(names, pa.string()), "code": codes}))


def _hosts(entity: Entity, field: str) -> str:
    """A query of what stands behind the @, or of the whole where there is none."""
    return f"SELECT lower(split_part({quoted(field)}, '@', -1)) AS word FROM face.{quoted(entity.entity)}"


def _countries(entity: Entity) -> str:
    return f"SELECT country AS word FROM face.{quoted(entity.entity)}"


def _distinct(columns: Columns, queries: list[str]) -> list[str]:
    if not queries:
        return []
    all_ = " UNION ".join(queries)
    rows = columns.db.sql(f"SELECT word FROM ({all_}) WHERE word IS NOT NULL ORDER BY word")
    found: list[str] = rows.to_arrow_table().column("word").to_pylist()
    return found


def _keep(columns: Columns, name: str, table: object) -> None:
    columns.db.register("words_of_it", table)
    columns.db.execute(f"CREATE TABLE IF NOT EXISTS face.{name} AS SELECT * FROM words_of_it")
    columns.db.unregister("words_of_it")
