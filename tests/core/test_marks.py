"""What is one and the same when records are recognised, and what is not."""

from __future__ import annotations

import pytest

from crmsync.core.marks import email_mark, id_mark, name_mark


@pytest.mark.parametrize(
    "address",
    [
        "ana.gil@gmail.com",
        "a.n.a.g.i.l@gmail.com",
        "anagil+crm@gmail.com",
        "ana.gil+a+b@googlemail.com",
    ],
)
def test_a_gmail_mailbox_has_one_spelling(address: str) -> None:
    assert email_mark(address) == "anagil@gmail.com"


@pytest.mark.parametrize(
    "domain",
    ["outlook.com", "hotmail.com", "live.com", "icloud.com", "fastmail.com", "proton.me", "pm.me"],
)
def test_a_tag_counts_for_nothing_and_a_dot_does_where_the_provider_says_so(domain: str) -> None:
    assert email_mark(f"ana.gil+crm@{domain}") == f"ana.gil@{domain}"


@pytest.mark.parametrize(
    "address",
    [
        "ana.gil+crm@acme.example",
        "ana.gil@yahoo.com",
        "+crm@gmail.com",
        "+@outlook.com",
        "...@gmail.com",
    ],
)
def test_nothing_is_guessed_of_a_provider_or_of_an_odd_address(address: str) -> None:
    assert email_mark(address) == address


@pytest.mark.parametrize("name", ["Pérez  Gil", "PEREZ GIL", "Pe\u0301rez\nGil", "perez gil"])
def test_accents_case_and_blanks_do_not_tell_names_apart(name: str) -> None:
    assert name_mark(name) == "perez gil"


def test_letters_that_are_no_accents_do_tell_names_apart() -> None:
    assert len({name_mark(name) for name in ("Søren", "Soren", "Łukasz", "Lukasz", "Straße")}) == 5


def test_an_id_of_15_characters_is_the_one_of_18() -> None:
    """The pair is the example of Salesforce's own documentation."""
    assert id_mark(" 001A0000006Vm9r ") == id_mark("001A0000006Vm9rIAC") == "001A0000006Vm9rIAC"
    assert id_mark("001A0000006VM9R") != id_mark("001A0000006Vm9r")


@pytest.mark.parametrize("id_", ["210000000037", "", "a:1", "001A0000006Vm9rIA"])
def test_other_ids_are_what_they_are(id_: str) -> None:
    assert id_mark(id_) == id_
