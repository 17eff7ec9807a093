"""`init` asks on a terminal only, takes every answer as an option, and refuses one that cannot be used."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from cli import answering
from cli.answering import text_of, typed
from cli.conftest import Crm
from crmsync.errors import ExitCode

exports = answering.exports


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
