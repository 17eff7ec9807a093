"""Words for yes and no are known in five languages; a column with any other word is none of them."""

from __future__ import annotations

import pytest

from crmsync.core.flagwords import flag_values, usual_flag, with_usual_words


@pytest.mark.parametrize(
    ("words", "means"),
    [
        (["Sí", "No"], {"Sí": True, "No": False}),
        (["SI"], {"SI": True, "NO": False}),
        (["No"], {"Sí": True, "No": False}),
        (["Falso"], {"Verdadero": True, "Falso": False}),
        (["Sim", "Não"], {"Sim": True, "Não": False}),
        (["x", "X"], {"X": True, "x": True}),
        (["Yes", "true"], {"Yes": True, "No": False}),
        (["true", "FALSE"], {}),
        (["Sí", "quizá"], {}),
        ([], {}),
    ],
)
def test_each_word_has_its_meaning_and_its_opposite(
    words: list[str], means: dict[str, bool]
) -> None:
    assert flag_values(words) == means


@pytest.mark.parametrize(
    "word", ["Sí", "si", "SÍ", "VERDADERO", "Yes", "y", "S", "x", "Sim", "Oui", "WAHR", "VRAI"]
)
def test_the_usual_words_for_yes_need_no_entry(word: str) -> None:
    assert with_usual_words({})[word.lower()] == "true"
    assert usual_flag(word) == "true"


@pytest.mark.parametrize("word", ["No", "N", "FALSO", "não", "Non", "Nein", "FALSCH", "FAUX"])
def test_the_usual_words_for_no_need_no_entry(word: str) -> None:
    assert with_usual_words({})[word.lower()] == "false"
    assert usual_flag(word) == "false"


def test_a_map_that_turns_words_round_is_left_as_it_is() -> None:
    said = {"Sí": "false"}
    assert with_usual_words(said) == said
    assert with_usual_words({"true": "false"}) == {"true": "false"}


def test_a_map_of_other_words_is_kept_and_filled_up() -> None:
    filled = with_usual_words({"Sí": "true", "Suscrito": "false"})
    assert (filled["Suscrito"], filled["no"], filled["Sí"]) == ("false", "false", "true")
    assert "sí" not in filled, "a word that is there in another case is not there twice"
