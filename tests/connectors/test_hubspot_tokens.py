"""A token of an OAuth app is replaced ahead of its end, once for all threads, and a key never."""

from __future__ import annotations

from typing import Any

import pytest

from connectors import reviewed_portals
from connectors.portals import Portal
from connectors.together import THREADS, are_denied_together, ask_together, meet_a_401_together
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.hubspot.session import ROTATED
from crmsync.errors import AccessDenied, Refused, Unavailable
from crmsync.language import choose, translate
from crmsync.sandbox.faults.book import set_fault
from crmsync.testing.proxy import Proxy, drops, rewrites, says

EXPIRED = {
    "status": "error",
    "message": "The OAuth token used to make this call expired 0 second(s) ago.",
    "category": "EXPIRED_AUTHENTICATION",
    "context": {"expire time": ["2026-03-10T23:04:41.164Z"]},
}
APP = "OAuth app"


portal, proxy = reviewed_portals.portal, reviewed_portals.proxy


# Ahead of its end


def test_a_token_is_replaced_five_minutes_before_the_end_that_it_was_given_with(
    portal: Portal,
) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    portal.later(1499)
    connector.whoami()
    assert portal.logins() == 1
    portal.later(1)
    connector.whoami()
    assert (portal.logins(), portal.refused(401)) == (2, 0)


def test_a_run_of_many_hours_never_meets_a_401(portal: Portal) -> None:
    connector = portal.connect(APP)
    for _ in range(60):
        connector.whoami()
        portal.later(360)
    assert portal.refused(401) == 0
    assert portal.logins() == 12  # every 1,800 s: six hours are twelve tokens


def test_an_answer_that_says_no_end_is_taken_for_half_an_hour(portal: Portal, proxy: Proxy) -> None:
    proxy.only = "/token"
    proxy.always = rewrites(lambda body: {k: v for k, v in body.items() if k != "expires_in"})
    connector = portal.connect(APP)
    connector.whoami()
    portal.later(1499)
    connector.whoami()
    assert portal.logins() == 1
    portal.later(1)
    connector.whoami()
    assert portal.logins() == 2


def test_a_key_has_no_end_and_nothing_to_renew_it_with(portal: Portal) -> None:
    connector = portal.connect()
    connector.whoami()
    portal.later(400 * 86400)
    assert connector.whoami().id
    assert not portal.calls("/oauth")


def test_a_token_endpoint_that_is_down_ahead_of_the_end_stops_nobody(
    portal: Portal, proxy: Proxy
) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    proxy.only, proxy.always = "/token", drops
    portal.later(1501)
    assert connector.whoami().id
    assert connector.whoami().id
    assert proxy.count("/token") == 2  # and it is left alone for a minute
    proxy.always = None
    portal.later(60)
    assert connector.whoami().id
    assert proxy.count("/token") == 3


def test_a_refresh_token_revoked_in_mid_run_serves_to_the_end_of_its_token_and_is_asked_for_once(
    portal: Portal,
) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    portal.side_door(new_refresh_token=True)
    portal.later(1600)
    assert connector.whoami().id
    portal.later(201)
    for _ in range(2):
        with pytest.raises(AccessDenied, match="BAD_REFRESH_TOKEN") as raised:
            connector.whoami()
    assert "Authorise the app again" in raised.value.remedy
    assert portal.logins() == 2


def test_a_refresh_token_revoked_before_the_run_is_denied_with_its_remedy(portal: Portal) -> None:
    settings = portal.settings(APP)
    portal.side_door(new_refresh_token=True)
    connector = portal.connect(APP, refresh_token=settings["refresh_token"])
    with pytest.raises(
        AccessDenied, match="refresh token is invalid, expired or revoked"
    ) as raised:
        connector.whoami()
    assert raised.value.where == "hub: POST oauth/token"
    assert "Authorise the app again" in raised.value.remedy


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (says(429, {"message": "You have reached your secondly limit."}), Unavailable),
        (says(503, b"<html>"), Unavailable),
        (says(200, {}), Unavailable),
        (says(200, b"<html>"), Unavailable),
        (says(404, b"<html>"), AccessDenied),
        (says(400, {}), AccessDenied),
        (drops, Unavailable),
    ],
)
def test_a_token_that_cannot_be_had_now_is_no_refusal_and_writes_nothing(
    portal: Portal, proxy: Proxy, answer: Any, error: type[Exception]
) -> None:
    proxy.only, proxy.always = "/token", answer
    connector = portal.connect(APP)
    request = WriteRequest("c", "update", "1", None, {"lastname": "Ruiz"})
    with pytest.raises(error):
        connector.write("contacts", [request])
    assert not [each for each in proxy.seen if "/oauth" not in each.path]
    proxy.always = None
    assert connector.whoami().id


