"""A token is replaced ahead of its end, once for all threads, and nothing of a call is lost by it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from connectors.orgs import Org, served_org
from connectors.together import THREADS, are_denied_together, ask_together, meet_a_401_together
from crmsync.connectors.base import WriteRequest
from crmsync.errors import AccessDenied
from crmsync.sandbox.faults.book import set_fault
from crmsync.sandbox.salesforce.oauth import expire_token
from crmsync.sandbox.salesforce.switches import set_switch
from crmsync.testing.proxy import Proxy, Reply, Seen, drops, proxied, says

EXPIRED = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]


@pytest.fixture
def org() -> Iterator[Org]:
    with served_org() as org:
        yield org


@pytest.fixture
def proxy(org: Org) -> Iterator[Proxy]:
    """In front of the org, which connectors reach through it from now on."""
    with proxied(org.url) as proxy:
        org.url = proxy.url
        yield proxy


def limited(org: Org, seconds: float) -> None:
    """From now on, sessions live for so long."""
    org.world.token_lifetime_s = seconds
    org.world.token_issued = org.world.now()


def refusals(org: Org) -> int:
    return sum(each["status"] == 401 for each in org.world.requests)


# Ahead of its end


def test_a_token_whose_end_is_told_at_login_is_replaced_before_it(org: Org) -> None:
    limited(org, 900)
    connector = org.connect("SOAP login")
    connector.whoami()
    org.later(599)
    connector.whoami()
    assert org.logins() == 1
    org.later(2)  # five minutes are left
    org.world.token_lifetime_s = 60_000
    connector.whoami()
    assert (org.logins(), refusals(org)) == (2, 0)


@pytest.mark.parametrize("way", ["client credentials", "username-password"])
def test_a_run_that_lasts_asks_once_how_long_its_session_lives(org: Org, way: str) -> None:
    limited(org, 1800)
    connector = org.connect(way)
    connector.whoami()
    org.later(599)
    connector.whoami()
    assert not org.paths("/introspect")  # most runs are over by now
    org.later(1)
    for _ in range(3):
        connector.whoami()
    assert len(org.paths("/introspect")) == 1
    org.later(899)
    connector.whoami()
    assert org.logins() == 1
    org.later(1)  # five minutes are left
    org.world.token_lifetime_s = 60_000
    connector.whoami()
    assert (org.logins(), refusals(org)) == (2, 0)


def test_a_401_after_the_org_was_asked_still_brings_another_token(org: Org) -> None:
    connector = org.connect()
    connector.whoami()
    org.later(600)
    connector.schema("Contact")  # asked meanwhile
    expire_token(org.world)
    assert connector.whoami().id
    assert (org.logins(), refusals(org)) == (2, 1)


def test_without_a_word_about_its_end_a_session_is_taken_to_live_for_two_hours(org: Org) -> None:
    connector = org.connect("JWT bearer")
    connector.whoami()
    org.later(6899)
    connector.whoami()
    assert org.logins() == 1
    org.later(1)
    connector.whoami()
    assert org.logins() == 2


def test_an_org_whose_sessions_are_short_says_so_in_a_setting(org: Org) -> None:
    connector = org.connect(session_minutes="15")
    connector.whoami()
    org.later(600)
    connector.whoami()
    assert org.logins() == 2
    assert not org.paths("/introspect")  # nothing to ask


@pytest.mark.parametrize("answer", ["inactive", "refused"])
def test_an_org_that_does_not_tell_the_end_of_a_token_is_no_problem(org: Org, answer: str) -> None:
    set_switch(org.world.tables, "introspection", answer)
    connector = org.connect()
    connector.whoami()
    for _ in range(2):
        org.later(3000)
        connector.whoami()
    assert (org.logins(), len(org.paths("/introspect"))) == (1, 1)
    org.later(900)
    connector.whoami()
    assert org.logins() == 2  # five minutes before the usual end


def test_a_token_that_was_issued_long_ago_is_as_old_as_it_is(org: Org, proxy: Proxy) -> None:
    def older(_seen: Seen, forward: Any) -> Reply:
        answer = forward()
        issued = int(org.world.now().timestamp() - 6000) * 1000
        body = answer.body.replace(answer.body.split(b'"issued_at":"')[1][:13], b"%d" % issued)
        return Reply(answer.status, answer.headers, body)

    proxy.only, proxy.faults = "/oauth2/token", [older]
    connector = org.connect("JWT bearer")
    connector.whoami()
    org.later(899)
    connector.whoami()
    assert org.logins() == 1
    org.later(1)
    connector.whoami()
    assert org.logins() == 2


def test_a_token_endpoint_that_is_down_ahead_of_the_end_stops_nobody(
    org: Org, proxy: Proxy
) -> None:
    connector = org.connect("JWT bearer", session_minutes="60")
    connector.whoami()
    proxy.only, proxy.always = "/oauth2/token", drops
    org.later(3301)
    assert connector.whoami().id
    assert connector.whoami().id
    assert proxy.count("/oauth2/token") == 2  # and it is left alone for a minute
    proxy.always = None
    org.later(60)
    assert connector.whoami().id
    assert proxy.count("/oauth2/token") == 3


def test_a_credential_withdrawn_meanwhile_serves_to_its_end_and_is_asked_for_once(
    org: Org, proxy: Proxy
) -> None:
    limited(org, 3600)
    connector = org.connect("JWT bearer", session_minutes="60")
    connector.whoami()
    proxy.only = "/oauth2/token"
    proxy.always = says(400, {"error": "invalid_grant", "error_description": "user is locked"})
    org.later(3400)
    assert connector.whoami().id
    org.later(100)
    assert connector.whoami().id
    org.later(200)
    for _ in range(2):
        with pytest.raises(AccessDenied, match="user is locked"):
            connector.whoami()
    assert proxy.count("/oauth2/token") == 2


# After a 401


def test_threads_that_meet_a_401_together_renew_once(org: Org, proxy: Proxy) -> None:
    connector = org.connect("JWT bearer")
    connector.whoami()
    found = meet_a_401_together(proxy, "/query/", EXPIRED, connector.whoami)
    assert [one.id for one in found] == [org.world.org_id] * THREADS
    assert org.logins() == 2


def test_threads_that_begin_together_sign_in_once(org: Org) -> None:
    connector = org.connect()
    found = ask_together(connector.whoami)
    assert [one.id for one in found] == [org.world.org_id] * THREADS
    assert (org.logins(), refusals(org)) == (1, 0)


def test_threads_that_are_refused_together_ask_once(org: Org, proxy: Proxy) -> None:
    connector = org.connect("JWT bearer")
    connector.whoami()
    expire_token(org.world)
    proxy.only, proxy.always = "/oauth2/token", says(400, {"error": "invalid_grant"})
    assert are_denied_together(connector.whoami)
    assert proxy.count("/oauth2/token") == 2


def test_every_thread_gets_the_answer_to_its_own_question(org: Org) -> None:
    for number in range(40):
        org.world.put("Contact", {"LastName": f"Number {number}"})
    ids = [str(row["Id"]) for row in org.rows("Contact")]
    names = {str(row["Id"]): row["LastName"] for row in org.rows("Contact")}
    connector = org.connect()
    with ThreadPoolExecutor(THREADS) as pool:
        found = list(pool.map(lambda id_: connector.get("Contact", [id_], ["LastName"]), ids))
    assert found == [{id_: {"LastName": names[id_]}} for id_ in ids]
    assert connector.meter.by_path["POST composite/sobjects (read)"] == len(ids)
    assert connector.meter.made == sum(connector.meter.by_path.values())


def test_a_write_sent_again_after_a_401_is_the_same_to_the_last_header(org: Org) -> None:
    connector = org.connect()
    connector.schema("Contact")
    expire_token(org.world)
    [result] = connector.write(
        "Contact", [WriteRequest("c", "create", None, "key-1", {"LastName": "Ruiz"})]
    )
    first, second = [each for each in org.world.requests if "composite/sobjects" in each["path"]]
    assert (first.pop("status"), second.pop("status")) == (401, 200)
    assert first == second
    assert second["headers"]["sforce-auto-assign"] == "FALSE"
    assert second["headers"]["sforce-call-options"] == "client=crmsync"
    assert (result.outcome, len(org.rows("Contact"))) == ("written", 1)


def test_a_conditional_request_stays_conditional_after_a_401(org: Org) -> None:
    org.world.put("Contact", {"LastName": "Ruiz"})
    [contact] = org.rows("Contact")
    connector = org.connect()
    connector.whoami()
    expire_token(org.world)
    from crmsync.connectors.calls import Call

    api, day = connector._api, "Sat, 01 Jan 2000 00:00:00 GMT"
    headers = {"If-Unmodified-Since": day, "Sforce-Auto-Assign": "FALSE"}
    path = f"sobjects/Contact/{contact['Id']}"
    answers = []

    def send() -> Any:
        answers.append(api.session.send("PATCH", path, body=b"{}", headers=headers))
        return answers[-1]

    from crmsync.errors import Refused

    with pytest.raises(Refused) as raised:
        api.calls.ask(Call("PATCH one", send, writes=True))
    assert raised.value.status == 412
    assert [answer.status for answer in answers] == [401, 412]
    sent = [each["headers"] for each in org.world.requests if each["path"].endswith(path)]
    assert sent[0] == sent[1]
    assert sent[1]["if-unmodified-since"] == day


def test_a_session_that_stays_invalid_ends_in_a_denial(org: Org) -> None:
    connector = org.connect()
    connector.whoami()
    set_fault(org.world, "401", path="/query", times=0)
    with pytest.raises(AccessDenied):
        connector.whoami()
    assert org.logins() == 2
    assert len(org.paths("/query")) == 3
