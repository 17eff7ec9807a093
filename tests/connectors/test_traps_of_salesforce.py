"""Traps of Salesforce, by the sections of a fact sheet: 4, what the client library does on the wire.

The other sections: `test_traps_of_salesforce_11.py` the data model, `_12.py` errors, `_16.py` known traps of the
library and of connectors in general. One test a trap, named after its section: 69 tests in all, and those elsewhere
that the four files name.

Left out of section 4, for they cannot happen here: unknown attributes of the library become objects of that name
(`connectors/salesforce/session.py` uses two of its methods, by name); where slashes stand at the end of an address is
a matter of the simulator.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.sandboxes import Sandbox
from connectors.trapping import DEAL, creating, rows_of
from crmsync.connectors.base import WriteRequest
from crmsync.connectors.calls import TIMEOUT_S
from crmsync.connectors.salesforce.connector import SalesforceConnector
from crmsync.errors import Refused, Unavailable
from crmsync.testing.proxy import Proxy, rewrites, says

Open = Callable[..., SalesforceConnector]


@pytest.fixture
def connector(open_salesforce: Open) -> SalesforceConnector:
    return open_salesforce()


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (300, Refused),
        (304, Refused),
        (405, Refused),
        (409, Refused),
        (412, Refused),
        (414, Refused),
        (415, Refused),
        (431, Refused),
        (429, Unavailable),
        (500, Unavailable),
        (504, Unavailable),
    ],
)
def test_4_statuses_that_the_library_takes_for_one_are_told_apart(
    connector: SalesforceConnector, salesforce_proxy: Proxy, status: int, error: type[Exception]
) -> None:
    salesforce_proxy.always = says(status)
    with pytest.raises(error) as raised:
        connector.whoami()
    assert getattr(raised.value, "status", 0) == status
    assert getattr(raised.value, "remedy", "")


def test_4_what_is_left_of_the_day_is_that_of_the_last_call_whatever_it_was(
    connector: SalesforceConnector, salesforce_proxy: Proxy, unique: str
) -> None:
    """The library keeps it on an object it throws away, for every call on one object."""
    used = iter(range(1000, 2000))

    def counts(seen: Any, forward: Any) -> Any:
        header = {"Sforce_Limit_Info": f"api-usage={next(used)}/15000"}
        return rewrites(lambda body: body, **header)(seen, forward)

    salesforce_proxy.always = counts
    left = []
    for call in (
        connector.whoami,
        lambda: connector.schema("Contact"),
        lambda: connector.write("Contact", [creating(unique)]),
        lambda: connector.find("Contact", [unique]),
    ):
        call()
        left.append(connector.meter.left)
    assert left == [14000, 13999, 13998, 13997]


def test_4_every_call_has_a_time_limit(
    connector: SalesforceConnector, monkeypatch: pytest.MonkeyPatch, unique: str
) -> None:
    limits: list[Any] = []
    real = requests.adapters.HTTPAdapter.send

    def send(self: Any, request: Any, **options: Any) -> Any:
        limits.append(options.get("timeout"))
        return real(self, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", send)
    connector.whoami()
    [result] = connector.write("Contact", [creating(unique)])
    connector.get("Contact", [result.native_id or ""], ["LastName"])
    assert len(limits) >= 4
    assert set(limits) == {TIMEOUT_S}


def test_4_amounts_keep_their_digits_by_every_way(
    connector: SalesforceConnector, sandbox: Sandbox, unique: str
) -> None:
    """The library reads exact numbers by a query and doubles by a record."""
    amounts = {"0.1": 0.1, "1234567890.12": 1234567890.12, "1200": 1200.0}
    put = sandbox.salesforce.put
    ids = {
        text: put("Opportunity", {**DEAL, "Name": unique, "Amount": one})
        for text, one in amounts.items()
    }
    read = rows_of(connector, "Opportunity", ["Amount"])
    got = connector.get("Opportunity", list(ids.values()), ["Amount"])
    for text, id_ in ids.items():
        assert (read[id_]["Amount"], got[id_]["Amount"]) == (text, text)


@pytest.mark.parametrize(
    ("amount", "outcome"),
    [("1234567890123456.78", "written"), ("123456789012345678.12", "refused")],
)
def test_4_an_amount_that_no_double_holds_is_sent_with_its_digits(
    connector: SalesforceConnector,
    salesforce_proxy: Proxy,
    unique: str,
    amount: str,
    outcome: str,
) -> None:
    """Two more digits than Amount has are refused by the org, not rounded by us."""
    deal = WriteRequest("deal", "create", None, unique, {**DEAL, "Name": unique, "Amount": amount})
    assert connector.write("Opportunity", [deal])[0].outcome == outcome
    sent = [one.body for one in salesforce_proxy.seen if one.method == "PATCH"]
    assert f'"Amount":{amount},'.encode() in sent[-1]


FILES = sorted(Path(__file__).parent.glob("test_traps_of_salesforce*.py"))


def test_the_number_of_traps_is_the_one_that_is_told() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in FILES)
    count = len(re.findall(r"^def test_(?:4|11|12|16)_", text, re.MULTILINE))
    assert f"section: {count} tests in all" in (__doc__ or "")


def test_traps_that_are_tested_elsewhere_are_there() -> None:
    named = [
        found
        for path in FILES
        for found in re.findall(
            r"(\w+\.py)::(\w+)",
            ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "",
        )
    ]
    assert len(named) >= 10
    for file, name in named:
        assert f"def {name}(" in (FILES[0].parent / file).read_text(encoding="utf-8"), name
