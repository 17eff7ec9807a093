"""A record is refused one cell, and what is sent then another: neither is forgotten."""

from __future__ import annotations

from collections.abc import Callable

from apply.pairs import Pair
from apply.test_opt_outs_reach_hubspot import is_out
from crmsync.testing.proxy import Reply, Seen, proxied, says

MAIL = "gil@people.example"
READ_ONLY = says(
    400,
    {
        "status": "error",
        "message": "Property values were not valid: []",
        "errors": [
            {
                "message": "jobtitle is read only",
                "code": "READ_ONLY_VALUE",
                "context": {"propertyName": ["jobtitle"]},
            }
        ],
        "category": "VALIDATION_ERROR",
    },
)
NOT_TODAY = says(400, {"status": "error", "message": "not today", "category": "VALIDATION_ERROR"})


def bad_day(seen: Seen, forward: Callable[[], Reply]) -> Reply:
    """That day the portal takes neither the title nor an opt-out."""
    if "unsubscribe-all" in seen.path:
        return NOT_TODAY(seen, forward)
    if "batch/upsert" in seen.path and b"jobtitle" in seen.body:
        return READ_ONLY(seen, forward)
    return forward()


def test_an_opt_out_that_was_refused_beside_another_cell_is_sent_again(pair: Pair) -> None:
    pair.salesforce("Contact", LastName="Gil", Email=MAIL, HasOptedOutOfEmail=True, Title="Chair")
    pair.plan()
    real, file = pair.servers.urls["hubspot"], pair.folder / "crmsync.yml"
    with proxied(real) as hubspot:
        hubspot.always = bad_day
        file.write_text(file.read_text().replace(real, hubspot.url))
        pair.reopen()
        pair.apply()
        file.write_text(file.read_text().replace(hubspot.url, real))
    pair.reopen()
    assert not is_out(pair, MAIL)
    pair.plan()
    pair.apply()
    assert is_out(pair, MAIL)
