"""Ties between records, read in bulk; of a record with more of them than a page holds, as they stood at one moment.

People go on merging and tying while pages are read, and pages of one record that are of two moments would name whoever
went beside whoever took their place. So such a record is read until two reads in a row say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmsync.connectors.batches import chunks
from crmsync.connectors.hubspot.accounted import all_accounted, checked_results, missing
from crmsync.connectors.hubspot.api import TIES_SIZE, Api
from crmsync.connectors.hubspot.ties import Held
from crmsync.errors import AnswerBroken, Restless

MOST_READS = 5
Result = Mapping[str, Any]
Pair = tuple[str, str]


def read_ties(
    api: Api,
    from_object: str,
    to_object: str,
    ids: Sequence[str],
    restless: list[str] | None = None,
) -> Iterator[Held]:
    """(from id, to id, types) of every tie of these records, all pages.

    Of a record whose many pages change with every read none is told: it is added to `restless`, or, without such a
    list, the read ends as Restless. One in which a cursor comes again ends as AnswerBroken.
    """
    pair = (from_object, to_object)
    for part in chunks(list(dict.fromkeys(ids)), TIES_SIZE):
        results = _read_all(api, pair, [{"id": one} for one in part])
        long = {one["id"] for one in _further(results)}
        yield from _flat(one for one in results if _whose(one) not in long)
        held, changing = _settled(api, pair, [one for one in results if _whose(one) in long])
        yield from held
        _tell(changing, from_object, restless)


def _tell(changing: Sequence[str], object_: str, restless: list[str] | None) -> None:
    """Adds them to the list, or ends the read. Raises Restless."""
    if changing and restless is None:
        raise Restless(
            f"ties of {object_} {', '.join(changing)} change while their pages are read",
            changing,
            where="associations",
        )
    if restless is not None:
        restless.extend(changing)


def _settled(api: Api, pair: Pair, first: Sequence[Result]) -> tuple[list[Held], Sequence[str]]:
    """Ties of the records of which two reads in a row said the same, and the others' ids.

    `first`: the first page of each record of many pages.
    """
    settled: list[Held] = []
    before = _by_record([_whose(one) for one in first], _all_pages(api, pair, first))
    for _ in range(MOST_READS - 1):
        if not before:
            break
        again = _read_all(api, pair, [{"id": one} for one in before])
        now = _by_record(before, _all_pages(api, pair, again))
        calm = {one for one in before if _is_calm(before[one], now[one])}
        settled += [each for one in before if one in calm for each in now[one]]
        before = {one: held for one, held in now.items() if one not in calm}
    return settled, list(before)


def _by_record(ids: Iterable[str], pages: Iterable[Result]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {one: [] for one in ids}
    for held in _flat(pages):
        found[held[0]].append(held)
    return found


def _is_calm(before: Sequence[Held], now: Sequence[Held]) -> bool:
    """Whether both reads of a record are of one moment."""
    return _same(before, now) and not _is_torn(now)


def _is_torn(held: Sequence[Held]) -> bool:
    """Whether a tie stands there twice: then its pages are of two moments, however often they say so."""
    return len({(one, other) for one, other, _ in held}) < len(held)


def _same(held: Sequence[Held], others: Sequence[Held]) -> bool:
    """Whether these are the same ties, in whatever order they and their types come."""
    told, too = (
        sorted((one, other, _told(types)) for one, other, types in each) for each in (held, others)
    )
    return told == too


def _told(types: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the types of a tie say, in whatever order they come."""
    return sorted(str(sorted(each.items())) for each in types)


def _all_pages(api: Api, pair: Pair, first: Sequence[Result]) -> Iterator[Result]:
    """Every page of the ties of these records, the first ones and those that follow."""
    results, seen = first, set[tuple[str, str]]()
    while results:
        yield from results
        inputs = list(_further(results))
        cursors = {(one["id"], one["after"]) for one in inputs}
        if cursors & seen:
            raise AnswerBroken("a cursor of the pages comes again", where="associations")
        seen |= cursors
        results = _read_all(api, pair, inputs)


def _read_all(api: Api, pair: Pair, inputs: Sequence[Mapping[str, str]]) -> list[Result]:
    """A page of the ties of each record, none twice.

    A record without ties is missing among the results and named among the errors: that is normal, and
    said with status 207 (measured on a portal, 2026-08).
    """

    def ask(
        part: Sequence[Mapping[str, str]],
    ) -> tuple[dict[str, Result], Collection[str] | None]:
        answer = api.ties_read(*pair, part)
        found = {str(one["from"]["id"]): one for one in checked_results(answer, "associations")}
        absent = missing(answer)
        return found, None if absent is None else {*found, *absent}

    results: dict[str, Result] = {}
    for found in all_accounted(inputs, lambda one: one["id"], ask):
        results |= found
    return list(results.values())


def _whose(result: Result) -> str:
    return str(result["from"]["id"])


def _flat(results: Iterable[Result]) -> list[Held]:
    """Ids come as text on one side and as numbers on the other."""
    return [
        (_whose(result), str(to["toObjectId"]), to.get("associationTypes") or [])
        for result in results
        for to in result.get("to") or ()
    ]


def _further(results: Sequence[Result]) -> Iterator[dict[str, str]]:
    """Inputs for records that have more ties than fit a page."""
    for result in results:
        paging = result.get("paging")
        after = (paging.get("next") or {}).get("after") if paging else None
        if after is not None:
            yield {"id": _whose(result), "after": str(after)}