# A refresh token that is replaced


def test_a_rotated_refresh_token_is_used_and_told_and_never_shown(portal: Portal) -> None:
    portal.side_door(rotates=True)
    connector = portal.connect(APP)
    for _ in range(3):
        connector.whoami()
        portal.later(1500)
    assert (portal.logins(), portal.refused(400), portal.refused(401)) == (3, 0, 0)
    assert portal.told == [ROTATED.format(system="hub")]  # once is enough
    secret = portal.settings(APP)["refresh_token"]
    assert secret not in repr(portal.told) + repr(connector)
    assert connector._api.calls.clean(f"it is {secret}.") == "it is [removed]."


def test_that_it_was_rotated_is_told_in_the_language_of_the_reader(portal: Portal) -> None:
    portal.side_door(rotates=True)
    try:
        choose("es")
        portal.connect(APP).whoami()
    finally:
        choose("en")
    assert portal.told == [translate(ROTATED, "es").format(system="hub")]
    assert "autorice la aplicación" in portal.told[0]


def test_the_same_refresh_token_again_is_nothing_to_tell(portal: Portal) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    portal.later(1501)
    connector.whoami()
    assert portal.logins() == 2
    assert portal.told == []


# After a 401


def test_a_401_of_an_expired_token_in_mid_run_is_survived_once(portal: Portal) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    portal.side_door(expire=True)
    assert connector.whoami().id
    assert (portal.logins(), portal.refused(401)) == (2, 1)


def test_a_write_sent_again_after_a_401_is_done_once_and_the_same(
    portal: Portal, proxy: Proxy
) -> None:
    connector = portal.connect(APP)
    connector.install_key("contacts", [])
    connector.schema("contacts")
    portal.side_door(expire=True)
    proxy.seen.clear()
    cells: dict[str, str | None] = {"lastname": "Ruiz", "email": "ruiz@people.example"}
    [result] = connector.write("contacts", [WriteRequest("c", "create", None, "k-1", cells)])
    first, second = [each for each in proxy.seen if "/batch/upsert" in each.path]
    assert (first.path, first.body) == (second.path, second.body)
    assert first.headers["authorization"] != second.headers["authorization"]
    assert (result.outcome, len(portal.world.portal.objects["contacts"].live)) == ("written", 1)


def test_a_token_that_stays_refused_ends_in_a_denial_and_not_in_a_circle(portal: Portal) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    set_fault(portal.world, "401", path="/account-info", times=0)
    with pytest.raises(AccessDenied) as raised:
        connector.whoami()
    assert portal.logins() == 2
    assert "still installed" in raised.value.remedy


def test_a_401_of_a_key_is_denied_at_once(portal: Portal) -> None:
    connector = portal.connect(token="pat-na1-nobody")
    with pytest.raises(AccessDenied, match="401") as raised:
        connector.whoami()
    assert len(portal.calls("/account-info")) == 1
    assert "Service Keys" in raised.value.remedy


# Threads


def test_threads_that_meet_a_401_together_renew_once(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    found = meet_a_401_together(proxy, "/account-info", EXPIRED, connector.whoami)
    assert [one.id for one in found] == [str(portal.world.portal.portal_id)] * THREADS
    assert portal.logins() == 2


def test_threads_that_begin_together_sign_in_once(portal: Portal) -> None:
    connector = portal.connect(APP)
    assert all(ask_together(connector.whoami))
    assert (portal.logins(), portal.refused(401)) == (1, 0)


def test_threads_that_are_refused_together_ask_once(portal: Portal, proxy: Proxy) -> None:
    connector = portal.connect(APP)
    connector.whoami()
    portal.side_door(expire=True, new_refresh_token=True)
    assert are_denied_together(connector.whoami)
    assert portal.logins() == 2


def test_a_redirect_is_not_followed_with_the_token(portal: Portal, proxy: Proxy) -> None:
    proxy.faults = [says(302, b"", Location="https://elsewhere.example/")]
    with pytest.raises(Refused):
        portal.connect().whoami()
    assert len(proxy.seen) == 1
