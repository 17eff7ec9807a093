"""The few requests the connector makes, each with its name for the meter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

import orjson

from crmsync.connectors.base import CallMeter
from crmsync.connectors.budget import whole
from crmsync.connectors.calls import Call, Calls
from crmsync.connectors.salesforce.session import Session
from crmsync.errors import AccessDenied, AnswerBroken, Refused

# URI and headers together may have 16,384 bytes, else 414 or 431; a query in the body of a
# composite request has no such limit: help.salesforce.com 000386264 (read 2026-11)
LONGEST_QUERY = 8000
# `per-app-api-usage=17/250(...)` may stand before it: developer.salesforce.com, Limit Info Header (read 2026-11)
_USAGE = re.compile(r"(?<![\w-])api-usage=(\d+)/(\d+)")
_NAME = re.compile(r"[A-Za-z]\w*|COUNT\(([A-Za-z]\w*)?\)", re.ASCII)
# Assignment rules would change the owner of what we write, and FALSE on an object without any does
# nothing: developer.salesforce.com, Assignment Rule Header (read 2026-11)
AS_SENT = {"Sforce-Auto-Assign": "FALSE"}


def note_usage(meter: CallMeter, headers: Mapping[str, str]) -> float:
    """Reads `Sforce-Limit-Info` into the meter; there is never a wait before the next call.

    Calls under 20 s are not limited in number at a time: developer.salesforce.com, API Request
    Limits (read 2026-11).
    """
    found = _USAGE.search(headers.get("sforce-limit-info", ""))
    if found:
        used, allowed = int(found[1]), int(found[2])
        meter.left, meter.allowed = max(allowed - used, 0), allowed
    return 0.0


def quoted(texts: Iterable[str]) -> str:
    """SOQL string literals, a comma between them."""
    return ",".join("'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" for text in texts)


def select(fields: Iterable[str], object_: str, rest: str = "") -> str:
    """A SOQL query. Names that could be anything but names are a Refused, before they are sent."""
    names = [*fields, object_]
    odd = [name for name in names if not _NAME.fullmatch(name)]
    if odd:
        raise Refused(f"'{odd[0]}' is no name of a field or an object", where=object_)
    return f"SELECT {','.join(names[:-1])} FROM {object_}{rest}"  # noqa: S608  # names are checked


class Api:
    """One org's REST resources. Raises the errors of `calls`."""

    def __init__(self, session: Session, calls: Calls, api_version: str) -> None:
        self.session = session
        self.calls = calls
        self.version = api_version

    def get(self, path: str, label: str) -> Any:
        """A resource below `/services/data/vN/`."""
        return self.calls.ask(Call(f"GET {label}", partial(self.session.send, "GET", path)))

    def post_to_read(self, path: str, body: Any, label: str) -> Any:
        """What a POST answers that changes nothing."""
        text = orjson.dumps(body)
        send = partial(self.session.send, "POST", path, body=text)
        return self.calls.ask(Call(f"POST {label}", send))

    def patch(self, path: str, body: Any, label: str = "composite/sobjects") -> Any:
        """What a PATCH answers that writes."""
        text = orjson.dumps(body)
        send = partial(self.session.send, "PATCH", path, body=text, headers=AS_SENT)
        return self.calls.ask(Call(f"PATCH {label}", send, writes=True))

    def create(self, records: Sequence[Any]) -> Any:
        """The ends of at most 200 records to create, none by a key: never sent twice."""
        body = orjson.dumps({"allOrNone": False, "records": list(records)})
        send = partial(self.session.send, "POST", "composite/sobjects", body=body, headers=AS_SENT)
        return self.calls.ask(Call("POST composite/sobjects", send, writes=True))

    def delete(self, ids: Sequence[str]) -> Any:
        """The ends of at most 200 records to delete."""
        params = {"ids": ",".join(ids), "allOrNone": "false"}
        send = partial(self.session.send, "DELETE", "composite/sobjects", params=params)
        return self.calls.ask(Call("DELETE composite/sobjects", send, writes=True))

    def change(self, method: str, path: str, label: str, body: Any = None) -> Any:
        """What a request answers that changes one thing of the org."""
        text = None if body is None else orjson.dumps(body)
        send = partial(self.session.send, method, path, body=text)
        return self.calls.ask(Call(f"{method} {label}", send, writes=True))

    def tooling_rows(self, soql: str) -> list[dict[str, Any]]:
        """All records of a small query of the Tooling API."""
        send = partial(self.session.send, "GET", "tooling/query/", params={"q": soql})
        page = _page(self.calls.ask(Call("GET tooling/query", send)))
        return whole_rows(page["records"], int(page["totalSize"]) if page["done"] else 0)

    def tooling_parts(self, paths: Mapping[str, str]) -> dict[str, Any]:
        """What up to 25 resources answer in one call, by the name given; those that are refused are left out."""
        head = f"/services/data/v{self.version}/"
        asked = [
            {"method": "GET", "url": head + path, "referenceId": f"r{at}"}
            for at, path in enumerate(paths.values())
        ]
        answer = self.post_to_read(
            "tooling/composite", {"compositeRequest": asked}, "tooling/composite"
        )
        parts = (answer or {}).get("compositeResponse") or []
        told = {part.get("referenceId"): part for part in parts}
        return {
            name: told[f"r{at}"].get("body")
            for at, name in enumerate(paths)
            if told.get(f"r{at}", {}).get("httpStatusCode") == 200
        }

    def query(self, soql: str) -> dict[str, Any]:
        """The first page of a query; a long one travels in the body of a composite request."""
        if len(quote(soql)) > LONGEST_QUERY:
            return self._query_in_body(soql)
        send = partial(self.session.send, "GET", "query/", params={"q": soql})
        return _page(self.calls.ask(Call("GET query", send)))

    def query_all(self, soql: str) -> dict[str, Any]:
        """The first page of a query that finds deleted records, too."""
        if len(quote(soql)) > LONGEST_QUERY:
            return self._query_in_body(soql, "queryAll")
        send = partial(self.session.send, "GET", "queryAll/", params={"q": soql})
        return _page(self.calls.ask(Call("GET queryAll", send)))

    def more_of_host(self, path: str, label: str) -> Any:
        """A resource of the host itself, outside any version."""
        return self.calls.ask(Call(f"GET {label}", partial(self.session.send, "GET", path)))

    def more(self, url: str) -> dict[str, Any]:
        """A further page by its host-relative `nextRecordsUrl`."""
        if not url.startswith("/services/data/"):
            raise AnswerBroken("the address of the next page is none of this org", where="query")
        return _page(self.calls.ask(Call("GET query/more", partial(self.session.send, "GET", url))))

    def rows(self, soql: str) -> list[dict[str, Any]]:
        """All records of a small query, none twice; AnswerBroken if some are missing."""
        page = self.query(soql)
        rows, told = list(page["records"]), int(page["totalSize"])
        while not page["done"]:
            page = self.more(page["nextRecordsUrl"])
            rows += page["records"]
        return whole_rows(rows, told)

    def count(self, object_: str) -> int:
        """How many live records there are."""
        return int(self.query(select(["COUNT()"], object_))["totalSize"])

    def note_limits(self) -> None:
        """Reads the day's calls from `/limits` where no header told them.

        It takes the permission 'View Setup and Configuration', so a refusal is no problem.
        """
        if self.calls.meter.left is not None:
            return
        try:
            day = (self.get("limits/", "limits") or {}).get("DailyApiRequests", {})
        except (AccessDenied, Refused):
            return
        self.calls.meter.left = whole(str(day.get("Remaining", "")))
        self.calls.meter.allowed = whole(str(day.get("Max", "")))

    def _query_in_body(self, soql: str, resource: str = "query") -> dict[str, Any]:
        request = {
            "method": "GET",
            "url": f"/services/data/v{self.version}/{resource}/?q={quote(soql)}",
            "referenceId": "query",
        }
        answer = self.post_to_read("composite", {"compositeRequest": [request]}, "composite/query")
        part = (answer or {}).get("compositeResponse") or [{}]
        if part[0].get("httpStatusCode") != 200:
            raise _refusal(part[0])
        return _page(part[0].get("body"))


def whole_rows(rows: Iterable[dict[str, Any]], told: int) -> list[dict[str, Any]]:
    """Records without repeated ones; AnswerBroken if there are fewer than the query told."""
    found = list({orjson.dumps(row): row for row in rows}.values())
    if len(found) < told:
        raise AnswerBroken(f"{len(found)} records came of {told}", where="query")
    return found


def _page(answer: Any) -> dict[str, Any]:
    """The page of a query; AnswerBroken if it is none."""
    if isinstance(answer, dict) and {"records", "done", "totalSize"} <= answer.keys():
        return answer
    raise AnswerBroken("the answer is no page of a query", where="query")


def _refusal(part: Mapping[str, Any]) -> Refused:
    body = part.get("body")
    first = body[0] if isinstance(body, list) and body else {}
    message = f"refused: {first.get('errorCode', '')}: {first.get('message', '')}"
    return Refused(message, where="query", status=int(part.get("httpStatusCode") or 0))
