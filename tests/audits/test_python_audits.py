"""Audits in Python: packages add them, each runs by itself, and one that misbehaves costs the others nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from warehouse.shelf import ROOT, TAKEN, columns_over, reference_mapping, stored

from crmsync.config.installed_audits import read_installed
from crmsync.core.auditing import Audit, AuditResult
from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.audit_run import FAILED, Bounds, run_audits

ROWS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "salesforce": {
        "Account": [
            {"_id": "001A", "Name": "Transportes Navarro", "BillingCountry": "Spain"},
            {"_id": "001B", "Name": "Transportes Navaro, S.L.", "BillingCountry": "Spain"},
            {"_id": "001C", "Name": "Transportes Navarra", "BillingCountry": "France"},
            {"_id": "001D", "Name": "Norte", "BillingCountry": "Spain"},
        ]
    }
}
HEADER = """
from crmsync.core.python_audits import PythonAudit, audit
TEXT = {"en": "x", "es": "y"}
HEADER = dict(severity="error", entity="company", category="t", summary=TEXT, why=TEXT, remedy=TEXT)
"""
FUNCTIONS = {
    "P01": "return list(face.rows('SELECT system, object, id FROM company'))",
    "P02": "return [{'key': str(n)} for n in range(50)]",
    "P03": "\n    while True: pass",
    "P04": "import os; os._exit(7)",
    "P05": "return 1 / 0",
    "P06": "return [{'detail': 'nowhere'}]",
    "P07": "return face.rows('SELECT nmae AS id FROM company')",
    "P08": "return face.rows('DROP TABLE company')",
    "P09": "return face.rows(\"SELECT * FROM read_csv('/etc/passwd')\")",
    "P10": "print('noise'); return [{'key': str(face.as_of), 'amount': face.params['days']}]",
    "P11": "import time; time.sleep(600)",
    "P12": "return [{'key': 'a', 'detail': 'x' * 1_000_000}]",
    "P13": "raise SystemExit(0)",
    "P14": "return face.query('SELECT id AS key FROM company WHERE name = $name', name='Norte').to_pylist()",
    "P15": "import subprocess; subprocess.Popen(['sleep', '600']); return []",
}


def installed(home: Path, module: str, code: str, points: dict[str, str]) -> None:
    """A package as pip leaves it."""
    (home / f"{module}.py").write_text(code, encoding="utf-8")
    info = home / f"{module}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {module}\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[crmsync.audits]\n{lines}")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "site"
    home.mkdir()
    monkeypatch.syspath_prepend(str(home))
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        monkeypatch.delitem(sys.modules, name)
    return home


@pytest.fixture
def misbehaving(site: Path) -> dict[str, Audit]:
    parts = [
        f"@audit(id='{id_}', params={{'days': 3}}, **HEADER)\ndef {id_}(face):\n    {body}\n"
        for id_, body in FUNCTIONS.items()
    ]
    points = {id_.lower(): f"acme_bad:{id_}" for id_ in FUNCTIONS}
    installed(site, "acme_bad", HEADER + "".join(parts), points)
    audits, problems = read_installed({})
    assert problems == []
    return {each.id: each for each in audits}


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[str]]:
    folder = tmp_path_factory.mktemp("python")
    mapping = reference_mapping(("salesforce",))
    with columns_over(stored(folder, ROWS, mapping, ("salesforce",)), mapping) as columns:
        return folder / "face.duckdb", build_face(columns, folder / "face.duckdb")


def run(face: tuple[Path, set[str]], *audits: Audit, **bounds: Any) -> list[AuditResult]:
    return run_audits(face[0], list(audits), face[1], TAKEN, Bounds(**bounds))


def test_the_example_package_installs_and_finds_what_it_says(
    site: Path, face: tuple[Path, set[str]]
) -> None:
    words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--no-build-isolation",
        "--target",
    ]
    package = ROOT / "examples" / "python-audit"
    done = subprocess.run(
        [sys.executable, *words, str(site), str(package)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    ((audit,), problems) = read_installed({})
    assert problems == []
    assert (audit.id, audit.profile, audit.file) == (
        "ACME1",
        "all",
        "acme_audits.spelling:SPELT_ALIKE",
    )
    (result,) = run(face, audit)
    assert result.failed is None
    assert [(each.id, each.detail) for each in result.findings] == [
        ("001B", "transportes navaro / transportes navarro")
    ]
    assert result.eligible == 4


def test_it_reads_the_face_as_one_in_sql_does(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit]
) -> None:
    every, one = run(face, misbehaving["P01"], misbehaving["P14"])
    assert [each.id for each in every.findings] == ["001A", "001B", "001C", "001D"]
    assert [each.key for each in one.findings] == ["001D"]
    assert {(each.audit, each.severity, each.entity) for each in every.findings} == {
        ("P01", "error", "company")
    }


def test_it_is_given_the_instant_and_its_params_and_may_print(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit]
) -> None:
    (result,) = run(face, misbehaving["P10"])
    assert [(each.key, each.amount) for each in result.findings] == [("2026-11-20 07:30:00", 3.0)]


def test_of_too_many_findings_some_are_kept_and_all_are_counted(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit]
) -> None:
    (result,) = run(face, misbehaving["P02"], most=10)
    assert (len(result.findings), result.count) == (10, 50)
    (long,) = run(face, misbehaving["P12"])
    assert len(long.findings[0].detail or "") < 10_000


@pytest.mark.parametrize(
    ("id_", "says"),
    [
        ("P04", "its process ended with code 7 and no answer"),
        ("P05", "ZeroDivisionError at acme_bad.py:"),
        ("P06", "a row has neither (system, object, id) nor key"),
        ("P07", 'Candidate bindings: "name"'),
        ("P08", "an audit is exactly one SELECT"),
        ("P09", "PermissionException: Permission Error"),
        ("P13", "SystemExit at acme_bad.py:"),
    ],
)
def test_one_that_goes_wrong_is_told_and_the_next_one_runs(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit], id_: str, says: str
) -> None:
    wrong, right = run(face, misbehaving[id_], misbehaving["P01"])
    assert (wrong.findings, wrong.not_checked) == ((), FAILED)
    assert wrong.failed is not None
    assert says in wrong.failed.message
    assert (wrong.failed.file, wrong.failed.code) == (f"acme_bad:{id_}", "CRM060")
    assert len(right.findings) == 4


@pytest.mark.parametrize("id_", ["P03", "P11"])
def test_one_that_never_ends_is_broken_off_and_the_next_one_runs(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit], id_: str
) -> None:
    began = monotonic()
    (endless,) = run(face, misbehaving[id_], seconds=1.5)
    assert monotonic() - began < 20
    assert endless.failed is not None
    assert endless.failed.message == "the audit took longer than 1.5 seconds"
    assert len(run(face, misbehaving["P01"])[0].findings) == 4


def test_what_it_leaves_running_does_not_hold_the_others_up(
    face: tuple[Path, set[str]], misbehaving: dict[str, Audit]
) -> None:
    began = monotonic()
    run(face, misbehaving["P15"])
    assert monotonic() - began < 60


BROKEN = {
    "it cannot be imported": ("import no_such_module\n", "it cannot be loaded: ModuleNotFoundError at"),
    "it ends the process": ("raise SystemExit(1)\n", "it cannot be loaded: SystemExit at acme_wrong.py:1"),
    "it is no audit": ("FOUND = 3\n", "it leads to a int and no audit"),
    "nothing is there": ("", "it cannot be loaded: AttributeError at"),
    "a key that no header has": (
        HEADER + "FOUND = audit(id='P1', severty='error', **HEADER)(len)\n",
        "unknown key 'severty' (did you mean 'severity'?)",
    ),
    "a key that is missing": (
        HEADER + "del HEADER['why']\nFOUND = audit(id='P1', **HEADER)(len)\n",
        "'why' is missing (add `why:`)",
    ),
    "a query": (HEADER + "FOUND = audit(id='P1', query='SELECT 1', **HEADER)(len)\n", "unknown key 'query'"),
    "one language": (
        HEADER + "HEADER['why'] = {'en': 'x'}\nFOUND = audit(id='P1', **HEADER)(len)\n",
        "why has no es",
    ),
    "an id that another audit has": (
        HEADER + "FOUND = audit(id='C05', **HEADER)(len)\n",
        "audit id 'C05' is in audits/C05_same_email.sql, too",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_package_that_is_wrong_is_named_with_what_is_wrong(site: Path, name: str) -> None:
    code, says = BROKEN[name]
    right = HEADER + "RIGHT = audit(id='P9', **HEADER)(lambda face: [])\n"
    installed(site, "acme_wrong", code, {"wrong": "acme_wrong:FOUND"})
    installed(site, "acme_right", right, {"right": "acme_right:RIGHT"})
    audits, problems = read_installed({"C05": "audits/C05_same_email.sql"})
    assert [each.id for each in audits] == ["P9"]
    (problem,) = problems
    assert str(problem).startswith("acme_wrong:FOUND CRM123 audit wrong of package acme_wrong: ")
    assert says in str(problem)
