"""`view export` and `view stats`: all customers at once, masked unless asked, harmless to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from cli.places import Said, mend
from crmsync.commands.view import find_customers
from crmsync.commands.workspace import open_workspace
from crmsync.errors import CrmsyncError, ExitCode
from crmsync.reports.view_rows import FORMS, Column, heads, write_rows

Crm = Callable[..., Said]


def rows_of(said: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(said.removeprefix("\ufeff")), delimiter=delimiter))


@pytest.mark.slow
def test_every_customer_is_one_row_as_view_show_has_it(workspace: Path, crm: Crm) -> None:
    said = crm("view", "export", "--format", "json", "--unmask")
    assert said.code == ExitCode.OK
    rows = json.loads(said.out)
    assert [row["key"] for row in rows] == sorted({row["key"] for row in rows})
    opened = open_workspace(workspace)
    for row in rows[::25]:
        (found,) = find_customers(opened, row["key"])
        assert row["records"] == " ".join(sorted(str(ref) for ref in found.view.refs))
        shown = {each.field: each.choice for each in found.view.fields}
        for name in ("email", "phone", "job_title", "opted_out"):
            assert (row[name], row[name + "_system"]) == (shown[name].value, shown[name].system)


def test_personal_data_is_masked_unless_asked(workspace: Path, crm: Crm) -> None:
    masked, whole = (crm("view", "export", *more).out for more in ((), ("--unmask",)))
    emails = {row["email"] for row in rows_of(whole) if row["email"]}
    assert len(emails) > 50
    assert not [email for email in emails if email in masked]
    assert all("•••@" in row["email"] for row in rows_of(masked) if row["email"])
    shown = rows_of(masked)[0]
    assert shown["key"] == rows_of(whole)[0]["key"]
    assert {row["country"] for row in rows_of(masked)} == {row["country"] for row in rows_of(whole)}
    assert [row["company"] for row in rows_of(masked)] == [row["company"] for row in rows_of(whole)]


def test_a_file_is_written_for_its_owner_alone_and_whole_or_not_at_all(
    workspace: Path, crm: Crm
) -> None:
    said = crm("view", "export", "--entity", "deal", "-o", "deals.parquet")
    assert (said.code, said.out) == (ExitCode.OK, "")
    assert re.search(r"\d+ customers written to deals.parquet", said.err)
    assert stat.S_IMODE(Path("deals.parquet").stat().st_mode) == 0o600
    table = parquet.read_table("deals.parquet")
    assert table.num_rows == len(rows_of(crm("view", "export", "--entity", "deal").out))
    assert pa.types.is_decimal(table.schema.field("amount").type)
    assert pa.types.is_date(table.schema.field("close_date").type)
    assert pa.types.is_boolean(table.schema.field("is_won").type)
    assert not list(Path().glob("*.part"))


def test_what_cannot_be_written_says_what_helps(workspace: Path, crm: Crm) -> None:
    for words, told in (
        (("--format", "parquet"), "Parquet needs a file"),
        (("--entity", "deel"), "did you mean 'deal'?"),
        (("-o", "nowhere/x.csv"), "there is no folder nowhere"),
    ):
        said = crm("view", "export", *words)
        assert said.code != ExitCode.OK
        assert told in said.err
    assert (
        "Parquet necesita un archivo"
        in crm("view", "export", "--format", "parquet", "--lang", "es").err
    )


@pytest.mark.slow
def test_numbers_add_up(workspace: Path, crm: Crm) -> None:
    found = crm("view", "stats", "--json").json
    assert [each["entity"] for each in found] == ["company", "contact", "deal"]
    contacts = found[1]
    rows = rows_of(crm("view", "export", "--unmask").out)
    assert contacts["customers"] == len(rows)
    assert sum(each["customers"] for each in contacts["held_in"]) == len(rows)
    for each in contacts["fields"]:
        values = [row for row in rows if row[each["field"]]]
        assert each["filled"] == len(values)
        sources = {s: n for s, n in each["sources"].items() if n}
        systems = [row[each["field"] + "_system"] for row in values]
        assert sources == {s: systems.count(s) for s in sources}
        assert each["filled"] == sum(each["alone"].values()) + each["agree"] + each["disagree"]
    assert next(e["disagree"] for e in contacts["fields"] if e["field"] == "job_title") > 0
    assert "only in HubSpot" in crm("view", "stats", "--entity", "contact").out


def test_a_spanish_reader_gets_a_spanish_file(workspace: Path, crm: Crm) -> None:
    mend(workspace, "crmsync.yml", "name: tried", "name: tried\nlanguage: es")
    said = crm("view", "export", "--entity", "company")
    assert said.out.startswith("\ufeffkey;records;name;name_system")
    assert len(rows_of(said.out, ";")) > 10
    assert "empresas" in crm("view", "stats").out


COLUMNS = (Column("key"), Column("note", masked_as="note"), Column("worth"), Column("out"))
HOSTILE = "=HYPERLINK(1);\r\n+cmd"


def batch(note: str | None) -> pa.RecordBatch:
    from decimal import Decimal

    cells: dict[str, Any] = {
        "key": pa.array(["k1"]),
        "note": pa.array([note], pa.string()),
        "worth": pa.array([Decimal("-1200.5000000000")], pa.decimal128(38, 10)),
        "out": pa.array([False]),
    }
    return pa.RecordBatch.from_pydict(cells)


def written(form: str, *batches: pa.RecordBatch, unmask: bool = True) -> bytes:
    file = io.BytesIO()
    reader = pa.RecordBatchReader.from_batches(batch("").schema, batches)
    assert write_rows(form, file, COLUMNS, reader, "en", unmask=unmask) == len(batches)
    return file.getvalue()


def test_no_cell_of_a_csv_can_be_run_and_a_number_stays_a_number() -> None:
    said = written("csv", batch(HOSTILE)).decode()
    (row,) = rows_of(said)
    assert row["note"][0] == "'"
    assert "\n" not in row["note"]
    assert (row["worth"], row["out"]) == ("-1200.5", "false")


def test_json_keeps_every_digit_and_every_character() -> None:
    (row,) = json.loads(written("json", batch(HOSTILE)), parse_float=str)
    assert row == {"key": "k1", "note": HOSTILE, "worth": "-1200.5", "out": False}


def sheet_of(said: bytes) -> list[dict[str, Any]]:
    from openpyxl import load_workbook

    heads, *rows = load_workbook(io.BytesIO(said)).active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def test_a_sheet_of_excel_holds_numbers_and_nothing_that_can_be_run() -> None:
    (row,) = sheet_of(written("xlsx", batch(HOSTILE)))
    assert row["note"].startswith("=HYPERLINK(1);")
    assert (row["worth"], row["out"]) == (-1200.5, False)


@pytest.mark.parametrize("text", ["+34 600 000 000", "=1+1", "@sum", "-5", "a;=1", "#N/A"])
def test_a_text_of_a_sheet_is_as_it_was_and_is_a_text(text: str) -> None:
    from openpyxl import load_workbook

    cell = load_workbook(io.BytesIO(written("xlsx", batch(text)))).active["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_more_customers_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmsync.reports.view_rows._SHEET", 3)
    written("xlsx", batch("a"), batch("b"))
    with pytest.raises(CrmsyncError, match="holds 3 rows") as refused:
        written("xlsx", batch("a"), batch("b"), batch("c"))
    assert "--format csv" in refused.value.remedy


def notes(form: str, said: bytes) -> list[str | None]:
    if form == "xlsx":
        return [row["note"] for row in sheet_of(said)]
    if form == "parquet":
        table = parquet.read_table(io.BytesIO(said))
        return [row["note"] for row in table.to_pylist()]
    rows = json.loads(said) if form == "json" else rows_of(said.decode())
    return [row["note"] for row in rows]


@pytest.mark.parametrize("form", sorted(FORMS))
def test_every_format_can_be_masked_and_can_be_empty(form: str) -> None:
    assert "Secret words" in notes(form, written(form, batch("Secret words"), batch(None)))
    assert notes(form, written(form, batch("Secret words"), unmask=False)) == ["S••• w•••"]
    empty = written(form)
    if form == "csv":
        assert empty.decode() == "\ufeffkey,note,worth,out\r\n"
    elif form == "json":
        assert json.loads(empty) == []
    elif form == "xlsx":
        assert sheet_of(empty) == []
    else:
        assert parquet.read_table(io.BytesIO(empty)).schema == batch("").schema


@pytest.mark.parametrize(
    ("command", "formats"),
    [
        (("view", "export", "-o", "customers.pdf"), ".csv, .json, .parquet, .xlsx"),
        (("fix", "roles", "--out", "roles.pdf"), ".txt, .json, .csv, .xlsx, .md"),
        (("report", "-o", "report.pdf"), ".html, .htm"),
    ],
)
def test_an_ending_of_no_format_is_refused_with_those_there_are(
    workspace: Path, crm: Crm, command: tuple[str, ...], formats: str
) -> None:
    said = crm(*command)
    assert said.code == ExitCode.FAILED
    assert "no format of a file that ends in .pdf" in said.err
    assert f"one of {formats}." in said.err
    assert not list(Path().glob("*.pdf"))


@pytest.mark.parametrize(
    "command",
    [
        ("view", "export", "-o"),
        ("fix", "roles", "--out"),
        ("report", "-o"),
        ("plan", "--no-pull", "-o"),
        ("footprint", "install", "-o"),
    ],
    ids=lambda command: command[0],
)
def test_no_folder_is_made_by_a_slip_of_the_pen(
    workspace: Path, crm: Crm, tmp_path: Path, command: tuple[str, ...]
) -> None:
    said = crm(
        *command,
        tmp_path / "nope" / "x.html" if command[0] == "report" else tmp_path / "nope" / "x.json",
    )
    assert said.code == ExitCode.FAILED
    assert f"there is no folder {tmp_path / 'nope'}" in said.err
    assert "mkdir -p" in said.err
    assert not (tmp_path / "nope").exists()


@pytest.mark.slow
def test_an_audit_may_ask_the_view(workspace: Path, crm: Crm) -> None:
    head = [
        "id: Z01",
        "category: hygiene",
        "severity: info",
        "entity: contact",
        "needs: [contact.email]",
        "summary: {en: Nobody can be mailed, es: No se les puede escribir}",
        "why: {en: No address., es: Sin dirección.}",
        "remedy: {en: Ask for one., es: Pídala.}",
    ]
    query = "SELECT key, job_title_system AS detail FROM contact_view WHERE email IS NULL"
    audit = "\n".join([*(f"-- {line}" for line in head), query, ""])
    (workspace / "audits" / "Z01_no_email.sql").write_text(audit, encoding="utf-8")
    said = crm("audit", "--no-pull", "--select", "Z01", "--format", "csv")
    assert said.code == ExitCode.OK, said.err
    rows = json.loads(crm("view", "export", "--format", "json").out)
    wanted = sorted(row["key"] for row in rows if row["email"] is None)
    assert sorted(row["key"] for row in rows_of(said.out)) == wanted
    assert wanted


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("en", ["Customer", "Records", "E-mail", "E-mail: system", "plain", "E-mail (again)"]),
        ("es", ["Cliente", "Registros", "Correo", "Correo: sistema", "plain", "Correo (again)"]),
    ],
)
def test_the_heads_of_a_workbook_are_in_the_words_of_its_reader(
    language: str, says: list[str]
) -> None:
    mail = {"en": "E-mail", "es": "Correo"}
    columns = (
        Column("key"),
        Column("records"),
        Column("email", called=mail),
        Column("email_system", called=mail, is_source=True),
        Column("plain"),
        Column("again", called=mail),
    )
    assert heads(columns, language) == says


def test_a_spanish_workbook_has_the_titles_of_the_mapping(workspace: Path, crm: Crm) -> None:
    from openpyxl import load_workbook

    mend(workspace, "crmsync.yml", "name: tried", "name: tried\nlanguage: es")
    assert crm("view", "export", "--entity", "company", "-o", "c.xlsx").code == ExitCode.OK
    sheet = load_workbook("c.xlsx").active
    head = next(sheet.iter_rows(values_only=True))
    assert sheet.title == "Clientes"
    assert head[:4] == (
        "Cliente",
        "Registros",
        "Nombre de la empresa",
        "Nombre de la empresa: sistema",
    )
