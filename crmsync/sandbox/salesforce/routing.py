"""The table of everything below `/services/data/vN/`, and the way through it."""

from __future__ import annotations

from collections.abc import Callable

from crmsync.sandbox.salesforce import (
    collection_calls,
    describe,
    org,
    queries,
    records,
    replication,
    tooling,
    tooling_setups,
)
from crmsync.sandbox.salesforce.bulk.routes import BULK_ROUTES
from crmsync.sandbox.salesforce.calls import Call, Reply
from crmsync.sandbox.salesforce.composite import composite
from crmsync.sandbox.salesforce.composite_batch import batch
from crmsync.sandbox.salesforce.composite_tree import tree
from crmsync.sandbox.salesforce.errors import NOT_FOUND, ApiError, Refusal
from crmsync.sandbox.salesforce.items import refuse_locked
from crmsync.sandbox.salesforce.rights_checks import check_rights
from crmsync.sandbox.salesforce.world import SalesforceWorld

Answer = Callable[[SalesforceWorld, Call], Reply]

_WRITES = ("POST", "PATCH", "DELETE")

# `*` stands for one segment. The first pattern that fits decides, so fixed words come first.
_ROUTES: list[tuple[tuple[str, ...], dict[str, Answer]]] = [
    ((), {"GET": org.resources}),
    (("limits",), {"GET": org.limits}),
    (("limits", "recordCount"), {"GET": org.record_count}),
    (("query",), {"GET": queries.query}),
    (("query", "*"), {"GET": queries.query_more}),
    (("queryAll",), {"GET": queries.query_all}),
    (("queryAll", "*"), {"GET": queries.query_more}),
    (("search",), {"GET": queries.search, "POST": queries.search}),
    (("composite",), {"POST": lambda world, call: composite(world, call, dispatch)}),
    (("composite", "batch"), {"POST": lambda world, call: batch(world, call, dispatch)}),
    (("composite", "tree", "*"), {"POST": tree}),
    (
        ("composite", "sobjects"),
        {
            "POST": collection_calls.post_collection,
            "PATCH": collection_calls.patch_collection,
            "DELETE": collection_calls.delete_collection,
        },
    ),
    (
        ("composite", "sobjects", "*"),
        {"GET": collection_calls.get_collection, "POST": collection_calls.retrieve_collection},
    ),
    (("composite", "sobjects", "*", "*"), {"PATCH": collection_calls.upsert_collection}),
    (("tooling", "composite"), {"POST": lambda world, call: composite(world, call, dispatch)}),
    (("tooling", "query"), {"GET": tooling.query}),
    (("tooling", "sobjects", "CustomField"), {"POST": tooling.post_field}),
    (
        ("tooling", "sobjects", "CustomField", "*"),
        {"GET": tooling.get_field, "DELETE": tooling.delete_field},
    ),
    (("tooling", "sobjects", "*", "*"), {"GET": tooling_setups.get_setup}),
    (("sobjects",), {"GET": describe.object_list}),
    (("sobjects", "*"), {"GET": describe.object_metadata, "POST": records.post_record}),
    (("sobjects", "*", "describe"), {"GET": describe.object_describe}),
    (("sobjects", "*", "updated"), {"GET": replication.get_updated}),
    (("sobjects", "*", "deleted"), {"GET": replication.get_deleted}),
    (
        ("sobjects", "*", "*"),
        {
            "GET": records.get_record,
            "PATCH": records.patch_record,
            "DELETE": records.delete_record,
            "POST": records.post_by_id,
        },
    ),
    (
        ("sobjects", "*", "*", "*"),
        {"GET": records.get_by_key, "PATCH": records.patch_by_key},
    ),
    *BULK_ROUTES,
]


def dispatch(world: SalesforceWorld, call: Call) -> Reply:
    """The answer to one call; Refusal for an error, a path or method there is not included."""
    check_version(call.version)
    check_rights(world, call.method, call.parts)
    for pattern, methods in _ROUTES:
        if _fits(pattern, call.parts):
            method = "GET" if call.method == "HEAD" else call.method
            if method not in methods:
                raise Refusal(_wrong_method(call.method, methods))
            if method in _WRITES and call.parts[:1] == ("sobjects",):
                refuse_locked(world, method, call.path)
            return methods[method](world, call)
    raise Refusal(NOT_FOUND)


def check_version(version: str) -> None:
    """Refusal for an API version that is retired (410) or that there never was (404)."""
    whole, _, fraction = version.partition(".")
    if not whole.isdecimal() or fraction != "0":
        raise Refusal(NOT_FOUND)
    if int(whole) <= org.LAST_RETIRED_VERSION:
        message = f"API version {version} is retired"
        raise Refusal(ApiError("UNSUPPORTED_API_VERSION", message, status=410))
    if not org.FIRST_VERSION <= int(whole) <= org.LAST_VERSION:
        raise Refusal(NOT_FOUND)


def _fits(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        word in ("*", part) for word, part in zip(pattern, parts, strict=True)
    )


def _wrong_method(method: str, methods: dict[str, Answer]) -> ApiError:
    allowed = ",".join(sorted({"HEAD", *methods} if "GET" in methods else methods))
    message = f"HTTP Method '{method}' not allowed. Allowed are {allowed}"
    return ApiError("METHOD_NOT_ALLOWED", message, status=405)
