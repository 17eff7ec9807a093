"""What was typed can be taken back and changed, nothing is dropped without a word, and two who decide lose nothing."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.places import Said
from crmsync.commands.deciding import decide, forget
from crmsync.commands.keeping_decisions import Given, keep
from crmsync.commands.locking import alone
from crmsync.commands.workspace import open_workspace
from crmsync.config.decisions_file import FILE
from crmsync.core.pair_decisions import PairDecision
from crmsync.core.records import Ref
from crmsync.errors import CrmsyncError, ExitCode

Crm = Callable[..., Said]


@pytest.fixture
def three(workspace: Path) -> list[str]:
    """Three records that were read, as they are typed."""
    ids = [f"hubspot/contacts/{row}" for row in read_ids(workspace, "hubspot", "contacts")[:2]]
    return [*ids, f"salesforce/Contact/{read_ids(workspace, 'salesforce', 'Contact')[0]}"]


def read_ids(workspace: Path, system: str, object_: str) -> list[str]:
    from crmsync.warehouse.finding import ids_of

    return ids_of(open_workspace(workspace).snapshots(), (system, object_))


def lines(workspace: Path) -> list[tuple[str, str, str]]:
    with (workspace / FILE).open(newline="", encoding="utf-8") as file:
        return [
            (f"{row['one_id']}", f"{row['other_id']}", row["same"]) for row in csv.DictReader(file)
        ]


def decided(crm: Crm, word: str, *names: str, by: str = "Ana") -> Said:
    return crm("fix", "decide", "contact", word, *names, "--by", by)


def test_a_word_that_contradicts_says_how_it_is_changed(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    decided(crm, "yes", *three)
    before = (workspace / FILE).read_bytes()
    said = decided(crm, "no", *three[:2])
    assert said.code == ExitCode.CONFIG_INVALID
    assert "CRM133" in said.err
    assert "forget" in said.err
    assert "--replace" in said.err
    assert (workspace / FILE).read_bytes() == before


def test_a_wrong_decision_in_a_chain_is_replaced_and_it_is_said_by_what(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    one, two, other = three
    decided(crm, "yes", *three)
    said = crm("fix", "decide", "contact", "no", one, two, "--by", "Eva", "--replace")
    assert said.code == ExitCode.OK, said.err
    assert "0 new, 1 changed" in said.out
    assert f"  no      {one}  {two}  (before: yes, Ana, " in said.out
    assert "2 decisions taken back; the pairs are asked about again:" in said.out
    assert f"  yes     {one}  {other}  (Ana, " in said.out
    assert [word for _, _, word in lines(workspace)] == ["no"]


def test_what_does_not_contradict_stays_when_something_is_replaced(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    decided(crm, "yes", *three[:2])
    decided(crm, "no", *three[1:])
    said = crm("fix", "decide", "contact", "unsure", *three[:2], "--by", "Eva", "--replace")
    assert said.code == ExitCode.OK
    assert "taken back" not in said.out
    assert sorted(word for _, _, word in lines(workspace)) == ["no", "unsure"]


def test_a_contradiction_among_others_is_nobodys_business_when_something_is_replaced(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    decided(crm, "yes", *three[1:])
    text = (workspace / FILE).read_text()
    (workspace / FILE).write_text(text + text.splitlines()[1].replace(",yes,", ",no,") + "\n")
    said = crm("fix", "decide", "contact", "unsure", *three[:2], "--by", "Eva", "--replace")
    assert "1 new" in said.out
    assert "taken back" not in said.out
    assert sorted(word for _, _, word in lines(workspace)) == ["no", "unsure", "yes"]


@pytest.mark.parametrize("word", ["forget", "Olvidar"])
def test_a_decision_is_taken_back_and_asked_about_again(
    workspace: Path, three: list[str], crm: Crm, word: str
) -> None:
    decided(crm, "yes", *three)
    said = decided(crm, word, *three[:2])
    assert said.code == ExitCode.OK, said.err
    assert said.out.startswith("1 decision taken back; the pair is asked about again:\n  yes ")
    assert len(lines(workspace)) == 2
    body = json.loads(crm("fix", "decide", "contact", word, *three, "--json").out)
    assert len(body["taken_back"]) == 2
    assert lines(workspace) == []


def test_nothing_is_taken_back_where_nothing_was_decided(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    decided(crm, "yes", *three[:2])
    said = decided(crm, "forget", *three[1:])
    assert said.code == ExitCode.FAILED
    assert "nothing was decided of these records" in said.err
    assert len(lines(workspace)) == 1


def test_a_decision_under_a_short_id_is_the_same_pair(workspace: Path, three: list[str]) -> None:
    opened = open_workspace(workspace)
    decide(opened, "contact", "yes", [three[0], three[2][:-3]], by="Ana")
    kept = decide(opened, "contact", "no", [three[0], three[2]], by="Ana")
    assert [each.same for each in kept.replaced] == ["yes"]
    assert [word for _, _, word in lines(workspace)] == ["no"]
    assert len(forget(opened, "contact", [three[0], three[2][:-3]]).taken_back) == 1


def test_a_new_note_is_kept_and_who_said_the_same_before_is_told(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    decided(crm, "yes", *three[:2])
    again = decided(crm, "yes", *three[:2], by="Bo")
    assert "1 there already" in again.out
    assert "(before: yes, Ana, " in again.out
    noted = crm("fix", "decide", "contact", "yes", *three[:2], "--by", "Bo", "--note", "met her")
    assert "1 changed, 0 there already" in noted.out
    text = (workspace / FILE).read_text()
    assert ",Bo," in text
    assert "met her" in text
    assert "(before" not in crm("fix", "decide", "contact", "yes", *three[:2], "--by", "Bo").out


def test_a_record_that_was_not_read_is_told_with_the_nearest(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    known = set(read_ids(workspace, "hubspot", "contacts"))
    real = three[0].rpartition("/")[2]
    slip = next(each for n in range(10) if (each := f"{real[:-1]}{n}") not in known)
    said = decided(crm, "yes", f"hubspot/contacts/{slip}", three[2])
    assert said.code == ExitCode.OK
    assert f"hubspot/contacts/{slip} was not in the last read" in said.err
    assert "Did you mean 2" in said.err
    assert len(lines(workspace)) == 1
    looked_up = decided(crm, "yes", f"hubspot:{slip}", three[2])
    assert looked_up.code == ExitCode.FAILED
    assert "did you mean hubspot:2" in looked_up.err
    assert "not in the last read" not in decided(crm, "no", *three[:2]).err


def test_a_row_of_a_list_about_a_record_that_was_not_read_is_told_with_its_line(
    workspace: Path, three: list[str], crm: Crm
) -> None:
    head = "entity,one_system,one_object,one_id,other_system,other_object,other_id,decision"
    row = f"contact,hubspot,contacts,777,salesforce,Contact,{three[2].rpartition('/')[2]},yes"
    (workspace / "list.csv").write_text(f"{head}\n{row}\n")
    said = crm("fix", "decide", "--from", "list.csv", "--by", "Ana")
    assert "list.csv:2: hubspot/contacts/777 was not in the last read" in said.err
    assert len(lines(workspace)) == 1


def test_of_two_who_decide_at_once_no_decision_is_lost(workspace: Path, three: list[str]) -> None:
    """The second one waits until the first has written, and adds to what it wrote."""
    opened = open_workspace(workspace)
    pairs = [(three[0], three[2]), (three[1], three[2])]
    other = threading.Thread(
        target=decide, args=(opened, "contact", "no", pairs[1]), kwargs={"by": "Bo"}
    )
    with alone(opened.state / "decisions.lock"):
        other.start()
        other.join(timeout=0.2)
        assert other.is_alive(), "somebody else is writing"
        assert not (workspace / FILE).exists()
    other.join()
    decide(opened, "contact", "no", pairs[0], by="Ana")
    assert len(lines(workspace)) == 2


def test_many_who_decide_at_once_lose_nothing(workspace: Path) -> None:
    opened = open_workspace(workspace)
    day = opened.now().date()

    def one(n: int) -> None:
        refs = Ref("hubspot", "contacts", f"{n}"), Ref("hubspot", "contacts", f"{n + 1000}")
        keep(opened, [Given(PairDecision.of("contact", refs, "yes", "Ana", day))])

    threads = [threading.Thread(target=one, args=(n,)) for n in range(20)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(lines(workspace)) == 20


def test_what_was_typed_cannot_be_replaced_by_a_list(workspace: Path, crm: Crm) -> None:
    said = crm("fix", "decide", "--from", "list.csv", "--replace")
    assert (said.code, said.out) == (ExitCode.USAGE, "")
    assert "--replace" in said.err


def test_two_records_are_taken_back_together(workspace: Path, three: list[str]) -> None:
    with pytest.raises(CrmsyncError, match="with itself"):
        forget(open_workspace(workspace), "contact", [three[0], three[0]])
