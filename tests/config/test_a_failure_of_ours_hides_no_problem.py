"""Whatever a file brings out in our own code is one problem of that file; every other problem is told."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from config.wrong_files import AUDIT, MAPPING, PLACE, PROJECT
from crmsync.commands.lint import lint
from crmsync.config import audits, mapping_files, mappings, project
from crmsync.config.lines import Document, read_yaml
from crmsync.config.weighing import least_values, too_deep


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for kind, text in (("mapping", MAPPING), ("audit", AUDIT), ("project", PROJECT)):
        (tmp_path / PLACE[kind]).parent.mkdir(exist_ok=True)
        (tmp_path / PLACE[kind]).write_text(text)
    return tmp_path


def told(folder: Path) -> list[str]:
    return [str(problem) for problem in lint(folder)]


def failing_once(works: Callable[..., Any]) -> Callable[..., Any]:
    """A function of ours that fails on the first file only."""
    calls: list[int] = []

    def fails(*args: Any) -> Any:
        calls.append(1)
        if len(calls) == 1:
            raise KeyError("a secret of the file")
        return works(*args)

    return fails


@pytest.mark.parametrize(
    ("module", "name", "file"),
    [
        (mapping_files, "check_entity", "mappings/contact.yml"),
        (project, "check_project", "crmsync.yml"),
        (audits, "languages", "audits/X01_tried.sql"),
        (mappings, "check_between", "mappings"),
    ],
)
def test_a_defect_is_told_of_its_file_and_the_rest_as_ever(
    folder: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, file: str
) -> None:
    (folder / "mappings" / "company.yml").write_text("entity: [\n")
    (folder / "audits" / "X02_x.sql").write_text(
        AUDIT.replace("Z01", "X02").replace("severity", "severty")
    )
    before = [line for line in told(folder) if not line.startswith(f"{file}:")]
    monkeypatch.setattr(module, name, failing_once(getattr(module, name)))
    after = told(folder)
    (line,) = (each for each in after if "CRM008" in each and each.startswith(f"{file} "))
    assert line.startswith(
        f"{file} CRM008 a defect of crmsync keeps this file from being checked: KeyError"
    )
    assert "secret" not in line
    assert set(before) <= set(after)


FILES = """\
  crm:
    kind: files
    folder: exports
    objects:
      people: {file: FILE}
"""


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("file", ["x" * 300, "/etc/*.csv", "a**b.csv", '"a\\0b"', "."])
def test_a_pattern_that_no_file_can_have_is_told(folder: Path, file: str, there: bool) -> None:
    (folder / "crmsync.yml").write_text(PROJECT + FILES.replace("FILE", file) + "langauge: en\n")
    if there:
        (folder / "exports").mkdir()
        (folder / "exports" / "people.csv").write_text("Id\n1\n")
    pattern, key = told(folder)
    assert pattern.startswith("crmsync.yml:9:16 CRM102 systems.crm.objects.people.file: ")
    assert pattern.endswith(
        "is no pattern of files in a folder (write a name such as *contacts*.xlsx)"
    )
    assert key.startswith("crmsync.yml:10:1 CRM002")


@pytest.mark.parametrize("name", ["x" * 300, '"a\\0b"', "~nobody_of_this_name"])
def test_a_folder_that_nobody_can_have_is_no_failure(folder: Path, name: str) -> None:
    text = FILES.replace("FILE", "a.csv").replace("exports", name)
    (folder / "crmsync.yml").write_text(PROJECT + text)
    assert told(folder) == []


# The shapes that broke the reader, or a check behind it, at least once; and some that only might.
_SPOILT: list[Any] = [
    None, [], {}, "", 0, -1, float("inf"), True, "no", [None], [[]], {"a": None}, [{}], "salesforce",
    {"salesforce": {}}, {"salesforce": {"Contact": []}}, {"always": "x"}, {"when": {}}, {"to": []}, "\0",
    10**30, "associations.", {"transform": "lookup"}, ["key", "email"], "${X", {1: 2}, [1, [2, [3]]],
    "x" * 300, "/x", "a**b", "~nobody_of_this_name", {"<<": 1},
]  # fmt: skip
_KEYS = [
    "made_of", "to", "values", "order", "scope", "where", "create", "names", "direction", "blank", "country_from",
    "currency_from", "native_links", "match", "region", "timezone", "file", "folder", "kind", "objects", "writers",
]  # fmt: skip


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    steps = value.items() if isinstance(value, dict) else enumerate(value or ())
    for step, each in steps if isinstance(value, dict | list) else ():
        yield from paths(each, (*path, step))


def spoilt(value: Any, chance: random.Random) -> Any:
    """The document with one value replaced, taken out or put in."""
    path = chance.choice(list(paths(value)))
    holder = value
    for step in path[:-1]:
        holder = holder[step]
    how = chance.random()
    if how < 0.7:
        holder[path[-1]] = deepcopy(chance.choice(_SPOILT))
    elif how < 0.8:
        del holder[path[-1]]
    elif isinstance(holder, dict):
        holder[chance.choice(_KEYS)] = deepcopy(chance.choice(_SPOILT))
    return value


@pytest.mark.parametrize("seed", range(2))
def test_no_shape_of_a_file_makes_lint_fail(folder: Path, seed: int) -> None:
    chance, yaml = random.Random(seed), YAML(typ="safe", pure=True)
    kept = {
        "crmsync.yml": PROJECT + FILES.replace("FILE", "a.csv"),
        PLACE["mapping"]: MAPPING
        + "    direction: {to: hubspot}\nscope: {hubspot: {email: [x]}}\n",
    }
    for file, text in kept.items():
        for _ in range(40):
            with (folder / file).open("w") as stream:
                yaml.dump(spoilt(yaml.load(text), chance), stream)
            assert not [line for line in told(folder) if "CRM008" in line]
        (folder / file).write_text(text)


def of(fields: int) -> str:
    one = (
        "  - field: f<n>\n    type: text  # don't [ be { fooled: by this, or\n"
        "    names: {salesforce: {Contact: F<n>__c, Lead: F<n>__c}, hubspot: f<n>}\n"
        "    why: {en: \"a [ sentence, with: commas, [[\", es: 'it {'}\n"
    )
    return "entity: contact\nfields:\n" + "".join(one.replace("<n>", str(n)) for n in range(fields))


def test_a_mapping_of_five_hundred_fields_is_read() -> None:
    text = of(500)
    assert isinstance(read_yaml(text, "mappings/contact.yml"), Document)
    assert too_deep(text) is None
    assert least_values(text) == 2 + 500 * 11  # every key and every item, and nothing twice


@pytest.mark.parametrize("text", ["a: " + "[" * 3000, "a: [" + "x," * 400_000 + "]", of(9_000)])
def test_what_is_too_much_is_told_before_it_is_read(text: str) -> None:
    began = time.process_time()
    assert not isinstance(read_yaml(text, "mappings/contact.yml"), Document)
    assert time.process_time() - began < 2  # the reader takes 3 to 15


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a: b\n", 1),
        ("- a\n- b\n", 2),
        ("a: [b, c, d]\n", 3),
        ("# a: b, c: d\n", 0),
        ('a: "b: c, d: e"\n', 1),
        ("a: don't, won't: no\n", 2),
        ("a: 'it''s: x'\n", 1),
    ],
)
def test_what_stands_in_quotes_and_comments_weighs_nothing(text: str, values: int) -> None:
    assert least_values(text) == values
