"""A plan and a view name customers: nobody can review a key."""

from __future__ import annotations

from crmsync.core.planning import CellChange, Change, ConflictLine, Label
from crmsync.reports.called import called
from crmsync.reports.plan_lines import Voice, shown_line

LABELS = {"k1": "Ana Ruiz", "k2": "Eva Gil"}


def change(*cells: CellChange) -> Change:
    return Change(
        "update", 3, "deal", "k9", "hubspot", "deals", "410", cells
    ).with_id()  # fmt: skip


def test_a_reference_is_shown_by_name_and_a_set_with_its_roles() -> None:
    assert called("k1", LABELS, unmask=True) == "Ana Ruiz"
    assert called("k1|decides;k2", LABELS, unmask=True) == "Ana Ruiz (decides), Eva Gil"
    assert called("k1", LABELS, unmask=False) == "A••• R•••"


def test_a_text_that_is_no_known_key_stays_a_text() -> None:
    assert called("Acme", LABELS, unmask=True) is None
    assert called("k1;k3", LABELS, unmask=True) is None


def test_a_change_names_its_customer_and_whom_it_refers_to() -> None:
    voice = Voice("en", unmask=True, labels={**LABELS, "k9": "Big deal"})
    told = shown_line(change(CellChange("contacts", "k1", "k1;k2", "union")), voice)
    assert "(Big deal)" in told
    assert "contacts: Ana Ruiz -> Ana Ruiz, Eva Gil" in told


def test_a_conflict_names_its_customer() -> None:
    voice = Voice("en", unmask=True, labels=LABELS)
    line = ConflictLine("contact", "k1", "city", {"hubspot": "Vigo"}, {}, "disagree:hubspot")
    assert shown_line(line, voice).startswith("contact k1 (Ana Ruiz) city")


def test_a_label_is_a_line_of_a_plan_like_any_other() -> None:
    import orjson

    from crmsync.core.planning import line_bytes, read_line

    label = Label("contact", "k1", "Ana Ruiz")
    assert read_line(orjson.loads(line_bytes(label))) == label
