"""What every connector promises, whoever wrote it: subclass `ConnectorContract` and give a `rig`.

The suite speaks only the Protocol. It needs the system behind a real HTTP address, and the proxy of
this folder in front of it to break things. Systems without HTTP keep `ReadingContract`, and
`WritingContract` if they can be written.
"""

from __future__ import annotations

import pytest

from crmsync.connectors.base import SYSTEM_COLUMNS, Connector
from crmsync.connectors.facts import COLUMNS_OF, FactConnector
from crmsync.connectors.registry import kinds
from crmsync.errors import AccessDenied
from crmsync.testing.contract_http import HttpContract
from crmsync.testing.contract_ties import TiesContract
from crmsync.testing.rig import Promises, Rig, creates, update


class ReadingContract(Promises):
    """What is promised of every system, those that are only read too."""

    def test_it_is_found_by_its_kind(self, rig: Rig) -> None:
        assert rig.kind in kinds()

    def test_it_says_who_it_is(self, connector: Connector) -> None:
        identity = connector.whoami()
        assert identity.system == connector.system
        assert identity.id

    def test_a_read_gives_every_live_record_once_over_several_pages(
        self, connector: Connector, rig: Rig
    ) -> None:
        batches = list(connector.read(rig.object, list(rig.cells)))
        ids = [one for batch in batches for one in batch.column("_id").to_pylist()]
        assert len(batches) > 1
        assert len(ids) == len(set(ids)) == rig.live()

    def test_a_batch_has_the_system_columns_and_the_fields_as_text(
        self, connector: Connector, rig: Rig
    ) -> None:
        batch = next(iter(connector.read(rig.object, list(rig.cells))))
        assert batch.schema.names == [*SYSTEM_COLUMNS, *rig.cells]
        assert {str(kind) for kind in batch.schema.types} == {"string"}
        for name in SYSTEM_COLUMNS[1:]:
            assert all(
                len(one) == 24 and one.endswith("Z") for one in batch.column(name).to_pylist()
            )

    def test_a_field_that_is_not_there_is_absent_and_not_blank(
        self, connector: Connector, rig: Rig
    ) -> None:
        name = next(iter(rig.cells))
        batch = next(iter(connector.read(rig.object, [name, "no_such_field"])))
        assert batch.schema.names == [*SYSTEM_COLUMNS, name]
        one = batch.column("_id")[0].as_py()
        assert list(connector.get(rig.object, [one], [name, "no_such_field"])[one]) == [name]

    def test_read_and_get_give_the_same_text(self, connector: Connector, rig: Rig) -> None:
        one = self.made(connector, rig, "k-same", rig.cells)
        got = connector.get(rig.object, [one], list(rig.cells))[one]
        rows = [
            row
            for batch in connector.read(rig.object, list(rig.cells))
            for row in batch.to_pylist()
            if row["_id"] == one
        ]
        assert [{name: row[name] for name in rig.cells} for row in rows] == [got]

    def test_an_unknown_id_is_left_out(self, connector: Connector, rig: Rig) -> None:
        one = self.made(connector, rig, "k-known")
        assert list(connector.get(rig.object, [rig.unknown_id, one], list(rig.cells))) == [one]
        assert connector.get(rig.object, [rig.unknown_id], list(rig.cells)) == {}

    def test_getting_nothing_and_the_same_twice_is_no_problem(
        self, connector: Connector, rig: Rig
    ) -> None:
        one = self.made(connector, rig, "k-twice")
        assert connector.get(rig.object, [], list(rig.cells)) == {}
        assert list(connector.get(rig.object, [one, one], list(rig.cells))) == [one]

    def test_the_small_tables_are_text(self, connector: Connector) -> None:
        for table in (connector.owners(), connector.stages()):
            assert {str(kind) for kind in table.schema.types} == {"string"}

    def test_facts_are_rows_of_the_columns_they_name(self, connector: Connector, rig: Rig) -> None:
        """Of a system that tells any: nothing is written, and what is not read has no rows and a reason."""
        if not isinstance(connector, FactConnector):
            return
        tables = []
        for fact in connector.facts({rig.object: frozenset(rig.cells)}):
            tables.append(fact.table)
            kind, _, source = fact.table.partition(".")
            assert source
            assert set(fact.columns) <= set(COLUMNS_OF[kind])
            batches = list(fact.batches)
            assert not (fact.unread and batches)
            for batch in batches:
                assert tuple(batch.schema.names) == fact.columns
                assert {str(column.type) for column in batch.columns} == {"string"}
        assert len(tables) == len(set(tables))
        assert connector.meter.written == 0

    def test_a_connection_for_reading_refuses_to_write(self, rig: Rig) -> None:
        reader = rig.opens(rig.settings, writes=False)
        with pytest.raises(AccessDenied):
            reader.write(rig.object, creates(rig, "k-reader"))
        assert reader.meter.made == 0
        reader.close()

    def test_writing_nothing_makes_no_call(self, connector: Connector, rig: Rig) -> None:
        assert connector.write(rig.object, []) == []
        assert connector.meter.made == 0


