"""What a load may ask of a running sandbox: `POST /__control__/call`, a short list of methods.

The body is `{"method", "args"}` for one call or `{"method", "batch": [args, ...]}` for many; an args
list may end in an object of named arguments. One refused call of a batch does not stop the others.
Knows a world only by the methods it may have.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crmsync.sandbox.faults.book import control_faults
from crmsync.sandbox.tables import Tables

# Object -> field -> {"type", "refers" (list of objects), "loadable" (bool), "options" (list, if only those are taken)}.
Schema = dict[str, dict[str, dict[str, Any]]]

# Read-only fields that an import may set: the audit fields, and what a conversion left behind.
_IMPORTED = frozenset(
    {
        "CreatedDate",
        "CreatedById",
        "LastModifiedDate",
        "LastModifiedById",
        "SystemModstamp",
        "IsConverted",
        "ConvertedDate",
        "ConvertedAccountId",
        "ConvertedContactId",
        "ConvertedOpportunityId",
    }
)
_OWNER_FIELDS = (
    *("email", "firstName", "lastName", "archived", "hs_standard_time_zone", "hs_working_hours"),
)


class LoadsRows(Protocol):
    """The part of a simulated CRM that both kinds share."""

    system: str
    tables: Tables

    def put(self, name: str, values: dict[str, Any], id: str | None = None) -> str:
        """Loads one row past every validation and gives back its id."""


# Where a sandbox was last served, under a mark of its own: kept with the rows, so that a file can be served there
# again, and whoever holds the file can tell whether it is this very sandbox that answers.
_SERVED, _PLACE = "~served", "place"


def served_port(tables: Tables) -> int | None:
    """The port on which these tables were last served, None if they never were."""
    row = tables.get(_SERVED, _PLACE)
    return None if row is None else int(row["port"])


def mark_of(tables: Tables) -> str | None:
    """What tells this sandbox from every other one, None if it was never served."""
    row = tables.get(_SERVED, _PLACE)
    return None if row is None else str(row["mark"])


def served_ca(tables: Tables) -> str:
    """The certificate to trust where these tables were last served by https; blank for http."""
    row = tables.get(_SERVED, _PLACE) or {}
    return str(row.get("ca", ""))


def note_served(tables: Tables, port: int, ca: str = "") -> None:
    """Remembers where the tables are served, and how if by https, and makes it durable."""
    mark = mark_of(tables) or secrets.token_hex(8)
    tables.put(_SERVED, _PLACE, {"port": port, "mark": mark, "ca": ca})
    tables.commit()


def schema_of(world: Any) -> Schema:
    """The objects and fields a load can fill, as the world knows them at the moment."""
    return _SCHEMAS[world.system](world)


def _salesforce_schema(world: Any) -> Schema:
    return {
        name: {
            field.name: {
                "type": field.type,
                "refers": list(field.reference_to),
                "loadable": field.createable or field.updateable or field.name in _IMPORTED,
                "options": list(field.picklist) if field.restricted else [],
            }
            for field in world.shape(name).fields.values()
        }
        for name in world.objects()
    }


def _hubspot_schema(world: Any) -> Schema:
    schema: Schema = {
        name: {
            one["name"]: {
                "type": one["type"],
                "refers": ["owners"] if one["name"] == "hubspot_owner_id" else [],
                "loadable": not one["name"].startswith("num_associated"),
                "options": [each["value"] for each in one["options"]],
            }
            for one in world.portal.definitions(name).values()
        }
        for name in ("contacts", "companies", "deals")
    }
    text: dict[str, Any] = {"type": "string", "refers": [], "loadable": True, "options": []}
    schema["owners"] = dict.fromkeys(_OWNER_FIELDS, text)
    return schema


_SCHEMAS: dict[str, Callable[[Any], Schema]] = {
    "salesforce": _salesforce_schema,
    "hubspot": _hubspot_schema,
}


def _found(world: Any, name: str, who: str) -> list[str]:
    """Ids of an object's records by their own id, an e-mail, a domain or a name; case makes no difference."""
    wanted = who.strip().lower()
    return [
        id_
        for id_, row in world.tables.rows(name)
        if wanted == id_.lower()
        or ("archivedAt" not in row and wanted in _marks(row.get("properties", row)))
    ]


_MARKS = ("Email", "email", "Name", "name", "domain", "dealname")


def _marks(values: dict[str, Any]) -> list[str]:
    return [str(values[name]).lower() for name in _MARKS if values.get(name)]


_METHODS: dict[str, Callable[..., Any]] = {
    "find": _found,
    "mark": lambda world: mark_of(world.tables),
    "put": lambda world, *args: world.put(*args),
    "edit": lambda world, *args: getattr(world, "edit", world.put)(*args),
    "define_field": lambda world, *args, **named: world.define_field(*args, **named),
    "define_property": lambda world, *args, **named: world.define_property(*args, **named),
    "define_label": lambda world, *args: world.define_label(*args),
    "associate": lambda world, *args: world.associate(*args),
    "schema": schema_of,
    "faults": control_faults,
    "rehearse": lambda world, *args: world.rehearse(*args),
}


def perform(world: Any, method: str, args: Sequence[Any]) -> Any:
    """What one whitelisted method of a world gives back; ValueError for any other or bad arguments."""
    if method not in _METHODS:
        raise ValueError(f"no method {method!r}; there are {', '.join(sorted(_METHODS))}")
    named: dict[str, Any] = {}
    if method.startswith("define") and args and isinstance(args[-1], dict):
        *args, named = args
    try:
        return _METHODS[method](world, *args, **named)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{method}: {error}") from error


def perform_all(world: Any, method: str, batch: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """One `{"value": ...}` or `{"error": text}` for each argument list, in order."""
    results: list[dict[str, Any]] = []
    for args in batch:
        try:
            results.append({"value": perform(world, method, args)})
        except ValueError as error:
            results.append({"error": str(error)})
    return results


def load_routes(world: LoadsRows) -> list[Route]:
    """The one route, to be mounted beside the control routes of an app; it asks for no token."""

    async def call(request: Request) -> Response:
        try:
            body = orjson.loads(await request.body())
            answer = _answer(world, body)
        except (KeyError, TypeError, ValueError) as error:
            return _json({"error": str(error)}, 400)
        world.tables.commit()
        return _json(answer)

    return [Route("/__control__/call", call, methods=["POST"])]


def _answer(world: LoadsRows, body: Any) -> dict[str, Any]:
    if "batch" in body:
        return {"results": perform_all(world, body["method"], body["batch"])}
    return {"result": perform(world, body["method"], body.get("args", []))}


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
