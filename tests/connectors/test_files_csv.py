"""CSV files as people really send them: encodings, separators, quotes, rows that do not fit."""

from __future__ import annotations

import codecs
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crmsync.connectors.files.connector import FilesConnector, open_connector
from crmsync.errors import AnswerBroken, ConfigInvalid

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HEAD = "Record ID,First Name,Last Name\n"


def opened(
    folder: Path, text: str | bytes, name: str = "contacts.csv", **more: Any
) -> FilesConnector:
    """A connector over one file; `more` are settings of its object."""
    content = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(content)
    settings = {"folder": str(folder), "objects": {"contacts": {"file": name, **more}}}
    return open_connector("hub", settings, now=NOW, writes=False)


def rows(
    connector: FilesConnector, *fields: str, object_: str = "contacts"
) -> list[tuple[Any, ...]]:
    """(id, fields...) of every record."""
    found = []
    for batch in connector.read(object_, fields):
        found += [(row["_id"], *(row[name] for name in fields)) for row in batch.to_pylist()]
    return found


def lasts(connector: FilesConnector) -> list[tuple[Any, ...]]:
    return rows(connector, "lastname")


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", b""),
    ],
)
def test_unicode_is_recognised_with_its_mark_or_without(
    tmp_path: Path, encoding: str, mark: bytes
) -> None:
    connector = opened(tmp_path, mark + f"{HEAD}1,Íñigo,Núñez\n".encode(encoding))
    assert rows(connector, "firstname", "lastname") == [("1", "Íñigo", "Núñez")]
    assert connector.notes == []


def test_windows_1252_is_read_and_said_aloud(tmp_path: Path) -> None:
    connector = opened(tmp_path, f"{HEAD}1,Íñigo,O’Núñez – 5 €\n".encode("cp1252"))
    assert lasts(connector) == [("1", "O’Núñez – 5 €")]
    assert any("Windows-1252" in note for note in connector.notes)


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
def test_an_encoding_that_reads_two_ways_has_to_be_declared(tmp_path: Path, encoding: str) -> None:
    text = f"{HEAD}1,Begoña,Muñoz\n".encode(encoding)
    with pytest.raises(ConfigInvalid, match=r"contacts.csv:2 is no UTF-8.*'Begoña' in " + encoding):
        lasts(opened(tmp_path, text))
    declared = opened(tmp_path, text, encoding=encoding)
    assert lasts(declared) == [("1", "Muñoz")]


def test_a_declared_encoding_that_does_not_fit_breaks_at_its_line(tmp_path: Path) -> None:
    text = f"{HEAD}1,Ana,Ruiz\n".encode() + "2,Íñigo,Núñez\n".encode("cp1252")
    with pytest.raises(AnswerBroken, match="not utf-8"):
        lasts(opened(tmp_path, text, encoding="utf-8"))


def test_an_unknown_encoding_names_those_that_help(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match="encoding 'klingon' is not known"):
        lasts(opened(tmp_path, HEAD, encoding="klingon"))


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(tmp_path: Path, sign: str) -> None:
    text = (HEAD + "1,Ana,Ruiz\n2,Bea,Soto\n").replace(",", sign)
    assert lasts(opened(tmp_path, text)) == [("1", "Ruiz"), ("2", "Soto")]


def test_commas_inside_cells_do_not_make_a_comma_the_separator(tmp_path: Path) -> None:
    text = 'Record ID;First Name;Last Name\n1;"Ana, la jefa";Ruiz\n2;Bea;Soto, Paz\n'
    assert rows(opened(tmp_path, text), "firstname", "lastname") == [
        ("1", "Ana, la jefa", "Ruiz"),
        ("2", "Bea", "Soto, Paz"),
    ]


def test_a_separator_that_could_be_two_has_to_be_declared(tmp_path: Path) -> None:
    text = "Record ID,First;Name\n1,Ana;Ruiz\n2,Bea;Soto\n"
    with pytest.raises(ConfigInvalid, match="may be separated by ',' or ';'"):
        lasts(opened(tmp_path, text))
    assert rows(opened(tmp_path, text, delimiter=","), "First;Name")[0] == ("1", "Ana;Ruiz")


