"""`crmsync fix decide`: what people decide is kept once, in a file that can be reviewed."""

from __future__ import annotations

import csv
import json
import stat
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import openpyxl
import pytest

from cli.places import Said, Served
from crmsync.commands.deciding import decide, decided_pairs, whoever_asks
from crmsync.commands.workspace import open_workspace
from crmsync.commands.writing_decisions import decisions_text
from crmsync.config.decisions_file import COLUMNS, FILE
from crmsync.core.records import Ref
from crmsync.errors import ConfigInvalid, ExitCode
from crmsync.reports.decision_heads import HEADS, columns_named

Crm = Callable[..., Said]
ASKED = tuple(HEADS)[:12]


def ids(both: Served) -> tuple[list[str], list[str]]:
    """HubSpot's contacts and Salesforce's, by id."""
    hubspot = sorted(both.hubspot.tables.dump()["contacts"])
    return hubspot, sorted(both.salesforce.tables.dump()["Contact"])


def lines(workspace: Path) -> list[dict[str, str]]:
    with (workspace / FILE).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def decided(crm: Crm, *words: str) -> Said:
    return crm("fix", "decide", *words, "--by", "Ana")


def asked(path: Path, rows: Iterable[dict[str, str]], heads: Iterable[str] = ASKED) -> Path:
    """A list of pairs as people fill it in."""
    table = [[*heads], *([row.get(name, "") for name in ASKED] for row in rows)]
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for line in table:
            sheet.append(line)
        book.save(path)
    else:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file, delimiter=";").writerows(table)
    return path


def pair(hubspot: str, salesforce: str, decision: str) -> dict[str, str]:
    return {
        **{"entity": "contact", "one_system": "hubspot", "one_object": "contacts"},
        **{"one_id": hubspot, "other_system": "salesforce", "other_object": "Contact"},
        **{"other_id": salesforce, "decision": decision},
    }


