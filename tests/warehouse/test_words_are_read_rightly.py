"""The macros of the face read words as people of three languages mean them, and never a word inside another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unicodedata import combining, normalize

import pytest
from publicsuffixlist import PublicSuffixList

from crmsync.warehouse.audit_db import build_face
from crmsync.warehouse.engine import open_read_only
from crmsync.warehouse.wording import meant_by, registrable_of, words
from warehouse.shelf import columns_over, reference_mapping, stored

ROWS = {
    "hubspot": {
        "contacts": [
            {"_id": "1", "email": "ana@mail.acme.com.mx", "country": "España"},
            {"_id": "2", "email": "ana@acme.example", "country": "Atlántida"},
            {"_id": "3", "email": "ana@gmial.com"},
        ]
    }
}


@pytest.fixture(scope="module")
def face(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("words")
    mapping = reference_mapping()
    with columns_over(stored(folder, ROWS, mapping), mapping) as columns:
        build_face(columns, folder / "face.duckdb")
    db = open_read_only(folder / "face.duckdb")
    yield db
    db.close()


def said(face: Any, macro: str, text: str | None) -> Any:
    (row,) = face.sql(f"SELECT {macro}($text)", params={"text": text}).fetchall()
    return row[0]


# (macro, what it says yes to, what it says no to)
CLAIMS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "is_team_mailbox",
        ("info@acme.es", "Ventas@acme.es", "ventas.mx@acme.es", "atencion.al.cliente@acme.es",
        "info2@acme.es",
         "atención@acme.es", "atencionalcliente@acme.es", "vendas@acme.com.br", "rrhh@acme.es",
         "customer-service@acme.co",
         "no-reply@acme.es", "comercial_norte@acme.es", "facturacio@acme.cat",
         "info.madrid@acme.es"),
        ("salesa.infante@acme.es", "ola@acme.no", "dev.patel@acme.in", "dev@acme.in",
        "infante@acme.es", "ana@acme.es",
         "comercialana@acme.es", "ventas.ana@acme.es", "j.central@acme.es", "admina@acme.es"),
    ),
    (
        "is_free_mail",
        ("gmail.com", "HOTMAIL.es", "yahoo.com.ar", "outlook.pt", "uol.com.br", "live.com.mx",
        "ya.com", "gmx.net"),
        ("acme.es", "gmail.acme.es", "notgmail.com", "yahoo-japan.example", "live-events.com"),
    ),
    (
        "is_free_address",
        ("ana@gmail.com", "ANA@Hotmail.es", " ana.gil@yahoo.com.ar "),
        ("ana@acme.es", "gmail.com@acme.es", "ana@gmail.com.acme.es", "ana@notgmail.com", "gmail.com"),
    ),
    (
        "is_blank_word",
        ("Sin nombre", "no tiene", "N/A", "-", ".", "[not provided]", "[No tiene]", "DESCONOCIDO",
        "sem nome",
         "não informado", "xxx", "XX", "???", "Sense nom", "Nombre y apellidos", "#N/A"),
        ("No", "Na", "Nan", "Null", "None", "Nada", "Nadie", "N", "X", "Xx Li", "Ninguna Parte SL",
        "Incógnita",
         "Sinombre", "Ana-Lucía", "O'Brien", "王", "Ng", "李李", "Tienes"),
    ),
    (
        "is_test_word",
        ("prueba", "Test", "TEST TEST", "test 2", "Prueba123", "Contacto de prueba", "Mi prueba",
        "Empresa de prueba",
         "usuario demo", "Demo Demo", "asdf", "ASDFGH", "qwerty", "asdasd", "teste",
         "Cliente Teste", "prova"),
        ("Esteve", "Estévez", "Roberto", "Robertest", "Ana Prueba", "Zack Test", "Demo",
        "Demo Design", "Testa",
         "Test & Measurement GmbH", "Prueba y Ensayo SA", "Sample", "Tester", "Cliente",
         "Contacto", "Nuevo", "Foo", "Bar",
         "Asdrúbal", "Pruebas y Ensayos", "Contestador", "Ejemplar"),
    ),
    (
        "is_household",
        ("Diaz Household", "Familia Gil", "The Smith Family", "Família Puig", "HOGAR GIL"),
        ("Households Ltd", "Gil", "Familiar SA", "Bar Familiar", "Family", "Hogarmania SL"),
    ),
    (
        "has_junk",
        ("https://acme.example", "www.acme.es", "<b>Acme</b>", "Acme (duplicado)",
        "Acme [DUPLICATE]", "Acme - no usar",
         "Acme_duplicado", "BORRAR - Acme", "NO USAR Acme", "GarcÃ\xada", "Garc?a",
         "Acme (copia 2)", "zz_Acme", "A&amp;B",
         "Acme - COPIA", "Acme (NÃO USAR)"),
        ("Duplicados García SL", "Copy Center", "Print-Copy GmbH", "Copias y Más", "3M", "AT&T",
        "Booking.com", "E.ON",
         "JOÃO", "Yahoo!", "C&A", "Amazon.es", "Llaves y Copias Copia", "ZZ Top", "¿Y tú?",
         "Toys 'R' Us", "O'Brien",
         "Eliminaciones Sur", "Grupo Éxito (Colombia)", "IÃO", "Nada que borrar SL"),
    ),
    (
        "has_personal_junk",
        ("Ana 2", "ana@acme.es", "Ana_Gil", "Ana ✅", "Ana=1", "Gil*", "Ana #3", "Garc?a"),
        ("Mª Ángeles", "M.ª José", "José Mª", "O'Brien", "O’Brien", "d'Alessandro", "Ana-Lucía",
        "John 3rd", "Juan 2º",
         "J. R. R.", "Nguyễn Thị", "Sant'Anna", "Gil·la", "(Pepe) García", "Núñez de Balboa", "林",
         "García, PhD",
         "José \"Pepe\"", "محمد", "Smith-Jones", "Ana & Luis"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("macro", "text", "claim"),
    [(m, t, True) for m, yes, _ in CLAIMS for t in yes]
    + [(m, t, False) for m, _, no in CLAIMS for t in no],
)
def test_a_word_is_read_as_people_mean_it(face: Any, macro: str, text: str, claim: bool) -> None:
    assert said(face, macro, text) is claim


@pytest.mark.parametrize(
    "macro", [*(each[0] for each in CLAIMS), "name_norm", "company_norm", "email_domain"]
)
def test_of_nothing_nothing_is_said(face: Any, macro: str) -> None:
    assert said(face, macro, None) is None


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("  José   María ", "jose maria"), ("Mª Ángeles", "maria angeles"), ("JOSÉ Mª",
        "jose maria"),
        ("Ma. Elena", "maria elena"), ("M.ª José", "maria jose"), ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Ana-Lucía", "ana lucia"), ("Nguyễn Thị", "nguyen thi"), ("Núñez", "nunez"),
        ("Søren Weiß", "soren weiss"),
        ("Łukasz", "lukasz"), ("Mariama", "mariama"), ("王小明", "王小明"), ("Jose\u0301", "jose"),
        ("Đặng", "dang"),
    ],
)  # fmt: skip
def test_a_name_is_compared_without_accents_and_signs(face: Any, text: str, norm: str) -> None:
    assert said(face, "name_norm", text) == norm


@pytest.mark.parametrize("macro", ["unaccented", "name_norm", "company_norm"])
@pytest.mark.parametrize("text", ["Íñigo Peña Güell", "Bruç Ñandú", "MARÍA JOSÉ", "Ana Gil"])
def test_a_name_is_compared_alike_however_its_accents_are_written(
    face: Any, macro: str, text: str
) -> None:
    # Letters with a sign of their own for the accent go the long way, those of one sign the short one.
    assert said(face, macro, normalize("NFD", text)) == said(face, macro, text)
    assert said(face, macro, text) == strip(normalize("NFD", text.lower()))


def strip(text: str) -> str:
    return "".join(letter for letter in text if not combining(letter))


@pytest.mark.parametrize(
    ("text", "norm"),
    [
        ("Talleres García, S.L.", "talleres garcia"), ("TALLERES GARCIA SL", "talleres garcia"),
        ("Talleres García S. L. U.", "talleres garcia"), ("Cementos del Norte, S.A.B. de C.V.",
        "cementos del norte"),
        ("Cementos del Norte SA de CV", "cementos del norte"), ("Norte S. de R.L. de C.V.",
        "norte"),
        ("Andina SpA", "andina"), ("Andina Ltda.", "andina"), ("Vinhos Lda", "vinhos"),
        ("Müller & Söhne GmbH & Co. KG", "muller sohne"),
        ("Test & Measurement GmbH", "test measurement"), ("Acme Inc.", "acme"), ("Acme, LLC",
        "acme"), ("Acme S.A.S.", "acme"),
        ("Acme BV", "acme"), ("Acme Oy", "acme"), ("Acme Kft.", "acme"), ("Pan y Vino SA",
        "pan vino"),
        ("Pan & Vino", "pan vino"), ("SAS", "sas"), ("SAS Institute Inc", "sas institute"),
        ("Salsa", "salsa"), ("Casas", "casas"),
        ("Hijos de J. Barreras SA", "hijos de j barreras"), ("3M España SL", "3m espana"),
        ("Mercasa", "mercasa"),
        ("Grupo Éxito", "grupo exito"), ("Xarxa SCCL", "xarxa"), ("Eroski S. Coop.", "eroski"),
    ],
)  # fmt: skip
def test_a_company_is_compared_without_its_legal_form(face: Any, text: str, norm: str) -> None:
    assert said(face, "company_norm", text) == norm


@pytest.mark.parametrize(
    ("host", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("hotmial.es", "hotmail.es"),
        ("hotmail.con", "hotmail.com"),
        ("gmial.con", "gmail.com"), ("acme.con", "acme.com"), ("acme.con.mx", "acme.com.mx"),
        ("acme.con.uk", "acme.co.uk"), ("acme.ogr.es", "acme.org.es"),
        ("gmail.con.mx", "gmail.com"), ("hotmial.co.uk", "hotmail.co.uk"), ("acme.con.de", None),
        ("acme.com.mx", None), ("acme.co.uk", None), ("acme.org.es", None), ("gmail.es",
        "gmail.com"),
        ("yaho.es", "yahoo.es"), ("outlok.com", "outlook.com"), ("gmail.com", None),
        ("mail.com", None), ("ymail.com", None),
        ("email.com", None), ("gmx.com", None), ("hotmail.com.ar", None), ("acme.co", None),
        ("gmal.acme.es", None),
        ("yahoo.co.uk", None), ("live.com", None), ("mac.com", None), ("acme.com.co", None),
        ("otmail.org", None),
    ],
)  # fmt: skip
def test_a_slip_is_known_and_a_real_domain_is_left_alone(host: str, meant: str | None) -> None:
    assert meant_by(host) == meant


def test_endings_said_to_be_slips_exist_nowhere() -> None:
    known = PublicSuffixList(accept_unknown=False)
    assert [each for each in words().endings if known.publicsuffix(f"acme.{each}")] == []


def test_no_slip_is_a_provider_and_no_trial_a_common_name() -> None:
    free_labels = {each.partition(".")[0] for each in words().free_mail}
    assert not free_labels & set(words().slips)
    names = words().given_names | words().surnames
    assert not names & (words().test_words | words().team_mailboxes | set(words().stands_for_blank))
    assert not words().given_names & words().surnames


def test_hosts_are_looked_up_once_and_joined(face: Any) -> None:
    rows = face.sql("SELECT host, domain, free_mail, meant FROM host ORDER BY host").fetchall()
    assert rows == [
        ("acme.example", "acme.example", False, None),
        ("gmial.com", "gmial.com", False, "gmail.com"),
        ("mail.acme.com.mx", "acme.com.mx", False, None),
    ]
    found = face.sql("SELECT registrable(email_domain(email)) FROM contact ORDER BY id").fetchall()
    assert found == [("acme.com.mx",), ("acme.example",), ("gmial.com",)]
    assert said(face, "country_code", "España") == "ES"
    assert said(face, "country_code", "Atlántida") is None
    assert registrable_of("10.0.0.1") is None


def test_a_table_of_ones_own_hides_no_macro(face: Any) -> None:
    asked = "SELECT registrable(email_domain(email)) FROM contact, host ORDER BY id LIMIT 1"
    query = f"WITH host AS (SELECT 1 AS x) {asked}"
    assert face.sql(query).fetchall() == [("acme.com.mx",)]
