"""`python -m benchmarks.real_data FOLDER`: somebody else's data, read, audited, and every difference accounted for.

FOLDER holds exports (CSV, Excel) or SQL scripts that SQLite can run, of one Salesforce; each script becomes a database.
The page says for every object how many rows went in and records came out and why they differ, and for every
field how many values could not be read and how many findings say so. It ends with 1 if those two numbers are not
the same, or rows are missing without a reason.

    --take Contact=Contacts.csv   the file of an object, where several could be it
    --country US                  whose phones and numbers they are
"""

from __future__ import annotations

import argparse
import csv
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crmsync.commands.audit import audit
from crmsync.commands.columns import open_columns
from crmsync.commands.pull import pull
from crmsync.commands.workspace import Workspace, open_workspace
from crmsync.core.auditing import AuditResult, Finding
from crmsync.core.likeness import same_name
from crmsync.core.mapping import Entity
from crmsync.core.records import Invalid
from crmsync.core.spec import Spec
from crmsync.core.values import parse
from crmsync.warehouse.columns import Columns

SYSTEM = "salesforce"
_EXAMPLES = 4
Place = tuple[str, str]
"""Entity and field."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one source: rows counted without crmsync, records, and what was said about it."""

    rows: Mapping[str, int]
    records: Mapping[str, int]
    told: tuple[str, ...]
    unread: Mapping[Place, int]
    findings: Mapping[Place, int]
    examples: Mapping[Place, str]
    nowhere: Mapping[Place, int]
    linked: Mapping[str, tuple[int, int]]
    results: tuple[AuditResult, ...]

    @property
    def adds_up(self) -> bool:
        """True if every row is a record or was spoken of, and every value that cannot be read is a finding."""
        lost = {name for name, rows in self.rows.items() if self.records.get(name, 0) != rows}
        spoken = all(any(name in line for line in self.told) for name in lost)
        return spoken and self.unread == self.findings


