from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from store_samples import NOW, OpenStore

from crmsync.store.schema import REVISIONS
from crmsync.store.store import Store, open_store
from crmsync.store.tables import METADATA, VERSION_TABLE


def test_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    with store._reading() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_migrations_name_keys_as_the_tables_do(store: Store) -> None:
    with store._reading() as connection:
        inspector = inspect(connection)
        for table in METADATA.sorted_tables:
            key = inspector.get_pk_constraint(table.name)
            assert (key["name"], key["constrained_columns"]) == (
                table.primary_key.name,
                [column.name for column in table.primary_key],
            )
            names = {each["name"] for each in inspector.get_foreign_keys(table.name)}
            assert names == {each.name for each in table.foreign_key_constraints}


def test_the_code_knows_every_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "crmsync.store:migrations")
    scripts = ScriptDirectory.from_config(config)
    assert tuple(each.revision for each in scripts.walk_revisions())[::-1] == REVISIONS


def test_a_store_that_is_up_to_date_does_not_load_alembic(sqlite_url: str) -> None:
    with open_store(sqlite_url):
        pass
    look = (
        "import sys; from crmsync.store.store import open_store; "
        "open_store(sys.argv[1]).close(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", look, sqlite_url], check=True)


def test_a_store_opened_again_holds_what_it_held(store: Store, open_again: OpenStore) -> None:
    store.pin("hubspot", "42", NOW)
    assert open_again().pinned("hubspot") == "42"


def test_a_folder_with_signs_in_its_name_is_migrated_too(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/año 100%25 %28x%29/state.db") as store:
        assert store.runs() == []


def test_two_processes_may_open_a_new_store_at_once(fresh_url: str) -> None:
    opened: list[Store] = []
    threads = [
        threading.Thread(target=lambda: opened.append(open_store(fresh_url))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for store in opened:
        assert store.base_serial() == ""
        store.close()
