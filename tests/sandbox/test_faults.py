"""Faults on request: each kind does what it says, when it is asked to, and then all is well."""

from __future__ import annotations

import threading
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from crmsync.sandbox.clock import Clock, real_now
from crmsync.sandbox.faults.book import Fault, clear_faults, kinds_of, set_fault
from crmsync.sandbox.faults.kinds import Kind
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables

DATA = "/services/data/v67.0"
CONTACT = f"{DATA}/sobjects/Contact"
DOCS = Path(__file__).parents[2] / "docs" / "sandbox.md"


def names(api: httpx.Client) -> list[str]:
    found = api.get(f"{DATA}/query", params={"q": "SELECT LastName FROM Contact ORDER BY Id"})
    return [row["LastName"] for row in found.json()["records"]]


def create(api: httpx.Client, name: str = "Ruiz") -> httpx.Response:
    return api.post(CONTACT, json={"LastName": name})


ANSWERS = {name: kind for name, kind in kinds_of("salesforce").items() if kind.answer}


@pytest.mark.parametrize("kind", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_comes_in_place_of_the_orgs_once(
    api: httpx.Client, org: SalesforceWorld, kind: Kind
) -> None:
    assert kind.answer is not None
    told = kind.answer({})
    set_fault(org, kind.name, path="*", method="post")
    assert names(api) == []
    refused = create(api)
    assert (refused.status_code, refused.content) == (told.status, told.body)
    assert names(api) == []
    assert create(api).status_code == 201


def test_a_fault_happens_from_the_nth_call_on_and_so_often(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    set_fault(org, "503", path="/limits", nth=2, every=3, times=2)
    found = [api.get(f"{DATA}/limits").status_code for _ in range(9)]
    assert found == [200, 503, 200, 200, 503, 200, 200, 200, 200]
    set_fault(org, "503-html", times=0, retry_after=7)
    answers = [api.get(f"{DATA}/limits") for _ in range(3)]
    assert {(each.status_code, each.headers["retry-after"]) for each in answers} == {(503, "7")}
    clear_faults(org)
    assert api.get(f"{DATA}/limits").status_code == 200


@pytest.mark.parametrize(("kind", "left"), [("dropped-before", []), ("dropped-after", ["Ruiz"])])
def test_the_connection_ends_before_or_after_the_write(
    api: httpx.Client, org: SalesforceWorld, kind: str, left: list[str]
) -> None:
    set_fault(org, kind, method="POST")
    with pytest.raises(httpx.RemoteProtocolError):
        create(api)
    assert names(api) == left


@pytest.mark.parametrize(("kind", "left"), [("timeout-before", []), ("timeout-after", ["Ruiz"])])
def test_no_answer_comes_before_or_after_the_write(
    api: httpx.Client, org: SalesforceWorld, kind: str, left: list[str]
) -> None:
    set_fault(org, kind, method="POST")
    with pytest.raises(httpx.ReadTimeout):
        api.post(CONTACT, json={"LastName": "Ruiz"}, timeout=0.3)
    assert names(api) == left


def test_bodies_are_missing_or_cut(api: httpx.Client, org: SalesforceWorld) -> None:
    for kind in ("empty", "cut", "truncated"):
        set_fault(org, kind, method="POST")
    assert create(api, "Uno").content == b""
    half = create(api, "Dos").content
    assert half.startswith(b'{"id":"003')
    assert not half.endswith(b"}")
    with pytest.raises(httpx.RemoteProtocolError):
        create(api, "Tres")
    assert names(api) == ["Uno", "Dos", "Tres"]


def test_a_slow_answer_goes_on_when_it_is_released_and_not_before(
    api: httpx.Client, org: SalesforceWorld, org_url: str
) -> None:
    set_fault(org, "slow", pieces=2)
    pieces: list[bytes] = []
    first, all_ = threading.Event(), threading.Event()

    def read() -> None:
        with api.stream("GET", f"{DATA}/") as answer:
            for piece in answer.iter_raw():
                pieces.append(piece)
                first.set()
        all_.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert first.wait(10)
    assert not all_.is_set()
    while not all_.wait(0.02):
        httpx.post(f"{org_url}/__control__/release", trust_env=False)
    reader.join()
    assert b"".join(pieces) == api.get(f"{DATA}/").content


def test_a_page_repeats_rows_of_the_one_before_or_leaves_some_out(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    for at in range(300):
        org.put("Contact", {"LastName": f"{at}"})

    def pages() -> list[list[str]]:
        asked = {"q": "SELECT LastName FROM Contact ORDER BY Id"}
        small = {"Sforce-Query-Options": "batchSize=200"}
        found = [api.get(f"{DATA}/query", params=asked, headers=small).json()]
        found.append(api.get(found[0]["nextRecordsUrl"], headers=small).json())
        return [[row["LastName"] for row in page["records"]] for page in found]

    one, two = pages()
    set_fault(org, "page-repeats", path="*/query/01g*", rows=2)
    assert pages() == [one, [*one[-2:], *two]]
    set_fault(org, "page-skips", path="*/query/01g*", rows=3)
    assert pages() == [one, two[:-3]]
    assert pages() == [one, two]


def test_a_page_of_csv_repeats_rows_of_the_one_before_or_leaves_some_out(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    for at in range(4):
        org.put("Contact", {"LastName": f"{at}"})
    body = {"operation": "query", "query": "SELECT LastName FROM Contact"}
    job = f"{DATA}/jobs/query/{api.post(f'{DATA}/jobs/query', json=body).json()['id']}"
    while api.get(job).json()["state"] != "JobComplete":
        pass

    def pages() -> list[tuple[str, str]]:
        one = api.get(f"{job}/results", params={"maxRecords": 2})
        more = {"maxRecords": 2, "locator": one.headers["Sforce-Locator"]}
        found = [one, api.get(f"{job}/results", params=more)]
        return [(each.text, each.headers["Sforce-NumberOfRecords"]) for each in found]

    one, two = pages()
    assert two == ('"LastName"\n"2"\n"3"\n', "2")
    set_fault(org, "page-repeats", path="*/results", nth=2)
    assert pages() == [one, ('"LastName"\n"1"\n"2"\n"3"\n', "3")]
    set_fault(org, "page-skips", path="*/results", nth=2)
    assert pages() == [one, ('"LastName"\n"2"\n', "1")]
    assert pages() == [one, two]


def test_a_skewed_clock_shows_in_the_date_and_in_stamps(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    now = org.now()
    set_fault(org, "skew", seconds=-600, times=1)
    answer = create(api)
    ahead = parsedate_to_datetime(answer.headers["date"]) - real_now()
    assert timedelta(seconds=-602) < ahead < timedelta(seconds=-598)
    row = org.rows.get("Contact", answer.json()["id"]) or {}
    assert row["CreatedDate"] == "2026-11-20T09:20:00.000+0000"
    assert org.now() == now
    assert abs(parsedate_to_datetime(create(api).headers["date"]) - real_now()).seconds < 5


@pytest.mark.parametrize(
    ("kind", "modstamp"),
    [("late", "2026-11-20T09:31:30.000+0000"), ("late-commit", "2026-11-20T09:30:00.000+0000")],
)
def test_a_late_write_is_seen_when_the_clock_has_moved(
    api: httpx.Client, org: SalesforceWorld, kind: str, modstamp: str
) -> None:
    set_fault(org, kind, method="POST", seconds=60)
    made = create(api)
    assert made.status_code == 201
    assert names(api) == []
    org.clock.advance(59)
    assert names(api) == []
    org.clock.advance(31)
    assert names(api) == ["Ruiz"]
    row = org.rows.get("Contact", made.json()["id"]) or {}
    assert row["SystemModstamp"] == modstamp


def test_locked_rows_are_told_item_by_item_and_the_others_are_written(
    api: httpx.Client, org: SalesforceWorld
) -> None:
    set_fault(org, "row-lock", path="composite/sobjects", items=2)
    records = [{"attributes": {"type": "Contact"}, "LastName": name} for name in "abc"]
    items = api.post(f"{DATA}/composite/sobjects", json={"records": records}).json()
    assert [each["success"] for each in items] == [False, False, True]
    assert items[0]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"
    assert names(api) == ["c"]
    set_fault(org, "row-lock")
    refused = create(api)
    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")
    assert create(api).status_code == 201


def test_locked_rows_of_a_bulk_job_fail_alone(api: httpx.Client, org: SalesforceWorld) -> None:
    set_fault(org, "row-lock", path="/jobs/ingest", items=1)
    opened = api.post(f"{DATA}/jobs/ingest", json={"object": "Contact", "operation": "insert"})
    job = f"{DATA}/jobs/ingest/{opened.json()['id']}"
    csv = {"Content-Type": "text/csv"}
    api.put(f"{job}/batches", content=b"LastName\nUno\nDos\n", headers=csv)
    api.patch(job, json={"state": "UploadComplete"})
    while api.get(job).json()["state"] != "JobComplete":
        pass
    failed = api.get(f"{job}/failedResults").text
    assert "UNABLE_TO_LOCK_ROW" in failed
    assert names(api) == ["Dos"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"kind": "flood"}, "no fault 'flood'"),
        ({"kind": "503", "when": {"nth": 0}}, "nth is 1 or more"),
        ({"kind": "503", "when": {"times": "many"}}, "times is a whole number"),
        ({"kind": "503", "when": {"hour": 3}}, "no 'hour'"),
        ({"kind": "503", "parameters": {"rows": 3}}, "no parameter 'rows'"),
        ({"kind": "503", "how": 3}, "no 'how'"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    api: httpx.Client, body: dict[str, Any], words: str
) -> None:
    refused = api.post("/__control__/faults", json=body)
    assert refused.status_code == 400
    assert words in refused.json()["error"]
    assert api.get("/__control__/faults").json() == {}


def test_faults_are_set_told_and_cleared_through_the_side_door(api: httpx.Client) -> None:
    when = {"method": "get", "path": "/limits", "times": 0}
    id_ = api.post("/__control__/faults", json={"kind": "420", "when": when}).json()["id"]
    assert api.get(f"{DATA}/limits").status_code == 420
    told = api.get("/__control__/faults").json()[id_]
    assert (told["kind"], told["method"], told["seen"], told["fired"]) == ("420", "GET", 1, 1)
    assert api.delete("/__control__/faults").status_code == 204
    assert api.get(f"{DATA}/limits").status_code == 200


def test_hubspot_fails_in_its_own_words_and_as_http_does() -> None:
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    hubspot = HubspotWorld(Tables("hubspot"), Clock())
    for at in range(3):
        hubspot.put("contacts", {"lastname": f"{at}", "email": f"n{at}@people.example"})
    with running(salesforce, hubspot) as access, httpx.Client(trust_env=False) as api:
        url, token = access["hubspot"]["url"], access["hubspot"]["token"]
        api.headers["Authorization"] = f"Bearer {token}"

        def get() -> httpx.Response:
            return api.get(f"{url}/crm/v3/objects/contacts?limit=2")

        for name, kind in kinds_of("hubspot").items():
            if kind.answer is not None:
                set_fault(hubspot, name)
                assert get().status_code == kind.answer({}).status
        set_fault(hubspot, "page-skips")
        assert len(get().json()["results"]) == 1
        set_fault(hubspot, "dropped-before")
        with pytest.raises(httpx.RemoteProtocolError):
            get()
        assert len(get().json()["results"]) == 2
    with pytest.raises(ValueError, match="no fault 'row-lock'"):
        set_fault(hubspot, "row-lock")


@pytest.mark.parametrize(
    ("kind", "given", "left"),
    [
        ("merged-after", {}, ["B", "A"]),
        ("merged-after", {"winner": 0, "loser": 1}, ["B", "C"]),
        ("archived-after", {"who": 1}, ["A", "C"]),
        ("archived-after", {"who": 3}, ["A", "B", "C"]),
        ("merged-after", {"winner": -4}, ["A", "B", "C"]),
        ("merged-after", {"winner": -3}, ["A", "B", "C"]),
    ],
)
def test_somebody_goes_once_the_answer_is_made(
    api: httpx.Client, org: SalesforceWorld, kind: str, given: dict[str, int], left: list[str]
) -> None:
    """The survivor has the loser's last name; where nobody stands at a place, nobody goes."""
    for at, name in enumerate("ABC"):
        org.put("Contact", {"LastName": name}, f"00300000000000{at}AAA")
    set_fault(org, kind, **given)
    assert names(api) == ["A", "B", "C"]
    assert names(api) == left
    assert names(api) == left


@pytest.mark.parametrize("kind", ["merged-after", "archived-after"])
def test_somebody_goes_in_hubspot_too(kind: str) -> None:
    portal = HubspotWorld(Tables("hubspot"), Clock())
    for name in ("9", "10", "11"):
        portal.put("contacts", {"lastname": name}, name)
    with running(SalesforceWorld(Tables("salesforce"), Clock()), portal) as access:
        headers = {"Authorization": f"Bearer {access['hubspot']['token']}"}
        with httpx.Client(trust_env=False, headers=headers) as client:
            url = f"{access['hubspot']['url']}/crm/v3/objects/contacts"
            set_fault(portal, kind)
            told = [
                [one["properties"]["lastname"] for one in client.get(url).json()["results"]]
                for _ in range(2)
            ]
    assert sorted(told[0]) == ["10", "11", "9"]
    assert sorted(told[1]) == {"merged-after": ["10", "11"], "archived-after": ["10", "11"]}[kind]


def test_every_kind_is_documented() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for system in ("salesforce", "hubspot"):
        for name in kinds_of(system):
            assert f"`{name}`" in text, name


_CLASSIC, _DATED = "/crm/v3/objects/contacts/batch/read", "/crm/objects/2026-03/contacts/batch/read"


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("/crm/v3/objects/contacts", _DATED, True),
        ("/crm/objects/2026-03/contacts", _CLASSIC, True),
        ("objects/contacts", _CLASSIC, True),
        ("objects/contacts", _DATED, True),
        ("objects/companies", _DATED, False),
        ("objects/*/batch/read", _DATED, False),
        ("*objects/*/batch/read", _DATED, True),
        ("/crm/v3/*/batch/read", _DATED, True),
        ("v3/objects", _DATED, True),
        ("batch/read", _DATED, True),
        ("/crm/v3/objects/companies", _DATED, False),
        ("/crm/objects/2026-09/contacts", _DATED, False),
        ("/crm/v4/objects/contacts", _CLASSIC, False),
        ("v3", _DATED, False),
        ("/services/data/v67.0/query", "/services/data/v66.0/query", False),
    ],
)
def test_a_path_of_hubspot_means_the_same_calls_with_an_old_name_and_with_a_date(
    pattern: str, path: str, fits: bool
) -> None:
    assert Fault("503", path=pattern).fits("GET", path) is fits


def test_a_fault_on_an_old_path_happens_on_a_dated_one() -> None:
    portal = HubspotWorld(Tables("hubspot"), Clock())
    set_fault(portal, "503", path="/crm/v3/objects/contacts")
    with running(SalesforceWorld(Tables("salesforce"), Clock()), portal) as access:
        headers = {"Authorization": f"Bearer {access['hubspot']['token']}"}
        with httpx.Client(trust_env=False, headers=headers) as client:
            url = f"{access['hubspot']['url']}/crm/objects/2026-03/contacts"
            assert [client.get(url).status_code for _ in range(2)] == [503, 200]
