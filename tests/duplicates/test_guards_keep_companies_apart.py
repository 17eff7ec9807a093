"""Companies that have much in common and are two: branches, holdings, namesakes, numbers that differ.

All of them are searched at once, each trap under a name of its own: `{w}` stands for a word that no other trap has,
`{p}` for digits of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from stdnum.es import cif

from benchmarks.duplicates.firms import make_companies
from crmsync.core.duplicates import Part
from duplicates.searching import Record, searched

PARTS: tuple[Part, ...] = ("name", "domain", "phone", "place", "country", "id", "parent")
Range = tuple[float, float]
VETO, DOUBT, UNLIKE, SAME = (0.0, 0.0), (0.0, 0.5), (0.0, 0.1), (0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Trap:
    """Two records, how probable it may be that they are one, and others that have to be there."""

    one: Record
    other: Record
    probable: Range
    beside: tuple[Record, ...] = field(default=())


def tax_id(digits: str) -> str:
    """A Spanish tax id with the right check digit; digits of a trap stand in it."""
    return f"B{digits}{cif.calc_check_digits(f'B{digits}')[0]}"


ZUBI = {"name": "Talleres {w}, S.L.", "country": "España", "place": "Bilbao"}
DOMAIN, PHONE = {"domain": "{w}.es"}, {"phone": "+34 944 {p}"}
WHOLE = {**ZUBI, **DOMAIN, **PHONE}
SEVERAL = {"name": "Aceros {w}", "country": "ES"}
FIRMS = ({**SEVERAL, "number": "{n}"}, {**SEVERAL, "number": "{m}"})
TRAPS: Mapping[str, Trap] = {
    "two spellings of one name with one domain are one firm": Trap(
        {"name": "Talleres {w} SL", **DOMAIN}, {"name": "TALLERES {w}A", **DOMAIN}, SAME),
    "one unusual name in one town is one firm": Trap(
        ZUBI, {**ZUBI, "name": "Tall. {w}"}, SAME),
    "one tax id makes one firm of two names": Trap(
        {**ZUBI, "number": "{n}"}, {"name": "Norte Motor {w}x", "number": "ES-{n}", "country": "Spain"}, SAME),
    "two right tax ids are two firms whatever else agrees": Trap(
        {**WHOLE, "number": "{n}"}, {**WHOLE, "number": "{m}"}, VETO),
    "a slip in a tax id is no second firm": Trap(
        {**WHOLE, "number": "{n}"}, {**WHOLE, "number": "{slipped}"}, SAME),
    "two tax ids that cannot be checked are to be looked at": Trap(
        {**WHOLE, "country": "US", "number": "55-1{p}"}, {**WHOLE, "country": "US", "number": "66-7654321"},
        (0.05, 0.1)),
    "what invoices carry for who has no number is no number": Trap(
        {"name": "Aceros {w}", "country": "MX", "number": "XAXX010101000"},
        {"name": "Viajes x{w}ico", "country": "MX", "number": "XAXX010101000"}, UNLIKE),
    "a head and its branch are two": Trap(WHOLE, {**WHOLE, "parent": "{one}"}, VETO),
    "a parent in another system is another record": Trap(
        WHOLE, {**WHOLE, "system": "other", "parent": "{one}"}, SAME),
    "one name in two countries is two firms": Trap(
        {"name": "{w}", "country": "ES", "domain": "{w}.es"}, {"name": "{w}", "country": "México", "domain": "{w}.mx"},
        VETO),
    "the country is told by a phone or a legal form too": Trap(
        {"name": "{w} S.L."}, {"name": "{w}", "phone": "+52 55 12{p}"}, VETO),
    "a subsidiary that is named by its country is another firm": Trap(
        {"name": "{w} S.L.", **DOMAIN}, {"name": "{w} México", **DOMAIN}, VETO),
    "a country in the name says nothing where the firm is there": Trap(
        WHOLE, {**WHOLE, "name": "Talleres {w} España"}, SAME),
    "a country in the name is a doubt where nothing tells where the other is": Trap(
        {"name": "{w}", **DOMAIN}, {"name": "{w} México", **DOMAIN}, (0.05, 0.3)),
    "a holding at the same address is another firm": Trap(
        WHOLE, {**WHOLE, "name": "Talleres {w} Holding"}, VETO),
    "two branches of one brand in two towns with own phones are to be looked at": Trap(
        {**WHOLE, "place": "Vitoria", "phone": "981{p}"}, WHOLE, DOUBT),
    "a branch of a brand is found again by its town": Trap(
        {**WHOLE, "place": "Vitoria", "phone": "981{p}"}, {**WHOLE, "place": "Vitoria", "phone": None}, SAME,
        (WHOLE, {**WHOLE, "place": "Lugo", "phone": "982{p}"})),
    "where branches are many the domain alone tells none of them": Trap(
        {"name": "Talleres {w}", **DOMAIN}, {**WHOLE, "place": "Vitoria"}, DOUBT,
        (WHOLE, {**WHOLE, "place": "Lugo", "phone": "982{p}"}, {**WHOLE, "place": "Soria", "phone": "975{p}"})),
    "a domain under two names is to be looked at": Trap(
        {"name": "Aceros {w}", "domain": "grupo{w}.es"}, {"name": "Viajes x{w}ico", "domain": "grupo{w}.es"}, DOUBT),
    "a phone of several firms is a business centre's": Trap(
        {"name": "Aceros {w}", **PHONE}, {"name": "Viajes x{w}ico", **PHONE}, UNLIKE,
        ({"name": "Seguros z{w}uri", **PHONE},)),
    "two names at one phone are to be looked at": Trap(
        {"name": "Aceros {w}", **PHONE}, {"name": "Viajes x{w}ico", **PHONE}, DOUBT),
    "a page on a social network is no domain": Trap(
        {"name": "Aceros {w}", "domain": "facebook.com/{w}"},
        {"name": "Viajes x{w}ico", "domain": "facebook.com/{w}"}, UNLIKE),
    "two legal forms with nothing else in common are two": Trap(ZUBI, {**ZUBI, "name": "Talleres {w}, S.A."}, VETO),
    "another legal form with one domain and phone is one firm": Trap(
        WHOLE, {**WHOLE, "name": "Talleres {w}, S.A."}, SAME),
    "a number in a domain is no slip": Trap(
        {"name": "Talleres {w}", "domain": "{w}.es", "phone": "944{p}"},
        {"name": "Talleres {w}", "domain": "{w}2.es", "phone": "981{p}"}, DOUBT),
    "firms that are spelled alike, each with its domain, are two": Trap(
        {"name": "{w}to", "domain": "{w}to.es"}, {"name": "{w}tu", "domain": "{w}tu.es"}, DOUBT),
    "a name of several firms needs more than itself": Trap(
        SEVERAL, {**SEVERAL, "place": "Bilbao"}, DOUBT, FIRMS),
    "initials with the domain are the firm": Trap(
        {"name": "Aceros Laminados {w}", "domain": "{w}.es"}, {"name": "A.L.{w0}.", "domain": "{w}.es"}, SAME),
    "branches with one tax id are to be looked at": Trap(
        {**WHOLE, "number": "{n}", "place": "Vitoria", "phone": "981{p}"}, {**WHOLE, "number": "{n}"}, DOUBT),
    "a group in one town under one domain is to be looked at": Trap(
        {**ZUBI, "name": "Aceros {w}, S.L.", "domain": "grupo{w}.es"},
        {**ZUBI, "name": "Viajes x{w}ico, S.L.", "domain": "grupo{w}.es"}, DOUBT),
    "sister companies at one phone in one town are to be looked at": Trap(
        {**ZUBI, **PHONE, "name": "Aceros {w}, S.L."}, {**ZUBI, **PHONE, "name": "Viajes x{w}ico, S.L."}, DOUBT),
    "a town says too little where several firms have the name": Trap(
        {**SEVERAL, "place": "Lugo"}, {**SEVERAL, "place": "Lugo"}, DOUBT, FIRMS),
    "two phones say that two of several firms of one name are meant": Trap(
        {**SEVERAL, "name": "Aceros {w} SL", "place": "Lugo", "phone": "963{p}"},
        {**SEVERAL, "name": "Aceros {w} SL", "place": "Lugo", "phone": "981{p}"}, DOUBT, FIRMS),
    "two legal forms of a name of several firms are two, under one domain as well": Trap(
        {**SEVERAL, **DOMAIN, "name": "Aceros {w} SL"}, {**SEVERAL, **DOMAIN, "name": "Aceros {w} SA"}, DOUBT, FIRMS),
    "one name under two endings is to be looked at where the country is unknown": Trap(
        {"name": "{w}iko", "domain": "{w}iko.com"}, {"name": "{w}iko", "domain": "{w}iko.net"}, (0.0, 0.7)),
    "two domains in two towns are two firms": Trap(
        {**ZUBI, "domain": "{w}.es"}, {**ZUBI, "domain": "motor{w0}.es", "place": "Lugo"}, VETO),
    "two domains with two phones are two firms": Trap(
        {**ZUBI, "domain": "{w}.es", "phone": "963{p}", "place": None},
        {**ZUBI, "domain": "motor{w0}.es", "phone": "981{p}"}, VETO),
    "a town in the name and the record is one fact": Trap(
        {"name": "Logística Bilbao", "place": "Bilbao"}, {"name": "Logística Bilbao", "place": "Bilbao"}, (0.0, 0.79),
        tuple({"name": f"{each} Bilbao", "place": "Bilbao"} for each in ("Seguros", "Viajes", "Aceros", "Hoteles"))),
}  # fmt: skip
_SYLLABLES = ("zu", "quet", "iza", "otx", "ñan", "yur", "kep", "wix")


def _words(at: int) -> dict[str, str]:
    one, two, three = _SYLLABLES[at % 8], _SYLLABLES[at // 8], _SYLLABLES[(at * 3 + 5) % 8]
    word = f"{one}{two}{three}rb".replace("ñ", "n")
    number, other = tax_id(f"4{at:02d}7152"), tax_id(f"9{at:02d}0463")
    slipped = number[:4] + number[5] + number[4] + number[6:]
    digits = f"{at:02d}2233"
    return {"w": word, "w0": word[0], "p": digits, "n": number, "m": other, "slipped": slipped}


def _filled(record: Record, words: Mapping[str, str]) -> Record:
    return {name: text and text.format_map(words) for name, text in record.items()}


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    """By trap, how probable it is that its two records are one."""
    names = {"name": "name", "domain": "domain", "phone": "phone", "city": "place", "country": "country",
             "tax_id": "number"}  # fmt: skip
    crowd = [
        {ours: row[theirs] for theirs, ours in names.items()}
        for row in make_companies(600, 5).records.to_pylist()
    ]
    records: list[Record] = []
    places = {}
    for at, (promise, trap) in enumerate(TRAPS.items()):
        places[promise] = len(records), len(records) + 1
        words = {**_words(at), "one": f"{len(records):05d}"}
        records += [_filled(each, words) for each in (trap.one, trap.other, *trap.beside)]
    _, pairs = searched([*records, *crowd], PARTS, "company")
    said = {promise: _pair(pairs, *place) for promise, place in places.items()}
    return {
        promise: 0.0 if pair is None else float(str(pair["p"])) for promise, pair in said.items()
    }


def _pair(
    pairs: Mapping[tuple[int, int], dict[str, object]], one: int, other: int
) -> dict[str, object] | None:
    return pairs.get((one, other)) or pairs.get((other, one))


@pytest.mark.parametrize("promise", TRAPS)
def test_companies(found: dict[str, float], promise: str) -> None:
    least, most = TRAPS[promise].probable
    assert least <= found[promise] <= most


@pytest.mark.parametrize("record", [{}, {"name": " "}, {"name": "Acme"}, {"name": "S.L."}])
def test_where_nothing_tells_firms_apart_none_is_grouped(record: Record) -> None:
    found, _ = searched([record] * 40, PARTS, "company")
    assert found.groups == []
