"""Columns of many records stay in a file for those who look up few customers, as long as they are still right."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from apply.pairs import Person
from crmsync.commands import keeping_columns
from crmsync.commands.columns import looked_up_columns, open_columns
from crmsync.commands.keeping_columns import clashes_in, moves_in, note_kept
from crmsync.commands.lifecycles import asked_with_stories
from crmsync.commands.rendering import explanations_json, views_json
from crmsync.commands.view import find_customers
from crmsync.commands.view_table import view_stats
from crmsync.core.following import Move, NeedsMerge
from crmsync.core.records import Ref

WHO = "ana@people.example"


@pytest.fixture(autouse=True)
def _many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever there is counts as much."""
    monkeypatch.setattr(keeping_columns, "WORTH", 0)


def _kept(person: Person) -> list[Path]:
    return sorted((person.pair.workspace.state / "columns").glob("*"))


@pytest.mark.slow
def test_who_looks_a_customer_up_again_reads_what_was_kept(person: Person) -> None:
    person.pair.pull()
    first = views_json(find_customers(person.pair.workspace, WHO), unmask=True)
    (kept,) = _kept(person)
    assert kept.stat().st_mode & 0o777 == 0o600
    before = kept.stat().st_ino
    assert views_json(find_customers(person.pair.workspace, WHO), unmask=True) == first
    assert [each.stat().st_ino for each in _kept(person)] == [before]


@pytest.mark.slow
def test_what_was_kept_is_what_is_read(person: Person) -> None:
    person.pair.pull()
    find_customers(person.pair.workspace, WHO)
    workspace = person.pair.workspace
    with workspace.store() as store, looked_up_columns(workspace, store) as columns:
        ((file,),) = columns.db.execute(
            "SELECT path FROM duckdb_databases() WHERE database_name = 'kept' AND readonly"
        ).fetchall()
    assert Path(file) == _kept(person)[0]


@pytest.mark.slow
def test_after_another_read_the_old_columns_are_gone(person: Person) -> None:
    person.pair.pull()
    find_customers(person.pair.workspace, WHO)
    (old,) = _kept(person)
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.pull()
    (found,) = views_json(find_customers(person.pair.workspace, WHO), unmask=True)
    assert found["fields"]["job_title"]["value"] == "Head of sales"
    (new,) = _kept(person)
    assert new != old


@pytest.mark.slow
def test_a_kept_file_that_cannot_be_read_costs_no_answer(person: Person) -> None:
    person.pair.pull()
    first = views_json(find_customers(person.pair.workspace, WHO), unmask=True)
    (kept,) = _kept(person)
    kept.write_bytes(b"no database")
    assert views_json(find_customers(person.pair.workspace, WHO), unmask=True) == first


@pytest.mark.slow
def test_an_audit_leaves_its_columns_and_a_failure_none(person: Person) -> None:
    person.pair.pull()
    workspace = person.pair.workspace
    with (
        pytest.raises(RuntimeError),
        workspace.store() as store,
        open_columns(workspace, store, compared=False),
    ):
        raise RuntimeError
    assert _kept(person) == []
    with workspace.store() as store, open_columns(workspace, store, compared=False):
        pass
    assert len(_kept(person)) == 1


@pytest.mark.slow
def test_whose_record_became_another_one_is_kept_too(person: Person) -> None:
    person.pair.pull()
    workspace = person.pair.workspace
    move = Move("k", Ref("hubspot", "contacts", "1"), Ref("hubspot", "contacts", "2"), anew=True)
    with workspace.store() as store, open_columns(workspace, store, workspace.mapping) as columns:
        columns.moves["contact"] = [move]
        note_kept(columns)
        assert moves_in(columns.db) == {"contact": [move]}


@pytest.mark.slow
def test_who_waits_for_a_merge_is_kept_too(person: Person) -> None:
    person.pair.pull()
    workspace = person.pair.workspace
    refs = tuple(Ref("salesforce", "Contact", each) for each in "ab")
    clash = NeedsMerge(Ref("hubspot", "contacts", "9"), ("k", "l"), refs)
    with workspace.store() as store, open_columns(workspace, store, workspace.mapping) as columns:
        columns.clashes["contact"] = [clash]
        note_kept(columns)
        assert clashes_in(columns.db)["contact"] == [clash]


@pytest.mark.slow
def test_an_explanation_is_the_same_from_what_was_kept(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales", lifecyclestage="salesqualifiedlead")
    person.pair.plan()
    (kept,) = _kept(person)
    workspace = person.pair.workspace
    read, stories = asked_with_stories(workspace, WHO, many=False)
    assert stories
    kept.unlink()
    built, same = asked_with_stories(workspace, WHO, many=False)
    assert same == stories
    told = [explanations_json(each.found, None, unmask=True) for each in (read, built)]
    assert told[0] == told[1]


@pytest.mark.slow
def test_other_code_of_the_same_version_reads_nothing_that_was_kept(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.pair.plan()
    workspace = person.pair.workspace
    with workspace.store() as store:
        file = keeping_columns.kept_file(workspace, store, workspace.snapshots())
        monkeypatch.setattr(keeping_columns, "_MADE_BY", ("core",))
        other = keeping_columns.kept_file(workspace, store, workspace.snapshots())
    assert file is not None
    assert file.exists()
    assert file != other


@pytest.mark.slow
def test_a_plan_that_wrote_tables_of_its_own_leaves_what_views_ask(person: Person) -> None:
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.plan()
    assert len(_kept(person)) == 1
    kept = view_stats(person.pair.workspace)
    with TemporaryDirectory() as folder:
        for each in _kept(person):
            each.rename(Path(folder) / each.name)
        assert view_stats(person.pair.workspace) == kept


@pytest.mark.slow
def test_what_was_kept_before_a_run_went_on_is_not_read_after_it(person: Person) -> None:
    """One run moves links and bases many times."""
    person.in_hubspot(jobtitle="Head of sales")
    person.pair.night()
    workspace = person.pair.workspace
    with workspace.store() as store:
        before = keeping_columns.kept_file(workspace, store, workspace.snapshots())
        with store.transaction() as tx:
            tx.mark_moved(store.base_serial())
        after = keeping_columns.kept_file(workspace, store, workspace.snapshots())
    assert None is not before != after


@pytest.mark.slow
def test_other_code_of_a_package_that_is_plugged_in_reads_nothing_that_was_kept(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a package that somebody works on the version stays as it is."""
    info = tmp_path / "acme_names-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-names\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[crmsync.transforms]\nacme = acme_names:shout\n")
    code = tmp_path / "acme_names.py"
    code.write_text("def shout(text):\n    return text.upper()\n")
    monkeypatch.syspath_prepend(tmp_path)
    pair = person.pair
    pair.pull()
    with pair.workspace.store() as store:
        snapshots = pair.workspace.snapshots()
        before = keeping_columns.kept_file(pair.workspace, store, snapshots)
        code.write_text("def shout(text):\n    return text.lower() + '!'\n")
        assert keeping_columns.kept_file(pair.workspace, store, snapshots) != before
