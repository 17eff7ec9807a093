"""What a connector promises of the way to a system over HTTP: lost answers, waits, secrets, budget."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from crmsync.connectors.base import Connector
from crmsync.errors import AccessDenied, AnswerBroken, TryLater, Unavailable
from crmsync.testing.proxy import HTML, cuts, drops, loses, says
from crmsync.testing.rig import Promises, Rig, creates

SECRET = "pat-na1-00000000-1111-2222-3333-444444444444"


class HttpContract(Promises):
    """What is promised of every system behind an address."""

    def test_its_base_url_opens_records(self, connector: Connector) -> None:
        assert connector.whoami().base_url.startswith("http")

    def test_it_has_owners_and_stages(self, connector: Connector) -> None:
        assert connector.owners().num_rows > 0
        assert connector.stages().num_rows > 0

    @pytest.mark.parametrize("fault", [loses, cuts], ids=["lost", "cut"])
    def test_a_write_whose_answer_was_lost_is_unknown_and_sent_once(
        self, connector: Connector, rig: Rig, fault: Any
    ) -> None:
        connector.schema(rig.object)
        rig.wire.only, rig.wire.faults = rig.is_write, [fault]
        results = connector.write(rig.object, creates(rig, "k-lost-1", "k-lost-2"))
        assert [one.outcome for one in results] == ["unknown", "unknown"]
        assert rig.wire.count(rig.is_write) == 1
        assert set(connector.find(rig.object, ["k-lost-1", "k-lost-2"])) == {
            "k-lost-1",
            "k-lost-2",
        }

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_write_that_a_gateway_gave_up_on_is_unknown(
        self, connector: Connector, rig: Rig, status: int
    ) -> None:
        connector.schema(rig.object)
        rig.wire.only, rig.wire.faults = rig.is_write, [says(status, HTML)]
        [result] = connector.write(rig.object, creates(rig, "k-gateway"))
        assert result.outcome == "unknown"
        assert rig.wire.count(rig.is_write) == 1

    def test_a_write_turned_away_with_429_is_sent_again(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        rig.wire.only, rig.wire.faults = rig.is_write, [says(429), says(429)]
        [result] = connector.write(rig.object, creates(rig, "k-429"))
        assert (result.outcome, result.created) == ("written", True)
        assert len(rig.slept) == 2

    def test_a_write_turned_away_for_good_is_unavailable_and_undone(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        rig.wire.only, rig.wire.faults = rig.is_write, [says(429)] * 5
        with pytest.raises(Unavailable):
            connector.write(rig.object, creates(rig, "k-never"))
        assert connector.find(rig.object, ["k-never"]) == {}

    def test_an_answer_without_results_leaves_the_batch_unknown(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        bodies: tuple[Any, ...] = ({}, [], {"results": []})
        for body in bodies:
            rig.wire.only, rig.wire.faults = rig.is_write, [says(200, body)]
            results = connector.write(rig.object, creates(rig, "k-silent-1", "k-silent-2"))
            assert [one.outcome for one in results] == ["unknown", "unknown"]

    def test_a_page_that_breaks_off_once_is_read_again(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.wire.only, rig.wire.faults = rig.is_read, [cuts]
        assert connector.whoami().id

    def test_a_page_that_keeps_breaking_off_is_broken(self, connector: Connector, rig: Rig) -> None:
        rig.wire.only, rig.wire.always = rig.is_read, cuts
        with pytest.raises(AnswerBroken):
            connector.whoami()
        assert rig.wire.count(rig.is_read) == 2

    @pytest.mark.parametrize("body", [HTML, b'{"results": [', b"error code: 1015", b"[]"])
    def test_a_page_that_is_no_answer_is_broken(
        self, connector: Connector, rig: Rig, body: bytes
    ) -> None:
        rig.wire.only, rig.wire.always = rig.is_read, says(200, body)
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
        rig.wire.always = says(200, odd)
        with pytest.raises(AnswerBroken):
            first()

    def test_a_write_answered_in_another_shape_is_unknown(
        self, connector: Connector, rig: Rig
    ) -> None:
        connector.schema(rig.object)
        for body in ({"results": [7]}, {"results": [], "errors": ["x"]}, [7], ["x"], 7):
            rig.wire.only, rig.wire.faults = rig.is_write, [says(200, body)]
            [result] = connector.write(rig.object, creates(rig, "k-odd"))
            assert result.outcome == "unknown"

    def test_a_read_dropped_or_refused_for_a_moment_is_repeated(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.wire.only = rig.is_read
        rig.wire.faults = [drops, says(503, HTML), says(429), says(504)]
        assert connector.whoami().id
        assert len(rig.slept) == 4
        assert all(seconds > 0 for seconds in rig.slept)

    def test_a_server_that_stays_down_is_unavailable_after_a_bounded_number_of_tries(
        self, connector: Connector, rig: Rig
    ) -> None:
        rig.wire.always = says(503, HTML)
        with pytest.raises(Unavailable) as raised:
            connector.whoami()
        assert raised.value.status == 503
        assert (len(rig.wire.seen), len(rig.slept)) == (5, 4)

    def test_what_a_server_asks_to_wait_is_waited(self, connector: Connector, rig: Rig) -> None:
        rig.wire.faults = [says(503, HTML, Retry_After="7")]
        connector.whoami()
        assert rig.slept == [7]

    def test_a_wait_too_long_is_for_later(self, connector: Connector, rig: Rig) -> None:
        rig.wire.faults = [says(503, HTML, Retry_After="3600")]
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
            rig.wire.faults = [says(403, body)]
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

    def test_calls_are_counted_by_what_they_ask(self, connector: Connector, rig: Rig) -> None:
        connector.whoami()
        self.made(connector, rig, "k-count")
        assert connector.meter.made == len(rig.wire.seen) == sum(connector.meter.by_path.values())
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

    def test_its_skew_is_nothing_before_the_first_call_and_small_after(
        self, connector: Connector
    ) -> None:
        assert connector.clock_skew_s() == 0
        connector.whoami()
        assert 0 < abs(connector.clock_skew_s()) < 5
