"""Native texts behind a customer's values, and when those were written, as far as any system tells."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crmsync.core.evidence import Written
from crmsync.core.records import Ref
from crmsync.warehouse.columns import Columns
from crmsync.warehouse.evidence import native_texts, times_written
from warehouse.shelf import columns_over, reference_mapping, stored

ANA = Ref("salesforce", "Contact", "003000000000001AAA")
DEAL = Ref("salesforce", "Opportunity", "006000000000001AAA")
HISTORY = "_history.Contact.ContactHistory"
STATES = "_history.Opportunity.OpportunityHistory"
CHANGED = "2026-11-19T08:00:00.000Z"


@contextmanager
def read(**salesforce: list[dict[str, Any]]) -> Iterator[Columns]:
    ana = {"_id": ANA.id, "LastName": "Gil", "Phone": "911 23 45 67", "_modified_at": CHANGED}
    rows = {
        "Contact": [ana],
        **{name.replace("__", "."): each for name, each in salesforce.items()},
    }
    mapping = reference_mapping()
    with TemporaryDirectory() as folder:
        snapshots = stored(Path(folder), {"salesforce": rows}, mapping)
        with columns_over(snapshots, mapping) as columns:
            yield columns


def times(columns: Columns, ref: Ref = ANA, entity: str = "contact") -> dict[str, Written]:
    found = times_written(columns, columns.mapping.entity(entity), [ref])
    assert list(found) == [ref]
    return dict(found[ref])


def change(native: str, at: str, **more: str) -> dict[str, str]:
    cells = {"record_id": ANA.id, "told": "change", "native": native, "happened_at": at}
    return {"id": f"{native}{at}", "precision": "instant", **cells, **more}


def at(day: int, hour: int = 8) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def test_the_texts_are_those_the_system_wrote() -> None:
    with read() as columns:
        contact = columns.mapping.entity("contact")
        found = native_texts(columns, contact, [ANA])
        assert native_texts(columns, contact, []) == {}
    assert found[ANA]["Phone"] == "911 23 45 67"
    assert found[ANA]["Email"] is None
    assert "phone" not in found[ANA]


def test_a_set_of_ties_is_told_as_it_was_read() -> None:
    tie = {"from_id": DEAL.id, "to_id": ANA.id, "role": "Decision Maker", "is_primary": "true"}
    deal = [{"_id": DEAL.id, "Name": "Deal"}]
    with read(Opportunity=deal, Opportunity__Contact=[tie]) as columns:
        found = native_texts(columns, columns.mapping.entity("deal"), [DEAL])[DEAL]
    assert found["Name"] == "Deal"
    assert [text for text in found.values() if text and ANA.id in text]


def test_without_a_history_a_record_says_by_when_it_was_written() -> None:
    with read() as columns:
        assert times(columns) == {"": Written(at(19), "upper_bound", "record")}


def test_a_record_that_bears_no_time_says_nothing() -> None:
    with read(Contact=[{"_id": ANA.id, "LastName": "Gil"}]) as columns:
        assert times(columns) == {}


def test_the_last_change_of_a_history_counts() -> None:
    told = [
        change("Phone", "2026-11-03T08:00:00.000Z"),
        change("Phone", "2026-11-05T08:00:00.000Z"),
        change("Phone", "2026-11-04T08:00:00.000Z"),
        change("Title", "2026-11-02T00:00:00.000Z", precision="day"),
        change("Phone", "2026-11-18T08:00:00.000Z", record_id="003000000000009AAA"),
        change("Fax", "", precision="unknown"),
        {**change("Email", "2026-11-01T00:00:00.000Z"), "told": "record"},
    ]
    with read(**{HISTORY: told}) as columns:
        found = times(columns)
    assert found.keys() == {"", "Phone", "Title"}
    assert found["Phone"] == Written(at(5), "instant", "history")
    assert found["Title"] == Written(at(2, 0), "day", "history")


def state(new: str, day: int) -> dict[str, str]:
    cells = {"record_id": DEAL.id, "told": "state", "native": "StageName", "new": new}
    moment = f"2026-11-{day:02d}T08:00:00.000Z"
    return {"id": f"s{day}", "precision": "instant", "happened_at": moment, **cells}


def test_states_tell_when_a_value_came_and_the_first_only_by_when() -> None:
    deal = [{"_id": DEAL.id, "Name": "Deal", "StageName": "Prospecting"}]

    def told(*states: dict[str, str]) -> Written:
        with read(Opportunity=deal, **{STATES: list(states)}) as columns:
            return times(columns, DEAL, "deal")["StageName"]

    assert told(state("A", 1), state("B", 3), state("B", 5)) == Written(at(3), "instant", "history")
    assert told(state("A", 1), state("A", 5)) == Written(at(1), "upper_bound", "history")