def test_a_decision_is_one_line_of_a_file_that_is_reviewed(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    said = decided(
        crm, "contact", "sí", f"salesforce:{salesforce[0][:15]}", f"hubspot:{hubspot[0]}"
    )
    assert said.code == ExitCode.OK
    assert said.out.startswith(f"1 decision kept in {FILE}: 1 new")
    text = (workspace / FILE).read_bytes().decode()
    head, line, end = text.split("\n")
    assert (head, end) == (",".join(COLUMNS), "")
    assert line.startswith(
        f"contact,hubspot,contacts,{hubspot[0]},salesforce,Contact,{salesforce[0]},yes,Ana,20"
    )
    assert stat.S_IMODE((workspace / FILE).stat().st_mode) == 0o600
    assert [each.name for each in (workspace / "decisions").iterdir()] == ["duplicates.csv"]


def test_nobody_is_asked_twice_about_what_was_decided(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    words = ("contact", "no", f"hubspot:{hubspot[0]}", f"salesforce:{salesforce[0]}")
    decided(crm, *words)
    first = (workspace / FILE).read_bytes()
    again = crm("fix", "decide", *words, "--by", "Bo")
    assert "0 new, 0 changed, 1 there already" in again.out
    assert (workspace / FILE).read_bytes() == first
    known = decided_pairs(open_workspace(workspace))
    refs = Ref("hubspot", "contacts", hubspot[0]), Ref("salesforce", "Contact", salesforce[0])
    assert known[frozenset(refs)].same == "no"
    assert not decided_pairs(open_workspace(workspace), "company")


def test_a_decision_can_be_changed(workspace: Path, both: Served, crm: Crm) -> None:
    hubspot, salesforce = ids(both)
    names = f"hubspot:{hubspot[0]}", f"salesforce:{salesforce[0]}"
    decided(crm, "contact", "yes", *names)
    assert "0 new, 1 changed" in decided(crm, "contact", "unsure", *names).out
    assert [row["same"] for row in lines(workspace)] == ["unsure"]


def test_every_two_of_several_records_are_a_pair(workspace: Path, both: Served, crm: Crm) -> None:
    hubspot, salesforce = ids(both)
    names = [f"hubspot/contacts/{each}" for each in hubspot[:2]]
    body = json.loads(
        decided(crm, "contact", "yes", *names, f"salesforce:{salesforce[0]}", "--json").out
    )
    assert len(body["new"]) == len(lines(workspace)) == 3
    rows = [(row["one_id"], row["other_system"], row["other_id"]) for row in lines(workspace)]
    assert rows == sorted(rows), "the file is in order, for whoever reviews it"


def test_what_would_contradict_is_not_kept_and_told(
    workspace: Path, both: Served, crm: Crm
) -> None:
    (one, two), salesforce = ids(both)[0][:2], ids(both)[1][0]
    decided(crm, "contact", "yes", f"hubspot:{one}", f"hubspot:{two}", f"salesforce:{salesforce}")
    before = (workspace / FILE).read_bytes()
    said = decided(crm, "contact", "no", f"hubspot:{one}", f"hubspot:{two}")
    assert said.code == ExitCode.CONFIG_INVALID
    assert "CRM133" in said.err
    assert f"hubspot/contacts/{two} salesforce/Contact/{salesforce}: yes" in said.err
    assert (workspace / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("contact", "yes", "hubspot:1"), 2, "two records or more"),
        (("contact", "maybe", "hubspot:1", "hubspot:2"), 2, "'maybe' is no decision"),
        ((), 2, "--from FILE"),
        (("contact", "yes", "hubspot:0", "salesforce:0"), 1, "no record hubspot:0 was read"),
        (("contact", "yes", "hubspt:1", "salesforce:0"), 1, "is no record of contact"),
        (("contact", "yes", "hubspot/deals/1", "hubspot/contacts/2"), 1, "is no record of contact"),
        (("contact", "yes", *["hubspot/contacts/2"] * 2), 1, "a pair of one record with itself"),
        (("contcat", "yes", "hubspot/contacts/1", "hubspot/contacts/2"), 1, "no entity 'contcat'"),
        (("--from", "nothing.csv"), 1, "no such file"),
        (("contact", "--from", "list.csv"), 2, "takes neither"),
    ],
)
def test_what_cannot_be_meant_keeps_nothing(
    workspace: Path, crm: Crm, words: tuple[str, ...], code: int, part: str
) -> None:
    said = crm("fix", "decide", *words, "--by", "Ana")
    assert (said.code, said.out) == (code, "")
    assert part in said.err
    assert not (workspace / FILE).exists()


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
@pytest.mark.parametrize("language", ["", "en", "es"])
def test_a_list_that_people_filled_in_is_read(
    workspace: Path, both: Served, crm: Crm, name: str, language: str
) -> None:
    from crmsync.language import translate

    hubspot, salesforce = ids(both)
    heads = [translate(HEADS[each], language) if language else each for each in ASKED]
    rows = [
        pair(hubspot[0], salesforce[0], "Sí"),
        pair(hubspot[1], salesforce[1], ""),
        pair(hubspot[2], salesforce[2], "n"),
    ]
    said = crm("fix", "decide", "--from", str(asked(workspace / name, rows, heads)), "--by", "Ana")
    assert said.code == ExitCode.OK
    assert [row["same"] for row in lines(workspace)] == ["yes", "no"]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_list_of_pairs_that_was_proposed_comes_back_decided(
    workspace: Path, crm: Crm, language: str, ending: str
) -> None:
    """Whatever `fix duplicates` writes, in either language, a person fills in and `fix decide` reads."""
    from crmsync.language import translate

    file = workspace / f"pairs.{ending}"
    assert (
        crm("--lang", language, "fix", "duplicates", "contact", "--out", str(file)).code
        == ExitCode.OK
    )
    words = [translate(word, language) for word in ("yes", "no", "unsure")]
    rows = filled_in(file, words)
    assert rows, "the seed has pairs to look at"
    said = crm("fix", "decide", "--from", str(file), "--by", "Ana", "--json")
    body = json.loads(said.out)
    refused = {each["code"] for each in body["problems"]}
    assert refused <= {"CRM133"}, "what people said in turn may contradict itself; no cell is wrong"
    assert len(body["new"]) + len(body["problems"]) == rows
    assert len(lines(workspace)) == len(body["new"]) > 0


def filled_in(file: Path, words: list[str]) -> int:
    """Writes one of the words in turn into every row of a list; how many there were."""
    if file.suffix == ".csv":
        text = file.read_text(encoding="utf-8-sig")
        mark = ";" if text.partition("\n")[0].count(";") > 1 else ","
        table = list(csv.DictReader(text.splitlines(), delimiter=mark))
        for at, row in enumerate(table):
            row["decision"] = words[at % len(words)]
        with file.open("w", newline="", encoding="utf-8-sig") as out:
            writer = csv.DictWriter(out, list(table[0]), delimiter=mark)
            writer.writeheader()
            writer.writerows(table)
        return len(table)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[1]
    heads = columns_named([str(cell.value) for cell in sheet[1]])
    for at in range(2, sheet.max_row + 1):
        sheet.cell(at, heads["decision"] + 1).value = words[at % len(words)]
    book.save(file)
    return int(sheet.max_row) - 1