def main() -> int:
    """Reads everything in a folder; 0 if all of it adds up."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_data", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--country", default="US")
    parser.add_argument("--take", action="append", default=[], metavar="OBJECT=FILE")
    options = parser.parse_args()
    takes = dict(each.split("=", 1) for each in options.take)
    good = True
    with tempfile.TemporaryDirectory(prefix="crmsync-real-") as scratch:
        for number, (name, workspace, rows) in enumerate(_sources(options, Path(scratch), takes)):
            seen = look(workspace, rows)
            print(("\n" if number else "") + "\n".join(page(name, seen)))
            good = good and seen.adds_up
    return 0 if good else 1


def _sources(
    options: argparse.Namespace, scratch: Path, takes: Mapping[str, str]
) -> Iterator[tuple[str, Workspace, dict[str, int]]]:
    """A workspace for each script, and one for all exports: its name, and the rows of each object."""
    folder: Path = options.folder.resolve()
    for script in sorted(folder.glob("*.sql")):
        yield script.name, *over_script(script, scratch / script.stem, options.country)
    if any(folder.glob("*.csv")):
        yield folder.name, *over_exports(folder, scratch / "exports", options.country, takes)


def over_script(script: Path, place: Path, country: str) -> tuple[Workspace, dict[str, int]]:
    """A workspace over a SQLite database that a script fills."""
    _crmsync("init", place, "--yes", "--systems", SYSTEM, "--country", country)
    with sqlite3.connect(place / "source.db") as database:
        database.executescript(script.read_text(encoding="utf-8"))
        tables = {name: _columns(database, name) for name in _tables(database)}
        objects = {name: columns for name, columns in tables.items() if _is_object(name)}
        rows = {name: _count(database, name) for name in objects}
    database.close()
    natives = _natives(place)
    lines = [f"  {SYSTEM}:", "    kind: sql", "    url: sqlite:///source.db", "    objects:"]
    for name, columns in objects.items():
        named = {n: c for c in columns for n in natives[name] if same_name(c, n)}
        pairs = ", ".join(f"{native}: {column}" for native, column in sorted(named.items()))
        tie = next((column for column in columns if same_name(column, "primary_contact")), "")
        ties = f", ties: {{Contact: {{column: {tie}, primary: first}}}}" if tie else ""
        lines.append(f"      {name}: {{table: {name}, id: id, columns: {{{pairs}}}{ties}}}")
    _with_systems(place, lines)
    return open_workspace(place), rows


def over_exports(
    folder: Path, place: Path, country: str, takes: Mapping[str, str]
) -> tuple[Workspace, dict[str, int]]:
    """A workspace over the CSV files of a folder, as `init` recognises them; `takes` goes before that."""
    said = _crmsync(
        *("init", place, "--yes", "--country", country),
        *("--files", f"{SYSTEM}={folder}", "--like", f"{SYSTEM}={SYSTEM}"),
    )
    print("\n".join(line for line in said.splitlines() if line.startswith(SYSTEM)), "\n")
    workspace = open_workspace(place)
    if takes:
        known = workspace.project.systems[SYSTEM].get("objects") or {}
        lines = [f"  {SYSTEM}:", "    kind: files", f"    folder: {folder}", "    objects:"]
        for name in sorted({*known, *takes}):
            file = takes.get(name) or known[name]["file"]
            lines.append(f"      {name}: {{file: {file!r}}}")
        _with_systems(place, lines)
        workspace = open_workspace(place)
    objects = workspace.project.systems[SYSTEM]["objects"]
    files = {name: sorted(folder.glob(each["file"]))[-1] for name, each in objects.items()}
    return workspace, {name: _csv_rows(path) for name, path in files.items()}


def _csv_rows(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for row in csv.reader(file) if any(cell.strip() for cell in row)) - 1


def _crmsync(*words: object) -> str:
    command = [sys.executable, "-m", "crmsync", *(str(word) for word in words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout + done.stderr


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [name for (name,) in rows]


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]


def _count(database: sqlite3.Connection, table: str) -> int:
    ((found,),) = database.execute(f'SELECT count(*) FROM "{table}"')
    return int(found)


def _is_object(table: str) -> bool:
    return table in ("Account", "Contact", "Lead", "Opportunity")


def _natives(place: Path) -> dict[str, list[str]]:
    mapping = open_workspace(place).mapping
    return {seat.object: entity.natives_of(seat) for entity, seat in mapping.seats_of(SYSTEM)}


def _with_systems(place: Path, lines: Sequence[str]) -> None:
    """Puts other systems into crmsync.yml."""
    file = place / "crmsync.yml"
    text = file.read_text(encoding="utf-8")
    head, rest = text.split("systems:\n", 1)
    tail = rest[rest.index("\nlimits:") :] if "\nlimits:" in rest else ""
    file.write_text(f"{head}systems:\n" + "\n".join(lines) + "\n" + tail, encoding="utf-8")


def look(workspace: Workspace, rows: dict[str, int]) -> Seen:
    """Pulls and audits a workspace, and counts again what it says."""
    told: list[str] = []
    pulled = pull(workspace, tell=told.append)
    records = {
        s.manifest.object: s.manifest.rows for s in pulled.snapshots if s.manifest.object in rows
    }
    facts = audit(_told_one_by_one(workspace), profile="all")
    with workspace.store() as store, open_columns(workspace, store) as columns:
        unread, nowhere = _unread(columns)
        linked = {e.entity: _linked(columns, e) for e in columns.mapping.entities}
    said: dict[Place, Counter[str]] = {}
    for finding in _of_unread(facts.results):
        place = finding.entity, finding.field or ""
        said.setdefault(place, Counter())[finding.detail or ""] += 1
    findings = {place: counted.total() for place, counted in said.items()}
    examples = {
        place: ", ".join(f"{raw!r} {n}" for raw, n in counted.most_common(_EXAMPLES))
        for place, counted in said.items()
    }
    return Seen(
        rows, records, tuple(told), unread, findings, examples, nowhere, linked, facts.results
    )


def _told_one_by_one(workspace: Workspace) -> Workspace:
    """The workspace with options that many records have told of every record, as other values are."""
    never = {"usual": 1_000_000}
    audits = (
        replace(each, params={**each.params, **never}) if "usual" in each.params else each
        for each in workspace.audits
    )
    return replace(workspace, audits=tuple(audits))


def _of_unread(results: Iterable[AuditResult]) -> Iterator[Finding]:
    """What is told of unreadable values: C20; of an e-mail address C02, or C12 where a word is in its place."""
    for result in results:
        if result.audit.id == "C20":
            yield from result.findings
        elif result.audit.id in {"C02", "C12"}:
            yield from (each for each in result.findings if _is_no_address(each))


def _is_no_address(finding: Finding) -> bool:
    """C12 tells of addresses, too, that can be read and are nobody's: nobody@example.com."""
    return finding.field == "email" and isinstance(parse(finding.detail, Spec("email")), Invalid)


