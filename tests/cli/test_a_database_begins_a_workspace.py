"""`init --database`: tables are recognised, the workspace lints clean and audits without an edit."""

from __future__ import annotations

from pathlib import Path

import pytest
from connectors.databases import (  # noqa: F401  # fixtures of the databases' own tests
    database_url,
    postgresql_server,
    postgresql_url,
    run,
    sqlite_url,
)

from cli.conftest import Crm
from crmsync.connectors.sql.recognising import recognise
from crmsync.connectors.sql.shapes import Shape
from crmsync.errors import ExitCode

PRODUCT = (
    "CREATE TABLE companies (id INTEGER PRIMARY KEY, name VARCHAR(80) NOT NULL, website VARCHAR(80), "
    "vat_number VARCHAR(20), employees INTEGER, plan_tier VARCHAR(10), updated_at TIMESTAMP)",
    "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(80), first_name VARCHAR(40), "
    "last_name VARCHAR(40), telephone VARCHAR(30), country_code VARCHAR(2), avatar_id INTEGER)",
    "CREATE TABLE memberships (user_id INTEGER NOT NULL REFERENCES users(id), "
    "company_id INTEGER NOT NULL REFERENCES companies(id), role VARCHAR(20), is_primary BOOLEAN, "
    "PRIMARY KEY (user_id, company_id))",
    "CREATE TABLE invoices (id INTEGER PRIMARY KEY, company_id INTEGER REFERENCES companies(id), "
    "user_id INTEGER REFERENCES users(id), total INTEGER)",
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users(id), agent VARCHAR(40))",
    "INSERT INTO companies VALUES (1, 'Norte', 'https://norte.example/es', 'B58818501', 12, 'gold', NULL), "
    "(2, 'Norte SL', 'norte.example', NULL, NULL, 'free', NULL)",
    "INSERT INTO users VALUES (1, 'ana@norte.example', 'Ana', 'Ruiz', '911234567', 'ES', 7), "
    "(2, 'ANA@norte.example', 'Ana', 'R', NULL, NULL, 8), (3, 'eva@sur.example', 'Eva', 'Gil', NULL, NULL, 9)",
    "INSERT INTO memberships VALUES (1, 1, 'admin', true), (1, 2, 'guest', false), (3, 2, 'owner', true)",
)
# As dumps of Salesforce through CumulusCI look: its own names beside snake case, no foreign key, all text.
DUMP = (
    'CREATE TABLE "Account" (id INTEGER PRIMARY KEY, "Name" VARCHAR(255), "BillingCity" VARCHAR(255), '
    '"BillingCountry" VARCHAR(255), "Rate__c" VARCHAR(255))',
    'CREATE TABLE "Contact" (id INTEGER PRIMARY KEY, "FirstName" VARCHAR(255), "LastName" VARCHAR(255), '
    '"Email" VARCHAR(255), account_id VARCHAR(255))',
    'CREATE TABLE "Opportunity" (id INTEGER PRIMARY KEY, name VARCHAR(255), amount VARCHAR(255), '
    "stage_name VARCHAR(255), close_date VARCHAR(255), account_id VARCHAR(255))",
    'CREATE TABLE "OpportunityContactRole" (id INTEGER PRIMARY KEY, "Role" VARCHAR(255), '
    '"IsPrimary" VARCHAR(255), contact_id VARCHAR(255), opportunity_id VARCHAR(255))',
    "INSERT INTO \"Account\" VALUES (1, 'Norte', 'Vigo', 'ES', '1')",
    "INSERT INTO \"Contact\" VALUES (1, 'Ana', 'Ruiz', 'ana@norte.example', '1')",
    "INSERT INTO \"Opportunity\" VALUES (1, 'Uno', '10.0', 'Closed Won', '2026-01-31', '1')",
    "INSERT INTO \"OpportunityContactRole\" VALUES (1, 'Evaluator', 'true', '1', '1')",
)


def begun(crm: Crm, monkeypatch: pytest.MonkeyPatch, url: str) -> tuple[str, str]:
    """A new workspace over the database, which has no problem; crmsync.yml and what init said."""
    monkeypatch.setenv("APP_URL", url)
    said = crm("init", "w", "--yes", "--database", "app=${APP_URL}")
    assert said.code == ExitCode.OK, said.err
    linted = crm("lint", "--workspace", "w")
    assert linted.out == "No problems.\n"
    return Path("w/crmsync.yml").read_text(encoding="utf-8"), said.err


