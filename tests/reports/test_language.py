"""Whoever reads Spanish reads all of it: every marked message has a translation that fits it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import crmsync

ROOT = Path(crmsync.__file__).parent
CATALOGUE = ROOT / "locale" / "es" / "LC_MESSAGES" / "crmsync.po"
# quantity(one, many, n, language) marks two messages.
KEYWORDS = {"_": None, "N_": None, "translate": None, "quantity": (1, 2)}


def _extracted(path: Path, method: object) -> Iterator[tuple[str, str]]:
    with path.open("rb") as file:
        for line, messages, _, _ in extract(method, file, KEYWORDS):  # type: ignore[arg-type]
            for message in (messages,) if isinstance(messages, str) else messages:
                if message:
                    yield message, f"{path.relative_to(ROOT.parent)}:{line}"


def marked() -> dict[str, str]:
    """Every message marked in the code and the templates, with one place it is at."""
    found: dict[str, str] = {}
    for path in sorted(ROOT.rglob("*.py")):
        found.update(_extracted(path, "python"))
    for path in sorted(ROOT.rglob("*.j2")):
        found.update(_extracted(path, babel_extract))
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.fixture(scope="module")
def spanish() -> dict[str, str]:
    with CATALOGUE.open(encoding="utf-8") as file:
        catalogue = read_po(file, locale="es", abort_invalid=True)
    return {str(each.id): str(each.string) for each in catalogue if each.id and not each.fuzzy}


@pytest.fixture(scope="module")
def messages() -> dict[str, str]:
    return marked()


def test_every_message_has_a_spanish_translation(
    messages: dict[str, str], spanish: dict[str, str]
) -> None:
    missing = [f"{place}: {text!r}" for text, place in messages.items() if not spanish.get(text)]
    assert not missing, "not in crmsync.po:\n" + "\n".join(missing)


def test_a_translation_has_the_placeholders_of_its_message(spanish: dict[str, str]) -> None:
    wrong = {text for text in spanish if placeholders(text) != placeholders(spanish[text])}
    assert not wrong


def test_a_translation_ends_as_its_message_does(spanish: dict[str, str]) -> None:
    wrong = {text for text in spanish if (text[-1] in ".:") != (spanish[text][-1] in ".:")}
    assert not wrong


def test_the_catalogue_holds_nothing_that_nobody_says(
    messages: dict[str, str], spanish: dict[str, str]
) -> None:
    assert not set(spanish) - set(messages)


def test_messages_are_found_in_code_and_in_templates(messages: dict[str, str]) -> None:
    assert {"Nothing was written", "{n} finding", "What to fix first", "difference"} <= set(
        messages
    )


OF_A_TOKEN = re.compile(r"\bscopes\b|service key|token|\bapp\b|credential|a scope is missing")


def test_a_scope_of_records_and_one_of_a_token_are_two_words() -> None:
    """HubSpot calls what a token may do *ámbito*; who takes part in a mapping is its *alcance*."""
    wrong = []
    for name in ("crmsync.po", "errors.po"):
        with CATALOGUE.with_name(name).open(encoding="utf-8") as file:
            said = {str(each.id): str(each.string) for each in read_po(file) if each.id}
        for english, spanish in said.items():
            text, told = (each.replace("crmsync scopes", "") for each in (english, spanish))
            if re.search(r"\bscopes?\b", text):
                word = r"\bámbitos?\b" if OF_A_TOKEN.search(text) else r"\balcance\b"
                wrong += [] if re.search(word, told) else [english]
            elif "ámbito" in told:
                wrong.append(english)
    assert not wrong
