"""Limits: what a plan may do before a person has to say so, all of them in LIMITS.

| limit | counts | default |
|---|---|---|
| creates | records to create in one system and object | the larger of 50 and 2 % |
| blanks | values replaced by nothing, in one system and entity | the larger of 20 and 0.5 % |
| rewrites | values replaced by others, in one field of one system | the larger of 25 and 10 % |
| collapses | records of one field given the same new value, where more than 5 old ones differed | 25 |
| detachments | references emptied or moved, in one system and entity | the larger of 10 and 0.5 % |
| regressions | ordered choices that move down | 0 |
| reopened_consent | opt-outs that would be taken back | 0, and nothing overrides it |
| archives | records to archive | 0 |
| shrunken | objects read with fewer than 90 % of the last read's records, or none at all | 0 |
| decided_links | records linked because people decided so, in one system and entity | the larger of 500 and 10 % |

A fill (a blank that gets a value) is no rewrite. Shares are of the records of that system and entity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crmsync.core.mapping import DECIDED, Field, WorkspaceMapping
from crmsync.core.planning import CellChange, Change, Line, LinkLine
from crmsync.core.ties import read_ties_text

Cells = tuple[str, str, str]
_DISTINCT_OLD = 5
_KEPT_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Limit:
    """The larger of a number and a share of the records; `hard` ones cannot be overridden."""

    at_most: int
    share: float = 0.0
    hard: bool = False

    def allows(self, records: int) -> int:
        """How many are allowed where there are that many records."""
        return max(self.at_most, int(self.share * records))


LIMITS: Mapping[str, Limit] = {
    "creates": Limit(50, 0.02),
    "blanks": Limit(20, 0.005),
    "rewrites": Limit(25, 0.10),
    "collapses": Limit(25),
    "detachments": Limit(10, 0.005),
    "regressions": Limit(0),
    "reopened_consent": Limit(0, hard=True),
    "archives": Limit(0),
    "shrunken": Limit(0),
    "decided_links": Limit(500, 0.10),
}


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a plan goes over: where, by how much, and what would be allowed."""

    limit: str
    where: str
    amount: int
    allowed: int


@dataclass(slots=True)
class Tally:
    """What a stream of plan lines does, by limit and place; filled by `count`."""

    amounts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    new_values: dict[Cells, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    old_values: dict[tuple[Cells, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    entities: dict[str, str] = field(default_factory=dict)

    def add(self, limit: str, where: str, amount: int = 1) -> None:
        """Counts one more thing that a limit watches."""
        self.amounts[limit][where] += amount


def count(tally: Tally, line: Line, mapping: WorkspaceMapping) -> None:
    """Adds one line of a plan to a tally."""
    if isinstance(line, LinkLine) and line.how == DECIDED:
        for system, _object, _id in line.refs:
            tally.add("decided_links", f"{system}/{line.entity}")
    if not isinstance(line, Change):
        return
    place = f"{line.system}/{line.entity}"
    if line.action == "create":
        where = f"{line.system}/{line.object}"
        tally.entities[where] = place
        tally.add("creates", where)
        return
    if line.action == "archive":
        tally.add("archives", place)
    entity = mapping.entity(line.entity)
    for cell in line.cells:
        found = entity.field_named(cell.field)
        assert found is not None, f"a plan names no field outside its mapping: {cell.field}"
        _count_cell(tally, place, found, cell)


def _count_cell(tally: Tally, place: str, mapped: Field, cell: CellChange) -> None:
    if cell.before is not None and cell.after is None:
        tally.add("blanks", place)
    if mapped.type == "references":
        _count_ties(tally, place, cell)
    elif cell.before is not None and cell.after is not None:
        tally.add("rewrites", f"{place}.{cell.field}")
        _count_values(tally, (place, mapped.field, ""), cell.before, cell.after)
    if mapped.type == "reference" and cell.before is not None:
        tally.add("detachments", place)
    if _falls(mapped, cell):
        tally.add("regressions", f"{place}.{cell.field}")
    if mapped.is_consent and cell.before == "true":
        tally.add("reopened_consent", place)


def _count_ties(tally: Tally, place: str, cell: CellChange) -> None:
    """Every tie taken away is a detachment; one that is added harms nobody."""
    before, after = (read_ties_text(text) for text in (cell.before, cell.after))
    if before - after:
        tally.add("detachments", place, len(before - after))


def _count_values(tally: Tally, cells: Cells, before: str, after: str) -> None:
    tally.new_values[cells][after] += 1
    if len(tally.old_values[cells, after]) <= _DISTINCT_OLD:
        tally.old_values[cells, after].add(before)


def _falls(mapped: Field, cell: CellChange) -> bool:
    rank = {choice: place for place, choice in enumerate(mapped.order)}
    before, after = rank.get(cell.before or ""), rank.get(cell.after or "")
    return before is not None and (after is None or after < before)


def count_reads(tally: Tally, now: Mapping[str, int], before: Mapping[str, int]) -> None:
    """Adds the objects (system/object: records) that came back with far fewer records than last time."""
    for place, earlier in sorted(before.items()):
        if earlier and now.get(place, 0) < earlier * _KEPT_SHARE:
            tally.add("shrunken", place)


def breaches(
    tally: Tally, records: Mapping[str, int], limits: Mapping[str, Limit] = LIMITS
) -> list[Breach]:
    """Every limit gone over, by limit and place. `records` counts by `system/entity`."""
    collapsed = _collapses(tally)
    amounts = {**tally.amounts, "collapses": Counter(collapsed)}
    return [
        Breach(name, where, amount, allowed)
        for name in limits
        for where, amount in sorted(amounts.get(name, Counter()).items())
        if amount > (allowed := limits[name].allows(_records_at(tally, where, records)))
    ]


def _records_at(tally: Tally, where: str, records: Mapping[str, int]) -> int:
    """Records of the system and entity that a place belongs to, 0 if they were not counted."""
    place = tally.entities.get(where, where)
    return records.get(place, records.get(place.rpartition(".")[0], 0))


def _collapses(tally: Tally) -> dict[str, int]:
    """The largest collapse of each field; a harmless rewrite that is larger still hides none."""
    found: dict[str, int] = {}
    for cells, values in tally.new_values.items():
        where = f"{cells[0]}.{cells[1]}"
        for value, times in values.items():
            if len(tally.old_values[cells, value]) > _DISTINCT_OLD:
                found[where] = max(times, found.get(where, 0))
    return found


def still_forbidden(
    found: Iterable[Breach], allowed: Mapping[str, int], limits: Mapping[str, Limit] = LIMITS
) -> list[Breach]:
    """The breaches that stay after an override, which has to name the limit and the exact number."""
    found = list(found)
    totals = Counter(dict.fromkeys(limits, 0))
    for breach in found:
        totals[breach.limit] += breach.amount
    return [
        breach
        for breach in found
        if limits[breach.limit].hard or allowed.get(breach.limit) != totals[breach.limit]
    ]
