"""The few requests the connector makes, each with its name for the meter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from crmsync.connectors.base import CallMeter
from crmsync.connectors.budget import whole
from crmsync.connectors.calls import Call, Calls
from crmsync.connectors.hubspot.day import Day
from crmsync.connectors.hubspot.paths import CONSENT, FLOWS
from crmsync.connectors.hubspot.session import Session
from crmsync.errors import AnswerBroken

# developers.hubspot.com, Objects and Associations (read 2026-11)
PAGE_SIZE = 100
BATCH_SIZE = 100
TIES_SIZE = 1000
# A list with histories: hubspot-api-client 12.0.0, get_all (read 2026-11)
HISTORY_PAGE_SIZE = 50
CHANNEL = "EMAIL"


def _list_path(
    object_: str, properties: Sequence[str], history: Sequence[str], *, archived: bool
) -> str:
    """The path and the query of a list; commas are as they are, which is shorter for both ends."""
    size = HISTORY_PAGE_SIZE if history else PAGE_SIZE
    query = f"limit={size}&archived={archived}&properties={_named(properties)}"
    versions = f"&propertiesWithHistory={_named(history)}" if history else ""
    return f"/crm/v3/objects/{quote(object_, safe='')}?{query}{versions}"


def _named(names: Sequence[str]) -> str:
    return quote(",".join(names), safe=",")


def note_day(meter: CallMeter, headers: Mapping[str, str]) -> float:
    """Reads the day's calls into the meter; 0, for how fast calls may follow each other is for `pacing` to say.

    Headers that are missing say nothing: OAuth apps are told none of the day, search nothing at all.
    """
    left, day = (
        whole(headers.get(f"x-hubspot-ratelimit-{each}")) for each in ("daily-remaining", "daily")
    )
    if left is not None and day is not None:
        meter.left, meter.allowed = left, day
    return 0.0


class Api:
    """One portal's resources. Raises the errors of `calls`."""

    def __init__(self, session: Session, calls: Calls, day: Day | None = None) -> None:
        self.session = session
        self.calls = calls
        self.day = day or Day(calls.clock)

    def account(self) -> Mapping[str, Any]:
        """Which portal this is."""
        told = self._dict(self._ask("GET account-info", self.session.account))
        self.day.zone = str(told.get("timeZone") or "")
        return told

    def raw(
        self, label: str, method: str, path: str, body: Any = None, *, writes: bool = False
    ) -> Any:
        """What a call answers that the client has no method for.

        `path` is the one of v3 or v4 with its query, both percent-encoded. A search must have the label
        `POST objects/X/search`: it has a budget of its own (`pacing`).
        """
        return self._ask(label, self.session.raw, method, path, body, writes=writes)

    def flows(self) -> Iterator[Mapping[str, Any]]:
        """Workflows without what they do."""

        def request(*, after: str | None, **options: Any) -> Any:
            query = f"?limit={PAGE_SIZE}" + (f"&after={after}" if after else "")
            return self.session.raw("GET", FLOWS + query, **options)

        for page in self._pages("GET automation/flows", request):
            yield from self._results(page)

    def flows_read(self, ids: Sequence[str]) -> list[Mapping[str, Any]]:
        """At most 100 workflows with what they do."""
        body = {"inputs": [{"flowId": one, "type": "FLOW_ID"} for one in ids]}
        path = f"{FLOWS}/batch/read"
        return self._results(self.raw("POST automation/flows/batch/read", "POST", path, body))

    def properties(self, object_: str) -> list[Mapping[str, Any]]:
        """Every property of an object that this token can read."""
        answer = self._ask("GET properties", self.session.properties.get_all, object_)
        return self._results(answer)

    def archived_properties(self, object_: str) -> list[Mapping[str, Any]]:
        """Every property of an object that people have archived, for as long as HubSpot keeps it."""
        request = partial(self.session.properties.get_all, archived=True)
        return self._results(self._ask("GET properties", request, object_))

    def property_create(self, object_: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """A new property, as HubSpot keeps it."""
        request = self.session.properties.create
        return self._dict(self._ask("POST properties", request, object_, body, writes=True))

    def property_archive(self, object_: str, name: str) -> None:
        """Moves a property to the recycling bin."""
        request = self.session.properties.archive
        self._ask("DELETE properties", request, object_, name, writes=True)

    def pipelines(self, object_: str) -> list[Mapping[str, Any]]:
        """Pipelines with their stages."""
        answer = self._ask("GET pipelines", self.session.pipelines.get_all, object_)
        return self._results(answer)

    def owners(self, *, archived: bool) -> Iterator[Mapping[str, Any]]:
        """Owners, or those that were removed."""
        request = partial(self.session.owners.get_page, limit=PAGE_SIZE, archived=archived)
        for page in self._pages("GET owners", request):
            yield from self._results(page)

    def pages(
        self,
        object_: str,
        properties: Sequence[str],
        history: Sequence[str] = (),
        *,
        archived: bool = False,
    ) -> Iterator[list[dict[str, Any]]]:
        """Live or archived records in the order of HubSpot, 100 a page, or 50 with the versions of some properties.

        Empty pages in between are left out, and records that were on the page before: HubSpot lists by ascending id.
        """
        path = _list_path(object_, properties, history, archived=archived)

        def page_after(after: str | None) -> Any:
            further = "" if after is None else f"&after={quote(after, safe='')}"
            return self._ask_directly(f"GET objects/{object_}", "GET", path + further)

        before: Collection[str] = ()
        for page in self._followed(f"GET objects/{object_}", page_after):
            told = {str(one["id"]): one for one in page["results"]}
            fresh = [one for id_, one in told.items() if id_ not in before]
            before = told.keys()
            if fresh:
                yield fresh

    def search(
        self,
        object_: str,
        filters: Sequence[Any],
        limit: int,
        after: int = 0,
        shown: Sequence[str] = (),
    ) -> Mapping[str, Any]:
        """One page of live records that meet every filter, and how many there are in all."""
        body = {
            "filterGroups": [{"filters": list(filters)}] if filters else [],
            "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            "properties": ["hs_object_id", *shown],
            "limit": limit,
            "after": str(after),
        }
        label, request = f"POST objects/{object_}/search", self.session.searches.do_search
        page = self._dict(self._ask(label, request, object_, body))
        self._results(page)
        return page

    def batch_read(
        self, object_: str, ids: Sequence[str], properties: Sequence[str], id_property: str = ""
    ) -> Any:
        """At most 100 records; those that are not there stand among `errors`."""
        body: dict[str, Any] = {
            "properties": list(properties),
            "propertiesWithHistory": [],
            "inputs": [{"id": one} for one in ids],
        }
        if id_property:
            body["idProperty"] = id_property
        request = partial(self.session.batches.read, archived=False)
        return self._ask(f"POST objects/{object_}/batch/read", request, object_, body)

    def batch_write(self, object_: str, verb: str, inputs: Sequence[Any]) -> Any:
        """The end of at most 100 writes; `verb` is update or upsert."""
        request = getattr(self.session.batches, verb)
        label = f"POST objects/{object_}/batch/{verb}"
        return self._ask(label, request, object_, {"inputs": list(inputs)}, writes=True)

    def record_archive(self, object_: str, native_id: str) -> None:
        """Moves a record to the recycling bin."""
        label, request = f"DELETE objects/{object_}", self.session.objects.archive
        self._ask(label, request, object_, native_id, writes=True)

    def opt_out(self, email: str) -> None:
        """Ends every subscription of an address."""
        place = f"{CONSENT}/statuses/{{email}}/unsubscribe-all"
        request = partial(
            self.session.raw, "POST", place, query=(("channel", CHANNEL),), parts={"email": email}
        )
        self._ask("POST communication-preferences/unsubscribe-all", request, writes=True)

    def is_opted_out(self, email: str) -> bool:
        """True if every subscription of an address has ended."""
        place = f"{CONSENT}/statuses/{{email}}/unsubscribe-all"
        return bool(self._results(self._of_address("unsubscribe-all", place, email)))

    def is_opted_out_of(self, email: str, subscription: int) -> bool:
        """True if one subscription of an address has ended."""
        answer = self._of_address("statuses", f"{CONSENT}/statuses/{{email}}", email)
        return any(
            str(one["subscriptionId"]) == str(subscription) and one["status"] == "UNSUBSCRIBED"
            for one in self._results(answer)
        )

    def _of_address(self, label: str, place: str, email: str) -> Any:
        request = partial(
            self.session.raw, "GET", place, query=(("channel", CHANNEL),), parts={"email": email}
        )
        return self._ask(f"GET communication-preferences/{label}", request)

    def opt_out_of(self, email: str, subscription: int, basis: Mapping[str, str]) -> None:
        """Ends one subscription of an address."""
        told = {"channel": CHANNEL, "statusState": "UNSUBSCRIBED", "subscriptionId": subscription}
        place = f"{CONSENT}/statuses/{{email}}"
        request = partial(
            self.session.raw, "POST", place, {**told, **basis}, parts={"email": email}
        )
        self._ask("POST communication-preferences/statuses", request, writes=True)

    def labels(self, from_object: str, to_object: str) -> list[Mapping[str, Any]]:
        """Every type of tie from one object to another, HubSpot's own too."""
        request = self.session.labels.get_all
        return self._results(self._ask("GET associations/labels", request, from_object, to_object))

    def ties_read(self, from_object: str, to_object: str, inputs: Sequence[Any]) -> Any:
        """Ties of at most 1,000 records."""
        ends = "/".join(quote(each, safe="") for each in (from_object, to_object))
        path, body = f"/crm/v4/associations/{ends}/batch/read", {"inputs": list(inputs)}
        return self._ask_directly("POST associations/batch/read", "POST", path, body)

    def ties_write(self, from_object: str, to_object: str, verb: str, inputs: Sequence[Any]) -> Any:
        """The end of writes to at most 1,000 ties.

        `verb` is create, create_default, archive or archive_labels. 2,000 are documented for create
        and nothing for the others, so all have the size of a read.
        """
        label, request = f"POST associations/batch/{verb}", getattr(self.session.ties, verb)
        body = {"inputs": list(inputs)}
        return self._ask(label, request, from_object, to_object, body, writes=True)

    def get(self, label: str, path: str, **query: str) -> Mapping[str, Any]:
        """The answer to a GET of the classic version's path."""
        request = partial(self.session.raw, "GET", path, query=tuple(query.items()))
        return self._dict(self._ask(f"GET {label}", request))

    def listed(self, label: str, path: str) -> list[Any]:
        """The answer to a GET that is a bare list."""
        answer = self._ask(f"GET {label}", self.session.raw, "GET", path)
        if isinstance(answer, list):
            return answer
        raise AnswerBroken("the answer is no list", where=label)

    def post(self, label: str, path: str, body: Any, **query: str) -> Mapping[str, Any]:
        """The answer to a POST that reads."""
        request = partial(self.session.raw, "POST", path, body, query=tuple(query.items()))
        return self._dict(self._ask(f"POST {label}", request))

    def results(self, label: str, path: str, **query: str) -> Iterator[list[Any]]:
        """Results of a GET, page by page."""
        for page in self.told(label, path, **query):
            yield page["results"]

    def told(self, label: str, path: str, **query: str) -> Iterator[Mapping[str, Any]]:
        """Pages of a GET, each with its results."""

        def request(*, after: str | None, **options: Any) -> Any:
            told = query | ({"after": after} if after is not None else {})
            return self.session.raw("GET", path, query=tuple(told.items()), **options)

        return self._pages(f"GET {label}", request)

    def _ask(
        self, label: str, request: Callable[..., Any], *arguments: Any, writes: bool = False
    ) -> Any:
        send = partial(self.session.send, request, *arguments)
        return self.calls.ask(Call(label, send, writes))

    def _ask_directly(self, label: str, method: str, path: str, body: Any = None) -> Any:
        send = partial(self.session.direct, method, path, body)
        return self.calls.ask(Call(label, send))

    def _pages(self, label: str, request: Callable[..., Any]) -> Iterator[Mapping[str, Any]]:
        """Pages of a request that takes the cursor as `after`, as `_followed` has them."""
        return self._followed(label, lambda after: self._ask(label, partial(request, after=after)))

    def _followed(
        self, label: str, page_after: Callable[[str | None], Any]
    ) -> Iterator[Mapping[str, Any]]:
        """Pages until there is no next one; AnswerBroken if a cursor comes again."""
        after: str | None = None
        seen: set[str] = set()
        while True:
            page = self._dict(page_after(after))
            self._results(page)
            yield page
            following = ((page.get("paging") or {}).get("next") or {}).get("after")
            if following is None:
                return
            after = str(following)
            if after in seen:
                raise AnswerBroken("a cursor of the pages comes again", where=label)
            seen.add(after)

    def _dict(self, answer: Any) -> Mapping[str, Any]:
        if isinstance(answer, dict):
            return answer
        raise AnswerBroken("the answer is no object", where=self.calls.system)

    def _results(self, answer: Any) -> list[Any]:
        results = self._dict(answer).get("results")
        if isinstance(results, list):
            return results
        raise AnswerBroken("the answer has no results", where=self.calls.system)
