"""Sets of records that one is tied to, each with the role it plays: the type `references`.

A value is a set of elements, `key` or `key|role` in the text form of core/ties.py. Native ids become keys, and
native roles ours, before anything is compared; what a system cannot hold of a set is left out of what is
written there, and owed until it can.
"""

from __future__ import annotations

from collections.abc import Callable

from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec
from crmsync.core.ties import read_ties_text, ties_text


def parse_references(raw: str, _spec: Spec) -> Value | Invalid | None:
    """The set behind its text; Invalid for a text that is none."""
    try:
        text = ties_text(read_ties_text(raw.strip()))
    except ValueError:
        return Invalid(raw)
    return frozenset(text.split(";")) if text else None


def render_references(value: frozenset[str], _spec: Spec) -> str:
    """The text of a set; at the border keys become ids, and only what differs is sent."""
    return text_references(value)


def text_references(value: frozenset[str]) -> str:
    """Elements in order, with `;` between them."""
    return ";".join(sorted(value))


def read_references(text: str) -> frozenset[str]:
    """The set behind its canonical text."""
    return frozenset(text.split(";"))


def held_references(value: frozenset[str], spec: Spec, native: Native) -> Value | Invalid:
    """The elements whose roles the system has a word for; Invalid if that is none of them."""
    kept = {element for element in value if _has_role(element, spec, native)}
    return frozenset(kept) or Invalid(text_references(value))


def _has_role(element: str, spec: Spec, native: Native) -> bool:
    ((_, role),) = read_ties_text(element)
    word = spec.to_native(role) if role else ""
    return word is not None and (not role or native.options is None or word in native.options)


def reachable(value: frozenset[str], reaches: Callable[[str], bool]) -> frozenset[str]:
    """The elements whose records are there, by key."""
    return frozenset(each for each in value if reaches(_key(each)))


def _key(element: str) -> str:
    ((key, _),) = read_ties_text(element)
    return key