def _unread(columns: Columns) -> tuple[dict[Place, int], dict[Place, int]]:
    """Values that were not read, and ties that lead to no record, counted from the rows themselves.

    A stage that also says whether a deal is won is one cell, and counts as the stage.
    """
    unread: dict[Place, int] = {}
    nowhere: dict[Place, int] = {}
    for entity in columns.mapping.entities:
        told = {str(each.names) for each in entity.fields if each.type != "flag"}
        for each in entity.fields:
            if each.type == "flag" and str(each.names) in told:
                continue
            query = (
                f'SELECT count(*) FROM "row_{entity.entity}" '
                f'WHERE "{each.field}" IS NULL AND "{each.field}_raw" IS NOT NULL'
            )
            ((count,),) = columns.db.execute(query).fetchall()
            place = nowhere if each.type == "reference" else unread
            # Of sets of ties the roles are looked at one by one, which no export here has
            if count and each.type not in (
                "owner",
                "references",
            ):  # an export has no users to know owners by
                place[entity.entity, each.field] = count
    return unread, nowhere


def _linked(columns: Columns, entity: Entity) -> tuple[int, int]:
    return len(columns.matches[entity.entity]), len(columns.ambiguities[entity.entity])


def page(name: str, seen: Seen) -> Iterator[str]:
    """The page of one source, as Markdown."""
    yield f"## {name}\n"
    yield from table(("object", "rows in", "records out"), [
        (each, rows, seen.records.get(each, 0)) for each, rows in seen.rows.items()
    ])  # fmt: skip
    yield ""
    yield from (f"- {line}" for line in seen.told)
    yield ""
    yield from table(("field", "not readable", "findings (C20, C02, C12)", "such as"), [
        (".".join(place), seen.unread.get(place, 0), seen.findings.get(place, 0), seen.examples.get(place, ""))
        for place in sorted({*seen.unread, *seen.findings})
    ])  # fmt: skip
    yield ""
    ties = [(".".join(place), count) for place, count in seen.nowhere.items()]
    yield from table(("tie", "leads to no record"), ties)
    yield ""
    links = [(entity, *numbers) for entity, numbers in seen.linked.items()]
    yield from table(("entity", "links", "ambiguous"), links)
    yield ""
    yield from table(("audit", "findings", "looked at", "not checked for want of"), [
        (r.audit.id, len(r.findings), r.eligible or 0, r.not_checked or "") for r in seen.results
    ])  # fmt: skip
    yield f"\n{'Everything adds up.' if seen.adds_up else 'IT DOES NOT ADD UP.'}"


def table(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    """A table as Markdown; nothing without rows."""
    if not rows:
        return
    for line in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(str(cell) for cell in line)} |"


if __name__ == "__main__":
    sys.exit(main())
