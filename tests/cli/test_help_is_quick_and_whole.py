"""Help is there at once, for every command, with an example, in both languages."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import click
import pytest

from cli.conftest import Crm
from cli.places import commands
from crmsync.cli.codes import MEANINGS
from crmsync.cli.frame import SECTIONS, Verb
from crmsync.cli.main import crmsync as root
from crmsync.errors import ExitCode

HEAVY = (
    "pandas",
    "sqlmodel",
    "sqlalchemy",
    "hubspot",
    "simple_salesforce",
    "duckdb",
    "pyarrow",
    "uvicorn",
    "alembic",
)
ALL = list(commands())
IDS = [" ".join(words) for words, _ in ALL]
COMMANDS_OF_THE_CONTRACT = {
    "apply", "audit", "demo", "diff", "doctor", "exit-codes", "explain", "footprint apply",
    "footprint install", "footprint remove", "footprint show", "init", "lint", "plan", "pull", "report",
    "resume", "runs", "sandbox load", "sandbox serve", "sync", "view show",
}  # fmt: skip


def loaded_after(*words: str) -> set[str]:
    """Which heavy packages a command line leaves loaded, in a process of its own."""
    script = (
        "import sys\nfrom crmsync.cli.main import run\n"
        f"try:\n    run({list(words)!r})\nexcept SystemExit:\n    pass\n"
        f"print('LOADED', *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    last = done.stdout.strip().splitlines()[-1].split()
    assert last[0] == "LOADED"
    return set(last[1:])


@pytest.mark.parametrize("words", [["--help"], ["plan", "--help"], ["--help", "--lang", "es"], ["exit-codes"], ["lint"],
                                   ["--version"], ["nonsense"]], ids=" ".join)  # fmt: skip
def test_nothing_heavy_is_loaded_to_answer_a_simple_question(words: list[str]) -> None:
    assert loaded_after(*words) == set()


def test_help_answers_soon(record_property: Callable[[str, object], None]) -> None:
    """The goal is 0.2 s on an idle machine; here only that nothing is grossly wrong."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "crmsync", "--help"], capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    record_property("help_median_s", round(statistics.median(times), 3))
    assert min(times) < 2


def test_all_commands_of_the_contract_are_there() -> None:
    assert set(IDS) >= COMMANDS_OF_THE_CONTRACT


@pytest.mark.parametrize(("words", "command"), ALL, ids=IDS)
def test_a_command_has_help_an_example_and_both_languages(
    words: tuple[str, ...], command: click.Command, crm: Crm
) -> None:
    assert isinstance(command, Verb)
    english, spanish = crm(*words, "--help"), crm(*words, "--help", "--lang", "es")
    assert (english.code, spanish.code) == (0, 0)
    assert "Example: crmsync " + " ".join(words) in " ".join(english.out.split())
    assert "Ejemplo: crmsync " + " ".join(words) in " ".join(spanish.out.split())
    assert english.out != spanish.out
    for name in ("Usage:", "Options:", "Show this message and exit."):
        assert name in english.out
        assert name not in spanish.out


@pytest.mark.parametrize(("words", "command"), ALL, ids=IDS)
def test_every_option_says_what_it_does_in_both_languages(
    words: tuple[str, ...], command: click.Command
) -> None:
    from crmsync.language import translate

    for param in command.params:
        if isinstance(param, click.Option):
            assert param.help, f"{' '.join(words)} {param.name}"
            same = {"ISO 4217."}
            assert translate(param.help, "es") != param.help or param.help in same


@pytest.mark.parametrize(("words", "command"), ALL, ids=IDS)
def test_a_command_that_prints_data_prints_json_and_every_one_knows_its_language(
    words: tuple[str, ...], command: click.Command
) -> None:
    options = {name for param in command.params for name in param.opts}
    assert "--lang" in options
    # `schema` prints nothing but JSON anyway.
    silent = {
        "sandbox add-field",
        "sandbox automate",
        "sandbox convert",
        "sandbox declare",
        "sandbox edit",
        "sandbox erase",
        "sandbox merge",
        "sandbox undelete",
        "init",
        "report",
        "demo",
        "sandbox serve",
        "sandbox load",
        "explain",
        "schema",
    }
    assert "--json" in options or "--format" in options or " ".join(words) in silent


def test_the_list_of_commands_stands_in_four_sections(crm: Crm) -> None:
    shown = crm("--help").out
    places = [shown.index(f"{title}:") for _, title in SECTIONS]
    assert places == sorted(places)
    for name in root.commands:
        assert f"  {name} " in shown, name


def test_one_process_speaks_both_languages_in_any_order(crm: Crm) -> None:
    first = crm("plan", "--help").out
    crm("plan", "--help", "--lang", "es")
    assert crm("plan", "--help").out == first


def test_the_language_comes_from_the_option_then_the_environment(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "es_CL.UTF-8")
    assert "Uso:" in crm("--help").out
    monkeypatch.setenv("CRMSYNC_LANG", "en")
    assert "Usage:" in crm("--help").out
    assert "Uso:" in crm("--lang", "es", "--help").out
    assert "Uso:" in crm("--help", "--lang=es").out


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_exit_code_is_listed_with_its_meaning(crm: Crm, language: str) -> None:
    assert set(MEANINGS) == set(ExitCode)
    shown = crm("exit-codes", "--lang", language).out.splitlines()
    assert [int(line.split()[0]) for line in shown] == [int(code) for code in ExitCode]
    assert crm("exit-codes", "--json", "--lang", language).json == {
        line.split()[0]: line.split(maxsplit=1)[1] for line in shown
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plan", "--no-pul"], "No such option: --no-pul. Did you mean --no-pull"),
        (["aply"], "No such command: aply. Did you mean apply?"),
        (["apply"], "Missing argument: PLAN."),
        (["sandbox", "load", "x"], "Missing option: --into."),
        (["plan", "--samples", "x"], "Invalid value for --samples:"),
        (["lint", "--format", "xml"], "Invalid value for --format: use one of text, github, json"),
        (
            ["apply", "x", "--allow", "blanks"],
            "Invalid value for --allow: write LIMIT=NUMBER, as in blanks=312",
        ),
        (
            ["init", "x", "--systems", "sap"],
            "Invalid value for --systems: “sap” does not say how it is reached; write sap=salesforce",
        ),
        (
            ["sandbox", "load", "x", "--into", "hubspot"],
            "Name a running sandbox with --url and --token",
        ),
        (["lint", "--lang", "fr"], "Invalid value for --lang: use one of en, es"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_line_that_is_not_understood_ends_with_2_and_says_why(
    crm: Crm, words: list[str], said: str
) -> None:
    shown = crm(*words)
    assert (shown.code, shown.out) == (ExitCode.USAGE, "")
    assert said in shown.err
    assert "Usage: crmsync" in shown.err
    assert "--help" in shown.err


def test_a_line_that_is_not_understood_is_told_in_spanish(crm: Crm) -> None:
    shown = crm("plan", "--lang", "es", "--no-pul")
    assert "No existe la opción --no-pul. ¿Quiso decir --no-pull" in shown.err
    assert shown.code == ExitCode.USAGE
