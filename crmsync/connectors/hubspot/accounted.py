"""Whether an answer is HubSpot's own word, and whether a batch read accounts for everything it was asked.

A batch answers with what it found and names the rest among its errors (recorded by amp-labs and a portal's
notes, 2024 to 2026-08). What stands in neither was not looked at: an answer with nothing in it at all was
seen for batches by rudder-transformer (read 2026-11), and is no word that a record is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import orjson

from crmsync.errors import AccessDenied, AnswerBroken, Refused

Input = TypeVar("Input")
Result = TypeVar("Result")
_GONE, _NOT_FOUND = 404, "OBJECT_NOT_FOUND"
# Ids that an error is about: of records, and of the near ends of ties.
_ABOUT = ("ids", "id", "fromObjectId")


def says_gone(refusal: Refused) -> bool:
    """True if HubSpot itself says that something is not there; a page of HTML is by a layer before it."""
    if refusal.status != _GONE:
        return False
    try:
        told = orjson.loads(refusal.body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(told, dict) and "message" in told


def says_forbidden(problem: AccessDenied) -> bool:
    """True for a missing scope, which is about one resource; a token that is over is about all."""
    return "(403)" in problem.message


def checked_results(answer: Any, where: str) -> list[Any]:
    """The results of a batch read; AnswerBroken if there are none, or errors that are no absence."""
    if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
        raise AnswerBroken("the answer has no results", where=where)
    for error in answer.get("errors") or ():
        if error.get("category") != _NOT_FOUND:
            raise AnswerBroken(f"some could not be read: {error.get('message')}", where=where)
    return list(answer["results"])


def missing(answer: Mapping[str, Any]) -> Collection[str] | None:
    """Ids that the errors of an answer name, in small letters; None if one of them names nobody."""
    found: set[str] = set()
    for error in answer.get("errors") or ():
        context = error.get("context") or {}
        ids = [str(one).lower() for name in _ABOUT for one in context.get(name) or ()]
        if not ids:
            return None
        found.update(ids)
    return found


def all_accounted(
    inputs: Sequence[Input],
    id_of: Callable[[Input], str],
    ask: Callable[[Sequence[Input]], tuple[Result, Collection[str] | None]],
) -> Iterator[Result]:
    """What `ask` found, which also names whom it speaks of; None for everybody.

    Whom an answer does not speak of is asked for again; AnswerBroken if it speaks of nobody.
    """
    waiting = list(inputs)
    while waiting:
        found, named = ask(waiting)
        yield found
        if named is None:
            return
        left = [one for one in waiting if id_of(one).lower() not in named]
        if len(left) == len(waiting):
            raise AnswerBroken("the answer does not name every record")
        waiting = left


def unseen(records: Sequence[dict[str, Any]], seen: set[str]) -> list[dict[str, Any]]:
    """Those whose ids were not seen before, each once; they are from now on."""
    fresh = {str(one["id"]): one for one in records if str(one["id"]) not in seen}
    seen.update(fresh)
    return list(fresh.values())
