"""A pair that alone holds a group together is known as such, and what somebody decided counts."""

from __future__ import annotations

from crmsync.core.duplicate_groups import DuplicateGroup, DuplicatePair, DuplicateRecord
from crmsync.core.found_pairs import found_pairs
from crmsync.core.pair_decisions import Same
from crmsync.core.records import Ref


def ref(name: str) -> Ref:
    return Ref("hubspot", "contacts", name)


def sides(
    *pairs: str, keys: dict[str, str] | None = None, decided: dict[str, Same] | None = None
) -> dict[str, int]:
    """How many records would be cut off with each pair, pairs named by two letters."""
    names = sorted({letter for pair in pairs for letter in pair} | set(keys or {}))
    records = tuple(DuplicateRecord(ref(n), (keys or {}).get(n, n), n) for n in names)
    told = tuple(
        DuplicatePair(ref(a), ref(b), 0.9, (), decided=(decided or {}).get(a + b)) for a, b in pairs
    )
    group = DuplicateGroup("contact", 1, "review", records, told)
    return {f"{each.one.id}{each.other.id}": each.side for each in found_pairs(group)}


def test_a_pair_without_which_the_group_falls_apart_tells_how_many_it_holds() -> None:
    assert sides("ab", "bc", "cd") == {"ab": 1, "bc": 2, "cd": 1}
    assert sides("ab", "bc", "ac", "cd") == {"ab": 0, "bc": 0, "ac": 0, "cd": 1}


def test_records_of_one_customer_hold_together_by_themselves() -> None:
    assert sides("ab", "bc", "cd", keys={"a": "k", "d": "k"}) == {"ab": 0, "bc": 0, "cd": 0}
    assert sides("ab", "bc", keys={"a": "k", "b": "k"})["ab"] == 0


def test_who_was_decided_to_be_two_is_in_no_pair_and_holds_nothing() -> None:
    assert sides("ab", "bc", "ac", decided={"ac": "no"}) == {"ab": 1, "bc": 1}
    assert sides("ab", "bc", "ac", decided={"ac": "yes"}) == {"ab": 0, "bc": 0, "ac": 0}
