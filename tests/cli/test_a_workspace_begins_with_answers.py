"""`init` asks on a terminal only, takes every answer as an option, and refuses one that cannot be used."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from connectors.test_files_audit import hubspot, salesforce

from cli.conftest import Crm
from crmsync.errors import ExitCode


class Terminal(io.StringIO):
    """What somebody types, as a terminal gives it."""

    def isatty(self) -> bool:
        return True


def typed(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("".join(f"{each}\n" for each in answers)))


def text_of(folder: Path, name: str = "crmsync.yml") -> str:
    return (folder / name).read_text(encoding="utf-8")


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Two folders of exports beside the workspace to be."""
    salesforce(tmp_path / "exports" / "sf")
    hubspot(tmp_path / "exports" / "hs")
    return tmp_path


@pytest.mark.slow
def test_two_exports_and_two_commands_give_a_full_audit(exports: Path, crm: Crm) -> None:
    said = crm(
        "init", "client", "--files", "crm=exports/sf", "--files", "marketing=exports/hs", "--yes"
    )
    assert said.code == ExitCode.OK, said.err
    assert "crm Contact: contacts.xlsx, 11 of 11 columns known" in said.err
    text = text_of(exports / "client")
    assert 'folder: "../exports/sf"' in text
    assert "dates: dmy                              # as the file shows" in text
    assert text_of(exports / "client", ".env.example") == ""
    assert crm("lint", "--workspace", "client").out.endswith("No problems.\n")
    audits = crm("audit", "--json", "--workspace", "client").json["audits"]
    # Exports hold no ids of the other system here, and nobody says they do.
    unchecked = [each["id"] for each in audits if each["not_checked"]]
    # An export has no users, no leads that were converted, no native links and no stages of both.
    assert unchecked == ["C18", "C22", "E1", "L08", "M11", "O02", "X02", "X03", "X04", "X06"]
    found = {each["id"]: each["affected"] for each in audits}
    assert (found["C05"], found["M01"]) == (2, 2)
    assert found["D06"] == 0, "contact roles were not exported: nobody can say that one is missing"
    assert found["L11"] == 1  # asked of `marketing`, which plays HubSpot's part
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


SPANISH = """\
ID de registro;Nombre;Apellidos;Correo;Etapa del ciclo de vida;Propietario del contacto;Fuente original
1;Ana;Ruiz;ana@norte.example;Lead calificado para ventas;Eva Sol;Búsqueda orgánica
2;Leo;Gil;leo@sur.example;Cliente;Eva Sol;Tráfico directo
3;Pía;Paz;pia@sur.example;Etapa propia;;
"""


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


def notation(folder: Path) -> None:
    folder.mkdir()
    (folder / "opps.csv").write_text(
        "Opportunity ID;Opportunity Name;Amount;Close Date;Stage\n006A;Uno;1.234;03/04/2026;Closed Won\n"
    )


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


