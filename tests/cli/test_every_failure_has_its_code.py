"""Whatever goes wrong: a clear sentence on stderr, what helps, and the exit code of the contract."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cli.conftest import Crm
from cli.places import Said, Served, make_workspace, mend, put
from crmsync.commands.workspace import open_workspace
from crmsync.errors import ExitCode
from crmsync.sandbox.clock import Clock
from crmsync.sandbox.hubspot.app import hubspot_app
from crmsync.sandbox.hubspot.world import HubspotWorld
from crmsync.sandbox.server import running_app
from crmsync.sandbox.tables import Tables


def failed(said: Said, code: ExitCode, *words: str) -> None:
    """The command ended with this code, said these words, and nothing looks like a defect."""
    assert said.code == code, said.err
    assert "Traceback" not in said.err
    assert "Unexpected" not in said.err
    for word in words:
        assert word in said.err


def test_a_broken_file_is_3_with_its_place(workspace: Path, crm: Crm) -> None:
    mend(workspace, "mappings/contact.yml", "on_conflict: sticky", "on_conflict: stiky")
    failed(
        crm("plan", "--no-pull"),
        ExitCode.CONFIG_INVALID,
        "mappings/contact.yml:",
        "CRM032",
        "did you mean 'sticky'?",
    )
    said = crm("lint")
    assert (said.code, said.err) == (ExitCode.CONFIG_INVALID, "")
    assert "CRM032" in said.out


def test_lint_speaks_to_programs_and_to_github(workspace: Path, crm: Crm) -> None:
    head = "hubspot: hs_email_optout}\n    on_conflict: "
    mend(workspace, "mappings/contact.yml", f"{head}sticky", f"{head}stiky")
    (problem,) = crm("lint", "--format", "json").json
    assert (problem["file"], problem["code"]) == ("mappings/contact.yml", "CRM032")
    (line,) = crm("lint", "--format", "github").out.splitlines()
    assert line.startswith(
        f"::error file=mappings/contact.yml,line={problem['line']},col=5::CRM032 field 'opted_out'"
    )


def test_no_workspace_is_3(tmp_path: Path, crm: Crm) -> None:
    failed(crm("audit"), ExitCode.CONFIG_INVALID, "CRM000", "crmsync init")


def test_a_secret_that_is_not_set_is_3(workspace: Path, crm: Crm) -> None:
    (workspace / ".env").unlink()
    failed(
        crm("pull"),
        ExitCode.CONFIG_INVALID,
        "CRM023",
        "${HUBSPOT_TOKEN} is not set",
        "write it to .env",
    )


def test_a_field_a_system_has_not_is_3_with_the_nearest_name(workspace: Path, crm: Crm) -> None:
    mend(workspace, "mappings/contact.yml", "hubspot: jobtitle", "hubspot: jobtitel")
    words = (
        "CRM070",
        "hubspot contacts has no readable field 'jobtitel'",
        "did you mean 'jobtitle'?",
    )
    failed(crm("pull"), ExitCode.CONFIG_INVALID, *words)


def test_a_system_the_workspace_has_not_is_3(workspace: Path, crm: Crm) -> None:
    failed(
        crm("pull", "--system", "sap"),
        ExitCode.CONFIG_INVALID,
        "no system 'sap'",
        "hubspot or salesforce",
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "choose one: --full or --incremental"), ("es", "elija una: --full o --incremental")],
)
def test_everything_and_only_what_changed_is_2(
    workspace: Path, crm: Crm, language: str, said: str
) -> None:
    done = crm("pull", "--full", "--incremental", "--lang", language)
    assert done.code == ExitCode.USAGE
    assert said in done.err


def test_an_audit_nobody_has_is_3_before_anything_is_read(workspace: Path, crm: Crm) -> None:
    said = crm("audit", "--select", "X99")
    failed(said, ExitCode.CONFIG_INVALID, "no audit 'X99'", "C05")
    assert "contacts:" not in said.err


@pytest.mark.slow
def test_an_audit_that_writes_is_3(workspace: Path, crm: Crm) -> None:
    path = workspace / "audits" / "C05_same_email.sql"
    text = path.read_text()
    path.write_text(text[: text.index("WITH shared")] + "DELETE FROM contact")
    said = crm("audit", "--no-pull")
    failed(said, ExitCode.CONFIG_INVALID, "audits/C05_same_email.sql:12:1 CRM060", "docs/audits.md")
    assert "D06" in said.out, "the other audits are asked all the same"
    assert "Its file is wrong" in said.out


@pytest.mark.slow
def test_a_night_with_an_audit_that_cannot_be_asked_writes_nothing(
    workspace: Path, crm: Crm
) -> None:
    path = workspace / "audits" / "C05_same_email.sql"
    text = path.read_text()
    path.write_text(text[: text.index("WITH shared")] + "SELECT nothing FROM contact")
    failed(crm("sync"), ExitCode.CONFIG_INVALID, "C05_same_email.sql", "CRM060")


def test_a_workspace_that_was_never_pulled_is_3(both: Served, tmp_path: Path, crm: Crm) -> None:
    folder = make_workspace(tmp_path / "new", both.access)
    said = crm("audit", "--no-pull", "--workspace", folder)
    failed(said, ExitCode.CONFIG_INVALID, "CRM071", "never read", "crmsync pull")


@pytest.mark.parametrize("system", ["salesforce", "hubspot"])
def test_a_wrong_token_is_8_and_is_not_shown(
    both: Served, tmp_path: Path, crm: Crm, system: str
) -> None:
    folder = make_workspace(tmp_path / "new", both.access, tokens={system: "wrong-invented-token"})
    said = crm("pull", "--workspace", folder)
    failed(said, ExitCode.ACCESS, "What helps:", system)
    assert "wrong-invented-token" not in said.err + said.out


def test_doctor_with_a_wrong_token_is_8_and_checks_the_rest(
    both: Served, tmp_path: Path, crm: Crm
) -> None:
    folder = make_workspace(tmp_path / "new", both.access, tokens={"hubspot": "wrong"})
    said = crm("doctor", "--json", "--workspace", folder)
    assert said.code == ExitCode.ACCESS
    levels = {check["subject"]: check["level"] for check in said.json if not check["topic"]}
    assert (levels["hubspot"], levels["salesforce Contact"]) == ("error", "ok")
    assert all(check["remedy"] for check in said.json if check["level"] == "error")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_a_system_nobody_answers_for_is_1_and_soon(both: Served, tmp_path: Path, crm: Crm) -> None:
    access = {**both.access, "hubspot": {"url": f"http://127.0.0.1:{free_port()}", "token": "x"}}
    folder = make_workspace(tmp_path / "new", access)
    start = time.monotonic()
    failed(crm("pull", "--workspace", folder), ExitCode.FAILED, "Error:", "What helps:")
    assert time.monotonic() - start < 20


def test_another_portal_than_last_time_is_3(workspace: Path, crm: Crm) -> None:
    other = HubspotWorld(Tables("hubspot"), Clock(), portal_id=148000002)
    with running_app(hubspot_app(other)) as url:
        text = (workspace / "crmsync.yml").read_text()
        old = next(line for line in text.splitlines() if "hubspot:" in line)
        mend(
            workspace,
            "crmsync.yml",
            old,
            f"  hubspot: {{kind: hubspot, url: '{url}', token: '${{HUBSPOT_TOKEN}}'}}",
        )
        (workspace / ".env").write_text(f"HUBSPOT_TOKEN={other.token}\n")
        failed(
            crm("pull", "--system", "hubspot"), ExitCode.CONFIG_INVALID, "148000002", "belongs to"
        )


class Breaking:
    """An app whose second page of contacts ends in the middle."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_second = (
            scope.get("path", "").endswith("/contacts") and b"after=" in scope["query_string"]
        )
        held: list[Message] = []

        async def cut(message: Message) -> None:
            held.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            body = b"".join(each.get("body", b"") for each in held[1:])
            half = body[: len(body) // 2]
            kept = [each for each in held[0]["headers"] if each[0] != b"content-length"]
            await send(
                {**held[0], "headers": [*kept, (b"content-length", str(len(half)).encode())]}
            )
            await send({"type": "http.response.body", "body": half})

        await self.app(scope, receive, cut if is_second else send)


@contextmanager
def breaking(both: Served) -> Iterator[str]:
    with running_app(Breaking(hubspot_app(both.hubspot))) as url:
        yield url


@pytest.mark.slow
def test_a_page_that_breaks_off_is_6_and_the_rest_is_kept(
    both: Served, tmp_path: Path, crm: Crm
) -> None:
    with breaking(both) as url:
        access = {**both.access, "hubspot": {"url": url, "token": both.access["hubspot"]["token"]}}
        folder = make_workspace(tmp_path / "new", access)
        said = crm("pull", "--json", "--workspace", folder)
    failed(said, ExitCode.PARTIAL, "Incomplete: hubspot contacts:")
    assert said.json["complete"] is False
    snapshots = open_workspace(folder).snapshots()
    assert snapshots["hubspot", "contacts"].manifest.rows == 100
    assert not snapshots["hubspot", "contacts"].manifest.complete
    assert snapshots["salesforce", "Contact"].manifest.complete
    audited = crm("audit", "--no-pull", "--json", "--workspace", folder).json["audits"]
    checked = {each["id"] for each in audited if not each["not_checked"]}
    assert checked == {"D01", "D03", "D05", "D06", "D10", "D17", "M01"}, (
        "what the broken read touches is not judged"
    )


@pytest.mark.slow
def test_a_plan_that_was_carried_out_is_9(workspace: Path, fresh: Served, crm: Crm) -> None:
    assert crm("plan", "--no-pull", "-o", "plan.jsonl").code == ExitCode.OK
    assert crm("apply", "plan.jsonl").code == ExitCode.OK
    failed(crm("apply", "plan.jsonl"), ExitCode.STALE, "crmsync plan")


@pytest.mark.slow
def test_a_plan_that_was_edited_is_9(workspace: Path, crm: Crm) -> None:
    crm("plan", "--no-pull", "-o", "plan.jsonl")
    path = workspace / "plan.jsonl"
    path.write_text(path.read_text().replace("true", "false"))
    failed(crm("apply", "plan.jsonl"), ExitCode.STALE)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe\x00", b"not a plan\n"], ids=repr)
def test_a_file_that_is_no_plan_is_9(workspace: Path, crm: Crm, body: bytes) -> None:
    (workspace / "plan.jsonl").write_bytes(body)
    failed(crm("apply", "plan.jsonl"), ExitCode.STALE)


def test_a_plan_that_is_not_there_is_1(workspace: Path, crm: Crm) -> None:
    failed(crm("apply", "nowhere.jsonl"), ExitCode.FAILED, "nowhere.jsonl")


@pytest.mark.slow
def test_a_plan_over_a_limit_is_7_and_names_the_override(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    mend(workspace, "mappings/contact.yml", "create: ask", "create: {when: {email: present}}")
    (workspace / "crmsync.yml").write_text(
        (workspace / "crmsync.yml").read_text() + "limits: {creates: {at_most: 0}}\n"
    )
    crm("plan", "--no-pull", "-o", "plan.jsonl")
    said = crm("apply", "plan.jsonl")
    failed(said, ExitCode.LIMIT, "creates", "--allow creates=")
    written = [
        each
        for each in fresh.hubspot.requests
        if each["method"] != "GET" and "batch/create" in each["path"]
    ]
    assert not written


@pytest.mark.slow
def test_a_second_run_at_the_same_time_is_75(workspace: Path, fresh: Served, crm: Crm) -> None:
    crm("plan", "--no-pull", "-o", "plan.jsonl")
    here = open_workspace(workspace)
    with here.store() as store, store.lease("another run", here.now()):
        failed(crm("apply", "plan.jsonl"), ExitCode.TRY_LATER, "another run")
    assert crm("apply", "plan.jsonl").code == ExitCode.OK


@pytest.mark.slow
def test_a_gate_is_4_only_if_asked(workspace: Path, crm: Crm) -> None:
    assert crm("audit", "--no-pull").code == ExitCode.OK
    assert crm("audit", "--no-pull", "--fail-on", "warning").code == ExitCode.GATE_FAILED
    lowest = crm("audit", "--no-pull", "--min-score", "100")
    assert lowest.code == ExitCode.GATE_FAILED
    assert "below the minimum 100" in lowest.err
    assert crm("audit", "--no-pull", "--min-score", "0").code == ExitCode.OK
    assert crm("audit", "--select", "C01", "--min-score", "1").code == ExitCode.USAGE


@pytest.mark.slow
def test_changes_are_5_only_if_asked(workspace: Path, fresh: Served, crm: Crm) -> None:
    assert crm("plan", "--no-pull").code == ExitCode.OK
    assert (
        crm("plan", "--no-pull", "--detailed-exitcode", "-o", "p.jsonl").code
        == ExitCode.CHANGES_PRESENT
    )
    assert crm("apply", "p.jsonl").code == ExitCode.OK
    assert crm("plan", "--detailed-exitcode").code == ExitCode.OK


def test_conflicts_are_10_until_they_are_left_open(
    workspace: Path, fresh: Served, crm: Crm
) -> None:
    put(
        fresh.salesforce,
        "Contact",
        {"LastName": "Gil", "Email": "two@minds.example", "Title": "Director"},
    )
    put(
        fresh.hubspot,
        "contacts",
        {"lastname": "Gil", "email": "two@minds.example", "jobtitle": "Buyer"},
    )
    failed(crm("sync"), ExitCode.CONFLICTS, "--leave-conflicts")
    assert crm("sync", "--leave-conflicts").code == ExitCode.OK


def test_a_run_nobody_made_is_1(workspace: Path, crm: Crm) -> None:
    failed(crm("runs", "20261121T193000123-9f3c"), ExitCode.FAILED, "crmsync runs")
    failed(crm("resume", "20261121T193000123-9f3c"), ExitCode.FAILED)


@pytest.mark.slow
def test_a_report_that_cannot_be_written_is_1(workspace: Path, crm: Crm) -> None:
    (workspace / "taken").write_text("")
    failed(
        crm("report", "-o", "taken/report.html"), ExitCode.FAILED, "there is no folder taken", "-o"
    )


def test_a_state_that_is_no_database_is_1(workspace: Path, crm: Crm) -> None:
    (workspace / ".crmsync" / "state.db").write_bytes(b"this is no database" * 100)
    failed(crm("runs"), ExitCode.FAILED, "What helps:")


def _heed_ctrl_c() -> None:
    """A suite started in the background inherits that Ctrl-C is ignored; a person's shell does not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.slow
def test_ctrl_c_is_130_and_says_that_the_state_is_saved(both: Served, tmp_path: Path) -> None:
    """The system accepts the call and never answers; then the user loses patience."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(30)
        access = {
            **both.access,
            "hubspot": {"url": f"http://127.0.0.1:{silent.getsockname()[1]}", "token": "x"},
        }
        folder = make_workspace(tmp_path / "new", access)
        line = [sys.executable, "-m", "crmsync", "pull", "--workspace", str(folder)]
        with subprocess.Popen(
            line,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_heed_ctrl_c,
        ) as process:
            try:
                connection, _ = silent.accept()
                connection.recv(1)
                process.send_signal(signal.SIGINT)
                _, err = process.communicate(timeout=30)
                connection.close()
            finally:
                process.kill()
    assert process.returncode == ExitCode.INTERRUPTED, err
    assert "the state is saved" in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_traceback(workspace: Path) -> None:
    line = f"{sys.executable} -m crmsync audit --no-pull --format csv --workspace {workspace} | head -c 1"
    done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
