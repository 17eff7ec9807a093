"""`init` reads exports: two commands give an audit, and what is uncertain is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli import answering
from cli.answering import notation, text_of, typed
from cli.conftest import Crm
from crmsync.config.project import understand_project
from crmsync.errors import ExitCode

exports = answering.exports

SPANISH = """\
ID de registro;Nombre;Apellidos;Correo;Etapa del ciclo de vida;Propietario del contacto;Fuente original
1;Ana;Ruiz;ana@norte.example;Lead calificado para ventas;Eva Sol;Búsqueda orgánica
2;Leo;Gil;leo@sur.example;Cliente;Eva Sol;Tráfico directo
3;Pía;Paz;pia@sur.example;Etapa propia;;
"""


@pytest.mark.slow
def test_two_exports_and_two_commands_give_a_full_audit(exports: Path, crm: Crm) -> None:
    said = crm(
        "init", "client", "--files", "crm=exports/sf", "--files", "marketing=exports/hs", "--yes"
    )
    assert said.code == ExitCode.OK, said.err
    assert "crm Contact: contacts.xlsx, 11 of 11 columns known" in said.err
    assert "crmsync fix duplicates" in said.err
    text = text_of(exports / "client")
    assert 'folder: "../exports/sf"' in text
    assert "dates: dmy                              # as the file shows" in text
    assert text_of(exports / "client", ".env.example") == ""
    assert crm("lint", "--workspace", "client").out.endswith("No problems.\n")
    audits = crm("audit", "--json", "--workspace", "client").json["audits"]
    # Exports hold no ids of the other system here, and nobody says they do.
    unchecked = [each["id"] for each in audits if each["not_checked"]]
    # An export has no users, no leads that were converted, no native links and no stages of both.
    assert unchecked == ["C18", "C22", "E1", "L08", "M11", "O02", "X01", "X02", "X03", "X04", "X06"]
    found = {each["id"]: each["affected"] for each in audits}
    assert (found["C05"], found["M01"]) == (2, 2)
    assert found["D06"] == 0, "contact roles were not exported: nobody can say that one is missing"
    assert found["L11"] == 1  # asked of `marketing`, which plays HubSpot's part
    twice = crm("fix", "duplicates", "--json", "--workspace", "client")
    assert twice.code == ExitCode.OK, twice.err
    looked = {each["entity"]: each["records"] for each in twice.json["looked_at"]}
    assert looked["contact"] > 0, "exports are enough to search who is there twice"
    checked = crm("doctor", "--workspace", "client")
    assert checked.code == ExitCode.OK, "an export lacks what nobody chose, and that is no fault"
    assert "crm Contact: " in checked.out
    assert "mapped fields have a column; without one: " in checked.out
    assert "clock" not in checked.out, "an export has none"
    assert "calls made" not in checked.out, "and to read it costs none"


def test_two_excel_exports_become_a_report_that_names_what_is_wrong(
    exports: Path, crm: Crm
) -> None:
    """No credential and no connection: the report is there in both languages, with six kinds of findings."""
    crm("init", "client", "--yes", "--files", "crm=exports/sf", "--files", "marketing=exports/hs")
    audits = crm("audit", "--json", "--workspace", "client").json["audits"]
    affected = {each["id"]: each["affected"] for each in audits if each["affected"]}
    found = set(affected)
    assert {"C05", "C20", "D10", "L09", "L11", "M01"} <= found
    assert affected["C20"] == 1
    for language, words in (("en", "cannot be what they claim"), ("es", "lo que dicen ser")):
        file = exports / f"report.{language}.html"
        said = crm("report", "--lang", language, "--output", file, "--workspace", "client")
        assert said.code == ExitCode.OK, said.err
        page = file.read_text(encoding="utf-8")
        assert words in page
        assert {name for name in found if f'id="audit-{name}"' in page} == found
        assert "ana@alfa.example" not in page
        assert "http-equiv" not in page or "Content-Security-Policy" in page


@pytest.mark.slow
@pytest.mark.parametrize("name", ["crm", "hubspot"])
def test_one_folder_of_exports_is_enough_for_an_audit(exports: Path, crm: Crm, name: str) -> None:
    crm("init", "one", "--files", f"{name}=exports/sf", "--yes")
    assert crm("lint", "--workspace", "one").code == ExitCode.OK
    audits = crm("audit", "--json", "--workspace", "one").json["audits"]
    by_id = {each["id"]: each for each in audits}
    assert (by_id["M01"]["affected"], by_id["M01"]["not_checked"]) == (2, None)
    assert by_id["L09"]["not_checked"] is None
    assert "needs a second system" in by_id["G02"]["not_checked"]
    said = crm("audit", "--lang", "es", "--workspace", "one").out
    assert "necesita un segundo sistema" in said
    assert "en HubSpot" not in said.partition("G02")[2].splitlines()[0]


def test_a_lead_export_without_its_condition_is_read_and_told(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "sf").mkdir()
    (tmp_path / "sf" / "leads.csv").write_text(
        "Lead ID,First Name,Last Name,Email,Lead Status,Company\n00QA,Ana,Ruiz,a@b.example,Open,Alfa\n"
    )
    crm("init", "w", "--files", "crm=sf", "--yes")
    assert "# crm Lead: no column for IsConverted" in text_of(
        tmp_path / "w", "mappings/contact.yml"
    )
    assert crm("pull", "--workspace", "w").code == ExitCode.OK


@pytest.mark.slow
def test_what_is_uncertain_is_a_comment_with_the_alternatives(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "clientes.csv").write_text(
        "Nombre;Apellidos;Correo electrónico;Teléfono;Cargo\nAna;Ruiz;a@b.example;911234567;CEO\n"
    )
    said = crm("init", "w", "--files", "erp=x", "--yes")
    assert "erp: clientes.csv: to decide in crmsync.yml (Contact, Lead, contacts)" in said.err
    text = text_of(tmp_path / "w")
    assert "    objects: {}\n    # To decide: what is in clientes.csv\n" in text
    assert "    #   contacts: {file: clientes.csv}\n" in text
    linted = crm("lint", "--workspace", "w")
    assert linted.code == ExitCode.CONFIG_INVALID
    assert (
        "CRM100 systems.erp: no file is declared, so nothing is read (clientes.csv)" in linted.out
    )
    refused = crm("audit", "--workspace", "w")
    assert refused.code == ExitCode.CONFIG_INVALID
    assert "no objects" in refused.err
    # Whichever a person decides for, the mapping has its names already.
    for likely, rows in (("contacts", 1), ("Contact", 1)):
        decided = text.replace("objects: {}", f"objects: {{{likely}: {{file: clientes.csv}}}}")
        (tmp_path / "w" / "crmsync.yml").write_text(decided, encoding="utf-8")
        assert crm("lint", "--workspace", "w").code == ExitCode.OK
        pulled = crm("pull", "--workspace", "w").err
        assert f"erp {likely}: {rows}" in pulled
        assert "no column for email" not in pulled.lower()


@pytest.mark.slow
def test_whose_exports_they_are_can_be_said(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "clientes.csv").write_text(
        "Nombre,Apellidos,Correo electrónico,Número de teléfono\nAna,Ruiz,a@b.example,911234567\n"
    )
    crm("init", "w", "--files", "erp=x", "--like", "erp=hubspot", "--yes")
    assert "      contacts:      " in text_of(tmp_path / "w")
    assert crm("audit", "--workspace", "w").code == ExitCode.OK


@pytest.mark.slow
def test_a_spanish_export_is_understood_but_for_the_word_that_is_its_own(
    tmp_path: Path, crm: Crm
) -> None:
    (tmp_path / "hs").mkdir()
    (tmp_path / "hs" / "contactos.csv").write_text(SPANISH, encoding="cp1252")
    said = crm("init", "w", "--files", "hub=hs", "--yes")
    assert "hub contacts: contactos.csv, 7 of 7 columns known\n" in said.err
    assert "Cliente: customer" in text_of(tmp_path / "w", "mappings/contact.yml")
    assert crm("lint", "--workspace", "w").out == "No problems.\n"
    audits = crm("audit", "--json", "--workspace", "w").json["audits"]
    (unreadable,) = (each for each in audits if each["id"] == "C20")
    assert unreadable["affected"] == 1  # `Etapa propia`: the portal's own


@pytest.mark.slow
def test_a_file_of_something_else_comes_with_its_columns_and_lint_says_so(
    tmp_path: Path, crm: Crm
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "stock.csv").write_text("Ref,Correo interno\n1,a@b.example\n")
    crm("init", "w", "--files", "erp=x", "--yes")
    text = text_of(tmp_path / "w")
    assert "    # Its columns: Ref, Correo interno\n" in text
    template = "contacts: {file: stock.csv, id: Ref, columns: {email: Correo interno}}"
    assert f"    #   {template}\n" in text
    assert "(stock.csv)" in crm("lint", "--workspace", "w").out
    decided = text.replace("objects: {}", f"objects:\n      {template}")
    (tmp_path / "w" / "crmsync.yml").write_text(decided, encoding="utf-8")
    assert crm("lint", "--workspace", "w").out == "No problems.\n"
    assert crm("audit", "--workspace", "w").code == ExitCode.OK
    (tmp_path / "x" / "more.csv").write_text("a,b\n1,2\n")
    linted = crm("lint", "--workspace", "w")
    assert linted.code == ExitCode.OK
    assert "CRM104 systems.erp: files that no object declares" in linted.out
    assert "more.csv" in linted.out


@pytest.mark.slow
def test_deals_alone_are_audited_though_the_mapping_knows_them_by_their_company(
    tmp_path: Path, crm: Crm
) -> None:
    (tmp_path / "hs").mkdir()
    (tmp_path / "hs" / "deals.csv").write_text(
        "Record ID,Deal Name,Amount,Close Date,Deal Stage\n1,One,10.5,2026-01-31,Closed Won\n"
    )
    crm("init", "w", "--files", "hub=hs", "--yes")
    assert crm("lint", "--workspace", "w").code == ExitCode.OK
    said = crm("audit", "--workspace", "w")
    assert said.code == ExitCode.OK, said.err


def test_what_was_declared_is_not_to_be_decided(tmp_path: Path, crm: Crm) -> None:
    notation(tmp_path / "sf")
    said = crm("init", "w", "--files", "crm=sf", "--decimal", ",", "--dates", "dmy", "--yes")
    assert "to decide" not in said.err
    assert "# as declared" in text_of(tmp_path / "w")


def test_a_notation_that_nobody_can_tell_is_declared_or_a_comment(tmp_path: Path, crm: Crm) -> None:
    notation(tmp_path / "sf")
    said = crm("init", "w", "--files", "crm=sf", "--yes")
    assert "to decide in crmsync.yml: Amount (line 19), Close Date (line 22)" in said.err
    text = text_of(tmp_path / "w")
    assert "        # Amount: '1.234' is 1234, or 1.234\n" in text
    assert '        # decimal: ","\n' in text
    assert "        # dates: dmy\n" in text
    assert crm("pull", "--workspace", "w").code == ExitCode.CONFIG_INVALID
    crm("init", "v", "--files", "crm=sf", "--decimal", ",", "--dates", "dmy", "--yes")
    assert "# as declared" in text_of(tmp_path / "v")
    assert crm("pull", "--workspace", "v").code == ExitCode.OK


def test_on_a_terminal_a_notation_is_asked_with_what_the_country_writes(
    tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    notation(tmp_path / "sf")
    typed(monkeypatch, "", "", "", "", "semicolon", "", "")
    said = crm("init", "w", "--files", "crm=sf")
    assert said.code == ExitCode.OK, said.err
    assert "Amount: '1.234' is 1234, or 1.234. Which one (, .)? [,]" in said.out
    assert "“semicolon” is no answer; use one of , ." in said.out
    assert 'decimal: ","                            # as declared' in text_of(tmp_path / "w")
    assert "dates: dmy                              # as declared" in text_of(tmp_path / "w")


NEAR = "ID de cuenta;Nombre;Apellidos;Correo electrónico;No participar en correo electrónico;ID de contacto\n"
ACCOUNTS = "ID de cuenta;Nombre de la cuenta;Sitio web;Teléfono;Fecha de creación\n"


@pytest.fixture
def spanish(tmp_path: Path, crm: Crm) -> Path:
    """A Spanish workspace over exports whose columns are nearly known, and of which a day can be two."""
    (tmp_path / "sf").mkdir()
    people = NEAR + "001A;Ana;Ruiz;ana@alfa.example;Sí;003A\n"
    (tmp_path / "sf" / "contactos.csv").write_text(people, encoding="utf-8")
    accounts = ACCOUNTS + "001A;Alfa SL;alfa.example;911234567;03/04/2026\n"
    (tmp_path / "sf" / "cuentas.csv").write_text(accounts, encoding="utf-8")
    said = crm(
        "init", "w", "--files", "crm=sf", "--like", "crm=salesforce", "--yes", "--lang", "es"
    )
    (tmp_path / "said.txt").write_text(said.err, encoding="utf-8")
    return tmp_path / "w"


@pytest.mark.parametrize("sign", ["# ?", "#"])
def test_columns_may_be_named_by_taking_off_any_sign(spanish: Path, sign: str) -> None:
    text = text_of(spanish)
    asked = re.findall(r"^ {10}# .*,", text, re.MULTILINE)
    assert len(asked) > 1
    assert text.count("columns: {") == text.count("          }\n")
    for taken in ([], asked[:1], asked[1:], asked):
        changed = text
        for line in taken:
            changed = changed.replace(line, re.sub(rf"^( +){sign}", r"\1", line), 1)
        (spanish / "crmsync.yml").write_text(changed, encoding="utf-8")
        found = understand_project(spanish)
        assert (found.problems, found.value is None) == ([], False)
        named = [one.get("columns", {}) for one in found.value.systems["crm"]["objects"].values()]
        assert sum(map(len, named)) == len(taken)


def test_each_column_has_the_line_that_asks_about_it(spanish: Path) -> None:
    lines = text_of(spanish).splitlines()
    told = (spanish.parent / "said.txt").read_text(encoding="utf-8")
    places = re.findall(r"([^,:;]+) \(línea (\d+)\)", told)
    assert places
    for column, number in places:
        assert column.strip() in lines[int(number) - 1]
    assert len({number for _column, number in places}) == len(places), "a line is named once"


def test_a_spanish_workspace_and_its_lint_are_spanish(spanish: Path, crm: Crm) -> None:
    english = re.compile(
        r"no id column|row numbers| is 2026|column '|declare |found duplicate|, or "
    )
    text = re.sub(r"`[^`]*`|declare", "", text_of(spanish))
    assert not english.search(text)
    said = crm("lint", "--workspace", "w", "--lang", "es")
    assert said.code == ExitCode.CONFIG_INVALID, "audit would refuse it, too"
    assert (
        "CRM102 cuentas.csv: columna 'Fecha de creación': '03/04/2026' es 2026-04-03 (dmy)"
        in said.out
    )
    twice = text_of(spanish).replace("currency: EUR", "currency: EUR\ncurrency: EUR")
    (spanish / "crmsync.yml").write_text(twice, encoding="utf-8")
    said = crm("lint", "--workspace", "w", "--lang", "es")
    assert "CRM001 'currency' está dos veces (escriba uno solo" in said.out
