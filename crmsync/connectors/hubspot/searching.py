"""Which records were modified since an instant, by a search that is not to be trusted.

| a search | so |
|---|---|
| shows no more than 10,000 records | a longer span is halved, an instant by the ids of its records |
| does not sort reliably, or leaves rows of a page out | ids are counted against `total`; if they differ, halved |
| pages by offset: a record that leaves the span moves the others up | the same; up to 200 are one page |
| sees a write late | whoever asks begins earlier than where the last read was |

Ids are compared as numbers or as text, nobody knows: the two parts of an instant are `up to X` and `above X`, and
whatever the order is, each of its records is in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from crmsync.connectors.batches import chunks
from crmsync.connectors.hubspot.api import Api
from crmsync.connectors.hubspot.schemas import MERGED_PROPERTY
from crmsync.connectors.hubspot.values import instant
from crmsync.errors import AnswerBroken

# developers.hubspot.com, "Search the CRM" (read 2026-11)
PAGE_SIZE = 200
MOST = 10_000
# How long a write was not found, at most, where it was measured: grouparoo, recorded 2022-02 (read 2026-11)
CATCH_UP_S = 30.0
# Search sees most writes within seconds, some far later: others who read it stay an hour behind
# (estuary/connectors pull 2210, read 2026-11).
OVERLAP = timedelta(hours=1)
IDS_A_SEARCH = 120  # a body has 3,000 characters at most: the same page
_ATTEMPTS = 3
_PIVOTS = 5  # ids of a page at which a cut is tried
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_END = 1 << 43  # in the year 2248: a record may be stamped by a clock that is ahead

# developers.hubspot.com, "Search the CRM": which property each object is modified by (read 2026-11)
_MODIFIED = {"contacts": "lastmodifieddate"}
_CREATED = dict.fromkeys(("calls", "emails", "meetings", "notes", "tasks"), "hs_createdate")


def modified_property(object_: str) -> str:
    """The property that search finds the changes of an object by."""
    return _MODIFIED.get(object_, "hs_lastmodifieddate")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many records a search shows at most, and how many of them on a page."""

    most: int = MOST
    page: int = PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Span:
    """Records stamped from `low` on and before `high`, in epoch ms; of one instant those above an id and up to one."""

    low: int
    high: int
    above: str = ""
    upto: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the pages of a span showed: ids, every `total` that was told, and whether they came to an end."""

    ids: dict[str, None]
    totals: frozenset[int]
    ended: bool

    @property
    def whole(self) -> bool:
        """True if as many records came as every page told."""
        return self.ended and self.totals == {len(self.ids)}


def changed_ids(
    api: Api, object_: str, begin: datetime, bounds: Bounds = Bounds()
) -> Iterator[list[str]]:
    """Ids of live records modified since, none twice; AnswerBroken if some are missing.

    What is modified meanwhile is in the last span, which has no end.
    """
    look = _Look(api, object_, bounds)
    since, now = _ms(begin), _ms(api.calls.clock())
    waiting = [Span(now, _END), Span(since, now)] if since < now else [Span(since, _END)]
    seen: set[str] = set()
    while waiting:
        span = waiting.pop()
        found = look.ids(span)
        if found is None:
            waiting += reversed(look.parts(span))
            continue
        fresh = [one for one in found if one not in seen]
        seen.update(fresh)
        if fresh:
            yield fresh


def count_of(api: Api, object_: str, *filters: dict[str, Any]) -> int:
    """How many live records search knows of that meet every filter."""
    return _total(api.search(object_, filters, 1), object_)


@dataclass(slots=True)
class Lately:
    """Ids of records that went or came lately, of which search may not have heard."""

    gone: list[str] = field(default_factory=list)
    come: list[str] = field(default_factory=list)


def count_now(api: Api, object_: str, lately: Lately, *filters: dict[str, Any]) -> int:
    """How many live records there are: those that search counts, put right by what is known better."""

    def counted(ids: Sequence[str]) -> int:
        parts = chunks(list(ids), IDS_A_SEARCH)
        return sum(count_of(api, object_, with_ids(list(part)), *filters) for part in parts)

    told = count_of(api, object_, *filters) - counted(lately.gone)
    return told + len(lately.come) - counted(lately.come)


def modified_since(object_: str, begin: datetime) -> dict[str, Any]:
    """The filter of records modified since an instant."""
    return _filter(modified_property(object_), "GTE", str(_ms(begin)))


def created_before(object_: str, moment: datetime) -> dict[str, Any]:
    """The filter of records created before an instant."""
    return _filter(_CREATED.get(object_, "createdate"), "LT", str(_ms(moment)))


def merged_since(object_: str, moment: datetime) -> tuple[dict[str, Any], ...]:
    """The filters of records that swallowed others, and were modified since an instant."""
    swallowed = {"propertyName": MERGED_PROPERTY, "operator": "HAS_PROPERTY"}
    return modified_since(object_, moment), swallowed


def ids_with(api: Api, object_: str, *filters: dict[str, Any]) -> list[str]:
    """Ids of live records that meet every filter, none twice, as far as search shows them: no more than MOST."""
    found: dict[str, None] = {}
    after: int | None = 0
    while after is not None and after < MOST:
        page = api.search(object_, filters, PAGE_SIZE, after)
        found |= dict.fromkeys(str(each["id"]) for each in page["results"])
        told = ((page.get("paging") or {}).get("next") or {}).get("after")
        after = int(told) if told is not None and int(told) > after else None
    return list(found)


def with_ids(ids: list[str]) -> dict[str, Any]:
    """The filter of records with one of these ids, at most IDS_A_SEARCH."""
    return {"propertyName": "hs_object_id", "operator": "IN", "values": ids}


@dataclass(frozen=True, slots=True)
class _Look:
    """Looks at spans of one object."""

    api: Api
    object: str
    bounds: Bounds

    def ids(self, span: Span) -> list[str] | None:
        """The ids of a span, None if it has to be cut; one of a single page is asked again instead."""
        for _attempt in range(_ATTEMPTS):
            found = self._found(span)
            if found.whole:
                return list(found.ids)
            most = max(found.totals)
            if most > self.bounds.page:
                return None
        raise self._broken(f"{len(found.ids)} changed records came of {most}")

    def _found(self, span: Span) -> Found:
        """All pages of a span, or the first if there are more than can be shown."""
        ids: dict[str, None] = {}
        totals: set[int] = set()
        after: int | None = 0
        while after is not None and after < self.bounds.most:
            page = self._page(span, min(self.bounds.page, self.bounds.most - after), after)
            totals.add(_total(page, self.object))
            ids |= dict.fromkeys(str(each["id"]) for each in page["results"])
            if max(totals) > self.bounds.most:
                break
            after = self._next(page, after)
        return Found(ids, frozenset(totals), after is None)

    def _next(self, page: Any, after: int) -> int | None:
        """The offset of the next page, however many records this one has; None after the last."""
        told = ((page.get("paging") or {}).get("next") or {}).get("after")
        if told is None:
            return None
        if int(told) <= after:
            raise self._broken("the offset of the pages stands still")
        return int(told)

    def parts(self, span: Span) -> list[Span]:
        """Two spans that have every record of this one in exactly one of them, cut at what some of its records show.

        Where it is cut decides how many calls it takes, and nothing else: no order has to be true.
        """
        total = _total(self._page(span, 1, 0), self.object)
        if span.high - span.low == 1:
            return self._parts_by_id(span, total)
        name = modified_property(self.object)
        middle = min(total, self.bounds.most) // 2
        page = self._page(span, min(self.bounds.page, self.bounds.most - middle), middle, (name,))
        stamps = sorted(one for each in page["results"] if (one := _stamp(each, name)) is not None)
        now = _ms(self.api.calls.clock())
        cut = stamps[len(stamps) // 2] if stamps else (span.low + min(span.high, now)) // 2
        cut = min(max(cut, span.low + 1), span.high - 1)
        return [replace(span, high=cut), replace(span, low=cut)]

    def _parts_by_id(self, span: Span, total: int) -> list[Span]:
        """An instant, cut at an id near the last that can be shown; in the middle if all can.

        Where pages are not sorted it may be the last of all, which cuts nothing: then at another one.
        """
        last = self.bounds.most - self.bounds.page
        for pivot in self._shown(span, (last if total > last else total // 2, 0)):
            lower = replace(span, upto=pivot)
            if 0 < _total(self._page(lower, 1, 0), self.object) < total:
                return [lower, replace(span, above=pivot)]
        raise self._broken("the search shows the same records whatever is asked")

    def _shown(self, span: Span, places: Sequence[int]) -> Iterator[str]:
        """Some ids of the pages at these places."""
        for at in places:
            ids = [str(each["id"]) for each in self._page(span, self.bounds.page, at)["results"]]
            yield from ids[:: max(1, len(ids) // _PIVOTS)]

    def _page(self, span: Span, limit: int, after: int, shown: Sequence[str] = ()) -> Any:
        return self.api.search(self.object, _filters(self.object, span), limit, after, shown)

    def _broken(self, message: str) -> AnswerBroken:
        return AnswerBroken(message, where=self.object)


def _stamp(record: Any, name: str) -> int | None:
    """When a record was modified, in epoch ms, as search shows it."""
    text = instant((record.get("properties") or {}).get(name))
    try:
        return _ms(datetime.fromisoformat(text)) if text else None
    except (ValueError, TypeError):
        return None


def _filters(object_: str, span: Span) -> list[dict[str, Any]]:
    name = modified_property(object_)
    filters = [_filter(name, "GTE", str(span.low)), _filter(name, "LT", str(span.high))]
    filters += [_filter("hs_object_id", "GT", span.above)] if span.above else []
    filters += [_filter("hs_object_id", "LTE", span.upto)] if span.upto else []
    return filters


def _filter(name: str, operator: str, value: str) -> dict[str, Any]:
    return {"propertyName": name, "operator": operator, "value": value}


def _total(page: Any, object_: str) -> int:
    total = page.get("total")
    if not isinstance(total, int) or isinstance(total, bool):
        raise AnswerBroken("the search tells no total", where=object_)
    return total


def _ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS
