"""`crmsync runs RUN`: what a run wrote, in the words of who works in the CRM, and how it ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from crmsync.commands.doubles import Doubles
from crmsync.commands.rendering_runs import ops_json
from crmsync.commands.runs import Told
from crmsync.core.planning import CellChange, Change, line_bytes
from crmsync.reports.plan_lines import Voice
from crmsync.reports.run_text import OUTCOMES, Written, run_text, written_text
from crmsync.store.rows import Op, RunRow, State

LABELS = {"k1": "Ana Ruiz"}


def change(action: str = "update", *cells: CellChange) -> Change:
    cells = cells or (CellChange("phone", None, "+34911234567", "fill"),)
    native_id = "701" if action == "update" else None
    return Change(action, 1, "contact", "k1", "hubspot", "contacts", native_id, cells)


def told(*written: Written, limit: int = 20, unmask: bool = False, language: str = "en") -> str:
    def link(system: str, object_: str, id_: str) -> str:
        return f"https://{system}.example/{object_}/{id_}"

    voice = Voice(language, unmask=unmask, labels=LABELS, links=link)
    return "\n".join(written_text(written, voice, limit))


def test_a_record_says_whom_which_field_from_what_to_what_and_how_it_ended() -> None:
    said = told(Written(change(), "701", "VERIFIED"))
    assert said.splitlines() == [
        "~ HubSpot contact 701 (A••• R•••): written and read back",
        "    phone: (blank) -> +34 ••• ••67",
    ]
    assert "(Ana Ruiz)" in told(Written(change(), "701", "VERIFIED"), unmask=True)
    assert "phone: (vacío) -> " in told(Written(change(), "701", "VERIFIED"), language="es")


def test_a_new_record_is_named_by_the_id_it_was_given() -> None:
    assert told(Written(change("create"), "999", "VERIFIED")).startswith("+ HubSpot contact 999 (")


def test_what_did_not_end_well_stands_first_and_can_be_opened() -> None:
    well = [Written(change(), str(n), "VERIFIED") for n in range(3)]
    said = told(*well, Written(change(), "701", "FAILED", "refused for ana@acme.example"), limit=1)
    assert "not written: the system refused it" in said
    assert "https://hubspot.example/contacts/701" in said
    assert "refused for a•••@a•••.example" in said
    assert said.endswith("… 3 more records (--limit 4 shows them)")
    assert "https://" not in told(*well)


def test_what_the_system_holds_instead_is_shown() -> None:
    held = {"phone": "+34600000000"}
    said = told(Written(change(), "701", "REWRITTEN", held=held))
    assert "-> +34 ••• ••67  (it holds +34 ••• ••00)" in said
    assert "it holds" not in told(Written(change(), "701", "VERIFIED", held=held))


def test_yes_and_no_are_never_masked() -> None:
    cell = CellChange("do_not_call", None, "true", "sticky")
    assert "do_not_call: (blank) -> true" in told(Written(change("update", cell), "1", "VERIFIED"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_how_many_ended_how_is_said_first(language: str) -> None:
    written = [Written(change(), "1", state) for state in ("VERIFIED", "VERIFIED", "FAILED")]
    head = run_text("apply", written, language).splitlines()
    assert [line.split()[0] for line in head] == ["apply", "2", "1"]
    assert len(run_text("pull", [], language).splitlines()) == 2


def test_every_state_of_the_journal_has_words() -> None:
    assert set(OUTCOMES) == set(get_args(State))


NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


MESSAGE = 'refused for Ana Ruiz: "Calle Mayor 3" is too long, not "Plaza Real 1" or "Etxea 9"'


def as_json(*, unmask: bool = False) -> dict[str, Any]:
    """One operation of a run that gave Ana a phone and a stage."""
    cells = (
        CellChange("phone", None, "+34911234567", "fill"),
        CellChange("lifecycle_stage", "lead", "customer", "highest"),
        CellChange("do_not_call", None, "true", "sticky"),
        CellChange("street", None, "Calle Mayor 3", "fill"),
    )
    op = Op(
        "r1", "o1", 1, line_bytes(change("update", *cells)).decode(), "contact", "k1", "hubspot", "contacts", "update",
        "ana@acme.example", "FAILED", {"phone": None, "email": "ana@acme.example", "street": "Plaza Real 1"},
        {"phone": "+34600000000", "street": "Etxea 9"}, MESSAGE, NOW,
    )  # fmt: skip
    run = RunRow("r1", "apply", "done", NOW)
    [said] = ops_json(Told(run, [op], Doubles(), LABELS), unmask=unmask)
    return said


def test_for_programs_personal_data_is_masked_too() -> None:
    said = as_json()
    told = str(said)
    assert not any(each in told for each in ("911234567", "600000000", "ana@acme.example", "Ruiz"))
    assert said["pre_image"]["email"] == "a•••@a•••.example"
    assert said["held"]["phone"] == "+34 ••• ••00"
    assert '"after":"customer","before":"lead"' in said["change"]
    assert '"after":"true"' in said["change"], "a yes or no tells nobody's data"
    assert (said["key"], said["state"]) == ("k1", "FAILED")


def test_what_is_masked_in_a_record_is_masked_in_what_was_said_of_it() -> None:
    masked = 'refused for A••• R•••: "C••• M••• •••" is too long, not "P••• R••• •••" or "E••• •••"'
    assert as_json()["message"] == masked
    cells = change("update", CellChange("street", None, "Calle Mayor 3", "fill"))
    images = {"street": "Etxea 9"}, {"street": "Plaza Real 1"}
    written = Written(cells, "701", "FAILED", MESSAGE, *images)
    assert masked in told(written)
    assert MESSAGE in told(written, unmask=True)
    late = f"{'x' * 287} Calle Mayor 3"
    assert "Mayor" not in told(Written(cells, "701", "FAILED", late)), "cut in the middle of it"


def test_for_programs_it_is_whole_where_somebody_asks() -> None:
    said = as_json(unmask=True)
    assert said["pre_image"]["email"] == "ana@acme.example"
    assert (said["message"], said["native_id"]) == (MESSAGE, "ana@acme.example")
    assert '"after":"+34911234567"' in said["change"]
