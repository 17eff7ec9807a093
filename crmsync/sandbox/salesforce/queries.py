"""Calls that query: query, queryAll, and later pages of either."""

from __future__ import annotations

from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.errors import refuse
from crmsync.sandbox.salesforce.soql.run import more, run_query
from crmsync.sandbox.salesforce.world import SalesforceWorld


def query(world: SalesforceWorld, call: Call) -> Reply:
    """The first page of a query; deleted records are left out."""
    return Reply(200, run_query(world, _soql(call), call.asked()))


def query_all(world: SalesforceWorld, call: Call) -> Reply:
    """The first page of a query that sees deleted records too."""
    return Reply(200, run_query(world, _soql(call), call.asked(include_deleted=True)))


def query_more(world: SalesforceWorld, call: Call) -> Reply:
    """A later page, by the locator of the one before."""
    return Reply(200, more(world, call.parts[1], call.asked()))


def search(world: SalesforceWorld, call: Call) -> Reply:
    """Nothing: SOSL is not simulated, and says so instead of finding nothing."""
    message = "SOSL search is not simulated by this sandbox: use query"
    raise refuse("FUNCTIONALITY_NOT_ENABLED", message)


def _soql(call: Call) -> str:
    soql = call.query.get("q")
    if not soql:
        raise refuse("MALFORMED_QUERY", "A query string has to be specified")
    return soql
