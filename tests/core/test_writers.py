"""What a plan writes that somebody else writes, or carries on, is counted by writer and field."""

from __future__ import annotations

import pytest

from core.examples import change
from crmsync.core.planning import CellChange, Held, Line
from crmsync.core.writers import Copy, Overlap, Writer, overlaps, spelled, spot_of

NAMES = {
    "contact.phone sf/contact": "Phone",
    "contact.city sf/contact": "MailingCity",
    "contact.city hs/contacts": "city",
}
WRITERS = [
    Writer("Connector", [Copy("sf/contact.Phone", "hs/contacts.phone", "two_way")]),
    Writer("Flow", [Copy("sf/contact.MailingCity", "sf/account.City"),
                    Copy("sf/account.City", "hs/contacts.city")]),
    Writer("Bystander", [Copy("sf/account.X", "sf/account.Y")]),
]  # fmt: skip


def cell(name: str) -> CellChange:
    return CellChange(name, None, "x", "changed:hs")


LINES: list[Line] = [
    change(cell("phone"), cell("city")),
    change(cell("phone"), native_id="2"),
    change(cell("city"), system="hs", object="contacts"),
    change(cell("unnamed")),
    Held("contact", "k", "sf", "contact", "ask"),
]


def test_cells_are_counted_by_writer_and_by_what_it_does_with_them() -> None:
    assert overlaps(LINES, NAMES, WRITERS) == [
        Overlap("Connector", {"contact.phone": 2}, {"contact.phone": 2}),
        Overlap("Flow", {"contact.city": 1}, {"contact.city": 1}),
    ]


def test_without_other_writers_nothing_is_counted() -> None:
    assert overlaps(LINES, NAMES, []) == []


@pytest.mark.parametrize("native", ["Phone", "associations.companies.primary", "First name"])
def test_a_native_field_can_be_spelled_and_read_back(native: str) -> None:
    assert spot_of(spelled("salesforce", "Contact", native)) == ("salesforce", "Contact", native)


@pytest.mark.parametrize(
    "text",
    ["", "Contact.Phone", "sf/Contact", "sf/.Phone", "/Contact.Phone", "sf/Contact.", "sf /Contact.Phone",
     "a/b.c\x1b"],
)  # fmt: skip
def test_what_is_no_native_field_is_none(text: str) -> None:
    assert spot_of(text) is None