def test_every_bad_row_is_told_with_its_line_and_the_good_ones_are_kept(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    rows = [
        pair(hubspot[0], salesforce[0], "yes"),
        pair(hubspot[1], salesforce[1], "quizás"),
        {**pair(hubspot[1], salesforce[1], "yes"), "one_object": "deals"},
        pair("1.2E+11", salesforce[1], "yes"),
        pair(hubspot[2], salesforce[2], "yes"),
        pair(hubspot[2], salesforce[2], "no"),
    ]
    said = crm("fix", "decide", "--from", str(asked(workspace / "list.csv", rows)), "--by", "Ana")
    assert said.code == ExitCode.PARTIAL
    assert said.out.startswith("1 decision kept")
    places = [line.split(" ")[0] for line in said.err.splitlines() if "CRM13" in line]
    assert places == [f"list.csv:{line}:1" for line in (3, 4, 5, 6, 7)]
    assert [row["one_id"] for row in lines(workspace)] == [hubspot[0]]


def test_a_pair_that_is_in_a_list_twice_is_kept_once(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    rows = [pair(hubspot[0], salesforce[0], word) for word in ("yes", "sí")]
    said = crm("fix", "decide", "--from", str(asked(workspace / "list.csv", rows)), "--by", "Ana")
    assert said.code == ExitCode.OK
    assert said.out.startswith("1 decision kept")


def test_a_file_that_somebody_broke_meanwhile_is_not_written_over(
    workspace: Path, both: Served
) -> None:
    hubspot, salesforce = ids(both)
    opened = open_workspace(workspace)
    (workspace / FILE).parent.mkdir()
    (workspace / FILE).write_text("broken\n")
    names = f"hubspot/contacts/{hubspot[0]}", f"salesforce/Contact/{salesforce[0]}"
    with pytest.raises(ConfigInvalid):
        decide(opened, "contact", "yes", names, by="Ana")
    assert (workspace / FILE).read_text() == "broken\n"


def test_a_file_that_is_no_such_list_says_what_it_lacks(workspace: Path, crm: Crm) -> None:
    (workspace / "list.csv").write_text("a,b\n1,2\n")
    said = crm("fix", "decide", "--from", "list.csv")
    assert said.code == ExitCode.FAILED
    assert "one_system" in said.err


def test_a_list_without_one_column_says_which(workspace: Path, crm: Crm) -> None:
    heads = [HEADS[name] for name in ASKED if name not in ("decision", "other_id")]
    (workspace / "list.csv").write_text(",".join(heads) + "\n")
    said = crm("fix", "decide", "--from", "list.csv")
    assert "lacks these columns: other_id (Other: record), decision (Decision)" in said.err
    spanish = crm("--lang", "es", "fix", "decide", "--from", "list.csv")
    assert "le faltan estas columnas: other_id (Otro: registro)" in spanish.err


def test_an_id_that_a_list_masks_is_told_with_what_helps(
    workspace: Path, both: Served, crm: Crm
) -> None:
    row = pair("a•••@h•••.example", ids(both)[1][0], "yes")
    said = crm("fix", "decide", "--from", str(asked(workspace / "list.csv", [row])))
    assert "CRM131" in said.err
    assert "--unmask" in said.err
    assert not (workspace / FILE).exists()


def test_a_file_that_cannot_be_read_to_its_end_is_not_written_over(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    decided(crm, "contact", "yes", f"hubspot:{hubspot[0]}", f"salesforce:{salesforce[0]}")
    broken = (workspace / FILE).read_text().replace(",yes,", ",perhaps,")
    (workspace / FILE).write_text(broken)
    said = decided(crm, "contact", "yes", f"hubspot:{hubspot[1]}", f"salesforce:{salesforce[1]}")
    assert said.code == ExitCode.CONFIG_INVALID
    assert f"{FILE}:2:1 CRM131" in said.err
    assert (workspace / FILE).read_text() == broken


def test_lint_tells_what_is_wrong_with_decisions_and_a_contradiction_stops_no_plan(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    decided(crm, "contact", "yes", f"hubspot:{hubspot[0]}", f"salesforce:{salesforce[0]}")
    text = (workspace / FILE).read_text()
    (workspace / FILE).write_text(text + text.splitlines()[1].replace(",yes,", ",no,") + "\n")
    said = crm("lint")
    assert said.code == ExitCode.CONFIG_INVALID
    assert f"{FILE}:3:1 CRM133" in said.out + said.err
    assert open_workspace(workspace).mapping.decisions


def test_no_cell_of_the_file_is_a_formula_and_nothing_is_lost_by_it(
    workspace: Path, both: Served, crm: Crm
) -> None:
    hubspot, salesforce = ids(both)
    names = f"hubspot:{hubspot[0]}", f"salesforce:{salesforce[0]}"
    crm("fix", "decide", "contact", "yes", *names, "--by", "=Ana", "--note", "-1+1")
    assert [(row["by"], row["note"]) for row in lines(workspace)] == [("'=Ana", "'-1+1")]
    (decision,) = open_workspace(workspace).mapping.decisions
    assert (decision.by, decision.note) == ("=Ana", "-1+1")
    assert decisions_text([decision]) == (workspace / FILE).read_text()


def test_who_decided_is_whom_git_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("LOGNAME", "login")
    assert whoever_asks(tmp_path) == "login"
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "config", "user.name", "Ana"], check=True)
    assert whoever_asks(tmp_path) == "Ana"


def test_heads_are_known_by_every_name_they_have() -> None:
    for language in ("Entity", "entity", "ENTITY "):
        assert columns_named([None, language]) == {"entity": 1}
    assert columns_named(["Decisión", "x"]) == {"decision": 0}
