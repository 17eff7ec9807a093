"""Every reason the core can give is a sentence in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import crmsync.core
from crmsync.core.policies import POLICIES
from crmsync.reports import reasons
from crmsync.reports.reasons import REASONS, reason_text

CORE = Path(crmsync.core.__file__).parent
GIVERS = {"Decision", "Outcome", "Choice", "CellChange", "conflict"}


def _leading(node: ast.expr) -> list[str]:
    """What a string expression starts with, for every branch it has."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return _leading(node.values[0])
    if isinstance(node, ast.BinOp):
        return _leading(node.left)
    if isinstance(node, ast.IfExp):
        return _leading(node.body) + _leading(node.orelse)
    return []


def _given(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVERS:
        return [*node.args, *(word.value for word in node.keywords if word.arg == "reason")]
    return []


def _returned(tree: ast.AST) -> list[ast.expr]:
    names = {"_agreed_reason", "objection_to"}
    return [
        each.value
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and function.name in names
        for each in ast.walk(function)
        if isinstance(each, ast.Return) and each.value is not None
    ]


def codes() -> set[str]:
    """Every reason code in the core's source, without what stands after its colon."""
    found: set[str] = set()
    for name in ("merging", "policies", "views", "deciding", "creating", "untying", "planning"):
        tree = ast.parse((CORE / f"{name}.py").read_text(encoding="utf-8"))
        given = [each for node in ast.walk(tree) for each in _given(node)]
        for expression in [*given, *_returned(tree)]:
            found |= {text.partition(":")[0] for text in _leading(expression) if text}
    return found


def test_the_core_is_read_as_it_is_written() -> None:
    known = {
        "changed",
        "fill",
        "agree",
        "silent",
        "too_close",
        "cleared",
        "condition",
    }
    assert known <= codes()


def test_every_reason_of_the_core_has_a_sentence() -> None:
    assert not codes() - set(REASONS) - set(POLICIES)


def test_a_policy_without_a_sentence_is_named_as_the_rule_that_decides(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reasons, "POLICIES", {**POLICIES, "longest": POLICIES["ask"]})
    assert reason_text("longest", "en") == "The rule “longest” of the mapping decides."
    assert (
        reason_text("longest:hubspot", "es") == "Decide la regla “longest” de la correspondencia."
    )


@pytest.mark.parametrize("name", REASONS)
@pytest.mark.parametrize("about", ["", ":salesforce", ":hubspot,salesforce"])
def test_a_sentence_is_whole_in_both_languages(name: str, about: str) -> None:
    english, spanish = (reason_text(name + about, language) for language in ("en", "es"))
    assert english != spanish
    for sentence in (english, spanish):
        assert sentence.endswith(".")
        assert "{" not in sentence


def test_the_systems_of_a_code_are_named() -> None:
    assert reason_text("disagree:hubspot,salesforce", "es").startswith("HubSpot y Salesforce no")
    assert reason_text("condition:email", "en") == "The condition on email is not met."


def test_a_reason_inside_a_reason_is_the_one_told() -> None:
    assert reason_text("disagree:too_close:a,b", "en") == reason_text("too_close:a,b", "en")


def test_a_code_nobody_knows_is_quoted() -> None:
    assert reason_text("brand_new:x", "en") == "The reason is “brand_new:x”."
