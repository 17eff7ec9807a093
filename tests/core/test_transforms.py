"""What each transform makes of its inputs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmsync.core.countries import country_of
from crmsync.core.transforms import TRANSFORMS, transforms

TABLE = [
    ("concat", ["Ana", " ", None, "Ruiz"], {}, "Ana Ruiz"),
    ("concat", ["Calle 1", "2º"], {"separator": ", "}, "Calle 1, 2º"),
    ("concat", [None, " "], {}, None),
    ("join", ["Open", None], {}, "Open|"),
    ("join", [None, "Open"], {}, "|Open"),
    ("join", [None, " "], {}, None),
    ("coalesce", [None, " ", "b", "c"], {}, "b"),
    ("coalesce", [None, None], {}, None),
    ("split_name", ["Ana Ruiz Gil"], {"part": "first"}, "Ana"),
    ("split_name", ["Ana Ruiz Gil"], {"part": "last"}, "Ruiz Gil"),
    ("split_name", ["Ruiz Gil,  Ana María"], {"part": "first"}, "Ana María"),
    ("split_name", ["Ruiz Gil, Ana María"], {"part": "last"}, "Ruiz Gil"),
    ("split_name", ["Ana"], {"part": "last"}, None),
    ("split_name", [None], {"part": "first"}, None),
    ("country_code", ["España"], {}, "ES"),
    ("country_code", ["Ruritania"], {}, "Ruritania"),
    ("country_code", [None], {}, None),
    ("plain_text", ["<p>Hola&nbsp;<b>Ana</b></p><p>adi\u00f3s</p>"], {}, "Hola Ana\nadiós"),
    ("plain_text", ["<script>alert(1)</script>a &lt; b<br>c"], {}, "a < b\nc"),
    ("plain_text", ["<p> </p>"], {}, None),
    ("plain_text", ["a < b and c > d"], {}, "a < b and c > d"),
]


@pytest.mark.parametrize(("name", "inputs", "options", "made"), TABLE)
def test_a_transform_makes(
    name: str, inputs: list[str | None], options: dict[str, str], made: str | None
) -> None:
    assert TRANSFORMS[name].apply(inputs, options) == made


def test_every_transform_is_in_the_table_above() -> None:
    assert {name for name, *_ in TABLE} == set(TRANSFORMS) <= set(transforms())


@pytest.mark.parametrize("name", TRANSFORMS)
@given(st.lists(st.none() | st.text(), min_size=2, max_size=4))
def test_no_input_breaks_a_transform_and_nothing_comes_of_nothing(
    name: str, texts: list[str | None]
) -> None:
    transform = TRANSFORMS[name]
    inputs = texts[: transform.at_most]
    options = {option: choices[0] for option, choices in transform.options.items() if choices}
    made = transform.apply(inputs, options)
    assert not made or any(text for text in inputs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("es", "ES"), ("ESP", "ES"), ("Spain", "ES"), ("ESPAÑA", "ES"), ("Espanha", "ES"), ("España ", "ES"),
        ("México", "MX"), ("mejico", "MX"), ("EE. UU.", "US"), ("EEUU", "US"), ("USA", "US"), ("Estados Unidos", "US"),
        ("UK", "GB"), ("Reino Unido", "GB"), ("Deutschland", "DE"), ("Brasil", "BR"), ("Perú", "PE"), ("CL", "CL"),
        ("República Dominicana", "DO"), ("Côte d’Ivoire", "CI"),
        ("Europa", None), ("EU", None), ("Madrid", None), ("", None), (None, None), ("no tiene", None),
    ],
)  # fmt: skip
def test_countries_are_known_as_people_write_them(text: str | None, code: str | None) -> None:
    assert country_of(text) == code