def test_excels_own_hint_is_heeded_and_is_no_row(tmp_path: Path) -> None:
    assert lasts(opened(tmp_path, "sep=|\n" + HEAD.replace(",", "|") + "1|Ana|Ruiz\n")) == [
        ("1", "Ruiz")
    ]


def test_quotes_line_ends_and_blanks_are_kept_as_written(tmp_path: Path) -> None:
    text = 'Record ID,First Name,Last Name\r\n0012,"Ana\r\n""la jefa""","  "\r\n,,\r\n'
    connector = opened(tmp_path, text)
    assert rows(connector, "firstname", "lastname") == [("0012", 'Ana\r\n"la jefa"', "  ")]


@pytest.mark.parametrize(
    ("bad", "line"),
    [('3,"Ana "la jefa" Ruiz",x\n', 4), ('3,"Ana,x\n4,Bea,y\n', 4), ('3,"Ana,x\n"4",Bea,y\n', 4)],
    ids=["inside", "never closed", "closed too late"],
)
def test_a_stray_quote_breaks_at_its_line_after_the_rows_before_it(
    tmp_path: Path, bad: str, line: int
) -> None:
    connector = opened(tmp_path, f"{HEAD}1,Ana,Ruiz\n2,Bea,Soto\n{bad}5,Eva,Gil\n")
    batches = connector.read("contacts", ["lastname"])
    assert next(batches).column("lastname").to_pylist() == ["Ruiz", "Soto"]
    with pytest.raises(AnswerBroken) as raised:
        next(batches)
    assert raised.value.where == f"contacts.csv:{line}"
    assert "quote" in raised.value.remedy


def test_a_row_with_too_many_cells_breaks_at_its_line(tmp_path: Path) -> None:
    connector = opened(tmp_path, f"{HEAD}1,Ana,Ruiz\n2,Bea,Soto, Paz\n", delimiter=",")
    with pytest.raises(AnswerBroken, match="4 cells under a header of 3") as raised:
        lasts(connector)
    assert raised.value.where == "contacts.csv:3"


def test_blank_cells_beyond_the_header_are_nothing(tmp_path: Path) -> None:
    assert lasts(opened(tmp_path, f"{HEAD}1,Ana,Ruiz,,\n")) == [("1", "Ruiz")]


def test_rows_that_are_left_out_are_counted_with_their_lines(tmp_path: Path) -> None:
    connector = opened(
        tmp_path,
        f"{HEAD}1,Ana,Ruiz\n,Bea,Soto\n1,Ana,Otra\n3,Eva\nTotal,,\n"
        '"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."\n',
    )
    assert lasts(connector) == [("1", "Ruiz"), ("3", None)]
    said = "\n".join(connector.notes)
    for words in (
        "1 row left out: without an id (row 3)",
        "1 row left out: with an id that was there before, and the first one counts (row 4)",
        "1 row with fewer cells than the header: the missing ones are read as blank (row 5)",
        "2 rows left out: totals and remarks of the report (rows 6, 7)",
    ):
        assert words in said


def test_cells_that_say_that_there_is_nothing_are_blank_and_counted(tmp_path: Path) -> None:
    rows = "1,Ana,N/A\n2,Bea,-\n3,Eva,s/d\n4,Leo,Na\n5,Mia,A-B\n"
    connector = opened(tmp_path, HEAD + rows)
    assert [last for _, last in lasts(connector)] == [None, None, None, "Na", "A-B"]
    told = "3 rows with n/a, - or the like in a cell: read as blank (rows 2, 3, 4)"
    assert f"contacts.csv: {told}" in connector.notes


def test_a_workspace_says_itself_which_cells_are_blank(tmp_path: Path) -> None:
    connector = opened(tmp_path, f"{HEAD}1,Ana,N/A\n2,Bea,pendiente\n", blanks=["Pendiente"])
    assert lasts(connector) == [("1", "N/A"), ("2", None)]