@pytest.mark.slow_but("sqlite")
def test_a_product_database_audits_without_an_edit(
    database_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(database_url, *PRODUCT)
    text, said = begun(crm, monkeypatch, database_url)
    assert "columns: {firstname: first_name, lastname: last_name, phone: telephone}" in text
    assert "companies: {table: memberships, id: user_id, to: company_id, role: role," in text
    audits = crm("audit", "--json", "--workspace", "w").json["audits"]
    found = {each["id"]: each["affected"] for each in audits if not each["not_checked"]}
    assert (found["C05"], found["M01"], found["C20"]) == (2, 2, 0)
    assert (
        "app contacts: table users: 5 columns certain, 1 to decide, 1 unknown; "
        "to decide: country_code; unknown: avatar_id\n" in said
    )
    assert "app: tables to decide in crmsync.yml: invoices\n" in said
    assert "app: tables that are not used: sessions (neither name nor columns tell" in said
    assert "#   country: country_code\n" in text
    assert (
        "    #   associations: {companies: {table: invoices, id: user_id, to: company_id}}" in text
    )


@pytest.mark.slow
def test_a_tie_through_a_table_is_the_company_of_a_person(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(sqlite_url, *PRODUCT)
    begun(crm, monkeypatch, sqlite_url)
    crm("pull", "--workspace", "w")
    view = crm("view", "show", "app/contacts/1", "--unmask", "--workspace", "w")
    assert view.code == ExitCode.OK, view.err
    assert "Norte" in view.out


@pytest.mark.slow
def test_a_dump_of_salesforce_bears_its_own_names(
    database_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(database_url, *DUMP)
    text, said = begun(crm, monkeypatch, database_url)
    assert (
        "      Account:\n        # table Account: 4 columns certain, 0 to decide, 1 unknown\n"
        in text
    )
    assert "StageName: stage_name" in text
    assert (
        "# The columns of OpportunityContactRole say what they lead to; no foreign key does."
        in text
    )
    assert "unknown: Rate__c" in said
    audits = crm("audit", "--json", "--workspace", "w").json["audits"]
    found = {each["id"]: (each["affected"], each["not_checked"]) for each in audits}
    assert found["C20"] == (0, None)
    assert found["D10"] == (0, None)


def test_the_stages_of_a_database_tell_which_deals_are_won(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    nobody = (
        "INSERT INTO \"Opportunity\" VALUES (2, 'Dos', '20.0', 'Closed Won', '2026-01-31', '1')"
    )
    run(sqlite_url, *DUMP, nobody)
    begun(crm, monkeypatch, sqlite_url)
    audits = crm("audit", "--json", "--workspace", "w").json["audits"]
    (won,) = (each for each in audits if each["id"] == "D06")
    assert [each["id"] for each in won["findings"]] == ["2"]


def test_a_database_without_anything_known_names_its_tables_and_is_no_clean_workspace(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(sqlite_url, "CREATE TABLE shelf (id INTEGER PRIMARY KEY, sku VARCHAR(9))")
    monkeypatch.setenv("APP_URL", sqlite_url)
    said = crm("init", "w", "--yes", "--database", "app=${APP_URL}")
    assert "app: tables that are not used: shelf (neither name nor columns tell" in said.err
    linted = crm("lint", "--workspace", "w")
    assert linted.code == ExitCode.CONFIG_INVALID
    assert "CRM100 systems.app: no table is declared" in linted.out


def test_a_sqlite_file_is_named_as_the_workspace_sees_it(
    tmp_path: Path, crm: Crm, sqlite_url: str, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    run(sqlite_url, *PRODUCT)
    crm("init", "w", "--yes", "--database", "app=sqlite:///crm.db")
    assert 'url: "sqlite:///../crm.db"' in Path("w/crmsync.yml").read_text(encoding="utf-8")
    assert crm("pull", "--workspace", "w").code == ExitCode.OK


SPANISH = (
    "CREATE TABLE empresas (id INTEGER PRIMARY KEY, razon_social VARCHAR(80), cif VARCHAR(20), "
    "sitio_web VARCHAR(80), telefono VARCHAR(30), pais VARCHAR(30), creado_en TIMESTAMP, "
    "actualizado_en TIMESTAMP)",
    "CREATE TABLE usuarios (id INTEGER PRIMARY KEY, nombre VARCHAR(40), apellidos VARCHAR(40), "
    "email VARCHAR(80), fecha_alta TIMESTAMP, modificado TIMESTAMP)",
    "CREATE TABLE usuario_empresa (id_usuario INTEGER, id_empresa INTEGER, cargo VARCHAR(20))",
    "CREATE TABLE negocios (id INTEGER PRIMARY KEY, a VARCHAR(9))",
)


def test_a_spanish_database_is_read_as_an_english_one(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(sqlite_url, *SPANISH)
    text, said = begun(crm, monkeypatch, sqlite_url)
    assert "app companies: table empresas: 8 columns certain, 0 to decide, 0 unknown\n" in said
    assert "app contacts: table usuarios: 6 columns certain, 0 to decide, 0 unknown\n" in said
    assert "modified: actualizado_en\n        created: creado_en\n" in text
    assert (
        "companies: {table: usuario_empresa, id: id_usuario, to: id_empresa, role: cargo}" in text
    )
    assert (
        "app: negocios is not used: it is called like deals, but no column is known as dealname, amount, "
        "dealstage; looked at: id, a.\n" in said
    )
    assert "#   deals: {table: negocios, id: id, columns: {dealname:" in text


@pytest.mark.parametrize(
    ("table", "columns", "object_"),
    [
        ("clientes", "id nombre cif", "companies"),
        ("clientes", "id razon_social telefono", "companies"),
        ("customers", "id first_name last_name email nif", "contacts"),
        ("empresas", "id denominacao cnpj", "companies"),
        ("empresas", "id nombre_fiscal", "companies"),
    ],
)
def test_columns_tell_a_company_from_a_person(table: str, columns: str, object_: str) -> None:
    found = recognise([Shape(table, tuple(columns.split()), ("id",))])
    assert [each.object for each in found.objects] == [object_]


def test_customers_that_may_be_people_or_companies_are_for_a_person_to_decide() -> None:
    found = recognise([Shape("customers", ("id", "name", "email"), ("id",))])
    both = {each.object for each in (*found.objects, *found.likely)}
    assert not found.objects
    assert both == {"companies", "contacts"}


def test_columns_of_companies_speak_for_a_table_of_any_name() -> None:
    found = recognise([Shape("fichas", ("id", "razon_social", "rut"), ("id",))])
    assert [(each.table, each.object) for each in found.likely] == [("fichas", "companies")]
    assert not found.objects


@pytest.mark.parametrize(
    "names",
    [
        "usuario_id empresa_id",
        "id_usuario id_empresa",
        "user_id company_id",
        "id_utilizador id_empresa",
    ],
)
def test_a_table_between_two_is_known_by_its_columns_in_three_languages(names: str) -> None:
    tables = [
        Shape("usuarios", ("id", "email"), ("id",)),
        Shape("empresas", ("id", "razon_social"), ("id",)),
        Shape("pertenece", tuple(names.split())),
    ]
    (person,) = (each for each in recognise(tables).objects if each.object == "contacts")
    assert [(each.id, each.to) for each in person.junctions] == [tuple(names.split())]


BOTH = (
    "CREATE TABLE contacts (id INTEGER PRIMARY KEY, email VARCHAR(80))",
    "CREATE TABLE companies (id INTEGER PRIMARY KEY, name VARCHAR(80), domain VARCHAR(80))",
)
TIES = tuple(
    f"CREATE TABLE {name} (contact_id INTEGER REFERENCES contacts(id), company_id INTEGER REFERENCES companies(id))"
    for name in ("archived_memberships", "memberships")
)


def test_of_two_tables_between_the_same_objects_none_is_taken(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(sqlite_url, *BOTH, *TIES)
    text, said = begun(crm, monkeypatch, sqlite_url)
    assert "app: tables to decide in crmsync.yml: archived_memberships, memberships" in said
    assert (
        "    # To decide: does memberships tie contacts to companies, or archived_memberships? One of them\n"
        "    # can. If so, under contacts:\n"
        "    #   associations: {companies: {table: memberships, id: contact_id, to: company_id}}\n"
    ) in text
    assert "#   associations: {companies: {table: archived_memberships," in text
    assert "\n        associations:" not in text
    assert "associations." not in Path("w/mappings/contact.yml").read_text(encoding="utf-8")


def test_one_table_between_two_objects_is_taken_beside_one_that_holds_more(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meetings = (
        "CREATE TABLE meetings (contact_id INTEGER REFERENCES contacts(id), "
        "company_id INTEGER REFERENCES companies(id), subject VARCHAR(80))"
    )
    run(sqlite_url, *BOTH, TIES[1], meetings)
    text, _ = begun(crm, monkeypatch, sqlite_url)
    assert "\n        associations: {companies: {table: memberships," in text
    assert "#   associations: {companies: {table: meetings," in text


@pytest.mark.parametrize(
    ("tables", "chosen", "asked"),
    [
        (("contacts", "contacts_old"), True, ["contacts_old"]),
        (("contacts_new", "contacts_old"), False, ["contacts_new", "contacts_old"]),
        (("contacts_backup",), False, ["contacts_backup"]),
    ],
)
def test_a_table_that_was_put_aside_is_a_question(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
    tables: tuple[str, ...],
    chosen: bool,
    asked: list[str],
) -> None:
    run(sqlite_url, BOTH[1], *(BOTH[0].replace("contacts", each) for each in tables))
    text, said = begun(crm, monkeypatch, sqlite_url)
    assert ("        table: contacts\n" in text) == chosen
    for each in asked:
        assert f"# To decide: does the table {each} hold contacts?" in text
    assert f"app: tables to decide in crmsync.yml: {', '.join(asked)}\n" in said


def test_a_view_that_is_broken_hides_no_table(
    sqlite_url: str,  # noqa: F811
    crm: Crm,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run(sqlite_url, *BOTH, "CREATE VIEW old_report AS SELECT * FROM dropped_table")
    text, said = begun(crm, monkeypatch, sqlite_url)
    why = "old_report is left out, for nobody could look into it: no such table: main.dropped_table"
    assert f"    # {why}\n" in text
    assert f"app: {why}" in said
    assert "        table: contacts\n" in text
    assert "        table: companies\n" in text
