"""People with more than one Salesforce record for an e-mail (C05, L09), and their innocent kin."""

from __future__ import annotations

from crmsync.sandbox.seeding.drafts import Draft, Person
from crmsync.sandbox.seeding.plant_companies import scaled

_DEFAULT_SIZE = 400
_TWICE, _BOTH_SEATS, _CONVERTED, _MAILBOX_PAIRS = 6, 7, 5, 2
_UNMAILED = 0.02


def plant_people(draft: Draft) -> None:
    """Gives some people the kind of record that an audit must find, or must leave alone."""
    size = len(draft.people)
    pool = [p for p in draft.people if p.seats and p.in_hubspot and p.company is not None]
    draft.rng.shuffle(pool)
    room = len(pool) // 6  # most people stay plain, however few there are
    for place, person in enumerate(_take(pool, scaled(_TWICE, size, _DEFAULT_SIZE, room))):
        person.kind = "twice"
        person.seats = ("Contact",) * (3 if place % 6 == 2 else 2)
    for person in _take(pool, scaled(_BOTH_SEATS, size, _DEFAULT_SIZE, room)):
        person.kind, person.seats = "both_seats", ("Contact", "Lead")
    for person in _take(pool, scaled(_CONVERTED, size, _DEFAULT_SIZE, room)):
        person.kind, person.seats = "converted", ("Contact", "Converted")
    for place in range(scaled(_MAILBOX_PAIRS, size, _DEFAULT_SIZE, len(pool) // 12)):
        _share_mailbox(_take(pool, 2), "info" if place % 2 else "ventas", ("Contact",))
    if len(pool) > 12:
        _share_mailbox(_take(pool, 2), "contacto", ("Lead",))
    for person in _take(pool, round(_UNMAILED * len(pool))):
        person.kind, person.email = "unmailed", ""


def _take(pool: list[Person], how_many: int) -> list[Person]:
    return [pool.pop() for _ in range(how_many)]


def _share_mailbox(pair: list[Person], local: str, second_seat: tuple[str, ...]) -> None:
    """Two people who gave the same office address; HubSpot can hold only the first of them."""
    first, second = pair
    company = first.company
    assert company is not None
    first.email = second.email = f"{local}@{company.domain}"
    first.kind = second.kind = "mailbox"
    first.seats, second.seats = ("Contact",), second_seat
    second.company, second.in_hubspot = company, False
