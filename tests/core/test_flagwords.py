"""Words for yes and no are known in three languages; a column with any other word is none of them."""

from __future__ import annotations

import pytest

from crmsync.core.flagwords import flag_values


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