def test_without_an_id_ids_are_row_numbers_and_the_schema_says_so(tmp_path: Path) -> None:
    connector = opened(tmp_path, "First Name,Last Name\nAna,Ruiz\nBea,Soto\n")
    assert lasts(connector) == [("row-2", "Ruiz"), ("row-3", "Soto")]
    assert connector.schema("contacts").fields["row-number"].type == "id"
    assert any("ids are row numbers" in note for note in connector.notes)


def test_the_newest_file_counts_and_open_excel_leftovers_do_not(tmp_path: Path) -> None:
    import os

    for at, name in enumerate(("a-contacts.csv", "b-contacts.csv", "~$c-contacts.csv")):
        (tmp_path / name).write_text(f"{HEAD}{at},Ana,From {name[0]}\n")
        os.utime(tmp_path / name, (1_000_000 - at, 1_000_000 - at))
    settings = {"folder": str(tmp_path), "objects": {"contacts": {"file": "*contacts.csv"}}}
    connector = open_connector("hub", settings, now=NOW, writes=False)
    assert lasts(connector) == [("0", "From a")]
    assert connector.notes == ["a-contacts.csv: the newest of 2 files '*contacts.csv'"]


def test_a_file_that_changes_while_it_is_read_is_broken(tmp_path: Path) -> None:
    connector = opened(tmp_path, HEAD + "".join(f"{at},Ana,Ruiz\n" for at in range(6000)))
    batches = connector.read("contacts", ["lastname"])
    next(batches)
    (tmp_path / "contacts.csv").write_text(f"{HEAD}1,Ana,Ruiz\n")
    with pytest.raises(AnswerBroken):
        list(batches)