def test_every_question_has_its_answer_in_the_files(
    exports: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ["crm, marketing", "files", "exports/sf", "files", "exports/hs", "CL", "", "", "es"]
    typed(monkeypatch, *answers)
    said = crm("init", "client")
    assert said.code == ExitCode.OK, said.err
    text = text_of(exports / "client")
    for line in ("currency: CLP", "region: CL", "timezone: America/Santiago", "language: es"):
        assert f"\n{line}\n" in text
    assert "  crm:\n    kind: files\n" in text
    assert crm("lint", "--workspace", "client").code == ExitCode.OK


def test_a_wrong_answer_is_asked_again_with_what_helps(
    exports: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(
        monkeypatch, "My CRM", "crm", "file", "files", "exports/nowhere", "exports/sf",
        "Chile", "CL", "pesos", "CLP", "America/Santaigo", "", "fr", "en",
    )  # fmt: skip
    said = crm("init", "w")
    assert said.code == ExitCode.OK, said.err
    for words in (
        "“My CRM” cannot be the name of a system; use a-z, 0-9 and _",
        "“file” is no way to reach a system; did you mean files?",
        "there is no folder “exports/nowhere”; make it",
        "unknown country “Chile”; did you mean CL?",
        "unknown currency “pesos”; use three letters",
        "unknown time zone “America/Santaigo”; did you mean America/Santiago?",
        "“fr” is no language of crmsync",
    ):
        assert f"Error: {words}" in said.out


def test_nothing_is_asked_off_a_terminal_or_with_yes(
    tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever asks here finds the end of what was typed, and is interrupted, as the last line shows.
    typed(monkeypatch)
    assert crm("init", "a", "--yes").code == ExitCode.OK
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert crm("init", "b").code == ExitCode.OK
    typed(monkeypatch)
    assert crm("init", "c").code == ExitCode.INTERRUPTED


def test_the_country_says_what_is_usual_and_options_go_before_it(tmp_path: Path, crm: Crm) -> None:
    crm("init", "w", "--yes", "--country", "mx", "--currency", "usd")
    text = text_of(tmp_path / "w")
    assert "currency: USD\nregion: MX\ntimezone: America/Mexico_City\n" in text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--region", "Chile"], "unknown country “Chile”; did you mean CL?"),
        (["--region", "XX"], "unknown country “XX”; use two letters"),
        (["--currency", "EURO"], "unknown currency “EURO”"),
        (["--timezone", "Madrid"], "unknown time zone “Madrid”"),
        (["--systems", "pipedrive"], "“pipedrive” does not say how it is reached; write pipedrive=salesforce"),
        (["--systems", ","], "no system is named"),
        (["--systems", "a=zoho"], "“zoho” is neither salesforce nor hubspot"),
        (["--files", "exports"], "“exports” has no name; write NAME=FOLDER"),
        (["--files", "crm=nowhere"], "there is no folder “nowhere”"),
        (["--files", "crm=.", "--files", "crm=."], "two systems are called “crm”"),
        (["--files", "crm=.", "--like", "mrc=hubspot"], "no system “mrc”; use one of crm"),
        (["--files", "crm=.", "--like", "crm=zoho"], "“zoho” is neither"),
        (["--database", "crm=postgresql://me:pa55@db/crm"], "a password does not belong into crmsync.yml"),
        (["--database", "crm=crm.db"], "“crm.db” is no address of a database"),
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_used_writes_nothing_and_says_what_helps(
    tmp_path: Path, crm: Crm, words: list[str], told: str
) -> None:
    said = crm("init", "w", "--yes", *words)
    assert said.code == ExitCode.USAGE
    assert told in said.err
    assert "pa55" not in said.err
    assert not (tmp_path / "w").exists()


def test_a_database_comes_with_what_is_to_be_decided(tmp_path: Path, crm: Crm) -> None:
    said = crm("init", "w", "--yes", "--systems", "hubspot", "--database", "erp=${ERP_URL}")
    text = text_of(tmp_path / "w")
    assert '  erp:\n    kind: sql\n    url: "${ERP_URL}"\n    objects: {}\n    # To decide:' in text
    assert text_of(tmp_path / "w", ".env.example") == "HUBSPOT_TOKEN=\nERP_URL=\n"
    assert "erp: nobody could look into it (" in said.err
    assert "CRM100 systems.erp: no table is declared" in crm("lint", "--workspace", "w").out
    tried = text.replace("objects: {}", "objects: {contacts: {table: person, id: id}}")
    (tmp_path / "w" / "crmsync.yml").write_text(tried, encoding="utf-8")
    assert crm("lint", "--workspace", "w").code == ExitCode.OK
    assert "erp: email" in text_of(tmp_path / "w", "mappings/contact.yml")


def test_systems_by_api_may_have_names_of_their_own(tmp_path: Path, crm: Crm) -> None:
    crm("init", "w", "--yes", "--systems", "sales=salesforce, shop=hubspot, events=hubspot")
    assert crm("lint", "--workspace", "w").code == ExitCode.OK
    assert "SALES_URL=\n" in text_of(tmp_path / "w", ".env.example")
    assert "names: {sales: Email, shop: email, events: email}" in text_of(
        tmp_path / "w", "mappings/contact.yml"
    )


def test_the_native_connector_is_a_comment_that_explains_itself(tmp_path: Path, crm: Crm) -> None:
    crm("init", "on", "--yes", "--native-connector")
    crm("init", "off", "--yes", "--no-native-connector")
    text = text_of(tmp_path / "on")
    assert (
        "# writers:\n#   - name: HubSpot-Salesforce connector\n#     kind: native_connector\n"
        in text
    )
    assert "writers" not in text_of(tmp_path / "off")
    assert crm("lint", "--workspace", "on").code == ExitCode.OK


def test_the_native_connector_is_asked_for_where_both_are_reached(
    tmp_path: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed(monkeypatch, "", "", "", "", "", "", "y", "")
    said = crm("init", "w")
    assert said.code == ExitCode.OK, said.err
    assert "# writers:" in text_of(tmp_path / "w")
    assert "No proposal from live schemas yet: " in said.err


def test_it_speaks_spanish(exports: Path, crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    typed(monkeypatch, "crm", "archivos", "files", "exports/sf", "", "", "")
    said = crm("init", "w", "--lang", "es")
    assert said.code == ExitCode.OK, said.err
    assert "Sistemas, con comas" in said.out
    assert "Error: «archivos» no es una forma de llegar a un sistema" in said.out
    assert "crm Contact: contacts.xlsx, 11 de 11 columnas conocidas" in said.err
    text = text_of(exports / "w")
    assert "language: es" in text
    assert "# Exportaciones de Salesforce, por los títulos de sus columnas." in text
    assert crm("lint", "--workspace", "w").code == ExitCode.OK


def test_nothing_that_is_there_is_written_over(exports: Path, crm: Crm) -> None:
    words = ["init", "w", "--files", "crm=exports/sf", "--yes"]
    crm(*words)
    for path in (exports / "w").rglob("*.*"):
        path.write_text("mine")
    assert crm(*words).out.strip() == ""
    assert {path.read_text() for path in (exports / "w").rglob("*.*")} == {"mine"}


def test_a_folder_without_exports_waits_for_them(tmp_path: Path, crm: Crm) -> None:
    (tmp_path / "x").mkdir()
    said = crm("init", "w", "--files", "crm=x", "--yes")
    assert "crm: no export in ../x yet" in said.err
    assert "CRM100 systems.crm: no file is declared" in crm("lint", "--workspace", "w").out


@pytest.mark.parametrize("length", [23, 24, 43, 44, 45, 90])
def test_a_long_name_does_not_swallow_the_remark_behind_it(
    tmp_path: Path, crm: Crm, length: int
) -> None:
    folder = "x" * length
    assert crm("init", folder, "--systems", "hubspot", "--yes").code == ExitCode.OK
    assert f"\nname: {folder}" in text_of(tmp_path / folder)
    assert crm("lint", "--workspace", folder).code == ExitCode.OK


HEADER = (
    "ID de registro;Nombre;Apellidos;Correo;No llamar;Canceló la suscripción a todos los correos;"
    "Fecha de creación;Cargos;Mi columna\n"
)


def test_what_is_to_decide_is_named_with_its_line_and_what_is_unknown_too(
    tmp_path: Path, crm: Crm
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "contactos.csv").write_text(
        f"{HEADER}1;Ana;Ruiz;a@b.example;;;03/04/2024;;q\n", encoding="utf-8"
    )
    said = crm("init", "w", "--files", "hs=x", "--like", "hs=hubspot", "--yes").err
    lines = text_of(tmp_path / "w").splitlines()
    at = {
        name: next(number for number, line in enumerate(lines, 1) if name in line)
        for name in ("Fecha de creación", "Cargos")
    }
    assert (
        "7 of 9 columns known; to decide in crmsync.yml: "
        f"Fecha de creación (line {at['Fecha de creación']}), Cargos (line {at['Cargos']}); "
        "unknown: Mi columna\n" in said
    )


@pytest.mark.slow
def test_words_for_yes_and_no_are_written_where_a_person_sees_them_and_read(
    tmp_path: Path, crm: Crm
) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "contactos.csv").write_text(
        f"{HEADER}1;Ana;Ruiz;a@b.example;Sí;VERDADERO;;;\n2;Eva;Gil;e@b.example;No;;;;\n",
        encoding="utf-8",
    )
    crm("init", "w", "--files", "hs=x", "--like", "hs=hubspot", "--yes")
    mapping = text_of(tmp_path / "w", "mappings/contact.yml")
    assert 'values: {hs: {Sí: true, "No": false}}' in mapping
    assert "values: {hs: {VERDADERO: true, FALSO: false}}" in mapping
    assert crm("lint", "--workspace", "w").out == "No problems.\n"
    crm("pull", "--workspace", "w")
    for who, value in (("a@b.example", "yes"), ("e@b.example", "no")):
        shown = crm("view", "show", who, "--workspace", "w").out
        assert f"do_not_call {value} " in " ".join(shown.split())
