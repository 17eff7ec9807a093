"""What an error says is made in English where it happens, and read back in Spanish where it is shown."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import crmsync
from crmsync.errors import Refused
from crmsync.language import translate_said
from crmsync.sandbox.faults.book import kinds_of

HOME = Path(crmsync.__file__).parent
REFUSALS = ("ValueError", "EditRefused")
SYSTEMS = ("salesforce", "hubspot")
HOLES = re.compile(r"\{\d\}")
ERRORS = re.compile(
    r"^(GateFailed|RunUnfinished|LimitExceeded|PlanStale|ConflictsOpen|TryLater|WrongSystem|CrmsyncError)$"
)


def template(node: ast.expr) -> str | None:
    """A text of the source, its values as numbered holes; None if it is put together elsewhere."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else None for each in node.values]
        quotes = ("'" if getattr(one, "conversion", -1) == ord("r") else "" for one in node.values)
        marks = list(quotes)
        holes = [at for at, part in enumerate(parts) if part is None]
        places = iter(f"{marks[at]}{{{n}}}{marks[at]}" for n, at in enumerate(holes))
        return "".join(next(places) if part is None else str(part) for part in parts)
    return None


def said_by_commands() -> set[str]:
    """Messages and remedies of the errors that the commands raise."""
    found: set[str] = set()
    for path in (HOME / "commands").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ERRORS.match(getattr(node.func, "id", "")):
                texts = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "remedy")]
                found |= {text for each in texts if (text := template(each)) and has_words(text)}
    return found


def has_words(text: str) -> bool:
    """False for what is only put together, or is a command to type."""
    own = HOLES.sub("", text)
    return re.search(r"[a-z]{2,} [a-z]{2,}", own) is not None and not own.startswith("crmsync ")


@pytest.mark.parametrize("text", sorted(said_by_commands()))
def test_every_error_of_a_command_is_said_in_spanish(text: str) -> None:
    filled = HOLES.sub("x9", text)
    assert translate_said(filled, "es") != filled


def test_there_is_something_to_say() -> None:
    assert len(said_by_commands()) > 15
    assert len(said_by_the_sandbox()) > 60


def said_by_the_sandbox() -> set[str]:
    """What the simulated CRMs refuse from who rehearses, and what each kind of fault does."""
    kinds = {kind.told for system in SYSTEMS for kind in kinds_of(system).values()}
    refused: set[str] = set()
    for path in (HOME / "sandbox").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            call = node.exc if isinstance(node, ast.Raise) else None
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in REFUSALS:
                refused |= {t for a in call.args if (t := template(a)) and has_words(t)}
    return kinds | refused


@pytest.mark.parametrize("text", sorted(said_by_the_sandbox()))
def test_whatever_the_sandbox_says_is_said_in_spanish(text: str) -> None:
    filled = HOLES.sub("x9", text)
    assert translate_said(filled, "es") != filled


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        ("unknown type 'fone'", "unknown type 'fone'"),
        ("field 'phone': unknown type 'fone'", "campo 'phone': tipo desconocido 'fone'"),
        (
            "this plan is 30 hours old; 24 are the limit",
            "este plan tiene 30 horas; el límite son 24",
        ),
        ("did you mean 'phone'?", "¿quiso decir 'phone'?"),
        ("plan.jsonl was edited after it was made", "plan.jsonl se editó después de hacerse"),
    ],
)
def test_values_stay_where_they_belong(english: str, spanish: str) -> None:
    assert translate_said(english, "es") == spanish
    assert translate_said(english, "en") == english


def test_every_translation_keeps_the_values_of_its_message() -> None:
    with (HOME / "locale/es/LC_MESSAGES/errors.po").open(encoding="utf-8") as file:
        messages = [each for each in read_po(file) if each.id]
    assert len(messages) > 200
    for message in messages:
        assert set(HOLES.findall(str(message.string))) == set(HOLES.findall(str(message.id)))


def test_no_remedy_only_points_back_at_its_message() -> None:
    with (HOME / "locale/es/LC_MESSAGES/errors.po").open(encoding="utf-8") as file:
        messages = [str(each.id) for each in read_po(file) if each.id]
    idle = re.compile(r"(mend|correct|fix) what (the|it)\b.* (says|names)\b", re.IGNORECASE)
    assert not [each for each in messages if idle.search(each)]
    assert "crmsync doctor" in Refused("refused (400): no").remedy
