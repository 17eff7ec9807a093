"""Owners: who answers for a record. A system names them by its own user id, the mapping by their e-mail.

| raw | is |
|---|---|
| the id of a known user | the user's e-mail, or what `values` says it is called elsewhere |
| an e-mail, as exports have it | the same |
| anything else: a queue, a user that cannot be read | Invalid: neither evidence nor overwritten |

An owner is only written where exactly one active user has the e-mail: nothing is handed to somebody who left.
`directory` gives what the last read of a system's users adds to a field.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crmsync.core.records import Invalid, Native, Value
from crmsync.core.spec import Spec
from crmsync.core.texts import parse_email

_TEXTS = ("string", "text")


@dataclass(frozen=True, slots=True)
class User:
    """One user of one system, as it can own records."""

    id: str
    email: str | None
    active: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """`values`: {user id: our e-mail}, active users first; `active`: ids that may be written."""

    values: Mapping[str, str]
    active: frozenset[str]


def directory(users: Iterable[User], exceptions: Mapping[str, str]) -> Directory:
    """Who is who in one system. `exceptions` are e-mails there that belong to another of ours.

    An e-mail that two active users share can be read, not written: nobody knows which of them is meant.
    """
    known = sorted(users, key=lambda user: (not user.active, user.id))
    ours = {user.id: email for user in known if (email := _ours(user.email, exceptions))}
    times = Counter(ours[user.id] for user in known if user.active and user.id in ours)
    active = {
        user.id for user in known if user.active and user.id in ours and times[ours[user.id]] == 1
    }
    return Directory({**ours, **exceptions}, frozenset(active))


def _ours(email: str | None, exceptions: Mapping[str, str]) -> str | None:
    parsed = parse_email(email, Spec("email")) if email and email.strip() else None
    if not isinstance(parsed, str):
        return None
    by_email = {native.lower(): ours.lower() for native, ours in exceptions.items()}
    return by_email.get(parsed, parsed)


def parse_owner(raw: str, spec: Spec) -> Value | Invalid | None:
    """The owner's e-mail; Invalid for an id that belongs to nobody who was read."""
    text = raw.strip()
    if "@" not in text:
        return spec.values.get(text) or Invalid(raw)
    email = _ours(text, {n: ours for n, ours in spec.values.items() if "@" in n})
    return email or Invalid(raw)


def render_owner(value: str, spec: Spec) -> str:
    """The user's id in this system; where it has no ids, the e-mail that it knows the owner by."""
    natives = [native for native, ours in spec.values.items() if ours == value]
    ids = [native for native in natives if "@" not in native]
    return next(iter([*ids, *natives]), value)


def held_owner(value: str, spec: Spec, native: Native) -> Value | Invalid:
    """The owner, if exactly one active user of the system is meant; a plain text takes the e-mail itself."""
    if native.options is None:
        return value if native.type in _TEXTS else Invalid(value)
    return value if render_owner(value, spec) in native.options else Invalid(value)