def test_a_file_of_any_length_takes_the_same_memory(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        lines = (f"{at},Ana {'x' * 300},Ruiz\n" for at in range(count))
        connector = opened(tmp_path, HEAD + "".join(lines))
        connector.schema("contacts")
        tracemalloc.start()
        assert sum(batch.num_rows for batch in connector.read("contacts", ["firstname"])) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(24_000) < 1.2 * peak(12_000)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "no folder"),
        ({"folder": "x"}, "no objects"),
        ({"folder": "x", "objects": {"contacts": {}}}, "contacts.file is missing"),
        ({"folder": "x", "objects": {"contacts": {"fil": "a"}}}, "did you mean 'file'"),
        ({"folder": "x", "objects": {"contacts": "a.csv"}}, "contacts does not fit"),
        (
            {"folder": "x", "objects": {"contacts": {"file": "a", "dates": "dym"}}},
            "use 'ymd', 'dmy' or",
        ),
        (
            {"folder": "x", "objects": {"contacts": {"file": "a", "ties": {"c": {"colum": "a"}}}}},
            "'column'",
        ),
        (
            {"folder": "x", "fodler": "y", "objects": {"contacts": {"file": "a"}}},
            "did you mean 'folder'",
        ),
        ({"folder": "x", "objects": {"c": {"file": "a"}}, "timezone": "Mars/Base"}, "Mars/Base"),
    ],
)
def test_settings_that_cannot_be_used_say_what_helps(settings: Any, message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        open_connector("hub", settings, now=NOW, writes=False)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"id": "Recod ID"}, "no column 'Recod ID'.*did you mean 'Record ID'"),
        ({"columns": {"jobtitle": "Firts Name"}}, "did you mean 'First Name'"),
        ({"ties": {"companies": {"column": "Company"}}}, "no column 'Company'"),
    ],
)
def test_a_declared_header_that_is_not_there_names_the_nearest(
    tmp_path: Path, more: Any, message: str
) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        lasts(opened(tmp_path, f"{HEAD}1,Ana,Ruiz\n", **more))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("contacts.csv", "", "is empty"), ("contacts.doc", "x", "no known kind")],
)
def test_a_file_that_is_none_says_so(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        lasts(opened(tmp_path, content, name))


def test_a_missing_file_names_the_nearest_one(tmp_path: Path) -> None:
    (tmp_path / "contacs.csv").write_text(HEAD)
    settings = {"folder": str(tmp_path), "objects": {"contacts": {"file": "contacts.csv"}}}
    with pytest.raises(ConfigInvalid, match=r"did you mean 'contacs\.csv'"):
        lasts(open_connector("hub", settings, now=NOW, writes=False))


def test_a_header_that_is_there_twice_has_to_be_told_apart(tmp_path: Path) -> None:
    text = "Record ID,Email,Email\n1,a@people.example,b@people.example\n"
    with pytest.raises(ConfigInvalid, match=r"'Email \(1\)' or 'Email \(2\)'"):
        rows(opened(tmp_path, text), "email")
    with pytest.raises(ConfigInvalid, match=r"there 2 times.*write 'Email \(1\)' or 'Email \(2\)'"):
        rows(opened(tmp_path, text, columns={"email": "Email"}), "email")
    chosen = opened(tmp_path, text, columns={"email": "Email (2)"})
    assert rows(chosen, "email") == [("1", "b@people.example")]


def test_ties_are_read_from_the_columns_that_name_them(tmp_path: Path) -> None:
    text = "Record ID,Companies,Boss\n1,10; 11,\n2,,3\n3,12,\n"
    ties = {
        "companies": {"column": "Companies", "primary": "first"},
        "contacts": {"column": "Boss", "label": "boss"},
    }
    connector = opened(tmp_path, text, ties=ties)
    tied = [
        row
        for batch in connector.associations("contacts", "companies")
        for row in batch.to_pylist()
    ]
    assert [(row["from_id"], row["to_id"], row["is_primary"]) for row in tied] == [
        ("1", "10", "true"),
        ("1", "11", "false"),
        ("3", "12", "true"),
    ]
    assert set(connector.capabilities.associations) == {
        ("contacts", "companies"),
        ("contacts", "contacts"),
    }
    fields = connector.schema("contacts").fields
    assert {"associations.companies.primary", "associations.contacts.boss"} <= set(fields)
    assert not any(native.writable or native.createable for native in fields.values())


def test_of_several_companies_none_is_said_to_be_the_primary_one(tmp_path: Path) -> None:
    text = "Record ID,Associated Company IDs\n1,10\n2,10;11\n"
    connector = opened(tmp_path, text)
    tied = [
        row
        for batch in connector.associations("contacts", "companies")
        for row in batch.to_pylist()
    ]
    assert [row["is_primary"] for row in tied] == ["true", "false", "false"]
    assert rows(connector, "associatedcompanyid") == [("1", "10"), ("2", "10;11")]


def test_a_column_of_its_own_says_which_company_is_primary(tmp_path: Path) -> None:
    text = "Record ID,Associated Company IDs,Associated Company IDs (Primary)\n1,10;11,11\n"
    connector = opened(tmp_path, text)
    tied = [
        row
        for batch in connector.associations("contacts", "companies")
        for row in batch.to_pylist()
    ]
    assert {row["to_id"]: row["is_primary"] for row in tied} == {"10": "false", "11": "true"}
    assert rows(connector, "associatedcompanyid") == [("1", "11")]


def test_latin_1_with_a_stray_quote_keeps_the_rows_before_it_and_says_both(tmp_path: Path) -> None:
    """Two things wrong at once: neither hides the other, and nothing that was read is lost."""
    text = f'{HEAD}1,Íñigo,Núñez\n2,"Ana "la jefa",Peña\n3,Eva,Gil\n'
    connector = opened(tmp_path, text.encode("latin-1"))
    batches = connector.read("contacts", ["lastname"])
    assert next(batches).column("lastname").to_pylist() == ["Núñez"]
    with pytest.raises(AnswerBroken) as raised:
        next(batches)
    assert raised.value.where == "contacts.csv:3"
    assert "quote" in raised.value.remedy
    assert any("Windows-1252" in note for note in connector.notes)
