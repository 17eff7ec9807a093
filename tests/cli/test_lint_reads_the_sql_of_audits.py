"""`crmsync lint` understands the SQL of a workspace's own audits, without the network and without a snapshot."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Crm
from crmsync.commands.asking import unaskable_audits
from crmsync.commands.files import read_files
from crmsync.commands.init import init
from crmsync.errors import ExitCode

HEAD = """\
-- id: Z01
-- severity: error
-- entity: contact
-- category: tried
-- summary: {en: Tried, es: Probado}
-- why: {en: a, es: b}
-- remedy: {en: a, es: b}
"""
NAMED = "audits/Z01_tried.sql"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that was never read."""
    init(tmp_path / "new")
    return tmp_path / "new"


def wrote(folder: Path, query: str, more: str = "") -> None:
    (folder / NAMED).write_text(f"{HEAD}{more}{query}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("query", "line", "says", "helps"),
    [
        ("SELECT id FROM contact\nWHERE emial IS NULL", 9, "a column 'emial'", "use email;"),
        ("SELECT c.id FROM contact c WHERE c.emial > ''", 8, "a column 'emial'", "use email;"),
        ("SELECT id FROM contct", 8, "no table 'contct'", "use contact;"),
        ("SELECT id FROM contact WHERE lenght(email) > 1", 8, "no function 'lenght'", "use length;"),
        ("SELECT key FROM contact_view WHERE emial = ''", 8, "a column 'emial'", "use email;"),
        ("SELECT id FROM\nWHERE", 9, "this is no SQL: “syntax error", "docs/audits.md"),
        ("SELECT id FROM contact; SELECT id FROM deal", 8, "exactly one SELECT", "docs/audits.md"),
        ("DELETE FROM contact", 8, "exactly one SELECT", "docs/audits.md"),
        ("SELECT content AS id FROM read_text('.env')", 8, "may not read files", "docs/audits.md"),
        ("SELECT email AS detail FROM contact", 8, "neither (system, object, id)", "docs/audits.md"),
        ("SELECT id FROM contact WHERE email > 3 GROUP BY key", 8, "cannot be asked: “", "docs/audits"),
        ("SELECT key FROM role_proposal", 8, "no table 'role_proposal'", "add role_proposal to needs:"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_asked_is_named_with_its_line_and_what_helps(
    folder: Path, crm: Crm, query: str, line: int, says: str, helps: str
) -> None:
    wrote(folder, query)
    said = crm("lint", "--workspace", folder)
    assert said.code == ExitCode.CONFIG_INVALID
    (told,) = (each for each in said.err.splitlines() + said.out.splitlines() if "CRM060" in each)
    assert told.startswith(f"{NAMED}:{line}:1 CRM060")
    assert says in told
    assert helps in told


def test_it_is_said_in_spanish(folder: Path, crm: Crm) -> None:
    wrote(folder, "SELECT id FROM contact WHERE emial IS NULL")
    said = crm("lint", "--workspace", folder, "--lang", "es")
    assert (
        "ninguna tabla de la consulta tiene una columna 'emial' (use email;" in said.err + said.out
    )


def test_the_count_of_what_was_looked_at_is_read_too(folder: Path, crm: Crm) -> None:
    wrote(folder, "SELECT id FROM contact", "-- eligible: SELECT count(*) FROM contct\n")
    said = crm("lint", "--workspace", folder)
    assert "CRM060 there is no table 'contct'" in said.err + said.out


@pytest.mark.parametrize(
    "query",
    [
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS id FROM r WHERE n < 0",
        "SELECT id FROM contact WHERE modified_at < $as_of - INTERVAL 3 DAY",
        "SELECT d.key FROM deal_view d JOIN contact_pair p USING (key)",
        "SELECT r.system, r.object, r.id FROM activity r JOIN owner o USING (system)",
    ],
    ids=["one that never ends", "the instant", "views and pairs", "facts and owners"],
)  # fmt: skip
def test_nothing_is_said_of_a_query_that_can_be_asked(folder: Path, crm: Crm, query: str) -> None:
    wrote(folder, query)
    said = crm("lint", "--workspace", folder)
    assert (said.code, "CRM060" in said.err + said.out) == (ExitCode.OK, False)


def test_of_an_audit_that_needs_what_is_not_there_only_its_form_is_read(
    folder: Path, crm: Crm
) -> None:
    wrote(folder, "SELECT id FROM contact WHERE shoe_size > 40", "-- needs: [contact.shoe_size]\n")
    assert "CRM060" not in str(crm("lint", "--workspace", folder))
    wrote(folder, "SELECT id FROM contact WHERE (", "-- needs: [contact.shoe_size]\n")
    assert "this is no SQL" in str(crm("lint", "--workspace", folder))


def test_every_reference_audit_can_be_asked_over_the_reference_mapping(folder: Path) -> None:
    """Changed by a comment at their end, they are the workspace's own and are looked at."""
    for path in (folder / "audits").glob("*.sql"):
        path.write_text(path.read_text(encoding="utf-8") + "\n-- ours\n", encoding="utf-8")
    files = read_files(folder)
    assert files.project.value is not None
    assert unaskable_audits(files, files.project.value) == []


FAULTS = """\
-- id: Z01
-- severity: eror
-- entity: contact
-- category: tried
-- summary: {en: Tried}
-- why: {en: a, es: b}
-- remedy: {en: a, es: b}
-- colour: red
-- eligible: SELECT count(*) FROM contct
SELECT id FROM contact WHERE emial = $nope
"""


def test_all_that_is_wrong_with_an_audit_is_said_at_once(folder: Path, crm: Crm) -> None:
    (folder / NAMED).write_text(FAULTS, encoding="utf-8")
    said = crm("lint", "--workspace", folder)
    lines = [each for each in f"{said.err}{said.out}".splitlines() if each.startswith(NAMED)]
    assert [each.split(" ")[0].split(":")[1] for each in lines] == ["2", "5", "8", "9", "10", "10"]
    for words in (
        "severity: 'eror'",
        "summary has no es",
        "'colour'",
        "'contct'",
        "$nope",
        "'emial'",
    ):
        assert sum(words in each for each in lines) == 1


def test_nothing_is_said_of_a_query_whose_params_could_not_be_read(folder: Path, crm: Crm) -> None:
    wrote(folder, "SELECT id FROM contact LIMIT $most", "-- params: {most: [1]}\n")
    said = str(crm("lint", "--workspace", folder))
    assert "CRM060" not in said
    assert "params" in said
