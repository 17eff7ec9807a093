"""The sandbox over https: clients that nobody here wrote reach it with nothing but its certificate."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from simple_salesforce.api import Salesforce

from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.salesforce.world import SalesforceWorld
from crmsync.sandbox.server import running
from crmsync.sandbox.tables import Tables
from crmsync.sandbox.tls import Tls, make_certificates


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Tls:
    now = datetime.now(UTC)  # noqa: TID251  # clients look at the real clock
    return make_certificates(tmp_path_factory.mktemp("tls"), now)


@pytest.fixture(scope="module")
def access(tls: Tls) -> Iterator[dict[str, dict[str, str]]]:
    salesforce = SalesforceWorld(Tables("salesforce"), Clock())
    for number in range(3):
        salesforce.put("Contact", {"LastName": f"Number {number}"})
    with running(salesforce, HubspotWorld(Tables("hubspot"), Clock()), tls) as access:
        yield access


@pytest.fixture
def trusting(tls: Tls) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.verify = str(tls.ca)
        session.trust_env = False
        yield session


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_simple_salesforce_as_it_is_reads_pages_over_https(
    access: dict[str, dict[str, str]], trusting: requests.Session, host: str
) -> None:
    url = access["salesforce"]["url"].replace("127.0.0.1", host)
    client = Salesforce(
        session_id=access["salesforce"]["token"],
        instance_url=url,
        session=trusting,
        version="67.0",
    )
    client.headers["Sforce-Query-Options"] = "batchSize=200"
    assert client.query("SELECT COUNT() FROM Contact")["totalSize"] >= 3
    assert client.Contact.create({"LastName": "New"})["success"]
    assert client.limits()["DailyApiRequests"]["Remaining"] > 0


def test_pages_follow_by_a_path_that_names_no_host(trusting: requests.Session, tls: Tls) -> None:
    world = SalesforceWorld(Tables("salesforce"), Clock())
    for number in range(201):
        world.put("Lead", {"LastName": f"Number {number}", "Company": "Acme"})
    with running(world, HubspotWorld(Tables("hubspot"), Clock()), tls) as access:
        client = Salesforce(
            session_id=world.token,
            instance_url=access["salesforce"]["url"],
            session=trusting,
            version="67.0",
        )
        client.headers["Sforce-Query-Options"] = "batchSize=200"
        first = client.query("SELECT Id FROM Lead")
        assert first["nextRecordsUrl"].startswith("/services/data/v67.0/query/")
        assert len(client.query_more(first["nextRecordsUrl"], True)["records"]) == 1
        trusting.close()


def test_a_login_over_https_tells_an_https_address(
    access: dict[str, dict[str, str]], trusting: requests.Session
) -> None:
    told = access["salesforce"]
    answer = trusting.post(
        told["url"] + "/services/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(told["client_id"], told["client_secret"]),
        timeout=10,
    ).json()
    assert answer["instance_url"] == told["url"]
    assert told["url"].startswith("https://")


def test_curl_reaches_both_with_the_file_that_is_told(
    access: dict[str, dict[str, str]], tls: Tls
) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl on this machine")
    for system, path in (("salesforce", "/services/data/"), ("hubspot", "/crm/v3/owners")):
        told = access[system]
        assert told["ca_bundle"] == str(tls.ca.resolve())
        line = [curl, "-sS", "--noproxy", "*", "--cacert", told["ca_bundle"], "-m", "10"]
        header = f"Authorization: Bearer {told['token']}"
        done = subprocess.run(
            [*line, "-w", "%{http_code}", "-o", "/dev/null", "-H", header, told["url"] + path],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (0, "200"), done.stderr


def test_nobody_else_is_trusted_and_nobody_else_trusts(
    access: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # as above
    other = make_certificates(tmp_path, now)
    url = access["salesforce"]["url"] + "/services/data/"
    with requests.Session() as session:
        session.trust_env = False
        for verify in (str(other.ca), True):
            with pytest.raises(requests.exceptions.SSLError):
                session.get(url, timeout=10, verify=verify)


def test_the_certificates_stand_the_strictest_look(
    access: dict[str, dict[str, str]], tls: Tls
) -> None:
    import socket

    context = ssl.create_default_context(cafile=str(tls.ca))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    port = int(access["salesforce"]["url"].rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
    ):
        shown: Any = secure.getpeercert()
    assert ("IP Address", "127.0.0.1") in shown["subjectAltName"]
    assert ("DNS", "localhost") in shown["subjectAltName"]


def test_the_private_key_is_for_its_owner_and_that_of_the_authority_is_gone(tls: Tls) -> None:
    assert tls.chain.stat().st_mode & 0o077 == 0
    assert b"PRIVATE KEY" not in tls.ca.read_bytes()
    assert {each.name for each in tls.ca.parent.iterdir()} == {"ca.pem", "server.pem"}
