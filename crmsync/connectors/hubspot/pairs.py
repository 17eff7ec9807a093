"""Writes to the ties of pairs of records in batches, each pair with an end of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from crmsync.connectors.batches import chunks
from crmsync.connectors.hubspot.api import TIES_SIZE
from crmsync.connectors.hubspot.problems import words
from crmsync.connectors.shapes import understood
from crmsync.errors import CrmsyncError, Refused

Pair: TypeAlias = tuple[str, str]
"""Ids: from, to."""
Failure: TypeAlias = tuple[Literal["refused", "unknown"], str]
Send: TypeAlias = Callable[[Sequence[Pair]], Any]
Account: TypeAlias = Callable[[Sequence[Pair], Any], dict[Pair, Failure]]


def make(pairs: Sequence[Pair], send: Send) -> dict[Pair, Failure]:
    """What became of pairs whose ties were not made; `send` writes a part of them."""
    return _all(pairs, send, _not_made)


def take_away(pairs: Sequence[Pair], send: Send) -> dict[Pair, Failure]:
    """What became of pairs whose ties were not taken away; the answer is empty if all were."""
    return _all(pairs, send, _not_gone)


def unread(ids: Sequence[str]) -> dict[str, Failure]:
    """What became of records whose ties change with every read: nothing was sent of them."""
    said = "its ties change while they are read, so nothing was sent: the next plan has it again"
    return dict.fromkeys(ids, ("refused", said))


def pair_input(pair: Pair, types: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The input of a batch for one pair; without types, for its plain tie."""
    told: dict[str, Any] = {"from": {"id": pair[0]}, "to": {"id": pair[1]}}
    return told | {"types": list(types)} if types else told


def whole_inputs(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """The inputs that take everything away between the two of each pair."""
    return [{"from": {"id": one}, "to": [{"id": other}]} for one, other in pairs]


def type_input(told: Mapping[str, Any]) -> dict[str, Any]:
    """A type as writes want it, from how reads and labels tell it."""
    return {"associationCategory": told["category"], "associationTypeId": int(told["typeId"])}


def _all(pairs: Sequence[Pair], send: Send, account: Account) -> dict[Pair, Failure]:
    failures: dict[Pair, Failure] = {}
    for part in chunks(list(dict.fromkeys(pairs)), TIES_SIZE):
        failures |= _some(part, send, account)
    return failures


def _some(pairs: Sequence[Pair], send: Send, account: Account) -> dict[Pair, Failure]:
    """A batch refused as a whole is halved until the culprits stand alone; a lost answer leaves all
    of it unknown, and nothing is sent twice."""
    try:
        answer = send(pairs)
        with understood("associations"):
            return account(pairs, answer)
    except Refused as refusal:
        if len(pairs) == 1:
            return {pairs[0]: ("refused", refusal.message)}
        middle = len(pairs) // 2
        return _some(pairs[:middle], send, account) | _some(pairs[middle:], send, account)
    except CrmsyncError as problem:
        return dict.fromkeys(pairs, ("unknown", problem.message))


def _not_made(pairs: Sequence[Pair], answer: Any) -> dict[Pair, Failure]:
    told = answer if isinstance(answer, dict) else {}
    done = {_pair(one) for one in told.get("results") or ()}
    errors = list(told.get("errors") or ())
    left = [pair for pair in pairs if pair not in done]
    moved = _moved(left, done.difference(pairs))
    return {pair: moved.get(pair) or _unmade(pair, errors) for pair in left}


def _unmade(pair: Pair, errors: Sequence[Mapping[str, Any]]) -> Failure:
    if errors:
        return "refused", _reason(pair, errors)
    return "unknown", "the answer does not name the association"


def _moved(left: Sequence[Pair], others: Collection[Pair]) -> dict[Pair, Failure]:
    """Ties that were made to another record than the one asked for: that one was merged a moment ago.

    Told where it is certain whose tie it is: one that was asked for at that record, and one that was made.
    """
    asked = Counter(one for one, _ in left)
    made = Counter(one for one, _ in others)
    into = dict(others)
    return {
        pair: ("refused", f"{pair[1]} was merged: the tie is to {into[pair[0]]} now")
        for pair in left
        if asked[pair[0]] == made[pair[0]] == 1
    }


def _not_gone(pairs: Sequence[Pair], answer: Any) -> dict[Pair, Failure]:
    """Nothing if all went: that is said without a body, or by none that is a batch with nothing in it."""
    told = answer or {}
    errors = list(told.get("errors") or ())
    if errors:
        return {pair: ("refused", _reason(pair, errors)) for pair in pairs}
    if told.get("status") and not told.get("results"):
        return dict.fromkeys(pairs, ("unknown", "the answer does not name the association"))
    return {}


def _pair(one: Mapping[str, Any]) -> Pair:
    """The ends of a tie made: labelled and plain ones are told in two shapes."""
    if "fromObjectId" in one:
        return str(one["fromObjectId"]), str(one["toObjectId"])
    return str(one["from"]["id"]), str(one["to"]["id"])


def _reason(pair: Pair, errors: Sequence[Mapping[str, Any]]) -> str:
    """The words of the errors that name the pair; of all where none does, as for a tie to itself."""
    naming = [one for one in errors if {str(id_) for id_ in _ids(one)} & set(pair)]
    return "; ".join(dict.fromkeys(words(one) for one in naming or errors))


def _ids(error: Mapping[str, Any]) -> Sequence[Any]:
    return (error.get("context") or {}).get("id") or ()
