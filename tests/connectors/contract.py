"""What every connector promises, whoever wrote it: subclass `ConnectorContract` and give a `rig`.

The suite speaks only the Protocol. It needs the system behind a real HTTP address, and the proxy of
this folder in front of it to break things.
"""

from __future__ import annotations

import socket
from typing import Any

import pytest

from connectors.proxy import HTML, cuts, drops, loses, says
from connectors.rig import Rig, creates, update
from crmsync.connectors.base import SYSTEM_COLUMNS, Cells, Connector
from crmsync.connectors.registry import kinds
from crmsync.errors import AccessDenied, AnswerBroken, TryLater, Unavailable

SECRET = "pat-na1-00000000-1111-2222-3333-444444444444"


class ConnectorContract:
    """The promises. A subclass defines the fixtures `rig` and `connector`."""

    def made(self, connector: Connector, rig: Rig, key: str, cells: Cells | None = None) -> str:
        [result] = connector.write(rig.object, creates(rig, key, cells=cells))
        assert result.outcome == "written", result.message
        assert result.native_id
        return result.native_id

    # identity and schema

    def test_it_is_found_by_its_kind(self, rig: Rig) -> None:
        assert rig.kind in kinds()

    def test_it_says_who_it_is(self, connector: Connector) -> None:
        identity = connector.whoami()
        assert identity.system == connector.system
        assert identity.id
        assert identity.base_url.startswith("http")

    def test_its_skew_is_nothing_before_the_first_call_and_small_after(
        self, connector: Connector
    ) -> None:
        assert connector.clock_skew_s() == 0
        connector.whoami()
        assert 0 < abs(connector.clock_skew_s()) < 5

    def test_its_schema_names_the_key_field_and_what_can_be_written(
        self, connector: Connector, rig: Rig
    ) -> None:
        schema = connector.schema(rig.object)
        assert schema.fields[connector.capabilities.key_fields[rig.object]].createable
        assert all(schema.fields[name].writable for name in rig.cells)
        assert any(not native.writable for native in schema.fields.values())

    # reading

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
            assert table.num_rows > 0
            assert {str(kind) for kind in table.schema.types} == {"string"}

    # writing

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

    def test_writing_nothing_makes_no_call(self, connector: Connector, rig: Rig) -> None:
        assert connector.write(rig.object, []) == []
        assert connector.meter.made == 0

    def test_a_connection_for_reading_refuses_to_write(self, rig: Rig) -> None:
        reader = rig.opens(rig.settings, writes=False)
        with pytest.raises(AccessDenied):
            reader.write(rig.object, creates(rig, "k-reader"))
        assert reader.meter.made == 0
        reader.close()

    # a lost answer

    @pytest.mark.parametrize("fault", [loses, cuts], ids=["lost", "cut"])
    def test_a_write_whose_answer_was_lost_is_unknown_and_sent_once(
        self, connector: Connector, rig: Rig, fault: Any
    ) -> None:
        connector.schema(rig.object)
        rig.proxy.only, rig.proxy.faults = rig.is_write, [fault]
        results = connector.write(rig.object, creates(rig, "k-lost-1", "k-lost-2"))
        assert [one.outcome for one in results] == ["unknown", "unknown"]
        assert rig.proxy.count(rig.is_write) == 1
        assert set(connector.find(rig.object, ["k-lost-1", "k-lost-2"])) == {
            "k-lost-1",
            "k-lost-2",
        }

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_write_that_a_gateway_gave_up_on_is_unknown(
        self, connector: Connector, rig: Rig, status: int
    ) -> None:
        connector.schema(rig.object)
        rig.proxy.only, rig.proxy.faults = rig.is_write, [says(status, HTML)]
        [result] = connector.write(rig.object, creates(rig, "k-gateway"))
        assert result.outcome == "unknown"
        assert rig.proxy.count(rig.is_write) == 1

    def test_a_write_turned_away_with_429_is_sent_again(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        rig.proxy.only, rig.proxy.faults = rig.is_write, [says(429), says(429)]
        [result] = connector.write(rig.object, creates(rig, "k-429"))
        assert (result.outcome, result.created) == ("written", True)
        assert len(rig.slept) == 2

    def test_a_write_turned_away_for_good_is_unavailable_and_undone(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        rig.proxy.only, rig.proxy.faults = rig.is_write, [says(429)] * 5
        with pytest.raises(Unavailable):
            connector.write(rig.object, creates(rig, "k-never"))
        assert connector.find(rig.object, ["k-never"]) == {}

    def test_an_answer_without_results_leaves_the_batch_unknown(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        for body in ({}, [], {"results": []}):
            rig.proxy.only, rig.proxy.faults = rig.is_write, [says(200, body)]
            results = connector.write(rig.object, creates(rig, "k-silent-1", "k-silent-2"))
            assert [one.outcome for one in results] == ["unknown", "unknown"]

    # reads that go wrong

    def test_a_page_that_breaks_off_once_is_read_again(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.proxy.only, rig.proxy.faults = rig.is_read, [cuts]
        assert connector.whoami().id

    def test_a_page_that_keeps_breaking_off_is_broken(self, connector: Connector, rig: Rig) -> None:
        rig.proxy.only, rig.proxy.always = rig.is_read, cuts
        with pytest.raises(AnswerBroken):
            connector.whoami()
        assert rig.proxy.count(rig.is_read) == 2

    @pytest.mark.parametrize("body", [HTML, b'{"results": [', b"error code: 1015", b"[]"])
    def test_a_page_that_is_no_answer_is_broken(
        self, connector: Connector, rig: Rig, body: bytes
    ) -> None:
        rig.proxy.only, rig.proxy.always = rig.is_read, says(200, body)
        with pytest.raises(AnswerBroken):
            connector.whoami()

    @pytest.mark.parametrize("verb", ["schema", "read", "get", "find", "owners", "stages"])
    def test_an_answer_of_another_shape_is_broken_and_no_traceback(
        self, connector: Connector, rig: Rig, verb: str
    ) -> None:
        first: Any = {
            "schema": lambda: connector.schema(rig.object),
            "read": lambda: list(connector.read(rig.object, list(rig.cells))),
            "get": lambda: connector.get(rig.object, [rig.unknown_id], list(rig.cells)),
            "find": lambda: connector.find(rig.object, ["k"]),
            "owners": connector.owners,
            "stages": connector.stages,
        }[verb]
        odd = {"results": [7], "records": [7], "done": True, "totalSize": 1, "fields": [{}]}
        if verb != "schema":
            connector.schema(rig.object)
        rig.proxy.always = says(200, odd)
        with pytest.raises(AnswerBroken):
            first()

    def test_a_write_answered_in_another_shape_is_unknown(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        for body in ({"results": [7]}, {"results": [], "errors": ["x"]}, [7], ["x"], 7):
            rig.proxy.only, rig.proxy.faults = rig.is_write, [says(200, body)]
            [result] = connector.write(rig.object, creates(rig, "k-odd"))
            assert result.outcome == "unknown"

    def test_a_read_dropped_or_refused_for_a_moment_is_repeated(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.proxy.only = rig.is_read
        rig.proxy.faults = [drops, says(503, HTML), says(429), says(504)]
        assert connector.whoami().id
        assert len(rig.slept) == 4
        assert all(seconds > 0 for seconds in rig.slept)

    def test_a_server_that_stays_down_is_unavailable_after_a_bounded_number_of_tries(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.proxy.always = says(503, HTML)
        with pytest.raises(Unavailable) as raised:
            connector.whoami()
        assert raised.value.status == 503
        assert (len(rig.proxy.seen), len(rig.slept)) == (5, 4)

    def test_what_a_server_asks_to_wait_is_waited(self, connector: Connector, rig: Rig) -> None:
        rig.proxy.faults = [says(503, HTML, Retry_After="7")]
        connector.whoami()
        assert rig.slept == [7]

    def test_a_wait_too_long_is_for_later(self, connector: Connector, rig: Rig) -> None:
        rig.proxy.faults = [says(503, HTML, Retry_After="3600")]
        with pytest.raises(TryLater):
            connector.whoami()
        assert rig.slept == []

    def test_a_host_that_is_not_there_is_unavailable(self, rig: Rig) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        lonely = rig.opens({**rig.settings, "url": url})
        with pytest.raises(Unavailable):
            lonely.whoami()
        assert len(rig.slept) == 4
        lonely.close()

    # secrets and surroundings

    def test_a_wrong_token_is_denied_and_never_shown(self, rig: Rig) -> None:
        stranger = rig.opens({**rig.settings, "token": SECRET})
        with pytest.raises(AccessDenied) as raised:
            stranger.whoami()
        assert SECRET not in f"{raised.value} {raised.value!r}"
        assert raised.value.remedy
        stranger.close()

    def test_a_token_that_the_system_repeats_is_taken_out(
        self, connector: Connector, rig: Rig
    ) -> None:
        token = rig.settings["token"]
        echo = [{"message": f"token {token} and Bearer {SECRET}", "errorCode": "X"}]
        for body in (echo, echo[0]):
            rig.proxy.faults = [says(403, body)]
            with pytest.raises(AccessDenied) as raised:
                connector.whoami()
            assert token not in f"{raised.value} {raised.value!r}"
            assert SECRET not in f"{raised.value} {raised.value!r}"

    def test_a_connector_shows_no_token(self, connector: Connector, rig: Rig) -> None:
        assert rig.settings["token"] not in repr(connector)

    def test_the_environment_does_not_reach_loopback(
        self, rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
    ) -> None:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            monkeypatch.setenv(name, str(tmp_path / "nowhere.pem"))
        netrc = tmp_path / "netrc"
        netrc.write_text("default login somebody password wrong\n")
        monkeypatch.setenv("NETRC", str(netrc))
        connector = rig.opens(rig.settings)
        assert connector.whoami().id
        connector.close()

    # the budget

    def test_calls_are_counted_by_what_they_ask(self, connector: Connector, rig: Rig) -> None:
        connector.whoami()
        self.made(connector, rig, "k-count")
        assert connector.meter.made == len(rig.proxy.seen) == sum(connector.meter.by_path.values())
        assert connector.meter.written == 1
        assert connector.meter.left is not None
        assert connector.meter.allowed
        assert not any(rig.settings["token"] in label for label in connector.meter.by_path)

    def test_the_reserve_of_the_day_is_left_to_others(self, rig: Rig) -> None:
        connector = rig.opens({**rig.settings, "reserve": "0.9"})
        connector.whoami()
        meter = connector.meter
        meter.left, meter.allowed = 899, 1000
        with pytest.raises(TryLater):
            connector.owners()
        meter.left = 900
        assert connector.owners().num_rows
        connector.close()
