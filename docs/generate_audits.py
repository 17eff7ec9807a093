"""Writes what can be read off: the catalogue in docs/audits.md from audits/, the tables in docs/writing-audits.md."""

from __future__ import annotations

import re
import tempfile
from contextlib import closing
from pathlib import Path

from ruamel.yaml import YAML

from crmsync.commands.example_rows import BOTH
from crmsync.commands.example_runs import faced
from crmsync.commands.examples import Story
from crmsync.config.audits import read_audits
from crmsync.config.mappings import Defaults, read_mappings
from crmsync.core.auditing import Audit
from crmsync.core.mapping import WorkspaceMapping
from crmsync.warehouse.audit_db import FACE_VERSION
from crmsync.warehouse.engine import open_read_only

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "audits.md"
BEGIN, END = "<!-- catalogue: made by `make docs` from audits/ -->", "<!-- end of the catalogue -->"
WRITING = ROOT / "docs" / "writing-audits.md"
TABLES = "<!-- tables: made by `make docs` from the face -->"
TABLES_END = "<!-- end of the tables -->"
_MOST = 4
_CATEGORIES = (
    *("duplicates", "roles", "lifecycle", "consistency", "consent", "ownership"),
    *("completeness", "validity", "fields", "native"),
)


def catalogue() -> str:
    """The catalogue as Markdown: a table for each category, its audits by id."""
    audits = [each for each in read_audits(ROOT) if isinstance(each, Audit)]
    parts = [
        f"{len(audits)} audits; **bold** ones are of the essential profile, which is asked by default."
    ]
    for category in sorted({each.category for each in audits}, key=_place):
        rows = [_row(each) for each in audits if each.category == category]
        head = (
            "| id | severity | finds | leaves alone, among others | params |\n|---|---|---|---|---|"
        )
        parts.append(f"### {category.capitalize()}\n\n{head}\n" + "\n".join(rows))
    return "\n\n".join(parts)


def _place(category: str) -> tuple[int, str]:
    known = category in _CATEGORIES
    return _CATEGORIES.index(category) if known else len(_CATEGORIES), category


def _row(audit: Audit) -> str:
    summary = f"**{audit.summary['en']}**" if audit.profile == "essential" else audit.summary["en"]
    severity = f"{audit.severity}, blocks" if audit.blocking else audit.severity
    params = ", ".join(f"`{name}: {_shown(value)}`" for name, value in audit.params.items())
    cells = (audit.id, severity, summary, "; ".join(innocents(audit)), params)
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def _shown(value: object) -> str:
    return f"[{', '.join(map(str, value))}]" if isinstance(value, list) else str(value)


def innocents(audit: Audit) -> list[str]:
    """The first stories that an audit must not object to."""
    path = ROOT / "audits" / f"{audit.name}.examples.yml"
    document = YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    return [each["story"] for each in document["pass"]][:_MOST]


def page() -> str:
    """docs/audits.md with the catalogue of now."""
    text = PAGE.read_text("utf-8")
    return re.sub(
        f"{re.escape(BEGIN)}.*?{re.escape(END)}",
        lambda _: f"{BEGIN}\n\n{catalogue()}\n\n{END}",
        text,
        flags=re.DOTALL,
    )


def tables() -> str:
    """Every table of the face with its columns, as the reference mapping makes them."""
    with tempfile.TemporaryDirectory() as folder:
        have = _columns(Path(folder))
    rows = [
        f"| `{table}` | {', '.join(_column(*each) for each in cells)} |"
        for table, cells in sorted(have.items())
    ]
    rows.append(
        "| `<entity>_view` | key text, every field in its type, <field>_system text; if an audit names it |"
    )
    head = (
        f"Version {FACE_VERSION} of the face: under this number tables and columns are added, never renamed or taken "
        "away. "
        "What each one says stands in [audits.md](audits.md#the-tables-you-may-ask).\n\n"
        "| table | columns |\n|---|---|"
    )
    return "\n".join([head, *rows])


def _columns(folder: Path) -> dict[str, list[tuple[str, str]]]:
    mapping = read_mappings(ROOT, BOTH, Defaults("ES", "EUR", "Europe/Madrid"))
    assert isinstance(mapping, WorkspaceMapping), mapping
    nothing: dict[str, dict[str, list[dict[str, str]]]] = {system: {} for system in BOTH}
    story = Story("", "pass", "", BOTH, nothing)
    with faced(story, mapping, folder), closing(open_read_only(folder / "face.duckdb")) as db:
        found = db.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE NOT internal ORDER BY table_name, column_index"
        ).fetchall()
    fields = {e.entity: {f.field for f in e.fields} for e in mapping.entities}
    tables: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in found:
        cells = tables.setdefault(table, [])
        if shown := _shown_column(table, column, kind, fields):
            cells += [shown] if shown not in cells else []
    return tables


def _shown_column(
    table: str, column: str, kind: str, fields: dict[str, set[str]]
) -> tuple[str, str] | None:
    """A column with its type; those that are there for each field of a mapping stand once for all of them."""
    entity, _, rest = table.partition("_")
    if table in fields and (column in fields[table] or column.endswith("_raw")):
        return (
            ("every field", "its type") if column in fields[table] else ("<field>_raw", "VARCHAR")
        )
    if entity in fields and rest == "pair" and column != "key":
        return "<system>_object", "<system>_id, <system>_<field>"
    return column, kind


def _column(name: str, kind: str) -> str:
    if name in ("every field", "<system>_object"):
        return f"{name}, {kind}" if name[0] == "<" else f"{name} in {kind}"
    return f"{name} {_SHORT.get(kind, kind.lower())}"


_SHORT = {"VARCHAR": "text", "VARCHAR[]": "texts", "BOOLEAN": "flag", "TIMESTAMP": "instant", "DATE": "day",
          "BIGINT": "number", "INTEGER": "number", "HUGEINT": "number", "DOUBLE": "number"}  # fmt: skip


def writing() -> str:
    """docs/writing-audits.md with the tables of now."""
    return re.sub(
        f"{re.escape(TABLES)}.*?{re.escape(TABLES_END)}",
        lambda _: f"{TABLES}\n\n{tables()}\n\n{TABLES_END}",
        WRITING.read_text("utf-8"),
        flags=re.DOTALL,
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    WRITING.write_text(writing(), encoding="utf-8")
