"""The steps of one night share their columns, as long as nothing they come from has changed."""

from __future__ import annotations

from tempfile import TemporaryDirectory

import pytest

from apply.pairs import Person
from crmsync.commands import columns
from crmsync.commands.audit import audit
from crmsync.commands.columns import kept_columns, open_columns
from crmsync.commands.plan import is_quiet, make_plan
from crmsync.commands.pull import pull
from crmsync.commands.sync import blocking


def test_whoever_opens_them_again_gets_the_same(person: Person) -> None:
    space = person.pair.workspace
    with space.store() as store, kept_columns(space):
        with open_columns(space, store) as first:
            pass
        with open_columns(space, store) as again:
            assert again is first
            assert again.count(again.mapping.entity("contact"))  # it is still open
    with space.store() as store, open_columns(space, store) as alone:
        assert alone is not first


def test_a_new_read_is_seen(person: Person) -> None:
    space = person.pair.workspace
    with space.store() as store, kept_columns(space):
        with open_columns(space, store) as first:
            pass
        pull(space)
        with open_columns(space, store) as again:
            assert again is not first


def test_who_wrote_meanwhile_is_seen(person: Person) -> None:
    space = person.pair.workspace
    with space.store() as store, kept_columns(space):
        with open_columns(space, store) as first:
            pass
        with space.store() as other, other.lease("somebody else", space.now()):
            pass
        with open_columns(space, store) as again:
            assert again is not first


def test_another_mapping_has_columns_of_its_own(person: Person) -> None:
    space = person.pair.workspace
    with space.store() as store, kept_columns(space):
        with open_columns(space, store) as first:
            pass
        with open_columns(space, store, space.mapping) as other:
            assert other is not first


def test_who_only_reads_them_sees_the_same_records_without_digests(person: Person) -> None:
    space = person.pair.workspace
    with (
        space.store() as store,
        open_columns(space, store) as whole,
        open_columns(space, store, compared=False) as read,
    ):
        for entity in whole.mapping.entities:
            rows = f"SELECT * EXCLUDE (digest) FROM row_{entity.entity} ORDER BY ALL"
            assert read.db.execute(rows).fetchall() == whole.db.execute(rows).fetchall()
            digests = f"SELECT count(*), count(digest) FROM row_{entity.entity}"
            ((count, made),) = whole.db.execute(digests).fetchall()
            assert made == count
            assert read.db.execute(digests).fetchall() == [(count, 0)]


def test_who_only_reads_them_takes_those_of_the_night_which_are_whole(person: Person) -> None:
    space = person.pair.workspace
    with space.store() as store, kept_columns(space):
        with open_columns(space, store, compared=False) as read:
            assert read.is_compared
        with open_columns(space, store) as whole:
            assert whole is read


@pytest.mark.slow
def test_audit_and_plan_say_the_same_as_each_alone(person: Person) -> None:
    person.in_hubspot(firstname="Anna")
    space = person.pair.workspace
    pull(space)
    alone = audit(space)
    plan_alone = make_plan(space, blocked=blocking(alone.results))
    with kept_columns(space):
        shared = audit(space)
        plan_shared = make_plan(space, blocked=blocking(shared.results))
        again = make_plan(space, blocked=blocking(shared.results))
    assert [r.findings for r in shared.results] == [r.findings for r in alone.results]
    assert plan_shared.lines == plan_alone.lines == again.lines
    assert not is_quiet(plan_shared)


@pytest.mark.slow
def test_a_quiet_night_builds_them_once(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    class Noted(TemporaryDirectory[str]):
        """A temporary folder whose making is noted: columns have one each."""

        def __enter__(self) -> str:
            made.append(self.name)
            return super().__enter__()

    person.pair.sync()
    monkeypatch.setattr(columns, "TemporaryDirectory", Noted)
    assert person.pair.sync().applied is None
    assert len(made) == 1
