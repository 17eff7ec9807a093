"""What docs/mapping.md gives as examples is true of the CRMs that its reader has before them: those of the demo."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from docs.blocks import Block, blocks
from docs.blocks import workspace as laid

from cli.places import Served, make_workspace, served
from crmsync.commands.demo import _CONTACTS
from crmsync.commands.doctor import Check, doctor
from crmsync.commands.sandbox import seed_of
from crmsync.commands.workspace import open_workspace
from crmsync.core.mapping import Entity

EXAMPLES = {
    field["field"]: block
    for block in blocks("mapping.md", "yaml")
    if block.about in ("contact", "company", "deal") and isinstance(block.value, list)
    for field in block.value
}
# The page says that these are made first.
ROLES = "field roles: associations.contacts.roles knows no role Decision maker, Evaluator"


@pytest.fixture(scope="module")
def demo_crms() -> Iterator[Served]:
    with served() as found:
        seed_of(_CONTACTS)(found.salesforce, found.hubspot)
        for world in (found.salesforce, found.hubspot):
            world.tables.commit()
        yield found


@pytest.fixture(scope="module")
def begun(demo_crms: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_workspace(tmp_path_factory.mktemp("guide") / "begun", demo_crms.access)


def checked(begun: Path, tmp_path: Path, block: Block) -> list[Check]:
    folder = Path(shutil.copytree(begun, tmp_path / "tried"))
    return doctor(open_workspace(laid(folder, block)))


@pytest.mark.slow_but("employer", "lead_state", "roles")
@pytest.mark.parametrize("field", ["tax_id", "owner", "people", "roles", "employer", "lead_state"])
def test_doctor_has_no_doubt_about_an_example(field: str, begun: Path, tmp_path: Path) -> None:
    said = [
        each.message
        for each in checked(begun, tmp_path, EXAMPLES[field])
        if f"field {field}:" in each.message
    ]
    assert said == ([ROLES] if field == "roles" else [])


def entity_of(begun: Path, name: str) -> Entity:
    return open_workspace(begun).mapping.entity(name)


def test_an_example_in_place_of_another_field_says_its_former_name(begun: Path) -> None:
    for block in set(EXAMPLES.values()):
        ours = {each.field for each in entity_of(begun, block.about).fields}
        for line, field in zip(
            (line for line in block.text.splitlines() if line.startswith("- field:")),
            block.value,
            strict=True,
        ):
            former = line.partition("in place of `")[2].rstrip("`")
            if former and former != field["field"]:
                assert former in ours
                assert field.get("renamed_from") == former, line


def test_the_example_of_a_tax_id_reads_it_as_the_reference_mapping_does(begun: Path) -> None:
    reference = entity_of(begun, "company").field_named("tax_id")
    (shown,) = [each for each in EXAMPLES["tax_id"].value if each["field"] == "tax_id"]
    assert reference is not None
    assert shown["country_from"] == reference.country_from == "country"