class WritingContract(Promises):
    """What is promised of every system that can be written."""

    def test_its_schema_names_the_key_field_and_what_can_be_written(
        self, connector: Connector, rig: Rig
    ) -> None:
        schema = connector.schema(rig.object)
        assert schema.fields[connector.capabilities.key_fields[rig.object]].createable
        assert all(schema.fields[name].writable for name in rig.cells)
        assert any(not native.writable for native in schema.fields.values())

    def test_what_is_written_is_read_back_as_the_same_text(
        self, connector: Connector, rig: Rig
    ) -> None:
        one = self.made(connector, rig, "k-round")
        [result] = connector.write(rig.object, [update(one, rig.cells)])
        assert (result.outcome, result.native_id, result.created) == ("written", one, False)
        assert connector.get(rig.object, [one], list(rig.cells))[one] == rig.cells

    def test_a_blank_clears_and_what_is_not_sent_stays(
        self, connector: Connector, rig: Rig
    ) -> None:
        one = self.made(connector, rig, "k-blank", rig.cells)
        clearable = [name for name, text in rig.cells.items() if text not in ("true", "false")]
        cleared, *kept = clearable
        connector.write(rig.object, [update(one, {cleared: None})])
        cells = connector.get(rig.object, [one], clearable)[one]
        assert cells == {cleared: None, **{name: rig.cells[name] for name in kept}}

    def test_a_key_created_twice_makes_one_record(self, connector: Connector, rig: Rig) -> None:
        first, second = (
            connector.write(rig.object, creates(rig, "k-once"))[0] for _time in range(2)
        )
        assert (first.created, second.created) == (True, False)
        assert first.native_id == second.native_id
        assert connector.find(rig.object, ["k-once"]) == {"k-once": first.native_id}

    def test_find_leaves_unknown_keys_out(self, connector: Connector, rig: Rig) -> None:
        one = self.made(connector, rig, "k-found")
        assert connector.find(rig.object, ["k-nowhere", "k-found"]) == {"k-found": one}
        assert connector.find(rig.object, ["k-nowhere"]) == {}
        assert connector.find(rig.object, []) == {}

    def test_one_refused_record_leaves_its_neighbours_written(
        self, connector: Connector, rig: Rig
    ) -> None:
        good, bad = creates(rig, "k-good-1", "k-good-2"), creates(rig, "k-bad", cells=rig.bad)
        results = connector.write(rig.object, [good[0], *bad, good[1]])
        assert [one.outcome for one in results] == ["written", "refused", "written"]
        assert results[1].native_id is None
        assert results[1].message
        assert set(connector.find(rig.object, ["k-good-1", "k-bad", "k-good-2"])) == {
            "k-good-1",
            "k-good-2",
        }

    def test_results_come_in_the_order_of_the_requests(
        self, connector: Connector, rig: Rig
    ) -> None:
        keys = [f"k-order-{at}" for at in (5, 3, 9, 1)]
        results = connector.write(rig.object, creates(rig, *keys))
        assert [one.change_id for one in results] == [f"c-{key}" for key in keys]
        assert connector.find(rig.object, keys) == {
            key: one.native_id for key, one in zip(keys, results, strict=True)
        }

    def test_an_update_of_an_unknown_id_is_missing(self, connector: Connector, rig: Rig) -> None:
        one = self.made(connector, rig, "k-neighbour")
        requests = [update(rig.unknown_id, rig.cells, "gone"), update(one, rig.cells, "here")]
        results = connector.write(rig.object, requests)
        assert [one.outcome for one in results] == ["missing", "written"]

    def test_a_full_batch_fits_one_call(self, connector: Connector, rig: Rig) -> None:
        size = connector.capabilities.batch_size
        connector.schema(rig.object)
        results = connector.write(rig.object, creates(rig, *(f"k-full-{at}" for at in range(size))))
        assert {one.outcome for one in results} == {"written"}
        assert connector.meter.written == 1


class ConnectorContract(ReadingContract, WritingContract, HttpContract, TiesContract):
    """The promises. A subclass defines the fixtures `rig` and `connector`."""
